import os
import signal

import pytest

from qa.api import Pinpoint
from ui.worker_command import _told_to_stop


def test_what_it_does_is_told(run, tmp_path, monkeypatch):
    def work(_, *, tell, stop):
        assert not stop.is_set()
        tell(256)
        tell(10)

    monkeypatch.setattr(Pinpoint, "work", work)
    assert run("worker", "--home", tmp_path) == (
        0,
        "stopped after 266 chunks\n",
        "waiting for chunks to embed\n256 chunks embedded\n266 chunks embedded\n",
    )


def test_without_a_server_it_is_wrong_usage(run, tmp_path):
    told = (
        "error: work is shared through a Milvus server, and the index is in a file of this "
        "machine; name a server in the setting store: milvus+http://HOST:PORT/COLLECTION\n"
    )
    status, out, err = run("worker", "--home", tmp_path)
    assert (status, out, err.splitlines(keepends=True)[-1]) == (2, "", told)
    assert run("index", tmp_path, "--home", tmp_path / "home", "--join") == (2, "", told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_ends(number):
    def end(*_):
        raise KeyboardInterrupt

    before = signal.signal(number, end)
    try:
        with pytest.raises(KeyboardInterrupt), _told_to_stop() as stop:
            os.kill(os.getpid(), number)
            assert stop.is_set()
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)
