"""Each thing that an index holds is broken by hand, seen, and made whole where it can be."""

import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from contents import contents
from fakes import WordEmbedder

from index.check import check
from index.database import FILE_NAME
from index.dense import DenseIndex
from index.derived import save_derived
from index.errors import IndexDamagedError, IndexLockedError, IndexMissingError
from index.lexical import LexicalIndex
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import remove, sync

SETTINGS = Settings(extract_processes=1, chunk_tokens=32)
LONG = " ".join(f"Sentence {number} tells of the red lamp at night." for number in range(12))
INDEX = "pinpoint index"


@pytest.fixture
def home(tmp_path, folder):
    (folder / "a.txt").write_text("The old gate stands north of the river.")
    (folder / "b.txt").write_text("The old gate stands north of the river.")
    (folder / "long.md").write_text(f"# Lamps\n\n## Red\n\n{LONG}\n\n- An item\n")
    made = tmp_path / "home"
    sync(made, [folder], WordEmbedder(), SETTINGS)
    return made


def run(home, statement, *values):
    """Change the database behind Pinpoint's back."""
    with closing(sqlite3.connect(home / FILE_NAME)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(statement, values)


def files(home):
    return {path.name: path.read_bytes() for path in home.iterdir()}


def told(report):
    return {(problem.part, problem.repaired) for problem in report.problems}


def test_a_whole_index_is_counted_and_not_written(home):
    before = files(home)
    report = check(home, SETTINGS, embedder=WordEmbedder())
    assert report.problems == ()
    assert report.whole
    assert report.skipped == ()
    chunks = report.checked["chunks"]
    assert chunks > 4
    assert report.checked == {
        **{"texts": 2, "documents": 3, "chunks": chunks, "vectors": chunks},
        "full-text rows": chunks,
    }
    assert report.generation == 1
    assert files(home) == before


def test_without_the_tokenizer_it_says_what_it_did_not_compare(home):
    report = check(home, SETTINGS)
    assert report.skipped == ("whether texts are still cut into the same chunks; see: --deep",)


MENDED = {
    "counts": ("UPDATE meta SET value = '{\"documents\": 9}' WHERE key = 'counts'", "counts"),
    "row body": ("UPDATE passages SET body = 'other' WHERE rowid = 1", "full text"),
    "row title": ("UPDATE passages SET title = 'other' WHERE rowid = 1", "full text"),
    "row gone": ("DELETE FROM passages WHERE rowid = 1", "full text"),
    "row too many": ("INSERT INTO passages (rowid, body) VALUES (999, 'x')", "full text"),
    "words": ("DELETE FROM passages_data WHERE id > 10", "full text"),
    "generation": ("DELETE FROM generations WHERE generation = 1", "generations"),
    "last chunk": ("INSERT INTO generations VALUES (0, 999)", "generations"),
    "removed": ("INSERT INTO removed_chunks VALUES (1, 1)", "generations"),
    "orphan": ("INSERT INTO vectors VALUES (999, x'00000000')", "database"),
}


@pytest.mark.parametrize(("statement", "part"), MENDED.values(), ids=MENDED)
def test_what_is_derived_is_made_anew(home, statement, part):
    expected = contents(home, WordEmbedder())
    if part == "generations":
        run(home, "INSERT INTO generations VALUES (2, 2)")
        run(home, "UPDATE meta SET value = '2' WHERE key = 'generation'")
        statement = statement.replace("generation = 1", "generation = 2")
    run(home, statement)
    broken = files(home)
    looked = check(home, SETTINGS, repair=False)
    assert told(looked) == {(part, False)}
    assert not looked.whole
    assert files(home) == broken
    mended = check(home, SETTINGS)
    assert told(mended) == {(part, True)}
    assert mended.whole
    assert check(home, SETTINGS, embedder=WordEmbedder()).problems == ()
    assert contents(home, WordEmbedder()) == expected


ZEROS, SHORT = np.zeros(64, np.float32).tobytes(), np.ones(1, np.float32).tobytes()
NAN = np.full(64, np.nan, np.float32).tobytes()
ODD = (np.eye(64, dtype=np.float32)[0] * 1.01).tobytes()
REMADE = {
    "vector gone": ("DELETE FROM vectors WHERE chunk = 1", "vectors"),
    "vector of zeros": ("UPDATE vectors SET vector = ? WHERE chunk = 3", "vectors", ZEROS),
    "vector of no numbers": ("UPDATE vectors SET vector = ? WHERE chunk = 3", "vectors", NAN),
    "short vector": ("UPDATE vectors SET vector = ? WHERE chunk = 3", "vectors", SHORT),
    "long vector": ("UPDATE vectors SET vector = ? WHERE chunk = 3", "vectors", ODD),
    "end": ("UPDATE chunks SET end = 9999 WHERE id = 1", "chunks"),
    "start": ("UPDATE chunks SET start = 1 WHERE id = 1", "chunks"),
    "sentences": ("UPDATE chunks SET sentences = '[[0, 5], [3, 39]]' WHERE id = 1", "chunks"),
    "no JSON": ("UPDATE chunks SET sentences = '[[' WHERE id = 1", "chunks"),
    "heading": ("UPDATE chunks SET heading = '[\"Else\"]' WHERE id = 3", "chunks"),
    "chunk gone": ("DELETE FROM chunks WHERE id = 3", "chunks"),
    "vector is a number": ("UPDATE vectors SET vector = 7 WHERE chunk = 3", "chunks"),
    "of nobody": ("UPDATE chunks SET document = 99 WHERE id = 1", "chunks"),
    "other holder": ("UPDATE chunks SET document = 2 WHERE id = 1", "chunks"),
    "not cut": ("UPDATE documents SET chunked_with = '' WHERE path LIKE '%a.txt'", "chunks"),
    "copy cut": ("UPDATE documents SET chunked_with = 'x' WHERE path LIKE '%b.txt'", "chunks"),
}


@pytest.mark.parametrize(("statement", "part", "values"),
                         [(s, p, v) for s, p, *v in REMADE.values()], ids=REMADE)  # fmt: skip
def test_damaged_chunks_and_vectors_are_made_anew_by_the_next_sync(home, statement, part, values):
    expected = contents(home, WordEmbedder())
    run(home, statement, *values)
    before = files(home)
    looked = check(home, SETTINGS, repair=False)
    assert (part, False) in told(looked)
    assert files(home) == before
    mended = check(home, SETTINGS)
    assert not mended.whole
    assert {p.way_out for p in mended.problems if not p.repaired and p.part == part} == {INDEX}
    embedder = WordEmbedder()
    report = sync(home, None, embedder, SETTINGS)
    assert report.remade >= 1
    assert check(home, SETTINGS, embedder=WordEmbedder()).problems == ()
    assert contents(home, WordEmbedder()) == expected


def test_an_input_hash_is_compared_only_with_the_tokenizer(home):
    run(home, "UPDATE chunks SET input_sha256 = x'00' WHERE id = 1")
    assert check(home, SETTINGS).problems == ()
    report = check(home, SETTINGS, embedder=WordEmbedder())
    assert [problem.part for problem in report.problems] == ["chunks"]
    sync(home, None, WordEmbedder(), SETTINGS)
    assert check(home, SETTINGS, embedder=WordEmbedder()).problems == ()


LEFT = {
    "text": ("UPDATE texts SET text = 'The new gate' || substr(text, 13) WHERE id = 1", "texts"),
    "hash": ("UPDATE texts SET sha256 = 'abc' WHERE id = 1", "texts"),
    "text gone": ("DELETE FROM texts WHERE id = 1", "documents"),
    "structure gone": ("DELETE FROM structures WHERE document = 1", "documents"),
    "structure damaged": ("UPDATE structures SET blocks = '[[' WHERE document = 1", "documents"),
    "places damaged": ("UPDATE structures SET locations = '[[1]]' WHERE document = 1", "documents"),
    "warnings damaged": ("UPDATE documents SET warnings = 'x' WHERE id = 1", "documents"),
    "counts damaged": ("UPDATE meta SET value = '[' WHERE key = 'counts'", "database"),
    "generation damaged": ("UPDATE meta SET value = 'x' WHERE key = 'generation'", "database"),
    "model damaged": ("UPDATE meta SET value = '{}' WHERE key = 'embedder'", "database"),
    "log damaged": ("UPDATE generations SET last_chunk = 'x'", "database"),
    "text of nobody": ("INSERT INTO texts (sha256, text) VALUES (?, ?)", "texts",
                       "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "a"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "part", "values"),
                         [(s, p, v) for s, p, *v in LEFT.values()], ids=LEFT)  # fmt: skip
def test_what_is_not_derived_is_left_and_the_way_out_is_named(home, statement, part, values):
    run(home, statement, *values)
    report = check(home, SETTINGS)
    assert (part, False) in told(report)
    assert all(problem.way_out for problem in report.problems if not problem.repaired)


def test_a_damaged_structure_comes_back_from_its_file(home, folder):
    expected = contents(home, WordEmbedder())
    run(home, "UPDATE structures SET blocks = '[[' WHERE document = 3")
    (problem,) = check(home, SETTINGS).problems
    assert problem.way_out == "pinpoint remove PATH, then: pinpoint index"
    remove(home, [folder / "long.md"], WordEmbedder(), SETTINGS)
    sync(home, None, WordEmbedder(), SETTINGS)
    assert check(home, SETTINGS).problems == ()
    assert contents(home, WordEmbedder()) == expected


def test_what_only_the_look_after_the_repair_finds_is_told(home, monkeypatch):
    """Where a repair does half its work."""
    drop = "DELETE FROM chunks WHERE document NOT IN (SELECT id FROM documents)"
    monkeypatch.setattr(SqliteWriter, "remove_orphans", lambda store: store._db.execute(drop))
    run(home, "UPDATE chunks SET document = 99 WHERE id = 1")
    report = check(home, SETTINGS)
    assert ("full text", False) in told(report)
    assert not report.whole


def test_a_damaged_text_comes_back_from_its_file(home, folder):
    expected = contents(home, WordEmbedder())
    run(home, "UPDATE texts SET text = 'The new gate' || substr(text, 13) WHERE id = 1")
    (problem,) = check(home, SETTINGS).problems
    assert problem.way_out == "pinpoint remove PATH, then: pinpoint index"
    assert f"{folder / 'a.txt'}, {folder / 'b.txt'}" in problem.what
    remove(home, [folder / "a.txt", folder / "b.txt"], WordEmbedder(), SETTINGS)
    sync(home, None, WordEmbedder(), SETTINGS)
    assert check(home, SETTINGS).problems == ()
    assert contents(home, WordEmbedder()) == expected


def test_vectors_of_another_model_are_seen(home):
    run(home, "UPDATE meta SET value = 'other' WHERE key = 'model'")
    report = check(home, SETTINGS)
    assert {p.way_out for p in report.problems} == {INDEX, f"{INDEX} --rebuild"}


FAISS = {
    "file gone": lambda home: (home / "vectors.faiss").unlink(),
    "stamp gone": lambda home: (home / "vectors.json").unlink(),
    "both gone": lambda home: [(home / f"vectors.{e}").unlink() for e in ("faiss", "json")],
    "a byte": lambda home: flip(home / "vectors.faiss"),
    "another index": lambda home: edit_stamp(home, index_id="other"),
    "no stamp": lambda home: (home / "vectors.json").write_text("[]"),
}


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def edit_stamp(home, **changes):
    stamp = json.loads((home / "vectors.json").read_text())
    (home / "vectors.json").write_text(json.dumps(stamp | changes))


@pytest.mark.parametrize("damage", FAISS.values(), ids=FAISS)
def test_the_faiss_file_is_made_anew(home, damage):
    damage(home)
    assert told(check(home, SETTINGS, repair=False)) == {("FAISS", False)}
    assert told(check(home, SETTINGS)) == {("FAISS", True)}
    assert check(home, SETTINGS).problems == ()


def test_a_stamped_faiss_file_with_other_vectors_is_seen(home):
    import faiss

    index = faiss.read_index(str(home / "vectors.faiss"))
    index.remove_ids(np.array([1]))
    index.add_with_ids(np.frombuffer(ODD, np.float32)[np.newaxis], np.array([1]))
    faiss.write_index(index, str(home / "vectors.faiss"))
    import hashlib

    digest = hashlib.sha256((home / "vectors.faiss").read_bytes()).hexdigest()
    edit_stamp(home, sha256=digest)
    (problem,) = check(home, SETTINGS, repair=False).problems
    assert problem.what == "1 vectors are not those of the database"
    assert told(check(home, SETTINGS)) == {("FAISS", True)}
    assert check(home, SETTINGS).problems == ()


def test_an_index_of_sqlite_is_made_anew(home):
    sound = "CREATE INDEX documents_date ON documents (date)"
    for sql in (f"{sound} WHERE id < 0", sound):  # while it is partial, it does not follow
        with closing(sqlite3.connect(home / FILE_NAME)) as db, db:
            db.execute("PRAGMA writable_schema = ON")
            db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'documents_date'", (sql,))
        run(home, "UPDATE documents SET date = '2024-05-01' WHERE id = 1 AND ? LIKE '%<%'", sql)
    report = check(home, SETTINGS)
    assert ("database", True) in told(report)
    assert check(home, SETTINGS).problems == ()


def test_damaged_pages_are_told_with_the_way_out(home):
    content = bytearray((home / FILE_NAME).read_bytes())
    half = len(content) // 2
    content[half:] = bytes(len(content) - half)
    (home / FILE_NAME).write_bytes(content)
    report = check(home, SETTINGS)
    assert ("database", False) in told(report)
    assert {p.way_out for p in report.problems if p.part == "database"} == {
        "pinpoint restore FILE, or move pinpoint.db away and run: pinpoint index PATH"
    }


def test_very_many_problems_are_counted(home):
    run(home, "DELETE FROM passages")
    run(home, "INSERT INTO passages (rowid, body) SELECT value, 'x' FROM"
        " (WITH RECURSIVE n(value) AS (SELECT 100 UNION ALL SELECT value + 1 FROM n LIMIT 50)"
        " SELECT value FROM n)")  # fmt: skip
    problems = check(home, SETTINGS).problems
    chunks = check(home, SETTINGS).checked["chunks"]
    assert len(problems) == 21
    assert problems[-1].what == f"and {chunks + 30} more of this kind"
    assert problems[-1].repaired


def test_a_missing_or_foreign_index_is_refused(tmp_path, home):
    with pytest.raises(IndexMissingError):
        check(tmp_path / "nowhere", SETTINGS)
    assert not (tmp_path / "nowhere").exists()
    (home / FILE_NAME).write_bytes(b"not a database" * 100)
    with pytest.raises(IndexDamagedError):
        check(home, SETTINGS)


def test_another_writer_is_named(home):
    settings = SETTINGS.model_copy(update={"lock_timeout_seconds": 0.0})
    with SqliteWriter.writing(home), pytest.raises(IndexLockedError, match=r"process \d+"):
        check(home, settings)


def test_a_copy_of_the_home_is_as_whole(home, tmp_path):
    shutil.copytree(home, tmp_path / "copy")
    assert check(tmp_path / "copy", SETTINGS).problems == ()


TANTIVY = {
    "stamp gone": lambda home: (home / "terms.json").unlink(),
    "file gone": lambda home: (home / "terms.tantivy" / "meta.json").unlink(),
    "a byte": lambda home: flip(largest(home / "terms.tantivy")),
}


def largest(folder):
    return max(folder.iterdir(), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("damage", TANTIVY.values(), ids=TANTIVY)
def test_tantivy_files_are_made_anew(home, monkeypatch, damage):
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 1)
    save_derived(home)
    assert check(home, SETTINGS).problems == ()
    damage(home)
    assert told(check(home, SETTINGS, repair=False)) == {("Tantivy", False)}
    assert told(check(home, SETTINGS)) == {("Tantivy", True)}
    assert check(home, SETTINGS).problems == ()


def test_tantivy_files_that_hold_other_chunks_are_seen(home, monkeypatch):
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 1)
    right = SqliteStore.searched_texts

    def another(store, ids):
        return [(chunk + 99 * (chunk == 1), text) for chunk, text in right(store, ids)]

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "searched_texts", another)
        save_derived(home)
    (problem,) = check(home, SETTINGS).problems
    assert problem.what.startswith("holds ")
    assert problem.what.endswith(f" chunks that are not the {problem.what.split()[1]}")
    assert problem.repaired
    assert check(home, SETTINGS).problems == ()


def test_tantivy_files_made_of_wrong_rows_are_made_anew_with_them(home, monkeypatch):
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 1)
    run(home, "UPDATE passages SET body = 'other' WHERE rowid = 1")
    save_derived(home)
    assert told(check(home, SETTINGS)) == {("full text", True)}
    with SqliteStore.open(home) as store:
        assert [chunk for chunk, _ in LexicalIndex.load(store).search(["gate"], 9)] == [1]


def test_vectors_in_lists_are_compared_but_for_rounding(home, monkeypatch):
    monkeypatch.setattr("index.dense_base.EXACT_LIMIT", 5)
    monkeypatch.setattr("index.dense_base._LISTS_PER_ROOT", 1)
    (home / "vectors.faiss").unlink()
    save_derived(home)
    with SqliteStore.open(home) as store:
        assert DenseIndex.load(store).made.kind == "approximate"
    assert check(home, SETTINGS).problems == ()
    monkeypatch.setattr("index.check_derived._ROUGH", 1.1)
    (problem,) = check(home, SETTINGS, repair=False).problems
    assert problem.what.endswith("vectors are not those of the database")
