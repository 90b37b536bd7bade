from index.kind_names import KINDS, kind_name
from index.load import LOADERS


def test_every_kind_that_can_be_read_has_one_short_name():
    named = sorted(media_type for types in KINDS.values() for media_type in types)
    assert named == sorted(LOADERS)
    assert len(named) == len(set(named))


def test_names():
    assert kind_name("application/pdf") == "pdf"
    assert kind_name("application/rtf") == "word"
    assert kind_name("text/csv") == "sheet"
    assert kind_name("application/zip") is None
    assert list(KINDS) == sorted(KINDS)
