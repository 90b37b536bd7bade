"""What the page says of a job."""

from datetime import UTC, datetime

import pytest

from index.report import SyncReport
from ui.job import JobState
from ui.job_words import job_words

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def words(**state):
    given = {"number": 1, "what": "add", "started": NOW}
    return job_words(JobState(**given | state)).model_dump()


@pytest.mark.parametrize(
    ("state", "label", "speed", "left"),
    [
        ({}, "Starting…", "", ""),
        ({"stage": "reading files", "done": 12, "total": 40}, "12 of 40 files", "", ""),
        ({"stage": "reading files", "done": 0, "total": 1}, "0 of 1 file", "", ""),
        (
            {"stage": "embedding chunks", "done": 3, "total": 900, "rate": 87.4,
             "seconds_left": 118},
            *("3 of 900 passages", "87 passages a second", "about 2 minutes left"),
        ),
        (
            {"stage": "reading files", "done": 3, "total": 9, "rate": 0.25, "seconds_left": 24},
            *("3 of 9 files", "0.2 files a second", "about 25 seconds left"),
        ),
        (
            {"stage": "reading files", "done": 3, "total": 9, "rate": 9, "seconds_left": 1},
            *("3 of 9 files", "9.0 files a second", "about 5 seconds left"),
        ),
        (
            {"stage": "embedding chunks", "done": 1, "total": 9, "rate": 10, "seconds_left": 3700},
            *("1 of 9 passages", "10 passages a second", "about 1 hour left"),
        ),
        (
            {"stage": "embedding chunks", "done": 9, "total": 9, "rate": 10, "seconds_left": 0},
            *("Writing the index…", "", ""),
        ),
        ({"stage": "reading files", "done": 1, "total": 9, "cancelling": True},
         *("Cancelling…", "", "")),
        ({"finished": NOW, "cancelled": True}, "Cancelled; the index is as it was.", "", ""),
        ({"finished": NOW, "error": "broken"}, "Failed", "", ""),
        ({"finished": NOW, "report": SyncReport(), "rate": 3.0}, "Done", "", ""),
    ],
)  # fmt: skip
def test_a_job_in_words(state, label, speed, left):
    assert words(**state) == {
        "title": "Adding documents",
        "label": label,
        "speed": speed,
        "left": left,
    }


def test_each_kind_of_job_has_a_title():
    titles = {w: words(what=w)["title"] for w in ("add", "index", "re-index", "remove", "dry run")}
    assert titles == {
        "add": "Adding documents",
        "index": "Bringing documents up to date",
        "re-index": "Reading all documents again",
        "remove": "Removing documents",
        "dry run": "Looking what would change",
    }
