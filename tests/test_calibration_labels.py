"""The user's own questions whose answers are known."""

import json

import pytest
from answers import SHA, answered, citation

from index.errors import InputError, PinpointError
from index.filter import Filter
from qa.calibration.judge import Known, Pinned, Rated, Unanswered
from qa.calibration.labels import Labelled, labelled
from qa.conversation import Filters
from qa.conversations import Conversations
from qa.models import AnswerSpan
from qa.pin_file import PinFile

TEXT = "The harbour is old. The gate opens at nine."


@pytest.fixture
def home(pinpoint, folder):
    (folder / "gate.txt").write_text(TEXT)
    pinpoint.sync(folder)
    return pinpoint.home


@pytest.fixture
def rate(home):
    conversations = Conversations(home)

    def rate(question, rating, answer=None, **changes):
        turn = conversations.add_turn(
            "somebody", None, asked="And that?", question=question, answer=answer, **changes
        )
        conversations.rate("somebody", turn.id, rating)

    return rate


def written(tmp_path, *rows):
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_nothing_is_known_at_first(home):
    assert labelled(home) == []


def test_questions_of_files(home, tmp_path):
    file = written(
        tmp_path,
        {"question": "When?", "answers": ["nine"], "document": "gate.txt"},
        {"question": "Who?", "answers": []},
        {"question": "How old?", "answers": [{"text": "old"}]},
    )
    when, who, old = labelled(home, [file])
    assert (when.question, when.origin, when.within) == ("When?", "file", Filter())
    assert isinstance(when.judge, Known)
    assert (when.judge.answers, len(when.judge.documents)) == (("nine",), 1)
    assert (who.judge, who.answerable) == (Unanswered(), False)
    assert (old.judge.documents, old.answerable) == (frozenset(), True)


def test_a_file_that_cannot_be_used(home, tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read \(No such file"):
        labelled(home, [tmp_path / "none.jsonl"])
    file = written(tmp_path, {"question": "When?", "answers": ["x"], "document": "other.txt"})
    with pytest.raises(InputError, match=r"line 1: document other\.txt is not in"):
        labelled(home, [file])


def test_pinned_questions(pinpoint, home):
    answer = pinpoint.ask("When opens the gate at nine?", kinds="text")
    nothing = pinpoint.ask("Who paints zebras?")
    PinFile.of(home).put(
        [
            pinpoint.receipt(answer, filters=Filters(kinds=("text",))),
            pinpoint.receipt(nothing),
        ]
    )
    gate, zebras = labelled(home)
    sha256 = answer.citations[0].document.sha256
    assert gate == Labelled(
        "When opens the gate at nine?",
        "pin",
        Pinned(frozenset({"The gate opens at nine."}), (), frozenset({sha256})),
        Filter(media_types=("text/plain",)),
    )
    assert (zebras.question, zebras.origin, zebras.judge) == (
        "Who paints zebras?",
        "pin",
        Unanswered(),
    )


def test_rated_answers_as_they_were_understood(home, rate):
    short = AnswerSpan(text="nine", start=29, end=33)
    rate("When?", 1, answered(citation(answer=short), citation("Not this.", 90)))
    rate("Why?", -1, answered(citation()))
    good, bad = sorted(labelled(home), key=lambda one: one.question)
    assert good == Labelled(
        "When?", "rating", Rated(citation().quote, True, ("nine",), frozenset({SHA}))
    )
    assert bad == Labelled("Why?", "rating", Rated(citation().quote, False, (), frozenset({SHA})))


def test_silence_that_is_rated(home, rate):
    rate("Where?", 1, answered(nearest=(citation(),)))
    rate("Which?", -1, answered(nearest=(citation(),)))
    rate("What?", 1, error="The index is being made.")
    assert labelled(home) == [Labelled("Where?", "rating", Unanswered())]


def test_what_is_not_rated_any_more_says_nothing(home, rate):
    rate("When?", 0, answered(citation()))
    assert labelled(home) == []


def test_each_question_is_asked_once(pinpoint, home, rate, tmp_path):
    rate("When?", 1, answered(citation()))
    rate("when? ", -1, answered(citation()))  # the newest rating holds
    rate("When?", 1, answered(citation()), filters=Filters(kinds=("text",)))
    first, second = labelled(home)
    assert (first.within, first.judge.good) == (Filter(media_types=("text/plain",)), True)
    assert (second.question, second.judge.good) == ("when? ", False)
    nothing = pinpoint.ask("When?").model_copy(update={"answered": False, "citations": ()})
    PinFile.of(home).put([pinpoint.receipt(nothing)])
    assert [one.origin for one in labelled(home)] == ["pin", "rating"]
    file = written(tmp_path, {"question": "WHEN?", "answers": ["nine"]})
    assert [one.origin for one in labelled(home, [file])] == ["file", "rating"]


def test_damaged_pins_are_told(home):
    PinFile.of(home).path.write_text("{")
    with pytest.raises(PinpointError, match="is no JSON"):
        labelled(home)
