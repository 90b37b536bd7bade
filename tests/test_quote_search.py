"""Quotes are found again where they are, and what they have become is found too."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Block, Extracted
from qa.quote_search import LEAST_SIMILARITY, Near, Occurrence, find_again, find_near
from qa.receipt import CONTEXT_CHARS, Surroundings

QUOTE = "The gate opens at nine."


def around(text, start, end):
    return Surroundings(
        before=text[max(0, start - CONTEXT_CHARS) : start],
        after=text[end : end + CONTEXT_CHARS],
        text_chars=len(text),
        file_sha256="0" * 64,
        file_bytes=0,
    )


def plain(text):
    """A document of which no sentences are known."""
    return Extracted(text, "Title", None, "text/plain", ())


def lines(text):
    """A document whose lines are its blocks."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(start, start + len(line)))
        start += len(line) + 1
    return Extracted(text, "Title", None, "text/plain", tuple(blocks))


@pytest.mark.parametrize("known", [True, False])
def test_the_only_place_is_found(known):
    old = f"Old. {QUOTE} Lamps."
    kept = around(old, 5, 5 + len(QUOTE)) if known else None
    assert find_again(plain(f"A new start. {QUOTE}"), QUOTE, 5, kept) == Occurrence(
        13, 13 + len(QUOTE)
    )
    assert find_again(plain("A new start. The gate"), QUOTE, 5, kept) is None
    assert find_again(plain(""), QUOTE, 5, kept) is None


def test_of_several_places_the_one_with_the_same_surroundings_is_taken():
    old = f"North: {QUOTE} South: {QUOTE} West."
    second = old.rindex(QUOTE)
    new = f"East: {QUOTE} {old}"
    found = find_again(plain(new), QUOTE, second, around(old, second, second + len(QUOTE)))
    assert found == Occurrence(second + 30, second + 30 + len(QUOTE))
    first = old.index(QUOTE)
    found = find_again(plain(new), QUOTE, first, around(old, first, first + len(QUOTE)))
    assert (found.start, found.equals) == (first + 30, 0)


def test_of_places_that_look_alike_the_nearest_is_taken_and_the_others_counted():
    row = f"{'-' * CONTEXT_CHARS}{QUOTE}{'-' * CONTEXT_CHARS}"
    old = row * 5
    third = 2 * len(row) + CONTEXT_CHARS
    kept = around(old, third, third + len(QUOTE))
    assert find_again(plain(old), QUOTE, third, kept) == Occurrence(third, third + len(QUOTE), 4)
    # It stood at 48% of the text; of nine rows the fifth begins there.
    found = find_again(plain(row * 9), QUOTE, third, kept)
    assert found == Occurrence(4 * len(row) + 64, 4 * len(row) + 64 + len(QUOTE), 8)


def test_of_places_that_are_as_near_the_first_is_taken():
    kept = around("--q-", 2, 3).model_copy(update={"before": "", "after": ""})
    assert find_again(plain("-q-q"), "q", 2, kept) == Occurrence(
        1, 2, 1
    )  # 25% and 75%, it was at 50%


def test_without_surroundings_the_nearest_place_is_taken():
    text = f"{QUOTE} {'x' * 100} {QUOTE}"
    assert find_again(plain(text), QUOTE, 0, None) == Occurrence(0, len(QUOTE), 1)
    assert find_again(plain(text), QUOTE, 90, None) == Occurrence(125, 125 + len(QUOTE), 1)


TEXTS = st.text(st.sampled_from("ab .\n"), max_size=150)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_text_put_in_anywhere_outside_a_quote_moves_it_by_its_length(before, after, data):
    """A quote that stands once is found with the right offsets, whatever comes in."""
    quote = "Q" + data.draw(TEXTS) + "Z"
    old = before + quote + after
    start, end = len(before), len(before) + len(quote)
    inserted = data.draw(TEXTS)
    at = data.draw(st.integers(0, start) | st.integers(end, len(old)))
    new = old[:at] + inserted + old[at:]
    moved = start + (len(inserted) if at <= start else 0)
    assert find_again(plain(new), quote, start, around(old, start, end)) == Occurrence(
        moved, moved + len(quote)
    )


@settings(deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.text(st.sampled_from("xyz "), max_size=200))
def test_a_repeated_quote_is_told_apart_by_what_stands_around_it(which, at, inserted):
    """The same words in eight rows, each row with a number of its own."""
    rows = [f"{number} {QUOTE} {number};" for number in range(8)]
    start = sum(map(len, rows[:which])) + 2
    kept = around("".join(rows), start, start + len(QUOTE))
    new = "".join([*rows[:at], inserted, *rows[at:]])
    right = start + (len(inserted) if at <= which else 0)
    found = find_again(plain(new), QUOTE, start, kept)
    assert (found.start, found.equals) == (right, 0)


CHANGED = "The harbour is old.\nThe gate opens at ten.\nBring a lamp."


def test_what_a_quote_has_become_is_a_whole_sentence():
    assert find_near(lines(CHANGED), QUOTE, None) == Near(20, 42, pytest.approx(0.8))
    grown = CHANGED.replace("at ten", "at nine on working days, and at ten")
    found = find_near(lines(grown), QUOTE, None)
    assert grown[found.start : found.end] == ("The gate opens at nine on working days, and at ten.")


def test_a_quote_that_became_two_sentences_is_found_whole():
    text = "Old.\nThe gate opens. At nine sharp. Lamps are sold by the keeper of the house."
    found = find_near(lines(text), QUOTE, None)
    assert text[found.start : found.end] == "The gate opens. At nine sharp."


def test_what_stood_around_a_quote_helps_to_find_what_it_became():
    old = "Bells ring in May.\nRates: 7\nFlags fly.\nSongs in June.\nRates: 9\nDrums roll."
    start = old.index("Rates: 9")
    new = old.replace("Rates: 9", "Rates: 5").replace("Rates: 7", "Rates: 1")
    found = find_near(lines(new), "Rates: 9", around(old, start, start + 8))
    assert (found.start, new[found.start : found.end]) == (start, "Rates: 5")


def test_where_all_around_is_as_it_was_a_quarter_of_the_words_is_enough():
    old = f"Bells ring in May.\n{QUOTE}\nFlags fly."
    kept = around(old, 19, 19 + len(QUOTE))
    new = old.replace(QUOTE, "Gates closed for all who come by the sea.")  # 1 of 5 and 9
    assert find_near(lines(new), QUOTE, kept) is None
    new = old.replace(QUOTE, "The door is shut at ten.")  # 2 of 5 and 6
    assert find_near(lines(new), QUOTE, kept) == Near(19, 43, pytest.approx(4 / 11))
    assert find_near(lines(new.replace("Flags", "Drums")), QUOTE, kept) is not None
    assert find_near(lines(new.replace("May", "June").replace("Fl", "B")), QUOTE, kept) is None


@pytest.mark.parametrize(
    "text", ["", "Nothing of it is left here.", "The the the at at.", "\n\n", "nine"]
)
def test_what_is_not_alike_is_nothing(text):
    assert find_near(lines(text), QUOTE, None) is None


def test_half_of_the_words_is_alike_enough():
    assert LEAST_SIMILARITY == 0.5
    assert find_near(lines("one two three x y z"), "one two three four five six", None) is not None
    assert find_near(lines("one two x x y z"), "one two three four five six", None) is None


@pytest.mark.parametrize("first", [0, 30_000, 59_400])
def test_a_long_quote_in_a_long_text_on_one_line(first):
    words = random.Random(1).choices([f"w{n}" for n in range(5000)], k=60_000)
    text = " ".join(words)
    quote = " ".join(words[first : first + 600])
    old = text.index(quote)
    new = text[: old + 500] + "changed" + text[old + 507 :]
    document = Extracted(new, "T", None, "text/plain", (Block(0, len(new)),))
    found = find_near(document, quote, around(text, old, old + len(quote)))
    assert (found.start, found.end) == (old, old + len(quote))
    assert found.similarity > 0.99


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("quote", "now"),
    [
        ("Fee: 12", "Fee: 120"),
        ("The fee is 5.", "The fee is 5.50 for all."),
        ("Smoking is allowed", "No Smoking is allowed"),
        ("Dogs are welcome", "Nobody here has said for years that Dogs are welcome on Sundays"),
    ],
)
def test_a_quote_whose_sentence_has_grown_stands_there_no_more(known, quote, now):
    old = f"Rules of the house\n{quote}\nBring a lamp."
    kept = around(old, 19, 19 + len(quote)) if known else None
    new = lines(old.replace(quote, now))
    assert find_again(new, quote, 19, kept) is None
    found = find_near(new, quote, kept)
    assert new.text[found.start : found.end] == now
    # A whole one is taken, wherever it is.
    again = lines(f"{new.text}\n{quote}")
    assert find_again(again, quote, 19, kept).start == len(new.text) + 1


def test_a_quote_that_was_a_part_of_its_sentence_stands_where_it_is_the_same_part():
    old = "Old. All say that the gate opens at nine on Mondays. Lamps."
    quote = "the gate opens at nine"
    kept = around(old, 18, 18 + len(quote))
    sentence = "All say that the gate opens at nine on Mondays."
    assert find_again(lines(f"New: 1.\n{sentence}"), quote, 18, kept).start == 21
    assert find_again(lines(f"New: 1.\n{sentence[:-1]} only."), quote, 18, kept) is None


def test_the_same_words_elsewhere_are_not_the_quote_where_others_are_in_its_place():
    day = "{}\nThe doors open at {}.\nThe doors close at {}.\n"
    quote = "The doors open at nine."
    old = "Hours of the museum\n" + day.format("Monday", "nine", "five")
    old += day.format("Tuesday", "nine", "six")
    kept = around(old, 27, 27 + len(quote))
    assert find_again(lines(old), quote, 27, kept) == Occurrence(27, 50)
    new = old.replace("nine", "ten", 1).replace("five", "four")
    assert find_again(lines(new), quote, 27, kept) is None
    found = find_near(lines(new), quote, kept)
    assert (found.start, new[found.start : found.end]) == (27, "The doors open at ten.")
    # Where its place is empty it has moved.
    gone = old.replace(f"{quote}\n", "", 1)
    assert find_again(lines(gone), quote, 27, kept).start == gone.index(quote)
