import os
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """No setting of the machine's and no home of the checkout's reaches a test."""
    for name in [name for name in os.environ if name.startswith("PINPOINT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def embedder():
    return WordEmbedder()


@pytest.fixture
def pinpoint(tmp_path, embedder):
    return Pinpoint(tmp_path / "home", Settings(), embedder=embedder, reader=TermReader())


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
