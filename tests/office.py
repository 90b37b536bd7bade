"""Helpers for tests of office files: archives, damage, and what a loader found."""

import io
import random
import zipfile
from itertools import pairwise

import pytest

from index.errors import LoadError


def saved(document):
    """The bytes of a document of python-docx, python-pptx or openpyxl."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content, **changes):
    """The same archive with parts replaced; `__` stands for `/` and `_` before `xml` for a dot."""
    parts = unzipped(content)
    for name, change in changes.items():
        path = name.replace("__", "/").replace("_xml", ".xml")
        parts[path] = change(parts.get(path, b"")) if callable(change) else change
    return zipped(parts)


def blocks(document):
    return [(b.kind, b.heading, document.text[b.start : b.end]) for b in document.blocks]


def places(document):
    return [(p.kind, p.name, document.text[p.start : p.end]) for p in document.locations]


def check_damage(load, content, seeds=6):
    """Whatever happens to the bytes, a loader gives a document or a LoadError."""
    with pytest.raises(LoadError):
        load(content[: len(content) // 2], "s")
    with pytest.raises(LoadError):
        load(b"", "s")
    for seed in range(seeds):
        flips = random.Random(seed)
        damaged = bytearray(content)
        for _ in range(1 + 4 * seed):
            damaged[flips.randrange(len(damaged))] ^= 1 << flips.randrange(8)
        try:
            check_spans(load(bytes(damaged), "s"))
        except LoadError as error:
            assert "\n" not in str(error)


def check_spans(document):
    """Blocks are trimmed and in order; locations are ordered, those of one kind apart."""
    document.text.encode()
    ends = 0
    for block in document.blocks:
        assert ends <= block.start < block.end <= len(document.text)
        part = document.text[block.start : block.end]
        assert part == part.strip()
        ends = block.end
    order = [(place.start, -place.end) for place in document.locations]
    assert order == sorted(order)
    for kind in {place.kind for place in document.locations}:
        of_kind = [place for place in document.locations if place.kind == kind]
        assert all(a.end <= b.start for a, b in pairwise(of_kind))
