"""The command that calibrates, in-process."""

import json

import pytest

NAMES = ("ant", "bat", "cat", "dog", "eel", "fox", "gnu", "hen", "ibex", "jay", "koi", "lynx")
ASKED = ("When does the {} open?", "When does the {} house open?")
QUESTION = ASKED[0].format("cat")


@pytest.fixture
def home(run, folder, tmp_path):
    for number, name in enumerate(NAMES):
        (folder / f"{name}.txt").write_text(f"The {name} house opens at {number}00. Visit it.")
    assert run("index", folder, "--home", tmp_path / "home")[0] == 0
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path):
    rows = [
        {"question": words.format(name), "answers": [f"{number}00"]}
        for number, name in enumerate(NAMES)
        for words in ASKED
    ]
    made = tmp_path / "questions.jsonl"
    made.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


def test_calibrating_showing_and_removing(run, home, file, tmp_path):
    page = tmp_path / "report.html"
    status, out, _ = run("calibrate", file, "--home", home, "--risk", "0.15", "--html", page)
    assert status == 0
    assert out.startswith("32 questions asked of generation 1, reader pinpoint-reader: 24 of files")
    assert "asked for)." in out.splitlines()[-1]
    assert "<svg" in page.read_text()
    assert run("calibrate", "--home", home, "--show") == (0, out, "")
    told = json.loads(run("calibrate", "--home", home, "--show", "--json")[1])
    assert (told["counts"]["file"], told["chosen"]["answered"]) == (24, 24)
    shown = told["chosen"]["confidence"]
    asked = json.loads(run("ask", QUESTION, "--home", home, "--json")[1])
    assert (asked["answered"], asked["confidence"]) == (True, shown)
    assert f"confidence {shown:.0%}" in run("ask", QUESTION, "--home", home)[1]
    lines = run("status", "--home", home)[1].splitlines()
    assert [line for line in lines if line.startswith("calib")] == [
        f"calibration on 32 questions at generation 1: answers from {shown:.0%} on, of which 0.0% "
        "are wrong (0.0% to 11.7%, 15.0% asked for)"
    ]
    assert run("calibrate", "--home", home, "--remove") == (0, "calibration removed\n", "")
    assert run("calibrate", "--home", home, "--remove") == (0, "there was no calibration\n", "")
    assert json.loads(run("ask", QUESTION, "--home", home, "--json")[1])["confidence"] == 1.0
    status, out, err = run("calibrate", "--home", home, "--show")
    assert (status, out, err.startswith("error: there is no calibration in")) == (1, "", True)


def test_where_no_threshold_keeps_the_risk(run, home, file):
    status, out, err = run("calibrate", file, "--home", home, "--risk", "0.05", "--json")
    assert (status, json.loads(out)["chosen"]) == (1, None)
    assert err.endswith(
        "error: no threshold keeps the risk within 5.0%, so nothing was stored: the lowest upper "
        "estimate is 11.7%, at a coverage of 75%; label more questions, or ask for a higher "
        "--risk\n"
    )
    assert run("calibrate", "--home", home, "--show")[0] == 1


def test_too_few_questions(run, home):
    status, out, err = run("calibrate", "--home", home)
    assert (status, out) == (1, "")
    assert err == (
        "error: 0 labelled questions are too few to calibrate by, 20 are needed; give a file of "
        "questions, pin some, or rate answers on the page\n"
    )


def test_where_its_page_has_no_place_nothing_is_asked_or_stored(run, home, file, tmp_path):
    page = tmp_path / "none" / "report.html"
    status, out, err = run("calibrate", file, "--home", home, "--risk", "0.15", "--html", page)
    assert (status, out) == (2, "")
    assert f"{page}: its folder is not there" in err
    assert run("calibrate", "--home", home, "--show")[0] == 1


def test_wrong_usage(run, home, file, tmp_path):
    assert run("calibrate", file, "--home", home, "--risk", "2")[0] == 2
    assert run("calibrate", file, "--home", home, "--show")[0] == 2
    assert run("calibrate", "--home", home, "--show", "--remove")[0] == 2
    assert run("calibrate", tmp_path / "none.jsonl", "--home", home)[0] == 2
