import pytest
from archives import archive

from index.errors import InputError
from index.intake import Known, read_changed
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import remove, sync


@pytest.fixture
def run(tmp_path, folder, embedder):
    def run(*paths, **options):
        how = {name: options.pop(name, False) for name in ("rebuild", "allow_empty")}
        settings = Settings(extract_processes=1, **options)
        named = paths or [folder]
        report = sync(tmp_path / "home", named, embedder, settings, **how)
        counted = {
            name: value
            for name, value in report.model_dump().items()
            if value and isinstance(value, int)
        }
        failed = {f.path.removeprefix(f"{folder}/"): f.cause.split(";")[0] for f in report.failed}
        return counted, failed

    return run


@pytest.fixture
def held(tmp_path, folder):
    """What the index holds: path below the folder to text."""

    def held():
        with SqliteStore.open(tmp_path / "home") as store:
            documents = [store.document(d.rowid) for d in store.documents()]
            return {d.path.removeprefix(f"{folder}/"): text for d, text in documents}

    return held


def write(path, **members):
    path.write_bytes(archive({name.replace("_", "."): text for name, text in members.items()}))


def test_the_life_of_an_archive(folder, run, held, embedder):
    docs = folder / "docs.zip"
    write(docs, a_txt="One.", b_txt="Two.")
    assert run() == ({"added": 2, "embedded": 2}, {})
    assert held() == {"docs.zip/a.txt": "One.", "docs.zip/b.txt": "Two."}
    assert run() == ({"unchanged": 2}, {})
    write(docs, a_txt="One.", b_txt="Three.", c_txt="Four.")
    assert run() == ({"added": 1, "updated": 1, "unchanged": 1, "embedded": 2}, {})
    write(docs, a_txt="One.", d_txt="Four.")
    assert run() == ({"renamed": 1, "removed": 1, "unchanged": 1}, {})
    docs.rename(folder / "other.zip")
    assert run() == ({"renamed": 2}, {})
    assert held() == {"other.zip/a.txt": "One.", "other.zip/d.txt": "Four."}
    (folder / "other.zip").unlink()
    assert run(allow_empty=True) == ({"removed": 2}, {})
    assert embedder.embedded == ["One.", "Two.", "Four.", "Three."]


def test_archives_in_archives_and_files_of_other_kinds(folder, run, held):
    inner = archive({"c.md": "# C\n\nThree."})
    (folder / "docs.zip").write_bytes(
        archive({"in/a.txt": "One.", "b.html": "<p>Two.", "in.zip": inner})
    )
    assert run() == ({"added": 3, "embedded": 3}, {})
    assert held() == {
        "docs.zip/b.html": "Two.",
        "docs.zip/in.zip/c.md": "# C\n\nThree.",
        "docs.zip/in/a.txt": "One.",
    }


def test_an_unchanged_archive_is_not_opened(folder, run, monkeypatch):
    write(folder / "docs.zip", a_txt="One.")
    (folder / "empty.zip").write_bytes(archive({}))
    run()
    monkeypatch.setattr("index.intake.members", None)
    monkeypatch.setattr("index.intake.media_type", None)
    assert run() == ({"unchanged": 1}, {})


def test_a_member_that_fails_is_listed_and_stops_no_other(folder, run, held):
    write(folder / "docs.zip", a_txt="One.", b_txt="Two.")
    run()
    write(folder / "docs.zip", a_txt=b"\xff\x00", b_txt="Three.", c_png=b"\x89PNG\r\n\x1a\n")
    causes = {
        "docs.zip/a.txt": "not text: byte 0 is not valid UTF-8",
        "docs.zip/c.png": "image/png cannot be read yet",
    }
    assert run() == ({"updated": 1, "embedded": 1}, causes)
    assert held() == {"docs.zip/a.txt": "One.", "docs.zip/b.txt": "Three."}
    assert run() == ({"unchanged": 1}, causes)


def test_what_failed_is_tried_again_though_the_archive_is_the_same(folder, run, held):
    write(folder / "docs.zip", a_txt="One.", b_txt="Two two. " * 40)
    cause = {"docs.zip/b.txt": "360 bytes, over the limit of 300"}
    assert run(max_file_bytes=300) == ({"added": 1, "embedded": 1}, cause)
    assert run() == ({"added": 1, "unchanged": 1, "embedded": 1}, {})
    assert run() == ({"unchanged": 2}, {})
    assert sorted(held()) == ["docs.zip/a.txt", "docs.zip/b.txt"]


def test_an_archive_that_can_no_longer_be_read_keeps_its_members(folder, run, held):
    docs = folder / "docs.zip"
    write(docs, a_txt="One.", b_txt="Two.")
    run()
    good = docs.read_bytes()
    docs.write_bytes(good[:-30])
    assert run()[1]["docs.zip"].startswith("damaged ZIP file (BadZipFile")
    assert run(max_file_bytes=10)[1]["docs.zip"].endswith("over the limit of 10")
    docs.write_bytes(good)
    assert run(archive_max_files=1) == ({}, {"docs.zip": "holds more than 1 files"})
    assert run() == ({"unchanged": 2}, {})
    assert sorted(held()) == ["docs.zip/a.txt", "docs.zip/b.txt"]


def test_an_archive_inside_that_breaks_keeps_its_members(folder, run, held):
    docs = folder / "docs.zip"
    docs.write_bytes(archive({"in.zip": archive({"a.txt": "One."}), "b.txt": "Two."}))
    run()
    docs.write_bytes(archive({"in.zip": b"PK\x03\x04", "b.txt": "Three."}))
    counted, failed = run()
    assert counted == {"updated": 1, "embedded": 1}
    assert list(failed) == ["docs.zip/in.zip"]
    assert held() == {"docs.zip/b.txt": "Three.", "docs.zip/in.zip/a.txt": "One."}
    docs.write_bytes(archive({"b.txt": "Three."}))
    assert run() == ({"removed": 1, "unchanged": 1}, {})


def test_a_file_that_becomes_an_archive_and_back(folder, run, held):
    (folder / "docs.zip").write_bytes(b"{\\rtf1 One.}")
    run()
    assert held() == {"docs.zip": "One."}
    write(folder / "docs.zip", a_txt="Two.")
    assert run()[0] == {"added": 1, "removed": 1, "embedded": 1}
    (folder / "docs.zip").write_bytes(b"{\\rtf1 One.}")
    assert run()[0] == {"added": 1, "removed": 1, "embedded": 1}
    assert held() == {"docs.zip": "One."}


def test_a_folder_packed_into_an_archive_is_renamed(folder, run, embedder):
    (folder / "a.txt").write_text("One.")
    run()
    (folder / "a.txt").unlink()
    write(folder / "docs.zip", a_txt="One.")
    assert run() == ({"renamed": 1}, {})
    assert embedder.embedded == ["One."]


def test_remove_takes_all_members_out(folder, run, held, tmp_path, embedder):
    write(folder / "docs.zip", a_txt="One.", b_txt="Two.", c_png=b"\x89PNG\r\n\x1a\n")
    (folder / "d.txt").write_text("Three.")
    run()
    assert remove(tmp_path / "home", [folder / "docs.zip"], embedder, Settings()) == 2
    assert held() == {"d.txt": "Three."}
    with SqliteStore.open(tmp_path / "home") as store:
        assert (store.failures(), store.archives()) == ({}, {})
    with pytest.raises(InputError, match="not in this index"):
        remove(tmp_path / "home", [folder / "docs.zip"], embedder, Settings())
    assert run()[0] == {"added": 2, "unchanged": 1, "embedded": 2}


def test_a_removed_member_comes_back_like_a_removed_file(folder, run, held, tmp_path, embedder):
    write(folder / "docs.zip", a_txt="One.", b_txt="Two.")
    run()
    assert remove(tmp_path / "home", [folder / "docs.zip" / "a.txt"], embedder, Settings()) == 1
    assert held() == {"docs.zip/b.txt": "Two."}
    assert run()[0] == {"added": 1, "unchanged": 1, "embedded": 1}


def test_an_archive_named_alone_is_followed(folder, run, held):
    write(folder / "docs.zip", a_txt="One.")
    (folder / "docs.zip.txt").write_text("Beside.")
    assert run(folder / "docs.zip")[0] == {"added": 1, "embedded": 1}
    assert run(folder / "docs.zip")[0] == {"unchanged": 1}
    assert held() == {"docs.zip/a.txt": "One."}
    run(folder)
    (folder / "docs.zip").unlink()
    assert run(folder)[0] == {"removed": 1, "unchanged": 1}


def test_a_sync_of_one_folder_leaves_the_archives_of_others_alone(run, tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).mkdir()
        write(tmp_path / name / "docs.zip", x_txt=f"{name}.")
        run(tmp_path / name)
    run(tmp_path / "a")
    monkeypatch.setattr("index.intake.members", None)
    assert run(tmp_path / "a", tmp_path / "b") == ({"unchanged": 2}, {})


def test_a_rebuild_reads_archives_again_and_keeps_what_it_cannot_read(folder, run, held):
    docs = folder / "docs.zip"
    write(docs, a_txt="One.", b_txt="Two.")
    run()
    assert run(rebuild=True) == ({"updated": 2, "embedded": 2}, {})
    write(docs, a_txt=b"\xff\x00", b_txt="Two.")
    assert run(rebuild=True)[0] == {"updated": 2, "embedded": 2}
    docs.write_bytes(b"PK\x03\x04")
    assert run(rebuild=True)[0] == {"updated": 2, "embedded": 2}
    assert held() == {"docs.zip/a.txt": "One.", "docs.zip/b.txt": "Two."}


def test_one_path_twice_is_one_document(folder, run, held):
    inner = archive({"b.txt": "First."})
    (folder / "docs.zip").write_bytes(archive({"in.zip": inner, "in.zip/b.txt": "Second."}))
    cause = {"docs.zip/in.zip/b.txt": "another member has the same path"}
    assert run() == ({"added": 1, "embedded": 1}, cause)
    assert run(rebuild=True) == ({"updated": 1, "embedded": 1}, cause)
    assert held() == {"docs.zip/in.zip/b.txt": "First."}


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.tar.gz", b"\x1f\x8b\x08", "application/gzip cannot be read yet; unpack it, or"),
        ("a.tar", b"x", "application/x-tar cannot be read yet; unpack it, or pack its files as .z"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed cannot be read yet; unpack"),
    ],
)
def test_other_archives_stay_unread(folder, name, content, cause):
    (folder / name).write_bytes(content)
    *_, found = read_changed([str(folder / name)], Known(), Settings(extract_processes=1))
    assert found.failures[str(folder / name)].startswith(cause)
