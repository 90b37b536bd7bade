import os
from pathlib import Path

import pytest
from fakes import WordEmbedder
from milvus_connection import FakeServer, connect_to

from index.errors import IndexMissingError, InputError
from index.filter import Filter
from index.report import SyncPlan
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.stores import open_store
from index.sync import plan, remove, sync


@pytest.fixture(autouse=True, params=["sqlite", "milvus"])
def at_store(request, monkeypatch):
    """Every test here holds for both stores."""
    if request.param == "milvus":
        connect_to(FakeServer(), monkeypatch)
    return request.param


def embedded_again(at_store):
    """What a sync embeds of texts that went with the one before.

    The rows on a server stay one change longer, as somebody may be reading them; their vectors are
    as good as new.
    """
    return {"embedded": 1} if at_store == "sqlite" else {}


@pytest.fixture
def run(tmp_path, embedder):
    def run(*paths, embedder=embedder, **settings):
        names = ("rebuild", "allow_empty", "within")
        how = {name: settings.pop(name) for name in names if name in settings}
        return sync(tmp_path / "home", list(paths), embedder, Settings(**settings), **how)

    return run


@pytest.fixture
def held(tmp_path):
    """What the index holds: name to text."""

    def held():
        with open_store(tmp_path / "home") as store:
            documents = [store.document(d.rowid) for d in store.documents()]
            assert len(store.chunk_ids()) == store.state().chunks
            return {Path(d.path).name: text for d, text in documents}

    return held


def counts(report):
    found = report.model_dump()
    names = ("added", "updated", "renamed", "removed", "remade", "unchanged", "embedded", "resumed")
    return {name: found[name] for name in names if found[name]}


def test_the_life_of_a_folder(folder, run, held, embedder):
    (folder / "a.md").write_text("# A\n\nOne two.")
    (folder / "sub").mkdir()
    (folder / "sub" / "b.txt").write_text("Three four.")
    assert counts(run(folder)) == {"added": 2, "embedded": 2}
    assert counts(run()) == {"unchanged": 2}
    (folder / "a.md").write_text("# A\n\nOne three.")
    assert counts(run(folder)) == {"updated": 1, "unchanged": 1, "embedded": 1}
    (folder / "sub" / "b.txt").rename(folder / "c.txt")
    assert counts(run(folder)) == {"renamed": 1, "unchanged": 1}
    (folder / "a.md").unlink()
    assert counts(run(folder)) == {"removed": 1, "unchanged": 1}
    assert held() == {"c.txt": "Three four."}
    assert embedder.embedded == ["A\nOne two.", "Three four.", "A\nOne three."]


def test_only_changes_make_a_generation(folder, run, tmp_path):
    (folder / "a.txt").write_text("One.")
    generations = []
    for text in ("One.", "One.", "Two."):
        (folder / "a.txt").write_text(text)
        run(folder)
        with open_store(tmp_path / "home") as store:
            generations.append(store.generation())
    assert generations == [1, 1, 2]


def test_a_chunk_whose_text_has_not_changed_keeps_its_vector(folder, run, embedder):
    (folder / "a.md").write_text("# A\n\nOne.\n\n# B\n\nTwo.")
    run(folder)
    (folder / "a.md").write_text("# A\n\nOne.\n\n# B\n\nThree.")
    (folder / "copy.md").write_text("# A\n\nOne.")
    assert run(folder).embedded == 1
    assert embedder.embedded == ["A\nOne.", "B\nTwo.", "B\nThree."]


def test_names_swapped_between_two_files(folder, run, held):
    (folder / "a.txt").write_text("One.")
    (folder / "b.txt").write_text("Two.")
    run(folder)
    (folder / "a.txt").write_text("Two.")
    (folder / "b.txt").write_text("One.")
    assert counts(run(folder)) == {"updated": 2}
    assert held() == {"a.txt": "Two.", "b.txt": "One."}


def test_one_bad_file_stops_no_other_and_loses_nothing(folder, run, held):
    (folder / "good.txt").write_text("Good.")
    (folder / "turns.txt").write_text("Was good.")
    run(folder)
    (folder / "turns.txt").write_bytes(b"\xff\x00")
    (folder / "image.png").write_bytes(b"\x89PNG")
    (folder / "large.txt").write_text("x" * 101)
    (folder / "new.txt").write_text("New.")
    report = run(folder, max_file_bytes=100)
    assert [(Path(f.path).name, f.cause.split(";")[0]) for f in report.failed] == [
        ("image.png", "image/png cannot be read yet"),
        ("large.txt", "101 bytes, over the limit of 100"),
        ("turns.txt", "not text: byte 0 is not valid UTF-8"),
    ]
    assert counts(report) == {"added": 1, "unchanged": 1, "embedded": 1}
    assert held() == {"good.txt": "Good.", "new.txt": "New.", "turns.txt": "Was good."}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(folder, run):
    (folder / "a.txt").write_text("One.")
    (folder / "a.txt").chmod(0)
    assert run(folder).failed[0].cause == "cannot be read: Permission denied; check its permissions"


def test_a_file_that_cannot_be_read_is_named_and_kept(folder, run, held, monkeypatch):
    (folder / "a.txt").write_text("One.")
    run(folder)

    def refuse(_self):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as refusing:
        refusing.setattr("pathlib.Path.read_bytes", refuse)
        report = run(folder)
    assert report.failed[0].cause == "cannot be read: Permission denied; check its permissions"
    assert held() == {"a.txt": "One."}


def test_a_missing_path_is_reported_and_its_documents_are_kept(folder, run, held, tmp_path):
    (folder / "a.txt").write_text("One.")
    run(folder)
    folder.rename(tmp_path / "away")
    (tmp_path / "other.txt").write_text("Two.")
    report = run(folder, tmp_path / "other.txt")
    assert report.failed[0].path == str(folder)
    assert report.failed[0].cause.startswith("no such file or folder")
    assert held() == {"a.txt": "One.", "other.txt": "Two."}


def test_a_folder_that_cannot_be_looked_into_keeps_its_documents(folder, run, held, monkeypatch):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("One.")
    (folder / "b.txt").write_text("Two.")
    run(folder)
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    with monkeypatch.context() as refusing:
        refusing.setattr("os.scandir", refuse)
        report = run(folder)
    assert [f.path for f in report.failed] == [str(folder / "sub")]
    assert report.removed == 0
    assert held() == {"a.txt": "One.", "b.txt": "Two."}


def test_a_folder_with_a_name_that_is_not_utf_8_is_named(folder, run, held, monkeypatch):
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff")).mkdir()
    (folder / "a.txt").write_text("One.")
    scandir = os.scandir

    def refuse(path):
        if not str(path).isascii():
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    report = run(folder)
    assert [Path(f.path).name for f in report.failed] == ["bad\N{REPLACEMENT CHARACTER}"]
    assert held() == {"a.txt": "One."}


def test_dot_names_circles_and_the_home_are_passed_over(folder):
    (folder / "a.txt").write_text("One.")
    (folder / ".hidden.txt").write_text("No.")
    (folder / ".git").mkdir()
    (folder / ".git" / "b.txt").write_text("No.")
    (folder / "circle").symlink_to(folder)
    (folder / "link.txt").symlink_to(folder / "a.txt")
    home = folder / "index-home"
    assert counts(sync(home, [folder], WordEmbedder(), Settings())) == {"added": 1, "embedded": 1}
    assert counts(sync(home, [folder], WordEmbedder(), Settings())) == {"unchanged": 1}


def test_links_to_files_elsewhere_are_documents(folder, run, held, tmp_path, embedder):
    (tmp_path / "far.txt").write_text("Far.")
    (folder / "near.txt").symlink_to(tmp_path / "far.txt")
    (folder / "broken.txt").symlink_to(tmp_path / "nothing.txt")
    report = run(folder)
    assert counts(report) == {"added": 1, "embedded": 1}
    assert [f.path for f in report.failed] == [str(folder / "broken.txt")]
    assert held() == {"near.txt": "Far."}
    assert counts(run(folder)) == {"unchanged": 1}
    assert remove(tmp_path / "home", [folder / "near.txt"], embedder, Settings()) == 1


def test_names_and_links_that_no_one_can_use_are_reported(folder, run, held):
    (folder / "a.txt").write_text("One.")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "folder.txt").mkdir()
    os.mkfifo(folder / "pipe.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.txt")).write_text("Two.")
    report = run(folder)
    assert [(Path(f.path).name, f.cause.split(";")[0]) for f in report.failed] == [
        ("bad\N{REPLACEMENT CHARACTER}.txt", "the name is not UTF-8"),
        ("loop.txt", "cannot be read: Too many levels of symbolic links"),
        ("pipe.txt", "not a file (a device, pipe or socket)"),
    ]
    assert held() == {"a.txt": "One."}
    assert report.model_dump_json()


def test_a_link_between_two_followed_folders_is_one_document(folder, run, held, tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.txt").write_text("One.")
    (folder / "link.txt").symlink_to(tmp_path / "far" / "a.txt")
    run(folder, tmp_path / "far")
    assert counts(run(folder)) == {}
    assert counts(run()) == {"unchanged": 1}
    assert held() == {"a.txt": "One."}


def test_overlapping_paths_hold_every_file_once(folder, run, held):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("One.")
    run(folder / "sub", folder, folder / "sub" / "a.txt")
    assert held() == {"a.txt": "One."}
    (folder / "sub" / "a.txt").unlink()
    assert counts(run(allow_empty=True)) == {"removed": 1}


def test_syncing_one_path_leaves_the_others_alone(folder, run, held, tmp_path):
    (folder / "a.txt").write_text("One.")
    run(folder)
    (folder / "a.txt").unlink()
    (tmp_path / "b.txt").write_text("Two.")
    assert counts(run(tmp_path / "b.txt")) == {"added": 1, "embedded": 1}
    assert held() == {"a.txt": "One.", "b.txt": "Two."}


def test_another_model_embeds_all_again_and_says_so(folder, run, tmp_path):
    (folder / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_text("Two.")
    run(folder, tmp_path / "b.txt")
    other = WordEmbedder(name="other")  # of the same width
    report = run(tmp_path / "b.txt", embedder=other)  # no two models' vectors ever meet
    assert counts(report) == {"remade": 2, "embedded": 2}
    assert report.reasons == ("the embedding model is another one",)
    assert other.embedded == ["One.", "Two."]
    assert counts(run(folder, embedder=other)) == {"unchanged": 1}


def test_a_rebuild_embeds_all_again(folder, run, embedder):
    (folder / "a.txt").write_text("One.")
    run(folder)
    assert counts(run(folder, rebuild=True)) == {"updated": 1, "embedded": 1}
    assert embedder.embedded == ["One.", "One."]


def test_a_rebuild_embeds_from_stored_text_what_it_cannot_read(folder, run, held, tmp_path):
    (folder / "a.txt").write_text("One.")
    run(folder)
    folder.rename(tmp_path / "away")
    (tmp_path / "b.txt").write_text("Two.")
    other = WordEmbedder(name="other", dimension=32)
    report = run(tmp_path / "b.txt", embedder=other, rebuild=True)
    assert counts(report) == {"added": 1, "updated": 1, "embedded": 2}
    assert held() == {"a.txt": "One.", "b.txt": "Two."}
    with open_store(tmp_path / "home") as store:
        assert store.vectors(store.chunk_ids().tolist()).shape == (2, 32)


def test_chunks_larger_than_the_model_takes_are_no_other_chunking(folder, run):
    (folder / "a.txt").write_text("One.")
    run(folder)
    assert counts(run(chunk_tokens=512)) == {"unchanged": 1}


def test_other_chunking_cuts_again_and_embeds_only_what_is_new(folder, run, tmp_path):
    (folder / "a.txt").write_text("One.")
    (folder / "b.txt").write_text(" ".join(f"Word{n} is here." for n in range(10)))
    run(folder)
    report = run(folder, chunk_tokens=32)
    assert counts(report) == {"remade": 2, "embedded": 2}
    assert report.reasons == ("texts are cut into chunks in another way",)
    with open_store(tmp_path / "home") as store:
        assert [(c.start, c.end) for c in store.chunks(store.chunk_ids().tolist())] == [
            (0, 4),
            (0, 104),  # seven sentences of four word pieces
            (90, 149),
        ]
    assert counts(run(folder, chunk_tokens=32)) == {"unchanged": 2}


def test_other_settings_of_a_loader_read_only_its_files_again(folder, run, held):
    (folder / "a.txt").write_text("One.")
    (folder / "b.json").write_text('[{"x": "Two words here now.", "y": "Not these four words."}]')
    run(folder, json_fields="x")
    report = run(folder, json_fields="y")
    assert counts(report) == {"remade": 1, "unchanged": 1, "embedded": 1}
    assert report.reasons == ("files are read in another way",)
    assert held()["b.json"] == "Not these four words."
    assert counts(run(folder, json_fields="y")) == {"unchanged": 2}


def test_a_text_at_several_paths_is_indexed_once(folder, run, tmp_path):
    for name in ("b.txt", "a.txt", "c.md"):
        (folder / name).write_text("# H\n\nOne two.")
    assert counts(run(folder)) == {"added": 3, "embedded": 1}
    with open_store(tmp_path / "home") as store:
        state = store.state()
        assert (state.documents, state.copies, state.chunks) == (3, 2, 1)
        (hit,) = store.search_terms('"one"', 9)
        (chunk,) = store.chunks([hit[0]])
        document, text = store.document(chunk.document)
        assert (Path(document.path).name, text) == ("a.txt", "# H\n\nOne two.")
        assert [Path(p).name for p in store.paths_of(document.sha256)] == ["a.txt", "b.txt", "c.md"]


def test_when_the_first_of_several_paths_goes_the_next_one_holds_the_chunks(
    folder, run, held, tmp_path, embedder
):
    for name in ("a.txt", "b.txt", "c.md"):
        (folder / name).write_text("# H\n\nOne two.")
    run(folder)

    def holder():
        with open_store(tmp_path / "home") as store:
            (chunk,) = store.chunks(store.chunk_ids().tolist())
            return Path(store.document(chunk.document)[0].path).name, chunk.heading, chunk.rowid

    assert holder() == ("a.txt", (), 1)
    (folder / "a.txt").unlink()
    assert counts(run(folder)) == {"removed": 1, "unchanged": 2}
    assert holder() == ("b.txt", (), 1)
    assert remove(tmp_path / "home", [folder / "b.txt"], embedder, Settings()) == 1
    assert holder() == ("c.md", ("H",), 2)  # cut again, as it has another structure
    assert embedder.embedded == ["# H\n\nOne two.", "H\nOne two."]
    assert held() == {"c.md": "# H\n\nOne two."}


def test_a_moved_file_keeps_its_chunks_and_is_not_read_again(folder, run, tmp_path):
    (folder / "a.md").write_text("# H\n\nOne two.")
    run(folder)
    (folder / "sub").mkdir()
    (folder / "a.md").rename(folder / "sub" / "a.md")
    assert counts(run(folder)) == {"renamed": 1}
    with open_store(tmp_path / "home") as store:
        assert store.chunk_ids().tolist() == [1]
        if isinstance(store, SqliteStore):  # no other has an index in the home that follows
            assert store.changes_since(1).added.tolist() == []
        (chunk,) = store.chunks([1])
        assert store.document(chunk.document)[0].path == str(folder / "sub" / "a.md")


def test_a_copy_within_the_dates_is_found(folder, run, tmp_path):
    (folder / "2023-01-01.txt").write_text("One two.")
    (folder / "2024-01-01.txt").write_text("One two.")
    run(folder)
    with open_store(tmp_path / "home") as store:
        assert store.search_terms('"one"', 9, Filter("2024-01-01"))
        assert store.chunk_ids_within(Filter("2024-01-01")).tolist() == [1]
        assert store.chunk_ids_within(Filter("2025-01-01")).tolist() == []
        (cited,) = store.copies_within([1], Filter("2024-01-01")).values()
        assert cited.date == "2024-01-01"


def test_a_folder_that_became_empty_keeps_its_documents(folder, run, held, at_store):
    (folder / "a.txt").write_text("One.")
    run(folder)
    (folder / "a.txt").rename(folder.parent / "a.txt")
    report = run(folder)
    assert counts(report) == {}
    assert report.failed[0].path == str(folder)
    assert report.failed[0].cause.startswith("is empty, but documents of it are indexed (1)")
    assert held() == {"a.txt": "One."}
    assert counts(run(allow_empty=True)) == {"removed": 1}
    (folder.parent / "a.txt").rename(folder / "a.txt")
    assert counts(run()) == {"added": 1, **embedded_again(at_store)}


def test_allow_empty_drops_the_documents_of_a_folder_that_vanished(folder, run, tmp_path, at_store):
    (folder / "a.txt").write_text("One.")
    run(folder)
    folder.rename(tmp_path / "away")
    assert counts(run()) == {}
    assert counts(run(allow_empty=True)) == {"removed": 1}
    (tmp_path / "away").rename(folder)
    assert counts(run()) == {"added": 1, **embedded_again(at_store)}


def test_a_sync_within_paths_looks_nowhere_else(folder, run, held, tmp_path):
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"{name}.")
    run(folder)
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("Not looked at.")
    (folder / "d.txt").write_text("d.")
    (tmp_path / "e.txt").write_text("Not followed.")
    named = (folder / "a.txt", folder / "d.txt", folder / "never.txt", tmp_path / "e.txt")
    assert counts(run(*named, within=True)) == {"added": 1, "removed": 1, "embedded": 1}
    assert held() == {"b.txt": "b.", "c.txt": "c.", "d.txt": "d."}


def test_a_plan_says_what_a_sync_would_do_and_changes_nothing(folder, run, tmp_path, embedder):
    for name in "abcd":
        (folder / f"{name}.txt").write_text(f"{name}.")

    def planned(**how):
        return plan(tmp_path / "home", [folder], how.pop("embedder", embedder), Settings(**how))

    names = [str(folder / f"{name}.txt") for name in "abcde"]
    assert planned() == SyncPlan(added=tuple(names[:4]))
    assert not (tmp_path / "home").exists()
    run(folder)
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("new")
    (folder / "c.txt").rename(folder / "e.txt")
    (folder / "f.txt").write_text("f.")
    assert planned() == SyncPlan(
        added=(str(folder / "f.txt"),),
        updated=(names[1],),
        renamed=((names[2], names[4]),),
        removed=(names[0],),
        unchanged=1,
    )
    report = run(folder)
    assert counts(report) == {
        "added": 1, "updated": 1, "renamed": 1, "removed": 1, "unchanged": 1, "embedded": 2
    }  # fmt: skip
    assert planned(chunk_tokens=64).remade == tuple(
        sorted([*names[1:2], *names[3:], str(folder / "f.txt")])
    )
    other = planned(embedder=WordEmbedder(name="other"))
    assert (len(other.remade), other.unchanged) == (4, 0)
    assert other.reasons == ("the embedding model is another one",)


def test_a_dry_run_counts_copies_and_other_folders_as_the_sync_does(folder, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    for path in (folder / "a.txt", folder / "b.txt", more / "c.txt"):
        path.write_text("Cats purr.")
    (folder / "d.txt").write_text("Dogs bark.")
    home, settings = tmp_path / "h", Settings(chunk_tokens=64)
    sync(home, [folder, more], WordEmbedder(), Settings())
    (folder / "a.txt").write_text("New.")
    planned = plan(home, [folder], WordEmbedder(), settings)
    made_anew = (str(folder / "b.txt"), str(folder / "d.txt"), str(more / "c.txt"))
    assert (planned.remade, planned.unchanged) == (made_anew, 0)
    report = sync(home, [folder], WordEmbedder(), settings)
    assert counts(report) == {"updated": 1, "remade": 3, "embedded": 1}
    assert report.reasons == planned.reasons == ("texts are cut into chunks in another way",)


class InterruptedEmbedder(WordEmbedder):
    """Fails at the third batch."""

    def encode_documents(self, texts):
        if len(self.embedded) >= 4:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


def test_an_interrupted_sync_repeats_no_finished_work(folder, run, held, tmp_path, at_store):
    for name in "abcdef":
        (folder / f"{name}.txt").write_text(f"{name}.")
    with pytest.raises(KeyboardInterrupt):
        run(folder, embedder=InterruptedEmbedder(), embed_batch=2)
    assert (tmp_path / "home" / "unfinished.db").exists() == (at_store == "sqlite")
    with pytest.raises(IndexMissingError):
        held()
    (folder / "g.txt").write_text("g.")
    assert counts(run(folder)) == {"added": 7, "embedded": 3, "resumed": 4}
    assert not (tmp_path / "home" / "unfinished.db").exists()
    with open_store(tmp_path / "home") as store:
        texts = [store.bodies([chunk])[chunk] for chunk in store.chunk_ids().tolist()]
        expected = WordEmbedder().encode_documents(texts)
        assert store.vectors(store.chunk_ids().tolist()).tolist() == expected.tolist()


def test_what_another_model_left_unfinished_is_not_used(folder, run):
    for name in "abcdef":
        (folder / f"{name}.txt").write_text(f"{name}.")
    with pytest.raises(KeyboardInterrupt):
        run(folder, embedder=InterruptedEmbedder(), embed_batch=2)
    other = WordEmbedder(name="other")
    assert counts(run(folder, embedder=other)) == {"added": 6, "embedded": 6}


@pytest.mark.parametrize("at_store", ["sqlite"], indirect=True)  # a server has no such file
def test_damaged_unfinished_vectors_are_only_a_loss_of_time(folder, run, tmp_path, caplog):
    (folder / "a.txt").write_text("One.")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "unfinished.db").write_bytes(b"no database" * 100)
    assert counts(run(folder)) == {"added": 1, "embedded": 1}
    assert "an interrupted sync would start again" in caplog.text


def test_a_file_is_not_opened_while_its_size_and_times_are_the_same(folder, run, monkeypatch):
    (folder / "a.txt").write_text("One.")
    monkeypatch.setattr("index.files._SETTLED_NANOSECONDS", -(10**12))
    run(folder)
    opened = []
    monkeypatch.setattr("index.intake.read_file", lambda path, _limit: opened.append(path) or b"")
    assert counts(run(folder)) == {"unchanged": 1}
    assert opened == []
    os.utime(folder / "a.txt", ns=(0, 0))
    run(folder)
    assert opened == [folder / "a.txt"]


def test_remove_stops_following(folder, run, held, tmp_path, embedder):
    (folder / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_text("Two.")
    run(folder, tmp_path / "b.txt")
    assert remove(tmp_path / "home", [folder], embedder, Settings()) == 1
    assert held() == {"b.txt": "Two."}
    assert counts(run()) == {"unchanged": 1}
    with pytest.raises(InputError, match="not in this index"):
        remove(tmp_path / "home", [folder], embedder, Settings())


def test_nothing_is_removed_from_an_index_that_is_missing(folder, tmp_path, embedder):
    with pytest.raises(IndexMissingError):
        remove(tmp_path / "nowhere", [folder], embedder, Settings())


def test_nothing_to_follow(tmp_path, run, folder, embedder):
    with pytest.raises(IndexMissingError):
        run()
    run(folder)
    remove(tmp_path / "home", [folder], embedder, Settings())
    with pytest.raises(InputError, match="name a file or a folder"):
        run()


def test_an_empty_file_is_a_document_without_chunks(folder, run, held):
    (folder / "empty.txt").touch()
    assert counts(run(folder)) == {"added": 1}
    assert held() == {"empty.txt": ""}


def test_progress_counts_up_to_all(folder, tmp_path, embedder):
    for name in "abcde":
        (folder / f"{name}.txt").write_text(f"{name}.")
    seen = []
    settings = Settings(embed_batch=2)
    sync(tmp_path / "home", [folder], embedder, settings, progress=lambda *s: seen.append(s))
    assert seen == [
        *(("reading files", done, 5) for done in (1, 2, 3, 4, 5)),
        *(("embedding chunks", done, 5) for done in (0, 2, 4, 5)),
    ]
