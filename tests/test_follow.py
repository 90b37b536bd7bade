"""`tests/data/follow_ups.tsv`: a question, the one before, its short answer, what is meant."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from qa.follow import PastTurn, Understood, understand
from qa.models import Answer, AnswerSpan, Candidate, Citation, CitedDocument, IndexSummary

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "follow_ups.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
ATTACKS = PastTurn("Why have militias been attacking US troops in Iraq?")


@pytest.mark.parametrize(
    ("asked", "before", "answer", "written"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_a_follow_up_is_written_out(asked, before, answer, written):
    turn = PastTurn(before, (answer,) if answer else ())
    understood = understand(asked, [turn])
    assert understood.question == written
    assert understood.changed
    assert understood.asked == asked


@pytest.mark.parametrize(
    "asked",
    [
        "What is the capital of France?",
        "And who is Vali Nasr?",
        "So what is a chunk?",
        "How do I rebuild the index?",
        "Is it possible to restore a backup?",
        "How long does it take to rebuild the index?",
        "Is there a limit for the size of a file?",
        "What is the default of the setting threshold?",
        "Does Pinpoint change my documents when it reads them?",
        "Why did a document come back after I removed it?",
        "What happens to a file that cannot be read?",
        "Does it mean that the file has changed if the hash differs?",
        "Who says that the war will end?",
        "Which setting says how many chunks are read?",
        "What does the error 'not a Pinpoint index' mean?",
        "What happens if the power fails during indexing?",
        "Why does a search for one question run on one thread only?",
        "Which names in a ZIP archive are not read?",
        "The web page says the port is in use, why?",
        "What about the weather in Berlin?",
        "In 2020, did the rate rise?",
    ],
)
@pytest.mark.parametrize(
    "before",
    [ATTACKS, PastTurn("What is a chunk?", ("a passage",)), PastTurn("Who is Anna Weber?")],
)
def test_a_complete_question_stays_as_it_is(asked, before):
    assert understand(asked, [before]) == Understood(
        asked=asked, question=asked, changed=False, taken=()
    )


@pytest.mark.parametrize(
    "asked",
    [
        "Und im Irak?",
        "Warum ist das so?",
        "¿Y en Siria?",
        "Et pourquoi?",
        "为什么？",
        "Почему?",
        "لماذا؟",
        "なぜですか",
    ],
)
def test_other_languages_are_left_alone(asked):
    assert not understand(asked, [ATTACKS]).changed


@pytest.mark.parametrize("asked", ["", "   ", "?", "...", "thanks!", "OK", "it?", "And?", "\x00"])
def test_what_asks_nothing_is_left_alone(asked):
    assert not understand(asked, [ATTACKS]).changed


@pytest.mark.parametrize("asked", ["Why?", "And in Syria?", "What is its default?", "Who is he?"])
@pytest.mark.parametrize("turns", [[], [PastTurn("")], [PastTurn("  ")], [PastTurn("x" * 5000)]])
def test_without_an_earlier_question_nothing_is_changed(asked, turns):
    assert understand(asked, turns).question == asked


def test_turns_that_were_not_answered_count_by_their_question():
    turns = [PastTurn("Which setting limits the size of a file?")]
    understood = understand("What is its default?", turns)
    assert (
        understood.question == "What is the default of the setting that limits the size of a file?"
    )
    assert understood.taken == ("setting that limits the size of a file",)


def test_a_chain_leans_on_what_was_written_out():
    turns = []
    for asked, written in [
        ("Which groups does Iran support in Lebanon?", None),
        ("And in Yemen?", "Which groups does Iran support in Yemen?"),
        ("Why?", "Why does Iran support groups in Yemen?"),
        ("Since when?", "Since when does Iran support groups in Yemen?"),
    ]:
        understood = understand(asked, turns)
        assert understood.question == (written or asked)
        turns.append(PastTurn(understood.question))


def test_a_pronoun_reaches_back_over_a_turn_without_a_person():
    turns = [PastTurn("Who is Vali Nasr?"), PastTurn("How large may a file be?")]
    assert understand("Where does he work?", turns).question == "Where does Vali Nasr work?"


def test_the_latest_topic_is_meant():
    turns = [PastTurn("What does the setting ocr do?"), PastTurn("What does the setting model do?")]
    assert understand("What is its default?", turns).question == (
        "What is the default of the setting model?"
    )


def test_only_the_last_four_turns_count():
    turns = [PastTurn("Who is Vali Nasr?")] + [PastTurn("How large may a file be?")] * 4
    assert not understand("Where does he work?", turns).changed


def test_a_question_that_was_not_understood_is_passed_over():
    turns = [ATTACKS, PastTurn("what kind?"), PastTurn("hm?")]
    assert understand("Since when?", [ATTACKS, PastTurn("hm?")]).question == (
        "Since when have militias been attacking US troops in Iraq?"
    )
    assert (
        understand("Why?", turns).changed is False
        or "US troops" in understand("Why?", turns).question
    )


def test_one_of_two_things_is_told_by_its_number():
    turns = [
        PastTurn("What is the difference between a chunk and a passage?"),
        PastTurn("What is a chunk?"),
    ]
    assert understand("And the second one?", turns).question == "What is a passage?"
    assert understand("What does the latter hold?", turns).question == "What does a passage hold?"


def test_a_document_is_named_by_its_title():
    turns = [PastTurn("When is rent due?", (), ("Rent is due.",), ("Lease 2024",))]
    assert understand("Does this document say who pays?", turns).question == (
        'Does the document "Lease 2024" say who pays?'
    )


def test_a_command_is_found_in_the_quote_when_no_short_answer_names_it():
    quote = "The home holds the file `pinpoint.db` with the texts."
    turns = [PastTurn("Which file holds the texts?", (quote,), (quote,))]
    assert understand("What is made from it?", turns).question == "What is made from `pinpoint.db`?"


def test_a_noun_of_the_last_answer_leans_on_it():
    quote = "Refused are encrypted chapters."
    turns = [PastTurn("When does Pinpoint refuse an EPUB?", (quote,), (quote,))]
    assert understand("How are the chapters named?", turns).question == (
        "How are the chapters named when Pinpoint refuses an EPUB?"
    )
    assert not understand("How are the verses named?", turns).changed


def test_what_was_taken_is_told_in_runs_of_words():
    understood = understand("And in Syria?", [ATTACKS])
    assert understood.taken == ("militias been attacking US troops",)


def test_understood_is_frozen_and_strict():
    understood = understand("Why?", [])
    with pytest.raises(ValidationError):
        understood.asked = "other"
    with pytest.raises(ValidationError):
        Understood(asked="", question="", changed=False, taken=(), more=1)


@pytest.mark.parametrize(
    "asked",
    [
        "why " * 5000,
        "it " * 39,
        "what about " + "(" * 300,
        "<script>alert(1)</script>?",
        "'; DROP TABLE turns; --",
        r"what about \1 \g<0> [a-",
        "and the other one or or or and and?",
        "\u202eWhy?",
        "Why\u2028not?",
        "`" * 200,
    ],
)
def test_hostile_questions_give_a_question(asked):
    turns = [
        PastTurn(
            r"Which \s of [ is it or ( that?", (r"\1 (?P<x>", "`" * 300), ("(" * 500,), ("\\",)
        ),
        PastTurn("that " * 100, ("A-B " * 3000,), ("Aa Bb " * 3000,)),
    ]
    understood = understand(asked, turns)
    assert understood.asked == asked
    assert understood.changed == (understood.question != asked)
    assert len(understood.question) <= max(len(asked), 1000)


def test_words_with_combining_marks_are_not_cut():
    assert not understand("And Z\u0351algo?", [ATTACKS]).changed
    assert understand("And Zalgo?", [ATTACKS]).changed


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "what when why who how is are does did the that it they this those one ones and about if"
        " in of to from which many there then other he his on not do so said a file Iran 2023"
        " max_bytes , ? ` \\",
    )
)
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=3))
def test_any_words_give_a_question(asked, earlier):
    understood = understand(asked, [PastTurn(q, (a,), (a,)) for q, a in earlier])
    assert understood.changed == (understood.question != asked)
    assert understood.changed or understood.taken == ()


def cited(quote, answer, title):
    document = CitedDocument(
        id="1", path="a.md", title=title, sha256="0", date=None, media_type="text/markdown"
    )
    span = AnswerSpan(text=answer, start=0, end=len(answer)) if answer else None
    return Citation(
        quote=quote,
        start=0,
        end=len(quote),
        answer=span,
        document=document,
        page=None,
        locations=(),
        rectangles=(),
        link=None,
        heading=(),
        score=0.9,
    )


def answer(answered, citations, candidates):
    return Answer(
        question="Who?",
        answered=answered,
        text="",
        confidence=0.9,
        citations=citations,
        nearest=(),
        candidates=candidates,
        index=IndexSummary(generation=1, documents=1, chunks=1),
    )


def test_a_past_turn_keeps_answers_quotes_and_titles():
    one, two = cited("Ann did it.", "Ann", "A"), cited("Bob saw it.", None, "A")
    candidates = (
        Candidate(text="Ann", confidence=0.9, citations=(one,)),
        Candidate(text="Bob saw it.", confidence=0.8, citations=(two,)),
    )
    assert PastTurn.of(answer(True, (one, two), candidates)) == PastTurn(
        "Who?", ("Ann", "Bob saw it."), ("Ann did it.", "Bob saw it."), ("A",), ("0",)
    )
    assert PastTurn.of(answer(True, (one, two), ())).answers == ("Ann", "Bob saw it.")
    assert PastTurn.of(answer(False, (), ())) == PastTurn("Who?")
