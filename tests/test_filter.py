import sqlite3

import pytest

from index.filter import EVERYTHING, Filter
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync
from qa.bounds import MOST_FOLDERS

ROWS = [
    ("/a/b", None, "text/plain"),
    ("/a/b/one.pdf", "2024-01-01", "application/pdf"),
    ("/a/b/pack.zip/in/two.md", "2024-06-01", "text/markdown"),
    ("/a/bc/three.md", "2024-01-01", "text/markdown"),
    ("/a/b.md", "2023-12-31", "text/markdown"),
    ("/a/B/four.md", None, "text/markdown"),
    ("/a/b0/five.md", None, "text/markdown"),
]


def matching(within):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE documents (path, date, media_type)")
    db.executemany("INSERT INTO documents VALUES (?, ?, ?)", ROWS)
    where, values = within.where("o")
    found = db.execute(f"SELECT path FROM documents o WHERE {where} ORDER BY rowid", values)
    paths = [path for (path,) in found]
    db.close()
    return paths


@pytest.mark.parametrize(
    ("within", "numbers"),
    [
        (Filter(), [0, 1, 2, 3, 4, 5, 6]),
        (Filter(since="2024-01-01"), [1, 2, 3]),
        (Filter(until="2024-01-01"), [1, 3, 4]),
        (Filter(folders=("/a/b",)), [0, 1, 2]),
        (Filter(folders=("/a/b/one.pdf",)), [1]),
        (Filter(folders=("/a/b/pack.zip",)), [2]),
        (Filter(folders=("/a/b/pack.zip/in",)), [2]),
        (Filter(folders=("/",)), [0, 1, 2, 3, 4, 5, 6]),
        (Filter(folders=("/a/B", "/a/bc")), [3, 5]),
        (Filter(folders=("/a/%",)), []),
        (Filter(media_types=("text/markdown", "application/pdf")), [1, 2, 3, 4, 5, 6]),
        (Filter("2024-01-01", "2024-01-31", ("/a/b",), ("application/pdf",)), [1]),
        (Filter("2024-01-01", "2024-01-31", ("/a/b",), ("text/markdown",)), []),
        (Filter("2024-01-01", None, ("/a/b", "/a/bc"), ("text/markdown",)), [2, 3]),
    ],
)
def test_all_bounds_hold_together(within, numbers):
    assert matching(within) == [ROWS[number][0] for number in numbers]


def test_as_many_folders_as_may_be_given_are_not_too_many():
    folders = [f"/{number:03}/{name}" for number in range(MOST_FOLDERS) for name in "ab"]
    assert matching(Filter(folders=("/a/b", *folders))) == [row[0] for row in ROWS[:3]]


def test_only_no_bound_at_all_is_false():
    assert not EVERYTHING
    assert not Filter()
    assert Filter(since="2024-01-01")
    assert Filter(media_types=("text/plain",))


@pytest.fixture
def store(tmp_path, folder, embedder):
    for place in ("a", "b"):
        (folder / place).mkdir()
    (folder / "a" / "one.md").write_text("---\ndate: 2023-01-01\n---\n\nCats purr.")
    (folder / "a" / "one.txt").write_text("Dogs bark.")
    (folder / "b" / "2024-01-01.md").write_text("Dogs bark.")
    (folder / "b" / "two.txt").write_text("Dogs howl.")
    sync(tmp_path / "home", [folder], embedder, Settings())
    with SqliteStore.open(tmp_path / "home") as opened:
        yield opened


def test_a_copy_within_all_bounds_is_the_one_that_is_named(store, folder):
    paths = {document.path: document.rowid for document in store.documents()}
    held, copy = paths[str(folder / "a" / "one.txt")], str(folder / "b" / "2024-01-01.md")

    def cited(**bounds):
        return [d.path for d in store.copies_within([held], Filter(**bounds)).values()]

    assert cited() == [str(folder / "a" / "one.txt")]
    assert cited(folders=(str(folder / "b"),)) == [copy]
    assert cited(media_types=("text/markdown",)) == [copy]
    assert cited(since="2024-01-01", folders=(str(folder / "b"),)) == [copy]
    # One copy is of that kind and another in that folder, but none is both.
    assert cited(folders=(str(folder / "a"),), media_types=("text/markdown",)) == []


def test_both_searches_find_a_text_by_any_of_its_copies(store, folder):
    within = Filter(folders=(str(folder / "b"),), media_types=("text/markdown",))
    (chunk,) = store.chunk_ids_within(within).tolist()
    assert store.bodies([chunk]) == {chunk: "Dogs bark."}
    assert [c for c, _ in store.search_terms('"dogs"', 9, within)] == [chunk]
    assert len(store.search_terms('"dogs" OR "cats"', 9)) == 3
    nowhere = Filter(folders=(str(folder / "a"),), media_types=("text/markdown",))
    assert store.search_terms('"dogs"', 9, nowhere) == []
    (other,) = store.chunk_ids_within(nowhere).tolist()
    assert store.bodies([other]) == {other: "Cats purr."}


def test_a_folder_is_looked_up_in_the_index_over_paths(store, folder):
    where, values = Filter(folders=(str(folder), "/elsewhere")).where("o")
    plan = store._db.execute(
        f"EXPLAIN QUERY PLAN SELECT o.sha256 FROM documents o WHERE {where}", values
    )
    told = " ".join(row[3] for row in plan)
    assert "SCAN" not in told
    assert "USING INDEX sqlite_autoindex_documents_1 (path>? AND path<?)" in told
