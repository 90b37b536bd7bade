import pytest
from milvus_fakes import HOSTILE, matches

from index.errors import InputError
from index.milvus.literal import check_tenant, literal, literals


def test_what_is_written():
    assert literal("a") == '"a"'
    assert literal('say "no"') == '"say \\"no\\""'
    assert literal("c:\\new\n") == '"c:\\\\new\\n"'
    assert literal("'漢") == '"\'漢"'
    assert literal(-5) == "-5"
    assert literal(2**63 - 1) == "9223372036854775807"
    assert literals(["a", 1]) == '["a", 1]'


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_read_back_as_it_is_and_as_nothing_else(text):
    for other in HOSTILE:
        assert matches(f"id == {literal(text)}", {"id": other}) == (text == other)
        assert matches(f"id in {literals([text, 'x'])}", {"id": other}) == (text == other)


@pytest.mark.parametrize("value", ["\0", "a\ud800", 2**63, -(2**63), True, 1.5, None, b"a"])
def test_what_cannot_be_written_is_refused(value):
    with pytest.raises(InputError):
        literal(value)


def test_a_tenant_cannot_be_mistaken_for_another():
    check_tenant("a_B-9")
    for name in ["", "a:b", "a b", "ä", "a\n", 'a"', "a" * 65]:
        with pytest.raises(InputError, match="1 to 64 of A-Z"):
            check_tenant(name)
