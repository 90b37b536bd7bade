"""What the page says of a job."""

from pydantic import BaseModel

from ui.job import JobState

TITLES = {
    "add": "Adding documents",
    "index": "Bringing documents up to date",
    "re-index": "Reading all documents again",
    "remove": "Removing documents",
    "dry run": "Looking what would change",
}
_UNITS = {"reading files": "file", "embedding chunks": "passage"}
_SMALL_RATE = 10
_MINUTE = 60
_HOUR = 3600


class JobWords(BaseModel):
    """A job in words; empty where there is nothing to say."""

    title: str
    label: str
    speed: str
    left: str


def job_words(state: JobState) -> JobWords:
    """Return what to say of a job."""
    going = state.finished is None and not _writing(state)
    return JobWords(
        title=TITLES[state.what],
        label=_label(state),
        speed=_speed(state) if going else "",
        left=_left(state.seconds_left) if going else "",
    )


def _writing(state: JobState) -> bool:
    return state.stage == "embedding chunks" and state.done == state.total


def _label(state: JobState) -> str:
    if state.finished is not None:
        return _ended(state)
    if state.cancelling:
        return "Cancelling…"
    if _writing(state):
        return "Writing the index…"
    if not state.total:
        return "Starting…"
    return f"{state.done} of {_count(state.total, _UNITS.get(state.stage, 'step'))}"


def _ended(state: JobState) -> str:
    if state.cancelled:
        return "Cancelled; the index is as it was."
    return "Failed" if state.error is not None else "Done"


def _speed(state: JobState) -> str:
    if state.rate is None:
        return ""
    unit = _UNITS.get(state.stage, "step")
    number = f"{state.rate:.0f}" if state.rate >= _SMALL_RATE else f"{state.rate:.1f}"
    return f"{number} {unit}s a second"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"about {max(5, 5 * round(seconds / 5))} seconds left"
    if seconds < _HOUR:
        return f"about {_count(round(seconds / _MINUTE), 'minute')} left"
    return f"about {_count(round(seconds / _HOUR), 'hour')} left"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
