import io
import struct
import zipfile
import zlib

import pytest

from index.errors import LoadError
from index.formats.archive import open_archive
from tests.office import zipped


def test_a_good_archive_is_returned_open():
    with open_archive(zipped({"a.xml": "<a/>", "b.bin": bytes(5000)}), "DOCX") as archive:
        assert archive.namelist() == ["a.xml", "b.bin"]
        assert archive.read("a.xml") == b"<a/>"


def test_an_ole_container_is_encrypted_or_old():
    with pytest.raises(LoadError, match=r"encrypted with a password, or in an old binary format"):
        open_archive(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "DOCX")


def test_no_archive():
    with pytest.raises(LoadError, match=r"damaged DOCX file \(BadZipFile: .*save it again"):
        open_archive(b"hello", "DOCX")


def test_limits():
    content = zipped({"a": b"x" * 100, "b": b"y" * 100})
    open_archive(content, "ODT", max_entries=2, max_bytes=200)
    with pytest.raises(LoadError, match=r"unsafe ODT file: 2 entries, more than 1"):
        open_archive(content, "ODT", max_entries=1)
    with pytest.raises(LoadError, match=r"unpacks to more than the limit"):
        open_archive(content, "ODT", max_bytes=199)


def test_a_bomb_is_refused_by_its_ratio():
    with pytest.raises(LoadError, match=r"entry 'a' is packed too tightly"):
        open_archive(zipped({"a": bytes(8_000_000)}), "DOCX")


def test_a_bomb_that_states_a_small_size_is_refused():
    # The directory and the header say 10 bytes, with the right checksum for those.
    content = bytearray(zipped({"a": bytes(3_000_000)}))
    entry = content.rindex(b"PK\x01\x02")
    for checksum, size in ((14, 22), (entry + 16, entry + 24)):
        content[checksum : checksum + 4] = struct.pack("<I", zlib.crc32(bytes(10)))
        content[size : size + 4] = struct.pack("<I", 10)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("a") == bytes(10)
    with pytest.raises(LoadError, match=r"entry 'a' is larger than it says"):
        open_archive(bytes(content), "DOCX")


@pytest.mark.parametrize("name", ["../up.xml", "a/../../b", "/etc/x", "C:/x", "..\\up"])
def test_an_entry_outside_is_refused(name):
    with pytest.raises(LoadError, match=r"points outside the archive"):
        open_archive(zipped({name: "x"}), "DOCX")


def test_another_compression_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", "x" * 100)
    with pytest.raises(LoadError, match=r"packed in an unusual way"):
        open_archive(stream.getvalue(), "DOCX")


def test_an_encrypted_entry_is_refused():
    content = bytearray(zipped({"a": "x"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(LoadError, match=r"encrypted with a password; save it as PPTX without"):
        open_archive(bytes(content), "PPTX")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [0, 1024 * 1024 - 4])
def test_a_document_type_is_refused(encoding, before):
    part = (" " * before + "<!DOCTYPE a>").encode(encoding)
    with pytest.raises(LoadError, match=r"part 'a.xml' declares a document type"):
        open_archive(zipped({"a.xml": part}), "DOCX")
    open_archive(zipped({"picture.svg": part, "META-INF/manifest.xml": part}), "DOCX")


def test_the_strict_variant_is_named():
    relations = '<Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/x"/>'
    with pytest.raises(LoadError, match=r"strict variant of XLSX; save it as ordinary XLSX"):
        open_archive(zipped({"_rels/.rels": relations}), "XLSX")
