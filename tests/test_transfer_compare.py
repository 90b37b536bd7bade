"""What two indexes are compared by."""

from dataclasses import replace

import pytest
from migrations import SCANNED

from index.exchange import Numbers
from index.rows import StoredChunk, StoredDocument
from index.store import text_sha256
from index.transfer.compare import Account, Digests, differences, digests_of, portions
from index.transfer.record import Listed, Passage, Record, Whole

DOCUMENT = StoredDocument(
    rowid=3,
    path="/scans/gate.pdf",
    size_bytes=7,
    file_sha256="f" * 64,
    sha256=text_sha256(SCANNED.text),
    title="Gate",
    date=None,
    media_type="application/pdf",
)
CHUNKS = (
    StoredChunk(8, 3, 0, 4, ("Gate",), ((0, 4),)),
    StoredChunk(9, 3, 6, 31, (), ((6, 31),)),
)
RECORD = Record(
    document=DOCUMENT,
    extracted=SCANNED,
    indexed_at="2024-03-01T00:00:00+00:00",
    passages=(
        Passage(CHUNKS[0], b"one", b"\0\0\x80\x3f", "Gate\nGate\nGate"),
        Passage(CHUNKS[1], b"two", b"\0\0\0\0", None),
    ),
)
WHOLE = Whole("id", Numbers(1, 3, 9), {"model": "m"}, ("/scans",), {}, {}, {})


def account_of(*paths, **values):
    counts = {"documents": len(paths)}
    documents = {path: Digests(b"f", b"t", b"p", b"v") for path in paths}
    return Account(documents, counts, replace(WHOLE, counts=counts, **values), ())


def listed(*chunks):
    return [Listed(number, f"/{number}", count) for number, count in enumerate(chunks)]


def test_portions_are_bounded_and_a_larger_document_comes_alone():
    sizes = [[d.chunks for d in part] for part in portions(listed(2, 3, 9, 0, 0, 0, 0, 1), 3, 5)]
    assert sizes == [[2, 3], [9], [0, 0, 0], [0, 1]]
    assert list(portions([], 3, 5)) == []


def test_ids_and_order_make_no_difference():
    moved = tuple(
        replace(p, chunk=replace(p.chunk, rowid=p.chunk.rowid + 50, document=77))
        for p in reversed(RECORD.passages)
    )
    other = replace(RECORD, document=replace(DOCUMENT, rowid=77), passages=moved)
    assert digests_of(other) == digests_of(RECORD)


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({"indexed_at": None}, {"fields"}),
        ({"document": replace(DOCUMENT, stat="1")}, {"fields"}),
        ({"extracted": replace(SCANNED, layout=b"")}, {"fields"}),
        ({"extracted": replace(SCANNED, text=SCANNED.text + " ")}, {"text"}),
        ({"passages": RECORD.passages[:1]}, {"passages", "vectors"}),
    ],
)
def test_each_part_has_a_digest(change, differing):
    one, other = digests_of(RECORD), digests_of(replace(RECORD, **change))
    assert {n for n, a, b in zip(Digests._fields, one, other, strict=True) if a != b} == differing


def test_a_sound_record_has_no_fault():
    assert RECORD.faults() == []
    first = replace(RECORD.passages[0], vector=b"", searched="Gate\n\nGate")
    broken = replace(RECORD, passages=(first,), extracted=replace(SCANNED, text="Gate."))
    assert broken.faults() == [
        "the text is not the one of its SHA-256",
        "a passage has no vector",
        "full-text search has other words than the text",
    ]


def test_the_digest_does_not_depend_on_the_order_of_documents():
    assert account_of("/a", "/b").digest == account_of("/b", "/a").digest
    assert account_of("/a", "/b").digest != account_of("/a").digest


def test_only_so_many_differences_are_told():
    found = differences(account_of(*map(str, range(10, 40))), account_of())
    assert found[:2] == ["documents: 30 and 0", "10: in one of them only"]
    assert found[20:] == ["and 11 more"]


def test_the_rest_of_an_index_is_compared():
    one = account_of()
    assert differences(one, account_of(index_id="another", numbers=Numbers())) == []
    assert differences(one, account_of(roots=())) == ["the roots differ"]
    assert differences(one, account_of(meta={}, failures={"/x": "why"}, archives={"/y": "z"})) == [
        *("the meta differ", "the failures differ", "the archives differ"),
    ]
