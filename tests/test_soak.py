"""The soak in its short form: a real server asked, changed and disturbed for some seconds."""

import asyncio

import pytest

from bench.soak import HOURS, Harbours, Record, soak, summary


def test_harbours_change_and_remember_what_was_written(tmp_path):
    harbours = Harbours(tmp_path, 20)
    first = {name: hours[0] for name, hours in harbours.hours.items()}
    changed = harbours.change(3)
    assert changed == dict.fromkeys(changed, 1)
    assert len(changed) == 3
    for name, hours in harbours.hours.items():
        assert hours[0] == first[name]
        assert len(hours) == 2 if name in changed else hours == [first[name]]
        assert set(hours) <= set(HOURS)
        text = (tmp_path / f"{name}.md").read_text()
        assert f"The gate of {name} opens at {hours[-1]}." in text
    assert set(harbours.known.values()) == {0}


def test_the_figures_of_a_run():
    record = Record(seconds=[1.0, 2.0, 3.0], memory_mb=[100.0, 50.0, 120.4], wrong=["no"])
    record.statuses.update([200, 503, 200, 200])
    told = summary(record)
    assert told["seconds_p50_p95_max"] == [2.0, 2.9, 3.0]
    assert told["statuses"] == {200: 3, 503: 1}
    assert told["memory_mb_first_and_last_tenth"] == [100, 120]
    assert (told["answers"], told["wrong"], told["first_wrong"]) == (3, 1, ["no"])


@pytest.mark.model
@pytest.mark.server
@pytest.mark.slow
def test_some_seconds_of_many_clients(tmp_path):
    record = asyncio.run(soak(tmp_path, clients=45, seconds=5, documents=30))
    assert record.wrong == []
    assert record.seconds
    assert set(record.statuses) <= {200, 503}
    assert record.statuses[503] > 0  # forty may wait
    assert record.syncs > 0
    assert record.garbage > 0
    assert record.slow > 0
    assert (record.full > 0) == (record.not_filled is None)
