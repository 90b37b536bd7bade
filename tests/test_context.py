"""What a conversation adds to the search."""

from qa.context import Context
from qa.past import PastTurn


def test_nothing_was_spoken_of_before_the_first_question():
    assert Context.of("When?", []) is None


def test_the_last_two_questions_and_the_documents_last_shown():
    turns = [
        PastTurn("Who sleeps?", documents=("a",)),
        PastTurn("Do cats sleep?", documents=("b",)),
        PastTurn("When do cats sleep?", documents=("c", "d")),
    ]
    found = Context.of("Why?", turns)
    assert found.words == "Do cats sleep? When do cats sleep? Why?"
    assert found.documents == {"c", "d"}


def test_a_turn_remembers_what_it_showed(pinpoint, folder):
    (folder / "cats.txt").write_text("Cats sleep.")
    pinpoint.sync(folder)
    answered = pinpoint.ask("Do cats sleep?")
    (shown,) = PastTurn.of(answered).documents
    assert answered.answered
    assert shown == answered.citations[0].document.sha256
    missing = pinpoint.ask("Who paints zebras?")
    assert not missing.answered
    assert PastTurn.of(missing).documents == (shown,)
