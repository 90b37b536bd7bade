import pytest

from qa.example_subjects import subject

CONTEXT = "Backups are copies. You need backups of Pinpoint; each says what Iran did."


@pytest.mark.parametrize(
    ("phrase", "inside"),
    [
        ("A chunk", "a chunk"),
        ("The Pentagon", "the Pentagon"),
        ("The default reader", "the default reader"),
        ("The confidence of an answer", "the confidence of an answer"),
        ("Vali Nasr", "Vali Nasr"),
        ("pg_class", "pg_class"),
        ("UTF-8", "UTF-8"),
        ("Backups", "backups"),  # "need backups"
        ("Pinpoint", "Pinpoint"),  # "of Pinpoint"
        ("The Old Museum", "the Old Museum"),
        ("Officials", "officials"),
    ],
)
def test_what_makes_sense_alone(phrase, inside):
    assert subject(phrase, CONTEXT) == inside


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "This module",
        "It",
        "SIGINT This",
        "Table A.1",
        "The old museum",
        "The function",  # which one?
        "The following setting",
        "The other file",
        "A file that is open",
        "The",
        "Deadlock",  # nothing tells whether it is a name
        "Iran and its proxies",
        "Module tomllib TOML",
        "Wiki The wiki",
        "The first of one two three four",
        "Probably Iran",
        "The (old) reader",
    ],
)
def test_what_does_not(phrase):
    assert subject(phrase, CONTEXT) is None


def test_a_single_thing_needs_an_article():
    assert subject("Request", "The request is sent.") is None
    assert subject("Requests", "The requests are sent.") == "requests"
