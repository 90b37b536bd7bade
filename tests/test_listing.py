import sqlite3
from contextlib import closing

import pytest

from index.database import create
from index.filter import EVERYTHING, Filter
from index.listing import Listing, Row

DOCUMENTS = [  # id, path, title, media type, date, size, text, when, warnings, holds the chunks
    (1, "/a/x.pdf", "Überblick", "application/pdf", "2024-02-01", 30, "t1", "2026-01-02", "[]", 1),
    (2, "/a/y.md", "annual", "text/markdown", None, 10, "t2", None, '["page 3"]', 1),
    (3, "/a/z/y.md", "Annual", "text/markdown", "2024-01-01", 10, "t1", "2026-01-01", "[]", 0),
    (4, "/b/100%_a.txt", "100%", "text/plain", None, 20, "t3", "2026-01-03", '["tail"]', 1),
    (5, "/b/sub/é.txt", "B", "text/plain", None, 20, "t4", "2026-01-03", "[]", 1),
]
CHUNKS = {1: 3, 2: 1, 4: 2}
FAILURES = {"/b/100%_a.txt": "too big", "/b/bad.PDF": "damaged", "/b/c": "cannot be read: denied"}


@pytest.fixture
def listing():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        create(db)
        for rowid, path, title, kind, date, size, text, when, warnings, holds in DOCUMENTS:
            db.execute(
                "INSERT INTO documents (id, path, size_bytes, file_sha256, sha256, title, date,"
                " media_type, warnings, chunked_with, indexed_at)"
                " VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?)",
                (rowid, path, size, text, title, date, kind, warnings, "r" * holds, when),
            )
        for document, count in CHUNKS.items():
            for start in range(count):
                db.execute(
                    "INSERT INTO chunks (document, start, end, heading, sentences, input_sha256)"
                    " VALUES (?, ?, 9, '[]', '[]', x'')",
                    (document, start),
                )
        db.executemany("INSERT INTO failures VALUES (?, ?)", FAILURES.items())
        yield Listing(db)


def ordered(listing, sort="path", *, query="", within=EVERYTHING, descending=False):
    return listing.paths(query, within, sort, descending=descending)


P, Y, Z, T, E, BAD, C = (
    *("/a/x.pdf", "/a/y.md", "/a/z/y.md", "/b/100%_a.txt", "/b/sub/é.txt"),
    *("/b/bad.PDF", "/b/c"),
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("path", [P, Y, Z, T, BAD, C, E]),
        ("title", [T, Y, Z, E, BAD, C, P]),  # 100%, annual, Annual, B, bad, c, Überblick
        ("kind", [Y, Z, P, BAD, T, E, C]),  # markdown, pdf, text, and what has no known kind
        ("date", [Z, P, Y, T, BAD, C, E]),
        ("size", [Y, Z, T, E, P, BAD, C]),
        ("passages", [BAD, C, E, Y, T, P, Z]),  # 0, 0, 0, 1, 2, 3 and the copy's 3
        ("state", [T, BAD, C, Y, Z, P, E]),  # failed, partial, copy, indexed
        ("indexed_at", [Z, P, T, E, Y, BAD, C]),
    ],
)
def test_orders_ties_by_path_and_the_unknown_last(listing, sort, expected):
    assert ordered(listing, sort) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("path", [E, C, BAD, T, Z, Y, P]),
        ("title", [P, C, BAD, E, Y, Z, T]),
        ("kind", [T, E, P, BAD, Y, Z, C]),
        ("date", [P, Z, Y, T, BAD, C, E]),
        ("size", [P, T, E, Y, Z, BAD, C]),
        ("passages", [P, Z, T, Y, BAD, C, E]),
        ("state", [P, E, Z, Y, T, BAD, C]),
        ("indexed_at", [T, E, P, Z, Y, BAD, C]),
    ],
)
def test_orders_the_other_way_round(listing, sort, expected):
    assert ordered(listing, sort, descending=True) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ANNUAL", [Y, Z]),
        ("üBER", [P]),
        ("u\u0308ber", [P]),  # the same letter, not composed
        ("É.TXT", [E]),
        ("100%", [T]),
        ("%", [T]),
        ("_", [T]),
        ("*", []),
        ("bad.pdf", [BAD]),
        (" /a/z ", [Z]),
        ("x.pdf\nÜberblick", []),
        ("  ", [P, Y, Z, T, BAD, C, E]),
    ],
)
def test_searches_path_and_title_letter_for_letter(listing, query, expected):
    assert ordered(listing, query=query) == expected


def test_bounds(listing):
    assert ordered(listing, within=Filter(folders=("/b",))) == [T, BAD, C, E]
    assert ordered(listing, within=Filter(media_types=("application/pdf",))) == [P, BAD]
    both = Filter(folders=("/b",), media_types=("application/pdf",))
    assert ordered(listing, within=both) == [BAD]
    assert ordered(listing, within=both, query="x") == []


def test_rows(listing):
    assert listing.rows([Z, BAD, T, C, P]) == [
        Row(Z, "Annual", "text/markdown", "2024-01-01", 10, "t1", "2026-01-01", (), None, 3, P),
        Row(BAD, "bad", "application/pdf", None, None, None, None, (), "damaged", 0, None),
        Row(
            *(T, "100%", "text/plain", None, 20, "t3", "2026-01-03", ("tail",), "too big"),
            *(2, None),
        ),
        Row(C, "c", None, None, None, None, None, (), "cannot be read: denied", 0, None),
        Row(P, "Überblick", "application/pdf", "2024-02-01", 30, "t1", "2026-01-02", (), None, 3,
            None),
    ]  # fmt: skip
    assert listing.rows([]) == []


def test_kinds_and_subfolders(listing):
    assert listing.media_types() == ["application/pdf", "text/markdown", "text/plain"]
    assert list(listing.subfolders("/a")) == [("/a/z", 1)]
    assert list(listing.subfolders("/")) == [("/a", 3), ("/b", 2)]
    assert list(listing.subfolders("/b")) == [("/b/sub", 1)]
    assert list(listing.subfolders("/b/sub/é.txt")) == []
