"""With the default models, no process loads PyTorch or the libraries around it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "transformers", "sentence_transformers", "sklearn", "scipy"}
QUESTION = "How long does the Moon take to orbit the Earth?"
LOADED = "import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"


@pytest.fixture
def loaded(folder, tmp_path):
    """Run code in a process of its own; return its output and the packages that it loaded."""
    (folder / "a.md").write_text("# Moon\n\nThe Moon orbits the Earth in 27 days.")
    paths = {"PYTHONPATH": str(ROOT), "PINPOINT_HOME": str(tmp_path / "home")}

    def loaded(code):
        run = subprocess.run(
            [sys.executable, "-c", f"{code}\n{LOADED}"],
            env=os.environ | paths,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        *output, modules = run.stdout.splitlines()
        return "\n".join(output), set(json.loads(modules))

    return loaded


def command(*arguments):
    return f"from ui.cli import app\ntry: app({list(arguments)!r})\nexcept SystemExit: pass"


def test_neither_indexing_nor_asking_nor_the_server_loads_torch(loaded, folder):
    output, modules = loaded(command("index", str(folder)))
    assert output.startswith("1 added")
    assert not modules & HEAVY
    output, modules = loaded(command("ask", QUESTION))
    assert output.startswith("The Moon orbits the Earth in 27 days. [1]")
    assert "onnxruntime" in modules
    assert not modules & HEAVY
    # Nor does asking wait for the libraries of the file formats, of the page and of tables.
    assert not modules & {"lxml", "markdown_it", "pypdfium2", "gradio", "pandas", "onnx"}

    asked = f"""
import asyncio
from qa.api import Pinpoint
from ui.ask_routes import Asked, answer
from ui.web import build_app

async def build():
    return build_app(pinpoint)

pinpoint = Pinpoint.open()
asyncio.run(build())
print("27 days" in answer(pinpoint, Asked(question="?"), {QUESTION!r}, None, print).text)
"""
    output, modules = loaded(asked)
    assert output.splitlines() == ["searching", "reading", "checking quotes", "True"]
    assert "gradio" in modules
    assert not modules & HEAVY
