"""The retriever for Haystack, with the real library."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from late import Late

from index.errors import IndexMissingError, InputError

PinpointRetriever = Late("qa.haystack", "PinpointRetriever")
Document, Pipeline = Late("haystack", "Document"), Late("haystack", "Pipeline")
ROOT = Path(__file__).parents[1]
HIGH = "It is high."
NOON = "The gate opened at noon."
ZOE = "Zoë opens the gate."


@pytest.fixture(autouse=True, scope="module")
def silenced():
    """Ours is imported before theirs, which it silences."""
    import qa.haystack  # noqa: F401


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.md").write_text(
        "---\ndate: 2024-05-02\n---\n# Gate\n\nZoë opens the gate.\n\n# Wall\n\nIt is high.\n"
    )
    (folder / "2020-01-01 old.txt").write_text(NOON)
    pinpoint.sync(folder)
    return pinpoint


def texts(result):
    return [document.content for document in result["documents"]]


def kind(name):
    return {"field": "meta.kind", "operator": "==", "value": name}


def test_documents_are_exact_passages_with_their_citation(filled, folder):
    result = PinpointRetriever(filled).run("Zoë opens the gate")
    assert texts(result) == [ZOE, NOON, HIGH]
    first = result["documents"][0]
    sha256 = first.meta["sha256"]
    _, text = filled.document(sha256)
    start = text.index("Zoë")
    assert first == Document(
        id=f"{sha256}:{start}-{start + 19}",
        content=ZOE,
        score=1.0,
        meta={
            "sha256": sha256,
            "start": start,
            "end": start + 19,
            "path": str((folder / "gate.md").resolve()),
            "title": "Gate",
            "date": "2024-05-02",
            "kind": "markdown",
            "place": "",
            "page": None,
            "heading": ["Gate"],
            "link": None,
            "score": 1.0,
            "similarity": first.meta["similarity"],
        },
    )
    assert first.meta["similarity"] == pytest.approx(7 / 60**0.5)  # worked out in test_search.py
    for each in result["documents"]:
        _, text = filled.document(each.meta["sha256"])
        assert text[each.meta["start"] : each.meta["end"]] == each.content


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"field": "meta.date", "operator": ">=", "value": "2024-01-01"}, [ZOE, HIGH]),
        ({"field": "meta.date", "operator": "<=", "value": "2024-01-01"}, [NOON]),
        ({"field": "meta.folder", "operator": "==", "value": "documents/gate.md"}, [ZOE, HIGH]),
        (kind("text"), [NOON]),
    ],
)
def test_filters_are_heeded_from_the_retriever_and_from_the_question(filled, filters, expected):
    assert texts(PinpointRetriever(filled, filters=filters).run("Zoë opens")) == expected
    plain = PinpointRetriever(filled, filters=kind("word"))
    assert texts(plain.run("Zoë opens")) == []
    assert texts(plain.run("Zoë opens", filters=filters)) == expected
    assert texts(asyncio.run(plain.run_async("Zoë opens", filters=filters))) == expected


def test_top_k_is_heeded(filled):
    assert texts(PinpointRetriever(filled, top_k=1).run("Zoë opens")) == [ZOE]
    assert len(texts(PinpointRetriever(filled, top_k=1).run("Zoë opens", top_k=2))) == 2
    with pytest.raises(InputError, match="limit 0 is out of bounds"):
        PinpointRetriever(filled).run("Zoë opens", top_k=0)


def test_it_is_a_part_of_pipelines(filled):
    pipeline = Pipeline()
    pipeline.add_component("retriever", PinpointRetriever(filled, top_k=1))
    asked = {"retriever": {"query": "Zoë opens", "filters": kind("markdown")}}
    assert texts(pipeline.run(asked)["retriever"]) == [ZOE]


def test_a_pipeline_is_written_and_read(filled, monkeypatch):
    pipeline = Pipeline()
    pipeline.add_component("retriever", PinpointRetriever(filled, 3, kind("pdf")))
    opened = []
    monkeypatch.setattr("qa.api.Pinpoint.open", lambda home: opened.append(home) or filled)
    written = pipeline.dumps()
    read = Pipeline.loads(written, allowed_modules=["qa.haystack"]).get_component("retriever")
    assert opened == [str(filled.home)]
    assert (read.pinpoint, read.top_k, read.filters) == (filled, 3, kind("pdf"))


def test_what_cannot_be_honoured_is_refused_at_once(pinpoint):
    with pytest.raises(InputError, match="cannot be honoured"):
        PinpointRetriever(pinpoint, filters={"field": "meta.title", "operator": "==", "value": "x"})
    with pytest.raises(IndexMissingError):
        PinpointRetriever(pinpoint).run("gate")


def reporting(tmp_path, code, **environment):
    """Return whether Haystack would report after these imports, and what it left in the home."""
    program = f"{code}; import haystack.telemetry._telemetry as t; print(t.telemetry is not None)"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HAYSTACK_")}
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=kept | {"HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return run.stdout.strip() == "True", [path.name for path in tmp_path.iterdir()]


@pytest.mark.slow
def test_haystack_reports_nothing_once_the_retriever_is_imported(tmp_path):
    ours = "import qa.haystack"
    assert reporting(tmp_path, ours) == (False, [])
    assert reporting(tmp_path, ours, HAYSTACK_TELEMETRY_ENABLED="true")[0]  # who wants it, has it
    assert not reporting(tmp_path, f"import haystack; {ours}")[0]
