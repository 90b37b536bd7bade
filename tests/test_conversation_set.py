from collections import Counter

import pytest

from bench.conversation_set import KINDS, ROOT, SPLITS, Turn, documents, read_conversations

CONVERSATIONS = read_conversations()
PLACES = {
    "Where did Iran-backed militias attack American troops?": 2,
    "What does pinpoint serve do?": 2,
}  # how often the answer stands in the document; such a turn says which one it means
TURNS = [turn for conversation in CONVERSATIONS for turn in conversation.turns]


def by_split(wanted):
    """Count in each split the conversations for which `wanted` holds."""
    return [sum(c.split == split and wanted(c) for c in CONVERSATIONS) for split in SPLITS]


def test_a_span_is_that_of_the_occurrence_named():
    turn = Turn("q", "q", "d", "ab", False, "first", occurrence=2)
    assert turn.span("ab cab") == (4, 6)
    with pytest.raises(ValueError, match="substring not found"):
        turn.span("ab c")


def test_every_answer_stands_in_its_document_at_one_place():
    texts = {str(path.relative_to(ROOT)): path.read_bytes().decode() for path in documents()}
    for turn in TURNS:
        text = texts[turn.document]
        start, end = turn.span(text)
        assert text[start:end] == turn.answer, turn
        assert text.count(turn.answer) == PLACES.get(turn.asked, 1), turn


def test_half_of_the_conversations_are_held_back():
    assert by_split(lambda _: True) == [101, 100]
    assert len({c.id for c in CONVERSATIONS}) == 201
    assert len({tuple(t.asked for t in c.turns) for c in CONVERSATIONS}) == 201


def test_both_halves_have_all_kinds_of_turns():
    counts = [
        Counter(t.kind for c in CONVERSATIONS if c.split == split for t in c.turns)
        for split in SPLITS
    ]
    assert [set(count) for count in counts] == [set(KINDS), set(KINDS)]
    assert [count["topic_change"] for count in counts] == [20, 21]
    for kind in KINDS:
        assert abs(counts[0][kind] - counts[1][kind]) <= 4, kind


def test_a_conversation_has_two_to_four_turns_and_begins_with_a_whole_question():
    for conversation in CONVERSATIONS:
        first, *rest = conversation.turns
        assert 1 <= len(rest) <= 3, conversation.id
        assert first.kind == "first", conversation.id
        assert all(turn.kind != "first" for turn in rest), conversation.id


def test_only_follow_ups_are_written_out_otherwise():
    for turn in TURNS:
        alone = turn.kind in ("first", "topic_change")
        assert turn.follow_up is not alone, turn
        assert (turn.asked == turn.full) is alone, turn
        assert turn.full[0].isupper(), turn
