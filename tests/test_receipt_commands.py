"""Receipts on the command line: exit status and output."""

import json

import pytest

from qa.receipt_file import read_receipt

TEXT = "# Gates\n\nThe harbour is old.\n\n## Hours\n\nThe gate opens at nine. Bring a lamp.\n"
QUOTE = "The gate opens at nine."
START = TEXT.index(QUOTE)
ASKED = "When opens the gate at nine?"


@pytest.fixture
def home(run, tmp_path, folder):
    (folder / "gate.md").write_text(TEXT)
    assert run("index", folder, "--home", tmp_path / "h")[0] == 0
    return tmp_path / "h"


@pytest.fixture
def file(run, home, tmp_path):
    made = tmp_path / "r.json"
    status, out, err = run("ask", ASKED, "--home", home, "--receipt", made)
    assert (status, err) == (0, "")
    assert out.startswith(f"{QUOTE} [1]\n")
    return made


@pytest.fixture
def verify(run, tmp_path):
    return lambda *arguments: run("verify", *arguments, "--home", tmp_path / "nowhere")


def told(file):
    return f"{ASKED}  (answered {read_receipt(file).created_at:%Y-%m-%d %H:%M} UTC)\n\n"


def test_an_unchanged_quote(verify, file, folder):
    assert verify(file) == (
        0,
        f"{told(file)}[1] unchanged\n    {QUOTE}\n"
        f"    {folder / 'gate.md'}:{START}-{START + 23} (Gates, Hours)\n\n1 unchanged\n",
        "",
    )


def test_a_moved_quote_fails_only_where_that_is_wanted(verify, file, folder):
    (folder / "gate.md").write_text(f"New.\n\n{TEXT}")
    was, now = f"{START}-{START + 23}", f"{START + 6}-{START + 29}"
    said = (
        f"{told(file)}[1] moved\n    {QUOTE}\n    {folder / 'gate.md'}:{now} (Gates, Hours)\n"
        f"    was {folder / 'gate.md'}:{was}\n"
        f"    ({folder / 'gate.md'}: the text is another one than it was)\n\n1 moved\n"
    )
    assert verify(file) == (0, said, "")
    assert verify(file, "--strict") == (1, said, "")


def test_a_changed_quote_is_shown_with_its_words(verify, file, folder):
    (folder / "gate.md").write_text(TEXT.replace("nine", "ten"))
    status, out, err = verify(file)
    assert (status, err) == (1, "")
    assert out.startswith(f"{told(file)}[1] changed\n    The gate opens at [-nine-]{{+ten+}}.\n")
    assert out.endswith("\n\n1 changed\n")


def test_a_quote_that_is_gone(verify, file, folder):
    (folder / "gate.md").unlink()
    assert verify(file) == (
        1,
        f"{told(file)}[1] gone\n    {QUOTE}\n    was {folder / 'gate.md'}:{START}-{START + 23}\n"
        f"    ({folder / 'gate.md'}: no such document)\n\n1 gone\n",
        "",
    )


def test_folders_are_looked_into(verify, file, folder, tmp_path):
    (tmp_path / "mine").mkdir()
    (folder / "gate.md").rename(tmp_path / "mine" / "door.md")
    status, out, _ = verify(file, "--folder", folder, "--folder", tmp_path / "mine")
    assert (status, f"    {tmp_path / 'mine' / 'door.md'}:{START}-" in out) == (0, True)


def test_json_is_one_object(verify, file):
    status, out, _ = verify(file, "--json")
    found = json.loads(out)
    assert status == 0
    assert set(found) == {
        *("asked", "question", "answered", "created_at", "quotes", "holds", "state"),
    }
    assert (found["state"], found["holds"], found["quotes"][0]["state"]) == (
        *("unchanged", True, "unchanged"),
    )


def test_a_page_is_written_by_its_name_and_verified(run, verify, home, tmp_path, folder):
    made = tmp_path / "r.HTML"
    assert run("ask", ASKED, "--home", home, "--kind", "markdown", "--receipt", made)[0] == 0
    assert made.read_text().startswith("<!doctype html>")
    assert verify(made)[0] == 0
    receipt = read_receipt(made)
    assert (receipt.filters.kinds, receipt.asked) == (("markdown",), ASKED)
    (folder / "gate.md").write_text("Nothing.")
    assert verify(made)[0] == 1


def test_an_honest_no(run, verify, home, tmp_path):
    made = tmp_path / "r.json"
    assert run("ask", "Who paints zebras?", "--home", home, "--receipt", made)[0] == 0
    status, out, _ = verify(made)
    assert status == 0
    assert out.endswith("\n\nthe answer was: not in your documents; there is no quote to check\n")


def test_documents_cannot_steer_the_terminal(run, verify, home, tmp_path, folder):
    (folder / "x.txt").write_text("Zebras \x1b[2J graze.")
    run("index", "--home", home)
    run("ask", "Do zebras graze?", "--home", home, "--receipt", tmp_path / "r.json")
    (folder / "x.txt").write_text("Zebras \x1b[2J graze \x1b[3J now.")
    _, out, _ = verify(tmp_path / "r.json")
    assert "\x1b" not in out
    assert "\N{REPLACEMENT CHARACTER}[2J" in out


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        ("{}", 2, "is no receipt; make one with: pinpoint ask --receipt"),
        (None, 2, "cannot be read (No such file or directory)"),
    ],
)
def test_what_is_no_receipt(verify, tmp_path, content, status, message):
    if content is not None:
        (tmp_path / "x").write_text(content)
    found, out, err = verify(tmp_path / "x")
    assert (found, out) == (status, "")
    assert err.startswith(f"error: {tmp_path / 'x'}: {message}")


def test_an_edited_receipt_fails(verify, file):
    file.write_text(file.read_text().replace("nine", "ten"))
    status, out, err = verify(file)
    assert (status, out) == (1, "")
    assert "the receipt is not as it was written" in err


def test_a_receipt_that_cannot_be_written(run, home, tmp_path):
    status, out, err = run("ask", ASKED, "--home", home, "--receipt", tmp_path / "no" / "r.json")
    assert (status, out) == (1, "")
    assert "r.json: cannot be written (No such file or directory)" in err
