import re

import pytest

from qa.comparative import COMPARATIVE, amount, base_verb, degree


@pytest.mark.parametrize(
    ("comparative", "asked"),
    [
        ("faster", "how fast"),
        ("slower", "how fast"),
        ("bigger", "how big"),
        ("cheaper", "how cheap"),
        ("cleaner", "how clean"),
        ("heavier", "how heavy"),
        ("larger", "how large"),
        ("better", "how good"),
        ("Older", "how old"),
        ("more likely", "how likely"),
        ("less reliable", "how reliable"),
    ],
)
def test_what_asks_for_a_degree(comparative, asked):
    assert re.fullmatch(COMPARATIVE, comparative, re.IGNORECASE)
    assert degree(comparative) == asked


@pytest.mark.parametrize("word", ["water", "blender", "over", "writer", "lowly"])
def test_other_words_compare_nothing(word):
    assert re.fullmatch(COMPARATIVE, word) is None


@pytest.mark.parametrize(
    ("noun", "asked"),
    [
        ("seats", "how many seats"),
        ("people", "how many people"),
        ("memory", "how much memory"),
        ("glass", "how much glass"),
    ],
)
def test_what_asks_for_an_amount(noun, asked):
    assert amount(noun) == asked


@pytest.mark.parametrize(
    ("verb", "base"),
    [
        ("has", "have"),
        ("had", "have"),
        ("carries", "carry"),
        ("reaches", "reach"),
        ("holds", "hold"),
    ],
)
def test_verbs_in_their_base_form(verb, base):
    assert base_verb(verb) == base
