import io
import zipfile

import pytest

from index.formats.zip_entry import is_encrypted, is_too_tight, is_unusual, pieces, points_outside

MIB = 1024 * 1024


def entry(**values):
    made = zipfile.ZipInfo("a.txt")
    for name, value in values.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("name", ["/a", "\\a", "../a", "a/../b", "a\\..\\b", "C:a", "c:/a"])
def test_names_that_point_outside(name):
    assert points_outside(name)


@pytest.mark.parametrize("name", ["a", "a/b.txt", "..a", "a..", "a/...", "12:30.txt", "ä:b"])
def test_names_that_do_not(name):
    assert not points_outside(name)


def test_what_flags_and_methods_say():
    assert is_encrypted(entry(flag_bits=0x801))
    assert not is_encrypted(entry(flag_bits=0x800))
    assert is_unusual(entry(compress_type=zipfile.ZIP_BZIP2))
    assert not is_unusual(entry(compress_type=zipfile.ZIP_DEFLATED))
    assert not is_unusual(entry(compress_type=zipfile.ZIP_STORED))


def test_the_ratio_counts_from_four_megabytes():
    packed = entry(compress_size=MIB)
    assert not is_too_tight(packed, 4 * MIB, 2)
    assert is_too_tight(packed, 4 * MIB + 1, 2)
    assert not is_too_tight(packed, 5 * MIB, 5)


def test_content_comes_in_pieces_of_a_megabyte():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (2 * MIB + 5))
    with zipfile.ZipFile(stream) as archive:
        sizes = [len(piece) for piece in pieces(archive, archive.getinfo("a.txt"))]
    assert max(sizes) <= MIB
    assert sum(sizes) == 2 * MIB + 5
