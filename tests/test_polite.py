import pytest

from qa.polite import plain


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Could you tell me why  it fell?", "why it fell?"),
        ("Please, do you know who left?", "who left?"),
        ("Who left?", "Who left?"),
        ("", ""),
    ],
)
def test_what_stands_in_front_is_left_out(question, text):
    assert plain(question) == text
