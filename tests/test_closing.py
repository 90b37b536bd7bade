"""A server that is ended finishes what runs, takes nothing new, and stops its job."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from started import started

from ui.closing import Closing, Server, terminated_as_interrupted

ROOT = Path(__file__).parents[1]


def test_the_end_begins_with_a_signal():
    import uvicorn

    closing = Closing()
    server = Server(uvicorn.Config("none:app"), closing)
    assert closing.begun is False
    server.handle_exit(signal.SIGTERM, None)
    assert (closing.begun, server.should_exit, server.force_exit) == (True, True, False)
    server.handle_exit(signal.SIGINT, None)
    assert server.force_exit is True


def test_a_request_to_terminate_interrupts():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), terminated_as_interrupted():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "gate"


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.txt").write_text("The gate opens at nine.")
    pinpoint.sync(folder)
    return pinpoint


@contextmanager
def served(pinpoint, gate, seconds=60):
    command = [sys.executable, str(ROOT / "tests" / "served.py")]
    command += [str(pinpoint.home), str(gate), str(seconds)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    with started(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as server:
        server.port = int(server.stderr.readline().rpartition(":")[2])
        try:
            yield server
        finally:
            gate.touch()
            server.kill()


class Asking(threading.Thread):
    """A question that is sent, with the events that come back."""

    def __init__(self, server, question):
        super().__init__()
        self.events = []
        self.fault = None
        self.first = threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        body = json.dumps({"question": question})
        self._connection.request("POST", "/page/ask", body, {"Content-Type": "application/json"})
        self.start()

    def run(self):
        try:
            for line in self._connection.getresponse():
                if line.startswith(b"event: "):
                    self.events.append(line[7:].strip().decode())
                    self.first.set()
        except (OSError, http.client.HTTPException) as error:
            self.fault = error
        finally:
            self._connection.close()


def refuses(server):
    """Wait until no new connection is taken."""
    for _ in range(500):
        try:
            with suppress(ConnectionResetError):  # it waited to be taken when the port was closed
                socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.02)
    return False


STAGES = ["stage", "stage", "stage", "turn"]


@pytest.mark.server
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_and_what_waits_is_finished_and_nothing_new_taken(indexed, gate, how):
    with served(indexed, gate) as server:
        running = Asking(server, "When does the gate open now?")
        assert server.stdout.readline() == "reading When does the gate open now?\n"
        waiting = Asking(server, "Who opens the gate now?")
        assert waiting.first.wait(timeout=30)
        server.send_signal(how)
        assert refuses(server)
        gate.touch()
        running.join(timeout=30)
        waiting.join(timeout=30)
        assert (running.events, waiting.events) == (STAGES, ["queued", *STAGES])
        assert (server.wait(timeout=30), server.stderr.read()) == (0, "")


@pytest.mark.server
def test_what_takes_longer_than_the_limit_is_cut_off(indexed, gate):
    with served(indexed, gate, seconds=1) as server:
        running = Asking(server, "When does the gate open now?")
        server.stdout.readline()
        waiting = Asking(server, "Who opens the gate now?")
        assert waiting.first.wait(timeout=30)
        server.send_signal(signal.SIGTERM)
        waiting.join(timeout=30)
        assert waiting.events == ["queued"]
        gate.touch()  # a thread cannot be ended
        running.join(timeout=30)
        assert "turn" not in running.events
        assert (server.wait(timeout=30), server.stderr.read()) == (0, "")


@pytest.mark.server
def test_a_job_that_does_not_end_is_given_up_and_the_index_stays_as_it_was(indexed, folder, gate):
    before = indexed.status().index
    (folder / "wall.txt").write_text("The wall is high.")
    with served(indexed, gate) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/page/documents/index", "{}", headers)
        with connection.getresponse() as response:
            assert response.status == 202
        assert server.stdout.readline() == "embedding\n"
        server.send_signal(signal.SIGTERM)
        assert refuses(server)
        connection.close()
        assert (server.wait(timeout=30), server.stderr.read()) == (0, "")
    assert indexed.status().index == before
    indexed.sync()
    assert indexed.status().index.documents == before.documents + 1
