"""The interface over HTTP, for its tests."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.conversations import Conversations
from ui.asker import Asker
from ui.job import Job
from ui.rest import app as rest

HERE = ("127.0.0.1", 50_000)
PROBLEM = "application/problem+json"


def rest_client(pinpoint, *, asker=None, job=None, client=HERE, **options):
    """Return a client of the interface alone."""
    app = FastAPI(openapi_url=None)
    job = job or Job(pinpoint)
    asker = asker or Asker(pinpoint, job)
    rest.add(app, pinpoint, asker, job, Conversations(pinpoint.home))
    return TestClient(app, "http://127.0.0.1:7860", client=client, **options)


def refused(response, status, detail):
    """Assert that a response is this problem, in these words or with these in front."""
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert (response.status_code, body["status"]) == (status, status)
    assert body["detail"].startswith(detail), body["detail"]
    assert set(body) == {"title", "status", "detail"}
