import pytest

from qa.past import PastTurn
from qa.people import people
from qa.referents import places, short_answers, things


def best(turn):
    return max(things(turn), key=lambda thing: thing.weight).text


@pytest.mark.parametrize(
    ("question", "answers", "meant"),
    [
        ("Where is the index stored?", ("the folder .pinpoint",), "the index"),
        ("Which setting limits a file?", ("max_file_bytes",), "max_file_bytes"),
        ("Which setting limits a file?", (), "the setting that limits a file"),
        ("What is the default of the cache?", ("0.6",), "the cache"),
        ("How do I rebuild the index?", (), "the index"),
        ("When was the bridge built?", ("1932",), "the bridge"),
    ],
)
def test_the_likeliest_thing(question, answers, meant):
    assert best(PastTurn(question, answers)) == meant


def test_only_short_noun_phrases_are_short_answers():
    turn = PastTurn(
        "What?", ("Ann.", "it is so", "a; b", "one two three four five six seven eight nine", " ")
    )
    assert short_answers(turn) == ["Ann"]


def test_a_sentence_start_is_written_small_unless_it_is_a_name():
    turn = PastTurn("Who?", ("The Pentagon", "Militias", "Iran"), ("Other militias fled to Iran.",))
    assert short_answers(turn) == ["the Pentagon", "militias", "Iran"]


@pytest.mark.parametrize(
    ("turn", "named"),
    [
        (PastTurn("Who is Vali Nasr?", ("a professor",)), ["Vali Nasr"]),
        (PastTurn("Who paid?", ("Anna Weber",)), ["Anna Weber"]),
        (PastTurn("What is new?", (), ("Experts of the Johns Hopkins University met.",)), []),
        (PastTurn("What is new?", (), ("In the Gaza Strip, Vali Nasr says so.",)), ["Vali Nasr"]),
        (PastTurn("What does the minister of Iran say?"), ["the minister of Iran"]),
    ],
)
def test_people(turn, named):
    assert people(turn) == named


def test_places_have_their_preposition():
    assert places(PastTurn("Where was it?", ("Iraq",))) == ["in Iraq"]
    assert places(PastTurn("Who lives on the island?")) == ["on the island"]
    assert places(PastTurn("Who is Ann?")) == []
