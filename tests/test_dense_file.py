import json
import os

import numpy as np
import pytest
from vector_stores import add, unit

from index import dense_file
from index.dense_base import build
from index.dense_file import file_stamp, read_base, remove_base, write_base
from index.sqlite_store import SqliteStore


@pytest.fixture
def home(tmp_path):
    add(tmp_path / "home", unit(50))
    return tmp_path / "home"


@pytest.fixture
def base(home):
    with SqliteStore.open(home) as store:
        return build(store)


def test_what_was_written_is_read(home, base):
    write_base(home, "me", 7, base)
    found, stamp, reason = read_base(home, "me")
    assert reason == ""
    assert (stamp.index_id, stamp.generation, stamp.made) == ("me", 7, base.made)
    assert stamp.size_bytes == (home / "vectors.faiss").stat().st_size
    assert found.ids().tolist() == list(range(1, 51))
    query = unit(1, seed=4)[0]
    assert np.array_equal(found.search(query, 5)[0], base.search(query, 5)[0])
    assert file_stamp(home, "me") == stamp
    assert sorted(p.name for p in home.iterdir()) == [
        "pinpoint.db",
        "vectors.faiss",
        "vectors.json",
    ]


def test_a_replaced_file_stays_readable_for_those_who_have_it(home, base):
    write_base(home, "me", 1, base)
    old, _, _ = read_base(home, "me")
    add(home, unit(5, seed=8))
    with SqliteStore.open(home) as store:
        write_base(home, "me", 2, build(store))
    remove_base(home)
    assert len(old.ids()) == 50
    assert old.search(unit(50)[3], 1)[0].tolist() == [4]
    assert read_base(home, "me") == (None, None, "")


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_other_bytes_never_reach_faiss(home, base, monkeypatch, content):
    write_base(home, "me", 1, base)
    if content is None:  # one bit of the same number of bytes
        damaged = bytearray((home / "vectors.faiss").read_bytes())
        damaged[len(damaged) // 2] ^= 1
        content = bytes(damaged)
    (home / "vectors.faiss").write_bytes(content)
    monkeypatch.setattr(dense_file, "faiss", None)  # any use would fail
    assert read_base(home, "me") == (None, None, "damaged, or not of this index")
    assert file_stamp(home, "me") is None


@pytest.mark.parametrize("stamp", ["", "[]", "null", '{"index_id": "me"}', '{"before": 3}'])
def test_without_its_stamp_a_file_is_not_read(home, base, stamp):
    write_base(home, "me", 1, base)
    (home / "vectors.json").write_text(stamp)
    assert read_base(home, "me")[2] == "damaged, or not of this index"
    assert file_stamp(home, "me") is None


def test_a_file_of_another_index_is_not_read(home, base):
    write_base(home, "other", 1, base)
    assert read_base(home, "me")[2] == "damaged, or not of this index"


def test_a_file_that_cannot_be_read_is_said(home, base):
    write_base(home, "me", 1, base)
    (home / "vectors.faiss").unlink()
    (home / "vectors.faiss").mkdir()
    assert read_base(home, "me")[2].startswith("cannot be read (")


@pytest.mark.parametrize("step", ["before the stamp", "before the file"])
def test_a_crash_between_stamp_and_file_leaves_a_file_with_a_stamp(home, base, monkeypatch, step):
    write_base(home, "me", 1, base)
    written = []
    real = os.fsync

    def fsync(descriptor):  # the stamp's comes first
        if len(written) == (step == "before the file"):
            raise KeyboardInterrupt
        written.append(descriptor)
        real(descriptor)

    monkeypatch.setattr("index.atomic.os.fsync", fsync)
    add(home, unit(5, seed=8))
    with SqliteStore.open(home) as store, pytest.raises(KeyboardInterrupt):
        write_base(home, "me", 2, build(store))
    newest = json.loads((home / "vectors.json").read_text())
    assert newest["generation"] == 1 + (step == "before the file")
    found, stamp, _ = read_base(home, "me")
    assert (stamp.generation, len(found.ids())) == (1, 50)
    assert not list(home.glob("*.tmp"))


def test_a_file_touched_since_is_hashed_before_it_is_trusted(home, base, monkeypatch):
    write_base(home, "me", 1, base)
    hashed = []
    real = dense_file.hashlib.file_digest

    def file_digest(stream, name):
        hashed.append(name)
        return real(stream, name)

    monkeypatch.setattr(dense_file.hashlib, "file_digest", file_digest)
    assert file_stamp(home, "me").generation == 1
    assert hashed == []
    os.utime(home / "vectors.faiss", ns=(1, 1))
    assert file_stamp(home, "me").generation == 1
    assert hashed == ["sha256"]
    assert read_base(home, "me")[1].generation == 1
    assert len(hashed) == 2  # what FAISS reads is always hashed


def test_a_full_disk_is_an_os_error_and_leaves_the_old_file(home, base, monkeypatch):
    write_base(home, "me", 1, base)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dense_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_base(home, "me", 2, base)
    assert read_base(home, "me")[1].generation == 1
    assert not list(home.glob("*.tmp"))
