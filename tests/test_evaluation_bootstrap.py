import numpy as np
import pytest
from evaluations import quote, record

from qa.evaluation.bootstrap import bounds, draws, resampled, values
from qa.evaluation.outcome import columns, outcome
from qa.evaluation.record import Asked


def test_groups_are_drawn_whole():
    groups = ["a", "b", "a", "c", "b", "a"]
    drawn = list(draws(groups, 200))
    for rows in drawn:
        counts = np.bincount(rows, minlength=6)
        assert counts[0] == counts[2] == counts[5]
        assert counts[1] == counts[4]
        assert counts[0] + counts[1] + counts[3] == 3
    assert len({tuple(np.bincount(rows, minlength=6)) for rows in drawn}) == 10  # 3 of 3: all ways
    assert [rows.tolist() for rows in draws(groups, 3)] == [rows.tolist() for rows in drawn[:3]]


def test_bounds_are_percentiles_of_what_could_be_measured():
    drawn = np.array([[float(n), np.nan, np.nan] for n in range(41)])
    drawn[:5, 2] = 7
    found = bounds(drawn)
    assert found[0].tolist() == pytest.approx([1, 39])  # 2.5% of 40 on either side
    assert np.isnan(found[1]).all()
    assert found[2].tolist() == [7, 7]


def test_a_round_is_what_the_drawn_rows_give():
    outcomes = [
        outcome(
            record(
                str(n),
                "o2 g" if n % 3 else f"g{n}",
                (quote(supports=n % 2 == 0),) if n % 4 else (),
                asked=Asked.WITHHELD if n % 5 == 0 else Asked.ANSWERABLE,
                confidence=n / 10,
                seconds=n,
            )
        )
        for n in range(1, 10)
    ]
    table, groups = columns(outcomes), [each.group for each in outcomes]
    found = resampled(table, groups, 5)
    for values_of_round, rows in zip(found, draws(groups, 5), strict=True):
        drawn = {name: column[rows] for name, column in table.items()}
        assert values_of_round.tolist() == pytest.approx(values(drawn).tolist(), nan_ok=True)
