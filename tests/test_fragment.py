import pytest

from index.formats.fragment import text_fragment


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("", ""),
        (" \n ", ""),
        ("Cats purr, dogs - & bark.", "Cats%20purr%2C%20dogs%20%2D%20%26%20bark."),
        ("  two   spaces ", "two%20spaces"),
        ("one two\nthree four", "one%20two,three%20four"),
        (
            " ".join(f"w{n}" for n in range(60)),
            "w0%20w1%20w2%20w3%20w4%20w5,w54%20w55%20w56%20w57%20w58%20w59",
        ),
        ("é" * 150, "%C3%A9" * 20 + "," + "%C3%A9" * 20),
    ],
)
def test_text_fragment(quote, expected):
    assert text_fragment(quote) == (f"#:~:text={expected}" if expected else "")


def test_edges_are_whole_words_that_do_not_overlap():
    words = [letter * 30 for letter in "abcde"]
    assert text_fragment(" ".join(words)) == f"#:~:text={words[0]},{words[4]}"
