"""What the viewer fetches, without a browser."""

import sqlite3
from contextlib import closing

import pytest
from fastapi import FastAPI
from pdf_files import lines, pdf
from starlette.testclient import TestClient

from index.sqlite_store import FILE_NAME, SqliteStore
from index.store import text_sha256
from ui import source_routes
from ui.source_page import HEADERS

FILLER = "".join(f"Paragraph {n} of ropes & tides.\n" for n in range(800))
TEXT = f"{FILLER}The gate opens at nine.\n{FILLER}"
SHA = text_sha256(TEXT)
START = TEXT.index("The gate")
QUERY = f"start={START}&end={START + 23}"
GONE = "This document has changed or was removed; ask again."


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.txt").write_text(TEXT)
    assert pinpoint.sync(folder).failed == ()
    return pinpoint


@pytest.fixture
def client(filled):
    app = FastAPI()
    source_routes.add(app, filled)
    with TestClient(app) as made:
        yield made


@pytest.fixture
def ferry(filled, folder):
    """Add a PDF file; return the address of its source, and the span of a quote on its page 2."""
    (folder / "gate.pdf").write_bytes(pdf(lines("Nothing here."), lines("The ferry leaves.")))
    assert filled.sync().failed == ()
    with SqliteStore.open(filled.home) as store:
        (found,) = [d for d in store.documents() if d.path.endswith(".pdf")]
        text = store.document(found.rowid)[1]
    start = text.index("The ferry")
    return f"/source/{found.sha256}", f"start={start}&end={start + 17}", found


def shown(html):
    """Return a part's text, whose only escaped character is the ampersand."""
    body = html[html.index(">") + 1 : html.rindex("</div>")]
    for tag in ('<mark id="quote" class="quote">', '<mark class="hit">', "</mark>"):
        body = body.replace(tag, "")
    return body.replace("&amp;", "&")


def test_the_parts_make_the_whole_text(client):
    found, at, requests = "", 0, 0
    while at < len(TEXT):
        html = client.get(f"/source/{SHA}/text?after={at}&{QUERY}").text
        found += shown(html)
        at, requests = len(found), requests + 1
    assert found == TEXT
    assert requests == -(-len(TEXT) // 20_000)
    last = client.get(f"/source/{SHA}/text?before={len(TEXT)}&{QUERY}").text
    assert TEXT.endswith(shown(last))
    assert "data-after" not in last


def test_a_part_around_a_place_has_the_quote_marked(client):
    response = client.get(f"/source/{SHA}/text?around={START}&{QUERY}")
    assert '<mark id="quote" class="quote">The gate opens at nine.</mark>' in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_what_was_found_is_marked(client):
    response = client.get(f"/source/{SHA}/find", params={"words": "GATE opens"})
    assert response.json() == {"hits": [[START + 4, START + 14]], "more": False}
    html = client.get(f"/source/{SHA}/text?hit={START + 4}-{START + 14}&{QUERY}").text
    assert 'class="quote">The <mark class="hit">gate opens</mark> at nine.</mark>' in html


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=9999999",
        "before=1.5",
        "around=",
        "around=²",
        "after=99999999999999999999999999",
        "hit=5",
        "hit=5-5",
        "hit=9-5",
        "hit=0-100000",
        "",
    ],
)
def test_places_that_are_none_are_a_bad_request(client, query):
    response = client.get(f"/source/{SHA}/text?{query}&{QUERY}")
    assert response.status_code == 400
    assert "is no place in this document" in response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_nothing_is_marked_where_no_quote_is_named(client):
    response = client.get(f"/source/{SHA}/text?after=0")
    assert response.status_code == 200
    assert "<mark" not in response.text
    assert client.get(f"/source/{SHA}/text?after=0&start=1").status_code == 400


@pytest.mark.parametrize("route", ["text?after=0&", "find?words=a&", "page/1?", "page/1.png?"])
@pytest.mark.parametrize("sha256", ["0" * 64, "%3Cb%3E", "..%5C..%5Cetc", "' OR 1=1 --"])
def test_an_unknown_document_is_not_found(client, route, sha256):
    response = client.get(f"/source/{sha256}/{route}{QUERY}")
    assert (response.status_code, response.text) == (404, GONE)


@pytest.mark.parametrize("route", ["text?after=0&", "find?words=a&", ""])
def test_a_changed_document_is_not_found_although_it_was_shown(client, pinpoint, folder, route):
    address = f"/source/{SHA}/{route}{QUERY}" if route else f"/source/{SHA}?{QUERY}"
    assert client.get(address).status_code == 200
    (folder / "gate.txt").write_text("The gate stays shut.")
    pinpoint.sync()
    response = client.get(address)
    assert response.status_code == 404
    assert GONE in response.text


def test_a_damaged_text_is_never_shown(client, pinpoint):
    with closing(sqlite3.connect(pinpoint.home / FILE_NAME)) as db, db:
        db.execute("UPDATE texts SET text = replace(text, 'nine', 'five')")
    assert client.get(f"/source/{SHA}/text?after=0&{QUERY}").status_code == 404


def test_a_page_of_a_pdf_with_the_quote(client, ferry):
    address, query, _ = ferry
    response = client.get(f"{address}/page/2?{query}")
    assert response.status_code == 200
    assert response.text.count('<rect class="spot"') == 1
    assert 'data-number="2" data-count="2"' in response.text
    assert client.get(f"{address}/page/1?{query}").text.count("<rect") == 0
    assert client.get(f"{address}?{query}").text.count('data-first="2"') == 1


def test_a_picture_is_kept_by_the_browser_as_long_as_the_file_is_the_same(client, ferry, folder):
    address, _, document = ferry
    response = client.get(f"{address}/page/2.png?width=601")
    assert response.content.startswith(b"\x89PNG")
    assert response.headers["content-type"] == "image/png"
    tag = f'"{document.file_sha256}-2-800"'
    assert (response.headers["etag"], response.headers["cache-control"]) == (
        tag,
        "private, no-cache",
    )
    again = client.get(f"{address}/page/2.png?width=800", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{address}/page/2.png?width=600", headers={"If-None-Match": tag})
    assert other.status_code == 200
    (folder / "gate.pdf").write_bytes(pdf(lines("Something else.")))
    changed = client.get(f"{address}/page/2.png?width=800", headers={"If-None-Match": tag})
    assert changed.status_code == 409


@pytest.mark.parametrize(("asked", "given"), [(1, 600), (-5, 600), (1600, 1600), (10**9, 2400)])
def test_pictures_come_in_few_widths(client, ferry, asked, given):
    response = client.get(f"{ferry[0]}/page/1.png?width={asked}")
    assert int.from_bytes(response.content[16:20], "big") == given  # of the PNG's header


@pytest.mark.parametrize("number", ["0", "3", "-1", "999999999"])
def test_a_page_that_is_not_there_is_told(client, ferry, number):
    address, query, _ = ferry
    for route in (f"page/{number}", f"page/{number}.png"):
        response = client.get(f"{address}/{route}?{query}")
        assert response.status_code == 409
        assert f"it has no page {number}; it has 2" in response.text


@pytest.mark.parametrize("number", ["x", "1.5", "%2e%2e%2fx", "1.png.png"])
def test_a_page_has_a_number(client, ferry, number):
    address, query, _ = ferry
    assert client.get(f"{address}/page/{number}?{query}").status_code in {404, 422}


def test_only_pdf_files_have_pages(client):
    response = client.get(f"/source/{SHA}/page/1?{QUERY}")
    assert (response.status_code, response.text) == (400, "only pages of PDF files are drawn")


def test_a_file_that_is_gone_or_changed_is_told(client, ferry, folder):
    address, query, _ = ferry
    (folder / "gate.pdf").write_bytes(pdf(lines("Something else.")))
    response = client.get(f"{address}/page/2?{query}")
    assert response.status_code == 409
    assert "gate.pdf has changed since it was indexed" in response.text
    (folder / "gate.pdf").unlink()
    response = client.get(f"{address}/page/2?{query}")
    assert response.status_code == 404
    assert "gate.pdf is not where it was indexed" in response.text
    assert client.get(f"{address}?{query}").status_code == 200
