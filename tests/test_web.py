"""The web application, without a browser."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from fakes import WordEmbedder
from fastapi import FastAPI
from readers import WordReader
from starlette.testclient import TestClient
from started import started

from index.errors import IndexDamagedError, InputError, PinpointError
from index.settings import Settings
from index.sqlite_store import FILE_NAME
from index.store import text_sha256
from qa.api import Pinpoint
from ui.access import Access
from ui.source_page import HEADERS
from ui.web import build_app, serve

TEXT = "Notes <b>\r\n\r\nThe gate opens at nine 🚪 sharp. It closes at dusk.\r\n"
SHA = text_sha256(TEXT)
START, END = TEXT.index("The gate"), TEXT.index(" It closes")


@pytest.fixture
def reader():
    return WordReader()


@pytest.fixture
def pinpoint(tmp_path, folder, reader):
    (folder / "gate.txt").write_bytes(TEXT.encode())
    made = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=reader)
    made.sync(folder)
    return made


def built(pinpoint):
    """Build inside a running event loop; without one, Gradio opens several and closes none."""

    async def build():
        return build_app(pinpoint)

    return asyncio.run(build())


@pytest.fixture
def client(pinpoint):
    with TestClient(built(pinpoint)) as made:
        yield made


def test_a_source_is_shown_with_its_quote_marked(client):
    response = client.get(f"/source/{SHA}?start={START}&end={END}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert (
        ">Notes &lt;b&gt;&#13;\n&#13;\n"
        '<mark id="quote" class="quote">The gate opens at nine 🚪 sharp.</mark>'
        " It closes at dusk.&#13;\n</div></section></main>"
    ) in response.text


def test_the_short_answer_is_passed_on(client):
    at = TEXT.index("nine")
    response = client.get(f"/source/{SHA}?start={START}&end={END}&astart={at}&aend={at + 4}")
    assert (
        '<mark id="quote" class="quote">The gate opens at <b>nine</b> 🚪 sharp.</mark>'
        in response.text
    )


WHOLE = "start and end must both be given, as whole numbers"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?start=1", WHOLE),
        ("?start=1&end=", WHOLE),
        ("?start=a&end=2", WHOLE),
        ("?start=1&end=2.5", WHOLE),
        ("?start=-1&end=2", f"characters -1 to 2 are not in this document; it has {len(TEXT)}"),
        ("?start=2&end=2", f"characters 2 to 2 are not in this document; it has {len(TEXT)}"),
        ("?start=3&end=2", f"characters 3 to 2 are not in this document; it has {len(TEXT)}"),
        ("?start=0&end=999", f"characters 0 to 999 are not in this document; it has {len(TEXT)}"),
        ("?start=1&end=2&astart=0&aend=2", "the answer 0 to 2 is not in the quote"),
        ("?start=1&end=2&astart=1", WHOLE),
    ],
)
def test_bad_offsets_are_a_bad_request(client, query, message):
    response = client.get(f"/source/{SHA}{query}")
    assert response.status_code == 400
    assert f'<main class="note"><h1>{message}</h1></main>' in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_a_source_without_a_quote_is_shown_whole(client):
    response = client.get(f"/source/{SHA}")
    assert response.status_code == 200
    assert f"<bdi>{len(TEXT)} characters</bdi>" in response.text
    assert (
        ">Notes &lt;b&gt;&#13;\n&#13;\nThe gate opens at nine 🚪 sharp."
        " It closes at dusk.&#13;\n</div>"
    ) in response.text
    assert "<mark" not in response.text
    assert 'data-go="quote"' not in response.text


def assert_gone(response):
    assert response.status_code == 404
    assert "This document has changed or was removed; ask again." in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("sha256", ["0" * 64, "nothing", "%3Cb%3E"])
def test_an_unknown_document_is_not_found(client, sha256):
    assert_gone(client.get(f"/source/{sha256}?start=0&end=1"))


def test_a_changed_document_is_not_found(client, pinpoint, folder):
    (folder / "gate.txt").write_text("The gate stays shut.")
    pinpoint.sync()
    assert_gone(client.get(f"/source/{SHA}?start={START}&end={END}"))


def test_a_text_that_is_not_its_hash_is_never_shown(client, pinpoint):
    with closing(sqlite3.connect(pinpoint.home / FILE_NAME)) as db, db:
        db.execute("UPDATE texts SET text = replace(text, 'nine', 'five')")
    assert_gone(client.get(f"/source/{SHA}?start={START}&end={END}"))


def test_a_lost_index_is_told(client, pinpoint):
    (pinpoint.home / FILE_NAME).unlink()
    response = client.get(f"/source/{SHA}?start=0&end=1")
    assert response.status_code == 404
    assert str(pinpoint.home) in response.text


def test_the_empty_source_side_says_what_it_is_for(client):
    response = client.get("/source/")
    assert response.status_code == 200
    assert "The source of a quote opens here." in response.text


def test_the_page_may_load_nothing_from_elsewhere(client):
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
    assert "googleapis" not in response.text
    assert "googleapis" not in client.get("/theme.css").text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.js", "javascript"),
        ("page.css", "text/css"),
        ("source.js", "javascript"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_the_files_of_the_page_are_served(client, name, kind):
    response = client.get(f"/ui/{name}")
    assert response.status_code == 200
    assert kind in response.headers["content-type"]
    assert "/static/" not in response.text


def test_the_icon_is_found_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")


def test_no_other_file_is_served(client):
    assert client.get("/ui/..%2Fweb.py").status_code == 404
    assert client.get("/ui/%2e%2e/web.py").status_code == 404


def test_a_page_of_another_site_may_not_ask(client):
    refused = client.post(
        "/page/ask", json={"question": "Who?"}, headers={"Origin": "http://elsewhere.example"}
    )
    assert refused.status_code == 403
    assert refused.text == "Pages of other sites may not change anything here."
    own = client.post(
        "/page/ask", json={"question": "Who?"}, headers={"Origin": "http://testserver"}
    )
    assert own.status_code == 200


def test_gradio_is_told_to_stay_quiet(client):
    (config,) = re.findall(r"window\.gradio_config = (\{.*?\});", client.get("/").text)
    config = json.loads(config)
    assert (config["title"], config["analytics_enabled"]) == ("Pinpoint", False)
    assert (config["footer_links"], config["run_history"]) == ([], False)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "True"


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_of_fastapi_is_served(client, path):
    assert client.get(path).status_code == 404


def test_serving_needs_no_index(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("ui.closing.Server.run", lambda *_, **__: None)
    monkeypatch.setattr("ui.web.build_app", lambda *_: FastAPI())
    bare = Pinpoint(tmp_path / "none", Settings(), embedder=WordEmbedder())
    serve(bare, host="127.0.0.1", port=0, open_browser=False)
    assert capsys.readouterr().err.startswith("Pinpoint is ready at http://127.0.0.1:")
    assert not bare.home.exists()


def test_example_questions_are_asked_before_a_person_asks(pinpoint, monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(pinpoint, "examples", asked.set)
    monkeypatch.setattr("ui.web.build_app", lambda *_: FastAPI())
    monkeypatch.setattr("ui.web.Server.run", lambda *_, **__: asked.wait(20) or 1 / 0)
    serve(pinpoint, host="127.0.0.1", port=0, open_browser=False)


def test_a_damaged_index_is_not_served(pinpoint):
    (pinpoint.home / FILE_NAME).write_bytes(b"no database" * 99)
    with pytest.raises(IndexDamagedError):
        serve(pinpoint, host="127.0.0.1", port=0, open_browser=False)


def test_a_port_in_use_is_told(pinpoint):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PinpointError) as caught:
            serve(pinpoint, host="127.0.0.1", port=port, open_browser=False)
    assert str(caught.value) == (f"port {port} on 127.0.0.1 is in use; choose another with --port")


def test_an_address_of_another_machine_is_told(pinpoint):
    Access(pinpoint.home).add("ada", "ask", "password", "a long password")
    with pytest.raises(PinpointError, match=r"^port 0 on 192\.0\.2\.1 cannot be had"):
        serve(pinpoint, host="192.0.2.1", port=0, open_browser=False)


def test_other_machines_are_not_served_while_nobody_is_named(pinpoint):
    with pytest.raises(InputError, match=r"^other machines reach 0\.0\.0\.0, and"):
        serve(pinpoint, host="0.0.0.0", port=0, open_browser=False)


@pytest.mark.parametrize(
    ("host", "ajar", "names"),
    [
        ("127.0.0.1", True, {"127.0.0.1", "::1", "localhost", "docs.example"}),
        ("0.0.0.0", False, {"0.0.0.0", "docs.example", "desk"}),
    ],
)
def test_what_is_served_faces_its_address(pinpoint, monkeypatch, host, ajar, names):
    built = []
    monkeypatch.setattr("ui.closing.Server.run", lambda *_, **__: None)
    monkeypatch.setattr("ui.web.build_app", lambda *given: built.append(given[2]) or FastAPI())
    monkeypatch.setattr("socket.gethostname", lambda: "desk")
    Access(pinpoint.home).add("ada", "ask", "password", "a long password")
    before = signal.getsignal(signal.SIGTERM)
    serve(pinpoint, host=host, port=0, open_browser=False, allowed_hosts=["docs.example"])
    (faces,) = built
    assert (faces.ajar, faces.numbers) == (ajar, not ajar)
    assert faces.names >= names
    assert ("desk" in faces.names) is not ajar
    assert signal.getsignal(signal.SIGTERM) is before


def fetch(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.server
def test_the_command_serves_until_interrupted(pinpoint, tmp_path, monkeypatch):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    command = [sys.executable, "-c", "from ui.cli import main; main()", "serve", "--open"]
    command += ["--port", "0", "--home", str(pinpoint.home)]
    with started(command, stderr=subprocess.PIPE, text=True) as server:
        line = server.stderr.readline()
        try:
            assert line.startswith("Pinpoint is ready at http://127.0.0.1:")
            address = line.split()[-1]
            assert fetch(address) == 200
            assert fetch(f"{address}/source/") == 200
            assert fetch(address, Host="elsewhere.example") == 400
            assert opened.read_text() == f"{address}\n"
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stderr.read()
    assert (server.returncode, rest) == (0, "")


def test_a_browser_asks_whether_its_scripts_are_those_of_this_version(client):
    for name in ("chat.js", "page.css"):
        response = client.get(f"/ui/{name}")
        assert response.headers["cache-control"] == "no-cache"
        tag = {"If-None-Match": response.headers["etag"]}
        assert client.get(f"/ui/{name}", headers=tag).status_code == 304


def test_nothing_is_uploaded_into_a_temporary_folder(client):
    response = client.post("/gradio_api/upload", files={"files": ("x.bin", b"x")})
    assert response.status_code == 404
    assert "x.bin" not in response.text
