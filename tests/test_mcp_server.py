"""The tools and resources of the Model Context Protocol, asked by the SDK's own client."""

import asyncio
from functools import partial

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint
from ui import mcp_server
from ui.asker import Asker

GATE = "The gate opens at nine sharp."


@pytest.fixture
def pinpoint(tmp_path, folder, embedder):
    (folder / "gate.md").write_text(f"---\ndate: 2024-05-02\n---\n# Gate\n\n{GATE}\n")
    (folder / "old.md").write_text("---\ndate: 2020-01-01\n---\nThe gate opened at noon.\n")
    (folder / "copy.md").write_text("---\ndate: 2020-01-01\n---\nThe gate opened at noon.\n")
    reader = WordReader(short="nine")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=embedder, reader=reader)
    made.sync(folder)
    return made


@pytest.fixture
def gate(pinpoint):
    return next(d for d in pinpoint.documents().documents if d.title == "Gate")


def asked(pinpoint, work):
    """Return what `work` makes of a client in this process."""

    async def run():
        async with Client(mcp_server.build(pinpoint, Asker(pinpoint))) as client:
            return await work(client)

    return asyncio.run(run())


def call(pinpoint, tool, **arguments):
    return asked(pinpoint, lambda client: client.call_tool(tool, arguments))


def refused(result, message):
    assert result.is_error
    # The SDK puts the tool's name in front.
    _, _, told = result.content[0].text.partition(": ")
    assert told.startswith(message), result.content[0].text


def test_the_tools_only_read_and_say_what_they_return(pinpoint):
    listed = asked(pinpoint, lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == ["ask", "search", "open_document", "list_documents"]
    for tool in listed:
        assert tool.annotations.read_only_hint
        assert tool.annotations.destructive_hint is False
        assert tool.description
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
    answer = listed[0].output_schema
    assert {"answered", "citations", "nearest"} <= answer["properties"].keys()
    assert listed[0].input_schema["required"] == ["question"]

    async def described(client):
        return client.instructions, client.server_info.title

    assert asked(pinpoint, described) == (mcp_server.INSTRUCTIONS, "Pinpoint")


def test_an_answer_is_that_of_the_library_with_citations_to_check(pinpoint, gate):
    result = call(pinpoint, "ask", question="The gate opens at")
    assert not result.is_error
    assert result.structured_content == pinpoint.ask("The gate opens at").model_dump(mode="json")
    citation = result.structured_content["citations"][0]
    assert citation["quote"] == GATE
    place = {"start": citation["start"], "end": citation["end"]}
    opened = call(pinpoint, "open_document", sha256=citation["document"]["sha256"], **place)
    assert opened.structured_content["text"] == GATE
    words = result.content[0].text
    assert words.startswith(f"{GATE} [1]\n")
    assert f"{gate.path}:{citation['start']}-{citation['end']}" in words
    assert words.splitlines()[-2:][0] == f"[1] sha256 {gate.sha256}"


def test_what_the_documents_do_not_say_is_told(pinpoint):
    result = call(pinpoint, "ask", question="Who paints zebras?")
    assert not result.is_error
    assert result.structured_content["answered"] is False
    assert result.content[0].text.startswith("Not in your documents.")


def test_bounds_are_heeded(pinpoint, folder):
    def titles(**bounds):
        found = call(pinpoint, "search", question="gate", **bounds).structured_content
        return sorted({passage["document"]["title"] for passage in found["passages"]})

    assert titles() == ["Gate", "copy"]
    assert titles(since="2024-01-01") == titles(folders=[str(folder / "gate.md")]) == ["Gate"]
    assert titles(until="2023-01-01", kinds=["markdown"]) == ["copy"]
    answer = call(pinpoint, "ask", question="The gate opens at", until="2021-01-01")
    assert {c["document"]["title"] for c in answer.structured_content["citations"]} == {"copy"}


def test_a_search_is_that_of_the_library(pinpoint, gate):
    result = call(pinpoint, "search", question="gate opens", limit=1)
    found = pinpoint.search("gate opens", limit=1)
    assert result.structured_content == found.model_dump(mode="json")
    (passage,) = found.passages
    assert result.content[0].text == (
        f"[1] Gate, Gate, 2024-05-02\n    {gate.path}:{passage.start}-{passage.end}\n"
        f"    sha256 {gate.sha256}\n\n{GATE}"
    )


def test_a_document_is_opened_in_parts(pinpoint, gate, monkeypatch):
    _, text = pinpoint.document(gate.sha256)
    whole = call(pinpoint, "open_document", sha256=gate.sha256)
    assert whole.structured_content["text"] == text
    assert whole.content[0].text == (
        f"Gate, characters 0 to {len(text)} of {len(text)}\n{gate.path}\n\n{text}"
    )
    monkeypatch.setattr(mcp_server, "_PART_CHARS", 10)
    part = call(pinpoint, "open_document", sha256=gate.sha256, start=5).structured_content
    assert (part["text"], part["end"], part["length"]) == (text[5:15], 15, len(text))


def test_documents_are_listed_page_by_page(pinpoint, gate):
    result = call(pinpoint, "list_documents", limit=2, offset=1)
    page = pinpoint.documents(limit=2, offset=1)
    assert result.structured_content == page.model_dump(mode="json")
    assert result.content[0].text.splitlines()[:2] == [
        "3 documents, here 2 to 3",
        f"{gate.sha256} Gate ({gate.path})",
    ]
    only = call(pinpoint, "list_documents", query="gate.md").structured_content
    assert [d["title"] for d in only["documents"]] == ["Gate"]


def test_what_cannot_be_done_is_told_in_words(pinpoint, gate):
    refused(call(pinpoint, "ask", question=" "), "the question is empty")
    refused(call(pinpoint, "ask", question="x", since="soon"), "since 'soon' is not a date")
    refused(call(pinpoint, "open_document", sha256="0" * 64), "no document with SHA-256")
    behind = call(pinpoint, "open_document", sha256=gate.sha256, start=5, end=4)
    refused(behind, "characters 5 to 4 are no part of this text")
    assert call(pinpoint, "search", question="x", limit=101).is_error
    assert call(pinpoint, "search", question="x", kinds=["tape"]).is_error
    assert call(pinpoint, "open_document", sha256="x").is_error


def test_a_fault_is_not_told_in_its_own_words(pinpoint):
    pinpoint.reader.fault = ValueError("secret")
    result = call(pinpoint, "ask", question="The gate?")
    assert (result.is_error, result.content[0].text) == (True, "Error executing tool ask")


def test_documents_are_resources_each_text_once(pinpoint, gate):
    async def work(client):
        listed = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        read = await client.read_resource(str(listed[1].uri))
        return listed, templates, read.contents

    listed, templates, (content,) = asked(pinpoint, work)
    assert [(r.title, r.mime_type) for r in listed] == [
        ("copy", "text/plain"),
        ("Gate", "text/plain"),
    ]
    assert str(listed[1].uri) == f"pinpoint://documents/{gate.sha256}"
    assert [t.uri_template for t in templates] == ["pinpoint://documents/{sha256}"]
    assert content.text == pinpoint.document(gate.sha256)[1]


def test_resources_are_listed_page_by_page(pinpoint, monkeypatch):
    monkeypatch.setattr(mcp_server, "PAGE_ROWS", 1)

    async def work(client):
        pages = [await client.list_resources()]
        while (cursor := pages[-1].next_cursor) is not None:
            pages.append(await client.list_resources(cursor=cursor))
        with pytest.raises(MCPError) as raised:
            await client.list_resources(cursor="soon")
        return pages, raised.value

    pages, error = asked(pinpoint, work)
    titles = [[resource.title for resource in page.resources] for page in pages]
    assert [len(page) for page in titles] == [1, 1, 0]
    assert sorted(title for page in titles for title in page) == ["Gate", "copy"]
    assert [page.next_cursor for page in pages] == ["1", "2", None]
    assert str(error) == "there is no such cursor; list from the beginning"


def test_arguments_that_a_tool_does_not_have_are_refused(pinpoint):
    result = call(pinpoint, "ask", question="gate", folder="/x", limit=1)
    told = "ask has no argument folder, limit; it has question, since, until, folders, kinds"
    assert (result.is_error, result.content[0].text) == (True, told)
    tools = asked(pinpoint, lambda client: client.list_tools()).tools
    assert all(tool.input_schema["additionalProperties"] is False for tool in tools)


def test_a_resource_that_is_not_there_or_too_long_is_refused(pinpoint, gate, monkeypatch):
    def refusal(sha256):
        async def read(client):
            with pytest.raises(MCPError) as raised:
                await client.read_resource(f"pinpoint://documents/{sha256}")
            return str(raised.value)

        return asked(pinpoint, read)

    assert refusal("0" * 64).startswith(f"no document with SHA-256 {'0' * 64}")
    _, text = pinpoint.document(gate.sha256)
    monkeypatch.setattr(pinpoint, "text", partial(pinpoint.text, limit=5))
    assert refusal(gate.sha256) == (
        f"the text has {len(text)} characters; read it in parts with open_document"
    )


def test_without_an_index_there_is_nothing_to_list(tmp_path, embedder):
    empty = Pinpoint(tmp_path / "none", Settings(), embedder=embedder, reader=WordReader())
    assert asked(empty, lambda client: client.list_resources()).resources == []
    refused(call(empty, "list_documents"), "no index in ")
    refused(call(empty, "ask", question="Gate?"), "no index in ")


def test_an_index_that_cannot_be_read_is_not_an_empty_list(pinpoint):
    (pinpoint.home / "pinpoint.db").write_bytes(b"no database at all" * 100)

    async def listed(client):
        with pytest.raises(MCPError, match=r"pinpoint\.db: file is not a database"):
            await client.list_resources()

    asked(pinpoint, listed)
