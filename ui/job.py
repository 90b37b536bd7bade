"""One job at a time that changes the index, beside the questions; its state can always be read."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.errors import BusyError, PinpointError
from index.report import Progress, SyncPlan, SyncReport
from qa.api import Pinpoint
from ui.background import give_way
from ui.pace import Pace
from ui.problem import FAULT
from ui.tracing import Stages, stages

_log = logging.getLogger(__name__)

What = Literal["add", "index", "re-index", "remove", "dry run"]
Outcome = SyncReport | SyncPlan | int
"""What became of a job; a number counts the documents that were removed."""

Work = Callable[[Pinpoint, Progress], Outcome]


class JobState(BaseModel):
    """A job as it is now, or as it ended.

    `number` tells a job from those before. `stage` is empty before the first progress, `total` is 0
    where nobody knows how much there is to do; `rate` is a second. A job that has `finished` has
    exactly one of `report`, `plan`, `removed` and `error`, unless it was `cancelled`.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    what: What
    started: datetime
    finished: datetime | None = None
    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    cancelling: bool = False
    cancelled: bool = False
    report: SyncReport | None = None
    plan: SyncPlan | None = None
    removed: int | None = None
    error: str | None = None


class Job:
    """Runs one job at a time in a thread that leaves the processor to the questions.

    Args:
        pinpoint: For the jobs alone, as its model is busy while chunks are embedded.
        clock: Seconds that never go back.
    """

    def __init__(self, pinpoint: Pinpoint, clock: Callable[[], float] = time.monotonic) -> None:
        self._pinpoint = pinpoint
        self._pace = Pace(clock)
        self._lock = threading.Lock()
        self._cancel = threading.Event()
        self._state: JobState | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> JobState | None:
        """The job that runs or the last one; None if there was none."""
        with self._lock:
            return self._state

    def check_free(self) -> None:
        """Look whether a job can start.

        Raises:
            BusyError: one is running.
        """
        with self._lock:
            self._check_free()

    def start(self, what: What, work: Work) -> JobState:
        """Start a job and return its state.

        Args:
            what: What it is, for those who look at the state.
            work: Called in the thread with the job's Pinpoint and a progress to tell.

        Raises:
            BusyError: one is running.
        """
        with self._lock:
            self._check_free()
            number = self._state.number + 1 if self._state else 1
            self._state = JobState(number=number, what=what, started=datetime.now(UTC))
            self._cancel.clear()
            self._thread = threading.Thread(
                target=self._run, args=(what, work), name="job", daemon=True
            )
            self._thread.start()
            return self._state

    def cancel(self) -> bool:
        """Ask the job to end; return whether one runs.

        It ends at its next progress, and the index is then as it was before. What was embedded is
        kept for the next time. A job that is already writing its result ends as if not asked.
        """
        with self._lock:
            if self._state is None or self._state.finished:
                return False
            self._cancel.set()
            self._state = self._state.model_copy(update={"cancelling": True})
            return True

    def stop(self, seconds: float) -> None:
        """Cancel the job, if any, and wait for its end, but no longer than that."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(seconds)

    def _check_free(self) -> None:
        if self._state is not None and self._state.finished is None:
            raise BusyError(
                f"a job is running already ({self._state.what}); wait until it is done, or "
                "cancel it"
            )

    def _run(self, what: What, work: Work) -> None:
        give_way()
        self._pace.begin()
        try:
            with stages(f"job: {what}") as traced:
                ended = _ended(work(self._pinpoint, self._telling(traced)))
        except _CancelledError:
            ended = {"cancelled": True}
        except PinpointError as error:
            ended = {"error": str(error)}
        except Exception:
            _log.exception("a job failed")
            ended = {"error": FAULT}
        self._update(ended | {"finished": datetime.now(UTC), "cancelling": False})

    def _telling(self, traced: Stages) -> Progress:
        def tell(stage: str, done: int, total: int) -> None:
            traced.begin(stage)
            traced.count({"done": done, "total": total})
            self._tell(stage, done, total)

        return tell

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._cancel.is_set():
            raise _CancelledError
        if self._state is not None and self._state.stage != stage:
            self._pace.begin()
        self._pace.tell(done)
        left = self._pace.seconds_left(total - done)
        told = {"stage": stage, "done": done, "total": total}
        self._update(told | {"rate": self._pace.rate, "seconds_left": left})

    def _update(self, changed: dict[str, object]) -> None:
        with self._lock:
            if self._state is not None:
                self._state = self._state.model_copy(update=changed)


class _CancelledError(Exception):
    """The job was asked to end."""


def _ended(outcome: Outcome) -> dict[str, object]:
    if isinstance(outcome, SyncReport):
        return {"report": outcome}
    if isinstance(outcome, SyncPlan):
        return {"plan": outcome}
    return {"removed": outcome}
