import pytest

from qa.claim_parts import parts, starts_with_pronoun, understood


@pytest.mark.parametrize(
    ("claim", "two"),
    [
        (
            "Pinpoint needs Python 3.11, and it needs no graphics card.",
            ("Pinpoint needs Python 3.11", "Pinpoint needs no graphics card."),
        ),
        (
            "The Garden edition costs 40 euros, while the Farm edition costs 180 euros.",
            ("The Garden edition costs 40 euros", "the Farm edition costs 180 euros."),
        ),
        ("The ferry sells bread and butter.", None),
        ("The gate opens.", None),
    ],
)
def test_two_statements(claim, two):
    assert parts(claim) == two


@pytest.mark.parametrize(
    ("claim", "before", "whole"),
    [
        ("It was built in 2009.", "The Mallard carries 60 cars.", "The Mallard was built in 2009."),
        ("It was built in 2009.", "The Heron sank.", "The Heron was built in 2009."),
        ("It was built.", "The south wing burned down.", "It was built."),
        ("It was built in 2009.", "", "It was built in 2009."),
        ("The ferry was built.", "The Mallard carries 60 cars.", "The ferry was built."),
    ],
)
def test_what_a_pronoun_stands_for(claim, before, whole):
    assert understood(claim, before) == whole


def test_pronouns_at_the_beginning():
    assert starts_with_pronoun("They sank.")
    assert not starts_with_pronoun("Item one sank.")
