import os
from pathlib import Path

import pytest
from fakes import WordEmbedder

from index.errors import IndexMissingError, InputError, ModelMismatchError
from index.settings import Settings
from index.store import Store
from index.sync import remove, sync


@pytest.fixture
def run(tmp_path, embedder):
    def run(*paths, embedder=embedder, rebuild=False, **settings):
        home = tmp_path / "home"
        return sync(home, list(paths), embedder, Settings(**settings), rebuild=rebuild)

    return run


@pytest.fixture
def held(tmp_path):
    """What the index holds: name to text."""

    def held():
        with Store.open(tmp_path / "home") as store:
            documents = [store.document(d.rowid) for d in store.documents()]
            assert len(store.chunk_ids()) == store.state().chunks
            return {Path(d.path).name: text for d, text in documents}

    return held


def counts(report):
    found = report.model_dump()
    names = ("added", "updated", "renamed", "removed", "unchanged", "embedded")
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
        with Store.open(tmp_path / "home") as store:
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

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    report = run(folder)
    monkeypatch.undo()
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

    monkeypatch.setattr("os.scandir", refuse)
    report = run(folder)
    assert [f.path for f in report.failed] == [str(folder / "sub")]
    assert report.removed == 0
    monkeypatch.undo()
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
    assert counts(run()) == {"removed": 1}


def test_syncing_one_path_leaves_the_others_alone(folder, run, held, tmp_path):
    (folder / "a.txt").write_text("One.")
    run(folder)
    (folder / "a.txt").unlink()
    (tmp_path / "b.txt").write_text("Two.")
    assert counts(run(tmp_path / "b.txt")) == {"added": 1, "embedded": 1}
    assert held() == {"a.txt": "One.", "b.txt": "Two."}


def test_another_model_is_refused_until_rebuilt(folder, run, embedder):
    (folder / "a.txt").write_text("One.")
    run(folder)
    other = WordEmbedder(name="other")  # of the same width
    with pytest.raises(ModelMismatchError, match=r"another model \(words\).*--rebuild"):
        run(folder, embedder=other)
    assert counts(run(folder, embedder=other, rebuild=True)) == {"updated": 1, "embedded": 1}
    with pytest.raises(ModelMismatchError):
        run(folder, embedder=embedder)


def test_a_rebuild_embeds_from_stored_text_what_it_cannot_read(folder, run, held, tmp_path):
    (folder / "a.txt").write_text("One.")
    run(folder)
    folder.rename(tmp_path / "away")
    (tmp_path / "b.txt").write_text("Two.")
    other = WordEmbedder(name="other", dimension=32)
    report = run(tmp_path / "b.txt", embedder=other, rebuild=True)
    assert counts(report) == {"added": 1, "updated": 1, "embedded": 2}
    assert held() == {"a.txt": "One.", "b.txt": "Two."}
    with Store.open(tmp_path / "home") as store:
        assert store.vectors().shape == (2, 32)


def test_chunks_larger_than_the_model_takes_are_no_other_chunking(folder, run):
    (folder / "a.txt").write_text("One.")
    run(folder)
    assert counts(run(chunk_tokens=512)) == {"unchanged": 1}


def test_other_chunking_is_refused_until_rebuilt(folder, run):
    (folder / "a.txt").write_text("One.")
    run(folder)
    with pytest.raises(ModelMismatchError, match=r"256 word pieces.*--rebuild"):
        run(folder, chunk_tokens=64)
    assert counts(run(chunk_tokens=64, rebuild=True)) == {"updated": 1, "embedded": 1}


def test_remove_stops_following(folder, run, held, tmp_path, embedder):
    (folder / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_text("Two.")
    run(folder, tmp_path / "b.txt")
    assert remove(tmp_path / "home", [folder], embedder, Settings()) == 1
    assert held() == {"b.txt": "Two."}
    assert counts(run()) == {"unchanged": 1}
    with pytest.raises(InputError, match="not in this index"):
        remove(tmp_path / "home", [folder], embedder, Settings())
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
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]
