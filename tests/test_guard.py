import pytest

from index.errors import LoadError
from index.formats.guard import reading


def test_what_a_parser_raises_is_damage():
    with (
        pytest.raises(LoadError, match=r"^damaged DOCX file \(KeyError: 'no part'\); open it"),
        reading("DOCX"),
    ):
        raise KeyError("no part")


@pytest.mark.parametrize("error", [LoadError, MemoryError])
def test_what_is_no_damage_passes(error):
    with pytest.raises(error, match="as it is"), reading("DOCX"):
        raise error("as it is")
