"""How often the server is asked: not more often for more documents, up to some hundreds."""

from collections import Counter

import pytest
from fakes import WordEmbedder
from milvus_connection import FakeServer, connect_to

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


def changed(folder):
    for path in folder.glob("*.txt"):
        path.write_text(f"{path.read_text()} And more.")


def moved(folder):
    (folder / "sub").mkdir()
    for path in folder.glob("*.txt"):
        path.rename(folder / "sub" / path.name)


def removed(folder):
    for path in list(folder.glob("*.txt"))[1:]:
        path.unlink()


@pytest.mark.parametrize("change", [changed, moved, removed])
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
        sync(home, None, WordEmbedder(), Settings())
        return server.calls["chunks 64"]

    assert calls(3) == calls(30) > 0
