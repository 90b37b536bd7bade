"""Questions and searches over HTTP."""

import json

import pytest
from readers import WordReader
from rest_client import refused, rest_client

from qa.api import Pinpoint
from ui.asker import Asker

GATE = "The gate opens at nine sharp."


@pytest.fixture
def reader():
    return WordReader(short="nine")


@pytest.fixture
def pinpoint(tmp_path, folder, embedder, reader):
    (folder / "gate.md").write_text(f"---\ndate: 2024-05-02\n---\n# Gate\n\n{GATE}\n")
    (folder / "old.md").write_text("---\ndate: 2020-01-01\n---\nThe gate opened at noon.\n")
    made = Pinpoint(
        tmp_path / "home", Pinpoint.open(tmp_path).settings, embedder=embedder, reader=reader
    )
    made.sync(folder)
    return made


@pytest.fixture
def asker(pinpoint):
    return Asker(pinpoint)


@pytest.fixture
def client(pinpoint, asker):
    with rest_client(pinpoint, asker=asker) as made:
        yield made


def events(client, **asked):
    response = client.post("/api/v1/ask/stream", json=asked)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    told = []
    for block in response.text.split("\n\n")[:-1]:
        event, data = block.split("\n")
        told.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return told


def test_an_answer_is_that_of_the_library(client, pinpoint):
    response = client.post("/api/v1/ask", json={"question": "The gate opens at"})
    assert response.status_code == 200
    answer = response.json()
    assert answer == pinpoint.ask("The gate opens at").model_dump(mode="json")
    cited = answer["citations"][0]
    assert (cited["quote"], cited["answer"]["text"]) == (GATE, "nine")
    place = {"start": cited["start"], "end": cited["end"]}
    text = client.get(f"/api/v1/documents/{cited['document']['sha256']}/text", params=place).json()
    assert text["text"] == GATE


def test_bounds_are_heeded(client, folder):
    def titles(**bounds):
        asked = {"question": "The gate opens at", **bounds}
        answer = client.post("/api/v1/ask", json=asked).json()
        found = client.post("/api/v1/search", json=asked).json()
        named = [c["document"]["title"] for c in answer["citations"] or answer["nearest"]]
        assert {p["document"]["title"] for p in found["passages"]} >= set(named)
        return sorted(named)

    assert titles(since="2024-01-01") == ["Gate"]
    assert titles(until="2023-12-31") == titles(folders=[str(folder / "old.md")]) == ["old"]
    assert titles(kinds=["pdf"]) == []


def test_a_question_leans_on_the_turns_that_are_given(client):
    told = events(
        client,
        question="When does it open?",
        turns=[{"question": "Where is the gate?", "titles": ["Gate"]}],
    )
    assert told[0] == ("understood", "When does the gate open?")
    assert told[-1][0] == "answer"
    assert told[-1][1]["question"] == "When does the gate open?"
    alone = client.post("/api/v1/ask", json={"question": "When does it open?"}).json()
    assert alone["question"] == "When does it open?"


def test_the_stages_come_before_the_answer(client, pinpoint):
    assert events(client, question="The gate opens at") == [
        ("stage", "searching"),
        ("stage", "reading"),
        ("stage", "checking quotes"),
        ("answer", pinpoint.ask("The gate opens at").model_dump(mode="json")),
    ]


def test_what_goes_wrong_ends_the_events(client, reader):
    detail = "the question is empty; ask something in a few words"
    empty = {"title": "Bad Request", "status": 400, "detail": detail}
    assert events(client, question=" ") == [("problem", empty)]
    reader.fault = ValueError("secret")
    fault = "Something went wrong; the terminal says what."
    assert events(client, question="The gate")[-1] == (
        "problem",
        {"title": "Internal Server Error", "status": 500, "detail": fault},
    )


def test_a_search_is_that_of_the_library(client, pinpoint):
    asked = {"question": "The gate opens", "limit": 1}
    found = client.post("/api/v1/search", json=asked).json()
    assert found == pinpoint.search("The gate opens", limit=1).model_dump(mode="json")
    assert [p["quote"] for p in found["passages"]] == [GATE]


@pytest.mark.parametrize("way", ["ask", "ask/stream", "search"])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "body.question: Field required"),
        ({"question": 5}, "body.question: Input should be a valid string"),
        ({"question": "x", "colour": 1}, "body.colour: Extra inputs are not permitted"),
        ({"question": "x", "since": "2024-02-30"}, "body.since: "),
        (
            {"question": "x", "kinds": ["tape"]},
            "body.kinds.0: Value error, there is no kind 'tape'",
        ),
        ({"question": "\ud800"}, "body.question: Input should be a valid string"),
        ({"question": "x", "\ud800": 1}, "body: Input should be a valid string"),
    ],
)
def test_what_is_not_as_described_is_refused(client, way, body, detail):
    sent = json.dumps(body)
    headers = {"Content-Type": "application/json"}
    refused(client.post(f"/api/v1/{way}", content=sent, headers=headers), 422, detail)


def test_what_cannot_be_done_is_refused(client):
    def ask(way, **asked):
        return client.post(f"/api/v1/{way}", json=asked)

    for way in ("ask", "search"):
        refused(ask(way, question=" "), 400, "the question is empty")
        turned = ask(way, question="x", since="2024-01-02", until="2024-01-01")
        refused(turned, 400, "since 2024-01-02 is after until 2024-01-01")
    refused(ask("search", question="x", limit=101), 422, "body.limit: ")
    assert ask("search", question="x", limit=1.0).status_code == 200


def test_too_long_a_line_sends_programs_away(client, asker, pinpoint, monkeypatch):
    pinpoint.settings = pinpoint.settings.model_copy(update={"questions_waiting": 100})
    monkeypatch.setattr(type(asker.line), "__len__", lambda _: 100)
    detail = "100 questions are waiting already; ask again later"
    refused(client.post("/api/v1/ask", json={"question": "x"}), 503, detail)
    refused(client.post("/api/v1/search", json={"question": "x"}), 503, detail)
    problem = {"title": "Service Unavailable", "status": 503, "detail": detail}
    assert events(client, question="x") == [("problem", problem)]


def test_without_an_index_nothing_is_answered(tmp_path, embedder, reader):
    empty = Pinpoint(
        tmp_path / "no home", Pinpoint.open(tmp_path).settings, embedder=embedder, reader=reader
    )
    with rest_client(empty) as client:
        refused(client.post("/api/v1/ask", json={"question": "x"}), 404, "no index in ")
        refused(client.post("/api/v1/search", json={"question": "x"}), 404, "no index in ")
