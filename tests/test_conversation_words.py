"""Words by which conversations are found."""

import pytest

from qa.conversation_words import MAX_WORDS, queries


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", []),
        ("gate", ['"gate"*']),
        (" the\tGate ", ['"the"*', '"Gate"*']),
        ('say "x" AND NOT *', ['"say"*', '"""x"""*', '"AND"*', '"NOT"*']),
        ("U.S. - café", ['"U.S."*', '"café"*']),
        ("a\0b", ['"a"*', '"b"*']),
        ("\ud800x", ['"\ufffdx"*']),
    ],
)
def test_each_word_is_a_quoted_beginning(search, found):
    assert queries(search) == found


def test_so_many_words_are_looked_for():
    assert queries("x " * 50) == ['"x"*'] * MAX_WORDS
