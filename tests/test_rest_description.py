"""The interface over HTTP, checked against its own description with made-up requests."""

import hashlib
from collections import Counter

import pytest
import schemathesis
from fakes import TermReader, WordEmbedder
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from schemathesis import Config
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from index.settings import Settings
from qa.api import Pinpoint
from qa.conversations import Conversations
from qa.pin_file import PinFile
from ui.asker import Asker
from ui.client import COOKIE
from ui.job import Job
from ui.rest import app as rest

TOKEN = "t" * 43
OWNER = hashlib.sha256(TOKEN.encode()).hexdigest()
POSSIBLE = ["2xx", "400", "403", "404", "409", "413"]
"""For what is well-formed; 422 would say that it is not."""
REFUSED = ["400", "403", "404", "405", "409", "413", "422"]


class StillPinpoint(Pinpoint):
    """Says what a first sync says, and changes nothing."""

    def sync(self, *_, **__):
        return self.report

    def plan(self, *_, **__):
        return self.planned

    def remove(self, *_, **__):
        return 1


class DoneJob(Job):
    """Is done when it was started, so that no request finds one that runs."""

    def start(self, what, work):
        super().start(what, work)
        self._thread.join(20)
        return self.state


@pytest.fixture
def pinpoint(tmp_path, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=TermReader())
    made.sync(folder)
    return made


@pytest.fixture
def app(pinpoint, monkeypatch):
    monkeypatch.setattr("ui.job.give_way", lambda: None)  # for good, of a thread that others need
    still = StillPinpoint(pinpoint.home, pinpoint.settings)
    still.report, still.planned = pinpoint.sync(), pinpoint.plan(rebuild=True)
    job = DoneJob(still)
    made = FastAPI(openapi_url=None)
    rest.add(made, pinpoint, Asker(pinpoint, job), job, Conversations(pinpoint.home))
    return made


def config(texts, conversations, turns, pins, examples):
    """Return what to check; half of the requests name a text, turn or the like that there is."""
    return Config.from_dict(
        {
            "seed": 1,
            "headers": {"Cookie": f"{COOKIE}={TOKEN}"},
            "dictionaries": {
                "texts": {"values": texts},
                "conversations": {"values": conversations},
                "pins": {"values": pins},
                "turns": {"values": turns},
            },
            "parameters": {
                "path.sha256": {"dictionary": "texts", "probability": 0.5},
                "path.conversation_id": {"dictionary": "conversations", "probability": 0.5},
                "path.pin_id": {"dictionary": "pins", "probability": 0.5},
                "path.turn_id": {"dictionary": "turns", "probability": 0.5},
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": POSSIBLE},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
            "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
        }
    )


def run(app, config):
    """Return all findings in words, and how often each operation was answered with 2xx."""
    described = schemathesis.openapi.from_asgi("/api/openapi.json", app, config=config)
    found, done = [], Counter()
    for event in from_schema(described).execute():
        if isinstance(event, FatalError):
            raise event.exception
        if isinstance(event, NonFatalError):
            found.append(f"{event.label}: {event.value}")
        if isinstance(event, ScenarioFinished):
            record = event.recorder
            for checks in record.checks.values():
                told = [check.failure_info for check in checks if check.failure_info is not None]
                found += [f"{record.label}: {t.failure}\n{t.code_sample[:2000]}" for t in told]
            answers = [sent.response for sent in record.interactions.values() if sent.response]
            done[record.label] += sum(answer.status_code < 300 for answer in answers)
    return found, done


@pytest.mark.slow
def test_the_interface_keeps_to_its_description(app, pinpoint):
    texts = [document.sha256 for document in pinpoint.documents().documents]
    kept = [
        Conversations(pinpoint.home).add_turn(
            OWNER, None, asked="Gate?", answer=pinpoint.ask("Gate?")
        )
        for _ in range(20)  # one is deleted now and then
    ]
    answers = [pinpoint.ask(f"Gate {number}?") for number in range(20)]  # likewise
    pins = PinFile.of(pinpoint.home).put([pinpoint.receipt(answer) for answer in answers])
    conversations, turns = [turn.conversation for turn in kept], [turn.id for turn in kept]
    checked = config(texts, conversations, turns, [pin.id for pin in pins], examples=10)
    found, done = run(app, checked)
    assert found == []
    # Where nothing was ever done, nothing but refusals was looked at.
    never = {
        "POST /api/v1/folders",
        "DELETE /api/v1/documents",
        "POST /api/v1/receipts/verify",
    }
    assert {name for name, count in done.items() if not count} == never
    described = app.router.routes[-1].app.openapi()["paths"]
    assert len(done) == sum(map(len, described.values()))


def test_a_fault_is_found():
    """So that no finding means something."""
    broken = FastAPI(openapi_url="/api/openapi.json")

    @broken.get("/health")
    def health() -> dict[str, int]:
        return JSONResponse({"alive": "yes"})

    found, _ = run(broken, config(["text"], ["conversation"], ["turn"], ["pin"], examples=1))
    assert any("Response violates schema" in told for told in found)
