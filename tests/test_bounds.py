from datetime import date, datetime
from pathlib import Path

import pytest

from index.errors import InputError
from index.filter import Filter
from qa.bounds import MOST_FOLDERS, bounds


def test_no_bounds():
    assert bounds() == Filter()


def test_days():
    assert bounds(since="2024-01-01", until=date(2024, 2, 29)) == Filter("2024-01-01", "2024-02-29")
    assert bounds(since=datetime(2024, 1, 1, 23)) == Filter("2024-01-01")
    with pytest.raises(InputError, match="until 'May' is not a date; write it as YYYY-MM-DD"):
        bounds(until="May")
    with pytest.raises(InputError, match="since 2024-01-02 is after until 2024-01-01"):
        bounds(since="2024-01-02", until="2024-01-01")


def test_folders_are_made_absolute_and_outermost(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert bounds(folders="documents") == Filter(folders=(str(folder),))
    assert bounds(folders=Path("documents")) == bounds(folders=[f"{folder}/"])
    inner = [folder / "a.zip" / "in" / "b.md", folder / "x" / "..", folder.parent / "documentsx"]
    assert bounds(folders=inner) == Filter(folders=(str(folder), f"{folder}x"))


def test_a_link_is_looked_for_under_its_name_and_its_target(folder):
    (folder / "real").mkdir()
    (folder / "link").symlink_to(folder / "real")
    found = bounds(folders=[folder / "link"])
    assert found == Filter(folders=(str(folder / "link"), str(folder / "real")))
    below = bounds(folders=[folder / "link" / "sub"])
    assert below == Filter(folders=(str(folder / "real" / "sub"),))


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("", "a folder's path is empty; name a folder"),
        ("a\0b", "null"),
        ("~nobody-of-this-name/x", "name another path"),
        ("a\udcff", "not UTF-8"),
    ],
)
def test_paths_that_are_none(path, cause):
    with pytest.raises(InputError, match=cause):
        bounds(folders=[path])


def test_the_number_of_folders_is_bounded():
    folders = [f"/{number}" for number in range(MOST_FOLDERS)]
    assert len(bounds(folders=folders).folders) == MOST_FOLDERS
    with pytest.raises(InputError, match="201 folders are given, the limit is 200; name one above"):
        bounds(folders=[*folders, "/x"])


def test_kinds():
    assert bounds(kinds=["pdf", "PDF "]) == Filter(media_types=("application/pdf",))
    assert bounds(kinds="sheet").media_types == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv",
        "text/tab-separated-values",
    )
    known = "book, data, image, mail, markdown, notebook, pdf, sheet, slides, text, web, word"
    with pytest.raises(InputError, match=f"^kind 'exe' is unknown; the kinds are {known}$"):
        bounds(kinds=["pdf", "exe"])
