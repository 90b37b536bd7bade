"""Batches embedded by processes of this machine, which die, lie or are left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder
from faulty_embedder import source

from index.errors import ModelError
from index.process_embedder import MOST_DEATHS, ProcessEmbedder

TEXTS = [f"text {number} has a few words" for number in range(12)]


@pytest.fixture
def notes(tmp_path):
    made = tmp_path / "notes"
    made.mkdir()
    return made


def embedding(notes, *, batch_size=2, processes=2, **how):
    return ProcessEmbedder(
        WordEmbedder(), lambda: source(notes, **how), processes=processes, batch_size=batch_size
    )


def processes_noted(notes, word):
    return {int(path.name.split()[1]) for path in notes.glob(f"{word} *")}


def is_running(pid):
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pids, seconds=30):
    """Wait until none of the processes is there any more."""
    ending = time.monotonic() + seconds
    while any(map(is_running, pids)):
        if time.monotonic() > ending:
            return False
        time.sleep(0.02)
    return True


def test_vectors_are_in_the_order_of_the_texts(notes):
    with embedding(notes) as embedder:
        found = embedder.encode_documents(TEXTS)
        assert embedder._inner.embedded == []
    assert found.dtype == np.float32
    assert found.tolist() == WordEmbedder().encode_documents(TEXTS).tolist()
    assert os.getpid() not in processes_noted(notes, "embeds")
    assert len(processes_noted(notes, "loaded")) == 2


def test_processes_stay_for_the_next_texts(notes):
    batches = [TEXTS[number : number + 1] for number in range(12)]
    with embedding(notes) as embedder:
        embedder.encode_documents(TEXTS)
        first = embedder.pids
        done = list(embedder.encode_batches(batches))
        assert embedder.pids == first
        assert len(first) == 2
    assert gone(first)
    assert sorted(number for number, _ in done) == list(range(12))
    for number, vectors in done:
        assert vectors.tolist() == WordEmbedder().encode_documents(batches[number]).tolist()


def test_a_killed_process_loses_nothing(notes):
    texts = [*TEXTS[:3], "once a", *TEXTS[3:7], "once b", *TEXTS[7:]]
    with embedding(notes) as embedder:
        found = embedder.encode_documents(texts)
    assert found.tolist() == WordEmbedder().encode_documents(texts).tolist()
    assert (notes / "a").exists()
    assert len(processes_noted(notes, "loaded")) == 4  # two at first, one for each that died


def test_one_killed_between_two_batches_loses_nothing(notes):
    with embedding(notes) as embedder:
        embedder.encode_documents(TEXTS)
        killed, kept = embedder.pids
        os.kill(killed, signal.SIGKILL)
        assert gone([killed])
        found = embedder.encode_documents(TEXTS)
        assert kept in embedder.pids
        assert killed not in embedder.pids
    assert found.tolist() == WordEmbedder().encode_documents(TEXTS).tolist()


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("die", "SIGKILL. If"),
        ("gone", "exit status 3: for it"),
        ("full", "it had no memory left. If"),
    ],
)
def test_a_batch_that_kills_again_and_again_ends_the_work(notes, word, how):
    with embedding(notes, processes=1) as embedder:
        with pytest.raises(ModelError) as raised:
            embedder.encode_documents([word, *TEXTS])
        assert str(raised.value).startswith(
            f"3 processes died embedding the same 2 chunks; the last one: {how}"
        )
        assert str(raised.value).endswith("lower embed_processes or embed_batch")
        assert embedder.pids == []
    assert len(processes_noted(notes, "loaded")) == MOST_DEATHS


@pytest.mark.parametrize(
    ("word", "how", "told"),
    [
        ("raise", {}, "KeyError: 'no\\nsuch weight'"),
        ("a", {"fingerprint": "of another"}, "the model to embed with has the fingerprint of an"),
        ("a", {"loader": "missing"}, "model x: not installed here"),
        ("a", {"loader": "nothing"}, "AttributeError: module 'faulty_embedder' has no attribute"),
    ],
)  # fmt: skip
def test_what_goes_wrong_there_is_raised_here(notes, word, how, told):
    with embedding(notes, processes=1, **how) as embedder:
        with pytest.raises(ModelError) as raised:
            embedder.encode_documents([word, *TEXTS])
        assert str(raised.value).startswith(told)
        assert embedder.pids == []


def test_what_a_library_prints_is_no_answer(notes):
    texts = ["print", *TEXTS]
    with embedding(notes) as embedder:
        found = embedder.encode_documents(texts)
    assert found.tolist() == WordEmbedder().encode_documents(texts).tolist()


def test_who_goes_away_leaves_no_process(notes):
    with embedding(notes) as embedder:
        for number, _ in embedder.encode_batches([[text] for text in [*TEXTS, "hang"]]):
            if number == 3:
                break
        pids = processes_noted(notes, "loaded")
    assert pids
    assert gone(pids)


def test_closed_it_starts_no_process(notes):
    embedder = embedding(notes)
    embedder.close()
    with pytest.raises(ModelError, match="are ended"):
        embedder.encode_documents(TEXTS)
    assert not processes_noted(notes, "loaded")


FANNING = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
from fakes import WordEmbedder
from faulty_embedder import source
from index.process_embedder import ProcessEmbedder
with ProcessEmbedder(
    WordEmbedder(), lambda: source({notes!r}), processes=2, batch_size=1
) as embedder:
    embedder.encode_documents(["hang"] * 9)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_started_it(notes, how):
    tests = Path(__file__).parent
    code = FANNING.format(tests=str(tests), root=str(tests.parent), notes=str(notes))
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as parent:
        while len(pids := processes_noted(notes, "embeds")) < 2:
            assert parent.poll() is None
            time.sleep(0.02)
        assert all(map(is_running, pids))
        parent.send_signal(how)
        parent.wait(30)
    assert gone(pids)


def test_processes_load_neither_torch_nor_gradio():
    code = "import index.embed_worker, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    heavy = {"torch", "gradio", "faiss", "sentence_transformers", "ray", "pandas", "onnxruntime"}
    assert not heavy & set(run.stdout.split())
