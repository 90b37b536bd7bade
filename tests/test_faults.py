"""Whatever happens during a sync, the index is one whole generation, and the next sync mends it."""

import itertools
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from contents import contents, generation
from fakes import TermReader, WordEmbedder
from faults import Steps, fill, forked, left, small_disk

from index.backup import backup, restore
from index.check import check
from index.errors import IndexLockedError, PinpointError
from index.settings import Settings
from index.sqlite_writer import SqliteWriter
from index.sync import sync
from qa.api import Pinpoint

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

SETTINGS = Settings(extract_processes=1, embed_batch=2, lock_timeout_seconds=0.0)
# 1 kills before every step of a sync and of a restore, which takes a minute.
EVERY = int(os.environ.get("TEST_EVERY_STEP", "3"))
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename"


def write_version(folder, version):
    """Version 2 edits, adds, drops, renames and copies."""
    word = ("old", "new")[version - 1]
    (folder / "edited.txt").write_text(f"The {word} gate stands north. Its key is {word}.")
    (folder / f"{word}.txt").write_text(f"Mara keeps the {word} lamp.")
    (folder / f"{word}-name.txt").write_text("The river rises in March.")
    (folder / "same.md").write_text("# Boats\n\nBoats wait until May.\n")
    if version == 2:
        (folder / "copy.txt").write_text("Mara keeps the new lamp.")
        (folder / "more.txt").write_text("A third lamp is red.")
        for name in ("old.txt", "old-name.txt"):
            (folder / name).unlink()


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """A folder in version 2, a home in version 1, and what is in an index of each."""
    base = tmp_path_factory.mktemp("versions")
    folder, home = base / "documents", base / "home"
    folder.mkdir()
    write_version(folder, 1)
    sync(home, [folder], WordEmbedder(), SETTINGS)
    before = contents(home, WordEmbedder())
    write_version(folder, 2)
    sync(base / "after", [folder], WordEmbedder(), SETTINGS)
    return folder, home, before, contents(base / "after", WordEmbedder())


@pytest.fixture
def memory():
    """A folder in memory where there is one: a disk takes most of the time."""
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=base) as made:
        yield Path(made)


class Logging(WordEmbedder):
    """Writes down what it embeds, so that a killed process tells."""

    def __init__(self, file):
        super().__init__()
        self._file = file

    def encode_documents(self, texts):
        with self._file.open("a") as stream:
            stream.writelines(f"{text!r}\n" for text in texts)
        return super().encode_documents(texts)


def mends(home, log, before, after):
    """Check an index after its process was killed, and that the next sync mends it.

    Of what was embedded only the batch that was just being kept may be embedded again.
    """
    found = contents(home, WordEmbedder())
    assert found in (before, after)
    assert generation(home) == (1 if found == before else 2)
    embedded = set(log.read_text().splitlines()) if log.exists() else set()
    embedder = WordEmbedder()
    report = sync(home, None, embedder, SETTINGS)
    assert contents(home, WordEmbedder()) == after
    assert len(embedded & {repr(text) for text in embedder.embedded}) <= SETTINGS.embed_batch
    if found == after:
        assert report.embedded == 0
    assert check(home, SETTINGS, embedder=WordEmbedder()).problems == ()
    assert not (home / "unfinished.db").exists()
    return found == after


@pytest.mark.slow
def test_killed_before_statements_and_file_operations(versions, memory):
    folder, home, before, after = versions

    def killed_before(step, copy):
        shutil.copytree(home, copy)
        log = copy.with_suffix(".log")

        def work():
            steps = Steps(step)
            steps.watch()
            sync(copy, [folder], Logging(log), SETTINGS)
            copy.with_suffix(".steps").write_text(str(steps.done))

        status = forked(work)
        assert status in (0, -9)
        return status, log

    status, _ = killed_before(None, memory / "all")
    assert status == 0
    count = int((memory / "all.steps").read_text())
    assert count > 100
    outcomes, mended = [], {}  # many steps leave the same, which is mended once
    for step in range(1, count + 1, EVERY):
        copy = memory / "copy"
        status, log = killed_before(step, copy)
        assert status == -9
        if (state := left(copy, log)) not in mended:
            mended[state] = mends(copy, log, before, after)
        outcomes.append(mended[state])
        shutil.rmtree(copy)
        log.unlink(missing_ok=True)
    assert len(mended) > 10
    assert outcomes == sorted(outcomes)  # first as before, from one step on as after
    assert set(outcomes) == {False, True}


@pytest.mark.slow
def test_a_restore_killed_before_its_steps(versions, memory):
    _, home, before, after = versions
    file, newer = memory / "backup.db", memory / "newer"
    backup(home, file)
    shutil.copytree(home, newer)
    sync(newer, None, WordEmbedder(), SETTINGS)

    def killed_before(step, copy):
        shutil.copytree(newer, copy)

        def work():
            steps = Steps(step)
            steps.watch()
            restore(copy, file, SETTINGS)
            (memory / "steps").write_text(str(steps.done))

        return forked(work)

    def restores(copy):
        found = contents(copy, WordEmbedder())
        assert found in (before, after)
        assert generation(copy) == (3 if found == before else 2)
        assert check(copy, SETTINGS).whole
        restore(copy, file, SETTINGS)
        assert contents(copy, WordEmbedder()) == before
        return found == before

    assert killed_before(None, memory / "all") == 0
    outcomes, restored = [], {}
    for step in range(1, int((memory / "steps").read_text()) + 1, EVERY):
        copy = memory / "copy"
        assert killed_before(step, copy) == -9
        if (state := left(copy, memory / "no.log")) not in restored:
            restored[state] = restores(copy)
        outcomes.append(restored[state])
        shutil.rmtree(copy)
    assert len(restored) > 3
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def traced(work, calls, number):
    """Run some work in a child that is killed before its n-th of these system calls.

    Returns the exit status; None where no process may be traced.
    """
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(ready, 1)
        try:
            work()
        finally:
            os._exit(0)
    os.close(ready)
    command = ["strace", "-qq", "-f", "-p", str(child), "-o", os.devnull, "-e", f"trace={calls}"]
    command += ["-e", f"inject={calls}:signal=KILL:when={number}"]
    # Without -qq it would say when it is there; the tracer's number tells as well.
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracer:
        while tracer.poll() is None and not _is_traced(child):
            pass
        allowed = tracer.poll() is None
        os.write(go, b"x")
        os.close(go)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status if allowed else None


def _is_traced(process):
    with open(f"/proc/{process}/status") as stream:  # noqa: PTH123
        return "TracerPid:\t0\n" not in stream.read()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_killed_before_system_calls_that_change_a_file(versions, memory):
    """Also in the midst of a commit, where SQLite has a journal to roll back."""
    folder, home, before, after = versions
    outcomes, mended = [], {}
    copy, log = memory / "copy", memory / "copy.log"

    def work():
        sync(copy, [folder], Logging(log), SETTINGS)

    for step in itertools.count(1, EVERY):
        shutil.copytree(home, copy)
        status = traced(work, CALLS, step)
        if status is None:
            pytest.skip("processes may not be traced here")
        if (state := left(copy, log)) not in mended:
            mended[state] = mends(copy, log, before, after)
        outcomes.append(mended[state])
        shutil.rmtree(copy)
        log.unlink(missing_ok=True)
        if status == 0:
            break
        assert status == -9
    assert len(outcomes) > 20
    assert len(mended) > 10
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


@pytest.mark.parametrize("left_kib", [0, 4, 8, 16, 24, 32, 48, 64, 96])
def test_a_full_disk(tmp_path, folder, left_kib, caplog):
    (folder / "a.txt").write_text("The old gate stands north.")
    with small_disk(tmp_path / "disk", 4096) as disk:
        home = disk / "home"
        sync(home, [folder], WordEmbedder(), SETTINGS)
        before = contents(home, WordEmbedder())
        for number in range(40):
            (folder / f"{number}.txt").write_text(f"Lamp {number} is red. " * 40)
        filler = fill(disk, left_kib)
        with caplog.at_level(logging.CRITICAL), pytest.raises(PinpointError) as raised:
            sync(home, None, WordEmbedder(), SETTINGS)
        assert "the disk is full; free some space and run the command again" in str(raised.value)
        assert "the index is as it was before" in str(raised.value)
        assert contents(home, WordEmbedder()) == before
        filler.unlink()
        assert sync(home, None, WordEmbedder(), SETTINGS).added == 40
        assert check(home, SETTINGS, embedder=WordEmbedder()).problems == ()
        sync(tmp_path / "other", [folder], WordEmbedder(), SETTINGS)
        assert contents(home, WordEmbedder()) == contents(tmp_path / "other", WordEmbedder())


def test_a_full_disk_loses_nothing_that_was_embedded(tmp_path, folder):
    with small_disk(tmp_path / "disk", 4096) as disk:
        home = disk / "home"
        (folder / "a.txt").write_text("One.")
        sync(home, [folder], WordEmbedder(), SETTINGS)
        for number in range(40):
            (folder / f"{number}.txt").write_text(f"Lamp {number} is red. " * 200)
        filler = fill(disk, 200)
        with pytest.raises(PinpointError, match="disk is full"):
            sync(home, None, WordEmbedder(), SETTINGS)
        filler.unlink()
        assert sync(home, None, WordEmbedder(), SETTINGS).resumed > 40


def test_a_full_disk_at_the_first_index(tmp_path, folder):
    (folder / "a.txt").write_text("One.")
    with small_disk(tmp_path / "disk", 1024) as disk:
        filler = fill(disk, 0)
        with pytest.raises(PinpointError, match=r"full|No space"):
            sync(disk / "home", [folder], WordEmbedder(), SETTINGS)
        filler.unlink()
        assert sync(disk / "home", [folder], WordEmbedder(), SETTINGS).added == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_read_only_folder_can_be_asked_but_not_changed(tmp_path, folder):
    (folder / "a.txt").write_text("Mara keeps the lamp.")
    with small_disk(tmp_path / "disk", 4096) as disk:
        home = disk / "home"
        sync(home, [folder], WordEmbedder(), SETTINGS)
        (folder / "b.txt").write_text("The gate is old.")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        pinpoint = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
        assert pinpoint.ask("Who keeps the lamp?").text == "Mara keeps the lamp. [1]"
        with pytest.raises(
            PinpointError, match="the folder or file is read-only; make it writable"
        ):
            pinpoint.sync()
        report = pinpoint.check()
        assert (report.problems, len(report.skipped)) == ((), 2)
        assert pinpoint.backup(tmp_path / "backup.db") == 1
        with pytest.raises(PinpointError, match="Read-only"):
            pinpoint.backup(disk / "backup.db")
        assert pinpoint.plan().added == (str(folder / "b.txt"),)


def test_the_second_of_two_syncs_says_who_holds_the_lock(tmp_path, folder):
    (folder / "a.txt").write_text("One.")
    home = tmp_path / "home"
    sync(home, [folder], WordEmbedder(), SETTINGS)
    with SqliteWriter.writing(home), pytest.raises(IndexLockedError) as raised:
        sync(home, None, WordEmbedder(), SETTINGS)
    told = rf"process {os.getpid()} \(\S+\) on {re.escape(socket.gethostname())}, since \d{{4}}-"
    assert re.search(told, str(raised.value))
    assert str(raised.value).endswith("is writing to this index; try again when it is done")


def test_the_second_of_two_syncs_waits(tmp_path, folder):
    (folder / "a.txt").write_text("One.")
    home, running, go_on = tmp_path / "home", threading.Event(), threading.Event()

    class Waiting(WordEmbedder):
        def encode_documents(self, texts):
            running.set()
            assert go_on.wait(30)
            return super().encode_documents(texts)

    first = threading.Thread(target=sync, args=(home, [folder], Waiting(), SETTINGS))
    first.start()
    assert running.wait(30)
    patient = SETTINGS.model_copy(update={"lock_timeout_seconds": 60.0})
    reports = []
    second = threading.Thread(
        target=lambda: reports.append(sync(home, [folder], WordEmbedder(), patient))
    )
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert [(report.added, report.unchanged) for report in reports] == [(0, 1)]


READERS, CHANGES = 24, 6


def lamp(number):
    return f"Mara keeps lamp {number}. The gate has number {number}."


def changing(home, note, begin):
    """Run in a child: one change after the other; returns its number."""

    def change():
        os.read(begin, 1)
        patient = SETTINGS.model_copy(update={"lock_timeout_seconds": 60.0})
        for number in range(2, CHANGES + 2):
            note.write_text(lamp(number))
            sync(home, None, WordEmbedder(), patient)

    child = os.fork()
    if child == 0:
        try:
            change()
            os._exit(0)
        finally:
            os._exit(1)
    return child


@pytest.mark.slow
def test_a_sync_while_many_read(tmp_path, folder):
    """Each answer is that of the generation it names, whole; readers keep no writer out."""
    home, note = tmp_path / "home", folder / "a.txt"
    note.write_text(lamp(1))
    sync(home, [folder], WordEmbedder(), SETTINGS)
    begin, begun = os.pipe()
    child = changing(home, note, begin)
    shared = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
    ended, answers, errors = threading.Event(), [], []

    def ask(number):
        own = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
        try:
            while not ended.is_set():
                answers.append((shared if number % 2 else own).ask("Who keeps the lamp?"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    os.write(begun, b"x")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended.set()
    for thread in threads:
        thread.join()
    assert (status, errors) == (0, [])
    told = {(answer.index.generation, answer.text) for answer in answers}
    assert told <= {(n, f"Mara keeps lamp {n}. [1]") for n in range(1, CHANGES + 2)}
    assert len(told) > 2
    assert generation(home) == CHANGES + 1
