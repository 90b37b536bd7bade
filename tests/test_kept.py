"""Kept turns as HTML."""

from datetime import UTC, datetime

import pytest
from answers import answered

from qa.conversation import Filters, Turn
from ui import turn as html
from ui.kept import kept_turn


def turn(rating=0, **given):
    return Turn(
        id="<t1>",
        conversation="c1",
        asked="When <b>?",
        question="When <b>?",
        filters=Filters(),
        rating=rating,
        created_at=datetime(2024, 5, 2, tzinfo=UTC),
        **{"answer": None, "error": None, **given},
    )


@pytest.mark.parametrize(
    ("rating", "pressed"),
    [(0, ["false", "false"]), (1, ["true", "false"]), (-1, ["false", "true"])],
)
def test_an_answer_is_as_it_was_with_its_rating_below(rating, pressed):
    made = kept_turn(turn(rating, answer=answered()))
    plain = html.turn("When <b>?", html.answer(answered())).removesuffix("</article>").rstrip()
    assert made.startswith(plain)
    below = made.removeprefix(plain)
    assert below.lstrip().startswith(
        '<div class="rating" role="group" aria-label="Your view of this answer"'
        ' data-turn="&lt;t1&gt;">'
    )
    found = [part.partition('"')[0] for part in below.split('aria-pressed="')[1:]]
    assert found == pressed


def test_an_error_has_no_rating():
    assert kept_turn(turn(error="no <index>")) == (
        html.turn("When <b>?", html.failure("no <index>"))
    )


def test_quotes_that_could_not_be_checked_again_are_told():
    made = kept_turn(turn(answer=answered(), gone=("ab",)))
    told = '<p class="unread">The text of a cited document has changed or was removed since this'
    assert told in made.partition('<div class="rating"')[0]
    assert "could not be checked" not in kept_turn(turn(answer=answered()))
