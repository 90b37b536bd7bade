"""A process killed at any moment of `index` leaves the index as before or as after."""

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import TermReader, WordEmbedder
from started import started

from index.errors import IndexMissingError
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync
from qa.api import Pinpoint

MOMENTS = 8
SEED = 20231130


def write_version(folder, version):
    """Version 2 edits half of version 1's files, adds ten and drops ten."""
    for number in range(60):
        value = f"{'new' if version == 2 and number % 2 else 'old'}{number}"
        body = f"Page {number} has the value {value}. Its marker is m{number}{value}."
        (folder / f"{number}.md").write_text(f"# Page {number}\n\n{body}\n")
    for number in range(10):
        (folder / f"extra{version}-{number}.txt").write_text(f"Extra {number} of {version}.")
        (folder / f"extra{3 - version}-{number}.txt").unlink(missing_ok=True)


def seen(home):
    """What a reader sees, without row numbers: documents, chunks, vectors and an answer."""
    with SqliteStore.open(home) as store:
        documents = {d.rowid: (d.path, store.document(d.rowid)[1]) for d in store.documents()}
        chunks = store.chunks(store.chunk_ids().tolist())
        vectors = [vector.tobytes() for vector in store.vectors()]
        assert len(chunks) == store.state().chunks
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    answer = pinpoint.ask("What value has page 31?").model_dump(exclude={"index"})
    rows = [
        (documents[chunk.document][0], chunk.start, chunk.end, vector)
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
    return sorted(documents.values()), sorted(rows), answer


def run_and_kill(home, folder, seconds):
    """Start a sync, kill it after so many seconds; None waits until it is done."""
    command = [sys.executable, Path(__file__).with_name("killed_sync.py"), home, folder]
    with started(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        if seconds is None:
            assert child.stdout.readline() == b"done\n"
        else:
            time.sleep(seconds)
        child.send_signal(signal.SIGKILL)


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The folder in version 2, a home in version 1, what both look like, and the change's time."""
    base = tmp_path_factory.mktemp("versions")
    folder, home = base / "documents", base / "home"
    folder.mkdir()
    write_version(folder, 1)
    sync(home, [folder], WordEmbedder(), Settings())
    before = seen(home)
    write_version(folder, 2)
    changed = base / "changed"
    shutil.copytree(home, changed)
    started = time.monotonic()
    run_and_kill(changed, folder, None)
    after = seen(changed)
    assert before[2]["text"] != after[2]["text"]
    return folder, home, before, after, time.monotonic() - started


def test_killed_at_random_moments_it_is_before_or_after(versions, tmp_path):
    folder, home, before, after, seconds = versions
    moments = random.Random(SEED)
    outcomes = []
    for number in range(MOMENTS):
        copy = tmp_path / str(number)
        shutil.copytree(home, copy)
        run_and_kill(copy, folder, moments.uniform(0, seconds * 0.7))
        found = seen(copy)
        assert found in (before, after)
        outcomes.append(found == after)
        sync(copy, None, WordEmbedder(), Settings())
        assert seen(copy) == after
    assert False in outcomes  # else every kill came too late to prove anything


def test_killed_while_the_first_index_is_made(versions, tmp_path):
    folder, _, _, after, _ = versions
    for number, seconds in enumerate((0.0, 0.05, 0.2)):
        home = tmp_path / str(number)
        run_and_kill(home, folder, seconds)
        with contextlib.suppress(IndexMissingError):
            assert seen(home) == after
        sync(home, [folder], WordEmbedder(), Settings())
        assert seen(home) == after


def test_killed_between_commit_and_faiss(versions, tmp_path):
    folder, home, _, after, _ = versions
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    stale = {name: (copy / name).read_bytes() for name in ("vectors.faiss", "vectors.json")}
    sync(copy, [folder], WordEmbedder(), Settings())
    (copy / "vectors.faiss").write_bytes(stale["vectors.faiss"])  # new stamp, old file
    assert seen(copy) == after
    (copy / "vectors.json").write_bytes(stale["vectors.json"])  # old stamp, old file
    assert seen(copy) == after
