"""Jobs over HTTP."""

import threading

import pytest
from rest_client import HERE, refused, rest_client

from ui.job import Job


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n")
    pinpoint.sync(folder)
    return folder.resolve()


@pytest.fixture
def job(pinpoint):
    return Job(pinpoint)


@pytest.fixture
def client(pinpoint, job):
    with rest_client(pinpoint, job=job) as made:
        yield made


def ended(client, job):
    job._thread.join(20)
    return client.get("/api/v1/jobs/current").json()["job"]


def test_at_first_there_is_no_job(client):
    assert client.get("/api/v1/jobs/current").json() == {"job": None}
    assert client.post("/api/v1/jobs/current/cancel").json() == {"cancelling": False}


def test_a_sync_looks_at_everything_or_some(client, job, indexed):
    (indexed / "wall.md").write_text("The wall is high.\n")
    (indexed / "gate.md").write_text("# Gate\n\nThe gate opens at ten.\n")
    started = client.post("/api/v1/sync", json={"paths": [str(indexed / "gate.md")]})
    assert (started.status_code, started.json()["what"]) == (202, "index")
    report = ended(client, job)["report"]
    assert (report["updated"], report["added"]) == (1, 0)
    client.post("/api/v1/sync", json={"dry_run": True})
    assert ended(client, job)["plan"]["added"] == [str(indexed / "wall.md")]
    client.post("/api/v1/sync", json={})
    done = ended(client, job)
    assert (done["report"]["added"], done["number"]) == (1, 3)
    rebuilt = client.post("/api/v1/sync", json={"rebuild": True})
    assert rebuilt.json()["what"] == "re-index"
    ended(client, job)


@pytest.mark.usefixtures("indexed")
def test_a_sync_of_what_is_not_there_is_refused(client):
    refused(client.post("/api/v1/sync", json={"paths": ["/no"]}), 400, "/no: not in this index")
    refused(client.post("/api/v1/sync", json={"paths": "/no"}), 422, "body.paths: ")
    refused(client.post("/api/v1/sync", json={"rebuild": "yes"}), 422, "body.rebuild: ")


def test_a_folder_is_followed(client, job, pinpoint, folder):
    (folder / "gate.md").write_text("The gate.\n")
    started = client.post("/api/v1/folders", json={"path": str(folder)})
    assert (started.status_code, started.json()["what"]) == (202, "add")
    assert ended(client, job)["report"]["added"] == 1
    assert pinpoint.status().roots == (str(folder.resolve()),)
    refused(client.post("/api/v1/folders", json={"path": "here"}), 400, "here is not a whole path")


@pytest.mark.parametrize(
    ("client", "host"), [(("10.0.0.9", 50_000), "127.0.0.1"), (HERE, "pinpoint.example")]
)
def test_only_this_machine_names_its_folders(pinpoint, folder, client, host):
    with rest_client(pinpoint, client=client) as there:
        asked = there.post("/api/v1/folders", json={"path": str(folder)}, headers={"Host": host})
    refused(asked, 403, "Folders can be added only at the machine")


def test_a_job_is_seen_and_cancelled(client, job):
    begun, go_on = threading.Event(), threading.Event()

    def work(_, progress):
        progress("embedding", 3, 10)
        begun.set()
        assert go_on.wait(20)
        progress("embedding", 4, 10)

    job.start("index", work)
    assert begun.wait(20)
    now = client.get("/api/v1/jobs/current").json()["job"]
    assert (now["stage"], now["done"], now["total"], now["finished"]) == ("embedding", 3, 10, None)
    refused(client.post("/api/v1/sync", json={}), 409, "a job is running already (index)")
    assert client.post("/api/v1/jobs/current/cancel").json() == {"cancelling": True}
    go_on.set()
    assert ended(client, job)["cancelled"] is True
