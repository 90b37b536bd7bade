from qa.terms import content_stems, has_term, match_query, names, stem, words


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
