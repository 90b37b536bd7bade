"""What is deleted after a commit, by a process that slept until others had committed more."""

from functools import partial

from fakes import WordEmbedder
from index_seen import seen
from milvus_connection import FakeServer, connect_to

from index.milvus import writer
from index.settings import Settings
from index.sync import sync


def test_who_wakes_up_late_deletes_nothing_of_newer_versions(tmp_path, monkeypatch):
    connection = connect_to(FakeServer(), monkeypatch)
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    awake, asleep = writer.clean, []

    def sleep(*now):
        asleep.append(partial(awake, *now))

    for version, clean in enumerate((awake, awake, sleep, awake)):
        monkeypatch.setattr(writer, "clean", clean)
        (docs / "gate.txt").write_text(f"The gate opens at {version} o'clock.")
        (docs / f"{version}.txt").write_text(f"Number {version} came later.")
        sync(home, [docs], WordEmbedder(), Settings())
    before = seen(home)
    connection._states.clear()  # as in a process that begins
    connection._texts.clear()
    asleep[0]()
    assert seen(home) == before
