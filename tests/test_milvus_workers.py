"""Several processes embed one change, and any of them may be killed between any two calls."""

import pytest
from shared_change import DOCUMENTS, SECONDS, Site, content, expected, in_turns


@pytest.fixture
def alone(tmp_path):
    """What the store in the home holds of the same documents, and what was embedded for it."""
    return expected(tmp_path / "alone")


@pytest.fixture
def site(tmp_path, monkeypatch, alone):
    return Site(tmp_path, monkeypatch)


def finish(site, *processes):
    site.over = True
    for process in processes:
        process.finish()
        assert process.error is None, repr(process.error)


def ready(site, count):
    """Workers that have said they are here."""
    workers = [site.worker() for _ in range(count)]
    in_turns(workers, lambda: len(site.rows("ledger")) == count)
    return workers


def assert_whole(site, alone):
    """All is as if one process had done it, nothing is there twice."""
    documents, texts = alone
    assert content(site.home) == documents
    assert set(site.embedded()) == set(texts)
    inputs = [row["input"] for row in site.rows("chunks 8")]
    assert len(inputs) == len(set(inputs)) == len(DOCUMENTS)
    assert {row["input"] for row in site.rows("vectors 8")} <= set(inputs)


def test_workers_and_the_process_that_changes_the_index_share_its_embedding(site, alone):
    workers = ready(site, 2)
    changing = site.change()
    in_turns([*workers, changing], lambda: changing.done)
    finish(site, changing, *workers)
    assert_whole(site, alone)
    assert all(embedder.embedded for embedder in site.embedders)  # each did some
    assert site.rows("vectors 8") == []
    assert {row["kind"] for row in site.rows("ledger")} == {"begin", "commit", "settled"}
    assert not [row for row in site.rows("parts") if row["key"].startswith("job:")]


def test_without_workers_one_process_does_all_and_each_once(site, alone):
    finish(site, site.change())
    assert_whole(site, alone)
    assert sorted(site.embedded()) == alone[1]


KILLED_WORKER = 30
KILLED_CHANGE = 60


@pytest.mark.parametrize("stop", range(KILLED_WORKER))
def test_a_worker_is_killed_anywhere(site, alone, stop):
    victim = site.worker()
    workers = ready(site, 1)
    changing = site.change()
    for _ in range(stop):
        for process in (victim, *workers, changing):
            process.step()
    victim.kill()
    in_turns([*workers, changing], lambda: changing.done)
    finish(site, changing, *workers)
    assert_whole(site, alone)
