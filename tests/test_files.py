import os
from pathlib import Path

import pytest

from index.errors import InputError
from index.files import file_stat, holds_files, in_sight, is_temporary, outermost, place, walk


@pytest.fixture
def root(tmp_path):
    made = (tmp_path / "root").resolve()
    for name in ("b.txt", "a.txt", "in/c.txt", ".hidden", ".git/d.txt", "home/x.txt", "e.txt~"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name)
    return made


def names(root, roots=None, followed=(), failures=None):
    found = walk([str(r) for r in roots or [root]], followed, root / "home",
                 {} if failures is None else failures)  # fmt: skip
    return [str(Path(path).relative_to(root)) for path in found]


def test_files_are_found_sorted_but_for_hidden_temporary_and_own_ones(root):
    assert names(root) == ["a.txt", "b.txt", "in/c.txt"]


def test_a_temporary_file_that_is_named_itself_is_taken(root):
    assert names(root, [root / "e.txt~"]) == ["e.txt~"]


def test_links(root, tmp_path):
    (tmp_path / "outside.txt").write_text("x")
    (root / "out.txt").symlink_to(tmp_path / "outside.txt")
    (root / "twice.txt").symlink_to(root / "a.txt")
    (root / "folder").symlink_to(root / "in")
    (root / "loop").symlink_to(root / "loop")
    (root / "nowhere").symlink_to(root / "gone")
    assert names(root) == ["a.txt", "b.txt", "in/c.txt", "loop", "nowhere", "out.txt"]
    assert names(root, [root / "twice.txt"], [str(root)]) == []
    assert names(root, [root / "twice.txt"]) == ["twice.txt"]


def test_what_is_missing_or_has_no_name_in_unicode_is_noted(root):
    failures = {}
    with open(os.path.join(os.fsencode(root), b"\xff.txt"), "wb"):  # noqa: PTH118, PTH123
        pass
    assert names(root, [root / "in", root / "gone", root], failures=failures)[:2] == [
        *("a.txt", "b.txt")
    ]
    assert failures == {
        str(root / "gone"): "no such file or folder; to drop it: pinpoint remove PATH",
        str(root / "\ufffd.txt"): "the name is not UTF-8; rename it",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, True) for name in ("a~", "a.swp", "a.SWO", "4913", "~$a.docx", "#a#", "a.tmp")),
        *((name, True) for name in ("a.part", "a.partial", "a.crdownload", "a.download")),
        *((name, False) for name in ("a.txt", "~a", "4913.txt", "a.parts", "tmp", "#a", "a#")),
        *((name, False) for name in ("swp", "a.tmp.txt", "party.md", "a~b")),
    ],
)
def test_temporary_names(name, expected):
    assert is_temporary(name) is expected


def test_in_sight_is_what_a_walk_comes_to(root):
    every = [str(path) for path in root.rglob("*") if path.is_file()]
    seen = {path for path in every if in_sight(path, str(root), root / "home")}
    assert seen == set(walk([str(root)], [], root / "home", {}))
    assert in_sight(str(root), str(root), root / "home")
    hidden = root / ".git"
    assert in_sight(str(hidden / "d.txt"), str(hidden), root / "home")  # followed on purpose


def test_what_was_uploaded_into_the_home_is_found(root):
    home = root / ".pinpoint"
    uploads = home / "uploads"
    for name in ("pinpoint.db", "uploads/u.txt", "uploads/.half", "uploads/in/v.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    above = set(walk([str(root)], [], home, {}))
    alone = set(walk([str(uploads)], [], home, {}))
    assert alone == {str(uploads / "u.txt"), str(uploads / "in" / "v.txt")}
    assert above == alone | {
        str(root / name) for name in ("a.txt", "b.txt", "in/c.txt", "home/x.txt")
    }
    every = [str(path) for path in root.rglob("*") if path.is_file()]
    assert {path for path in every if in_sight(path, str(root), home)} == above
    below = [path for path in every if path.startswith(str(uploads))]
    assert {path for path in below if in_sight(path, str(uploads), home)} == alone


def test_a_place_is_that_of_a_link_itself(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    (root / "alias.txt").symlink_to(root / "a.txt")
    assert place(tmp_path / "link" / "alias.txt") == str(root / "alias.txt")
    assert place(root / "gone.txt") == str(root / "gone.txt")
    with pytest.raises(InputError, match="not UTF-8"):
        place("\udcff")


def test_whether_a_folder_holds_files(root):
    assert holds_files(str(root), root / "home")
    (root / "in" / "c.txt").unlink()
    assert not holds_files(str(root / "in"), root / "home")


def test_a_file_is_trusted_only_when_it_has_rested(root, monkeypatch):
    assert file_stat(root / "a.txt") is None
    monkeypatch.setattr("index.files._SETTLED_NANOSECONDS", 0)
    first = file_stat(root / "a.txt")
    assert first == file_stat(str(root / "a.txt"))
    assert first.startswith("5 ")
    os.utime(root / "a.txt", ns=(10**18, 10**18))
    assert file_stat(root / "a.txt") != first
    assert file_stat(root / "gone") is None


def test_the_outermost_of_some_paths():
    assert outermost(["/a/b", "/a", "/ab", "/a/b/c", "/a"]) == ["/a", "/ab"]
