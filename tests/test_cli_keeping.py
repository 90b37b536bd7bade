"""The commands that keep an index up to date and whole, in-process: exit status and output."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from index.report import SyncReport, WatchEvent


@pytest.fixture
def home(run, tmp_path, folder):
    (folder / "a.txt").write_text("Cats purr.")
    assert run("index", folder, "--home", tmp_path / "h")[0] == 0
    return tmp_path / "h"


def break_words(home):
    with closing(sqlite3.connect(home / "pinpoint.db")) as db, db:
        db.execute("DELETE FROM passages")


WHOLE = "1 texts, 1 documents, 1 chunks, 1 vectors, 1 full-text rows; all is well"


def test_check_of_a_whole_index(run, home):
    assert run("check", "--home", home) == (
        0,
        "skipped  whether texts are still cut into the same chunks; see: --deep\n"
        f"generation 1: {WHOLE}\n",
        "",
    )
    assert run("check", "--deep", "--home", home) == (0, f"generation 1: {WHOLE}\n", "")


def test_check_repairs_unless_told_not_to(run, home, folder):
    break_words(home)
    told = f"full text: {folder / 'a.txt'}:0-10: no full-text row"
    counted = "1 texts, 1 documents, 1 chunks, 1 vectors"
    assert run("check", "--no-repair", "--deep", "--home", home) == (
        1,
        f"broken   {told}\n         way out: pinpoint check\n"
        f"generation 1: {counted}; 1 left broken\n",
        "",
    )
    status, out, _ = run("check", "--deep", "--home", home)
    assert (status, out) == (0, f"repaired {told}\ngeneration 1: {counted}; all is well\n")
    assert json.loads(run("check", "--json", "--home", home)[1])["problems"] == []


def test_backup_and_restore(run, home, folder, tmp_path):
    file = tmp_path / "b.db"
    assert run("backup", file, "--home", home) == (0, f"generation 1 is in {file}\n", "")
    status, _, err = run("backup", file, "--home", home)
    assert (status, err) == (
        2,
        f"error: {file}: exists already; name another file, or use --force\n",
    )
    assert run("backup", file, "--force", "--home", home)[0] == 0
    (folder / "a.txt").write_text("Dogs bark.")
    run("index", "--home", home)
    status, out, err = run("restore", file, "--home", home)
    assert (status, err) == (0, "")
    assert out.endswith("generation 3: 1 texts, 1 documents, 1 chunks, 1 vectors, "
                        "1 full-text rows; all is well\n")  # fmt: skip
    assert "Cats purr." in run("ask", "Do cats purr?", "--home", home)[1]
    status, _, err = run("restore", folder / "a.txt", "--home", home)
    assert (status, "no backup of an index" in err) == (1, True)
    assert run("restore", tmp_path / "none", "--home", home)[0] == 2


def test_watch_prints_a_line_a_sync(run, home, monkeypatch):
    def watch(_home, _paths, _embedder, _settings, tell, stop=None):
        assert stop is None
        tell(WatchEvent(report=SyncReport(added=1, unchanged=2)))
        tell(WatchEvent(trouble="process 7 is writing"))
        tell(WatchEvent(report=SyncReport(failed=({"path": "/x", "cause": "bad"},))))
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.api.watch", watch)
    status, out, err = run("watch", "--home", home)
    assert status == 0
    first, second = out.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d 1 added, .*, 2 unchanged, 0 failed, .*", first)
    assert "1 failed" in second
    assert re.fullmatch(r"\d\d:\d\d:\d\d process 7 is writing\nfailed: /x: bad\n", err)
    status, out, err = run("watch", "--json", "--home", home)
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["trouble"] for event in events] == [None, "process 7 is writing", None]
    assert events[0]["report"]["added"] == 1
    assert (status, err) == (0, "failed: /x: bad\n")


def test_watch_without_an_index_fails(run, tmp_path):
    status, _, err = run("watch", "--home", tmp_path / "none")
    assert status == 1
    assert err.startswith("error: no index in")
