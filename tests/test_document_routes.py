"""The view of the documents, without a browser."""

import re
import threading

import pytest
from archives import archive
from fakes import WordEmbedder
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.settings import Settings
from qa.api import Pinpoint
from qa.conversations import Conversations
from ui import ask_routes, document_routes
from ui.document_table import size_words, time_words
from ui.job import Job

HOSTILE = "<img src=x onerror=alert(1)>"


class HeldEmbedder(WordEmbedder):
    """Waits before it embeds documents while `gate` is closed."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.waits = threading.Event()

    def encode_documents(self, texts):
        self.waits.set()
        assert self.gate.wait(timeout=20)
        return super().encode_documents(texts)


@pytest.fixture
def held():
    """What the jobs embed with."""
    made = HeldEmbedder()
    yield made
    made.gate.set()


@pytest.fixture
def job(pinpoint, held):
    return Job(Pinpoint(pinpoint.home, pinpoint.settings, embedder=held))


@pytest.fixture
def app(pinpoint, job):
    made = FastAPI()
    document_routes.add(made, pinpoint, job)
    ask_routes.add(made, pinpoint, Conversations(pinpoint.home))
    return made


@pytest.fixture
def client(app):
    with TestClient(app, "http://127.0.0.1:7860", client=("127.0.0.1", 50_000)) as made:
        yield made


@pytest.fixture
def ended(job):
    """Wait for the end of the job and return its state."""

    def ended():
        job._thread.join(20)
        assert not job._thread.is_alive()
        return job.state

    return ended


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.md").write_text(
        "---\ndate: 2024-05-02\n---\n# Gate\n\nThe gate opens at nine.\n"
    )
    for name in ("wall.md", "copy.md"):
        (folder / name).write_text(f"---\ntitle: '{HOSTILE} title'\n---\nThe wall is high.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    pinpoint.sync(folder)
    return folder.resolve()


def paths_in(html):
    return [path.rpartition("/")[2] for path in re.findall(r'<bdi class="path">(.*?)</bdi>', html)]


def rows(client, **asked):
    response = client.get("/page/documents", params=asked)
    assert response.status_code == 200
    return paths_in(response.text)


def refused(response, status, detail):
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"], body["detail"]) == (status, status, detail)


def sent(*names, content=b"The gate opens at nine."):
    return [("files", (name, content)) for name in names]


# The table


def test_a_home_without_an_index_shows_that_there_are_no_documents(client, pinpoint):
    assert "There are no documents yet." in client.get("/page/documents").text
    assert client.get("/page/documents/places").text.strip() == ""
    assert client.get("/page/job").json() == {"state": None, "words": None, "empty": True}
    assert client.get("/page/job/result").text.strip() == ""
    assert not pinpoint.home.exists()


@pytest.mark.usefixtures("indexed")
def test_documents_are_listed_with_what_became_of_them(client):
    html = client.get("/page/documents").text
    assert paths_in(html) == ["broken.pdf", "copy.md", "gate.md", "wall.md"]
    assert "1–4 of 4" in html
    assert re.findall(r'class="state (\w+)"', html) == ["failed", "indexed", "indexed", "copy"]
    assert '<td data-label="Kind">markdown</td>' in html
    assert '<td data-label="Date">2024-05-02</td>' in html
    assert re.search(r'<td data-label="Last indexed">\d{4}-\d\d-\d\d \d\d:\d\d</td>', html)
    assert "&lt;img src=x onerror=alert(1)&gt; title" in html
    assert "<img" not in html
    assert client.get("/page/job").json()["empty"] is False


@pytest.mark.usefixtures("indexed")
def test_a_title_opens_the_source(client, pinpoint):
    sha256 = next(d.sha256 for d in pinpoint.documents().documents if d.title == "Gate")
    html = client.get("/page/documents").text
    opens = f'<a href="/source/{sha256}" target="_blank" rel="noopener"><bdi>Gate</bdi></a>'
    assert opens in html


@pytest.mark.usefixtures("indexed")
def test_documents_are_searched_and_sorted(client):
    assert rows(client, query="GATE") == ["gate.md"]
    assert rows(client, sort="path", direction="descending")[0] == "wall.md"
    assert rows(client, sort="title") == ["copy.md", "wall.md", "broken.pdf", "gate.md"]
    html = client.get("/page/documents", params={"sort": "date", "direction": "descending"}).text
    assert re.findall(r'<th [^>]*aria-sort="(\w+)"', html) == ["descending"]
    nothing = client.get("/page/documents", params={"query": f"{HOSTILE}?"}).text
    assert f"No document has “<bdi>{'&lt;img src=x onerror=alert(1)&gt;?'}</bdi>”" in nothing


def test_the_table_is_turned_page_by_page(client, pinpoint, folder, monkeypatch):
    monkeypatch.setattr("ui.document_table.PAGE_SIZE", 2)
    for name in "abcde":
        (folder / f"{name}.txt").write_text(f"The {name} gate.")
    pinpoint.sync(folder)
    first = client.get("/page/documents").text
    assert (paths_in(first), "1–2 of 5" in first) == (["a.txt", "b.txt"], True)
    assert re.findall(r'data-offset="(\d+)"( disabled)?', first) == [("0", " disabled"), ("2", "")]
    last = client.get("/page/documents?offset=4").text
    assert (paths_in(last), "5–5 of 5" in last) == (["e.txt"], True)
    assert re.findall(r'data-offset="(\d+)"( disabled)?', last) == [("2", ""), ("6", " disabled")]
    assert client.get("/page/documents?offset=40").text == last


@pytest.mark.parametrize("asked", ["sort=colour", "direction=up", "offset=-1", "offset=x"])
def test_what_cannot_be_asked_is_a_problem(client, asked):
    response = client.get(f"/page/documents?{asked}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].startswith(f"query.{asked.partition('=')[0]}: ")


def test_failures_and_followed_folders_are_shown(client, indexed):
    html = client.get("/page/documents/places").text
    assert "Could not be read" in html
    assert f'<bdi class="path">{indexed / "broken.pdf"}</bdi>' in html
    assert re.search(r'<span class="cause">not a readable PDF: .*</span>', html)
    assert f'data-remove="{indexed}" data-root' in html


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (1_260_000, "1.3 MB"),
        (3e12, "3000.0 GB"),
    ],
)
def test_sizes_in_words(size, words):
    assert size_words(size) == words


def test_times_in_words():
    assert time_words(None) == ""
    assert time_words("2026-01-02T15:04:05+00:00")[:8] == "2026-01-"


# Uploads


def test_uploads_are_kept_and_indexed(client, pinpoint, ended):
    response = client.post("/page/documents/upload", files=sent("a.txt", "../b.md"))
    uploads = pinpoint.home.resolve() / "uploads"
    assert response.status_code == 202
    assert response.json() == {
        "saved": [str(uploads / "a.txt"), str(uploads / "b.md")],
        "refused": [],
    }
    assert ended().report.added == 2
    assert pinpoint.status().roots == (str(uploads),)
    assert rows(client) == ["a.txt", "b.md"]
    html = client.get("/page/documents/places").text
    assert "uploaded documents" in html
    assert "data-root" not in html


def test_uploads_below_a_followed_folder_stay(client, tmp_path, ended):
    """The home lies in a folder that is followed; indexing it again keeps what was uploaded."""
    client.post("/page/documents/upload", files=sent("a.txt"))
    assert ended().report.added == 1
    (tmp_path / "note.txt").write_text("The ferry leaves at seven.")
    client.post("/page/documents/add", json={"path": str(tmp_path)})
    assert ended().report.added == 1
    client.post("/page/documents/index", json={})
    report = ended().report
    assert (report.removed, report.unchanged, report.failed) == (0, 2, ())


def test_what_cannot_be_read_is_refused_and_the_rest_taken(client, ended):
    response = client.post("/page/documents/upload", files=sent("a.txt", "b.mp3"))
    assert [path.rpartition("/")[2] for path in response.json()["saved"]] == ["a.txt"]
    (refusal,) = response.json()["refused"]
    assert refusal["name"] == "b.mp3"
    assert refusal["cause"].startswith("audio/mpeg cannot be read yet; convert it to one of ")
    assert ended().report.added == 1


def test_no_job_starts_where_nothing_was_taken(client, job):
    assert client.post("/page/documents/upload", files=sent("b.mp3")).json()["saved"] == []
    assert job.state is None


def test_a_file_over_the_limit_of_the_settings_is_refused(client, pinpoint, ended):
    pinpoint.settings = Settings(max_file_bytes=30)
    files = [*sent("big.txt", content=b"x" * 31), *sent("small.txt")]
    told = client.post("/page/documents/upload", files=files).json()
    cause = "larger than 30 bytes; raise max_file_bytes"
    assert told["refused"] == [{"name": "big.txt", "cause": cause}]
    assert ended().report.added == 1


def test_too_many_files_at_once_are_refused(client, monkeypatch, job):
    monkeypatch.setattr("ui.document_routes.MOST_FILES", 2)
    response = client.post("/page/documents/upload", files=sent("a.txt", "b.txt", "c.txt"))
    detail = "more than 2 files at once; add their folder by its path instead"
    refused(response, 413, detail)
    assert job.state is None


def test_a_name_that_is_taken_is_replaced_only_if_asked(client, pinpoint, ended):
    for content, query, expected in [
        (b"one", "", {"a.txt": b"one"}),
        (b"two", "?replace=false", {"a.txt": b"one", "a (2).txt": b"two"}),
        (b"three", "?replace=true", {"a.txt": b"three", "a (2).txt": b"two"}),
    ]:
        client.post(f"/page/documents/upload{query}", files=sent("a.txt", content=content))
        ended()
        uploads = pinpoint.home / "uploads"
        assert {path.name: path.read_bytes() for path in uploads.iterdir()} == expected


def test_damaged_uploads_are_a_problem(client):
    refused(client.post("/page/documents/upload", json={}), 400,
            "files are sent as multipart/form-data")  # fmt: skip
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = client.post("/page/documents/upload", content=b"--x\r\n", headers=headers)
    refused(response, 400, "the upload ends too early; send it again")


# Folders


def test_a_folder_is_added(client, folder, ended):
    (folder / "a.txt").write_text("The gate opens at nine.")
    response = client.post("/page/documents/add", json={"path": f" {folder} "})
    assert (response.status_code, response.json()["what"]) == (202, "add")
    assert ended().report.added == 1
    assert rows(client) == ["a.txt"]


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("", "no folder is named; write its whole path"),
        ("  ", "no folder is named; write its whole path"),
        ("/no/such", "/no/such: no such file or folder; check how it is written"),
        ("/", "/ is all of this machine; name a folder in it"),
        ("/usr/..", "/ is all of this machine; name a folder in it"),
    ],
)
def test_a_folder_that_cannot_be_added_is_a_problem(client, path, detail, job):
    refused(client.post("/page/documents/add", json={"path": path}), 400, detail)
    assert job.state is None


@pytest.mark.parametrize("path", ["documents", "../documents", "a\0b"])
def test_only_a_whole_path_can_be_added(client, path):
    response = client.post("/page/documents/add", json={"path": path})
    assert response.status_code == 400
    assert " is not a whole path; begin at the top, as in /" in response.json()["detail"]


def test_the_index_itself_cannot_be_added(client, pinpoint, indexed):
    (pinpoint.home / "uploads").mkdir()
    told = f"{pinpoint.home.resolve()} belongs to the index itself; name another folder"
    refused(client.post("/page/documents/add", json={"path": str(pinpoint.home)}), 400, told)
    link = indexed / "link"
    link.symlink_to(pinpoint.home)
    refused(client.post("/page/documents/add", json={"path": str(link)}), 400, told)
    uploads = client.post("/page/documents/add", json={"path": str(pinpoint.home / "uploads")})
    assert uploads.status_code == 202


@pytest.mark.parametrize(
    ("client_host", "base"),
    [("192.0.2.7", "http://127.0.0.1:7860"), ("127.0.0.1", "http://elsewhere.example")],
)
def test_folders_are_added_only_at_the_machine_itself(app, folder, client_host, base, job):
    with TestClient(app, base, client=(client_host, 50_000)) as elsewhere:
        response = elsewhere.post("/page/documents/add", json={"path": str(folder)})
    refused(
        response,
        403,
        "Folders can be added only at the machine that Pinpoint runs on; upload files.",
    )
    assert job.state is None


@pytest.mark.parametrize(
    "name", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"]
)
def test_no_folder_is_added_through_a_proxy(client, folder, job, name):
    body = {"path": str(folder)}
    response = client.post("/page/documents/add", json=body, headers={name: "127.0.0.1"})
    assert response.status_code == 403
    assert job.state is None


# Removing


def test_documents_are_removed_and_files_stay(client, indexed, ended):
    response = client.post("/page/documents/remove", json={"paths": [str(indexed / "gate.md")]})
    assert response.status_code == 202
    assert ended().removed == 1
    assert rows(client) == ["broken.pdf", "copy.md", "wall.md"]
    assert (indexed / "gate.md").exists()
    assert "1 removed from the index." in client.get("/page/job/result").text


def test_failures_and_followed_folders_are_removed(client, indexed, ended, pinpoint):
    client.post("/page/documents/remove", json={"paths": [str(indexed / "broken.pdf")]})
    assert ended().removed == 0
    assert pinpoint.status().failed == ()
    client.post("/page/documents/remove", json={"paths": [str(indexed)]})
    assert ended().removed == 3
    assert pinpoint.status().roots == ()


@pytest.mark.parametrize("path", ["/", "{}/..", "{}/gone.md", "{}/../documents/gate.md", "", "."])
def test_only_what_is_in_the_index_can_be_removed(client, indexed, path, job):
    named = path.format(indexed)
    response = client.post("/page/documents/remove", json={"paths": [named]})
    refused(response, 400, f"{named}: not in this index any more; look at the list again")
    assert job.state is None


@pytest.mark.usefixtures("indexed")
def test_removing_nothing_is_a_problem(client):
    response = client.post("/page/documents/remove", json={"paths": []})
    refused(response, 400, "nothing is selected; select documents first")


def test_removing_without_an_index_is_a_problem(client, pinpoint):
    response = client.post("/page/documents/remove", json={"paths": ["/a"]})
    refused(response, 404, f"no index in {pinpoint.home}; make one with: pinpoint index PATH")


@pytest.mark.parametrize("deleting", [False, True])
def test_uploads_are_deleted_only_if_asked(client, pinpoint, indexed, ended, deleting):
    client.post("/page/documents/upload", files=sent("a.txt"))
    ended()
    uploaded = pinpoint.home.resolve() / "uploads" / "a.txt"
    paths = [str(uploaded), str(indexed / "gate.md")]
    client.post("/page/documents/remove", json={"paths": paths, "delete_uploads": deleting})
    assert ended().removed == 2
    assert uploaded.exists() is not deleting
    assert (indexed / "gate.md").exists()


def test_a_link_among_the_uploads_is_deleted_and_not_what_it_leads_to(
    client, pinpoint, indexed, ended
):
    client.post("/page/documents/upload", files=sent("a.txt"))
    ended()
    link = pinpoint.home.resolve() / "uploads" / "link.txt"
    outside = indexed.parent / "outside.txt"
    outside.write_text("The ferry leaves at seven.")
    link.symlink_to(outside)
    pinpoint.sync()
    client.post("/page/documents/remove", json={"paths": [str(link)], "delete_uploads": True})
    assert ended().removed == 1
    assert (link.is_symlink(), outside.exists()) == (False, True)


def test_the_archive_of_a_removed_member_stays(client, pinpoint, ended):
    content = archive({"in.txt": "The gate opens at nine."})
    client.post("/page/documents/upload", files=sent("a.zip", content=content))
    assert ended().report.added == 1
    kept = pinpoint.home.resolve() / "uploads" / "a.zip"
    body = {"paths": [f"{kept}/in.txt"], "delete_uploads": True}
    client.post("/page/documents/remove", json=body)
    assert (ended().removed, ended().error, kept.exists()) == (1, None, True)


# Jobs


def test_documents_are_brought_up_to_date(client, indexed, ended):
    (indexed / "gate.md").write_text("# Gate\n\nThe gate stays shut.\n")
    (indexed / "wall.md").write_text("# Wall\n\nThe wall is low.\n")
    body = {"paths": [str(indexed / "gate.md")]}
    assert client.post("/page/documents/index", json=body).json()["what"] == "index"
    assert ended().report.updated == 1
    client.post("/page/documents/index", json={})
    report = ended().report
    assert (report.updated, report.unchanged, len(report.failed)) == (1, 2, 1)
    html = client.get("/page/job/result").text
    assert "0 added, 1 updated, 0 renamed, 0 removed, 0 made anew, 2 unchanged, 1 failed." in html
    assert (
        f'<bdi class="path">{indexed / "broken.pdf"}</bdi> <span class="cause">not a readable PDF'
        in html
    )


def test_the_archive_of_a_selected_member_is_looked_at(client, pinpoint, folder, ended):
    (folder / "a.zip").write_bytes(archive({"in.txt": "The gate opens at nine."}))
    pinpoint.sync(folder)
    (folder / "a.zip").write_bytes(archive({"in.txt": "The gate stays shut."}))
    body = {"paths": [f"{folder.resolve()}/a.zip/in.txt"]}
    client.post("/page/documents/index", json=body)
    assert ended().report.updated == 1


@pytest.mark.usefixtures("indexed")
def test_all_documents_are_read_again(client, ended):
    assert client.post("/page/documents/index", json={"rebuild": True}).json()["what"] == "re-index"
    assert (ended().report.updated, ended().report.embedded) == (3, 2)


def test_a_rebuild_of_some_is_a_problem(client, indexed):
    body = {"paths": [str(indexed / "gate.md")], "rebuild": True}
    response = client.post("/page/documents/index", json=body)
    refused(response, 400, "a rebuild is of all documents; select none")


@pytest.mark.usefixtures("indexed")
def test_only_what_is_in_the_index_can_be_indexed_by_its_path(client):
    response = client.post("/page/documents/index", json={"paths": ["/etc/passwd"]})
    told = "/etc/passwd: not in this index any more; look at the list again"
    refused(response, 400, told)


def test_a_dry_run_shows_what_would_change(client, indexed, ended, pinpoint):
    (indexed / f"{HOSTILE}.txt").write_text("New.")
    (indexed / "wall.md").write_text("# Wall\n\nThe wall is low.\n")
    (indexed / "gate.md").rename(indexed / "port.md")
    (indexed / "copy.md").unlink()
    before = pinpoint.status().index
    assert client.post("/page/documents/index", json={"dry_run": True}).json()["what"] == "dry run"
    ended()
    assert pinpoint.status().index == before
    html = client.get("/page/job/result").text
    lists = re.findall(r"<h4>(.*?)</h4>\s*<ul>(.*?)</ul>", html, re.S)
    assert [(title, paths_in(listed)) for title, listed in lists] == [
        # Whether a file can be read is not tried.
        ("Added (2)", ["&lt;img src=x onerror=alert(1)&gt;.txt", "broken.pdf"]),
        ("Updated (1)", ["wall.md"]),
        ("Renamed (1)", ["gate.md", "port.md"]),
        ("Removed (1)", ["copy.md"]),
    ]
    assert "<img" not in html


def test_a_long_list_is_cut(client, ended, monkeypatch, indexed):
    monkeypatch.setattr("ui.job_routes.MOST_LISTED", 1)
    for name in "xyz":
        (indexed / f"{name}.txt").write_text(name)
    client.post("/page/documents/index", json={"dry_run": True})
    ended()
    html = client.get("/page/job/result").text
    assert "Added (4)" in html
    assert "and 3 more" in html


def test_a_second_job_is_refused_while_one_runs(client, indexed, held, ended, pinpoint):
    (indexed / "new.txt").write_text("The ferry leaves at seven.")
    held.gate.clear()
    client.post("/page/documents/index", json={})
    assert held.waits.wait(20)
    words = "a job is running already (index); wait until it is done, or cancel it"
    path = str(indexed / "gate.md")
    for address, sending in [
        ("index", {"json": {}}),
        ("index", {"json": {"dry_run": True}}),
        ("add", {"json": {"path": str(indexed)}}),
        ("remove", {"json": {"paths": [path]}}),
        ("upload", {"files": sent("a.txt")}),
    ]:
        refused(client.post(f"/page/documents/{address}", **sending), 409, words)
    assert not (pinpoint.home / "uploads").exists()
    held.gate.set()
    assert ended().report.added == 1


def test_a_question_is_answered_while_a_job_is_held_up(client, indexed, held, ended):
    (indexed / "new.txt").write_text("The ferry leaves at seven.")
    held.gate.clear()
    client.post("/page/documents/index", json={})
    assert held.waits.wait(20)
    answer = client.post("/page/ask", json={"question": "When opens the gate at nine?"}).text
    assert "The gate opens at nine." in answer
    now = client.get("/page/job").json()
    assert now["state"]["finished"] is None
    assert now["words"] == {
        "title": "Bringing documents up to date",
        "label": "0 of 1 passage",
        "speed": "",
        "left": "",
    }
    held.gate.set()
    assert ended().report.added == 1


def test_a_job_is_cancelled(client, indexed, held, ended):
    for number in range(40):  # more than one batch
        (indexed / f"{number}.txt").write_text(f"The ferry leaves at {number}.")
    held.gate.clear()
    client.post("/page/documents/index", json={})
    assert held.waits.wait(20)
    assert client.post("/page/job/cancel").json() is True
    held.gate.set()
    assert ended().cancelled
    assert client.get("/page/job").json()["words"]["label"] == "Cancelled; the index is as it was."
    assert len(rows(client)) == 4
    assert client.post("/page/job/cancel").json() is False


def test_a_job_that_failed_says_why(client, ended):
    client.post("/page/documents/index", json={})
    words = ended().error
    assert words.startswith("no index in ")
    html = client.get("/page/job/result").text
    assert f'<p class="failure" role="alert">{words}</p>' in html
    assert client.get("/page/job").json()["words"]["label"] == "Failed"


def test_what_a_body_must_not_hold_is_a_problem(client):
    response = client.post("/page/documents/remove", json={"paths": "x", "more": 1})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "body.paths: " in response.json()["detail"]
