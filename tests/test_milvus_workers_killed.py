"""Processes that share one job on a real server, and die."""

import os
import queue
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import shared_sync
from fakes import WordEmbedder
from shared_change import content

from index.sync import sync

PROGRAM = Path(__file__).with_name("shared_sync.py")
SECONDS = 90


class Child:
    """A process, and the lines that it has told."""

    def __init__(self, address, *arguments):
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *map(str, arguments)],
            env=os.environ | {"PINPOINT_STORE": address},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def until(self, first):
        """Return the next line that begins so."""
        while (line := self.lines.get(timeout=SECONDS)) is not None:
            if line.startswith(first):
                return line
        raise AssertionError(f"it ended with {self.process.wait()} and did not tell {first!r}")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


@pytest.fixture
def start():
    children = []

    def start(*arguments):
        children.append(Child(*arguments))
        return children[-1]

    yield start
    for child in children:
        child.kill()


def write_documents(folder, count):
    """Texts of some chunks each, no two alike."""
    for number in range(count):
        words = " ".join(f"word{number}x{place} and more of it." for place in range(300))
        (folder / f"{number}.txt").write_text(f"Text {number}. {words}")


@pytest.fixture
def address(milvus_server, monkeypatch):
    from milvus_empty import empty_server

    with empty_server(milvus_server.uri) as uri:
        monkeypatch.setenv("PINPOINT_STORE", f"milvus+{uri}/shared")
        yield f"milvus+{uri}/shared"


@pytest.mark.milvus
@pytest.mark.slow
def test_a_worker_and_then_the_one_that_changes_the_index_are_killed(
    tmp_path, folder, start, address, monkeypatch
):
    seed = random.randrange(1000)
    print("seed", seed)
    moments = random.Random(seed)
    write_documents(folder, 60)
    changing = start(address, "join", tmp_path / "home", folder)
    changing.until("changing 0 ")
    workers = [start(address, "join", tmp_path / f"home{n}", folder) for n in range(2)]
    for worker in workers:
        worker.until("embedded")
    time.sleep(moments.uniform(0, 1))
    workers[0].kill()
    time.sleep(moments.uniform(0, 1))
    changing.kill()
    report = workers[1].until("done")
    print(report)
    assert '"added":60' in report
    assert '"resumed":0' not in report  # nor was it all done
    assert '"embedded":0' not in report
    found = content(tmp_path / "home")
    inputs = inputs_of_rows(address)
    assert len(inputs) == len(set(inputs)) == sum(len(spans) for _, spans, _ in found.values())
    monkeypatch.delenv("PINPOINT_STORE")
    embedder = WordEmbedder(dimension=shared_sync.DIMENSION)
    sync(tmp_path / "alone", [folder], embedder, shared_sync.SETTINGS)
    assert found == content(tmp_path / "alone")


def inputs_of_rows(address):
    """The inputs of all chunks that readers see."""
    from index.milvus.connection import Connection
    from index.milvus.ledger import visible

    connection = Connection(address)
    table = connection.chunks(shared_sync.DIMENSION)
    return [row["input"] for row in table.query(visible(connection.version()), ["input"])]
