from collections import Counter

from bench.claims import SPLITS, VERDICTS, collection, measures, read_claims, table

PAIRS = [
    ("supported", "supported"),
    ("supported", "unsupported"),
    ("contradicted", "supported"),
    ("unsupported", "unsupported"),
]


def test_the_claims_are_whole():
    rows = read_claims()
    assert {row.verdict for row in rows} == set(VERDICTS)
    assert {row.split for row in rows} <= set(SPLITS)
    assert len({row.claim for row in rows}) == len(rows)
    assert min(Counter(row.split for row in rows).values()) >= 45


def test_measures_by_hand():
    assert (measures(PAIRS, "supported").precision, measures(PAIRS, "supported").recall) == (
        0.5,
        0.5,
    )
    assert measures(PAIRS, "contradicted").precision is None
    assert measures(PAIRS, "contradicted").recall == 0.0
    assert measures(PAIRS, "unsupported").recall == 1.0


def test_the_table_shows_what_became_of_each():
    assert table(PAIRS).splitlines()[2:5] == [
        "| supported | 1 | 0 | 1 | 0 | 0.500 | 0.500 |",
        "| contradicted | 1 | 0 | 0 | 0 | – | 0.000 |",
        "| unsupported | 0 | 0 | 1 | 0 | 0.500 | 1.000 |",
    ]


def test_the_page_of_results_is_not_searched():
    names = {path.name for path in collection()}
    assert "claims.md" not in names
    assert {"README.md", "kinds", "kinds-second"} <= names
