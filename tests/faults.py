"""Processes that are killed at a chosen step, and small file systems."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from contextlib import contextmanager

import pytest


class Steps:
    """Counts the steps of a process, and kills it before one of them.

    Args:
        last: The step that is not done any more; None only counts.
    """

    def __init__(self, last=None):
        self.done = 0
        self._last = last

    def take(self):
        self.done += 1
        if self.done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self):
        """From now on, count every SQL statement, and every file that is made durable, renamed or
        deleted.
        """
        steps = self

        class Connection(sqlite3.Connection):
            def execute(self, *arguments):
                steps.take()
                return super().execute(*arguments)

            def executemany(self, *arguments):
                steps.take()
                return super().executemany(*arguments)

            def close(self):
                steps.take()
                super().close()

        connect = sqlite3.connect
        sqlite3.connect = lambda *a, **k: connect(*a, factory=Connection, **k)
        for name in ("fsync", "replace", "unlink"):
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, function):
        def counted(*arguments, **keywords):
            self.take()
            return function(*arguments, **keywords)

        return counted


def forked(work):
    """Run some work in a child process; returns its exit status, negative where it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(99)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def left(home, log):
    """Return what a killed process has left in a home and in its log; the same for equal states.

    Not counted is what differs from run to run and says nothing: who was writing, and the number
    that SQLite draws for each journal, with its checksums. What a journal holds follows from its
    size, the pages that it is said to have, and the database.
    """
    found = {"log": log.read_bytes() if log.exists() else b""}
    for path in sorted(home.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if path.name == "writer.json":
            content = b""
        elif path.name.endswith("-journal"):
            content = b"%d %b" % (len(content), content[:12])
        found[str(path.relative_to(home))] = content
    return hashlib.sha256(repr(found).encode()).digest()


@contextmanager
def small_disk(folder, size_kib):
    """Mount a file system of its own over a folder; skips where that is not allowed."""
    folder.mkdir()
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("no mount of a small file system on this machine")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"mounting needs rights that are not given here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder, left_kib):
    """Fill a file system but for so much; returns the file that does."""
    filler = folder / "filler"
    found = os.statvfs(folder)
    size = found.f_bavail * found.f_frsize - left_kib * 1024
    with filler.open("wb") as stream:
        stream.write(bytes(max(size, 0)))
    return filler


def held(path):
    """Tell whether somebody is changing a file and keeps all others out."""
    fcntl = pytest.importorskip("fcntl")
    with path.with_name(f".{path.name}.lock").open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def notes_held(monkeypatch, owner, name, path):
    """Return a list to which each call of a method adds whether a file was held."""
    told, function = [], getattr(owner, name)

    def noting(*arguments, **keywords):
        told.append(held(path))
        return function(*arguments, **keywords)

    monkeypatch.setattr(owner, name, noting)
    return told
