"""A change of an index on a Milvus that is a dict, and workers, stopped between any two calls."""

import itertools
import threading
from contextlib import closing
from functools import partial

from clock import Clock
from fakes import WordEmbedder
from milvus_connection import FakeConnection, FakeServer
from milvus_fakes import Process

from index.change import Change
from index.errors import StoreError
from index.intake import ReadFile
from index.milvus import lease as leases
from index.milvus import shared_embedder
from index.milvus.worker import Worker
from index.plain import load_plain
from index.settings import Settings
from index.stores import open_store, open_writer

ADDRESS = "milvus+http://fake:19530/tests"
SECONDS = 20.0
DOCUMENTS = {f"/documents/{name}.txt": f"The text of {name} * " * 3 for name in "abcdefghijkl"}


class SteppedConnection(FakeConnection):
    """A connection of one process, whose calls wait for its turn."""

    def __init__(self, server, before):
        super().__init__(server, ADDRESS)
        self._before = before

    def _named(self, name):
        table = super()._named(name)
        table.before = self._before
        return table


class Site:
    """A server, the processes that work on it, and what each has embedded.

    A share is two batches of one text; workers are looked for after each.
    """

    def __init__(self, tmp_path, monkeypatch, *, share_texts=2):
        self.home = tmp_path / "home"
        self.server = FakeServer()
        self.clock = Clock()
        self.embedders = []
        self.over = False
        self._own = threading.local()
        monkeypatch.setenv("PINPOINT_STORE", ADDRESS)
        monkeypatch.setattr(shared_embedder, "SHARE_TEXTS", share_texts)
        monkeypatch.setattr(shared_embedder, "LOOK_SECONDS", 0.0)
        stepped = partial(
            leases.lease,
            seconds=SECONDS,
            clock=self.clock,
            sleep=self.sleep,
            in_background=False,
        )
        monkeypatch.setattr("index.milvus.writer.lease", stepped)
        for module in ("store", "writer"):
            monkeypatch.setattr(f"index.milvus.{module}.connect", lambda _: self.connection())

    def sleep(self, seconds):
        self.clock.now += seconds

    def connection(self):
        """The one of the process that asks; one without turns for the test itself."""
        return getattr(self._own, "connection", None) or SteppedConnection(self.server, lambda _: 0)

    def process(self, work, fails=None):
        """A process; the call of this number fails, as if the server had not answered."""

        def run(table):
            calls = itertools.count(1)

            def before(name):
                table.before(name)
                if next(calls) == fails:
                    raise StoreError("the server is away")

            self._own.connection = SteppedConnection(self.server, before)
            return work()

        return Process({}, run)

    def embedder(self, name="words"):
        self.embedders.append(WordEmbedder(name=name, dimension=8))
        return self.embedders[-1]

    def change(self, documents=DOCUMENTS, fails=None):
        """A process that takes in the documents that the index has not."""
        return self.process(lambda: change(self.home, documents, self.embedder()), fails)

    def worker(self, name="words", fails=None):
        """A process that works until it is `over`; time hardly passes as it waits."""

        def work():
            Worker(
                self.connection(),
                self.embedder(name),
                seconds=SECONDS,
                clock=self.clock,
                sleep=lambda seconds: self.sleep(seconds / 1000),
                in_background=False,
            ).run(lambda: self.over)

        return self.process(work, fails)

    def embedded(self):
        return [text for embedder in self.embedders for text in embedder.embedded]

    def rows(self, name):
        return list(self.server.collections.get(name, {}).values())


def change(home, documents, embedder):
    """What a sync does once it has read the files; return how many vectors were left over."""
    settings = Settings(embed_batch=1)
    with open_writer(home, 1000.0) as store:
        unfinished = store.unfinished(embedder.fingerprint)
        with closing(unfinished), store.shared(embedder) as shared:
            made = Change(store, shared, settings, unfinished)
            known = {document.path for document in store.documents()}
            for path in documents.keys() - known:
                text = documents[path]
                document = load_plain(text, path)
                made.put(ReadFile(path, len(text), "0" * 64, document=document), None)
            made.finish()
    return made.resumed


def content(home):
    """All that an index holds: path to text and to the spans and vectors of its chunks."""
    with open_store(home) as store:
        found = {}
        for document in store.documents():
            ids = store.chunks_of(document.rowid)
            spans = [(chunk.start, chunk.end) for chunk in store.chunks(ids)]
            vectors = store.vectors(ids).tolist() if ids else []
            text = store.document(document.rowid)[1]
            assert document.path not in found
            found[document.path] = (text, spans, vectors)
        assert len(store.chunk_ids()) == sum(len(spans) for _, spans, _ in found.values())
    return found


def expected(home, documents=DOCUMENTS):
    """What the store in the home holds after one process alone took in the documents."""
    embedder = WordEmbedder(dimension=8)
    change(home, documents, embedder)
    return content(home), sorted(embedder.embedded)


def in_turns(processes, until):
    """Let each process make a call in its turn, until something holds."""
    for _ in range(10_000):
        if until():
            return
        for process in processes:
            process.step()
    raise AssertionError("it did not end")
