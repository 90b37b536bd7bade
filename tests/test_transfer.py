"""Migrations between SQLite and a Milvus that is a dict."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from fakes import WordEmbedder
from migrations import SETTINGS, die, killed, make_index, tables
from milvus_connection import FakeServer, connect_to
from milvus_fakes import Killed

from index.database import FILE_NAME
from index.dense import DenseIndex
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    InputError,
    LeaseLostError,
    PinpointError,
)
from index.milvus.copying import MilvusCopy
from index.milvus.lease import lease
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.stores import open_store, open_writer
from index.sync import sync
from index.transaction import writers_place
from index.transfer import run
from index.transfer.milvus_side import MilvusTarget
from index.transfer.run import compare, migrate
from index.transfer.sqlite_side import FOLDER, SqliteTarget

ADDRESS = "milvus+http://fake:19530/tests"


class CountingServer(FakeServer):
    """A server whose every call counts, and that a process does not outlive `left` calls of."""

    left = 10**9

    def table(self, name, tenant):
        table = super().table(name, tenant)
        table.before = self._count
        return table

    def _count(self, _):
        self.left -= 1
        if self.left < 0:
            raise Killed


@pytest.fixture(autouse=True, scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("made")
    (root / "documents").mkdir()
    make_index(root / "home", root / "documents")
    return root / "home"


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def server(monkeypatch):
    server = CountingServer()
    connect_to(server, monkeypatch, ADDRESS)
    return server


@pytest.fixture
def other(tmp_path):
    """Another home, into which an index comes back."""
    return tmp_path / "other"


def there(home, **options):
    return migrate(home, "sqlite", "milvus", SETTINGS, **options)


def back(home, **options):
    return migrate(home, "milvus", "sqlite", SETTINGS, **options)


def end_leases(server):
    ledger = server.collections["ledger"]
    for key in [key for key, row in ledger.items() if row["kind"] == "lease"]:
        del ledger[key]


def test_an_index_comes_back_as_it_was(home, other):
    report = there(home)
    assert report.differences == ()
    assert (report.copied, report.resumed) == (5, 0)
    assert report.counts == {"documents": 5, "chunks": 5, "copies": 1, "failed": 1, "partial": 1}
    returned = back(other)
    assert returned.digest == report.digest
    assert tables(other) == tables(home)
    assert not (other / FOLDER).exists()
    assert (other / "vectors.faiss").is_file()
    with SqliteStore.open(other) as store:
        assert DenseIndex.load(store).ids().tolist() == store.chunk_ids().tolist()


def test_the_copy_is_read_and_changed_like_any_index(home, folder):
    there(home)
    with open_store(home) as store, SqliteStore.open(home) as old:
        assert store.documents() == old.documents()
        assert store.meta("index_id") == old.meta("index_id")
        assert store.generation() == old.generation() == 3
        last = max(document.rowid for document in old.documents())
    (folder / "new.txt").write_text("A new one.")
    report = sync(home, [folder], WordEmbedder(), SETTINGS)
    assert (report.added, report.embedded) == (1, 1)
    with open_store(home) as store:
        new = next(d for d in store.documents() if d.path.endswith("new.txt"))
        assert new.rowid == last + 1


def test_a_migration_killed_after_every_batch_goes_on(home, other, monkeypatch):
    monkeypatch.setattr(run, "_DOCUMENTS_KEPT_AT_ONCE", 1)
    kept = []

    def dying(keep):
        def keep_and_die(self, records):
            keep(self, (kept.append(record.document.path) or record for record in records))
            raise Killed

        return keep_and_die

    for target, migration, where in ((MilvusTarget, there, home), (SqliteTarget, back, other)):
        with monkeypatch.context() as patch:
            patch.setattr(target, "keep", dying(target.keep))
            for _ in range(5):
                with killed():
                    migration(where)
                with pytest.raises((IndexMissingError, PinpointError)):
                    _open(target, where)
        report = migration(where)
        assert (report.copied, report.resumed, report.differences) == (0, 5, ())
    with SqliteStore.open(home) as store:
        assert sorted(kept) == sorted([d.path for d in store.documents()] * 2)  # each once
    assert tables(other) == tables(home)


def _open(target, home):
    opened = SqliteStore.open(home) if target is SqliteTarget else open_store(home)
    with opened:
        pass


@pytest.mark.parametrize("first", range(1, 8))
def test_a_migration_killed_between_any_two_calls_goes_on(home, other, server, monkeypatch, first):
    monkeypatch.setattr(run, "_DOCUMENTS_KEPT_AT_ONCE", 2)
    server.left = first
    for _ in range(1000):
        try:
            there(home)
            break
        except Killed:
            server.left = first * 29  # further each time, from other places on
            first += 1
            end_leases(server)
        except InputError:  # killed after it was published
            break
    server.left = 10**9
    assert compare(home, "sqlite", "milvus", SETTINGS).differences == ()
    back(other)
    assert tables(other) == tables(home)


@pytest.mark.parametrize("step", ["save_derived", "put_index"])
def test_a_migration_killed_when_it_puts_the_copy_in_place_goes_on(home, other, monkeypatch, step):
    there(home)
    with monkeypatch.context() as patch:
        patch.setattr(f"index.transfer.sqlite_side.{step}", die)
        with killed():
            back(other)
    assert not (other / FILE_NAME).exists()
    assert back(other).resumed == 5
    assert tables(other) == tables(home)


def test_readers_and_syncs_turn_away_from_an_unfinished_copy(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCopy, "put_whole", die)
        with killed():
            there(home)
    told = r"fake:19530/tests: a migration into this index is not finished; go on with the"
    with pytest.raises(PinpointError, match=told), open_store(home):
        pass
    with pytest.raises(PinpointError, match=told), open_writer(home, 1):
        pass
    with pytest.raises(PinpointError, match=told):
        back(home, force=True)
    with pytest.raises(PinpointError, match=told):
        compare(home, "sqlite", "milvus", SETTINGS)
    assert there(home).resumed == 5


def test_an_index_in_the_target_is_replaced_only_by_force(home, other):
    there(home)
    with pytest.raises(InputError, match=r"holds an index; replace it with --force, or see with"):
        there(home)
    with pytest.raises(InputError, match=r"other/pinpoint.db: holds an index; replace it"):
        back(other)
        back(other)
    with open_store(home) as store:
        before = (store.meta("index_id"), store.generation())
    assert there(home, force=True).differences == ()
    with open_store(home) as store:
        assert store.meta("index_id") != before[0]
        assert store.generation() == before[1] + 1
    held = tables(other)
    assert back(other, force=True).differences == ()
    now = tables(other)
    assert {k: v for k, v in now.items() if k != "meta"} == {
        k: v for k, v in held.items() if k != "meta"
    }
    assert dict(now["meta"])["generation"] == "5"
    assert dict(now["meta"])["index_id"] != dict(held["meta"])["index_id"]


def test_an_empty_index_is_replaced(home, other):
    there(home)
    with SqliteStore.open(home) as store:
        generation = store.generation()
    with SqliteWriter.writing(other):
        pass
    assert back(other).differences == ()
    with SqliteStore.open(other) as store:
        assert store.generation() == generation


def test_a_source_that_was_changed_since_is_copied_anew(home, folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCopy, "put_whole", die)
        with killed():
            there(home)
    with monkeypatch.context() as patch:
        patch.delenv("PINPOINT_STORE")
        (folder / "new.txt").write_text("Another gate.")
        sync(home, [folder], WordEmbedder(), SETTINGS)
    report = there(home)
    assert (report.copied, report.resumed, report.differences) == (6, 0, ())


def test_the_unfinished_copy_of_another_index_is_kept(home, other, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCopy, "put_whole", die)
        with killed():
            there(home)
        patch.delenv("PINPOINT_STORE")
        (tmp_path / "more").mkdir()
        make_index(other, tmp_path / "more")
    with pytest.raises(InputError, match="holds the unfinished copy of another index; replace it"):
        there(other)
    assert there(other, force=True).differences == ()


def damaged_chunk(**changes):
    def damage(server):
        rows = server.collections["chunks 64"]
        key = next(key for key, row in sorted(rows.items()) if row["sha256"] and row["first"] == 6)
        rows[key] |= changes

    return damage


def damaged_text(server):
    parts = server.collections["parts"]
    key = next(key for key, row in parts.items() if "opens at nine" in row["content"])
    parts[key]["content"] = parts[key]["content"].replace("nine", "five")


def damaged_document(server):
    rows = server.collections["documents"]
    key = next(key for key, row in rows.items() if row["path"] == "/scans/gate.pdf")
    rows[key]["date"] = "2024-02-28"


DAMAGE = [
    (damaged_chunk(vector=[0.0] * 64), ["/scans/gate.pdf: the vectors differ"]),
    (damaged_chunk(input="00" * 32), ["/scans/gate.pdf: the passages differ"]),
    (
        damaged_chunk(text="Gate"),
        [
            f"{ADDRESS}: /scans/gate.pdf: full-text search has other words than the text",
        ],
    ),
    (damaged_document, ["/scans/gate.pdf: title, date, blocks or another field differ"]),
    (
        damaged_text,
        [
            f"{ADDRESS}: /scans/gate.pdf: the text is not the one of its SHA-256",
            f"{ADDRESS}: /scans/gate.pdf: full-text search has other words than the text",
            "/scans/gate.pdf: the text differ",
        ],
    ),
]


@pytest.mark.parametrize(("damage", "told"), DAMAGE)
def test_damage_in_the_copy_is_found_before_and_after(home, server, monkeypatch, damage, told):
    complete = MilvusCopy.put_whole

    def damaging(self, whole):
        complete(self, whole)
        damage(server)

    with monkeypatch.context() as patch:
        patch.setattr(MilvusCopy, "put_whole", damaging)
        assert list(there(home).differences) == told
    with pytest.raises(PinpointError, match="not finished"), open_store(home):
        pass
    report = there(home)  # begins anew
    assert (report.copied, report.resumed, report.differences) == (5, 0, ())
    assert compare(home, "sqlite", "milvus", SETTINGS).differences == ()
    damage(server)
    assert list(compare(home, "sqlite", "milvus", SETTINGS).differences) == told
    assert list(compare(home, "milvus", "sqlite", SETTINGS).differences) == told


def test_a_lost_row_of_the_copy_is_found(home, server):
    there(home)
    rows = server.collections["documents"]
    del rows[next(key for key, row in rows.items() if row["path"] == "/scans/gate.pdf")]
    assert list(compare(home, "sqlite", "milvus", SETTINGS).differences) == [
        "documents: 5 and 4",
        "chunks: 5 and 4",
        "partial: 1 and 0",
        "it says of itself {'documents': 5, 'chunks': 5, 'copies': 1, 'failed': 1, 'partial': 1},"
        " and {'documents': 4, 'chunks': 4, 'copies': 1, 'failed': 1, 'partial': 0} are there",
        "/scans/gate.pdf: in one of them only",
    ]


def test_a_damaged_source_is_not_copied(home):
    with closing(sqlite3.connect(home / FILE_NAME)) as db, db:
        db.execute("UPDATE texts SET text = 'something' WHERE text LIKE '%rises%'")
    with pytest.raises(IndexDamagedError, match=r"within.txt: the text is not the one of its"):
        there(home)


def test_damage_in_a_copy_in_sqlite_is_found(home, other, monkeypatch):
    there(home)
    complete = SqliteTarget.complete

    def damaging(self, whole):
        complete(self, whole)
        with closing(sqlite3.connect(other / FOLDER / FILE_NAME)) as db, db:
            db.execute("UPDATE vectors SET vector = zeroblob(256) WHERE chunk = 1")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteTarget, "complete", damaging)
        (told,) = back(other).differences
    assert told.endswith("/a.txt: the vectors differ")
    assert not (other / FILE_NAME).exists()
    assert back(other).differences == ()
    assert tables(other) == tables(home)


def test_nobody_writes_to_either_side_meanwhile(home, other, monkeypatch):
    with writers_place(home, 1), pytest.raises(IndexLockedError, match="is writing to this index"):
        there(home)
    monkeypatch.setattr("index.milvus.writer.lease", partial(lease, seconds=0.4))
    refused = []

    def write(stage, *_):
        if stage == "copying documents" and len(refused) < 2:
            for writing in (
                lambda: open_writer(home, 0),
                lambda: SqliteWriter.writing(home, timeout_seconds=0),
            ):
                with pytest.raises(IndexLockedError), writing():
                    pass
                refused.append(stage)

    assert there(home, progress=write).differences == ()
    assert len(refused) == 2
    with writers_place(other, 1), pytest.raises(IndexLockedError, match="is writing to this index"):
        back(other)
    with open_writer(home, 1), pytest.raises(IndexLockedError, match="is writing to this index"):
        back(other)


def test_a_source_that_is_changed_meanwhile_is_not_published(home, other, server):
    there(home)

    def change(stage, *_):
        ledger = server.collections["ledger"]
        if stage == "copying documents":
            for key in [key for key, row in ledger.items() if row["kind"] == "lease"]:
                del ledger[key]

    with pytest.raises(LeaseLostError):
        back(other, progress=change)
    assert not (other / FILE_NAME).exists()


def test_a_home_that_was_indexed_meanwhile_is_kept(home, other):
    there(home)

    def index(*_):
        shutil.copy(home / FILE_NAME, other / FILE_NAME)

    with pytest.raises(PinpointError, match="was changed during the migration; run the command"):
        back(other, progress=index)
    with pytest.raises(InputError, match="holds an index"):
        back(other)


def test_what_cannot_be_meant_is_refused(home, tmp_path, monkeypatch):
    monkeypatch.delenv("PINPOINT_STORE")
    with pytest.raises(InputError, match="sqlite to sqlite: nothing to do; name sqlite and milvus"):
        migrate(home, "sqlite", "sqlite", SETTINGS)
    with pytest.raises(InputError, match="not known; name it with --address milvus"):
        there(home)
    with pytest.raises(InputError, match="write it as milvus"):
        there(home, address="http://host:19530")
    with pytest.raises(IndexMissingError, match="no index in"):
        there(tmp_path / "nothing", address=ADDRESS)
    with pytest.raises(IndexMissingError, match="no index in milvus"):
        back(home, address=ADDRESS)


def test_a_batch_does_not_read_the_documents_of_those_before(home, server, monkeypatch):
    def whole_reads(batch, tenant):
        seen = []
        table = FakeServer.table

        def counted(self, name, who):
            made = table(self, name, who)
            query = made.query
            if name == "documents":
                made.query = lambda e, fields, *level: (
                    seen.append("rest" in fields) or query(e, fields, *level)
                )
            return made

        with monkeypatch.context() as patch:
            patch.setattr(run, "_DOCUMENTS_KEPT_AT_ONCE", batch)
            patch.setattr(FakeServer, "table", counted)
            connect_to(server, patch, f"{ADDRESS}{tenant}")
            there(home)
        return sum(seen)

    assert whole_reads(1, "1") == whole_reads(5, "5") > 0
