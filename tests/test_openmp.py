"""What is done on macOS, on any system: with stand-ins that say when they are imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
