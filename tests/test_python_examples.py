"""The programs of docs/examples run."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from fakes import TermReader, WordEmbedder
from fastapi.testclient import TestClient

from qa.aio import AsyncPinpoint

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
NOTEBOOK = EXAMPLES / "pinpoint.ipynb"


def example(name):
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def gate(folder):
    (folder / "gate.md").write_text("---\ndate: 2024-05-02\n---\n# Gate\n\nZoë opens the gate.\n")
    return folder


@pytest.fixture
def service(gate, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.api.load_embedder", lambda *_, **__: WordEmbedder())
    monkeypatch.setattr("qa.api.SpanReader", lambda _: TermReader())
    monkeypatch.setattr("qa.api.load_span_model", lambda *_: None)
    monkeypatch.setenv("PINPOINT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCUMENTS", str(gate))
    with TestClient(example("service").app, raise_server_exceptions=False) as client:
        yield client


def test_the_service_answers_and_its_citation_can_be_checked(service):
    answer = service.get("/ask", params={"question": "Who opens the gate?"}).json()
    assert answer["text"] == "Zoë opens the gate. [1]"
    (citation,) = answer["citations"]
    where = {"start": citation["start"], "end": citation["end"]}
    checked = service.get(f"/documents/{citation['document']['sha256']}", params=where)
    assert checked.json() == {"title": "Gate", "text": citation["quote"]}


def test_the_service_heeds_bounds(service, gate):
    def answered(**bounds):
        asked = service.get("/ask", params={"question": "Who opens the gate?", **bounds})
        return asked.json()["answered"]

    assert answered(kinds="markdown", folders=str(gate), since="2024-05-02")
    assert not answered(kinds="pdf")
    assert not answered(folders=str(gate / "below"))
    assert not answered(until="2024-05-01")


def test_the_service_says_what_is_wrong(service):
    empty = service.get("/ask", params={"question": " "})
    assert empty.status_code == 400
    assert empty.json() == {"detail": "the question is empty; ask something in a few words"}
    gone = service.get("/documents/0", params={"start": 0, "end": 1})
    assert gone.status_code == 404
    assert gone.json()["detail"].startswith("no document with SHA-256 0 in ")


def test_the_service_closes_what_it_opened(tmp_path, monkeypatch):
    closed = []
    monkeypatch.setenv("PINPOINT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(AsyncPinpoint, "sync", _nothing)
    monkeypatch.setattr(AsyncPinpoint, "close", lambda self: closed.append(self.pinpoint.home))
    with TestClient(example("service").app):
        assert closed == []
    assert closed == [tmp_path / "home"]


async def _nothing(*_):
    pass


def test_the_haystack_pipeline_writes_a_prompt(pinpoint, gate):
    pinpoint.sync(gate)
    pipeline = example("with_haystack").prompting(pinpoint)
    asked = {"retriever": {"query": "gate"}, "prompt": {"question": "Who opens it?"}}
    assert pipeline.run(asked)["prompt"]["prompt"] == (
        "[1] Zoë opens the gate.\n    Gate, characters 33 to 52\nQuestion: Who opens it?"
    )


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", ["with_langchain", "with_haystack"])
def test_each_script_finds_the_passage_and_reaches_nothing(name, tmp_path, seeds_home):
    root, log = EXAMPLES.parents[1], tmp_path / "network.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HAYSTACK_", "HF_"))}
    environment = kept | {
        "HOME": str(tmp_path),
        "NETWORK_LOG": str(log),
        "PINPOINT_HOME": str(seeds_home),
        "PYTHONPATH": os.pathsep.join([str(root / "tests" / "no_network"), str(root)]),
    }
    command = [sys.executable, f"docs/examples/{name}.py"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=root)
    assert not log.exists(), log.read_text()
    assert not (tmp_path / ".haystack").exists()
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("[1] ")
    assert "attacking US troops in Iraq and Syria for more than seven weeks" in run.stdout
    assert "Briefing on the United States and Iran, " in run.stdout


@pytest.mark.model
@pytest.mark.slow
def test_the_notebook_prints_what_it_shows(monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES.parents[1]))
    shown = nbformat.read(NOTEBOOK, 4)
    ran = nbformat.read(NOTEBOOK, 4)
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    where = {"metadata": {"path": str(EXAMPLES)}}
    NotebookClient(ran, timeout=300, resources=where).execute()
    assert printed(shown) == printed(ran)
    assert all(printed(shown))


def printed(notebook):
    """Return what each cell of code wrote; how many pieces it came in differs."""
    cells = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output["text"] for output in outputs) for outputs in cells]
