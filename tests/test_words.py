import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.words import DiffPart, diff, similarity, tokens

TEXTS = st.text(st.sampled_from("ab \n.,7船"), max_size=25)


def parts(*pairs):
    return tuple(DiffPart(kind=kind, text=text) for kind, text in pairs)


def test_tokens_are_words_white_space_and_single_marks():
    assert tokens("Don't  go,\n船は1.5!") == [
        *("Don", "'", "t", "  ", "go", ",", "\n", "船", "は", "1", ".", "5", "!"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "The gate opens at nine.",
            "The gate opens at ten.",
            [("same", "The gate opens at "), ("removed", "nine"), ("added", "ten"), ("same", ".")],
        ),
        ("Cats purr.", "Cats purr.", [("same", "Cats purr.")]),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        ("", "", []),
        (
            "at nine",
            "at  nine",
            [("same", "at"), ("removed", " "), ("added", "  "), ("same", "nine")],
        ),
        # One change, although the space between the words is the same.
        (
            "a b c d",
            "a x y d",
            [("same", "a "), ("removed", "b c"), ("added", "x y"), ("same", " d")],
        ),
        ("go now", "go", [("same", "go"), ("removed", " now")]),
    ],
)
def test_a_diff_is_word_by_word(old, new, found):
    assert diff(old, new) == parts(*found)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts(old, new):
    found = diff(old, new)
    assert "".join(part.text for part in found if part.kind != "added") == old
    assert "".join(part.text for part in found if part.kind != "removed") == new
    assert all(part.text for part in found)
    assert (old == new) == all(part.kind == "same" for part in found)


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [
        ("The gate opens at nine.", "The gate opens at ten!", 0.8),  # 4 of 5 words
        ("The gate opens.", "The\ngate  opens", 1.0),
        ("a b c", "c b a", 1 / 3),
        ("船は", "船が", 0.5),
        ("?!", "?.", 0.5),
        ("a", "!", 0.0),
        ("a b", "", 0.0),
    ],
)
def test_similarity_is_the_share_of_common_words_in_order(old, new, share):
    assert similarity(old, new) == pytest.approx(share)
    assert similarity(new, old) == pytest.approx(share)
