"""After any sequence of changes the index equals one that is built from scratch."""

import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from contents import contents, generation, rows
from fakes import WordEmbedder
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from index.load import VERSIONS
from index.settings import Settings
from index.sync import plan, remove, sync

EXAMPLES, STEPS = 12, 40
BASE = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a disk's fsync takes most time

FOLDERS = ("a", "a/sub", "a/sub/deep", "b", "b/sub")
FILES = [
    *("a/one.txt", "a/two.txt", "a/sub", "a/sub/one.txt", "a/sub/deep/two.txt", "a/~three"),
    *("b/one.txt", "b/three.txt", "b/sub/one.txt", "b/sub/deep"),
]
ARCHIVES = ("a/old.zip", "b/sub/old.zip", "b/one.txt")
PARAGRAPHS = (
    "The red lamp is kept by Mara in the hall of the mill.",
    "The old gate stands north of the river. Nobody opens the old gate in winter.",
    "The river rises in March. Its water is cold. Boats wait until May. The ferry is red.",
    "Lamps\n=====",
    "Gate\n----",
    "Date: 2024-05-01",
    "Short line",
)

texts = st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4).map("\n\n".join)
files = st.sampled_from(FILES)
folders = st.sampled_from(FOLDERS)
members = st.dictionaries(st.sampled_from(("x.txt", "in/y.txt", ".z.txt")), texts, max_size=3)
operations = st.one_of(
    st.tuples(st.just("write"), files, texts),
    st.tuples(st.just("write"), files, texts),
    st.tuples(st.just("edit_keeping_the_size"), files, st.integers(0, 40)),
    st.tuples(st.just("touch"), files),
    st.tuples(st.just("delete"), files),
    st.tuples(st.just("move"), files, files),
    st.tuples(st.just("copy"), files, files),
    st.tuples(st.just("move_folder"), folders, folders),
    st.tuples(st.just("remove_folder"), folders),
    st.tuples(st.just("pack"), st.sampled_from(ARCHIVES), members),
    st.tuples(st.just("write_what_cannot_be_read"), folders),
    st.tuples(st.just("link"), folders),
    st.tuples(st.just("edit_outside"), texts),
)
changes = st.lists(operations, min_size=1, max_size=8)


class InterruptedSyncError(Exception):
    pass


class Machine(RuleBasedStateMachine):
    """Two followed folders, what was changed in them since the last look, and their index."""

    operations = 0
    settled_nanoseconds = "index.files._SETTLED_NANOSECONDS"

    @initialize(trusting=st.booleans())
    def start(self, trusting):
        self.base = Path(tempfile.mkdtemp(dir=BASE)).resolve()
        self.home = self.base / "home"
        self.patched = pytest.MonkeyPatch()
        if trusting:  # size and times decide even about files that were written just now
            self.patched.setattr(self.settled_nanoseconds, 0)
        self.patched.setattr("index.load.VERSIONS", dict(VERSIONS))
        self.clock = 10**18
        self.models = (WordEmbedder(), WordEmbedder(name="other", dimension=48))
        self.embedder = self.models[0]
        self.settings = Settings(extract_processes=1, chunk_tokens=32, embed_batch=2)
        self.outside = self.base / "outside.txt"
        self.outside.write_text("The red lamp lies outside.")
        self.roots = [self.base / "a", self.base / "b"]
        for root in self.roots:
            root.mkdir()
        self.changed = set()  # since the last sync
        self.unseen = False  # nothing in the folders tells that something has changed
        sync(self.home, self.roots, self.embedder, self.settings)

    def teardown(self):
        if hasattr(self, "base"):
            self.whole()
            self.patched.undo()
            shutil.rmtree(self.base)

    # What happens to the files

    def change(self, changes):
        for name, *arguments in changes:
            type(self).operations += 1
            getattr(self, name)(*arguments)

    def touched(self, path):
        """Give a path a time that nothing had before, and note it."""
        self.changed.add(path)
        if path.exists() and not path.is_symlink():
            self.clock += 10**6
            os.utime(path, ns=(self.clock, self.clock))

    def room(self, name):
        """Return the path of a name that is free, with its folder."""
        path = self.base / name
        for place in (path, *path.parents):
            if place == self.base:
                break
            if place.is_symlink() or place.is_file():
                place.unlink()
                self.changed.add(place)
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.changed.add(path)
        return path

    def write(self, name, text):
        path = self.room(name)
        path.write_text(text)
        self.touched(path)

    def edit_keeping_the_size(self, name, where):
        path = self.base / name
        if path.is_file() and not zipfile.is_zipfile(path):
            text = path.read_text()
            path.write_text(text[:where] + "x" * len(text[where : where + 1]) + text[where + 1 :])
            self.touched(path)

    def touch(self, name):
        if (self.base / name).is_file():
            self.touched(self.base / name)

    def delete(self, name):
        if (self.base / name).is_file():
            (self.base / name).unlink()
            self.touched(self.base / name)

    def move(self, old, new):
        if (self.base / old).is_file() and not f"{new}/".startswith(f"{old}/"):
            content = (self.base / old).read_bytes()
            (self.base / old).unlink()
            self.touched(self.base / old)
            path = self.room(new)
            path.write_bytes(content)
            self.touched(path)

    def copy(self, old, new):
        if (self.base / old).is_file():
            content = (self.base / old).read_bytes()
            path = self.room(new)
            path.write_bytes(content)
            self.touched(path)

    def move_folder(self, old, new):
        source = self.base / old
        if source.is_dir() and "/" in old and "/" in new and not new.startswith(old):
            away = source.rename(self.base / "away")
            away.rename(self.room(new))
            self.changed |= {source, self.base / new}
            self.touched(source)

    def remove_folder(self, name):
        path = self.base / name
        if path.is_dir():
            shutil.rmtree(path)
            if path in self.roots or path in (self.base / "a", self.base / "b"):
                path.mkdir()
            self.touched(path)

    def pack(self, name, held):
        path = self.room(name)
        with zipfile.ZipFile(path, "w") as archive:
            for member, text in held.items():
                archive.writestr(member, text)
        self.touched(path)

    def write_what_cannot_be_read(self, folder):
        path = self.room(f"{folder}/bad.txt")
        path.write_bytes(b"\xff\0")
        self.touched(path)

    def link(self, folder):
        path = self.room(f"{folder}/link.txt")
        path.symlink_to(self.outside)
        self.touched(path)

    def edit_outside(self, text):
        self.outside.write_text(text)
        self.touched(self.outside)
        self.unseen = True

    # What happens to the settings

    @rule(tokens=st.sampled_from((32, 40)), overlap=st.sampled_from((0, 1)))
    def cut_otherwise(self, tokens, overlap):
        update = {"chunk_tokens": tokens, "chunk_overlap": overlap}
        self.settings = self.settings.model_copy(update=update)

    @rule(version=st.sampled_from((1, 2)))
    def load_otherwise(self, version):
        import index.load

        self.unseen = self.unseen or index.load.VERSIONS.get("text/plain", 1) != version
        index.load.VERSIONS["text/plain"] = version

    @rule(number=st.sampled_from((0, 1)))
    def take_model(self, number):
        self.embedder = self.models[number]

    # What is done with the index

    @rule(changes=changes)
    def whole(self, changes=()):
        self.change(changes)
        arguments = (self.home, None, self.embedder, self.settings)
        planned = plan(*arguments, allow_empty=True)
        report = sync(*arguments, allow_empty=True)
        if not report.failed:  # whether a file can be read is not tried in a plan
            for name in ("added", "updated", "renamed", "removed", "remade"):
                assert getattr(report, name) == len(getattr(planned, name)), name
            assert (report.unchanged, report.reasons) == (planned.unchanged, planned.reasons)
        self.changed, self.unseen = set(), False
        self.compare()

    @precondition(lambda self: not self.unseen)
    @rule(changes=changes)
    def within(self, changes):
        self.change(changes)
        if self.unseen:
            return
        paths = sorted(self.changed)
        sync(self.home, paths, self.embedder, self.settings, within=True, allow_empty=True)
        self.changed = set()
        self.compare()

    @rule(changes=changes)
    def rebuild(self, changes):
        self.change(changes)
        sync(self.home, None, self.embedder, self.settings, rebuild=True, allow_empty=True)
        self.changed, self.unseen = set(), False
        self.compare()

    @rule(root=st.sampled_from("ab"), changes=changes)
    def only_one_root(self, root, changes):
        self.change(changes)
        sync(self.home, [self.base / root], self.embedder, self.settings, allow_empty=True)
        if self.base / root not in self.roots:
            self.roots.append(self.base / root)
            self.unseen = True  # what was changed while it was not followed
        self.changed = {p for p in self.changed if not p.is_relative_to(self.base / root)}

    @precondition(lambda self: len(self.roots) > 1)
    @rule(number=st.sampled_from((0, 1)))
    def stop_following(self, number):
        root = self.roots.pop(number)
        remove(self.home, [root], self.embedder, self.settings)
        self.changed = {p for p in self.changed if not p.is_relative_to(root)}

    @rule(data=st.data())
    def take_out(self, data):
        held = [path for path, *_ in rows(self.home)["documents"]]
        if held:
            path = data.draw(st.sampled_from(held))
            assert remove(self.home, [path], self.embedder, self.settings) == 1
            self.changed.add(Path(path))
            self.unseen = True  # a member's archive has not changed

    @rule(embedded=st.integers(0, 3), changes=changes)
    def interrupt(self, embedded, changes):
        """What was made before is not made again; the rest is as if nothing had been."""
        self.change(changes)
        before, count = rows(self.home), generation(self.home)
        stopping = Stopping(self.embedder, embedded)
        try:
            sync(self.home, None, stopping, self.settings, allow_empty=True)
        except InterruptedSyncError:
            assert (rows(self.home), generation(self.home)) == (before, count)
            made = set(stopping.embedded)
            self.embedder.embedded.clear()
            report = sync(self.home, None, self.embedder, self.settings, allow_empty=True)
            assert made.isdisjoint(self.embedder.embedded)
            assert report.resumed == len(made)
        self.changed, self.unseen = set(), False
        self.compare()

    @rule(number=st.sampled_from((0, 1)))
    def unmount(self, number):
        """A folder that is away for a while loses nothing."""
        root = self.roots[number % len(self.roots)]
        before = [row for row in rows(self.home)["documents"] if row[0].startswith(f"{root}/")]
        away = root.rename(self.base / "away")
        if number:
            root.mkdir()
        sync(self.home, [root], self.embedder, self.settings)
        held = rows(self.home)
        kept = [row for row in held["documents"] if row[0].startswith(f"{root}/")]
        assert [row[:5] for row in kept] == [row[:5] for row in before]
        assert (str(root) in dict(held["failures"])) is bool(before or not number)
        if number:
            root.rmdir()
        away.rename(root)
        self.changed.add(root)

    def compare(self):
        scratch = self.base / "scratch"
        sync(scratch, self.roots, self.embedder, self.settings)
        expected, held = contents(scratch, self.embedder), contents(self.home, self.embedder)
        shutil.rmtree(scratch)
        for what in expected:
            note(what)
            assert held[what] == expected[what]


class Stopping:
    """An embedder that is interrupted after some batches."""

    def __init__(self, embedder, batches):
        self._embedder, self._left = embedder, batches
        self.embedded = []

    def __getattr__(self, name):
        return getattr(self._embedder, name)

    def encode_documents(self, texts):
        if not self._left:
            raise InterruptedSyncError
        self._left -= 1
        self.embedded += texts
        return self._embedder.encode_documents(texts)


@pytest.mark.slow
def test_the_index_equals_one_built_from_scratch():
    Machine.operations = 0
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            print_blob=False,
        ),
    )
    assert Machine.operations > 500
