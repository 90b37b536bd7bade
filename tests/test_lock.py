import json
import os
import socket

import pytest
from faults import held

from index.lock import FILE_NAME, alone, announced, holder


def test_the_writer_is_named_while_it_writes(tmp_path):
    with announced(tmp_path):
        told = holder(tmp_path)
    assert told.startswith(f"process {os.getpid()} (")
    assert f") on {socket.gethostname()}, since 20" in told
    assert holder(tmp_path) is None


def test_a_note_that_a_killed_writer_left_names_nobody(tmp_path):
    note = {"process": 2**22 + 1, "host": socket.gethostname(), "command": "pinpoint", "since": "x"}
    (tmp_path / FILE_NAME).write_text(json.dumps(note))
    assert holder(tmp_path) is None
    (tmp_path / FILE_NAME).write_text(json.dumps(note | {"host": "elsewhere"}))
    assert holder(tmp_path) == f"process {2**22 + 1} (pinpoint) on elsewhere, since x,"
    (tmp_path / FILE_NAME).write_text("no note")
    assert holder(tmp_path) is None


def test_where_no_note_can_be_written_nobody_is_told(tmp_path):
    with announced(tmp_path / "missing"):
        assert holder(tmp_path / "missing") is None


def test_a_file_is_changed_by_one_at_a_time(tmp_path):
    file = tmp_path / "pins.json"
    with alone(file):
        assert held(file)
    assert not held(file)
    with pytest.raises(ValueError, match="as it is"), alone(file):
        raise ValueError("as it is")
    assert not held(file)
    with pytest.raises(FileNotFoundError), alone(tmp_path / "missing" / "pins.json"):
        pass
