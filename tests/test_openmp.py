"""What is done on macOS, on any system: with stand-ins that say when they are imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import TermReader, WordEmbedder

from index.dense import DenseIndex
from index.embed import load_embedder
from index.settings import Settings
from qa.api import Pinpoint
from qa.span_model import load_span_model

ROOT = Path(__file__).parents[1]
TORCH = "import sys; print('torch, after FAISS' if 'faiss' in sys.modules else 'torch')"
FAISS = "print('faiss')\ndef omp_set_num_threads(count): print('threads', count)"


@pytest.fixture
def printed(tmp_path):
    (tmp_path / "torch.py").write_text(TORCH)
    (tmp_path / "faiss.py").write_text(FAISS)

    def printed(platform):
        code = f"import sys; sys.platform = {platform!r}; from index import openmp; "
        run = subprocess.run(
            [sys.executable, "-c", f"{code} openmp.load_torch_first()"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout.splitlines()

    return printed


def test_on_macos_torch_comes_first_and_faiss_gets_one_thread(printed):
    assert printed("darwin") == ["torch", "faiss", "threads 1"]


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_elsewhere_nothing_is_loaded(printed, platform):
    assert printed(platform) == []


class Called(Exception):  # noqa: N818 - no error
    pass


def called():
    raise Called


def files(folder, architecture):
    for name in ("tokenizer.json", "model.safetensors"):
        (folder / name).write_text("{}")
    (folder / "config.json").write_text(f'{{"architectures": ["{architecture}"]}}')
    return folder


def test_every_user_of_torch_loads_it_so(monkeypatch, tmp_path):
    monkeypatch.setattr("index.sentence_transformer.load_torch_first", called)
    with pytest.raises(Called):
        load_embedder(str(files(tmp_path, "BertModel")))
    monkeypatch.setattr("qa.span_model.load_torch_first", called)
    with pytest.raises(Called):
        load_span_model(str(files(tmp_path, "BertForQuestionAnswering")))


def test_a_question_loads_the_reader_before_faiss(monkeypatch, tmp_path, folder):
    (folder / "a.txt").write_text("The gate opens at nine.")
    pinpoint = Pinpoint(tmp_path / "home", Settings(reader="sentences"), embedder=WordEmbedder())
    pinpoint.sync(folder)
    order, load = [], DenseIndex.load
    monkeypatch.setattr("qa.api.SentenceReader", lambda _: order.append("reader") or TermReader())
    monkeypatch.setattr(DenseIndex, "load", lambda *a, **b: order.append("FAISS") or load(*a, **b))
    assert pinpoint.ask("When does the gate open?").answered
    assert order == ["reader", "FAISS"]
