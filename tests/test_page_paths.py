"""What of Gradio's server is open, and that all else is closed."""

import asyncio
import re

import pytest
from starlette.testclient import TestClient

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
        "/config",
        "/gradio_api/info",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/file=http://elsewhere.example/",
        "/gradio_api/proxy=http://elsewhere.example/",
        "/file=/etc/passwd",
        "/gradio_api/heartbeat/x",
        "/gradio_api/queue/data",
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
        "/gradio_api/queue/join",
        "/gradio_api/run/predict",
        "/gradio_api/call/predict",
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
