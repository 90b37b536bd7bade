import pytest

from qa.statement import states

QUESTION = "Are dogs allowed on the ferries?"


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Dogs are allowed on all ferries if they are kept on a lead.", True),
        ("No dog is allowed on a ferry.", True),
        ("Are dogs allowed on the ferries?", False),
        ("Dogs are allowed in the café.", False),
        ("Passengers who bring dogs, bicycles or large bags are allowed on ferries early, "
         "before cars, vans and lorries.", False),
    ],
)  # fmt: skip
def test_a_sentence_that_says_it(sentence, stated):
    assert states(QUESTION, sentence) is stated


def test_two_words_are_found_together_by_chance():
    assert states("Do dogs bark?", "Dogs bark.") is False
