"""Many people ask a real server while its documents change and things go wrong around it.

    python -m bench.soak --minutes 10 --clients 50

Documents say when the gates of harbours open. The clients ask over HTTP, one question after the
other; meanwhile some documents get new hours and the server is told to look for changes, the
processes that read files are killed, somebody sends what is no request, and the disk of the index
is slow for a while and then full. An answer is wrong if its quote does not stand in its document,
is about another harbour, or gives an hour that was out of date, by a sync that had ended, before
the question was asked. A sync has to fail while the disk is full, and the next one not; where no
small disk can be mounted, none is filled. Prints one JSON object and ends with status 1 if anything
was wrong.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx2 as httpx
import numpy as np

from bench.soak_disk import fill, small_disk

SEED = 20261128
HOURS = ("five", "six", "seven", "eight", "nine", "ten", "eleven", "noon")
SYLLABLES = ("bal", "cor", "den", "fal", "gor", "hul", "kes", "lom", "mar", "nis", "pol", "tav")
WAITING = 40  # questions that may wait, so that fifty clients are too many now and then
DISK_MB = 64
DISK_EVERY = 10  # syncs, at the first of which the disk is slow and full
ROOT = Path(__file__).parents[1]


class Harbours:
    """Documents that change.

    Attributes:
        hours: Of each harbour all hours that were ever written, the newest last.
        known: Of each harbour how many of them are old, as far as syncs that have ended know.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._random = random.Random(SEED)
        self._folder = folder
        # No two begin alike: the reader takes one for the other now and then, also at rest.
        beginnings = self._random.sample([a + b for a in SYLLABLES for b in SYLLABLES], count)
        names = [(begun + self._random.choice(SYLLABLES)).capitalize() for begun in beginnings]
        self.hours = {name: [self._random.choice(HOURS)] for name in sorted(names)}
        self.known = dict.fromkeys(self.hours, 0)
        for name in self.hours:
            self._write(name)

    def _write(self, name: str) -> None:
        text = (
            f"# The harbour of {name}\n\nThe gate of {name} opens at {self.hours[name][-1]}. "
            f"The keeper of {name} looks after the lamp.\n"
        )
        (self._folder / f"{name}.md").write_text(text)

    def change(self, count: int) -> dict[str, int]:
        """Give some harbours another hour; return how many old ones each then has."""
        names = self._random.sample(sorted(self.hours), count)
        for name in names:
            others = [hour for hour in HOURS if hour != self.hours[name][-1]]
            self.hours[name].append(self._random.choice(others))
            self._write(name)
        return {name: len(self.hours[name]) - 1 for name in names}


@dataclass
class Record:
    """What happened."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    silent: int = 0
    syncs: int = 0
    killed: int = 0
    garbage: int = 0
    slow: int = 0
    full: int = 0
    not_filled: str | None = None
    memory_mb: list[float] = field(default_factory=list)


@contextmanager
def server(home: Path, flag: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve an index until the block ends, and give the address and the process.

    The disk is slow while the flag is there.
    """
    limits = {"REQUESTS_PER_MINUTE": 1_000_000, "QUESTIONS_PER_MINUTE": 1_000_000}
    limits |= {"QUESTIONS_AT_ONCE": 1000, "QUESTIONS_WAITING": WAITING}
    environment = os.environ | {f"PINPOINT_{name}": str(most) for name, most in limits.items()}
    command = [sys.executable, "-m", "bench.soak_disk", str(flag), "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--home", str(home)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    ) as process:
        try:
            address = next(line.split()[-1] for line in process.stderr or () if "ready" in line)
            yield address, process
        finally:
            process.terminate()
            process.wait(60)


async def ask(client: httpx.AsyncClient, harbours: Harbours, number: int, record: Record) -> None:
    """Ask one question and look whether its answer is right."""
    name = random.Random(number).choice(sorted(harbours.hours))
    oldest = harbours.known[name]
    begun = time.perf_counter()
    body = {"question": f"When does the gate of {name} open?"}
    response = await client.post("/api/v1/ask", json=body)
    record.statuses[response.status_code] += 1
    if response.status_code in {429, 503}:
        await asyncio.sleep(min(float(response.headers["Retry-After"]), 2.0))
        return
    if response.status_code != 200:
        record.wrong.append(f"{response.status_code} {response.text[:200]}")
        return
    record.seconds.append(time.perf_counter() - begun)
    answer = response.json()
    if not answer["citations"]:
        record.silent += 1
        return
    citation = answer["citations"][0]
    allowed = harbours.hours[name][oldest:]
    if citation["quote"] not in {f"The gate of {name} opens at {hour}." for hour in allowed}:
        record.wrong.append(f"{name}, {allowed}: {citation['quote']}")
    await _check(client, citation, record)


async def _check(client: httpx.AsyncClient, citation: dict[str, Any], record: Record) -> None:
    """Look whether the quote stands at its place, unless the text is gone by now."""
    sha256, start, end = citation["document"]["sha256"], citation["start"], citation["end"]
    found = await client.get(
        f"/api/v1/documents/{sha256}/text", params={"start": start, "end": end}
    )
    if found.status_code == 200 and found.json()["text"] != citation["quote"]:
        record.wrong.append(f"{sha256}[{start}:{end}] is not {citation['quote']!r}")
    elif found.status_code not in {200, 404}:
        record.wrong.append(f"text: {found.status_code} {found.text[:200]}")


async def change(
    client: httpx.AsyncClient, harbours: Harbours, record: Record, *, full: bool = False
) -> None:
    """Change documents and wait until the server has taken them over, or found its disk full."""
    changed = harbours.change(5)
    response = await client.post("/api/v1/sync", json={})
    if response.status_code != 202:
        record.wrong.append(f"sync: {response.status_code} {response.text[:200]}")
        return
    while (job := (await client.get("/api/v1/jobs/current")).json()["job"])["finished"] is None:
        await asyncio.sleep(0.2)
    if full and "the disk is full" in (job["error"] or ""):
        record.full += 1
        return
    if job["error"]:
        record.wrong.append(f"sync: {job['error']}")
        return
    failed = {Path(each["path"]).stem: each["cause"] for each in job["report"]["failed"]}
    # Its last version stays until the next sync reads it again.
    record.wrong += [cause for cause in failed.values() if "SIGKILL" not in cause]
    harbours.known |= {name: old for name, old in changed.items() if name not in failed}
    record.syncs += 1


async def break_disk(
    client: httpx.AsyncClient, harbours: Harbours, record: Record, disk: Path, flag: Path
) -> None:
    """Change documents on a slow disk and on a full one, and then as ever."""
    flag.touch()
    await change(client, harbours, record)
    record.slow += 1
    flag.unlink()
    if record.not_filled is None:
        filler = await asyncio.to_thread(fill, disk)
        await change(client, harbours, record, full=True)
        filler.unlink()
    await change(client, harbours, record)


def kill_worker(process: subprocess.Popen[str]) -> int:
    """Kill the processes that read files for the server; return how many there were."""
    killed = 0
    for listed in Path(f"/proc/{process.pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread or a child has just ended
            for child in listed.read_text().split():
                os.kill(int(child), signal.SIGKILL)
                killed += 1
    return killed


def send_garbage(address: str, number: int) -> None:
    """Send what is no request, or only the beginning of one."""
    host, port = address.removeprefix("http://").split(":")
    begun = b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\n{"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(begun if number % 2 else random.Random(number).randbytes(2000))


def memory_mb(process: subprocess.Popen[str]) -> float:
    """Return the memory of the server that no file backs."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) / 1000


async def soak(folder: Path, *, clients: int, seconds: float, documents: int) -> Record:
    """Ask, change and disturb for so many seconds."""
    (folder / "documents").mkdir()
    harbours, record = Harbours(folder / "documents", documents), Record()
    disk, flag = folder / "disk", folder / "slow"
    home = disk / "home"
    command = [sys.executable, "-c", "from ui.cli import main; main()", "index"]
    command += [str(folder / "documents"), "--home", str(home)]
    with ExitStack() as stack:
        record.not_filled = stack.enter_context(small_disk(disk, DISK_MB))
        await asyncio.to_thread(subprocess.run, command, check=True, cwd=ROOT, capture_output=True)
        address, process = stack.enter_context(server(home, flag))
        until = time.monotonic() + seconds

        async with httpx.AsyncClient(
            base_url=address, timeout=120, limits=httpx.Limits(max_connections=clients + 5)
        ) as client:

            async def asking(which: int) -> None:
                number = which
                while time.monotonic() < until:
                    await ask(client, harbours, number, record)
                    number += clients

            async def changing() -> None:
                for number in count():
                    if number % DISK_EVERY == 0:
                        await break_disk(client, harbours, record, disk, flag)
                    await change(client, harbours, record)
                    if time.monotonic() >= until:
                        return
                    await asyncio.sleep(1)

            async def disturbing() -> None:
                while time.monotonic() < until:
                    await asyncio.sleep(1)
                    record.memory_mb.append(memory_mb(process))
                    record.killed += kill_worker(process)
                    await asyncio.to_thread(send_garbage, address, record.garbage)
                    record.garbage += 1

            await asyncio.gather(changing(), disturbing(), *map(asking, range(clients)))
    if process.returncode:
        record.wrong.append(f"the server ended with status {process.returncode}")
    return record


def summary(record: Record) -> dict[str, Any]:
    """Return the figures of a run."""
    quantiles = np.quantile(record.seconds, [0.5, 0.95, 1]) if record.seconds else [None] * 3
    tenth = max(len(record.memory_mb) // 10, 1)
    return {
        "answers": len(record.seconds),
        "silent": record.silent,
        "wrong": len(record.wrong),
        "statuses": dict(sorted(record.statuses.items())),
        "seconds_p50_p95_max": [value and round(float(value), 2) for value in quantiles],
        "syncs": record.syncs,
        "workers_killed": record.killed,
        "garbage_sent": record.garbage,
        "syncs_on_a_slow_disk": record.slow,
        "syncs_that_found_the_disk_full": record.full,
        "disk_not_filled": record.not_filled,
        "memory_mb_first_and_last_tenth": [
            round(max(record.memory_mb[:tenth], default=0)),
            round(max(record.memory_mb[-tenth:], default=0)),
        ],
        "first_wrong": record.wrong[:5],
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--documents", type=int, default=140, help="144 at most")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = asyncio.run(
            soak(
                Path(folder).resolve(),
                clients=given.clients,
                seconds=given.minutes * 60,
                documents=given.documents,
            )
        )
    print(json.dumps(summary(record), indent=2))
    sys.exit(bool(record.wrong) or not record.seconds)


if __name__ == "__main__":
    main()
