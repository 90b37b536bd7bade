"""The retriever for LangChain, with the real library."""

import asyncio
import json

import pytest
from late import Late
from pydantic import ValidationError

from index.errors import IndexMissingError, InputError

PinpointRetriever = Late("qa.langchain", "PinpointRetriever")
Document = Late("langchain_core.documents", "Document")
RunnableLambda = Late("langchain_core.runnables", "RunnableLambda")


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.md").write_text(
        "---\ndate: 2024-05-02\n---\n# Gate\n\nZoë opens the gate.\n\n# Wall\n\nIt is high.\n"
    )
    (folder / "2020-01-01 old.txt").write_text("The gate opened at noon.")
    pinpoint.sync(folder)
    return pinpoint


def texts(documents):
    return [document.page_content for document in documents]


def test_documents_are_exact_passages_with_their_citation(filled, folder):
    first, *others = PinpointRetriever(pinpoint=filled).invoke("Zoë opens the gate")
    assert texts(others) == ["The gate opened at noon.", "It is high."]
    sha256 = first.metadata["sha256"]
    document, text = filled.document(sha256)
    start = text.index("Zoë")
    assert first == Document(
        id=f"{sha256}:{start}-{start + 19}",
        page_content="Zoë opens the gate.",
        metadata={
            "sha256": document.sha256,
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
            "similarity": pytest.approx(7 / 60**0.5),  # worked out in test_search.py
        },
    )
    json.dumps(first.metadata)


def test_every_text_stands_at_its_offsets(filled):
    found = PinpointRetriever(pinpoint=filled).invoke("gate")
    assert len(found) == 3
    for each in found:
        _, text = filled.document(each.metadata["sha256"])
        assert text[each.metadata["start"] : each.metadata["end"]] == each.page_content


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"limit": 1}, ["Zoë opens the gate."]),
        ({"since": "2024-01-01"}, ["Zoë opens the gate.", "It is high."]),
        ({"until": "2024-01-01"}, ["The gate opened at noon."]),
        ({"kinds": "text"}, ["The gate opened at noon."]),
        ({"folders": "documents/gate.md"}, ["Zoë opens the gate.", "It is high."]),
    ],
)
def test_bounds_are_heeded_from_the_retriever_and_from_the_question(filled, bounds, expected):
    assert texts(PinpointRetriever(pinpoint=filled, **bounds).invoke("Zoë opens")) == expected
    plain = PinpointRetriever(pinpoint=filled)
    assert texts(plain.invoke("Zoë opens", **bounds)) == expected
    assert texts(asyncio.run(plain.ainvoke("Zoë opens", **bounds))) == expected


def test_bounds_of_a_question_stand_in_for_those_of_the_retriever(filled):
    retriever = PinpointRetriever(pinpoint=filled, kinds="text", limit=1)
    assert texts(retriever.invoke("Zoë opens", kinds=())) == ["Zoë opens the gate."]


def test_it_is_a_part_of_chains(filled):
    chain = PinpointRetriever(pinpoint=filled, limit=1) | RunnableLambda(texts)
    assert chain.batch(["Zoë opens", "noon"]) == [
        ["Zoë opens the gate."],
        ["The gate opened at noon."],
    ]
    assert asyncio.run(chain.ainvoke("Zoë opens")) == ["Zoë opens the gate."]


def test_what_cannot_be_honoured_is_refused(filled):
    with pytest.raises(ValidationError, match=r"kind\n.*Extra inputs are not permitted"):
        PinpointRetriever(pinpoint=filled, kind="pdf")
    retriever = PinpointRetriever(pinpoint=filled)
    with pytest.raises(TypeError, match="'folder'"):
        retriever.invoke("gate", folder="x")
    with pytest.raises(InputError, match="the question is empty"):
        retriever.invoke(" ")


def test_without_an_index_it_says_so(pinpoint):
    with pytest.raises(IndexMissingError):
        asyncio.run(PinpointRetriever(pinpoint=pinpoint).ainvoke("gate"))
