import io
import struct
import warnings
import zipfile

import pytest
from archives import archive, encrypted, link, renamed

from index.errors import LoadError
from index.members import Member, members
from index.settings import Settings


def read(content, held=(), **settings):
    """Name to content or cause; the cause without its way out."""
    found = members("/d/a.zip", content, Settings(**settings), held)
    return {
        member.path.removeprefix("/d/a.zip/"): member.content or (member.cause or "").split(";")[0]
        for member in found
    }


def test_members_come_in_order_without_folders_and_dot_names():
    made = {"b.txt": "B.", "in/": "", "in/a.txt": "A.", ".x": "", "__MACOSX/._b.txt": "x"}
    assert list(members("/d/a.zip", archive(made), Settings())) == [
        Member("/d/a.zip/b.txt", b"B."),
        Member("/d/a.zip/in/a.txt", b"A."),
    ]
    assert read(archive({})) == {}


def test_names_have_plain_slashes_and_no_idle_parts():
    made = archive({"./a//b.txt": "1", "c\\d.txt": "2", "e\\": ""})
    assert read(made) == {"a/b.txt": b"1", "c/d.txt": b"2"}


def test_names_in_utf_8_and_in_the_old_code_page():
    assert read(archive({"Zoë.txt": "1"})) == {"Zoë.txt": b"1"}
    unflagged = renamed(archive({"Zo##.txt": "1"}), b"Zo##", "Zoë".encode())
    assert read(unflagged) == {"Zoë.txt": b"1"}
    assert read(renamed(unflagged, "Zoë".encode(), b"Zo\x89\x81")) == {"Zoëü.txt": b"1"}


def test_a_name_that_says_utf_8_and_is_not_refuses_the_archive():
    broken = renamed(archive({"Zoë.txt": "1"}), "Zoë".encode(), b"Zo\xff\xff")
    with pytest.raises(LoadError, match=r"damaged ZIP file \(UnicodeDecodeError"):
        read(broken)


@pytest.mark.parametrize(
    "name", ["../x.txt", "a/../../x.txt", "/etc/x.txt", "..\\x.txt", "C:\\x.txt", "\\\\host\\x"]
)
def test_names_that_point_outside_are_listed(name):
    shown = name.replace("\\", "/")
    assert read(archive({name: "x", "b.txt": "B."})) == {
        shown: "its name points outside the archive",
        "b.txt": b"B.",
    }


def test_links_and_devices_are_listed():
    device = link("device")
    device.external_attr = 0o020644 << 16
    assert read(archive({link("link"): "/etc/passwd", device: ""})) == {
        "link": "a link",
        "device": "not a file (a device, pipe or socket)",
    }


def test_an_encrypted_member_is_listed():
    assert read(encrypted(archive({"a.txt": "A.", "b.txt": "B."}))) == {
        "a.txt": "encrypted with a password",
        "b.txt": b"B.",
    }


def test_an_unusual_packing_is_listed():
    made = archive({"a.txt": "A." * 99}, zipfile.ZIP_LZMA)
    assert read(made) == {"a.txt": "packed in an unusual way"}


def test_a_damaged_member_costs_that_member_only():
    made = archive({"a.txt": "All is well.", "b.txt": "B."}, zipfile.ZIP_STORED)
    assert read(made.replace(b"All is well.", b"All is lost.")) == {
        "a.txt": "damaged ZIP file (BadZipFile: Bad CRC-32 for file 'a.txt')",
        "b.txt": b"B.",
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(9)])
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(LoadError, match="damaged ZIP file"):
        read(content)


def test_the_later_one_of_two_members_of_a_name_counts():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so when it writes them
        made.writestr("a.txt", "old")
        made.writestr("a.txt", "new")
    assert read(content.getvalue()) == {"a.txt": b"new"}


def test_archives_in_archives_down_to_a_depth():
    third = archive({"c.txt": "C."})
    made = archive({"a.txt": "A.", "2.zip": archive({"b.txt": "B.", "3.zip": third})})
    assert read(made) == {"a.txt": b"A.", "2.zip/b.txt": b"B.", "2.zip/3.zip/c.txt": b"C."}
    assert read(made, archive_max_depth=2) == {
        "a.txt": b"A.",
        "2.zip/b.txt": b"B.",
        "2.zip/3.zip": "an archive in 2 others",
    }


def test_one_path_in_two_ways_is_listed_once_and_read_once():
    made = archive({"2.zip": archive({"b.txt": "first"}), "2.zip/b.txt": "second"})
    found = list(members("/d/a.zip", made, Settings()))
    assert found[0] == Member("/d/a.zip/2.zip/b.txt", b"first")
    assert found[1].cause == "another member has the same path; rename one of them"
    assert len(found) == 2


def test_a_damaged_archive_inside_is_listed_under_its_path():
    found = read(archive({"2.zip": b"PK\x03\x04...", "a.txt": "A."}))
    assert found["2.zip"].startswith("damaged ZIP file (BadZipFile")
    assert found["a.txt"] == b"A."


def test_an_archive_over_a_limit_is_refused_before_it_is_unpacked(monkeypatch):
    three = archive({"a": "123", "b": "456", "c": ""})
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(LoadError, match="holds more than 2 files; raise archive_max_files"):
        read(three, archive_max_files=2)
    with pytest.raises(LoadError, match="unpacks to more than 5 bytes; raise archive_max_unp"):
        read(three, archive_max_unpacked_bytes=5)


def test_what_lies_in_archives_inside_counts_too():
    inner = archive({"b": "12345", "c": "6"}, zipfile.ZIP_STORED)
    made = archive({"2.zip": inner, "a": "7"})
    assert read(made, archive_max_files=4)["2.zip/c"] == b"6"
    assert read(made, archive_max_files=3) == {"2.zip": "holds more than 3 files", "a": b"7"}
    size = len(inner) + 7
    assert read(made, archive_max_unpacked_bytes=size)["2.zip/c"] == b"6"
    assert read(made, archive_max_unpacked_bytes=size - 1) == {
        "2.zip": f"unpacks to more than {size - 1} bytes",
        "a": b"7",
    }


def test_a_member_over_a_limit_is_listed():
    made = archive({"a": "123456", "b": "12345"})
    assert read(made, max_file_bytes=5) == {"a": "6 bytes, over the limit of 5", "b": b"12345"}
    tight = archive({"zeros": bytes(5 << 20), "few": bytes(4 << 20)})
    assert read(tight)["zeros"] == "unpacks to more than 200 times its size"
    assert read(tight)["few"] == bytes(4 << 20)
    assert read(tight, archive_max_ratio=2000)["zeros"] == bytes(5 << 20)


def test_a_member_that_is_larger_than_it_says_is_cut_off_and_listed():
    made = bytearray(archive({"a": bytes(1 << 20)}))
    for at in (22, made.index(b"PK\x01\x02") + 24):
        made[at : at + 4] = struct.pack("<I", 100)
    assert read(bytes(made)) == {"a": "damaged ZIP file (BadZipFile: Bad CRC-32 for file 'a')"}


def test_held_members_are_not_unpacked():
    made = archive({"a.txt": "A.", "2.zip": archive({"b.txt": "B."})})
    assert list(members("/d/a.zip", made, Settings(), {"/d/a.zip/a.txt"})) == [
        Member("/d/a.zip/a.txt"),
        Member("/d/a.zip/2.zip/b.txt", b"B."),
    ]
