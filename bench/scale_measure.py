"""Times, memory and recall, measured the same way for Pinpoint and for the tools beside it.

Needs NumPy only, as the other tools run in an environment of their own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

NEAREST, WARM_UP, ENOUGH = 10, 20, 0.98


def memory_mb() -> dict[str, float]:
    """Return the process's resident memory in MB (10^6 bytes): all, of files, the rest, peak."""
    lines = Path("/proc/self/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    names = {"rss": "VmRSS", "file": "RssFile", "anonymous": "RssAnon", "peak": "VmHWM"}
    return {name: int(values[key].split()[0]) * 1024 / 1e6 for name, key in names.items()}


def milliseconds(work: Callable[[int], object], count: int) -> dict[str, float]:
    """Call with 0 to `count` - 1, the first ones also before without the clock."""
    for number in range(min(WARM_UP, count)):
        work(number)
    taken = []
    for number in range(count):
        started = time.perf_counter()
        work(number)
        taken.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(taken, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}


def recall(found: list[list[int]], truth: np.ndarray) -> float:
    """Return the share of the true ten nearest among the ten that were found."""
    pairs = zip(found, truth.tolist(), strict=True)
    return sum(len(set(rows[:NEAREST]) & set(best)) for rows, best in pairs) / truth.size


def disk_mb(folder: Path) -> float:
    """Return the size of all files below a folder in MB (10^6 bytes)."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds that the block took under a name."""
    started = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
