from types import SimpleNamespace

import pytest

from bench import follow_up
from bench.conversation_set import Conversation, Turn
from bench.follow_up import Joined, JoinedPast, converse, is_quoted, join, rank_of
from qa.api import Pinpoint
from qa.past import PastTurn
from tests.fakes import TermReader


def test_the_stand_in_puts_the_question_before_in_front():
    past = JoinedPast("Who is A?")
    assert join("why", [past]) == Joined("why", "Who is A? why", True)
    assert join("why", []) == Joined("why", "why", False)


@pytest.fixture
def asked(tmp_path, folder, embedder, monkeypatch):
    monkeypatch.setattr(follow_up, "ROOT", folder)
    (folder / "a.md").write_text("# Cats\n\nCats eat fish. Cats sleep because cats are tired.")
    (folder / "b.md").write_text("# Dogs\n\nDogs eat meat.")
    pinpoint = Pinpoint.open(tmp_path / "home")
    pinpoint._given_embedder, pinpoint._given_reader = embedder, TermReader()
    pinpoint.sync(folder)
    return pinpoint


def test_a_conversation_is_asked_as_it_was_understood(asked):
    seen = []

    def understand(question, turns):
        seen.append((question, tuple(turns)))
        text = "Why do cats sleep?" if question == "why" else question
        return SimpleNamespace(question=text)

    turns = (
        Turn("Do cats sleep?", "Do cats sleep?", "a.md", "Cats sleep", False, "first"),
        Turn("why", "Why do cats sleep?", "a.md", "because cats are tired", True, "bare"),
        Turn("What do dogs eat?", "What do dogs eat?", "b.md", "meat", False, "topic_change"),
    )
    outcomes = converse(asked, Conversation("c", "dev", turns), understand, PastTurn.of)
    assert [(text, [turn.question for turn in past]) for text, past in seen[:2]] == [
        ("Do cats sleep?", []),
        ("why", ["Do cats sleep?"]),
    ]
    assert seen[2][1][1].question == "Why do cats sleep?"
    assert [o.kind for o in outcomes] == ["bare", "topic_change"]
    assert outcomes[0].texts == {
        "typed": "why",
        "joined": "Do cats sleep? why",
        "resolved": "Why do cats sleep?",
        "full": "Why do cats sleep?",
    }
    assert outcomes[0].ranks["resolved"] == 1
    assert [o.untouched for o in outcomes] == [False, True]
    assert outcomes[1].ranks["typed"] == 1
    assert outcomes[0].quoted == {"typed": False, "joined": True, "resolved": True, "full": True}


@pytest.mark.usefixtures("asked")
def test_a_hit_holds_the_whole_answer_in_the_right_document(folder):
    document = SimpleNamespace(path=str(folder / "a.md"))
    turn = Turn("q", "q", "a.md", "fish", False, "first")  # at 17 to 21
    cut = SimpleNamespace(document=document, start=8, text="Cats eat fis")
    whole = SimpleNamespace(document=document, start=8, text="Cats eat fish")
    other = SimpleNamespace(document=SimpleNamespace(path="b.md"), start=8, text="Cats eat fish")
    assert rank_of([cut, other, whole], turn) == 3
    assert rank_of([cut, other], turn) is None


@pytest.mark.usefixtures("asked")
def test_a_quote_that_is_cut_does_not_count(folder):
    turn = Turn("q", "q", "a.md", "fish", False, "first")  # at 17 to 21
    document = SimpleNamespace(path=str(folder / "a.md"))
    whole = SimpleNamespace(document=document, start=8, end=21)
    cut = SimpleNamespace(document=document, start=8, end=20)
    assert is_quoted(SimpleNamespace(citations=(cut, whole)), turn)
    assert not is_quoted(SimpleNamespace(citations=(cut,)), turn)
