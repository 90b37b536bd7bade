import pytest

from bench.follow_up_scores import METRICS, WAYS, Outcome, difference, missed, report, scores, table


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
    assert list(figures["kinds"]) == ["bare", "answer", "all follow-ups", "topic_change"]
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
