"""One job at a time, whose state can be read at any time."""

import multiprocessing
import os
import sys
import threading

import pytest
from fakes import TermReader, WordEmbedder

from index.errors import BusyError, InputError
from index.report import SyncPlan, SyncReport
from index.settings import Settings
from index.transaction import writers_place
from qa.api import Pinpoint
from ui.job import Job


class HeldEmbedder(WordEmbedder):
    """Waits before the second batch until `gate` is open."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.waits = threading.Event()

    def encode_documents(self, texts):
        if self.embedded:
            self.waits.set()
            assert self.gate.wait(timeout=20)
        return super().encode_documents(texts)


@pytest.fixture
def held(tmp_path, folder):
    """A job's Pinpoint whose embedder is held up after one of three passages."""
    for name in ("a", "bb", "ccc"):
        (folder / f"{name}.txt").write_text(f"The {name} gate opens at nine.")
    settings = Settings(embed_batch=1, lock_timeout_seconds=0.1)
    made = Pinpoint(tmp_path / "home", settings, embedder=HeldEmbedder(), reader=TermReader())
    yield made
    made.embedder.gate.set()


def finished(job):
    job._thread.join(20)
    assert not job._thread.is_alive()
    return job.state


def syncing(folder):
    return lambda pinpoint, progress: pinpoint.sync(folder, progress=progress)


def test_before_the_first_job_there_is_no_state(pinpoint):
    job = Job(pinpoint)
    assert job.state is None
    assert job.cancel() is False
    job.check_free()
    job.stop(1)


def test_a_sync_ends_with_its_report(pinpoint, folder):
    (folder / "a.txt").write_text("The gate opens at nine.")
    job = Job(pinpoint)
    begun = job.start("add", syncing(folder))
    assert (begun.number, begun.what, begun.finished, begun.total) == (1, "add", None, 0)
    state = finished(job)
    assert isinstance(state.report, SyncReport)
    assert (state.report.added, state.report.embedded) == (1, 1)
    assert (state.stage, state.done, state.total) == ("embedding chunks", 1, 1)
    assert state.finished >= state.started
    assert (state.plan, state.removed, state.error, state.cancelled) == (None, None, None, False)


def test_a_plan_and_a_removal_end_with_what_they_found(pinpoint, folder):
    (folder / "a.txt").write_text("The gate opens at nine.")
    job = Job(pinpoint)
    job.start("dry run", lambda pinpoint, _: pinpoint.plan(folder))
    assert finished(job).plan == SyncPlan(added=(str((folder / "a.txt").resolve()),))
    job.start("add", syncing(folder))
    finished(job)
    job.start("remove", lambda pinpoint, _: pinpoint.remove([folder / "a.txt"]))
    state = finished(job)
    assert (state.number, state.removed, state.report) == (3, 1, None)


def test_a_second_job_is_refused_while_one_runs(held, folder):
    job = Job(held)
    job.start("add", syncing(folder))
    assert held.embedder.waits.wait(20)
    words = r"^a job is running already \(add\); wait until it is done, or cancel it$"
    with pytest.raises(BusyError, match=words):
        job.start("dry run", lambda pinpoint, _: pinpoint.plan(folder))
    with pytest.raises(BusyError, match=words):
        job.check_free()
    held.embedder.gate.set()
    assert finished(job).report.added == 3
    job.check_free()


def test_the_state_is_told_midway(held, folder):
    job = Job(held)
    job.start("add", syncing(folder))
    assert held.embedder.waits.wait(20)
    state = job.state
    assert (state.stage, state.done, state.total) == ("embedding chunks", 1, 3)
    assert state.finished is None


def test_rate_and_time_left_are_of_the_stage(pinpoint):
    now = [0.0]
    job = Job(pinpoint, clock=lambda: now[0])
    seen = []

    def work(_, progress):
        steps = [("reading files", 0, 0), ("reading files", 4, 2)]
        steps += [("embedding chunks", 0, 2), ("embedding chunks", 30, 12)]
        for stage, done, at in steps:
            now[0] = float(at)
            progress(stage, done, 60)
            seen.append((job.state.rate, job.state.seconds_left))
        return 0

    job.start("index", work)
    assert finished(job).removed == 0
    assert seen == [(None, None), (2.0, 28.0), (None, None), (3.0, 10.0)]


def test_a_question_is_answered_while_a_job_is_held_up(held, folder):
    """The held Pinpoint and the asking one have the same home and different models."""
    asking = Pinpoint(held.home, held.settings, embedder=WordEmbedder(), reader=TermReader())
    (folder / "old.txt").write_text("The ferry leaves at seven.")
    asking.sync(folder / "old.txt")
    job = Job(held)
    job.start("add", syncing(folder))
    assert held.embedder.waits.wait(20)
    answer = asking.ask("When leaves the ferry at seven?")
    assert (answer.citations[0].quote, answer.index.documents) == ("The ferry leaves at seven.", 1)
    assert job.state.finished is None
    held.embedder.gate.set()
    assert finished(job).report.added == 3
    assert asking.ask("When opens the ccc gate?").index.documents == 4


def test_a_cancelled_job_leaves_the_index_and_keeps_vectors(held, folder):
    (folder / "old.txt").write_text("x")
    Pinpoint(held.home, held.settings, embedder=WordEmbedder()).sync(folder / "old.txt")
    job = Job(held)
    job.start("add", syncing(folder))
    assert held.embedder.waits.wait(20)
    assert job.cancel() is True
    assert job.state.cancelling
    held.embedder.gate.set()
    state = finished(job)
    assert (state.cancelled, state.cancelling, state.report, state.error) == (
        *(True, False, None, None),
    )
    assert held.status().index.documents == 1
    job.start("add", syncing(folder))
    report = finished(job).report
    assert (report.added, report.resumed, report.embedded) == (3, 2, 1)


def test_a_job_is_stopped_at_the_end_of_the_server(held, folder):
    job = Job(held)
    job.start("add", syncing(folder))
    assert held.embedder.waits.wait(20)
    threading.Timer(0.1, held.embedder.gate.set).start()
    job.stop(20)
    assert job.state.cancelled


def test_an_error_is_told_in_words(pinpoint):
    job = Job(pinpoint)
    job.start("index", lambda pinpoint, progress: pinpoint.sync(None, progress=progress))
    state = finished(job)
    assert state.error == f"no index in {pinpoint.home}; make one with: pinpoint index PATH"

    def refuse(_, __):
        raise InputError("nothing to do")

    job.start("index", refuse)
    assert finished(job).error == "nothing to do"


def test_a_fault_is_told_without_its_inside(pinpoint, caplog):
    def fail(_, __):
        raise ZeroDivisionError("secret")

    job = Job(pinpoint)
    job.start("index", fail)
    assert finished(job).error == "Something went wrong; the terminal says what."
    assert "secret" in caplog.text


def hold(home, locked, done):
    with writers_place(home, 5):
        locked.set()
        done.wait(20)


def test_an_index_that_another_process_changes_is_told(held, folder):
    held.embedder.gate.set()
    held.sync(folder / "a.txt")
    context = multiprocessing.get_context("spawn")
    locked, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(held.home, locked, done))
    other.start()
    try:
        assert locked.wait(20)
        job = Job(held)
        job.start("add", syncing(folder))
        error = finished(job).error
    finally:
        done.set()
        other.join(20)
    assert f"process {other.pid} (" in error
    assert error.endswith("is writing to this index; try again when it is done")


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness on Linux only")
def test_a_job_leaves_the_processor_to_questions(pinpoint):
    def niceness(*_):
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    here = niceness()
    job = Job(pinpoint)
    job.start("index", niceness)
    assert finished(job).removed == max(10, here)
