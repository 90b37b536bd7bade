"""Original files, given out only as they were indexed."""

import hashlib
import io
import os
import zipfile

import pytest

from index.errors import OriginalChangedError, OriginalGoneError
from index.original import Originals
from index.settings import Settings
from index.sqlite_store import SqliteStore

GATE = b"The gate opens at nine.\n"


def packed(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in files.items():
            archive.writestr(name.replace("_", "."), inside)
    return content.getvalue()


@pytest.fixture
def stored(pinpoint, folder):
    """Index the folder, and return the only document with the index's archives."""

    def stored():
        assert pinpoint.sync(folder).failed == ()
        with SqliteStore.open(pinpoint.home) as store:
            (document,) = store.documents()
            return document, store.archives()

    return stored


@pytest.fixture
def originals():
    return Originals(Settings())


def test_a_file_is_read_as_it_is(folder, stored, originals):
    (folder / "gate.txt").write_bytes(GATE)
    assert originals.read(*stored()) == GATE


def test_a_changed_file_is_refused(folder, stored, originals):
    (folder / "gate.txt").write_bytes(GATE)
    found = stored()
    (folder / "gate.txt").write_bytes(GATE.replace(b"nine", b"five"))
    for work in (originals.read, originals.check):
        with pytest.raises(OriginalChangedError) as caught:
            work(*found)
    assert str(caught.value) == (
        f"{folder}/gate.txt has changed since it was indexed; run pinpoint index, ask again"
    )


def test_a_file_that_is_gone_is_told(folder, stored, originals):
    (folder / "gate.txt").write_bytes(GATE)
    found = stored()
    (folder / "gate.txt").unlink()
    with pytest.raises(OriginalGoneError, match="is not where it was indexed"):
        originals.read(*found)


def test_a_link_put_in_the_place_of_a_file_gives_nothing_else_away(
    folder, stored, originals, tmp_path
):
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"my password")
    (folder / "gate.txt").write_bytes(GATE)
    found = stored()
    (folder / "gate.txt").unlink()
    (folder / "gate.txt").symlink_to(secret)
    with pytest.raises(OriginalChangedError, match="has changed"):
        originals.read(*found)


def test_a_pipe_in_the_place_of_a_file_is_not_opened(folder, stored, originals):
    (folder / "gate.txt").write_bytes(GATE)
    found = stored()
    (folder / "gate.txt").unlink()
    os.mkfifo(folder / "gate.txt")
    with pytest.raises(OriginalChangedError, match="not a file"):
        originals.read(*found)


def test_a_file_over_the_limit_is_refused(folder, stored):
    (folder / "gate.txt").write_bytes(GATE)
    found = stored()
    with pytest.raises(OriginalChangedError, match="over the limit of 10"):
        Originals(Settings(max_file_bytes=10)).read(*found)


def test_a_member_is_read_from_its_archive(folder, stored, originals):
    inner = packed(gate_txt=GATE)
    (folder / "outer.zip").write_bytes(packed(inner_zip=inner))
    document, archives = stored()
    assert document.path == f"{folder}/outer.zip/inner.zip/gate.txt"
    assert originals.read(document, archives) == GATE
    with pytest.raises(OriginalChangedError, match="raise archive_max_depth"):
        Originals(Settings(archive_max_depth=1)).read(document, archives)
    (folder / "outer.zip").write_bytes(packed(inner_zip=packed(other_txt=GATE)))
    with pytest.raises(OriginalGoneError):
        originals.read(document, archives)
    (folder / "outer.zip").unlink()
    with pytest.raises(OriginalGoneError):
        originals.read(document, archives)


def test_a_file_is_not_read_again_while_its_times_prove_enough(
    folder, stored, originals, monkeypatch
):
    file = folder / "gate.txt"
    file.write_bytes(GATE)
    found = stored()
    reads = []
    monkeypatch.setattr("index.content.read_file", lambda path, _: reads.append(path) or GATE)
    monkeypatch.setattr("index.original.file_stat", lambda _: "as before")
    originals.check(*found)
    originals.check(*found)
    assert reads == [file]
    monkeypatch.setattr("index.original.file_stat", lambda _: "otherwise")
    originals.check(*found)
    monkeypatch.setattr("index.original.file_stat", lambda _: None)
    originals.check(*found)
    originals.check(*found)
    assert reads == [file] * 4
    assert hashlib.sha256(GATE).hexdigest() == found[0].file_sha256
