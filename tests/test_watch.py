import os
import sqlite3
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE

import pytest
from contents import rows
from fakes import TermReader, WordEmbedder
from started import started

from index import watch as module
from index.errors import IndexMissingError, InputError, PinpointError
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import sync
from index.watch import watch
from qa.api import Pinpoint

SETTINGS = Settings(extract_processes=1, lock_timeout_seconds=0.0)


class Script:
    """A source of changes: steps that are run one after the other, each giving changed paths.

    After each step that gives something comes one without changes, as a second that passes.
    """

    def __init__(self, *steps):
        self.steps = list(steps)
        self.watched = []

    def __call__(self, roots, stop):
        self.watched.append(list(roots))
        yield set()
        while self.steps:
            yield {str(path) for path in self.steps.pop(0)() or ()}
        stop.set()
        yield set()


@pytest.fixture
def home(tmp_path, folder):
    (folder / "a.txt").write_text("One.")
    made = tmp_path / "home"
    sync(made, [folder], WordEmbedder(), SETTINGS)
    return made


@pytest.fixture
def follow(home):
    """Run a watch over a script to its end; returns what it told."""

    def follow(*steps, paths=(), embedder=None, settings=SETTINGS, at=home):
        told = []
        script = Script(*steps)
        watch(at, paths, embedder or WordEmbedder(), settings, told.append, source=script)
        follow.watched = script.watched
        return told

    return follow


@pytest.fixture
def at_once(monkeypatch):
    """Nothing waits to be tried again."""
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(module, "_LONGEST_WAIT_SECONDS", 0.0)


def write(path, text="Two."):
    def step():
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        return [path]

    return step


def paths(home):
    return [Path(path).name for path, *_ in rows(home)["documents"]]


def counts(events):
    names = ("added", "updated", "renamed", "removed")
    return [
        {name: n for name in names if (n := getattr(event.report, name))}
        for event in events
        if event.report
    ]


def test_what_changed_before_is_synced_first(follow, folder):
    (folder / "b.txt").write_text("Two.")
    (event,) = follow()
    assert (event.report.added, event.report.unchanged) == (1, 1)
    assert event.trouble is None
    assert follow.watched == [[str(folder)]]


def test_each_change_is_looked_at_alone(follow, home, folder, monkeypatch):
    looked = []

    def spy(home, paths, *arguments, **keywords):
        looked.append(paths)
        return sync(home, paths, *arguments, **keywords)

    monkeypatch.setattr(module, "sync", spy)
    told = follow(
        write(folder / "b.txt"),
        write(folder / "a.txt", "Three."),
        lambda: [(folder / "a.txt").unlink(), folder / "a.txt"][1:],
    )
    assert looked == [None, [str(folder)], *([str(folder / f"{name}.txt")] for name in "baa")]
    assert counts(told) == [{}, {"added": 1}, {"updated": 1}, {"removed": 1}]
    assert paths(home) == ["b.txt"]


def test_moves_of_files_and_folders(follow, home, folder, tmp_path):
    (folder / "in").mkdir()
    (folder / "in" / "b.txt").write_text("Two.")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "c.txt").write_text("Three.")

    def move(old, new):
        def step():
            old.rename(new)
            return [old, new]

        return step

    told = follow(
        move(folder / "a.txt", folder / "z.txt"),
        move(folder / "in", folder / "out"),
        move(tmp_path / "new", folder / "new"),
        move(folder / "out", tmp_path / "out"),
    )
    assert counts(told) == [
        *({"added": 1}, {"renamed": 1}, {"renamed": 1}, {"added": 1}, {"removed": 1})
    ]
    assert paths(home) == ["c.txt", "z.txt"]


@pytest.mark.parametrize(
    "name",
    [
        *(".b.txt.swp", "b.txt~", "4913", "b.txt.tmp", "b.pdf.part", "b.pdf.crdownload"),
        *(".~lock.b.odt#", "~$b.docx", "#b.txt#", ".git/b.txt", ".#b.txt", "b.txt.swx"),
    ],
)
def test_files_of_programs_are_passed_over(follow, home, folder, name):
    told = follow(write(folder / name, "\0"), write(folder / "c.txt"))
    assert counts(told) == [{}, {"added": 1}]
    assert [event.report.failed for event in told] == [(), ()]
    sync(home, None, WordEmbedder(), SETTINGS)
    assert paths(home) == ["a.txt", "c.txt"]
    assert rows(home)["failures"] == []


def test_an_editor_that_saves_by_renaming(follow, folder):
    def save():
        (folder / "a.txt~").write_text("One.")
        (folder / "4913").write_text("")
        (folder / "4913").unlink()
        (folder / "a.txt.tmp").write_text("Changed.")
        (folder / "a.txt.tmp").replace(folder / "a.txt")
        return [folder / name for name in ("a.txt~", "4913", "a.txt.tmp", "a.txt")]

    assert counts(follow(save)) == [{}, {"updated": 1}]


@pytest.mark.usefixtures("at_once")
def test_a_file_that_is_still_written_is_tried_again(follow, folder):
    """It is no text yet; nothing is said of it, and no further notice is needed."""
    told = follow(
        lambda: [(folder / "b.txt").write_bytes(b"\xff\0"), folder / "b.txt"][1:],
        lambda: None,
        lambda: (folder / "b.txt").write_text("Two.") and None,
        lambda: None,
    )
    assert counts(told) == [{}, {"added": 1}]
    assert [event.report.failed for event in told] == [(), ()]


@pytest.mark.usefixtures("at_once")
def test_a_file_that_stays_unreadable_is_told_once(follow, folder, monkeypatch):
    def settle():
        monkeypatch.setattr("index.files._SETTLED_NANOSECONDS", 0)

    told = follow(
        lambda: [(folder / "b.txt").write_bytes(b"\xff\0"), folder / "b.txt"][1:],
        lambda: None,
        settle,
        lambda: None,
        lambda: None,
    )
    assert [[Path(f.path).name for f in event.report.failed] for event in told] == [[], ["b.txt"]]


@pytest.mark.usefixtures("at_once")
def test_another_writer_is_waited_for(follow, home, folder):
    writing = SqliteWriter.writing(home)

    def locked():
        writing.__enter__()
        return write(folder / "b.txt")()

    told = follow(locked, lambda: None, lambda: writing.__exit__(None, None, None), lambda: None)
    assert counts(told) == [{}, {"added": 1}]
    (trouble,) = [event.trouble for event in told if event.trouble]
    assert "is writing to this index" in trouble
    assert f"process {os.getpid()}" in trouble


@pytest.mark.usefixtures("at_once")
def test_no_error_ends_the_watch(follow, folder):
    class Broken(WordEmbedder):
        broken = True

        def encode_documents(self, texts):
            if self.broken:
                raise RuntimeError("no more memory")
            return super().encode_documents(texts)

    embedder = Broken()

    def mend():
        embedder.broken = False

    told = follow(write(folder / "b.txt"), lambda: None, mend, lambda: None, embedder=embedder)
    assert [event.trouble for event in told if event.trouble] == ["no more memory"]
    assert counts(told) == [{}, {"added": 1}]


def test_it_waits_longer_each_time(home, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("index.watch.time.monotonic", lambda: now[0])
    tried = []
    monkeypatch.setattr(module._Watch, "_sync", lambda _: tried.append(now[0]) or 1 / 0)

    def second():
        now[0] += 1.0

    told = []
    watch(home, [], WordEmbedder(), SETTINGS, told.append, source=Script(*[second] * 100))
    assert tried == [100.0, 101.0, 103.0, 107.0, 115.0, 131.0, 161.0, 191.0]
    assert [event.trouble for event in told] == ["division by zero"]


def test_a_folder_that_is_away_for_a_while_loses_nothing(follow, home, folder, tmp_path):
    (tmp_path / "mount").mkdir()
    away = tmp_path / "away"

    def unmount():
        folder.rename(away)
        folder.mkdir()

    def mount():
        folder.rmdir()
        (away / "b.txt").write_text("Two.")
        away.rename(folder)

    told = follow(unmount, lambda: None, mount, lambda: None, lambda: None)
    assert counts(told) == [{}, {}, {"added": 1}]
    assert told[1].report.failed[0].cause.startswith("is empty, but documents of it are indexed")
    assert told[2].report.failed == ()
    assert follow.watched == [[str(folder)]] * 3
    assert paths(home) == ["a.txt", "b.txt"]


def test_a_folder_that_was_emptied_and_filled_anew(follow, home, folder):
    """At first its disk might have been taken away; then it is clear that its files are gone."""
    note = folder / "a.txt"
    told = follow(lambda: note.unlink() or [note], write(folder / "b.txt"))
    assert paths(home) == ["b.txt"]
    assert counts(told) == [{}, {}, {"added": 1, "removed": 1}]
    assert rows(home)["failures"] == []


@pytest.mark.usefixtures("at_once")
def test_a_long_commit_of_another_process_does_not_end_the_watch(follow, home, folder, monkeypatch):
    monkeypatch.setattr("index.sqlite_store._READ_TIMEOUT_SECONDS", 0.0)
    other = sqlite3.connect(home / "pinpoint.db", isolation_level=None)

    def finish():
        other.execute("COMMIT")
        return write(folder / "b.txt")()

    told = follow(lambda: other.execute("BEGIN EXCLUSIVE") and None, finish)
    other.close()
    assert len([event.trouble for event in told if event.trouble]) == 1
    assert counts(told) == [{}, {"added": 1}]


def test_a_folder_that_is_gone_is_watched_again_when_it_is_back(follow, home, folder, tmp_path):
    told = follow(
        lambda: folder.rename(tmp_path / "away") and None,
        lambda: None,
        lambda: (tmp_path / "away").rename(folder) and None,
        write(folder / "b.txt"),
        lambda: None,
    )
    assert follow.watched == [[str(folder)], [], [str(folder)]]
    assert "no such file or folder" in told[1].report.failed[0].cause
    assert counts(told) == [{}, {}, {"added": 1}]
    assert paths(home) == ["a.txt", "b.txt"]


def test_a_folder_that_was_away_for_a_moment_is_watched_anew(follow, folder, tmp_path):
    def away_and_back():
        folder.rename(tmp_path / "away")
        (tmp_path / "away" / "b.txt").write_text("Two.")
        (tmp_path / "away").rename(folder)
        return [folder]

    told = follow(away_and_back, lambda: None)
    assert follow.watched == [[str(folder)]] * 2
    assert counts(told) == [{}, {"added": 1}]


def test_a_followed_file_that_an_editor_replaces(follow, tmp_path):
    note, home = tmp_path / "note.txt", tmp_path / "other"
    note.write_text("One.")
    sync(home, [note], WordEmbedder(), SETTINGS)

    def replace():
        (tmp_path / "new").write_text("Two.")
        (tmp_path / "new").replace(note)

    told = follow(replace, lambda: None, at=home)
    assert counts(told) == [{}, {"updated": 1}]
    assert follow.watched == [[str(note)]] * 2


def test_given_paths_are_followed_from_now_on(follow, home, folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.txt").write_text("Two.")
    told = follow(write(tmp_path / "more" / "c.txt"), paths=[tmp_path / "more"])
    assert counts(told) == [{"added": 1}, {"added": 1}]
    assert paths(home) == ["a.txt", "b.txt", "c.txt"]
    assert rows(home)["roots"] == [(str(folder),), (str(tmp_path / "more"),)]


def test_it_makes_an_index_for_given_paths(follow, folder, tmp_path):
    (folder / "b.txt").write_text("Two.")
    told = follow(paths=[folder], at=tmp_path / "new")
    assert counts(told) == [{"added": 2}]
    assert paths(tmp_path / "new") == ["a.txt", "b.txt"]


def test_folders_that_another_process_adds_are_followed(follow, home, folder, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    told = follow(
        lambda: sync(home, [more], WordEmbedder(), SETTINGS) and None,
        write(more / "b.txt"),
        lambda: None,
    )
    assert follow.watched == [[str(folder)], [str(folder), str(more)]]
    assert counts(told) == [{}, {"added": 1}]


def test_without_an_index_or_folders_there_is_nothing_to_watch(follow, home, folder, tmp_path):
    with pytest.raises(IndexMissingError):
        follow(at=tmp_path / "nowhere")
    Pinpoint(home, SETTINGS, embedder=WordEmbedder()).remove([folder])
    with pytest.raises(InputError, match="nothing to watch"):
        follow()


def test_an_index_that_is_deleted_is_not_made_anew(follow, home, folder):
    def delete():
        (home / "pinpoint.db").unlink()
        return write(folder / "b.txt")()

    with pytest.raises(IndexMissingError):
        follow(delete, lambda: None)
    assert not (home / "pinpoint.db").exists()


def test_everything_is_looked_at_now_and_then(follow, folder, monkeypatch):
    """For what the system does not tell of."""
    monkeypatch.setattr(module, "_WHOLE_SECONDS", -1.0)
    told = follow(lambda: (folder / "b.txt").write_text("Two.") and None)
    assert counts(told) == [{}, {"added": 1}]


@pytest.mark.usefixtures("at_once")
def test_without_the_systems_notices_all_is_looked_at(home, folder):
    calls = []

    def source(roots, stop):
        calls.append(roots)
        (folder / "b.txt").write_text("Two.")
        if len(calls) == 3:
            stop.set()
        raise OSError("limit of watches reached")
        yield

    told = []
    watch(home, [], WordEmbedder(), SETTINGS, told.append, source=source)
    assert counts(told) == [{}, {"added": 1}]
    (trouble,) = [event.trouble for event in told if event.trouble]
    assert "the system does not tell of them (limit of watches reached)" in trouble


def test_open_handles_answer_from_the_new_generation(follow, home, folder):
    pinpoint = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
    answers = []

    def ask():
        answers.append(pinpoint.ask("Who keeps the lamp?").text)

    follow(ask, write(folder / "b.txt", "Mara keeps the lamp."), ask,
           write(folder / "b.txt", "Jon keeps the lamp."), ask)  # fmt: skip
    assert answers == ["", "Mara keeps the lamp. [1]", "Jon keeps the lamp. [1]"]


def until(condition, seconds=60):
    """Wait for an outcome; how long it takes is not what is tested."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_a_real_folder_is_followed(home, folder, tmp_path):
    stop, told = threading.Event(), []
    thread = threading.Thread(
        target=watch, args=(home, [], WordEmbedder(), SETTINGS, told.append), kwargs={"stop": stop}
    )
    thread.start()
    try:
        assert until(lambda: told)
        (folder / "b.txt").write_text("Two.")
        assert until(lambda: paths(home) == ["a.txt", "b.txt"])
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "er" / "c.txt").write_text("Three.")
        assert until(lambda: paths(home) == ["a.txt", "b.txt", "c.txt"])
        (folder / "deep" / "er" / "d.txt").write_text("Four.")  # in a folder that is new
        assert until(lambda: len(paths(home)) == 4)
        (folder / "deep").rename(tmp_path / "deep")
        assert until(lambda: paths(home) == ["a.txt", "b.txt"])
        (tmp_path / "deep").rename(folder / "back")
        assert until(lambda: len(paths(home)) == 4)
        (folder / "a.txt").unlink()
        assert until(lambda: "a.txt" not in paths(home))
        with (folder / "long.txt").open("w") as stream:  # in pieces
            for number in range(20):
                stream.write(f"Line {number} is long. ")
                stream.flush()
                time.sleep(0.02)
        whole = (folder / "long.txt").read_text()
        assert until(lambda: (whole,) in [row[1:] for row in rows(home)["texts"]])
        folder.rename(tmp_path / "away")
        assert until(lambda: rows(home)["failures"])
        (tmp_path / "away" / "e.txt").write_text("Five.")
        (tmp_path / "away").rename(folder)
        assert until(lambda: "e.txt" in paths(home) and not rows(home)["failures"])
        (folder / "f.txt").write_text("Six.")  # it is watched again
        assert until(lambda: "f.txt" in paths(home))
        with SqliteStore.open(home) as store:
            assert store.state().failed == 0
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    assert [event.trouble for event in told if event.trouble] == []


@pytest.mark.slow
def test_the_server_answers_while_its_watch_embeds_and_from_what_it_made(home, folder, capsys):
    from ui.background import watched

    embedding, go_on = threading.Event(), threading.Event()

    class Waiting(WordEmbedder):
        def encode_documents(self, texts):
            embedding.set()
            assert go_on.wait(60)
            return super().encode_documents(texts)

    serving = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
    with watched(Pinpoint(home, SETTINGS, embedder=Waiting())):
        (folder / "b.txt").write_text("Mara keeps the lamp.")
        assert embedding.wait(60)
        assert serving.ask("Who keeps the lamp?").answered is False  # and it does answer
        go_on.set()
        assert until(lambda: serving.ask("Who keeps the lamp?").answered)
    assert "1 added" in capsys.readouterr().err
    names = {thread.name for thread in threading.enumerate()}
    assert "watch" not in names


def test_the_watch_in_the_server_says_why_it_ends(tmp_path, capsys):
    from ui.background import watched

    with watched(Pinpoint(tmp_path / "nowhere", SETTINGS, embedder=WordEmbedder())):
        assert until(lambda: "no longer watching" in (err := capsys.readouterr().err) or err)


def test_an_error_of_the_index_is_none_of_the_watch():
    assert issubclass(IndexMissingError, PinpointError)


COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]


@pytest.mark.slow
@pytest.mark.model
def test_the_command_ends_well_when_interrupted(folder, tmp_path):
    import signal

    (folder / "a.txt").write_text("Cats purr.")
    root = str(Path(__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])}
    with started(
        [*COMMAND, "watch", str(folder), "--home", str(tmp_path / "home")],
        stdout=PIPE, stderr=PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "unchanged, 0 failed" in first
    assert (process.returncode, out, err) == (0, "", "")
