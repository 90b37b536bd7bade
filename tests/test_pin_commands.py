"""Pinned questions on the command line: exit status and output."""

import json

import pytest

from index.report import SyncReport, WatchEvent

TEXT = "The harbour is old. The gate opens at nine. Bring a lamp."
ASKED = "When opens the gate at nine?"
ZEBRAS = "Who paints zebras?"


@pytest.fixture
def gate(folder):
    made = folder / "gate.txt"
    made.write_text(TEXT)
    return made


@pytest.fixture
def home(run, tmp_path, gate):
    assert run("index", gate.parent, "--home", tmp_path / "h")[0] == 0
    return tmp_path / "h"


@pytest.fixture
def pin(run, home):
    """Pin two questions, and return their ids."""
    ids = []
    for question in (ASKED, ZEBRAS):
        status, out, err = run("pin", question, "--home", home)
        assert (status, err) == (0, "")
        ids.append(out.rstrip().rpartition(" ")[2])
    return ids


def rewrite(run, home, gate, text):
    gate.write_text(text)
    return run("index", "--home", home)


def test_pin_shows_the_answer_and_the_id(run, home, gate):
    status, out, err = run("pin", ASKED, "--home", home)
    assert (status, err) == (0, "")
    assert out.startswith(f"The gate opens at nine. [1]\n\n[1] gate\n    {gate}:20-43\n")
    assert out.rpartition("\n\n")[2].startswith("pinned as ")
    (kept,) = json.loads((home / "pins.json").read_text())["pins"]
    assert (kept["asked"], kept["answer"]["question"]) == (ASKED, ASKED)
    made = json.loads(run("pin", "-", "--home", home, "--json", stdin=f"{ASKED}\n")[1])
    assert f"pinned as {made['id']}\n" in out
    assert len(json.loads((home / "pins.json").read_text())["pins"]) == 1


def test_pins_that_are_unchanged(run, home, pin):
    first, second = pin
    said = f"unchanged  {first}  {ASKED}\nunchanged  {second}  {ZEBRAS}\n2 unchanged\n"
    assert run("pins", "--home", home) == (0, said, "")
    assert run("pins", "--home", home, "--no-ask", "--exit-code", "--strict") == (0, said, "")


def test_a_changed_answer_is_shown_word_by_word(run, home, pin, gate):
    rewrite(run, home, gate, TEXT.replace("nine", "nine or ten"))
    status, out, err = run("pins", "--home", home)
    assert (status, err) == (0, "")
    assert out == (
        f"changed    {pin[0]}  {ASKED}\n"
        "    The gate opens at nine{+ or ten+}.\n"
        f"    [1] changed: {gate}:20-50\n\n"
        f"unchanged  {pin[1]}  {ZEBRAS}\n1 unchanged, 1 changed\n"
    )
    assert run("pins", "--home", home, "--exit-code")[0] == 1
    status, out, _ = run("pins", "--home", home, "--no-ask", "--exit-code")
    assert status == 1
    assert out.startswith(
        f"changed    {pin[0]}  {ASKED}\n    [1] changed\n"
        "        The gate opens at nine{+ or ten+}.\n"
    )


def test_an_answer_that_is_gone_is_shown_as_it_was(run, home, pin, gate):
    rewrite(run, home, gate, "Nothing.")
    status, out, _ = run("pins", "--home", home, "--exit-code")
    assert status == 1
    assert out.startswith(
        f"gone       {pin[0]}  {ASKED}\n"
        "    [-The gate opens at nine.-]\n    now: Not in your documents.\n"
        f"    [1] gone: {gate}: the text is another one than it was\n"
    )
    assert out.endswith("\n1 unchanged, 1 gone\n")


def test_an_answer_where_there_was_none(run, home, pin, gate):
    rewrite(run, home, gate, f"{TEXT} Ada paints zebras.")
    assert run("pins", "--home", home)[1] == (
        f"unchanged  {pin[0]}  {ASKED}\nchanged    {pin[1]}  {ZEBRAS}\n"
        "    {+Ada paints zebras.+}\n    was: Not in your documents.\n\n1 unchanged, 1 changed\n"
    )


@pytest.mark.usefixtures("pin")
def test_a_moved_answer_fails_only_where_that_is_wanted(run, home, gate):
    rewrite(run, home, gate, f"New. {TEXT}")
    assert run("pins", "--home", home, "--exit-code")[0] == 0
    assert run("pins", "--home", home, "--strict")[0] == 2
    assert run("pins", "--home", home, "--exit-code", "--strict")[0] == 1


def test_the_answers_of_now_are_accepted(run, home, pin, gate):
    rewrite(run, home, gate, TEXT.replace("nine", "nine or ten"))
    status, out, _ = run("pins", "--home", home, "--accept")
    assert (status, out.endswith("1 unchanged, 1 changed\n1 accepted\n")) == (0, True)
    status, out, _ = run("pins", "--home", home, "--exit-code")
    assert (status, out.splitlines()[-1]) == (0, "2 unchanged")
    assert out.startswith(f"unchanged  {pin[0]}  {ASKED}\n")
    status, out, err = run("pins", "--home", home, "--accept", "--json")
    assert (status, len(json.loads(out)["pins"]), err) == (0, 2, "0 accepted\n")
    assert run("pins", "--home", home, "--accept", "--no-ask")[0] == 2


def test_unpin(run, home, pin):
    assert run("unpin", pin[0], "--home", home) == (0, f"unpinned {pin[0]}: {ASKED}\n", "")
    assert run("unpin", ZEBRAS, "--home", home)[0] == 0
    assert run("pins", "--home", home) == (
        0,
        "no question is pinned; pin one with: pinpoint pin QUESTION\n",
        "",
    )
    assert run("pins", "--home", home, "--json")[1] == '{"pins": []}\n'
    status, _, err = run("unpin", pin[0], "--home", home)
    assert (status, err) == (2, f"error: there is no pin '{pin[0]}'; see: pinpoint pins\n")


def test_pins_in_a_file_beside_the_documents_are_moved_with_them(run, tmp_path):
    work = tmp_path / "work"
    (work / "docs").mkdir(parents=True)
    (work / "docs" / "gate.txt").write_text(TEXT)
    run("index", work / "docs", "--home", tmp_path / "one")
    file = work / "pins.json"
    assert run("pin", ASKED, "--home", tmp_path / "one", "--file", file)[0] == 0
    work.rename(tmp_path / "checkout")
    (tmp_path / "one").rename(tmp_path / "away")
    run("index", tmp_path / "checkout" / "docs", "--home", tmp_path / "two")
    file = tmp_path / "checkout" / "pins.json"
    status, out, _ = run(
        "pins", "--home", tmp_path / "two", "--file", file, "--exit-code", "--strict"
    )
    assert (status, out.splitlines()[-1]) == (0, "1 unchanged")
    run("unpin", ASKED, "--home", tmp_path / "two", "--file", file)
    assert run("pins", "--home", tmp_path / "two", "--file", file)[1].startswith("no question")


def test_index_says_in_a_line_what_has_become_of_the_pins(run, home, pin, gate):
    assert pin
    assert run("index", "--home", home)[1].endswith("\npins: 2 unchanged\n")
    status, out, _ = rewrite(run, home, gate, "Nothing.")
    assert (status, out.splitlines()[1]) == (0, "pins: 1 unchanged, 1 gone; see: pinpoint pins")
    assert len(run("index", "--home", home, "--json")[1].splitlines()) == 1
    assert "pins" not in run("index", "--home", home, "--dry-run")[1]


def test_watch_names_the_pins_whose_quotes_are_lost(run, home, pin, gate, monkeypatch):
    assert pin

    def watch(_home, _paths, _embedder, _settings, tell, **_):
        tell(WatchEvent(report=SyncReport(added=1)))
        tell(WatchEvent(trouble="process 7 is writing"))

    monkeypatch.setattr("qa.api.watch", watch)
    assert len(run("watch", "--home", home)[1].splitlines()) == 1
    rewrite(run, home, gate, TEXT.replace("nine", "ten"))
    status, out, _ = run("watch", "--home", home)
    assert (status, out.splitlines()[1:]) == (0, [f"pins: changed: {ASKED}"])
    assert len(run("watch", "--json", "--home", home)[1].splitlines()) == 2
    (home / "pins.json").write_text("{")
    status, _, err = run("watch", "--home", home)
    assert (status, f"pins: {home / 'pins.json'}: is no JSON" in err) == (0, True)


def test_index_says_nothing_without_pins_and_does_not_fail_by_them(run, home):
    assert "pins" not in run("index", "--home", home)[1]
    (home / "pins.json").write_text("{")
    status, _, err = run("index", "--home", home)
    assert (status, err.startswith(f"pins: {home / 'pins.json'}: is no JSON")) == (0, True)
    status, _, err = run("pins", "--home", home)
    assert (status, err.startswith(f"error: {home / 'pins.json'}: is no JSON")) == (1, True)


def test_without_an_index(run, tmp_path):
    status, _, err = run("pin", ASKED, "--home", tmp_path / "none")
    assert (status, err.startswith("error: no index in")) == (1, True)
    assert run("pins", "--home", tmp_path / "none")[0] == 0
