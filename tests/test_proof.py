"""Kept quotes against the documents as they are."""

from datetime import UTC, datetime

import pytest
from answers import SHA, answered, citation

from index.errors import QuoteError, StoreError
from qa.conversation import Conversation, Filters, Turn
from qa.models import AnswerSpan, Candidate, Side
from qa.proof import proven

AT = datetime(2024, 5, 2, tzinfo=UTC)
TEXT = "0123456789The gate opens\n  at nine."  # what `citation()` quotes begins at 10
FALSE = "A quote kept here is not what its document says, so it is not shown; ask again."


def conversation(*answers):
    turns = tuple(
        Turn(
            id=str(number),
            conversation="c1",
            asked="When?",
            question="When?",
            filters=Filters(),
            answer=answer,
            error=None if answer else "no index",
            rating=0,
            created_at=AT,
        )
        for number, answer in enumerate(answers)
    )
    return Conversation(id="c1", title="When?", created_at=AT, updated_at=AT, turns=turns)


def reading(texts):
    """Return what reads texts by their SHA-256, and the list of those that were read."""
    read = []

    def text_of(sha256):
        read.append(sha256)
        if sha256 not in texts:
            raise QuoteError("no such document")
        return None, texts[sha256]

    return text_of, read


def test_what_still_stands_there_stays_as_it_was():
    text_of, read = reading({SHA: TEXT})
    kept = conversation(answered(), None, answered(citation(answer=nine())))
    assert proven(kept, text_of) == kept
    assert read == [SHA]


def nine(text="nine", start=30, end=34):
    return AnswerSpan(text=text, start=start, end=end)


@pytest.mark.parametrize(
    "false",
    [
        answered(citation(start=9)),
        answered(citation("The gate opens\n  at five.")),
        answered(citation("nine. More", 30)),
        answered(citation("", 10)),
        answered(citation(answer=nine("ten"))),
        answered(citation(answer=nine("3", 3, 4))),
        answered(nearest=(citation(start=11),)),
        answered(candidates=(Candidate(text="", confidence=1, citations=(citation(start=11),)),)),
        answered().model_copy(
            update={"differing": (Candidate(text="", confidence=1, citations=(citation("x"),)),)}
        ),
        answered().model_copy(update={"sides": (Side(subject="a", citations=(citation("x"),)),)}),
    ],
)
def test_an_answer_with_a_quote_that_does_not_stand_there_is_not_shown(false):
    text_of, _ = reading({SHA: TEXT})
    true, told = proven(conversation(answered(), false), text_of).turns
    assert (true.answer, true.error) == (answered(), None)
    assert (told.answer, told.error, told.gone) == (None, FALSE, ())


def test_a_text_that_is_gone_is_named():
    text_of, read = reading({})
    first, second = proven(conversation(answered(), None), text_of).turns
    assert (first.answer, first.gone) == (answered(), (SHA,))
    assert second.gone == ()
    assert read == [SHA]


def test_a_server_that_is_away_takes_no_text_for_gone():
    def away(_):
        raise StoreError("the server is away")

    with pytest.raises(StoreError, match="away"):
        proven(conversation(answered(citation())), away)
