"""Documents over HTTP: listed, read, added, removed."""

import pytest
from rest_client import refused, rest_client

from ui.job import Job
from ui.rest import documents

TEXT = "# Gate\n\nZoë 😀 opens the gate.\n"


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.md").write_text(TEXT)
    (folder / "wall.txt").write_text("The wall is high.")
    pinpoint.sync(folder)
    return folder.resolve()


@pytest.fixture
def job(pinpoint):
    return Job(pinpoint)


@pytest.fixture
def client(pinpoint, job):
    with rest_client(pinpoint, job=job) as made:
        yield made


@pytest.fixture
def ended(job):
    def ended():
        job._thread.join(20)
        return job.state

    return ended


@pytest.fixture
def gate(pinpoint, indexed):
    path = str(indexed / "gate.md")
    return next(d.sha256 for d in pinpoint.documents().documents if d.path == path)


def listed(client, **asked):
    return client.get("/api/v1/documents", params=asked)


def names(client, **asked):
    return [d["path"].rpartition("/")[2] for d in listed(client, **asked).json()["documents"]]


@pytest.mark.usefixtures("indexed")
def test_the_list_is_that_of_the_library(client, pinpoint):
    assert listed(client).json() == pinpoint.documents().model_dump(mode="json")
    assert names(client, direction="descending") == ["wall.txt", "gate.md"]
    assert names(client, query="GATE") == ["gate.md"]
    assert names(client, kinds=["text"]) == ["wall.txt"]
    assert names(client, offset=1, limit=1) == ["wall.txt"]
    assert listed(client, limit=1).json()["total"] == 2


@pytest.mark.usefixtures("indexed")
def test_a_list_that_cannot_be_had_is_refused(client):
    refused(listed(client, sort="colour"), 422, "query.sort: ")
    refused(listed(client, limit=0), 422, "query.limit: ")
    refused(listed(client, colour="red"), 422, "query.colour: Extra inputs are not permitted")
    refused(listed(client, folders="\0"), 400, "folder ")


def test_without_an_index_there_is_no_list(client):
    refused(listed(client), 404, "no index in ")


def test_a_document_and_its_exact_characters(client, gate, pinpoint):
    document, _ = pinpoint.document(gate)
    details = client.get(f"/api/v1/documents/{gate}").json()
    assert details == document.model_dump(mode="json") | {"length": len(TEXT)}
    start = TEXT.index("😀")
    at = {"start": start, "end": start + 7}
    part = client.get(f"/api/v1/documents/{gate}/text", params=at).json()
    described = document.model_dump(mode="json")
    assert part == {"document": described, "length": len(TEXT), "text": "😀 opens", **at}
    whole = client.get(f"/api/v1/documents/{gate}/text").json()
    assert (whole["text"], whole["start"], whole["end"]) == (TEXT, 0, len(TEXT))
    place = client.get(f"/api/v1/documents/{gate}/place", params=at).json()
    assert place == pinpoint.place(gate, **at).model_dump(mode="json")
    assert (place["quote"], place["heading"]) == ("😀 opens", ["Gate"])


def test_a_long_text_comes_in_parts(client, gate, monkeypatch):
    monkeypatch.setattr(documents, "_PART_CHARS", 10)
    monkeypatch.setattr(documents, "MOST_CHARS", 12)

    def part(**asked):
        return client.get(f"/api/v1/documents/{gate}/text", params=asked)

    parts, end = [], 0
    while end < len(TEXT):
        found = part(start=end).json()
        parts.append(found["text"])
        end = found["end"]
    assert parts == [TEXT[:10], TEXT[10:20], TEXT[20:]]
    assert part(start=len(TEXT)).json()["text"] == ""
    assert part(start=0, end=12).json()["text"] == TEXT[:12]
    refused(part(start=0, end=13), 400, "at most 12 characters are returned at once")


@pytest.mark.parametrize("what", ["text", "place"])
def test_characters_that_are_not_there_are_refused(client, gate, what):
    def at(start, end):
        return client.get(f"/api/v1/documents/{gate}/{what}", params={"start": start, "end": end})

    refused(at(5, 5), 400, "characters 5 to 5 are no part of this text, which has ")
    refused(at(0, 1000), 400, "characters 0 to 1000 are no part of this text")
    refused(at(-1, 2), 422, "query.start: ")
    refused(at("x", 2), 422, "query.start: ")
    if what == "text":
        behind = client.get(f"/api/v1/documents/{gate}/text", params={"start": 1000})
        refused(behind, 400, "start 1000 is not in this text")


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("what", ["", "/text", "/place?start=0&end=1"])
def test_an_unknown_document_is_not_found(client, what):
    unknown = client.get(f"/api/v1/documents/{'0' * 64}{what}")
    refused(unknown, 404, f"no document with SHA-256 {'0' * 64}")
    refused(client.get(f"/api/v1/documents/ABC{what}"), 422, "path.sha256: ")


def test_uploaded_files_are_indexed(client, pinpoint, ended):
    files = [
        ("files", ("gate.md", TEXT.encode())),
        ("files", ("song.mp3", b"ID3\x04\x00\x00")),
    ]
    answer = client.post("/api/v1/documents", files=files)
    assert answer.status_code == 202
    body = answer.json()
    saved = str(pinpoint.home / "uploads" / "gate.md")
    assert (body["saved"], body["job"]["what"]) == ([saved], "add")
    assert [refusal["name"] for refusal in body["refused"]] == ["song.mp3"]
    assert ended().report.added == 1
    assert names(client) == ["gate.md"]
    only = client.post("/api/v1/documents", files=files[1:]).json()
    assert (only["saved"], only["job"]) == ([], None)


def test_an_upload_without_files_is_refused(client, pinpoint):
    refused(client.post("/api/v1/documents", json={}), 400, "files are sent as multipart/form-data")
    field = client.post("/api/v1/documents", files={"files": (None, "text")})
    refused(field, 400, "the request holds no file")
    assert not pinpoint.exists()


def test_documents_leave_by_their_paths(client, indexed, ended):
    path = str(indexed / "gate.md")
    answer = client.delete("/api/v1/documents", params={"path": [path]})
    assert (answer.status_code, answer.json()["what"]) == (202, "remove")
    assert ended().removed == 1
    assert names(client) == ["wall.txt"]
    again = client.delete("/api/v1/documents", params={"path": [path]})
    refused(again, 400, f"{path}: not in this index any more")
    refused(client.delete("/api/v1/documents"), 422, "query.path: Field required")
    assert (indexed / "gate.md").exists()


def test_uploads_are_deleted_only_if_asked(client, pinpoint, ended):
    for name, text in (("a.txt", b"The gate."), ("b.txt", b"The wall.")):
        client.post("/api/v1/documents", files={"files": (name, text)})
        ended()
    folder = pinpoint.home / "uploads"
    client.delete("/api/v1/documents", params={"path": str(folder / "a.txt")})
    ended()
    assert (folder / "a.txt").exists()
    client.delete(
        "/api/v1/documents", params={"path": str(folder / "b.txt"), "delete_uploads": True}
    )
    ended()
    assert not (folder / "b.txt").exists()


def test_one_job_runs_at_a_time(client, indexed, job, monkeypatch):
    monkeypatch.setattr(job, "_state", job_running(job))
    detail = "a job is running already (index)"
    refused(client.post("/api/v1/documents", files={"files": ("a.txt", b"x")}), 409, detail)
    path = {"path": str(indexed / "gate.md")}
    refused(client.delete("/api/v1/documents", params=path), 409, detail)


def job_running(job):
    state = job.start("index", lambda own, _: own.plan())
    job._thread.join(20)
    return state
