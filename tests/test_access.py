import json
import stat

import pytest
from faults import notes_held

from index.errors import InputError, PinpointError
from ui.access import Access
from ui.secret import matches


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path / "home")


def test_nobody_is_there_at_first(access):
    assert access.entries() == ()
    assert not access.file.parent.exists()


def test_entries_are_kept_with_a_hash_alone_in_a_file_of_the_owner(access):
    access.add("zoe", "ask", "password", "a long password")
    access.add("ada@example.org", "manage", "token", "a token", id="0123456789abcdef")
    ada, zoe = Access(access.file.parent).entries()
    assert (ada.name, ada.role, ada.kind, ada.id) == (
        "ada@example.org",
        "manage",
        "token",
        "0123456789abcdef",
    )
    assert (zoe.name, zoe.role, zoe.kind, len(zoe.id)) == ("zoe", "ask", "password", 16)
    assert matches(zoe.hash, "a long password")
    written = access.file.read_text()
    assert "a long password" not in written
    assert "a token" not in written
    assert json.loads(written)["version"] == 1
    assert stat.S_IMODE(access.file.stat().st_mode) == 0o600
    names = {path.name for path in access.file.parent.iterdir()}
    assert names == {"access.json", ".access.json.lock"}


def test_a_name_is_there_once(access):
    access.add("ada", "ask", "password", "the first one")
    access.add("ada", "manage", "password", "the second one")
    (ada,) = access.entries()
    assert ada.role == "manage"
    assert matches(ada.hash, "the second one")


def test_a_change_of_the_file_counts_at_the_next_look(access):
    other = Access(access.file.parent)
    access.add("ada", "ask", "password", "a long password")
    assert [entry.name for entry in other.entries()] == ["ada"]
    access.remove("ada")
    assert other.entries() == ()


def test_only_who_is_there_can_be_removed(access):
    with pytest.raises(InputError) as caught:
        access.remove("ada")
    assert str(caught.value) == (f"nobody is called ada in {access.file}; see pinpoint access list")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "a\n", "x" * 65])
def test_names_are_plain(access, name):
    with pytest.raises(InputError) as caught:
        access.add(name, "ask", "password", "a long password")
    assert str(caught.value) == (
        f"{name!r} cannot be a name here; take up to 64 letters, digits and . @ + - _"
    )
    assert not access.file.exists()


def test_a_file_that_others_may_read_is_refused(access):
    access.add("ada", "ask", "password", "a long password")
    access.file.chmod(0o640)
    with pytest.raises(PinpointError) as caught:
        access.entries()
    assert str(caught.value) == (
        f"{access.file}: other accounts of this machine may read it; run chmod 600 on it"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"version": 2, "entries": []}',
        b'{"version": 1, "entries": [{"name": "a", "hash": "s3cret"}]}',
        b'{"version": 1, "more": 1}',
    ],
)
def test_a_damaged_file_lets_nobody_in_and_shows_nothing(access, content):
    access.add("ada", "ask", "password", "a long password")
    access.file.write_bytes(content)
    with pytest.raises(PinpointError) as caught:
        access.entries()
    assert str(caught.value) == (
        f"{access.file}: damaged; remove it and add everybody again with pinpoint access add"
    )
    assert caught.value.__cause__ is None


def test_a_file_that_cannot_be_written_is_told(access):
    access.file.parent.write_text("a file where the home should be")
    with pytest.raises(PinpointError, match=r"access\.json: cannot be"):
        access.add("ada", "ask", "password", "a long password")


def test_who_changes_it_keeps_others_out_from_reading_to_writing(access, monkeypatch):
    read = notes_held(monkeypatch, Access, "entries", access.file)
    written = notes_held(monkeypatch, Access, "_write", access.file)
    access.add("ada", "ask", "password", "a long password")
    access.remove("ada")
    assert (read, written) == ([True] * 2, [True] * 2)
