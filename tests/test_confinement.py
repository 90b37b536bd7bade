"""Whatever is asked for by whatever name, no file is given that is not a document of the index.

Files beside the index and above it hold a word that no response may hold.
"""

import asyncio
import string
from urllib.parse import quote

import pytest
from doors import bearer, with_token
from fakes import TermReader, WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from index.settings import Settings
from index.store import text_sha256
from qa.api import Pinpoint
from ui.access import Access
from ui.safe_name import safe_name
from ui.web import build_app

CANARY = "canary-7f3a"
TEXT = "The gate opens at nine."
SHA = text_sha256(TEXT)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = tmp_path_factory.mktemp("place")
    (made / "documents").mkdir()
    (made / "documents" / "gate.txt").write_text(TEXT)
    (made / "outside.txt").write_text(CANARY)
    return made


@pytest.fixture(scope="module")
def client(place):
    home = place / "home"
    settings = Settings(requests_per_minute=1_000_000)  # a machine may be fast
    pinpoint = Pinpoint(home, settings, embedder=WordEmbedder(), reader=TermReader())
    pinpoint.sync(place / "documents")
    (home / "pinpoint.toml").write_text(f"# {CANARY}\n")
    (home / "uploads").mkdir()
    (home / "uploads" / "unindexed.txt").write_text(CANARY)

    async def build():
        return build_app(pinpoint)

    with TestClient(asyncio.run(build()), raise_server_exceptions=False) as made:
        yield made


def ways_to(path):
    """The path as an attacker may write it: whole, from here, coded once and twice, cut off."""
    whole = str(path)
    dots = "../" * 12 + whole.lstrip("/")
    back = dots.replace("/", "\\")
    written = [whole, dots, back, f"..;/{dots}", f"{whole}\0", f"{whole}\0.txt", f"file://{whole}"]
    coded = [quote(way, safe="") for way in written]
    return [
        *coded,
        *[quote(way, safe="") for way in coded],
        *[quote(way, safe="/") for way in written],
        *[way.replace("%2F", "%c0%af").replace("..", "%c0%ae%c0%ae") for way in coded],
        whole.lstrip("/").replace("/", "%2f").replace(".", "%2e"),
    ]


STARTS = (
    "/source/{}",
    "/source/{}/text",
    "/source/{}/find?words=canary",
    "/source/{}/page/1",
    "/source/{}/page/1.png",
    f"/source/{SHA}/{{}}",
    "/original/{}",
    f"/original/{SHA}/{{}}",
    f"/original/{SHA}%2F{{}}",
    "/ui/{}",
    "/assets/{}",
    "/static/{}",
    "/gradio_api/file={}",
    "/file={}",
    "/{}",
    "/page/conversations/{}",
    "/page/conversations/{}/export?format=json",
    "/page/documents?query={}",
    "/source/{}?start=0&end=4",
)


@pytest.mark.parametrize("start", STARTS)
def test_no_way_of_writing_a_path_reaches_a_file(client, place, start):
    outside = [place / "outside.txt", place / "home" / "pinpoint.toml"]
    outside.append(place / "home" / "uploads" / "unindexed.txt")
    for path in outside:
        for way in ways_to(path):
            response = client.get(start.format(way))
            assert CANARY not in response.text, way
            assert response.status_code < 500, way
            if not start.startswith("/page/documents"):
                assert response.status_code in {400, 403, 404, 405, 422}, way


PIECES = st.sampled_from(
    [
        "..",
        ".",
        "/",
        "\\",
        "%2f",
        "%2e",
        "%00",
        "%5c",
        "%252f",
        "outside.txt",
        "home",
        "~",
        SHA,
        "a",
    ]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, min_size=1, max_size=12), st.sampled_from(["source", "original", "ui"]))
def test_no_mixture_of_pieces_reaches_a_file(client, pieces, start):
    response = client.get(f"/{start}/{''.join(pieces)}")
    assert CANARY not in response.text
    assert response.status_code < 500


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from([*string.printable, "é", "\0", "\u202e", "\\"]), max_size=60)
)
def test_no_name_of_an_upload_is_more_than_a_name(sent):
    try:
        name = safe_name(sent)
    except ValueError:
        return
    assert name == name.strip()
    assert not set(name) & set("/\\\0\n\r:")
    assert name not in {"", ".", ".."}
    assert not name.startswith(".")


def test_a_document_is_given_only_as_it_was_indexed(client, place):
    assert client.get(f"/original/{SHA}").text == TEXT
    file = place / "documents" / "gate.txt"
    file.unlink()
    file.symlink_to(place / "outside.txt")
    response = client.get(f"/original/{SHA}")
    assert response.status_code == 409
    assert CANARY not in response.text
    file.unlink()
    (place / "same.txt").write_text(TEXT)
    file.symlink_to(place / "same.txt")  # the same bytes tell nothing that is not known
    assert client.get(f"/original/{SHA}").text == TEXT


def test_a_folder_in_the_place_of_a_documents_folder_gives_nothing_away(client, place):
    (place / "elsewhere").mkdir(exist_ok=True)
    (place / "elsewhere" / "gate.txt").write_text(CANARY)
    (place / "documents").rename(place / "documents.old")
    (place / "documents").symlink_to(place / "elsewhere")
    response = client.get(f"/original/{SHA}")
    assert response.status_code == 409
    assert CANARY not in response.text
    (place / "documents").unlink()
    (place / "documents.old").rename(place / "documents")


@pytest.mark.parametrize("path", ["../outside.txt", "outside.txt", "~/../outside.txt", "\0"])
def test_only_what_is_in_the_index_is_removed_or_read_again(client, place, path):
    for named in (path, str(place / path)):
        for route, body in (
            ("remove", {"paths": [named], "delete_uploads": True}),
            ("index", {"paths": [named]}),
        ):
            response = client.post(f"/page/documents/{route}", json=body)
            assert response.status_code == 400
            assert CANARY not in response.text
    assert (place / "outside.txt").exists()


def test_the_access_file_is_not_read_by_any_name(client, place):
    home = place / "home"
    headers = bearer(with_token(home, "ada", "ask"))
    entry = Access(home).entries()[0]
    assert client.get(f"/source/{SHA}", headers=headers).status_code == 200
    try:
        for start in STARTS[:8]:
            for way in ways_to(home / "access.json"):
                response = client.get(start.format(way), headers=headers)
                assert response.status_code != 401
                assert entry.hash not in response.text
    finally:
        Access(home).remove("ada")
