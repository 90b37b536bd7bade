import pytest

from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from qa.example_sentences import Asks
from qa.examples import Example, answered, example_questions
from tests.fakes import TermReader

GUIDE = """# Guide

## Adding documents

To add documents, run the command `add`. A document is a file with text.

## Limits

A document may have at most 500 pages. A chunk is a passage of a document.
"""
NEWS = """# News

Ada Lovelace, an expert on engines, wrote a note. The Old Museum has two old doors.
"""


@pytest.fixture
def asked(tmp_path, folder, embedder):
    (folder / "guide.md").write_text(GUIDE)
    (folder / "news.md").write_text(NEWS)
    pinpoint = Pinpoint.open(tmp_path / "home")
    pinpoint._given_embedder, pinpoint._given_reader = embedder, TermReader()
    pinpoint.sync(folder)
    return pinpoint


def made(pinpoint, limit=6):
    with SqliteStore.open(pinpoint.home) as store:
        return example_questions(store, limit)


def test_documents_and_kinds_take_turns(asked):
    assert [(e.question, e.title) for e in made(asked)] == [
        ("What is a chunk?", "Guide"),
        ("Who is Ada Lovelace?", "News"),
        ("How many pages may a document have?", "Guide"),
        ("How many old doors does the Old Museum have?", "News"),
        ("How do I add documents?", "Guide"),  # once, although heading and sentence both ask it
        ("What is a document?", "Guide"),
    ]
    assert made(asked, 2) == made(asked)[:2]
    assert made(asked, 0) == ()


def test_an_example_names_its_place(asked):
    chunk, person, *_ = made(asked)
    text = asked.document(chunk.sha256)[1]
    assert text[chunk.start : chunk.end] == "A chunk is a passage of a document."
    assert (person.asks, person.title) == (Asks.PERSON, "News")


def test_examples_are_asked_and_kept_for_the_generation(asked, folder, monkeypatch):
    found = asked.examples(limit=2)
    assert [e.question for e in found] == ["What is a chunk?", "Who is Ada Lovelace?"]
    monkeypatch.setattr(asked, "ask", None)
    assert asked.examples(limit=2) is found
    monkeypatch.undo()
    (folder / "news.md").unlink()
    asked.sync(folder)
    assert {e.title for e in asked.examples(limit=2)} == {"Guide"}


def test_what_is_not_answered_from_its_place_is_left_out(asked):
    first, second, *_ = made(asked)
    elsewhere = Example(first.question, first.asks, first.sha256, first.title, 0, 5)
    assert answered([elsewhere, second, first], asked.ask, 2) == (second, first)
    assert answered([first, second], asked.ask, 1) == (first,)
    asked.settings = asked.settings.model_copy(update={"threshold": 1.0})
    unknown = Example("Who sold Alaska?", Asks.PERSON, first.sha256, "", first.start, first.end)
    assert answered([unknown], asked.ask, 1) == ()


def test_much_the_same_question_is_asked_once(asked, folder):
    (folder / "other.md").write_text("# Other\n\nA chunk is a part of something.\n")
    asked.sync(folder)
    assert [e.question for e in made(asked)].count("What is a chunk?") == 1


def test_an_empty_index_has_no_examples(tmp_path, folder, embedder):
    (folder / "empty.md").write_text("")
    pinpoint = Pinpoint.open(tmp_path / "home")
    pinpoint._given_embedder, pinpoint._given_reader = embedder, TermReader()
    pinpoint.sync(folder, allow_empty=True)
    assert pinpoint.examples() == ()


def test_a_question_is_readable_and_not_too_long(asked, folder):
    (folder / "guide.md").unlink()
    (folder / "news.md").write_text(
        "# Sort\n\nTo sort the rows by -t, run the command. To sort the rows by a=b, run it."
        "\n\nTo sort the rows by their names and then all the other columns of the file, run it."
        "\n\nTo sort the columns by name, run the command."
    )
    asked.sync(folder)
    assert [e.question for e in made(asked)] == ["How do I sort the columns by name?"]
