import pytest

from qa.polarity import denied, denies, says_as_much


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The gate opens.", set()),
        ("It never changes, moves or deletes files.", {"chang", "move", "delet", "file"}),
        ("It isn't encrypted.", {"encrypt"}),
        ("It needs no card, so buy a pass.", {"card", "buy", "pass"} - {"buy", "pass"}),
        ("It writes nothing.", {"write"}),
        ("It does not only read but writes.", set()),
        ("It keeps no more than ten pages.", set()),
        ("It does not tell of every change.", {"tell", "chang"}),
    ],
)
def test_what_is_denied(text, found):
    assert denied(text) == found
    assert denies(text) == bool(found)


@pytest.mark.parametrize(
    ("claim", "quote", "so"),
    [
        ("Dogs may board all ferries.", "Dogs may board every ferry.", True),
        ("Dogs may board all ferries.", "Dogs may board the old ferry.", False),
        ("Only the Farm edition sends alarms.", "The Farm edition sends alarms.", False),
        ("Only the Farm edition sends alarms.", "No edition but Farm sends alarms.", True),
        ("The pier opens in June.", "The board hopes that the pier opens in June.", False),
        ("A war broke out.", "The hope is that no wider war breaks out.", False),
        ("Dogs board ferries.", "It sinks if dogs board, or eat on, ferries.", False),
        ("All dogs sink if they board.", "It sinks if all dogs board.", True),
        ("Dogs can board.", "Dogs may board.", True),
        ("It closes before dusk.", "It closes after dusk.", False),
    ],
)
def test_how_much_is_said(claim, quote, so):
    assert says_as_much(claim, quote) is so
