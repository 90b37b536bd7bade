import hashlib
import sqlite3

import pytest

from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexTooNewError,
    PinpointError,
)
from index.filter import Filter
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import sync


@pytest.fixture
def home(tmp_path, folder, embedder):
    (folder / "a.md").write_text("---\ndate: 2024-05-01\n---\n# T\n\nU.S. troops left.")
    (folder / "b.txt").write_text("Running dogs.")
    sync(tmp_path / "home", [folder], embedder, Settings())
    return tmp_path / "home"


def snapshot(home):
    return {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in home.iterdir()}


def test_opening_and_reading_write_nothing(home):
    before = snapshot(home)
    with SqliteStore.open(home) as store:
        assert store.state().documents == 2
        assert store.search_terms('"run"', 5)
        assert snapshot(home) == before
    assert snapshot(home) == before


def test_a_read_only_connection_cannot_change_the_index(home):
    with pytest.raises(PinpointError, match="read-only"), SqliteStore.open(home) as store:
        SqliteWriter(store._db, home).set_meta("generation", "9")


def test_texts_are_found_by_their_hash(home):
    digest = hashlib.sha256(b"Running dogs.").hexdigest()
    with SqliteStore.open(home) as store:
        document, text = store.find_document(digest)
        assert (document.title, document.sha256, text) == ("b", digest, "Running dogs.")
        assert store.find_document("0" * 64) is None


def test_full_text_search_stems_and_orders(home):
    with SqliteStore.open(home) as store:
        (chunk, score), *rest = store.search_terms('"dog" OR "ran"', 5)
        assert rest == []
        assert score > 0
        assert store.chunks([chunk])[0].sentences == ((0, 13),)
        assert [c for c, _ in store.search_terms('"u s"', 5)] != [chunk]


def test_a_sample_is_spread_and_holds_the_first_chunks_of_documents(tmp_path, folder, embedder):
    for name in "abc":
        lines = "\n\n".join(f"# {name}{number}\n\nText {name} {number}." for number in range(3))
        (folder / f"{name}.md").write_text(lines)
    sync(tmp_path / "home", [folder], embedder, Settings())
    with SqliteStore.open(tmp_path / "home") as store:
        assert store.sampled_chunks(9) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
        # Three over the ids from 1 to 9, and the first ones of the documents 1 to 3.
        assert store.sampled_chunks(6) == [1, 4, 5, 7, 9]
        assert store.sampled_chunks(2) == [1]
    with SqliteStore.empty(tmp_path) as store:
        assert store.sampled_chunks(5) == []


def test_dates_bound_both_searches(home):
    with SqliteStore.open(home) as store:
        everything = store.chunk_ids().tolist()
        dated = store.chunk_ids_within(Filter("2024-05-01", "2024-05-01")).tolist()
        assert len(everything) == 2
        assert len(dated) == 1
        assert store.chunk_ids_within(Filter("2024-05-02")).tolist() == []
        assert store.search_terms('"dogs"', 5, Filter("2000-01-01")) == []
        until = Filter(until="2024-05-01")
        assert [c for c, _ in store.search_terms('"troops"', 5, until)] == dated


def test_a_missing_index_names_the_way_out(tmp_path):
    with pytest.raises(IndexMissingError, match="pinpoint index PATH"), SqliteStore.open(tmp_path):
        pass
    (tmp_path / "pinpoint.db").touch()  # what a first writer leaves that died before its commit
    with pytest.raises(IndexMissingError), SqliteStore.open(tmp_path):
        pass


def test_a_newer_schema_is_refused_for_reading_and_writing(home):
    with sqlite3.connect(home / "pinpoint.db") as db:
        db.execute("PRAGMA user_version = 5")
    db.close()
    for way in (SqliteStore.open, SqliteWriter.writing):
        with pytest.raises(IndexTooNewError, match=r"schema 5.*upgrade Pinpoint"), way(home):
            pass


def test_another_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "pinpoint.db") as db:
        db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(IndexDamagedError, match="not a Pinpoint index"), SqliteStore.open(tmp_path):
        pass


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "pinpoint.db").write_bytes(b"This is no database." * 100)
    with pytest.raises(IndexDamagedError, match="not a database"), SqliteStore.open(tmp_path):
        pass


def test_an_error_inside_a_change_undoes_it(home):
    with pytest.raises(RuntimeError), SqliteWriter.writing(home) as store:
        store.set_meta("generation", "9")
        raise RuntimeError
    with SqliteStore.open(home) as store:
        assert store.generation() == 1


def test_two_writers_exclude_each_other_and_readers_go_on(home):
    with SqliteWriter.writing(home) as writer:
        writer.set_meta("generation", "9")
        with SqliteStore.open(home) as reader:
            assert reader.generation() == 1
        with (
            pytest.raises(
                IndexLockedError, match=r"process \d+ \(.*\) on .* is writing to this index"
            ),
            SqliteWriter.writing(home, timeout_seconds=0.05),
        ):
            pass
    with SqliteStore.open(home) as reader:
        assert reader.generation() == 9


def test_a_chunk_without_vector_is_never_committed(home):
    with pytest.raises(IndexDamagedError, match="1 chunks"), SqliteWriter.writing(home) as store:
        store._db.execute("DELETE FROM vectors WHERE chunk = 1")
        store.check_vectors(0)
