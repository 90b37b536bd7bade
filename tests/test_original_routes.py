"""Original files over HTTP."""

import zipfile
from dataclasses import replace

import pytest
from fastapi import FastAPI
from pdf_files import lines, pdf
from starlette.testclient import TestClient

from index.sqlite_store import FILE_NAME, SqliteStore
from ui import original_routes

PAGE = b"<!doctype html><title>Gate</title><p>The gate opens at nine.<script>alert(1)</script>"
FILES = {
    "gate.txt": "The gate opens at nine: à dix.\n".encode(),
    "old.txt": "Le portail ouvre à neuf heures.\n".encode("cp1252"),
    "gate.html": PAGE,
    "gate.pdf": pdf(lines("The ferry leaves at ten.")),
    'na"me\n; é.txt': b"A name that would break a header.\n",
}


@pytest.fixture
def client(pinpoint, folder):
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("inside.txt", "The buoy floats north.\n")
    pinpoint.sync(folder)
    app = FastAPI()
    original_routes.add(app, pinpoint)
    with TestClient(app) as made:
        yield made


@pytest.fixture
def get(client, pinpoint):
    def get(name):
        with SqliteStore.open(pinpoint.home) as store:
            (found,) = [d for d in store.documents() if d.path.endswith(f"/{name}")]
        return client.get(f"/original/{found.sha256}")

    return get


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("gate.txt", "text/plain; charset=utf-8", "inline; filename*=UTF-8''gate.txt"),
        ("old.txt", "text/plain; charset=windows-1252", "inline; filename*=UTF-8''old.txt"),
        ("gate.pdf", "application/pdf", "inline; filename*=UTF-8''gate.pdf"),
        ("gate.html", "application/octet-stream", "attachment; filename*=UTF-8''gate.html"),
        (
            'na"me\n; é.txt',
            "text/plain; charset=utf-8",
            "inline; filename*=UTF-8''na%22me%0A%3B%20%C3%A9.txt",
        ),
    ],
)
def test_a_file_is_given_as_it_is(get, name, kind, place):
    response = get(name)
    assert (response.status_code, response.content) == (200, FILES[name])
    assert response.headers["content-type"] == kind
    assert response.headers["content-disposition"] == place
    assert response.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_member_of_an_archive_is_given(get):
    response = get("inside.txt")
    assert (response.status_code, response.content) == (200, b"The buoy floats north.\n")


@pytest.mark.parametrize(
    "sha256",
    ["0" * 64, "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "..", "' OR 1=1 --", "%00", "gate.txt"],
)
def test_only_a_document_of_the_index_is_given(client, sha256):
    assert client.get(f"/original/{sha256}").status_code == 404


def test_a_changed_file_is_told(get, folder):
    (folder / "gate.txt").write_text("Something else")
    response = get("gate.txt")
    assert response.status_code == 409
    assert "gate.txt has changed since it was indexed" in response.text
    assert "Something else" not in response.text


def test_a_file_that_is_gone_is_told(get, folder):
    (folder / "gate.txt").unlink()
    response = get("gate.txt")
    assert response.status_code == 404
    assert "gate.txt is not where it was indexed" in response.text


def test_a_link_to_another_file_gives_nothing_away(get, folder, tmp_path):
    (tmp_path / "secret").write_text("my password")
    (folder / "gate.txt").unlink()
    (folder / "gate.txt").symlink_to(tmp_path / "secret")
    response = get("gate.txt")
    assert response.status_code == 409
    assert "my password" not in response.text


def test_a_lost_index_is_told(client, pinpoint):
    (pinpoint.home / FILE_NAME).unlink()
    response = client.get(f"/original/{'0' * 64}")
    assert response.status_code == 404
    assert "no index in" in response.text


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_a_picture_is_shown(get, monkeypatch, kind):
    """Such documents come from text recognition, which is not needed to give them out."""
    real = SqliteStore.described_by_text
    monkeypatch.setattr(
        SqliteStore, "described_by_text", lambda *given: replace(real(*given), media_type=kind)
    )
    response = get("gate.txt")
    assert response.headers["content-type"] == kind
    assert response.headers["content-disposition"].startswith("inline")
