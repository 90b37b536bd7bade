from types import SimpleNamespace

import pytest

from bench import follow_up
from bench.conversation_set import Conversation, Turn
from bench.follow_up import (
    METRICS,
    WAYS,
    Joined,
    JoinedPast,
    Outcome,
    converse,
    difference,
    is_quoted,
    join,
    missed,
    rank_of,
    report,
    scores,
    table,
)
from qa.api import Pinpoint
from tests.fakes import TermReader


def outcome(kind, resolved, full, *, conversation="a", untouched=False, milliseconds=1.0):
    ranks = {"typed": None, "joined": None, "resolved": resolved, "full": full}
    quoted = {way: way == "full" for way in WAYS}
    texts = dict.fromkeys(WAYS, "x") | {"full": "meant"}
    return Outcome(conversation, "dev", kind, untouched, milliseconds, ranks, quoted, texts)


def test_scores_by_hand():
    outcomes = [outcome("bare", rank, 1) for rank in (1, 4, None, 8)]
    assert scores(outcomes, "resolved") == {
        "recall@1": 0.25,
        "recall@5": 0.5,
        "MRR": pytest.approx((1 + 1 / 4 + 1 / 8) / 4),
        "quoted": 0.0,
    }
    assert scores(outcomes, "full") == dict.fromkeys(METRICS, 1.0)


def test_the_stand_in_puts_the_question_before_in_front():
    past = JoinedPast("Who is A?")
    assert join("why", [past]) == Joined("why", "Who is A? why", True)
    assert join("why", []) == Joined("why", "why", False)


def test_the_interval_draws_whole_conversations():
    same = [outcome("bare", 1, None, conversation=name) for name in "abc"]
    assert difference(same, "MRR", rounds=100) == (1.0, 1.0, 1.0)
    # Two turns of one conversation come and go together, so every draw is all or nothing.
    mixed = [outcome("bare", 1, None), outcome("bare", None, 1)]
    assert difference(mixed, "recall@1", rounds=100) == (0.0, 0.0, 0.0)
    apart = [outcome("bare", 1, None, conversation="b"), outcome("bare", None, 1)]
    assert difference(apart, "recall@1", rounds=100) == (0.0, -1.0, 1.0)


def test_topic_changes_are_told_from_follow_ups():
    figures = report(
        [
            outcome("bare", 1, 1, milliseconds=1.0),
            outcome("answer", None, 2, untouched=True, milliseconds=3.0),
            outcome("topic_change", 3, 3, untouched=True, milliseconds=5.0),
            outcome("topic_change", None, 3, milliseconds=3.0),
        ]
    )
    assert figures["kinds"]["all follow-ups"]["n"] == 2
    assert figures["kinds"]["all follow-ups"]["resolved"]["recall@5"] == 0.5
    assert figures["kinds"]["topic_change"]["resolved"]["MRR"] == pytest.approx(1 / 6)
    assert figures["resolved less written out"]["recall@1"][0] == 0.0
    assert figures["topic changes untouched"] == 0.5
    assert figures["follow-ups untouched"] == 0.5
    assert figures["ms"]["median"] == 3.0
    lines = table(figures, "dev")
    assert lines[0] == "Each cell: as typed / joined / resolved / written out."
    assert lines[2] == "| dev | n | recall@1 | recall@5 | MRR | quoted |"
    assert (
        "| topic change | 2 | 0.00 / 0.00 / 0.00 / 0.00 | 0.00 / 0.00 / 0.50 / 1.00"
        " | 0.00 / 0.00 / 0.17 / 0.33 | 0.00 / 0.00 / 0.00 / 1.00 |"
    ) in lines
    assert "Left untouched: 50.0% of the topic changes, 50.0% of the follow-ups." in lines


def test_only_what_resolving_loses_is_listed():
    assert missed([outcome("bare", 6, 5), outcome("bare", 5, 6), outcome("bare", None, 6)]) == [
        "a bare, rank 6 for 5: x",
        "    resolved: x",
        "    meant:    meant",
    ]


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
    outcomes = converse(asked, Conversation("c", "dev", turns), understand, JoinedPast.of)
    first = JoinedPast("Do cats sleep?")
    assert seen[1] == ("why", (first,))
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
