"""What is counted and measured of a running server, in Prometheus' text format.

Only numbers and fixed names: no question, quote or path ever stands in it.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from index.errors import PinpointError
from index.rows import IndexState
from index.stores import open_store
from ui.job import Job

Outcome = Literal["answered", "not in the documents", "refused", "failed"]
"""What became of a question; refused is what cannot be asked, such as an empty one."""

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts questions and searches, and tells of the line, the index and the jobs when asked.

    Args:
        home: Folder of the index.
        waiting: Returns how many questions are in the line, the one that is worked on included.
        job: What changes the index, if anything does.
    """

    def __init__(self, home: Path, waiting: Callable[[], int], job: Job | None) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Now(home, waiting, job))
        self._questions = self._counter("questions", "Questions by what became of them.")
        self._searches = self._counter("searches", "Searches by what became of them.")
        self._stages = Histogram(
            "pinpoint_stage_seconds",
            "How long each stage of a question took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def _counter(self, name: str, about: str) -> Counter:
        return Counter(f"pinpoint_{name}", about, ["outcome"], registry=self._registry)

    def count_question(self, outcome: Outcome) -> None:
        """Count a question."""
        self._questions.labels(outcome).inc()

    def count_search(self, outcome: Outcome) -> None:
        """Count a search."""
        self._searches.labels(outcome).inc()

    def time_stage(self, stage: str, seconds: float) -> None:
        """Add the duration of a stage."""
        self._stages.labels(stage).observe(seconds)

    def text(self) -> str:
        """Return all of it as it is now."""
        return generate_latest(self._registry).decode()


class StageWatch:
    """Measures the stages of one question, each until the next begins.

    Args:
        metrics: Gets the durations.
        clock: Seconds that never go back.
    """

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics = metrics
        self._clock = clock
        self._stage: str | None = None
        self._since = 0.0

    def begin(self, stage: str | None) -> None:
        """End the stage before; None begins no other."""
        now = self._clock()
        if self._stage is not None:
            self._metrics.time_stage(self._stage, now - self._since)
        self._stage, self._since = stage, now


class _Now(Collector):
    """Looks at the line, the index and the jobs at the moment of asking."""

    def __init__(self, home: Path, waiting: Callable[[], int], job: Job | None) -> None:
        self._home = home
        self._waiting = waiting
        self._job = job

    def collect(self) -> Iterable[Metric]:
        state = self._job.state if self._job else None
        running = state is not None and state.finished is None
        yield _gauge("questions_waiting", "Questions in the line.", self._waiting())
        yield _gauge("job_running", "Whether a job changes the index.", running)
        started = 0 if state is None else state.number
        yield CounterMetricFamily("pinpoint_jobs", "Jobs that were started.", value=started)
        index = self._index()
        yield _gauge("index_readable", "Whether the index can be read.", index is not None)
        if index is not None:
            yield _gauge("documents", "Documents in the index, by path.", index.documents)
            yield _gauge("passages", "Passages in the index.", index.chunks)
            yield _gauge("documents_failed", "Files that could not be indexed.", index.failed)
            yield _gauge("generation", "Generation of the index.", index.generation)

    def _index(self) -> IndexState | None:
        try:
            with open_store(self._home) as store:
                return store.state()
        except PinpointError:
            return None


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"pinpoint_{name}", about, value=value)
