"""With all network access denied everything works, and nothing even tries."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from started import started

pytestmark = [pytest.mark.model, pytest.mark.server]

ROOT = Path(__file__).parents[1]
PINPOINT = [sys.executable, "-c", "from ui.cli import main; main()"]


@pytest.fixture
def environment(tmp_path):
    offline = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "GRADIO_"))}
    return offline | {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "no_network"), str(ROOT)]),
        "NETWORK_LOG": str(tmp_path / "network.log"),
        "PINPOINT_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def run(environment):
    def run(*arguments):
        return subprocess.run(
            [*PINPOINT, *arguments], env=environment, capture_output=True, text=True, timeout=120
        )

    return run


def test_the_guard_guards(environment, tmp_path):
    code = "import urllib.request as u; u.urlopen('http://example.org', timeout=5)"
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert run.returncode == 1
    assert (tmp_path / "network.log").read_text() == "socket.getaddrinfo example.org\n"


def test_nothing_reaches_out(run, environment, folder, tmp_path, free_port):
    (folder / "a.md").write_text("# Moon\n\nThe Moon orbits the Earth in 27 days.")
    assert run("index", str(folder)).returncode == 0
    asked = run("ask", "How long does the Moon take to orbit the Earth?")
    assert asked.stdout.startswith("The Moon orbits the Earth in 27 days. [1]")
    again = run("index")
    assert (again.returncode, again.stderr) == (0, "")
    assert run("status").returncode == 0
    with started(
        [*PINPOINT, "serve", "--port", str(free_port)], env=environment, stderr=subprocess.PIPE
    ) as server:
        try:
            page = wait_for(f"http://127.0.0.1:{free_port}/", server)
            assert "Pinpoint" in page
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    assert not (tmp_path / "network.log").exists(), (tmp_path / "network.log").read_text()


def wait_for(url, server):
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return response.read().decode()
        except OSError:
            assert server.poll() is None, server.stderr.read().decode()
            time.sleep(0.25)
    raise TimeoutError(url)
