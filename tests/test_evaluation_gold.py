import pytest

from index.errors import InputError
from index.sqlite_store import SqliteStore
from index.store import text_sha256
from qa.evaluation.gold import UNKNOWN, Gold, find_gold
from qa.evaluation.questions import Question

PETS = "Cats purr in the old barn.\n\nDogs bark at the moon in cold nights."


@pytest.fixture
def home(pinpoint, folder):
    (folder / "in").mkdir()
    (folder / "pets.txt").write_text(PETS)
    (folder / "in" / "pets.txt").write_text("Cats hiss.")
    (folder / "in" / "copy.txt").write_text("Cats hiss.")
    (folder / "long.txt").write_text("Before.\n\n" + PETS + "\n\nBehind.")
    pinpoint.sync(folder)
    return pinpoint.home


def find(home, **fields):
    with SqliteStore.open(home) as store:
        question = Question(id="1", question="q", answers=("a",), where="line 4", **fields)
        return find_gold(store, [question], "q.jsonl")[0]


def test_documents_are_named_by_path_or_text(home, folder):
    hiss = text_sha256("Cats hiss.")
    assert find(home, document=(str(folder / "pets.txt"),)).documents == {text_sha256(PETS)}
    assert find(home, document=("in/pets.txt",)) == Gold(frozenset({hiss}), {})
    assert find(home, document=("./in/pets.txt",)).documents == {hiss}
    assert find(home, document=("copy.txt",)).documents == {hiss}
    assert find(home, document=(hiss, "long.txt")).documents == {
        hiss,
        text_sha256("Before.\n\n" + PETS + "\n\nBehind."),
    }
    assert find(home) == UNKNOWN


def test_spans_count_in_the_document(home):
    found = find(home, document=("copy.txt",), spans=((0, 4), (5, 10)))
    assert found.spans == {text_sha256("Cats hiss."): ((0, 4), (5, 10))}
    with pytest.raises(InputError, match=r"span \[5, 11\) is not in copy.txt, .* has 10 char"):
        find(home, document=("copy.txt",), spans=((5, 11),))


@pytest.mark.parametrize(
    ("named", "cause"),
    [
        ("pets.txt", r"line 4: document pets.txt may be .*/in/pets.txt or .*/pets.txt; name more"),
        ("ts.txt", r"^q.jsonl: line 4: document ts.txt is not in .*; index it, or leave"),
        ("0" * 64, "document 0000"),
    ],
)
def test_documents_that_cannot_be_told(home, named, cause):
    with pytest.raises(InputError, match=cause):
        find(home, document=(named,))


def test_a_context_is_found_in_all_documents_that_have_it(home):
    found = find(home, context=PETS, context_spans=((0, 4),))
    longer = text_sha256("Before.\n\n" + PETS + "\n\nBehind.")
    assert found.spans == {text_sha256(PETS): ((0, 4),), longer: ((9, 13),)}
    part = find(home, context="Dogs bark at the moon")
    assert (part.documents, part.spans) == ({text_sha256(PETS), longer}, {})
    assert find(home, context="Dogs bark at the sun") == UNKNOWN
    assert find(home, context='"moon" OR NEAR(') == UNKNOWN  # no query syntax
    assert find(home, context="…") == UNKNOWN
