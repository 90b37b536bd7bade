"""What a person may choose from before asking."""

import re
from html import unescape

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ui import choice_routes


@pytest.fixture
def client(pinpoint):
    app = FastAPI()
    choice_routes.add(app, pinpoint)
    with TestClient(app) as made:
        yield made


def test_a_folder_is_offered_with_its_exact_path(client, pinpoint, folder):
    for name in ("two  blanks", "<b>&\"'"):
        (folder / name).mkdir()
        (folder / name / "gate.txt").write_text(f"The gate of {name} opens.")
    pinpoint.sync(folder)
    html = client.get("/page/filters").text
    # Of an option without a value, the browser sends the words with single blanks.
    offered = [unescape(value) for value in re.findall(r'<option value="([^"]*)">', html)]
    assert offered == ["", *pinpoint.folders()]
    assert str(folder.resolve() / "two  blanks") in offered
    assert "<b>" not in html


def test_nothing_is_offered_without_an_index(client):
    assert "<select" not in client.get("/page/filters").text
    assert client.get("/page/examples").text == ""
