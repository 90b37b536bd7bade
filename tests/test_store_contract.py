"""What every store keeps: what it holds, what a change leaves, what a reader sees meanwhile.

Real servers take seconds for a change, so a test checks much at each.
"""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from evaluations import few_rounds
from fakes import WordEmbedder
from index_seen import seen
from rest_client import rest_client
from store_kinds import KINDS, use

from index.chunk import Chunk
from index.dense import DenseIndex
from index.document import Block, Extracted, Location
from index.errors import IndexLockedError, IndexMissingError
from index.filter import Filter
from index.milvus.search import nearest
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.store import text_sha256
from index.stores import check_exists, open_store, open_writer
from index.sync import sync
from qa.evaluation.collection import evaluate_collection
from qa.evaluation.questions import read_questions
from qa.pin import Pin
from qa.pins import check_pins, check_quotes
from qa.verification import verify

GOAT = "\N{GOAT}"  # two UTF-16 units, four bytes


@pytest.fixture(autouse=True, params=KINDS)
def kind(request, monkeypatch):
    use(request, monkeypatch, request.param)
    return request.param


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def names(paths):
    return [Path(path).name for path in paths]


def test_the_life_of_a_folder(folder, home, embedder, kind):
    with pytest.raises(IndexMissingError):
        check_exists(home)
    (folder / "b.md").write_text("# H\n\nOne two. Three four.")
    (folder / "a.md").write_text("# H\n\nOne two. Three four.")
    (folder / "c.txt").write_text("Five six.")
    sync(home, [folder], embedder, Settings())
    with open_store(home) as store:
        first, copy, other = store.documents()
        assert names([first.path, copy.path, other.path]) == ["a.md", "b.md", "c.txt"]
        assert (store.generation(), store.state().copies, store.state().chunks) == (1, 1, 2)
        assert names(store.paths_of(first.sha256)) == ["a.md", "b.md"]
        assert store.find_document(first.sha256) == store.document(first.rowid)
        assert store.described_by_text(first.sha256) == first
        assert store.find_document("0" * 64) is None
        assert (first.chunked_with != "", copy.chunked_with) == (True, "")
        (kept,) = store.chunks(store.chunks_of(first.rowid))
        assert (kept.heading, kept.sentences) == (("H",), ((5, 13), (14, 25)))
        assert store.chunks_of(copy.rowid) == []
        index_id, search = store.meta("index_id"), store.state().search
        assert store.sampled_chunks(2) == store.chunk_ids().tolist()
        assert len(store.sampled_chunks(1)) <= 1
        assert store.roots() == [str(folder)]
    assert search == {"sqlite": "hybrid", "lite": "server"}.get(kind, "rescored")
    before = seen(home)
    assert sync(home, [folder], embedder, Settings()).unchanged == 3
    assert seen(home) == before

    (folder / "a.md").unlink()
    (folder / "sub").mkdir()
    (folder / "c.txt").rename(folder / "sub" / "d.txt")
    (folder / "e.txt").write_text("Seven.")
    sync(home, [folder], embedder, Settings())
    with open_store(home) as store:
        assert (store.generation(), store.meta("index_id")) == (2, index_id)
        assert names(d.path for d in store.documents()) == ["b.md", "e.txt", "d.txt"]
        assert names(d.path for d in store.documents([str(folder / "sub")])) == ["d.txt"]
        (moved,) = store.chunks(store.chunks_of(store.documents()[0].rowid))
        assert moved.rowid == kept.rowid  # handed over, not made again
        made = [one for one in store.chunk_ids().tolist() if one > kept.rowid]
        assert sorted(store.bodies(made).values()) == ["Five six.", "Seven."]
    assert sorted(embedder.embedded) == ["Five six.", "H\nOne two. Three four.", "Seven."]
    seen(home)
    (folder / "e.txt").write_text("Eight nine.")
    sync(home, [folder], embedder, Settings())
    documents, chunks = seen(home)
    assert [text for _, text, *_ in documents] == [
        "# H\n\nOne two. Three four.",
        "Eight nine.",
        "Five six.",
    ]
    assert len(chunks) == 3


def test_texts_of_any_length_and_all_that_loaders_find(home):
    text = f"{GOAT}é" * 125_000 + "\n\0\r\n" + "\\\"'%_x" * 50_000  # cut within and beside each
    document = Extracted(
        text=text,
        title="T" * 5000,
        date="2024-02-29",
        media_type="text/plain",
        blocks=(Block(0, 9, ("H", GOAT)), Block(9, len(text), (), "code")),
        locations=(Location(0, len(text), "page", "1"), Location(2, 9, "row", f'"{GOAT}\\')),
        authors='Ann, "Bo" \\ %',
        language="de",
        url='https://example.org/?a="b"&c=\\',
        layout=bytes(range(256)) * 400,
        warnings=(f"page 2: {GOAT} unreadable",),
    )
    empty = Extracted("", "", None, "text/plain")
    chunks = [
        Chunk(0, 40, ("H" * 70_000, GOAT), tuple((n, n + 1) for n in range(0, 40, 2)), "in"),
        Chunk(0, len(text), (), tuple((n, n + 9) for n in range(0, 90_000, 10)), "big"),
    ]
    with open_writer(home, 5) as store:
        rowid = store.add_document("/a", 1, "0" * 64, document, stat="s", made_with="m")
        nothing = store.add_document("/b", 0, "1" * 64, empty)
        ids = store.add_chunks(rowid, document, chunks, "recipe")
        assert store.add_chunks(nothing, empty, [], "recipe") == []
        vector = np.full(4, 0.5, dtype="<f4").tobytes()
        store.add_vectors((one, vector) for one in ids)
        store.check_vectors(0)
    with open_store(home) as store:
        found = store.extracted(rowid)
        assert (found.text == text, found.title[:3999]) == (True, "T" * 3999)
        for field in ("blocks", "locations", "authors", "language", "url", "layout", "warnings"):
            assert getattr(found, field) == getattr(document, field)
        assert store.address(rowid) == document.url
        assert store.layout(rowid) == document.layout
        assert store.blocks(rowid) == document.blocks
        assert store.locations(rowid) == document.locations
        assert store.warnings() == {"/a": document.warnings}
        assert store.document(nothing)[1] == ""
        assert store.bodies(ids) == {ids[0]: text[:40], ids[1]: text}
        first, second = store.chunks(ids)
        assert first.heading[-1] == GOAT
        assert [first.sentences, second.sentences] == [chunk.sentences for chunk in chunks]
        assert store.vectors(ids).tolist() == [[0.5] * 4] * 2
        stored, _ = store.document(rowid)
        assert (stored.stat, stored.made_with, stored.date) == ("s", "m", "2024-02-29")
        with pytest.raises(KeyError):
            store.document(99)


PATHS = [
    "/d/a b/1.txt",
    '/d/q"x/2.txt',
    "/d/it's/3.txt",
    "/d/back\\slash/4.txt",
    "/d/per%cent/5.txt",
    "/d/under_score/6.txt",
    "/d/underXscore/7.txt",
    f"/d/{GOAT} ünï/8.txt",
    "/d/line\nfeed/9.txt",
    '/d/"] or died > 0 or id in ["/10.txt',
]
"""Each in a folder of its own; a wrong way to write one finds another, all or none."""


def put(store, path, text, *, date=None, media_type="text/plain", title="t"):
    """Add a document of one chunk, or a copy of one that is there."""
    document = Extracted(text, title, date, media_type)
    rowid = store.add_document(path, len(text), "0" * 64, document)
    if len(store.with_text(text_sha256(text))) > 1:
        return None
    (chunk,) = store.add_chunks(
        rowid, document, [Chunk(0, len(text), (), ((0, len(text)),), text)], "recipe"
    )
    store.add_vectors([(chunk, np.array([1, 0, 0, 0], dtype="<f4").tobytes())])
    return rowid


def test_filters_tables_and_what_is_noted(home):
    with open_writer(home, 5) as store:
        for number, path in enumerate(PATHS):
            put(store, path, f"Text {number}.", title=f"Title {number}")
        put(store, "/e/x.md", "Dated.", date="2024-01-31", media_type="text/markdown")
        put(store, "/e/y.md", "Dated.", date="2024-03-01", media_type="text/html")  # a copy
        put(store, "/e0/z.txt", "Later.", date="2024-03-01")
        store.set_roots(["/e", "/d"])
        store.set_failures({"/d/bad": 'not "text"', "/a\N{REPLACEMENT CHARACTER}": "gone"})
        store.set_archives({"/d/x.zip": "f" * 64})
        store.set_meta("model", "m")
    with open_store(home) as store:
        every = Filter()
        for path in PATHS:
            for place in (path, str(Path(path).parent)):
                (chunk,) = store.chunks(store.chunk_ids_within(Filter(folders=(place,))).tolist())
                assert store.described([chunk.document])[chunk.document].path == path
                assert [d.path for d in store.documents([place])] == [path]
        found = {d.path: d for d in store.documents()}
        assert sorted(found) == list(found)
        later, dated = found["/e0/z.txt"], found["/e/x.md"]

        def paths(**bounds):
            chunks = store.chunks(store.chunk_ids_within(Filter(**bounds)).tolist())
            rows = store.copies_within({c.document for c in chunks}, Filter(**bounds))
            return sorted(row.path for row in rows.values())

        assert len(store.chunk_ids_within(every)) == len(store.chunk_ids()) == 12
        assert paths(since="2024-01-01") == ["/e/x.md", "/e0/z.txt"]
        assert paths(since="2024-02-01") == ["/e/y.md", "/e0/z.txt"]
        assert paths(until="2024-01-31") == ["/e/x.md"]
        assert paths(since="2025-01-01") == []
        assert paths(media_types=("text/html",)) == ["/e/y.md"]
        assert paths(folders=("/e",)) == ["/e/x.md"]
        assert paths(folders=("/e", "/e0"), without=(dated.sha256,)) == ["/e0/z.txt"]
        assert paths(folders=("/nowhere", "/e/y.md"), until="2024-12-31") == ["/e/y.md"]
        assert store.copies_within([later.rowid], Filter(until="2024-01-01")) == {}

        table = store.listing()
        assert table.paths("", every, "path", descending=False) == sorted(
            [*found, *store.failures()]
        )
        assert table.paths('Q"X', every, "path", descending=False) == [PATHS[1]]
        assert table.paths("", Filter(folders=("/e",)), "date", descending=True)[0] == "/e/y.md"
        assert table.paths("title", every, "title", descending=True)[0] == PATHS[9]
        row, failed = table.rows(["/e/x.md", "/d/bad"])
        assert (row.passages, row.copy_of, row.sha256) == (1, None, dated.sha256)
        assert failed.cause == 'not "text"'
        assert table.media_types() == ["text/html", "text/markdown", "text/plain"]
        assert list(table.subfolders("/d"))[0] == ('/d/"] or died > 0 or id in ["', 1)  # noqa: RUF015 - all
        assert store.failures() == {"/a\N{REPLACEMENT CHARACTER}": "gone", "/d/bad": 'not "text"'}
        assert (store.roots(), store.archives()) == (["/d", "/e"], {"/d/x.zip": "f" * 64})
        assert (store.meta("model"), store.meta("other")) == ("m", None)
        assert store.chunked_otherwise("recipe") == []
        assert len(store.chunked_otherwise("other")) == 12
        assert len(store.paths_made_otherwise("other")) == 13


class FailingEmbedder(WordEmbedder):
    """Fails at what is new, after it made some of it."""

    def encode_documents(self, texts):
        if any("bad" in text for text in texts):
            raise KeyboardInterrupt
        return super().encode_documents(texts)


def test_a_change_is_seen_whole_or_not_at_all(folder, home, embedder, kind):
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"{name} one.")
    sync(home, [folder], embedder, Settings())
    before = seen(home)
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("b two.")
    (folder / "d.txt").write_text("bad.")
    with pytest.raises(KeyboardInterrupt):
        sync(home, [folder], FailingEmbedder(), Settings(embed_batch=1))
    with pytest.raises(RuntimeError), open_writer(home, 5) as store:
        put(store, "/x", "Never committed.")
        store.set_roots(["/x"])
        raise RuntimeError
    assert seen(home) == before

    entered, let_go = threading.Event(), threading.Event()

    def write():
        with open_writer(home, 60) as store:
            entered.set()
            assert let_go.wait(60)
            put(store, "/y", "Written meanwhile.")

    with open_store(home) as reader:
        ids = reader.chunk_ids().tolist()
        syncing = threading.Thread(target=sync, args=(home, [folder], embedder, Settings()))
        syncing.start()
        if kind != "sqlite":  # which lets readers end first
            syncing.join()
        kept = [reader.document(d.rowid)[1] for d in reader.documents()]
        assert kept == ["a one.", "b one.", "c one."]
        assert reader.chunk_ids().tolist() == ids
        assert sorted(reader.bodies(ids).values()) == kept
        assert reader.vectors(ids).shape == (3, 64)
        assert reader.state().documents == 3
    syncing.join()
    after = seen(home)
    assert [text for _, text, *_ in after[0]] == ["b two.", "c one.", "bad."]

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert entered.wait(60)
        refused = pytest.raises(IndexLockedError, match="is writing to this index")
        with refused, open_writer(home, 0.5):
            pass
        assert seen(home) == after
    finally:
        let_go.set()
        thread.join()
    with open_store(home) as store:
        assert store.documents()[-1].path == "/y"


def test_no_two_models_vectors_meet(folder, home):
    for name in "ab":
        (folder / f"{name}.txt").write_text(f"{name} one.")
    sync(home, [folder], WordEmbedder(), Settings())
    (folder / "b.txt").write_text("b two.")
    for other in (
        WordEmbedder(name="wider", dimension=96),
        WordEmbedder(name="as wide", dimension=96),
    ):
        report = sync(home, [folder], other, Settings())
        assert (report.embedded, len(other.embedded)) == (2, 2)
        with open_store(home) as store:
            ids = store.chunk_ids().tolist()
            texts = store.bodies(ids)
            expected = other.encode_documents([texts[one] for one in ids])
            assert store.vectors(ids).tolist() == expected.tolist()
            assert store.meta("model") == other.fingerprint
    again = WordEmbedder(name="as wide", dimension=96)
    assert sync(home, None, again, Settings(), rebuild=True).updated == 2
    assert len(again.embedded) == 2
    seen(home)


def searched(store, query, limit, within):
    if isinstance(store, SqliteStore):
        allowed = store.chunk_ids_within(within)
        return DenseIndex.load(store).search(store, query, limit, allowed)[:limit]
    return nearest(store, query, limit, within)


def test_the_nearest_are_those_of_comparing_all(home):
    random = np.random.default_rng(20261128)
    vectors = random.standard_normal((300, 16)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[200:230] = vectors[7]  # equal ones come by id
    with open_writer(home, 5) as store:
        for part in range(3):
            text = f"Part {part}."
            document = Extracted(text, "t", f"2024-01-0{part + 1}", "text/plain")
            rowid = store.add_document(f"/{part}", 1, "0" * 64, document)
            made = [Chunk(0, 7, (), ((0, 7),), f"{part} {n}") for n in range(100)]
            ids = store.add_chunks(rowid, document, made, "recipe")
            rows = vectors[part * 100 : part * 100 + 100]
            store.add_vectors((one, row.tobytes()) for one, row in zip(ids, rows, strict=True))
    with open_store(home) as store:
        ids = store.chunk_ids()
        assert store.vectors(ids.tolist()).tolist() == vectors.tolist()
        for query, limit, since in (
            (7, 10, None),
            (7, 35, None),
            (42, 50, None),
            (42, 20, "2024-01-02"),
        ):
            within = Filter(since=since)
            allowed = store.chunk_ids_within(within)
            scores = vectors[allowed - ids[0]] @ vectors[query]
            best = sorted(zip((-scores).tolist(), allowed.tolist(), strict=True))[:limit]
            found = searched(store, vectors[query], limit, within)
            assert [one for one, _ in found] == [one for _, one in best]
            assert np.allclose(
                [score for _, score in found], [-score for score, _ in best], atol=1e-6
            )


def test_all_that_people_do_with_an_index(folder, pinpoint, kind, tmp_path, monkeypatch):
    few_rounds(monkeypatch)
    text = f"{GOAT} The harbour is old. The gate opens at nine. Bring a lamp."
    (folder / "gate.txt").write_text(text)
    (folder / "cats.md").write_text("# Cats\n\nCats purr in barns.")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    pinpoint.sync(folder)
    how = {"sqlite": "hybrid", "lite": "server"}.get(kind, "rescored")
    status = pinpoint.status()
    assert (status.index.search, status.index.documents, status.index.failed) == (how, 2, 1)
    assert [Path(failure.path).name for failure in status.failed] == ["broken.pdf"]
    answer = pinpoint.ask("When opens the gate at nine?")
    (citation,) = answer.citations
    assert citation.quote == text[citation.start : citation.end] == "The gate opens at nine."
    assert answer.index.search == how
    found = pinpoint.search("gate nine")
    assert (found.index.search, found.passages[0].document.sha256) == (
        how,
        citation.document.sha256,
    )
    for passage in found.passages:
        whole = pinpoint.document(passage.document.sha256)[1]
        assert whole[passage.start : passage.end] == passage.quote
    only = pinpoint.search("gate nine", kinds="markdown").passages
    assert [Path(passage.document.path).name for passage in only] == ["cats.md"]

    receipt = pinpoint.receipt(answer)
    assert receipt.surroundings[0].after == " Bring a lamp."
    assert verify(receipt, folders=(), home=pinpoint.home).state == "unchanged"
    pins = (Pin.of(receipt),)
    (folder / "gate.txt").write_text(text.replace("nine", "ten"))
    pinpoint.sync(folder)
    assert [str(check.state) for check in check_quotes(pinpoint.home, pins)] != ["unchanged"]
    assert [str(check.state) for check in check_pins(pinpoint, pins)] != ["unchanged"]

    rows = [{"id": "1", "question": "Where do cats purr?", "answers": ["barns"]}]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(map(json.dumps, rows)))
    evaluated = evaluate_collection(
        pinpoint, read_questions(questions, questions.read_bytes()), records=tmp_path / "records"
    )
    assert evaluated

    with rest_client(pinpoint) as client:
        assert client.get("/ready").json()["index"]["search"] == how
        assert "pinpoint_documents 2.0" in client.get("/metrics").text
        asked = client.post("/api/v1/ask", json={"question": "Where do cats purr in barns?"}).json()
        assert asked["citations"][0]["quote"] == "Cats purr in barns."
        listed = client.get("/api/v1/documents").json()
        assert [Path(row["path"]).name for row in listed["documents"]] == [
            "broken.pdf",
            "cats.md",
            "gate.txt",
        ]
