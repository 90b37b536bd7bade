import io
import zipfile
from pathlib import Path

import pytest
from archives import archive as packed

from index.kind import OLE, PLAIN, ZIP, media_type

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = b"<!DOCTYPE html>\n<html><body>Cats purr.</body></html>"
MAIL = b"Return-Path: <ada@x.org>\r\nSubject: Cats\r\n and dogs\r\n\r\nThey purr."


def archive(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        for name, text in parts.items():
            writer.writestr(name.replace("__", "/"), text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.md", b"# Cats", "text/markdown"),
        ("README", b"Cats purr.", PLAIN),
        ("a.py", b"import os", "text/x-python"),
        ("a.pdf", b"no PDF", "application/pdf"),  # its loader says so
        ("report", b"%PDF-1.7 x", "application/pdf"),
        ("a.txt", b"\n\n%PDF-1.4 x", "application/pdf"),
        ("a.doc", b"{\\rtf1 Cats}", "application/rtf"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", OLE),  # with a password, or old
        ("a.txt", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a", b"II*\0", "image/tiff"),
        ("a.txt", b"MM\0*", "image/tiff"),
        ("a.JPG", b"x", "image/jpeg"),
        ("a.tar.gz", b"\x1f\x8b\x08", "application/gzip"),
        ("a.docx", archive(word__document_xml="x").replace(b"_xml", b".xml"), WORD),
        ("a.bin", archive(mimetype="application/epub+zip"), "application/epub+zip"),
        ("a.zip", archive(a="x"), ZIP),
        ("a.txt", archive(a="x"), ZIP),
        ("a.docx", b"PK\x03\x04 cut", WORD),  # its loader says what is broken
        ("a", b"PK\x03\x04 cut", ZIP),
        ("a.txt", PAGE, "text/html"),
        ("a.xls", b"\n <HTML><table>", "text/html"),
        ("a.md", PAGE, "text/markdown"),
        ("a.html", b"no tags", "text/html"),
        ("a.xhtml", b'<?xml version="1.0"?><html>', "application/xhtml+xml"),
        ("1700000000.M1P2", MAIL, "message/rfc822"),
        ("a.txt", b"Note: cats\n\nThey purr.", PLAIN),
        ("a.txt", b"Received: yes\nCats purr.", PLAIN),
        ("a.txt", b"", PLAIN),
    ],
)
def test_content_decides_before_the_name(name, content, kind):
    assert media_type(Path(name), content) == kind


def test_a_stated_kind_that_cannot_be_unpacked_stops_nothing():
    content = bytearray(packed({"mimetype": "application/epub+zip" * 5}))
    start = content.index(b"mimetype") + len(b"mimetype")
    content[start : start + 4] = b"\xff" * 4
    assert media_type(Path("a.epub"), bytes(content)) == "application/epub+zip"  # by its name
    assert media_type(Path("a"), bytes(content)) == ZIP
