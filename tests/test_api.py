import hashlib
import threading
from datetime import date
from pathlib import Path

import pytest
from archives import archive
from fakes import TermReader, WordEmbedder

import qa
from index.errors import (
    IndexMissingError,
    InputError,
    ModelMismatchError,
    QuoteError,
    SettingsError,
)
from index.settings import Settings
from qa.api import Pinpoint


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "pets.md").write_bytes(
        "---\r\ndate: 2024-05-01\r\n---\r\n# Pets\r\n\r\n"
        "Zoë 😀 feeds cats.\r\nDogs\r\nbark.".encode()
    )
    (folder / "old.txt").write_text("date 2020-01-01 Dogs howl at night.")
    pinpoint.sync(folder)
    return pinpoint


def check(answer):
    for citation in (*answer.citations, *answer.nearest):
        text = Path(citation.document.path).read_bytes().decode()
        assert hashlib.sha256(text.encode()).hexdigest() == citation.document.sha256
        assert text[citation.start : citation.end] == citation.quote


def test_quotes_are_the_files_own_characters(filled):
    answer = filled.ask("Who feeds cats?")
    check(answer)
    assert answer.text == "Zoë 😀 feeds cats. [1]"
    assert answer.citations[0].document.title == "Pets"
    assert answer.citations[0].document.date == "2024-05-01"
    assert answer.citations[0].heading == ("Pets",)
    check(filled.ask("dogs bark"))
    assert filled.ask("dogs bark").citations[0].quote == "Dogs\r\nbark."


def test_what_is_not_there_is_not_answered(filled):
    answer = filled.ask("What do elephants drink?")
    check(answer)
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())
    assert len(answer.nearest) == 3


def test_copies_are_cited_once_with_all_their_paths(filled, folder):
    (folder / "copy.txt").write_text((folder / "old.txt").read_text())
    (folder / "version.txt").write_text("date 2020-01-01 Dogs howl loudly at night, all of them.")
    filled.sync(folder)
    answer = filled.ask("dogs howl at night", until="2020-12-31")
    check(answer)
    cited = [(Path(c.document.path).name, c.document.copies) for c in answer.citations]
    assert cited == [
        ("copy.txt", (str(folder / "old.txt"),)),
        ("version.txt", ()),
    ]


def test_a_comparison_asks_for_each_side(filled):
    answer = filled.ask("Compare cats with dogs.")
    check(answer)
    assert answer.kind == "comparison"
    assert [(side.subject, [c.quote for c in side.citations]) for side in answer.sides] == [
        ("cats", ["Zoë 😀 feeds cats."]),
        ("dogs", ["Dogs howl at night.", "Dogs\r\nbark."]),
    ]
    assert answer.citations == tuple(c for side in answer.sides for c in side.citations)
    late = filled.ask("Compare cats with dogs.", since="2024-01-01")
    assert [len(side.citations) for side in late.sides] == [1, 1]
    nothing = filled.ask("Compare elephants with whales.")
    check(nothing)
    assert (nothing.answered, nothing.citations, len(nothing.nearest)) == (False, (), 3)


def test_dates_filter(filled):
    assert filled.ask("dogs howl", since="2024-01-01").answered is False
    assert filled.ask("dogs howl", until=date(2020, 1, 1)).text == "Dogs howl at night. [1]"


def test_folders_and_kinds_filter(filled, folder):
    (folder / "sub").mkdir()
    (folder / "sub2").mkdir()
    packed = archive({"in/dogs.md": "Dogs howl in the pack."})
    (folder / "sub" / "pack.zip").write_bytes(packed)
    (folder / "sub2" / "dogs.html").write_text("<p>Dogs howl on the web.</p>")
    filled.sync()

    def text(**bounds):
        return filled.ask("dogs howl", **bounds).text

    assert text(folders=[folder / "sub"]) == "Dogs howl in the pack. [1]"
    assert text(folders=str(folder / "sub" / "pack.zip")) == "Dogs howl in the pack. [1]"
    assert text(kinds=["web"]) == "Dogs howl on the web. [1]"
    assert text(folders=[folder / "sub2", folder / "old.txt"], kinds=["text"]) == (
        "Dogs howl at night. [1]"
    )
    assert text(folders=[folder / "old.txt"], kinds="text", since="2020-01-02") == ""
    with pytest.raises(InputError, match="kind 'zip' is unknown"):
        text(kinds=["zip"])


def test_where_no_document_is_nothing_is_in_your_documents(filled, folder):
    answer = filled.ask("dogs howl", folders=[folder / "none"])
    assert (answer.answered, answer.nearest, answer.confidence) == (False, (), 0.0)


def test_the_cited_copy_is_one_within_the_bounds(filled, folder):
    (folder / "zcopy.md").write_text((folder / "old.txt").read_text())
    filled.sync(folder)
    answer = filled.ask("dogs howl at night", kinds=["markdown"])
    document = answer.citations[0].document
    assert (document.path, document.media_type) == (str(folder / "zcopy.md"), "text/markdown")
    assert document.copies == (str(folder / "old.txt"),)


def test_the_same_question_gives_the_same_bytes(filled):
    first = filled.ask("Who feeds cats?").model_dump_json()
    again = Pinpoint(filled.home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    assert filled.ask("Who feeds cats?").model_dump_json() == first
    assert again.ask("Who feeds cats?").model_dump_json() == first


def test_an_open_handle_sees_the_next_generation(filled, folder):
    assert filled.ask("birds sing").answered is False
    (folder / "birds.txt").write_text("Birds sing.")
    other = Pinpoint(filled.home, Settings(), embedder=WordEmbedder())
    other.sync()
    answer = filled.ask("birds sing")
    assert (answer.text, answer.index.generation) == ("Birds sing. [1]", 2)


@pytest.mark.parametrize(
    ("question", "cause"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("\ud800 x", "not valid Unicode"),
        ("a" * 100_000, "100000 characters, the limit is 2000"),
    ],
)
def test_questions_that_cannot_be_asked(filled, question, cause):
    with pytest.raises(InputError, match=cause):
        filled.ask(question)


def test_dates_that_are_none(filled):
    with pytest.raises(InputError, match="since 'May' is not a date"):
        filled.ask("dogs", since="May")
    with pytest.raises(InputError, match="no document can match"):
        filled.ask("dogs", since="2024-01-02", until="2024-01-01")


def test_no_index(pinpoint):
    with pytest.raises(IndexMissingError, match="pinpoint index PATH"):
        pinpoint.ask("dogs?")
    assert pinpoint.exists() is False
    assert not pinpoint.home.exists()  # asking and opening write nothing


def test_an_empty_index_answers_nothing(pinpoint, folder):
    pinpoint.sync(folder)
    answer = pinpoint.ask("dogs?")
    assert (answer.answered, answer.nearest, answer.confidence) == (False, (), 0.0)


def test_another_model_is_refused(filled):
    other = Pinpoint(filled.home, Settings(), embedder=WordEmbedder(name="other"))
    with pytest.raises(ModelMismatchError, match=r"another model \(words\).*: pinpoint index$"):
        other.ask("dogs?")


def test_documents_by_hash(filled):
    citation = filled.ask("Who feeds cats?").citations[0]
    document, text = filled.document(citation.document.sha256)
    assert document == citation.document
    assert text[citation.start : citation.end] == citation.quote
    with pytest.raises(QuoteError, match="ask again"):
        filled.document("0" * 64)


def test_status(filled, folder):
    found = filled.status()
    assert found.roots == (str(folder),)
    assert found.index.model_dump() == {
        "generation": 1,
        "documents": 2,
        "chunks": 2,
        "failed": 0,
        "partial": 0,
        "copies": 0,
        "search": "hybrid",
    }
    assert (found.embedder.name, found.embedder.dimension) == ("words", 64)
    assert found.settings == Settings()


def test_asking_while_syncing_sees_whole_generations(filled, folder):
    wrong, stop = [], threading.Event()

    def ask():
        mine = Pinpoint(filled.home, Settings(), embedder=WordEmbedder(), reader=TermReader())
        while not stop.is_set():
            answer = mine.ask("Which number is in file one?")
            if not answer.answered:
                wrong.append(answer)

    (folder / "one.txt").write_text("Number 0 is in file one.")
    filled.sync()
    readers = [threading.Thread(target=ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 15):
        (folder / "one.txt").write_text(f"Number {number} is in file one.")
        filled.sync()
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_open_resolves_settings(tmp_path):
    assert Pinpoint.open(tmp_path, passages=3).settings.passages == 3
    with pytest.raises(SettingsError, match="pasages"):
        Pinpoint.open(tmp_path, pasages=3)


def test_answer_uses_the_default_home(filled, monkeypatch):
    monkeypatch.setenv("PINPOINT_HOME", str(filled.home))
    monkeypatch.setattr("qa.api.load_embedder", lambda *_, **__: WordEmbedder())
    monkeypatch.setattr("qa.api.SentenceReader", lambda _: TermReader())
    assert qa.answer("Who feeds cats?").text == "Zoë 😀 feeds cats. [1]"
    assert qa.answer("dogs howl", since="2024-01-01").answered is False
    assert qa.answer("Who feeds cats?", kinds=["markdown"]).text == "Zoë 😀 feeds cats. [1]"
    assert qa.answer("Who feeds cats?", kinds=["text"]).answered is False
    assert qa.answer("Who feeds cats?", folders=["elsewhere"]).nearest == ()


def test_a_document_that_goes_while_it_is_read_is_not_cited(filled, folder):
    class SyncingReader(TermReader):
        """Brings a change into the index at the first reading, as another process may."""

        synced = False

        def read(self, question, passages):
            if not self.synced:
                self.synced = True
                (folder / "new.txt").write_text("Ann feeds cats and dogs.")
                for path in folder.glob("*.md"):
                    path.unlink()
                filled.sync()
            return super().read(question, passages)

    other = Pinpoint(filled.home, Settings(), embedder=WordEmbedder(), reader=SyncingReader())
    answer = other.ask("Who feeds cats?")
    assert answer.text == "Ann feeds cats and dogs. [1]"
    assert answer.index.generation == 2
