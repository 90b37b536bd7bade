import pytest

from qa.statement import same_question, states

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


@pytest.mark.parametrize(
    ("heading", "same"),
    [
        ("Are dogs allowed on the ferries?", True),
        ("On which ferries is my dog allowed?", True),
        ("Dogs allowed on ferries", False),
        ("Are dogs allowed?", False),
        ("Are dogs, cats, birds, mice and fish allowed on ferries without a cage?", False),
        ("", False),
    ],
)
def test_a_heading_that_asks_the_same(heading, same):
    assert same_question(QUESTION, heading) is same


def test_a_question_without_content_is_no_heading():
    assert same_question("Who is it?", "Who is it?") is False
