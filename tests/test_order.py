import pytest

from qa.order import turned_round


@pytest.mark.parametrize(
    ("claim", "quote", "turned"),
    [
        ("The minister accused the board.", "The board accused the minister.", True),
        ("The minister accused the board.", "In May the minister accused the board.", False),
        ("The board was accused by the minister.", "The minister accused the board.", False),
        ("The board was accused by the minister.", "The board accused the minister.", True),
        ("The board accused the minister.", "The board was accused by the minister.", True),
        ("The board elected Ruth chair.", "Ruth was elected chair of the board.", False),
        ("For weeks they attacked the port.", "They attacked the port for weeks.", False),
        ("Saltby moved its office to Ferries.", "The firm moved its office to Saltby.", True),
        ("In Saltby the firm moved its office.", "The firm moved its office in Saltby.", False),
        ("", "", False),
    ],
)
def test_who_does_what_to_whom(claim, quote, turned):
    assert turned_round(claim, quote) is turned
