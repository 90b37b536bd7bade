"""Claims, receipts and pins over HTTP."""

import json

import pytest
from rest_client import refused, rest_client

from qa.pin_file import PinFile
from qa.pins import check_pins
from qa.receipt_file import from_json

ASKED = "The gate opens at"


@pytest.fixture
def gate(folder):
    made = folder / "gate.txt"
    made.write_text("The gate opens at nine. The wall is old.")
    return made


@pytest.fixture
def client(pinpoint, gate):
    pinpoint.sync(gate.parent)
    with rest_client(pinpoint) as made:
        yield made


@pytest.fixture
def receipt(client):
    return client.post("/api/v1/receipts", json={"question": ASKED, "kinds": ["text"]}).json()


def test_a_text_is_checked_as_the_library_does(client, pinpoint):
    text = "The gate opens at ten. Hello! The gate opens at nine."
    response = client.post("/api/v1/claims", json={"text": text, "kinds": ["text"]})
    assert response.status_code == 200
    found = response.json()
    assert found == pinpoint.claims(text, kinds=["text"]).model_dump(mode="json")
    assert [claim["verdict"] for claim in found["claims"]] == [
        "contradicted",
        "no_claim",
        "supported",
    ]
    bound = client.post("/api/v1/claims", json={"text": text, "kinds": ["pdf"]}).json()
    assert bound["counts"]["supported"] == 0


def test_what_cannot_be_checked_is_told(client):
    refused(client.post("/api/v1/claims", json={"text": " "}), 400, "the text holds no sentence")
    long = client.post("/api/v1/claims", json={"text": "a" * 200_001})
    refused(long, 422, "body.text: String should have at most 200000 characters")


def test_a_receipt_holds_the_answer_and_is_checked_later(client, pinpoint, gate, receipt):
    made = from_json(json.dumps(receipt), "r")
    assert made.answer.citations == pinpoint.ask(ASKED, kinds=["text"]).citations
    assert (made.asked, made.filters.kinds) == (ASKED, ("text",))

    def verified():
        return client.post("/api/v1/receipts/verify", json=receipt).json()

    assert (verified()["state"], verified()["holds"]) == ("unchanged", True)
    gate.write_text("All is new. The gate opens at nine or ten.")
    assert verified()["state"] == "unchanged"  # by the index, which has not seen it
    pinpoint.sync()
    assert (verified()["state"], verified()["holds"]) == ("changed", False)


def test_a_receipt_that_was_edited_or_is_none_is_refused(client, receipt):
    receipt["receipt"]["asked"] = "What else?"
    edited = client.post("/api/v1/receipts/verify", json=receipt)
    refused(edited, 400, "this: the receipt is not as it was written")
    other = client.post("/api/v1/receipts/verify", json=receipt | {"format": "x"})
    refused(other, 400, "this: is no receipt")
    newer = client.post("/api/v1/receipts/verify", json=receipt | {"version": 2})
    refused(newer, 400, "this: is of version 2")


def test_a_question_is_pinned_checked_and_let_go(client, pinpoint, gate):
    assert client.get("/api/v1/pins").json() == client.post("/api/v1/pins/all/check").json()
    assert client.get("/api/v1/pins").json() == {"pins": []}
    response = client.post("/api/v1/pins", json={"question": ASKED})
    (pin,) = known = PinFile.of(pinpoint.home).read()
    assert (response.status_code, response.json()) == (201, pin.model_dump(mode="json"))
    gate.write_text("The gate opens at nine or ten. The wall is old.")
    pinpoint.sync()
    (listed,) = client.get("/api/v1/pins").json()["pins"]
    assert (listed["id"], listed["state"], listed["answer"]) == (pin.id, "changed", None)
    (checked,) = client.post("/api/v1/pins/all/check").json()["pins"]
    assert checked == check_pins(pinpoint, known)[0].model_dump(mode="json")
    assert checked["answer"] == pinpoint.ask(ASKED).model_dump(mode="json")
    assert client.delete(f"/api/v1/pins/{pin.id}").status_code == 204
    refused(client.delete(f"/api/v1/pins/{pin.id}"), 404, f"there is no pin {pin.id}")
    assert PinFile.of(pinpoint.home).read() == ()
