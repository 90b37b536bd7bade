import json
from pathlib import Path

import pytest
from evaluations import few_rounds, record, setup
from fakes import TermReader, WordEmbedder

from index.errors import InputError, PinpointError, QuoteError
from index.settings import Settings
from qa.api import Pinpoint
from qa.evaluation.collection import FOLDER, evaluate_collection
from qa.evaluation.journal import Journal, read_records
from qa.evaluation.questions import read_questions
from qa.evaluation.record import Asked, Stage
from qa.evaluation.setup import program

ROWS = [
    {"id": "1", "question": "Where do cats purr?", "answers": ["barns"], "document": "a.txt"},
    {"id": "2", "question": "What do dogs do?", "answers": ["bark"], "set": "dogs"},
    {"id": "3", "question": "What do elephants drink?", "answers": []},
]
FILE = read_questions(Path("q.jsonl"), "\n".join(map(json.dumps, ROWS)).encode())


class CountingReader(TermReader):
    """Remembers what it was asked; is interrupted at the question `stop`."""

    stop = None

    def __init__(self):
        self.asked = []

    def read(self, question, passages):
        if self.stop is not None and self.stop in question and self.asked:
            raise KeyboardInterrupt
        self.asked.append((question, sorted(p.document.path[-5:] for p in passages)))
        return super().read(question, passages)


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch):
    few_rounds(monkeypatch)


@pytest.fixture
def reader():
    return CountingReader()


@pytest.fixture
def filled(tmp_path, folder, reader):
    (folder / "a.txt").write_text("Cats purr in barns.")
    (folder / "b.txt").write_text("Dogs bark.")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=reader)
    made.sync(folder)
    return made


def test_every_question_is_asked_and_those_with_known_documents_without_them(filled, reader):
    told = []
    found = evaluate_collection(filled, FILE, withhold=True, progress=lambda *t: told.append(t))
    assert [(r.id, r.asked.value, r.stage) for r in found.records] == [
        ("1", "answerable", Stage.RIGHT),
        ("1", "withheld", Stage.SILENT_RIGHTLY),
        ("2", "answerable", Stage.RIGHT),
        ("3", "unanswerable", Stage.SILENT_RIGHTLY),
    ]
    assert reader.asked[1:] == [  # the first loads what is needed
        ("Where do cats purr?", ["a.txt", "b.txt"]),
        ("Where do cats purr?", ["b.txt"]),
        ("What do dogs do?", ["a.txt", "b.txt"]),
        ("What do elephants drink?", ["a.txt", "b.txt"]),
    ]
    assert told == [("asking", n, 4) for n in range(5)]
    scores = found.scores
    assert (scores.known, scores.exact, [part.name for part in scores.sets]) == (1, True, ["dogs"])
    assert scores.setup.model_dump(include={"file", "questions", "generation", "documents"}) == {
        "file": "q.jsonl",
        "questions": 3,
        "generation": 1,
        "documents": 2,
    }
    assert scores.setup.model_fingerprint == "fingerprint of words"
    assert len(scores.setup.reader_fingerprint) == 64
    assert scores.setup.settings["passages"] == 20
    assert scores.setup.program == program()
    (kept,) = (filled.home / FOLDER).iterdir()
    assert read_records(kept) == (scores.setup, found.records)
    found.forget()
    assert not kept.exists()


def test_a_run_that_was_stopped_goes_on(filled, reader):
    reader.stop = "elephants"
    with pytest.raises(KeyboardInterrupt):
        evaluate_collection(filled, FILE)
    (file,) = (filled.home / FOLDER).iterdir()
    with file.open("ab") as stream:
        stream.write(b'{"id": "3", "ask')  # what a killed process leaves
    assert len(read_records(file)[1]) == 2
    reader.stop, reader.asked = None, []
    found = evaluate_collection(filled, FILE)
    assert [question for question, _ in reader.asked] == ["What do elephants drink?"] * 2
    assert [r.id for r in found.records] == ["1", "2", "3"]
    found.forget()
    assert not file.exists()


def test_records_are_kept_where_they_are_named(filled, reader, tmp_path):
    kept = tmp_path / "new" / "records.jsonl"
    first = evaluate_collection(filled, FILE, records=kept)
    assert read_records(kept) == (first.scores.setup, first.records)
    first.forget()
    reader.asked = []
    assert evaluate_collection(filled, FILE, records=kept).records == first.records
    assert reader.asked == []
    with pytest.raises(
        InputError, match=r"records.jsonl: its records were made with another questions, limit; "
    ):
        evaluate_collection(filled, FILE, limit=2, records=kept)
    (tmp_path / "documents" / "c.txt").write_text("Cows low.")
    filled.sync()
    with pytest.raises(InputError, match="another generation, documents, chunks; remove the file"):
        evaluate_collection(filled, FILE, records=kept)


def test_an_index_that_changes_meanwhile_is_noticed(filled, folder):
    class Syncing(CountingReader):
        def read(self, question, passages):
            if "dogs" in question:
                (folder / "c.txt").write_text("Cows low.")
                Pinpoint(filled.home, Settings(), embedder=WordEmbedder()).sync()
            return super().read(question, passages)

    other = Pinpoint(filled.home, Settings(), embedder=WordEmbedder(), reader=Syncing())
    with pytest.raises(PinpointError, match="changed while it was evaluated"):
        evaluate_collection(other, FILE)


def test_a_quote_that_is_not_stored_is_a_fault_of_its_question(filled, monkeypatch):
    import qa.evaluation.run as module

    real = module.inquire

    def inquire(pinpoint, question, **bounds):
        if "dogs" in question:
            raise QuoteError("b.txt: characters 0 to 10 are not the quote")
        return real(pinpoint, question, **bounds)

    monkeypatch.setattr(module, "inquire", inquire)
    found = evaluate_collection(filled, FILE)
    assert [r.stage for r in found.records] == [Stage.RIGHT, Stage.FAULT, Stage.SILENT_RIGHTLY]
    assert found.scores.exact is False


def test_another_store_is_another_setup():
    moved = setup(settings={"store": "milvus+http://localhost:19530", "store_index": "flat"})
    assert moved.differences(setup(settings={"store": None, "store_index": "flat"})) == ["settings"]


def test_the_store_is_in_the_setup(filled):
    settings = evaluate_collection(filled, FILE).scores.setup.settings
    assert (settings["store"], settings["store_index"]) == (None, "flat")


@pytest.mark.parametrize("torn", [b'{"form', b'{"format": "pinpoint evaluation records", "ver'])
def test_a_head_that_was_not_written_to_its_end_is_written_anew(filled, tmp_path, torn):
    kept = tmp_path / "records.jsonl"
    kept.write_bytes(torn)
    found = evaluate_collection(filled, FILE, records=kept)
    assert read_records(kept) == (found.scores.setup, found.records)


@pytest.mark.parametrize("content", [b'{"data": [], "version": "v2.0"}', b"notes"])
def test_another_file_of_one_line_is_refused_and_stays(filled, tmp_path, content):
    kept = tmp_path / "squad.json"
    kept.write_bytes(content)
    with pytest.raises(InputError, match=r"squad.json: line 1: is no record of an evaluation"):
        evaluate_collection(filled, FILE, records=kept)
    assert kept.read_bytes() == content


def test_what_cannot_be_asked_is_said_before_anything_is(filled, reader):
    rows = [*ROWS, {"question": "a" * 3000, "answers": []}]
    long = read_questions(Path("q.jsonl"), "\n".join(map(json.dumps, rows)).encode())
    with pytest.raises(InputError, match=r"q.jsonl: line 4: the question has 3000 characters"):
        evaluate_collection(filled, long)
    assert reader.asked == []


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"not json\n", "line 1: is no record of an evaluation"),
        (b'{"format": "x", "version": 1}\n', "line 1: is no record of an evaluation .format 'x'"),
        (b"{}\n", "line 1: is no record"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, content, cause):
    file = tmp_path / "r.jsonl"
    file.write_bytes(content)
    with pytest.raises(InputError, match=cause):
        Journal(file, setup()).read()


def test_a_journal_keeps_records_and_drops_what_is_torn(tmp_path):
    journal = Journal(tmp_path / "r.jsonl", setup())
    assert journal.read() == []
    with journal.appending() as writer:
        writer.write(record("1", "g9"))
    with journal.path.open("ab") as stream:
        stream.write(b'{"id": ')
    with journal.appending() as writer:
        writer.write(record("2", asked=Asked.UNANSWERABLE))
    assert [r.id for r in journal.read()] == ["1", "2"]
    with pytest.raises(InputError, match="its records were made with another program"):
        Journal(journal.path, setup(program="other")).read()
    journal.path.write_bytes(journal.path.read_bytes() + b"{}\n")
    with pytest.raises(InputError, match="line 4: is no record"):
        journal.read()
    (tmp_path / "r.jsonl").write_bytes(b"")
    assert journal.read() == []


def test_records_that_cannot_be_written_are_told(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(PinpointError, match=r"cannot be written .*--records"),
        Journal(tmp_path / "file" / "r.jsonl", setup()).appending(),
    ):
        pass
