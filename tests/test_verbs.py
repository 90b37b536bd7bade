import pytest

from qa.verbs import base_form, forms, is_noun_too, is_participle, lemma


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("send", ("send", "sends", "sent", "sent", "sending")),
        ("write", ("write", "writes", "wrote", "written", "writing")),
        ("stop", ("stop", "stops", "stopped", "stopped", "stopping")),
        ("try", ("try", "tries", "tried", "tried", "trying")),
        ("reach", ("reach", "reaches", "reached", "reached", "reaching")),
        ("lie", ("lie", "lies", "lay", "lain", "lying")),
        ("agree", ("agree", "agrees", "agreed", "agreed", "agreeing")),
    ],
)
def test_forms(base, expected):
    assert forms(base) == expected
    assert {lemma(form) for form in expected} == {base}


def test_unknown_forms_are_guessed_by_their_ending():
    assert lemma("maintains") is None
    assert [base_form(word) for word in ("maintains", "sent", "inspected", "pass")] == [
        "maintain",
        "send",
        "inspect",
        "pass",
    ]
    assert is_participle("inspected")
    assert not is_participle("hundred")


def test_verbs_that_are_nouns_too():
    assert is_noun_too("limits")
    assert not is_noun_too("says")
    assert not is_noun_too("limited")
