import json
import multiprocessing
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
from contents import contents, generation, rows
from fakes import TermReader, WordEmbedder

from index.backup import backup, restore
from index.check import check
from index.database import FILE_NAME, SCHEMA_VERSION
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexTooNewError,
    InputError,
)
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import sync
from index.transaction import writers_place
from qa.api import Pinpoint

SETTINGS = Settings(extract_processes=1)


@pytest.fixture
def home(tmp_path, folder):
    (folder / "a.txt").write_text("The old gate stands north of the river.")
    (folder / "b.md").write_text("# Lamps\n\nMara keeps the red lamp.\n")
    made = tmp_path / "home"
    sync(made, [folder], WordEmbedder(), SETTINGS)
    return made


@pytest.fixture
def file(home, tmp_path):
    assert backup(home, tmp_path / "backup.db") == 1
    return tmp_path / "backup.db"


def change(home, folder, text="The new gate stands south of the river."):
    (folder / "a.txt").write_text(text)
    sync(home, None, WordEmbedder(), SETTINGS)


def test_a_backup_comes_back_as_it_was(home, folder, file):
    before = contents(home, WordEmbedder())
    change(home, folder)
    change(home, folder, "Another one.")
    assert contents(home, WordEmbedder()) != before
    report = restore(home, file, SETTINGS)
    assert report.problems == ()
    assert contents(home, WordEmbedder()) == before
    assert report.generation == generation(home) == 4
    assert check(home, SETTINGS).problems == ()
    assert sorted(path.name for path in home.iterdir()) == [
        *("pinpoint.db", "vectors.faiss", "vectors.json")
    ]


def test_it_comes_back_where_there_is_no_index(home, tmp_path, file):
    restore(tmp_path / "new" / "home", file, SETTINGS)
    assert contents(tmp_path / "new" / "home", WordEmbedder()) == contents(home, WordEmbedder())


def test_the_next_sync_goes_on_from_it(home, folder, file):
    change(home, folder)
    after = contents(home, WordEmbedder())
    restore(home, file, SETTINGS)
    sync(home, None, WordEmbedder(), SETTINGS)
    assert contents(home, WordEmbedder()) == after


def test_no_number_is_given_twice(home, folder, file):
    """An open handle that knows generation 2 and its chunks must not take others for them."""
    change(home, folder)
    with SqliteStore.open(home) as store:
        known, index_id = set(store.chunk_ids().tolist()), store.meta("index_id")
    restore(home, file, SETTINGS)
    with SqliteStore.open(home) as store:
        old, restored_id = set(store.chunk_ids().tolist()), store.meta("index_id")
    change(home, folder, "Now for something else.")
    with SqliteStore.open(home) as store:
        new = set(store.chunk_ids().tolist()) - old
    assert new
    assert max(known | old) < min(new)
    assert generation(home) == 4
    assert index_id != restored_id


def test_open_handles_answer_from_what_was_restored(home, folder, file):
    pinpoint = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=TermReader())
    question = "Where is the gate?"
    before = pinpoint.ask(question)
    change(home, folder)
    assert "south" in pinpoint.ask(question).text
    restore(home, file, SETTINGS)
    assert pinpoint.ask(question).text == before.text
    change(home, folder, "The third gate stands west.")
    assert "west" in pinpoint.ask(question).text


def test_a_question_during_a_restore_is_answered_from_what_was_restored(home, tmp_path):
    """Although the backup is of another index, whose documents have the same ids."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("Horses and cats neigh.")
    sync(tmp_path / "h2", [other], WordEmbedder(), SETTINGS)
    backup(tmp_path / "h2", tmp_path / "h2.backup")

    class RestoringReader(TermReader):
        restored = False

        def read(self, question, passages):
            if not self.restored:
                self.restored = True
                restore(home, tmp_path / "h2.backup", SETTINGS)
            return super().read(question, passages)

    pinpoint = Pinpoint(home, SETTINGS, embedder=WordEmbedder(), reader=RestoringReader())
    assert pinpoint.ask("Do cats purr or neigh?").text == "Horses and cats neigh. [1]"


def test_who_reads_the_old_index_reads_it_to_the_end(home, folder, file):
    change(home, folder)
    with SqliteStore.open(home) as store:
        assert store.generation() == 2
        restore(home, file, SETTINGS)
        assert store.generation() == 2
        ids = store.chunk_ids().tolist()
        assert "The new gate stands south of the river." in store.bodies(ids).values()
    assert generation(home) == 3


def test_a_writer_that_waited_writes_into_the_restored_index(home, folder, file):
    change(home, folder)
    started = threading.Event()

    def wait_and_write():
        started.set()
        with SqliteWriter.writing(home, timeout_seconds=30) as store:
            store.set_meta("note", "written")

    with writers_place(home, 1.0) as db:
        writer = threading.Thread(target=wait_and_write)
        writer.start()
        started.wait()
        # As `restore` does, which holds the writer's place while it renames.
        shutil.copy(file, home / "copy")
        (home / "copy").replace(home / FILE_NAME)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("INSERT INTO meta VALUES ('note', 'lost')")
    writer.join()
    with SqliteStore.open(home) as store:
        assert store.meta("note") == "written"
        assert store.generation() == 1


def test_a_file_is_not_replaced_by_mistake(home, file, tmp_path):
    content = file.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        backup(home, file)
    assert file.read_bytes() == content
    backup(home, file, force=True)
    with pytest.raises(InputError, match="is the index itself"):
        backup(home, home / FILE_NAME, force=True)
    with pytest.raises(InputError, match="no such folder"):
        backup(home, tmp_path / "no" / "backup.db")
    with pytest.raises(IndexMissingError):
        backup(tmp_path / "nowhere", tmp_path / "other.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "documents", "home"]


def test_a_backup_while_a_sync_runs_is_the_generation_before(home, folder, tmp_path):
    before = rows(home)
    (folder / "a.txt").write_text("The new gate stands south of the river.")
    running, go_on = threading.Event(), threading.Event()

    class Waiting(WordEmbedder):
        def encode_documents(self, texts):
            running.set()
            assert go_on.wait(30)
            return super().encode_documents(texts)

    syncing = threading.Thread(target=sync, args=(home, None, Waiting(), SETTINGS))
    syncing.start()
    assert running.wait(30)
    assert backup(home, tmp_path / "backup.db") == 1
    go_on.set()
    syncing.join()
    assert generation(home) == 2
    restore(tmp_path / "other", tmp_path / "backup.db", SETTINGS)
    held = rows(tmp_path / "other")
    assert held == before


def test_a_copy_that_changes_under_way_begins_anew_and_is_whole(home, tmp_path, monkeypatch):
    """Every page is copied alone, and a change comes between any two, until it gives up that."""
    monkeypatch.setattr("index.backup._PAGES", 1)
    written = []

    class Source(sqlite3.Connection):
        def backup(self, target, *, progress=None, **arguments):
            def and_write(*told):
                with closing(sqlite3.connect(home / FILE_NAME)) as db, db:
                    written.append(len(written))
                    db.execute("INSERT OR REPLACE INTO meta VALUES ('note', ?)", (len(written),))
                progress(*told)

            super().backup(target, progress=and_write if progress else None, **arguments)

    connect = sqlite3.connect
    monkeypatch.setattr(
        "index.database.sqlite3.connect",
        lambda *a, **k: connect(*a, **k | ({"factory": Source} if k.get("uri") else {})),
    )
    backup(home, tmp_path / "backup.db")
    monkeypatch.undo()
    assert len(written) > 3
    with closing(sqlite3.connect(tmp_path / "backup.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT value FROM meta WHERE key = 'note'").fetchone() == (
            str(len(written)),
        )


def refused(home, file, error, match):
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(error, match=match):
        restore(home, file, SETTINGS)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_what_is_no_backup_is_refused(home, file, tmp_path):
    refused(home, tmp_path / "none.db", InputError, "no such file")
    (tmp_path / "text.db").write_text("This is no database." * 100)
    refused(home, tmp_path / "text.db", IndexDamagedError, "no backup of an index")
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as db, db:
        db.execute("CREATE TABLE t (a)")
    refused(home, tmp_path / "foreign.db", IndexDamagedError, "no backup of an index")
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    refused(home, file, IndexTooNewError, "newer Pinpoint")


@pytest.mark.parametrize("statement", ["UPDATE texts SET text = 'x'", "DELETE FROM structures"])
def test_a_damaged_backup_is_refused(home, file, statement):
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(statement)
    refused(home, file, IndexDamagedError, "is damaged")


def test_a_cut_off_backup_is_refused(home, file):
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    refused(home, file, IndexDamagedError, "damaged")


def test_what_is_derived_in_a_backup_may_be_wrong(home, file):
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM passages")
    before = contents(home, WordEmbedder())
    report = restore(home, file, SETTINGS)
    assert {problem.part for problem in report.problems} == {"full text"}
    assert report.whole
    assert contents(home, WordEmbedder()) == before


def test_a_damaged_index_is_put_aside(home, file):
    before = contents(home, WordEmbedder())
    (home / FILE_NAME).write_bytes(b"no database" * 500)
    (home / f"{FILE_NAME}-journal").write_bytes(b"of the damaged one")
    restore(home, file, SETTINGS)
    assert contents(home, WordEmbedder()) == before
    assert (home / f"{FILE_NAME}.damaged").read_bytes() == b"no database" * 500
    assert not (home / f"{FILE_NAME}-journal").exists()


def test_a_writer_keeps_a_restore_out(home, file):
    settings = SETTINGS.model_copy(update={"lock_timeout_seconds": 0.0})
    (home / "restoring").mkdir()  # of another restore, which is at work
    with SqliteWriter.writing(home), pytest.raises(IndexLockedError, match=r"process \d+"):
        restore(home, file, settings)
    assert generation(home) == 1
    assert (home / "restoring").exists()
    restore(home, file, settings)
    assert not (home / "restoring").exists()


def hold_open(home, ready, done):
    with SqliteStore.open(home) as store:
        first = store.generation()
        ready.set()
        done.wait(30)
        assert store.generation() == first


def test_a_reader_in_another_process_does_not_keep_a_restore_out(home, folder, file):
    change(home, folder)
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    reader = spawn.Process(target=hold_open, args=(home, ready, done))
    reader.start()
    assert ready.wait(60)
    restore(home, file, SETTINGS)
    done.set()
    reader.join()
    assert reader.exitcode == 0
    assert generation(home) == 3


def test_the_stamp_is_that_of_the_restored_index(home, file):
    restore(home, file, SETTINGS)
    with SqliteStore.open(home) as store:
        stamp = json.loads((home / "vectors.json").read_text())
        assert stamp["index_id"] == store.meta("index_id")
        assert stamp["generation"] == store.generation()
