import pytest

from qa.phrase_cut import cut


@pytest.mark.parametrize(
    ("reply", "written"),
    [
        ("", []),
        (" \n", []),
        ("It is so. It is old.", [("It is so.", ()), ("It is old.", ())]),
        ("It is so. [1] It is old. [2]", [("It is so.", (1,)), ("It is old.", (2,))]),
        ("It is so [1]. It is old [2][3].", [("It is so.", (1,)), ("It is old.", (2, 3))]),
        ("[1] It is so.\n[2] It is old.", [("It is so.", (1,)), ("It is old.", (2,))]),
        ("It [1] is so [1, 2].", [("It is so.", (1, 2))]),
        ("It is so [Quote 2 and 3].", [("It is so.", (2, 3))]),
        ("- It is so [1]\n2. It is old [2]", [("It is so", (1,)), ("It is old", (2,))]),
        ("# So\r\n\r\nIt is so.", [("So", ()), ("It is so.", ())]),
        ("<think>It is old [1].</think>\nIt is so.", [("It is so.", ())]),
        ("<think>It is old.", []),
        ("[1]", []),
        ("It has [a] mark [12345].", [("It has [a] mark [12345].", ())]),
    ],
)
def test_sentences_with_the_quotes_that_they_name(reply, written):
    found = [(each.text.lstrip(), each.named) for each in cut(reply)]
    assert found == written
