import pytest

from qa.clause import parse
from qa.noun_phrases import Kind, Role, noun_phrases
from qa.plurals import is_plural, plural_of, singular


def found(question):
    clause = parse(question)
    return [
        (clause.of((p.start, p.long_end)), p.kind, p.role, p.preposition)
        for p in noun_phrases(clause)
    ]


def test_phrases_have_kind_role_and_preposition():
    assert found("Why did the militias attack US troops in Iraq in 2023?") == [
        ("the militias", Kind.NOUN, Role.SUBJECT, ""),
        ("US troops", Kind.NOUN, Role.OBJECT, ""),
        ("Iraq", Kind.PLACE, Role.AFTER, "in"),
        ("2023", Kind.DATE, Role.AFTER, "in"),
    ]


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("What is the default of the setting?", "the default of the setting"),
        ("Did the US hit the militias backed by Iran?", "the militias backed by Iran"),
        ("Who watches the groups that Iran supports?", "the groups that Iran supports"),
        ("What is the difference between A1 and B2?", "the difference between A1 and B2"),
        ("Does the file that failed stop others?", "the file that failed"),
    ],
)
def test_what_is_said_of_a_phrase_belongs_to_its_long_form(question, phrase):
    assert phrase in [row[0] for row in found(question)]


def test_verbs_and_predicates_are_no_phrases():
    assert [row[0] for row in found("What happens if I rename a document?")] == ["a document"]
    assert [row[0] for row in found("Can I wait longer?")] == []
    assert [row[0] for row in found("Why is it necessary to deter Iran?")] == ["Iran"]


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("file", "files"),
        ("query", "queries"),
        ("box", "boxes"),
        ("class", "classes"),
        ("day", "days"),
    ],
)
def test_singular_and_plural(one, several):
    assert (singular(several), plural_of(one)) == (one, several)
    assert is_plural(several)
    assert not is_plural(one)


def test_words_in_s_that_are_singular():
    assert not any(is_plural(word) for word in ("status", "news", "basis", "is"))
    assert is_plural("people")
