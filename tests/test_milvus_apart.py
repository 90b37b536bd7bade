"""Two servers and three syncs, each alone in its network, over one index on one Milvus."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import served_shared
import shared_sync
from milvus_apart import apart, way_out
from milvus_empty import empty_server

from index.sync import sync

HERE = Path(__file__).parent
ADDRESS = "milvus+http://127.0.0.1:19530/apart"
SECONDS = 120
QUESTIONS = [f"When does the gate of town{number} open?" for number in (0, 7, 33, 99, 120)]


@pytest.fixture
def start(milvus_server):
    """Start a program apart; all end with the test."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as short:
        uri = stack.enter_context(empty_server(milvus_server.uri))
        stack.enter_context(way_out(f"{short}/out", uri))

        def start(program, *arguments, entrance=None):
            command = [sys.executable, str(HERE / program), *arguments]
            process = subprocess.Popen(
                apart(f"{short}/out", command, entrance and f"{short}/{entrance}"),
                env={**os.environ, "PINPOINT_STORE": ADDRESS},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if entrance else None,
                text=True,
            )
            stack.callback(end, process)
            process.entrance = f"{short}/{entrance}"
            return process

        yield start


def end(process):
    process.stdin.close()
    process.wait(timeout=SECONDS)
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def network(pid):
    return Path(f"/proc/{pid}/ns/net").readlink()


def together(start, folder, tmp_path):
    """Three syncs of the same folder at once, each apart; return how many embedded something."""
    processes = [
        start("shared_sync.py", "join", str(tmp_path / f"sync{n}"), str(folder)) for n in range(3)
    ]
    for process in processes:
        process.wait(timeout=SECONDS)  # what it tells fits into the pipe
    outputs = [process.stdout.read() for process in processes]
    assert all("\ndone " in output for output in outputs), outputs
    assert sum('"added":0,"updated":0' not in output for output in outputs) == 1
    networks = {output.split()[1] for output in outputs}
    assert len(networks | {str(network("self"))}) == 4
    return sum("embedded 8" in output for output in outputs)


OPEN = {number: f"The gate of town{number} opens at {number % 12}." for number in range(160)}
NOON = {number: f"The gate of town{number} opens at noon." for number in range(0, 80, 3)}
STAGES = (dict(list(OPEN.items())[:80]), OPEN | NOON)


def write(folder, texts):
    for number, text in texts.items():
        (folder / f"{number}.txt").write_text(f"{text} It is a town with a wall and a river.")


class Asker(threading.Thread):
    """Asks one server all questions again and again, and keeps each answer by its generation."""

    def __init__(self, entrance):
        super().__init__(daemon=True)
        self.found = {}
        self.count = 0
        self.wrong = []
        self.over = False
        self._entrance = entrance

    def run(self):
        transport = httpx.HTTPTransport(uds=self._entrance)
        with httpx.Client(transport=transport, base_url="http://127.0.0.1:7860") as client:
            while not self.over:
                for question in QUESTIONS:
                    self._ask(client, question)

    def _ask(self, client, question):
        response = client.post("/api/v1/ask", json={"question": question}, timeout=SECONDS)
        if response.status_code != 200:
            self.wrong.append(response.text)
            return
        answer = plain(response.json())
        self.count += 1
        before = self.found.setdefault((answer["index"]["generation"], question), answer)
        if before != answer:
            self.wrong.append((before, answer))


def plain(answer):
    """An answer without the way in which it was searched for, which differs by store."""
    del answer["index"]["search"]
    return answer


def answers(home):
    with_models = served_shared.pinpoint(home)
    found = [plain(with_models.ask(question).model_dump(mode="json")) for question in QUESTIONS]
    return {(a["index"]["generation"], q): a for a, q in zip(found, QUESTIONS, strict=True)}


@pytest.mark.milvus
@pytest.mark.slow
def test_two_servers_give_the_embedded_stores_answers_while_three_syncs_share_the_work(
    tmp_path, folder, start
):
    expected, shared, askers = {}, 0, []
    for stage in STAGES:
        write(folder, stage)
        shared = max(shared, together(start, folder, tmp_path))
        sync(tmp_path / "alone", [folder], shared_sync.FAST, shared_sync.SETTINGS)
        expected |= answers(tmp_path / "alone")
        if not askers:
            servers = [
                start("served_shared.py", str(tmp_path / f"server{n}"), entrance=f"in{n}")
                for n in range(2)
            ]
            for server in servers:
                assert "Pinpoint is ready" in server.stderr.readline()
            networks = {network(server.pid) for server in servers}
            assert len(networks | {network("self")}) == 3
            askers = [Asker(server.entrance) for server in servers]
            for asker in askers:
                asker.start()
    until = time.monotonic() + SECONDS
    while any((len(STAGES), QUESTIONS[-1]) not in asker.found for asker in askers):
        assert time.monotonic() < until
        time.sleep(0.1)
    for asker in askers:
        asker.over = True
        asker.join(timeout=SECONDS)
    print([asker.count for asker in askers], "answers;", shared, "of 3 embedded")
    assert shared > 1
    for asker in askers:
        assert asker.wrong == []
        assert asker.found == {key: expected[key] for key in asker.found}
        assert {generation for generation, _ in asker.found} == {1, 2}
