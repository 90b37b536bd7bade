"""Rows that a server lost, or shows late: what is told, what is asked for again, what is mended."""

import pytest
from fakes import TermReader, WordEmbedder
from index_seen import seen
from milvus_connection import FakeServer, SearchedTable, connect_to

from index.errors import IndexDamagedError, RowsGoneError
from index.settings import Settings
from index.stores import open_store
from index.sync import sync
from qa import retrieve
from qa.api import Pinpoint

WIDTH = 64
FOREVER = 2**62


def lose(server, name, lost):
    rows = server.collections[name]
    keys = [key for key, row in rows.items() if lost(row)]
    assert keys
    for key in keys:
        del rows[key]


@pytest.fixture
def server():
    return FakeServer()


@pytest.fixture
def index(folder, tmp_path, monkeypatch, server):
    """A home with an index of four documents, of which two have one text."""
    connection = connect_to(server, monkeypatch)
    (folder / "gate.txt").write_text("The gate opens at nine. " + "Always. " * 300)
    (folder / "copy.txt").write_text("A lamp hangs there.")
    (folder / "copy-too.txt").write_text("A lamp hangs there.")
    (folder / "cats.txt").write_text("Cats purr in barns.")
    sync(tmp_path / "home", [folder], WordEmbedder(), Settings())

    def forget():
        """Hold nothing of what was read, as a process that begins."""
        connection._texts.clear()
        connection._states.clear()

    forget()
    return tmp_path / "home", forget


def chunks_of(server, start):
    digests = {row["sha256"] for row in documents(server) if start in row["path"]}
    return lambda row: row["sha256"] in digests


def documents(server):
    return list(server.collections["documents"].values())


LOST = {
    "one chunk of many": lambda s: lose(
        s, f"chunks {WIDTH}", lambda row: chunks_of(s, "gate")(row) and row["first"] > 0
    ),
    "all chunks of a document": lambda s: lose(s, f"chunks {WIDTH}", chunks_of(s, "gate")),
    "a text that two have": lambda s: lose(s, "parts", lambda row: "lamp" in row["content"]),
    "structures": lambda s: lose(s, "parts", lambda row: row["key"].startswith("structure")),
    "a document": lambda s: lose(s, "documents", lambda row: "gate" in row["path"]),
    "one of two with a text": lambda s: lose(s, "documents", lambda row: "copy.txt" in row["path"]),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_rebuild_writes_what_a_server_lost(index, server, lost):
    home, forget = index
    before = seen(home)
    forget()
    LOST[lost](server)
    sync(home, None, WordEmbedder(), Settings(), rebuild=True)
    forget()
    assert seen(home) == before
    holders = {row["id"] for row in documents(server) if row["died"] == FOREVER}
    living = [r for r in server.collections[f"chunks {WIDTH}"].values() if r["died"] == FOREVER]
    assert {row["document"] for row in living} <= holders


def test_passages_of_a_lost_document_leave_with_the_next_change(index, server, folder):
    home, _ = index
    LOST["a document"](server)
    (folder / "cats.txt").write_text("Dogs bark.")
    sync(home, None, WordEmbedder(), Settings())
    _, chunks = seen(home)
    assert len({path for path, *_ in chunks}) == 3


def test_a_move_of_a_document_that_lost_passages_names_the_way_out(index, server, folder):
    home, _ = index
    LOST["all chunks of a document"](server)
    (folder / "sub").mkdir()
    (folder / "gate.txt").rename(folder / "sub" / "gate.txt")
    with pytest.raises(IndexDamagedError, match=r"0 chunks are there of .*gate\.txt, .*--rebuild$"):
        sync(home, None, WordEmbedder(), Settings())


def ask(home):
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    return pinpoint.ask("When opens the gate at nine?").citations[0].quote


def test_an_answer_for_which_rows_are_missing_says_so(index, server):
    home, _ = index
    LOST["a document"](server)
    with pytest.raises(RowsGoneError, match=r"documents of generation 1 are missing.*--rebuild$"):
        ask(home)


def test_an_answer_for_which_a_text_is_missing_says_so(index, server):
    home, _ = index
    lose(server, "parts", lambda row: "nine" in row["content"])
    with pytest.raises(IndexDamagedError, match=r"a part of text:.*pinpoint index --rebuild"):
        ask(home)


class Late(SearchedTable):
    """What a fast read does not show yet."""

    hidden = ""

    def query(self, expression, fields, consistency="strong"):
        if consistency == "bounded" and self.collection.startswith(Late.hidden):
            return []
        return super().query(expression, fields, consistency)


@pytest.mark.parametrize("hidden", ["documents", "chunks"])
def test_rows_that_a_fast_read_misses_are_asked_for_again(index, server, hidden, monkeypatch):
    home, _ = index
    monkeypatch.setattr(server, "table_kind", Late)
    monkeypatch.setattr(Late, "hidden", hidden)
    assert ask(home) == "The gate opens at nine."


def test_a_question_during_which_the_index_changes_twice_is_asked_again(index, folder, monkeypatch):
    home, _ = index
    fuse, hours = retrieve.average_min_max, ["eight", "seven", "nine"]

    def slowly(rankings):
        """Between searching and reading."""
        while hours:
            (folder / "gate.txt").write_text(f"Now the gate opens at {hours.pop(0)}.")
            sync(home, None, WordEmbedder(), Settings())
        return fuse(rankings)

    monkeypatch.setattr(retrieve, "average_min_max", slowly)
    assert ask(home) == "Now the gate opens at nine."


def test_texts_that_two_changes_deleted_are_told_to_be_so(index, folder):
    home, forget = index
    with open_store(home) as store:
        rows = {row.path.rpartition("/")[2]: row.rowid for row in store.documents()}
        assert len(store.described(rows.values())) == 4
        for text in ("One.", "Two.", "Three."):
            (folder / "cats.txt").write_text(text)
            sync(home, None, WordEmbedder(), Settings())
        forget()
        with pytest.raises(RowsGoneError, match="texts of generation 1 have been deleted"):
            store.document(rows["cats.txt"])
