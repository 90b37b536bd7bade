import itertools
import json
from xml.etree import ElementTree

import numpy as np
import pytest

from bench import scale_data
from bench.scale_data import Real, draw
from bench.scale_measure import disk_mb, milliseconds, recall
from bench.scale_peers import OPTIONS
from bench.scale_plot import COLOURS, plot
from bench.scale_store import build, update_seconds
from bench.scale_tables import NAMES, equal, rows, tables
from index.dense import DenseIndex
from index.sqlite_store import SqliteStore


@pytest.fixture
def real(monkeypatch):
    monkeypatch.setattr(scale_data, "DIMENSION", 8)
    monkeypatch.setattr("bench.scale_store.DIMENSION", 8)
    vectors = np.random.default_rng(1).normal(size=(30, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sentences = [[f"Passage {n} says {m}." for m in range(5)] for n in range(30)]
    return Real(sentences, vectors, ["What does passage 3 say?"] * 4, vectors[:4])


def test_passages_are_the_same_each_time_and_of_three_parents(real):
    small, large = next(draw(real, 50)), next(draw(real, 300))
    assert small[0] == large[0][:50]
    assert np.array_equal(small[1], large[1][:50])
    assert np.allclose(np.linalg.norm(small[1], axis=1), 1.0, atol=1e-6)
    for sentences in small[0]:
        assert len(sentences) == 7  # four, two and one
        parents = [name.split(" says")[0] for name in sentences]
        assert [len(list(same)) for _, same in itertools.groupby(parents)] in (
            [4, 2, 1],
            [6, 1],
            [4, 3],
            [7],
        )


def test_a_collection_holds_text_vectors_and_the_truth(real, tmp_path):
    seconds = build(real, 120, tmp_path)
    assert set(seconds) == {"store", "dense", "lexical"}
    assert build(real, 120, tmp_path) == seconds  # not made again
    passages, vectors = next(draw(real, 120))
    truth = np.load(tmp_path / "truth.npy")
    expected = np.argsort(-(real.queries @ vectors.T), axis=1, kind="stable")[:, :10]
    assert truth.tolist() == expected.tolist()
    with SqliteStore.open(tmp_path / "home") as store:
        assert (store.state().documents, store.state().chunks) == (5, 120)  # 25 in each
        ids = np.load(tmp_path / "ids.npy")
        assert np.array_equal(store.vectors(), vectors)
        assert store.bodies([int(ids[30])]) == {ids[30]: " ".join(passages[30])}
        found = DenseIndex.load(store).search(store, real.queries[0], 10)
        assert [chunk for chunk, _ in found] == ids[truth[0]].tolist()
        chunk = store.chunks([int(ids[119])])[0]
        text = store.document(chunk.document)[1]
        assert [text[a:b] for a, b in chunk.sentences] == passages[119]
    assert set(update_seconds(real, tmp_path, rounds=1)) == {"add", "remove"}
    with SqliteStore.open(tmp_path / "home") as store:
        assert store.state().chunks == 120
    assert json.loads((tmp_path / "questions.json").read_text()) == real.questions


def test_measures_by_hand(tmp_path):
    assert recall([[1, 2, 3], [4, 9]], np.array([[1, 2], [4, 5]])) == 0.75
    assert recall([[*range(10), 77]], np.array([[77, 1]])) == 0.5  # the eleventh does not count
    called = []
    times = milliseconds(called.append, 3)
    assert called == [0, 1, 2, 0, 1, 2]
    assert 0 <= times["p50"] <= times["p95"]
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes(1500))
    assert disk_mb(tmp_path) == 0.0015


def figures(vectors, milliseconds_):
    memory = {"rss": 400.0, "file": 300.0, "anonymous": 100.0, "peak": 500.0}
    times = {"p50": milliseconds_, "p95": 2 * milliseconds_}
    peer = {"build_seconds": 3.0, "build_peak_mb": 9.0, "disk_mb": 5.0}
    rows = [
        {"options": "defaults", "recall": 0.5, **times, "memory": memory},
        {"options": "ef_search 200", "recall": 0.99, **times, "memory": memory},
    ]
    return {
        "build": {"store": 1.0, "dense": 2.0, "lexical": 3.0, "home_mb": 60.0, "faiss_mb": 15.0},
        "serve": {
            "load_seconds": 0.1,
            "dense": times,
            "memory_dense": memory,
            "retrieve": times,
            "memory": memory,
            "recall": 1.0,
            "status": {
                "vectors": vectors,
                "kind": "approximate",
                "lists": 400,
                "probes": 8,
                "recall": 0.991,
            },
        },
        "ask": times | {"memory": memory},
        "update": {"add": 0.2, "remove": 0.3},
        "chroma": peer | {"rows": rows},
    }


def test_tables_by_hand():
    found = {10_000: figures(10_000, 1.5)}
    lines = tables(found).splitlines()
    assert lines[2] == "| 10,000 | 1 | 2.0 | 3.0 | 0.20 | 0.30 | 60 | 15 |"
    assert lines[6] == "| 10,000 | 0.10 | 1.5 | 3.0 | 400 | 300 | 1.5 | 3.0 | 400 | 300 |"
    assert lines[10] == "| 10,000 | approximate | 400 | 8 | 0.991 | 1.000 |"
    assert lines[14:] == [
        "| 10,000 | Pinpoint |  | 1.000 | 1.50 | 3.00 | 400 | 300 | 2.0 | 30 |",
        "| 10,000 | Chroma | defaults | 0.500 | 1.50 | 3.00 | 400 | 300 | 3.0 | 5 |",
        "| 10,000 | Chroma | ef_search 200 | 0.990 | 1.50 | 3.00 | 400 | 300 | 3.0 | 5 |",
    ]
    assert [name for name, _, _ in rows(found[10_000])] == ["Pinpoint", "Chroma", "Chroma"]
    assert {name: row["recall"] for name, row in equal(found[10_000])} == {
        "Pinpoint": 1.0,
        "Chroma": 0.99,
    }


def test_every_tool_has_a_name_and_a_colour():
    assert set(COLOURS) == {"Pinpoint", *NAMES.values()}
    assert set(OPTIONS) == set(NAMES)


def test_the_plot_is_an_svg_with_a_line_for_each_tool():
    found = {10_000: figures(10_000, 1.5), 1_000_000: figures(1_000_000, 15.0)}
    drawing = ElementTree.fromstring(plot(found))
    lines = [e.get("points") for e in drawing if e.tag.endswith("polyline") and e.get("points")]
    assert len(lines) == 4  # two tools in two panels
    # 3 ms and 30 ms between 1 and 100 ms: log10(3) = 0.477 of two decades, 230 pixels high.
    assert lines[0] == f"52.0,{52 + 230 * (2 - 0.4771) / 2:.1f} 382.0,{52 + 230 * 0.5229 / 2:.1f}"
