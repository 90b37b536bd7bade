"""How often the server is asked: not more often for more documents, up to some hundreds."""

from collections import Counter

import pytest
from fakes import WordEmbedder
from index_seen import seen
from milvus_connection import FakeServer, connect_to

from index.milvus import writer
from index.settings import Settings
from index.sync import sync


class Counting(FakeServer):
    """Counts the calls for each collection."""

    def __init__(self):
        super().__init__()
        self.calls = Counter()

    def table(self, name, tenant):
        made = super().table(name, tenant)
        made.before = lambda _: self.calls.update([name])
        return made


def moved(folder):
    (folder / "sub").mkdir()
    for path in folder.glob("*.txt"):
        path.rename(folder / "sub" / path.name)


def unchanged(_):
    """But cut in another way."""


@pytest.mark.parametrize("change", [moved, unchanged])
def test_chunks_are_asked_for_together(tmp_path, monkeypatch, change):
    def calls(documents):
        server = Counting()
        connect_to(server, monkeypatch)
        folder, home = tmp_path / f"{documents}", tmp_path / f"home{documents}"
        folder.mkdir()
        for number in range(documents):
            (folder / f"{number}.txt").write_text(f"Number {number}.")
        sync(home, [folder], WordEmbedder(), Settings())
        change(folder)
        server.calls.clear()
        cut = Settings(chunk_tokens=100) if change is unchanged else Settings()
        sync(home, None, WordEmbedder(), cut)
        return server.calls["chunks 64"]

    assert calls(3) == calls(30) > 0


def test_more_than_fit_are_moved_in_several_turns(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "DOCUMENTS_AT_ONCE", 3)
    monkeypatch.setattr(writer, "_MOVED_AT_ONCE", 4)
    connect_to(FakeServer(), monkeypatch)
    folder, home = tmp_path / "docs", tmp_path / "home"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"Number {number}. " + "More. " * 100 * (number % 3))
    sync(home, [folder], WordEmbedder(), Settings())
    _, before = seen(home)
    moved(folder)
    sync(home, None, WordEmbedder(), Settings())
    _, after = seen(home)
    assert [row[1:] for row in after] == [row[1:] for row in before]
    assert len({path for path, *_ in after}) == 10
    assert len(after) > 10
