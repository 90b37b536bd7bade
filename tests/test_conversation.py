"""Titles of conversations."""

import pytest

from index.errors import InputError
from qa.conversation import MAX_TITLE_CHARS, checked_title, title_of

WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("When?", "When?"),
        (" When\r\n does\tit \0 open? ", "When does it open?"),
        (WORDS[:80], WORDS[:80]),
        (f"{WORDS} fifteen", f"{WORDS.removesuffix(' fourteen')}…"),
        ("a, " * 30, f"{'a, ' * 25}a…"),
        ("x" * 81, "x" * 79 + "…"),
        ("y" * 79 + " z", "y" * 79 + "…"),
        ("\ud83d\udea2 \ud800?", "🚢 \ufffd?"),
    ],
)
def test_a_title_is_the_question_cut_after_a_word(question, title):
    assert title_of(question) == title
    assert len(title) <= MAX_TITLE_CHARS


def test_a_given_title_is_one_line_and_never_cut():
    assert checked_title("  A\n gate ") == "A gate"
    assert checked_title("x" * 80) == "x" * 80
    with pytest.raises(InputError) as caught:
        checked_title("x" * 81)
    assert str(caught.value) == "the title has 81 characters, the limit is 80; shorten it"
    with pytest.raises(InputError, match="the title is empty"):
        checked_title(" \n")
