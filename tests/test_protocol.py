"""Connections that are too many, or say nothing, on a server without the application."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from index.settings import Settings
from ui import protocol
from ui.server import config

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def app(scope, receive, send):
    await PlainTextResponse("so")(scope, receive, send)


@asynccontextmanager
async def served(forwarded_by=()):
    made = config(app, Settings(), forwarded_by)
    made.port, made.lifespan = 0, "off"
    server = uvicorn.Server(made)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    await serving


async def opened(address, count):
    return [await asyncio.open_connection(*address) for _ in range(count)]


async def answered(connection, sent=HEAD + b"Connection: close\r\n\r\n"):
    reader, writer = connection
    writer.write(sent)
    told = await reader.read()
    writer.close()
    return told.decode()


@pytest.mark.server
@pytest.mark.parametrize("limit", ["MOST_CONNECTIONS", "MOST_OF_AN_ADDRESS"])
def test_too_many_connections_are_told_when_to_come_back(monkeypatch, limit):
    monkeypatch.setattr(protocol, limit, 2)

    async def run():
        async with served() as address:
            first, second, third = await opened(address, 3)
            assert "200 OK" in await answered(second)
            refused = (await answered(third)).lower()
            assert "503 service unavailable" in refused
            assert "\r\nretry-after: 5\r\n" in refused
            assert "\r\nconnection: close\r\n" in refused
            assert "too many connections; try again in 5 seconds" in refused
            assert "200 OK" in await answered(first)

    asyncio.run(run())


@pytest.mark.server
def test_a_proxy_may_have_as_many_as_there_are(monkeypatch):
    monkeypatch.setattr(protocol, "MOST_OF_AN_ADDRESS", 1)

    async def run():
        async with served(["127.0.0.1"]) as address:
            for connection in await opened(address, 3):
                assert "200 OK" in await answered(connection)

    asyncio.run(run())


@pytest.mark.server
@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"\r\n"])
def test_who_says_nothing_is_not_waited_for(monkeypatch, sent):
    """Also not after an answer, and not who sends a piece of a head now and then."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    monkeypatch.setattr(protocol, "KEEP_ALIVE_SECONDS", 0.05)

    async def run():
        async with served() as address:
            ((reader, writer),) = await opened(address, 1)
            writer.write(sent)
            told = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            return told

    assert (b"200 OK" in asyncio.run(run())) == sent.endswith(b"\r\n\r\n")


@pytest.mark.server
def test_a_connection_without_requests_is_kept_for_longer_than_clients_keep_theirs(monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    assert protocol.KEEP_ALIVE_SECONDS > 60

    async def run():
        async with served() as address:
            ((reader, writer),) = await opened(address, 1)
            writer.write(HEAD + b"\r\n")
            await reader.readuntil(b"so")
            await asyncio.sleep(0.2)
            return await answered((reader, writer))

    assert "200 OK" in asyncio.run(run())
