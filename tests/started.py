"""Processes that a test which fails does not wait for."""

import subprocess
from contextlib import contextmanager


@contextmanager
def started(command, **options):
    """Start a process; it is waited for in the end, and killed where something was raised.

    `Popen` alone would wait for what a failed test did not end, and the tests never come to an end.
    """
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise
