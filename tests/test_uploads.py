"""Uploaded files come whole, under safe names, and over no other file."""

import errno

import pytest

from index.errors import PinpointError
from ui.uploads import Refused, Uploads, uploads_folder


def put(home, *files, limit_bytes=100, replace=False):
    with Uploads(home, limit_bytes, replace=replace) as uploads:
        for name, content in files:
            uploads.begin(name)
            for at in range(0, len(content), 7):
                uploads.write(content[at : at + 7])
            uploads.end()
    return [path.name for path in uploads.saved], uploads.refused


@pytest.fixture
def home(tmp_path):
    return tmp_path.resolve() / "home"


@pytest.fixture
def kept(home):
    """Everything in the folder, name to bytes."""
    return lambda: {p.name: p.read_bytes() for p in uploads_folder(home).iterdir()}


def test_a_file_is_kept(home, kept):
    assert put(home, ("in/notes.txt", b"The gate opens at nine.")) == (["notes.txt"], [])
    assert kept() == {"notes.txt": b"The gate opens at nine."}
    assert uploads_folder(home) == home / "uploads"


def test_nothing_leaves_the_folder(home, kept, tmp_path):
    sent = ["../../out.txt", str(tmp_path / "out.txt"), "..\\out.txt", "..%2f..%2fout.txt"]
    saved, refused = put(home, *((name, name.encode()) for name in sent))
    assert saved == ["out.txt", "out (2).txt", "out (3).txt", "%2f..%2fout.txt"]
    assert refused == []
    assert len(kept()) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    assert [path.name for path in home.iterdir()] == ["uploads"]


def test_another_file_of_the_same_name_gets_a_number(home, kept):
    put(home, ("a.txt", b"one"))
    assert put(home, ("a.txt", b"two"), ("a.txt", b"three")) == (["a (2).txt", "a (3).txt"], [])
    assert kept() == {"a.txt": b"one", "a (2).txt": b"two", "a (3).txt": b"three"}


def test_the_same_file_again_is_not_kept_twice(home, kept):
    put(home, ("a.txt", b"one"), ("a.txt", b"two"))
    assert put(home, ("a.txt", b"one"), ("a.txt", b"two")) == (["a.txt", "a (2).txt"], [])
    assert kept() == {"a.txt": b"one", "a (2).txt": b"two"}


def test_a_file_takes_the_place_of_another_if_the_person_says_so(home, kept):
    put(home, ("a.txt", b"one"))
    # Two of one upload never replace each other.
    saved = put(home, ("x/a.txt", b"two"), ("y/a.txt", b"three"), replace=True)
    assert saved == (["a.txt", "a (2).txt"], [])
    assert kept() == {"a.txt": b"two", "a (2).txt": b"three"}


@pytest.mark.parametrize("replace", [False, True])
def test_a_link_in_the_folder_is_never_written_through(home, kept, tmp_path, replace):
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    uploads_folder(home).mkdir(parents=True)
    (uploads_folder(home) / "a.txt").symlink_to(outside)
    saved, _ = put(home, ("a.txt", b"new"), replace=replace)
    assert saved == (["a.txt"] if replace else ["a (2).txt"])
    assert outside.read_text() == "mine"
    assert kept()[saved[0]] == b"new"


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_of_the_same_name_stays(home, replace):
    (uploads_folder(home) / "a.txt").mkdir(parents=True)
    assert put(home, ("a.txt", b"new"), replace=replace) == (["a (2).txt"], [])


def test_a_large_file_is_refused_and_the_others_are_kept(home, kept):
    saved, refused = put(
        home, ("big.txt", b"x" * 101), ("full.txt", b"y" * 100), ("b.txt", b"z"), limit_bytes=100
    )
    assert saved == ["full.txt", "b.txt"]
    cause = "larger than 100 bytes; raise max_file_bytes"
    assert refused == [Refused(name="big.txt", cause=cause)]
    assert sorted(kept()) == ["b.txt", "full.txt"]


def test_kinds_that_cannot_be_read_are_refused_with_the_way_out(home, kept):
    saved, refused = put(
        home,
        ("song.mp3", b"x"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("all.tar.gz", b"\x1f\x8b12"),
        ("~$a.docx", b"x"),
        ("packed.zip", b"PK\x05\x06" + b"\0" * 18),
    )
    assert saved == ["packed.zip"]
    assert [refusal.name for refusal in refused] == [
        "song.mp3",
        "old.doc",
        "all.tar.gz",
        "~$a.docx",
    ]
    causes = [refusal.cause for refusal in refused]
    assert causes[0].startswith("audio/mpeg cannot be read yet; convert it to one of .csv, ")
    assert causes[1].endswith("save it without one as .docx, .pptx or .xlsx")
    assert causes[2] == (
        "application/gzip cannot be read yet; unpack it, or pack its files as .zip"
    )
    assert causes[3] == "files named like ~$a.docx are passed over as temporary; rename it"
    assert list(kept()) == ["packed.zip"]


def test_half_a_file_is_dropped(home, kept):
    with Uploads(home, 100) as uploads:
        uploads.begin("a.txt")
        uploads.write(b"half")
        assert [name.startswith(".") for name in kept()] == [True]
    assert (kept(), uploads.saved, uploads.refused) == ({}, [], [])


def test_a_full_disk_is_told(home, kept, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ui.uploads.os.open", full)
    words = "cannot be written (No space left on device); make room, or check its permissions"
    with pytest.raises(PinpointError) as caught:
        put(home, ("a.txt", b"one"))
    assert str(caught.value) == f"{home / 'uploads'}: {words}"
    assert kept() == {}


def test_a_home_that_cannot_be_written_is_told(home):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file")
    with pytest.raises(PinpointError, match=r"uploads: cannot be written \("):
        put(home, ("a.txt", b"one"))
