import random
import sys
from concurrent.futures import ThreadPoolExecutor

from qa.terms import all_stems, content_stems, has_term, match_query, names, stem, words


def test_words_join_dotted_capitals_and_drop_possessives():
    assert words("U.S. troops in Iran’s north-east, James' 3.5% of 1,000.") == [
        *("US", "troops", "in", "Iran", "north", "east", "James", "3.5", "of", "1,000"),
    ]


def test_content_stems_keep_capitals_that_look_like_function_words():
    assert content_stems("How long have the militias been attacking US troops?") == [
        *("long", "militia", "attack", "us", "troop"),
    ]
    assert content_stems("Did they tell us?") == ["tell"]


def test_match_query_quotes_every_word_and_tries_dots():
    assert match_query('What has "NEAR" US* AND col:x done') == (
        '"NEAR" OR "N E A R" OR "US" OR "U S" OR "AND" OR "A N D" OR "col" OR "x" OR "done"'
        ' OR "NEAR US" OR "US AND" OR "AND col" OR "col x" OR "x done"'
    )


def test_match_query_tries_content_words_in_a_row_as_they_are_written():
    assert match_query("Is the board of the bank in Iran's U.S. office?") == (
        '"board" OR "bank" OR "Iran" OR "US" OR "U S" OR "office"'
        ' OR "board of the bank" OR "bank in Iran\'s" OR "Iran\'s U.S." OR "U.S. office"'
    )
    assert match_query("Banks by the side of which a river flows") == (
        '"Banks" OR "side" OR "river" OR "flows" OR "Banks by the side" OR "river flows"'
    )


def test_match_query_of_function_words_only_uses_them():
    assert match_query("who is it") == '"who" OR "is" OR "it"'
    assert match_query("?!") is None


def test_irregular_verbs_and_families():
    assert stem("sent") == stem("sends") == "send"
    assert stem("Won") == "win"
    assert has_term("deter", frozenset({"deterr"}))
    assert has_term("respond", frozenset({"respons"}))
    assert not has_term("intern", frozenset({"interest"}))
    assert not has_term("win", frozenset({"wind"}))


def test_names_are_told_by_capitals_and_digits():
    assert names("Who won the 2022 World Cup in the US?") == {"2022", "world", "cup", "us"}
    assert names("2022 was what?") == {"2022"}
    assert names("Dogs bark?") == frozenset()


def test_stems_of_a_text_are_those_of_its_words():
    text = "The U.S.\tcats’ tails,\u00a0the dogs—and 3.5\nof 1,000"
    assert all_stems(text) == {stem(word) for word in words(text)}
    assert all_stems(" \n") == frozenset()


def test_a_stem_is_the_same_whatever_is_stemmed_beside_it():
    found = [f"{word}{ending}" for word in ("walk", "deriv", "operat") for ending in _ENDINGS]
    wanted = [stem.__wrapped__(word) for word in found]

    def other_order(seed):
        order = list(range(len(found))) * 30
        random.Random(seed).shuffle(order)
        return [place for place in order if stem.__wrapped__(found[place]) != wanted[place]]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(other_order, range(4))) == [[]] * 4
    finally:
        sys.setswitchinterval(before)


_ENDINGS = ("ed", "ing", "s", "ation", "ations", "ative", "ational", "or", "ators", "ingly")
