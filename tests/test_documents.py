"""The table of documents, as `Pinpoint` hands it out."""

import pytest
from archives import archive

from index.errors import IndexMissingError, InputError
from qa import listing
from qa.models import ListedDocument

TIMES = [f"2026-01-0{day}T08:00:00+00:00" for day in range(1, 9)]


@pytest.fixture
def clock(monkeypatch):
    """The time at which documents are indexed, to be set."""
    clock = {}
    monkeypatch.setattr("index.sqlite_writer._now", lambda: clock["now"])
    return clock


@pytest.fixture
def filled(pinpoint, folder, clock):
    clock["now"] = TIMES[0]
    (folder / "sub").mkdir()
    (folder / "pets.md").write_text("---\ndate: 2024-05-01\n---\n# Pets\n\nCats purr.")
    (folder / "sub" / "a.txt").write_text("Dogs bark.")
    (folder / "sub" / "b.txt").write_text("Dogs bark.")
    (folder / "film.mp4").write_bytes(b"film")
    (folder / "pack.zip").write_bytes(archive({"in/c.html": "<p>Goats bleat.</p>"}))
    pinpoint.sync(folder)
    return pinpoint


def states(pinpoint, **options):
    page = pinpoint.documents(**options)
    return {d.path.rpartition("/")[2]: d.state for d in page.documents}


def times(pinpoint):
    return {d.path.rpartition("/")[2]: d.indexed_at for d in pinpoint.documents().documents}


def test_rows_of_all_states(filled, folder):
    page = filled.documents()
    assert page.total == 5
    film, member, pets, dogs, copy = page.documents
    assert film == ListedDocument(
        path=str(folder / "film.mp4"),
        title="film",
        kind=None,
        media_type=None,
        date=None,
        size_bytes=None,
        passages=0,
        state="failed",
        causes=(film.causes[0],),
        copy_of=None,
        indexed_at=None,
        sha256=None,
    )
    assert film.causes[0].startswith("video/mp4 cannot be read yet")
    assert (member.path, member.kind) == (str(folder / "pack.zip" / "in" / "c.html"), "web")
    assert pets == ListedDocument(
        path=str(folder / "pets.md"),
        title="Pets",
        kind="markdown",
        media_type="text/markdown",
        date="2024-05-01",
        size_bytes=(folder / "pets.md").stat().st_size,
        passages=1,
        state="indexed",
        causes=(),
        copy_of=None,
        indexed_at=TIMES[0],
        sha256=filled.ask("Do cats purr?").citations[0].document.sha256,
    )
    assert (dogs.state, dogs.copy_of, dogs.passages) == ("indexed", None, 1)
    assert (copy.state, copy.copy_of, copy.passages) == ("copy", str(folder / "sub" / "a.txt"), 1)
    assert copy.sha256 == dogs.sha256


def test_a_document_whose_new_version_fails_is_one_failed_row(filled, folder):
    (folder / "pets.md").write_bytes(b"\xff\0")
    filled.sync()
    (found,) = filled.documents("pets").documents
    assert (found.state, found.title, found.passages) == ("failed", "Pets", 1)
    assert (found.indexed_at, len(found.causes)) == (TIMES[0], 1)


def test_parts_that_could_not_be_read_are_causes(filled, folder):
    (folder / "d.jsonl").write_text('{"a": "Birds sing."}\nnothing\n')
    filled.sync()
    (found,) = filled.documents("d.jsonl").documents
    (partial,) = filled.status().partial
    assert partial.path == found.path == str(folder / "d.jsonl")
    assert (found.state, found.causes) == ("partial", (partial.cause,))


def test_pages_and_order(filled):
    page = filled.documents(offset=1, limit=2)
    assert (page.total, [d.title for d in page.documents]) == (5, ["c", "Pets"])
    assert filled.documents(offset=5).documents == ()
    assert filled.documents(offset=5).total == 5
    last = filled.documents(sort="title", descending=True, limit=1)
    assert [d.title for d in last.documents] == ["Pets"]


def test_query_folders_and_kinds(filled, folder):
    assert states(filled, query="PETS") == {"pets.md": "indexed"}
    assert states(filled, folders=[folder / "pack.zip"]) == {"c.html": "indexed"}
    assert states(filled, folders=folder / "sub", kinds="text", query="B.TXT") == {"b.txt": "copy"}
    assert states(filled, folders=folder / "sub", kinds="text") == {
        "a.txt": "indexed",
        "b.txt": "copy",
    }
    assert filled.documents(kinds=["pdf"]).total == 0


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"sort": "colour"}, "cannot sort by 'colour'; sort by one of path, title, kind, date, "),
        ({"offset": -1}, "offset -1 is below 0"),
        ({"limit": 0}, "limit 0 is out of bounds; take from 1 to 1000 rows"),
        ({"limit": 1001}, "limit 1001 is out of bounds"),
        ({"query": "\ud800"}, "the query is not valid Unicode"),
        ({"kinds": ["exe"]}, "kind 'exe' is unknown"),
        ({"folders": [""]}, "a folder's path is empty"),
    ],
)
def test_what_cannot_be_asked_for(filled, options, cause):
    with pytest.raises(InputError, match=cause):
        filled.documents(**options)


def test_the_time_is_that_of_the_last_reading(filled, folder, clock):
    before = times(filled)
    assert set(before.values()) == {None, TIMES[0]}
    clock["now"] = TIMES[1]
    filled.sync()
    assert times(filled) == before
    (folder / "pets.md").touch()
    filled.sync()
    assert times(filled) == before
    (folder / "pets.md").write_text("Cats purr loudly.")
    (folder / "sub" / "b.txt").rename(folder / "sub" / "c.txt")
    filled.sync()
    after = before | {"pets.md": TIMES[1], "c.txt": TIMES[1]}
    del after["b.txt"]
    assert times(filled) == after
    clock["now"] = TIMES[2]
    filled.sync(rebuild=True)
    assert set(times(filled).values()) == {None, TIMES[2]}


def test_the_clock_tells_utc(pinpoint, folder):
    (folder / "a.txt").write_text("Cats purr.")
    pinpoint.sync(folder)
    (found,) = pinpoint.documents().documents
    assert found.indexed_at[10] == "T"
    assert found.indexed_at.endswith("+00:00")


def test_folders_and_kinds_for_a_menu(filled, folder, tmp_path):
    assert filled.kinds() == ("markdown", "text", "web")
    inner = [str(folder / name) for name in ("pack.zip", "sub")]
    assert filled.folders() == (str(folder), *inner)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "e.txt").write_text("Birds sing.")
    filled.sync(tmp_path / "other" / "e.txt")
    assert filled.folders() == (str(folder), *inner, str(tmp_path / "other" / "e.txt"))
    for number, path in enumerate(filled.folders()):
        assert filled.documents(folders=[path]).total == [5, 1, 2, 1][number]


def test_of_many_folders_the_fullest_are_named(filled, folder, monkeypatch):
    monkeypatch.setattr(listing, "MOST_FOLDERS", 2)
    assert filled.folders() == (str(folder), str(folder / "sub"))


def test_no_index(pinpoint):
    for look in (pinpoint.documents, pinpoint.folders, pinpoint.kinds):
        with pytest.raises(IndexMissingError):
            look()


def test_an_empty_index(pinpoint, folder):
    pinpoint.sync(folder)
    assert pinpoint.documents().model_dump() == {"total": 0, "documents": ()}
    assert (pinpoint.kinds(), pinpoint.folders()) == ((), (str(folder),))
