"""`Pinpoint.search`: passages, without reading them."""

import pytest

from index.errors import IndexMissingError, InputError
from qa.api import Pinpoint
from qa.models import IndexSummary


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.md").write_text(
        "---\ndate: 2024-05-02\n---\n# Gate\n\nZoë opens the gate.\n\n# Wall\n\nIt is high.\n"
    )
    (folder / "old.txt").write_text("The gate opened at noon. date 2020-01-01")
    pinpoint.sync(folder)
    return pinpoint


def test_passages_are_runs_of_their_texts_best_first(filled):
    result = filled.search("Zoë opens the gate")
    assert result.question == "Zoë opens the gate"
    assert result.index == IndexSummary(generation=1, documents=2, chunks=3)
    assert [p.quote for p in result.passages] == [
        "Zoë opens the gate.",
        "The gate opened at noon. date 2020-01-01",
        "It is high.",
    ]
    first = result.passages[0]
    assert (first.score, first.heading, first.document.title) == (1.0, ("Gate",), "Gate")
    # The heading is embedded too, so that `gate` counts twice, and two words share a bucket:
    # question (1, 2, 1), passage (2, 2, 1, 1), of which the full stop is the last.
    assert first.similarity == pytest.approx(7 / 60**0.5)
    assert [p.score for p in result.passages] == sorted(
        (p.score for p in result.passages), reverse=True
    )
    for passage in result.passages:
        _, text = filled.document(passage.document.sha256)
        assert text[passage.start : passage.end] == passage.quote


def test_bounds_and_limit_are_heeded(filled, folder):
    assert len(filled.search("gate", limit=1).passages) == 1
    late = filled.search("gate", since="2024-01-01").passages
    assert {p.document.title for p in late} == {"Gate"}
    (old,) = filled.search("gate", kinds="text").passages
    assert old.document.path == str((folder / "old.txt").resolve())
    assert filled.search("gate", folders=folder / "nowhere").passages == ()


def test_a_limit_above_the_settings_is_reached(pinpoint, folder):
    for number in range(60):
        (folder / f"{number}.txt").write_text(f"Gate number {number} opens at {number}.")
    pinpoint.sync(folder)
    assert pinpoint.settings.candidates == 50
    assert len(pinpoint.search("gate", limit=60).passages) == 60


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"question": " "}, "the question is empty; ask something in a few words"),
        ({"question": "gate", "limit": 0}, "limit 0 is out of bounds; take from 1 to 100"),
        ({"question": "gate", "limit": 101}, "limit 101 is out of bounds; take from 1 to 100"),
        ({"question": "gate", "kinds": "tape"}, "kind 'tape' is unknown"),
    ],
)
def test_what_cannot_be_searched_is_refused(filled, asked, message):
    with pytest.raises(InputError) as raised:
        filled.search(**asked)
    assert str(raised.value).startswith(message)


def test_without_an_index_nothing_is_searched(pinpoint):
    with pytest.raises(IndexMissingError):
        pinpoint.search("gate")


def test_models_are_loaded_by_the_first_search(filled):
    fresh = Pinpoint(filled.home, filled.settings, embedder=filled.embedder, reader=filled.reader)
    assert not fresh.models_loaded
    fresh.search("gate")
    assert fresh.models_loaded
