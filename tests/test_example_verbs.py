import pytest

from qa.example_verbs import BASES, GERUND, PAST, THIRD, asked_with


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("stores", ("does", "store")),
        ("searches", ("does", "search")),
        ("copies", ("does", "copy")),
        ("has", ("does", "have")),
        ("displays", ("does", "display")),
        ("store", ("do", "store")),
        ("stored", ("did", "store")),
        ("copied", ("did", "copy")),
        ("stopped", ("did", "stop")),
        ("founded", ("did", "found")),
        ("found", ("did", "find")),
        ("wrote", ("did", "write")),
        ("table", None),
    ],
)
def test_a_verb_is_asked_with_its_helper_and_base(verb, asked):
    assert asked_with(verb) == asked


def test_gerunds():
    wanted = {"running": "run", "using": "use", "copying": "copy", "opening": "open"}
    assert {gerund: GERUND[gerund] for gerund in wanted} == wanted


def test_no_form_stands_for_two_verbs():
    assert len(THIRD) == len(GERUND) == len(BASES)
    assert set(THIRD).isdisjoint(BASES)
    assert set(PAST.values()) - BASES == {"begin", "die", "win"}
