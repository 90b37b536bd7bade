"""Several processes embed one change, and any of them may be killed between any two calls."""

from types import NoneType

import pytest
from shared_change import DOCUMENTS, SECONDS, Site, content, expected, in_turns

from index.errors import IndexDamagedError, LeaseLostError, ModelError, StoreError
from index.milvus.ledger import current, visible
from index.store import input_sha256


@pytest.fixture
def alone(tmp_path):
    """What the store in the home holds of the same documents, and what was embedded for it."""
    return expected(tmp_path / "alone")


@pytest.fixture
def site(tmp_path, monkeypatch, alone):  # noqa: ARG001 - made before the site takes the setting
    return Site(tmp_path, monkeypatch)


def finish(site, *processes):
    site.over = True
    for process in processes:
        process.finish()
        assert process.error is None, repr(process.error)


def kinds(site, kind):
    """The rows of the ledger of this kind, whoever they are of."""
    return [row for row in site.rows("ledger") if row["kind"].split(":")[0] == kind]


def ready(site, count):
    """Workers that have said they are here."""
    before = len(kinds(site, "worker"))
    workers = [site.worker() for _ in range(count)]
    in_turns(workers, lambda: len(kinds(site, "worker")) == before + count)
    return workers


def assert_whole(site, alone):
    """All is as if one process had done it, nothing is there twice."""
    documents, texts = alone
    assert content(site.home) == documents
    assert set(site.embedded()) == set(texts)
    connection = site.connection()
    seen = visible(current(connection.ledger))
    inputs = [row["input"] for row in connection.chunks(8).query(seen, ["input"])]
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


WORKER_CALLS = 42
CHANGE_CALLS = 75
"""More than there are until the change is committed, when nobody else comes."""


def start(site, stop, which):
    """Two workers and a change, stopped after so many turns; one of them is the victim."""
    workers = ready(site, 2)
    changing = site.change()
    for _ in range(stop):
        for process in (*workers, changing):
            process.step()
    return (workers[0] if which == "worker" else changing), workers, changing


def test_the_calls_at_which_one_is_stopped_are_all_of_them(site):
    _, workers, changing = start(site, WORKER_CALLS - 1, "worker")
    assert len(site.embedders[0].embedded) > 0
    for _ in range(CHANGE_CALLS - WORKER_CALLS + 1):
        changing.step()
    assert changing.done
    finish(site, *workers)


@pytest.mark.parametrize("stop", range(WORKER_CALLS))
def test_a_worker_is_killed_anywhere(site, alone, stop):
    victim, workers, changing = start(site, stop, "worker")
    victim.kill()
    in_turns([*workers, changing], lambda: changing.done)
    finish(site, changing, *workers)
    assert_whole(site, alone)


@pytest.mark.parametrize("stop", range(0, WORKER_CALLS, 2))
def test_a_worker_that_was_given_up_wakes_up_late(site, alone, stop):
    sleeping, workers, changing = start(site, stop, "worker")
    in_turns([workers[1], changing], lambda: changing.done)
    site.clock.now += 10 * SECONDS
    finish(site, changing, sleeping, workers[1])
    assert_whole(site, alone)


@pytest.mark.parametrize("stop", range(CHANGE_CALLS))
def test_the_process_that_changes_the_index_is_killed_anywhere_and_another_goes_on(
    site, alone, stop
):
    victim, workers, _ = start(site, stop, "change")
    victim.kill()
    for worker in workers:
        worker.step(10)  # they do what they were given
    after = site.change()
    in_turns([*workers, after], lambda: after.done)
    finish(site, after, *workers)
    assert_whole(site, alone)


@pytest.mark.parametrize("stop", range(0, CHANGE_CALLS, 3))
def test_the_process_that_changes_the_index_wakes_up_after_another_went_on(site, alone, stop):
    sleeping, workers, _ = start(site, stop, "change")
    after = site.change()
    in_turns([*workers, after], lambda: after.done)
    assert after.error is None, repr(after.error)
    in_turns([*workers, sleeping], lambda: sleeping.done)
    finish(site, *workers)
    assert isinstance(sleeping.error, LeaseLostError | IndexDamagedError | NoneType)
    assert_whole(site, alone)


def test_what_workers_did_for_a_killed_one_is_not_done_again(site, alone):
    changing, workers, _ = start(site, 30, "change")
    changing.kill()
    for worker in workers:
        worker.step(60)  # all that they were given
    kept = {row["input"] for row in site.rows("vectors 8")}
    assert len(kept) > len(site.embedders[2].embedded)  # the workers' too
    for embedder in site.embedders:
        embedder.embedded.clear()
    after = site.change()
    in_turns([*workers, after], lambda: after.done)
    finish(site, after, *workers)
    assert after.result == len(kept)
    assert kept.isdisjoint(input_sha256(text).hex() for text in site.embedded())
    assert content(site.home) == alone[0]


@pytest.mark.parametrize("call", range(1, WORKER_CALLS, 2))
def test_a_worker_goes_on_when_the_server_is_back(site, alone, call):
    worker = site.worker(fails=call)
    worker.step(3)
    changing = site.change()
    in_turns([worker, changing], lambda: changing.done)
    finish(site, changing, worker)
    assert_whole(site, alone)


@pytest.mark.parametrize("call", range(1, CHANGE_CALLS, 4))
def test_the_server_is_away_for_the_process_that_changes_the_index(site, alone, call):
    workers = ready(site, 1)
    changing = site.change(fails=call)
    in_turns([*workers, changing], lambda: changing.done)
    assert isinstance(changing.error, StoreError | NoneType)
    after = site.change()
    in_turns([*workers, after], lambda: after.done)
    finish(site, after, *workers)
    assert_whole(site, alone)


def test_a_job_begins_with_the_rows_of_killed_ones_away(site, alone):
    changing, workers, _ = start(site, 24, "change")
    changing.kill()
    for worker in workers:
        worker.kill()
    old = {row["pk"] for row in kinds(site, "order")}
    assert old
    assert any(row["key"].startswith("job:") for row in site.rows("parts"))
    site.server.collections["vectors 8"] = {}  # so that there is something to share
    workers = ready(site, 1)
    after = site.change()
    in_turns([*workers, after], lambda: after.done)
    finish(site, after, *workers)
    assert kinds(site, "order") == kinds(site, "receipt") == []
    assert not [row for row in site.rows("parts") if row["key"].startswith("job:")]
    assert_whole(site, alone)


def test_a_worker_with_another_model_is_told_so_and_does_nothing(site, alone):
    other = site.worker("other")
    other.step(3)
    changing = site.change()
    in_turns([other, changing], lambda: changing.done)
    other.finish()
    assert isinstance(other.error, ModelError)
    assert str(other.error).endswith(
        " works with fingerprint , this worker with fingerprint ; install the same model on every "
        "machine, or name a model_revision"
    )
    assert site.embedders[0].embedded == []
    finish(site, changing)
    assert_whole(site, alone)
    assert {row["kind"] for row in site.rows("ledger")} == {"begin", "commit", "settled"}
