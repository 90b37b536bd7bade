"""What of Gradio's server is open, and that all else is closed."""

import asyncio
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from ui.call_body import functions
from ui.page_paths import Needed
from ui.web import build_app


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    from index.settings import Settings
    from qa.api import Pinpoint

    async def build():
        return build_app(Pinpoint(tmp_path_factory.mktemp("home"), Settings()))

    return asyncio.run(build())


@pytest.fixture
def client(app):
    with TestClient(app) as made:
        yield made


def test_the_page_and_its_scripts_are_given(client):
    page = client.get("/")
    assert page.status_code == 200
    assets = re.findall(r'(?:src|href)="\.?(/assets/[^"]+\.js)"', page.text)
    assert assets
    assert client.get(assets[0]).status_code == 200
    assert client.head("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/file=http://elsewhere.example/",
        "/gradio_api/proxy=http://elsewhere.example/",
        "/file=/etc/passwd",
        "/gradio_api/heartbeat/x",
        "/gradio_api/queue/status",
        "/gradio_api/startup-events",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/monitoring",
        "/monitoring/summary",
        "/token",
        "/app_id",
        "/svelte/x.js",
        "/manifest.json",
        "/robots.txt",
        "/login_check",
        "/runs",
        "/assets/../../routes.py",
        "/assets/..%2f..%2froutes.py",
        "/static/%2e%2e/%2e%2e/routes.py",
        "/assets/%00",
        "/assets//etc/passwd",
        "/static//etc/passwd",
        "//etc/passwd",
    ],
)
def test_nothing_else_of_gradio_is_given(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gradio_api/upload",
        "/gradio_api/run/predict",
        "/gradio_api/component_server",
        "/gradio_api/reset",
        "/gradio_api/cancel",
        "/gradio_api/vibe-code",
        "/run-history/connect",
    ],
)
def test_nothing_is_sent_to_gradio(client, path):
    response = client.post(path, files={"files": ("a.txt", b"text")})
    assert response.status_code == 404
    assert response.json()["detail"] == "there is nothing at this address"


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "http://localhost:3000", "null"])
@pytest.mark.parametrize("path", ["/", "/page/counted", "/ui/page.js"])
def test_no_other_site_may_read_an_answer(client, path, origin):
    response = client.get(path, headers={"Origin": origin})
    assert [name for name in response.headers if name.startswith("access-control-")] == []
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = client.options(path, headers=preflight)
    assert response.status_code == 403
    assert [name for name in response.headers if name.startswith("access-control-")] == []


@contextmanager
def serving(build):
    """Serve an application that is built in the server's event loop, and give its address."""

    async def serve(listener):
        servers.append(uvicorn.Server(uvicorn.Config(build(), log_level="critical")))
        await servers[0].serve(sockets=[listener])

    servers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve(listener)))
        thread.start()
        while not (servers and servers[0].started):
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        servers[0].should_exit = True
        thread.join(timeout=20)


def with_a_name():
    """Build an application of Gradio with one function that programs may call."""
    import gradio as gr

    def shout(text: str) -> str:
        return text.upper()

    app = FastAPI()
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.api(shout, api_name="shout")
    gr.mount_gradio_app(app, blocks, path="/", ssr_mode=False)
    app.routes[-1].app = Needed(app.routes[-1].app, functions(blocks))
    return app


@pytest.mark.server
def test_programs_call_what_has_a_name_and_nothing_else_opens():
    from gradio_client import Client

    with serving(with_a_name) as address:
        made = Client(address, verbose=False, analytics_enabled=False)
        assert made.predict("nine", api_name="/shout") == "NINE"
        for path in ("/gradio_api/file=/etc/passwd", "/gradio_api/heartbeat/x", "/monitoring"):
            assert status(f"{address}{path}") == 404
        for path in ("/gradio_api/upload", "/gradio_api/run/shout", "/gradio_api/reset"):
            assert status(f"{address}{path}", data=b"{}") == 404
        made.close()


def status(address, data=None):
    try:
        with urllib.request.urlopen(address, data, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
