"""The Model Context Protocol over HTTP, beside the page."""

import asyncio

import pytest
from browsing import serving
from mcp import Client
from readers import WordReader
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from index.settings import Settings
from qa.api import Pinpoint
from ui.asker import Asker
from ui.guard import Guard
from ui.mcp_http import McpOverHttp

GATE = "The gate opens at nine."
HEADERS = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}


@pytest.fixture
def pinpoint(tmp_path, folder, embedder):
    (folder / "gate.md").write_text(f"# Gate\n\n{GATE}\n")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=embedder, reader=WordReader())
    made.sync(folder)
    return made


@pytest.fixture
def app(pinpoint):
    mcp = McpOverHttp(pinpoint, Asker(pinpoint))
    made = Starlette(routes=[Route("/mcp", endpoint=mcp)], lifespan=mcp.lifespan)
    made.add_middleware(Guard)
    return made


def ping(client, **headers):
    sent = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    return client.post("/mcp", json=sent, headers=HEADERS | headers)


def test_a_program_is_answered_each_time_that_the_server_runs(app):
    for _ in range(2):
        with TestClient(app) as client:
            assert ping(client).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
            assert ping(client).status_code == 200


def test_before_and_after_it_nobody_is(app):
    assert ping(TestClient(app)).status_code == 503
    with TestClient(app):
        pass
    assert ping(TestClient(app)).status_code == 503


def test_a_page_of_another_site_is_refused(app):
    with TestClient(app) as client:
        assert ping(client, Origin="http://elsewhere.example").status_code == 403
        assert ping(client, Origin="http://testserver").status_code == 200


@pytest.mark.server
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_of_the_sdk_asks_the_server_of_the_page(pinpoint, mode):
    async def work(address):
        async with Client(f"{address}/mcp", mode=mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answers = await asyncio.gather(
                *(client.call_tool("ask", {"question": "The gate opens at"}) for _ in range(3))
            )
            uri = str((await client.list_resources()).resources[0].uri)
            return tools, answers, (await client.read_resource(uri)).contents[0].text

    with serving(pinpoint) as address:
        tools, answers, text = asyncio.run(work(address))
    assert tools == ["ask", "search", "open_document", "list_documents"]
    expected = pinpoint.ask("The gate opens at").model_dump(mode="json")
    assert [answer.structured_content for answer in answers] == [expected] * 3
    assert text == f"# Gate\n\n{GATE}\n"
