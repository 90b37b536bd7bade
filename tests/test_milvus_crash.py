"""A real server, and real syncs, killed at any moment: nothing is lost, nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from fakes import WordEmbedder
from index_seen import seen

from index.errors import StoreError
from index.milvus.connection import connect
from index.milvus.lease import lease
from index.settings import Settings
from index.stores import open_store
from index.sync import sync

pytestmark = [pytest.mark.milvus, pytest.mark.slow]

MOMENTS = int(os.environ.get("TEST_MOMENTS", "2"))  # 12 were tried; each takes some 20 s
SEED = 20261128
DEAD_AFTER_SECONDS = 3.0


@pytest.fixture
def address(milvus_server, monkeypatch):
    made = f"milvus+{milvus_server.uri}/{uuid4().hex}"
    monkeypatch.setenv("PINPOINT_STORE", made)
    monkeypatch.setattr("index.milvus.writer.lease", partial(lease, seconds=DEAD_AFTER_SECONDS))
    return made


def write_version(folder, version):
    """Half of the files change with each version; five go, five come."""
    for path in folder.iterdir():
        path.unlink()
    for number in range(30):
        value = f"{version if number % 2 else 'old'}{number}"
        (folder / f"{number}.txt").write_text(f"The value of page {number} is {value}.")
    for number in range(5):
        (folder / f"extra{version}-{number}.txt").write_text(f"Extra {number} of {version}.")


def texts(home):
    return sorted(text for _, text, *_ in seen(home)[0])


def in_files(folder):
    return sorted(path.read_text() for path in folder.iterdir())


def check_rows(address):
    """Check that only rows of the current version and of the one before are there."""
    connection = connect(address)
    version = connection.version()
    state = connection.state(version)
    documents = connection.documents.query("", ["id", "died", "text_key", "structure_key"])
    chunks = connection.chunks(64).query("", ["id", "died"])
    for rows, count in ((documents, "documents"), (chunks, "chunks")):
        living = [row["id"] for row in rows if row["died"] == 2**62]
        assert len(set(living)) == len(living) == state.counts[count]
        assert len({row["died"] for row in rows} - {2**62}) <= 2
    used = {row[name] for row in documents for name in ("text_key", "structure_key")}
    parts = {row["key"] for row in connection.parts.query("", ["key"])}
    assert {key for key in parts if not key.startswith("state:")} == used
    assert len(parts - used) <= 2


def run_and_kill(home, folder, seconds):
    """Start a sync, kill it after so many seconds; None waits. Return how long it ran."""
    command = [sys.executable, Path(__file__).with_name("killed_sync.py"), home, folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        started = time.monotonic()
        if seconds is None:
            assert child.stdout.readline() == b"done\n"
        else:
            time.sleep(seconds)
        took = time.monotonic() - started
        child.send_signal(signal.SIGKILL)
    return took


def test_a_sync_killed_at_random_moments(folder, tmp_path, address):
    home = tmp_path / "home"
    write_version(folder, 0)
    sync(home, [folder], WordEmbedder(), Settings())
    write_version(folder, 1)
    seconds = run_and_kill(home, folder, None)
    moments = random.Random(SEED)
    outcomes = []
    for version in range(2, 2 + MOMENTS):
        before = in_files(folder)
        write_version(folder, version)
        after = in_files(folder)
        run_and_kill(home, folder, moments.uniform(0.1, 1.0) * seconds)
        found = texts(home)
        assert found in (before, after)
        outcomes.append(found == after)
        # A committed sync leaves nothing to do, and what it did not delete to the next change.
        (folder / "more.txt").write_text(f"More of {version}.")
        sync(home, None, WordEmbedder(), Settings())
        assert texts(home) == in_files(folder)
        check_rows(address)
    assert False in outcomes  # else every kill came too late to prove anything


def test_a_server_killed_during_and_after_a_sync(folder, tmp_path, address, milvus_server):
    home = tmp_path / "home"
    write_version(folder, 0)
    sync(home, [folder], WordEmbedder(), Settings())
    before = in_files(folder)

    milvus_server.kill()
    started = time.monotonic()
    with (
        pytest.raises(StoreError, match=r"127\.0\.0\.1.*see that the server runs"),
        open_store(home),
    ):
        pass
    assert time.monotonic() - started < 60  # not minutes
    milvus_server.start()
    assert texts(home) == before

    for version, seconds in ((1, 1.0), (2, 3.0)):
        write_version(folder, version)
        timer = threading.Timer(seconds, milvus_server.kill)
        timer.start()
        try:
            sync(home, None, WordEmbedder(), Settings())
        except StoreError:
            pass
        finally:
            timer.join()
        milvus_server.start()
        assert texts(home) in (before, in_files(folder))
        sync(home, None, WordEmbedder(), Settings())
        before = in_files(folder)
        assert texts(home) == before
    (folder / "more.txt").write_text("More.")
    sync(home, None, WordEmbedder(), Settings())
    check_rows(address)
