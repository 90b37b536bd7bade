import os
import signal
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint


@pytest.fixture(autouse=True, scope="session")
def clean_environment():
    """No setting of the machine's reaches a test, nor a fixture that serves several."""
    for name in [name for name in os.environ if name.startswith("PINPOINT_")]:
        del os.environ[name]


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Tests that run in the background ignore interrupts, and so would what they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """No home of the checkout's reaches a test."""
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
def run(monkeypatch):
    """Run a command in-process, with stand-ins for the models: exit status, stdout and stderr."""
    from typer.testing import CliRunner

    from ui.cli import app

    monkeypatch.setattr("qa.api.load_embedder", lambda *_, **__: WordEmbedder())
    monkeypatch.setattr("qa.api.SentenceReader", lambda _: TermReader())
    monkeypatch.setattr("qa.api.SpanReader", lambda _: TermReader())
    monkeypatch.setattr("qa.api.load_span_model", lambda *_: None)

    def run(*arguments, stdin=None):
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; of one module, for no event loop may run in others meanwhile."""
    from browsing import browsing

    with browsing() as browser:
        yield browser
