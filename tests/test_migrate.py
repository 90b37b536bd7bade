import sqlite3
from contextlib import closing

import pytest
from contents import contents
from fakes import TermReader, WordEmbedder
from typer.testing import CliRunner

from index.backup import backup, restore
from index.check import check
from index.errors import IndexTooOldError
from index.filter import EVERYTHING
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import sync
from qa.api import Pinpoint
from ui.cli import app

# The tables as schema 2 had them.
SCHEMA_2 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE failures (path TEXT PRIMARY KEY, cause TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE archives (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, size_bytes INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT NOT NULL, date TEXT,
    media_type TEXT NOT NULL, blocks TEXT NOT NULL, text TEXT NOT NULL, authors TEXT,
    language TEXT, url TEXT, locations TEXT NOT NULL, warnings TEXT NOT NULL
);
CREATE TABLE layouts (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, layout BLOB NOT NULL
);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_date ON documents (date);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, start INTEGER NOT NULL,
    end INTEGER NOT NULL, heading TEXT NOT NULL, sentences TEXT NOT NULL,
    input_sha256 BLOB NOT NULL
);
CREATE INDEX chunks_document ON chunks (document);
CREATE INDEX chunks_input ON chunks (input_sha256);
CREATE TABLE vectors (
    chunk INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, vector BLOB NOT NULL
);
CREATE VIRTUAL TABLE passages USING fts5 (
    title, heading, body, tokenize = 'porter unicode61 remove_diacritics 2'
);
PRAGMA application_id = 0x50494E50;
PRAGMA user_version = 2;
"""
# As schema 2 was filled: every path with chunks of its own.
TO_2 = """
ATTACH ? AS new;
INSERT INTO meta SELECT * FROM new.meta WHERE key NOT IN ('counts');
INSERT INTO meta SELECT 'chunking', substr(chunked_with, 1, instr(chunked_with, '; model') - 1)
    FROM new.documents WHERE chunked_with != '' LIMIT 1;
INSERT INTO roots SELECT * FROM new.roots;
INSERT INTO documents SELECT d.id, path, size_bytes, file_sha256, d.sha256, title, date, media_type,
    blocks, text, authors, language, url, locations, warnings FROM new.documents d
    JOIN new.texts t ON t.sha256 = d.sha256 JOIN new.structures ON document = d.id;
INSERT INTO chunks SELECT c.id, c.document, c.start, c.end, c.heading, c.sentences, c.input_sha256
    FROM new.chunks c;
INSERT INTO passages (rowid, title, heading, body) SELECT rowid, title, heading, body
    FROM new.passages;
INSERT INTO vectors SELECT * FROM new.vectors;
INSERT INTO chunks SELECT 100 + d.id, d.id, c.start, c.end, c.heading, c.sentences, c.input_sha256
    FROM new.documents d JOIN new.documents o ON o.sha256 = d.sha256 AND o.id != d.id
    JOIN new.chunks c ON c.document = o.id WHERE d.chunked_with = '';
INSERT INTO passages (rowid, title, heading, body) SELECT id, '', '', 'copy' FROM chunks
    WHERE id > 100;
INSERT INTO vectors SELECT n.id, v.vector FROM chunks n JOIN chunks c ON c.id < 100
    AND c.input_sha256 = n.input_sha256 JOIN new.vectors v ON v.chunk = c.id WHERE n.id > 100;
"""


# What schema 4 brought.
TO_3 = """
ALTER TABLE documents DROP COLUMN indexed_at;
DROP INDEX documents_media_type;
PRAGMA user_version = 3;
"""


def make_3(home, name="pinpoint.db"):
    """Write the index in a home as schema 3 had it."""
    with closing(sqlite3.connect(home / name, isolation_level=None)) as db:
        db.executescript(TO_3)


def make_old(home):
    """Write the index in a home as schema 2 had it."""
    new, old = home / "pinpoint.db", home / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.executescript(SCHEMA_2)
        for statement in TO_2.split(";\n"):
            if statement.strip():
                db.execute(statement, (str(new),) if "ATTACH" in statement else ())
    old.replace(new)


@pytest.fixture
def new_home(tmp_path, folder):
    (folder / "a.md").write_text("# Cats\n\nCats purr loudly.")
    (folder / "b.md").write_text("# Cats\n\nCats purr loudly.")
    (folder / "c.txt").write_text("Dogs bark.")
    sync(tmp_path / "home", [folder], WordEmbedder(), Settings())
    return tmp_path / "home"


@pytest.fixture
def home(new_home):
    make_old(new_home)
    return new_home


def test_an_older_index_is_not_read_but_named(home):
    with pytest.raises(IndexTooOldError, match="bring it up to date with: pinpoint index"):
        SqliteStore.open(home).__enter__()


def test_an_older_index_is_brought_forward_and_nothing_embedded_again(home):
    before = (home / "pinpoint.db").read_bytes()
    embedder = WordEmbedder()
    report = sync(home, None, embedder, Settings())
    assert (report.remade, report.embedded, embedder.embedded) == (3, 0, [])
    assert report.reasons == ("files are read in another way",)
    with SqliteStore.open(home) as store:
        state = store.state()
        assert (state.generation, state.documents, state.copies, state.chunks) == (2, 3, 1, 2)
        assert len(store.search_terms('"cats"', 9)) == 1
        assert store.search_terms('"copy"', 9) == []
        assert len(store.vectors()) == 2
    pinpoint = Pinpoint(home, Settings(), embedder=embedder, reader=TermReader())
    assert pinpoint.ask("Do cats purr?").text == "Cats purr loudly. [1]"
    copy = home / "pinpoint.db.schema2"
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM documents").fetchone() == (3,)
    assert len(copy.read_bytes()) == len(before)


def test_the_command_that_is_named_brings_it_forward_beside_seeds_too(home, monkeypatch):
    monkeypatch.setattr("qa.api.load_embedder", lambda *_, **__: WordEmbedder())
    (home.parent / "seeds").mkdir()
    result = CliRunner().invoke(app, ["index", "--home", str(home)])
    assert result.exit_code == 0
    assert "3 made anew" in result.stdout


def tables(folder):
    with closing(sqlite3.connect(folder / "pinpoint.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master ORDER BY name")]
        return {
            name: sorted(row[1:] for row in db.execute(f"PRAGMA table_xinfo({name})"))
            for name in names
            if not name.startswith("sqlite_")
        }


@pytest.mark.parametrize("make", [make_old, make_3])
def test_the_new_schema_is_that_of_a_new_index(new_home, make):
    new = tables(new_home)
    make(new_home)
    assert tables(new_home) != new
    sync(new_home, None, WordEmbedder(), Settings())
    assert tables(new_home) == new


def times(home):
    with SqliteStore.open(home) as store:
        listing = store.listing()
        paths = listing.paths("", EVERYTHING, "path", descending=False)
        return [row.indexed_at for row in listing.rows(paths)]


def test_schema_3_is_brought_forward_as_it_is(new_home, folder, monkeypatch):
    before = contents(new_home, WordEmbedder())
    make_3(new_home)
    with pytest.raises(IndexTooOldError, match="schema 3, this one knows 4"):
        SqliteStore.open(new_home).__enter__()
    embedder = WordEmbedder()
    report = sync(new_home, None, embedder, Settings())
    assert (report.unchanged, report.remade, embedder.embedded) == (3, 0, [])
    assert contents(new_home, WordEmbedder()) == before
    with SqliteStore.open(new_home) as store:
        assert store.generation() == 1
    assert times(new_home) == [None, None, None]
    monkeypatch.setattr("index.sqlite_writer._now", lambda: "2026-01-02T03:04:05+00:00")
    (folder / "c.txt").write_text("Dogs howl.")
    sync(new_home, None, embedder, Settings())
    assert times(new_home) == [None, None, "2026-01-02T03:04:05+00:00"]
    with closing(sqlite3.connect(new_home / "pinpoint.db.schema3")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (3,)


def test_a_backup_of_schema_3_is_brought_forward(new_home, tmp_path):
    before = contents(new_home, WordEmbedder())
    backup(new_home, tmp_path / "old.db")
    make_3(tmp_path, "old.db")
    report = restore(tmp_path / "other", tmp_path / "old.db", Settings())
    assert report.problems == ()
    assert contents(tmp_path / "other", WordEmbedder()) == before
    assert times(tmp_path / "other") == [None, None, None]
    assert check(tmp_path / "other", Settings()).problems == ()


def test_a_migration_that_fails_leaves_the_old_index(home):
    def content():
        with closing(sqlite3.connect(home / "pinpoint.db")) as db:
            return list(db.iterdump())

    before = content()
    with pytest.raises(RuntimeError), SqliteWriter.writing(home):
        raise RuntimeError
    assert content() == before


def test_a_schema_that_is_too_old_is_refused(home):
    with closing(sqlite3.connect(home / "pinpoint.db")) as db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(IndexTooOldError, match=r"schema 1, the oldest this one can read is 2"):
        sync(home, None, WordEmbedder(), Settings())
