import fcntl
import gc
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint

SEEDS = Path(__file__).parents[1] / "seeds"


# What is imported and collected stays, so looking through it for garbage is time lost.
gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items):
    """Files with slow tests begin first, so that none of them is left alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory):
    """The home of an index of the seeds by the real model; made by the first process that asks."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    home, made = base / "seeds-index", base / "seeds-index-made"
    with (base / "seeds-index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            assert Pinpoint.open(made).sync(SEEDS).failed == ()
            made.rename(home)
    return home


@pytest.fixture
def seeds_home(seeds_index, tmp_path):
    """A home of one's own with an index of the seeds."""
    return shutil.copytree(seeds_index, tmp_path / "seeds-home")


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


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory):
    """A real Milvus server for the whole run; a test may kill it, if it starts it again."""
    from milvus_binary import UnavailableError
    from milvus_server import MilvusServer

    try:
        server = MilvusServer(tmp_path_factory.mktemp("milvus"))
    except UnavailableError as reason:
        pytest.skip(str(reason))
    with server:
        yield server


@pytest.fixture(params=["server", "lite"])
def milvus_uri(request, tmp_path):
    """Where a Milvus without our collections is: the real server, then Milvus Lite in a file."""
    from milvus_empty import empty_lite, empty_server

    if request.param == "lite":
        pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
        with empty_lite(tmp_path / "lite.db") as uri:
            yield uri
    else:
        with empty_server(request.getfixturevalue("milvus_server").uri) as uri:
            yield uri


@pytest.fixture(scope="module")
def lite_file(tmp_path_factory):
    """A file of Milvus Lite that the tests of a module share, each as a tenant of its own."""
    from milvus_empty import empty_lite

    with empty_lite(tmp_path_factory.mktemp("lite") / "lite.db") as uri:
        yield uri
