from pathlib import Path

import pytest

from index.charset import decode
from index.errors import LoadError
from index.kind import BY_NAME, type_by_name
from index.load import LOADERS, load


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text/plain"),
        ("a.MD", "text/markdown"),
        ("a.rst.txt", "text/plain"),
        ("README", "text/plain"),
        ("a.pdf", "application/pdf"),
        ("a.txt.gz", "application/gzip"),
    ],
)
def test_media_type(name, expected):
    assert type_by_name(Path(name)) == expected


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.CSV", b"Name,Age\nAnn,30\n", "Name; Age\n\nName: Ann; Age: 30"),
        ("a.tsv", b"Name\tAge\nAnn\t30\n", "Name; Age\n\nName: Ann; Age: 30"),
        ("a.json", b'"We write this."', "We write this."),
        ("a.jsonl", b'"We write this."\n', "We write this."),
        ("a.ndjson", b'"We write this."\n', "We write this."),
        ("a.rtf", rb"{\rtf1 We write this.}", "We write this."),
    ],
)
def test_a_loader_is_chosen_by_the_name(name, content, text):
    found = load(Path(name), content)
    assert found.text == text
    assert found.media_type == type_by_name(Path(name))


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "odt"])
def test_office_files_have_loaders(kind):
    assert type_by_name(Path(f"a.{kind}")) in LOADERS
    with pytest.raises(LoadError, match=rf"damaged {kind.upper()} file"):
        load(Path(f"a.{kind}"), b"hello")


def test_every_file_ending_that_is_known_has_a_loader():
    assert set(BY_NAME.values()) == set(LOADERS)


def test_an_old_or_locked_office_file_is_refused():
    with pytest.raises(LoadError, match=r"has a password, or is in an old Office format; save"):
        load(Path("a.docx"), bytes.fromhex("d0cf11e0a1b11ae1"))


def test_text_is_kept_character_for_character():
    text = "  Zoë\r\n\r\ncafe\u0301 😀\t \n"
    assert load(Path("a.txt"), text.encode()).text == text


def test_byte_order_marks_are_not_part_of_the_text():
    assert decode("é".encode("utf-8-sig")) == "é"
    assert decode("é".encode("utf-16")) == "é"


def test_bytes_that_are_not_text_are_refused_with_the_place():
    with pytest.raises(LoadError, match=r"byte 1 is not valid UTF-8; save it as UTF-8"):
        decode(b"a\xff")
    with pytest.raises(LoadError, match=r"NUL at character 2"):
        decode(b"ab\0")


def test_a_kind_without_loader_is_refused():
    with pytest.raises(LoadError, match=r"image/gif cannot be read yet; convert it to one of"):
        load(Path("a.gif"), b"GIF89a")
