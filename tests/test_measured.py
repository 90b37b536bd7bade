"""Figures kept as data, and what has drifted from them."""

import json
import re
from pathlib import Path

import pytest

from bench.measured import Measured, accept, drift, measured, told

KNOWN = Measured(
    command="python -m bench.cats",
    inputs={"questions": "a" * 64},
    n=10,
    figures={"right": 0.8, "answered": 0.9},
    tolerance=0.01,
    hardware="2 cores",
    commit="0" * 12,
    day="2026-11-28",
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "measured.json"
    accept("cats", KNOWN, path)
    return path


def with_figures(**figures):
    return KNOWN.model_copy(update={"figures": KNOWN.figures | figures})


def test_figures_within_the_tolerance_have_not_drifted(file):
    assert drift("cats", with_figures(right=0.809), file) == []


def test_what_has_drifted_is_named(file):
    assert drift("cats", with_figures(right=0.82), file) == ["cats: right is 0.8200, it was 0.8000"]


def test_figures_that_are_missing_or_new_are_named(file):
    found = KNOWN.model_copy(update={"figures": {"right": 0.8, "silent": 0.1}})
    assert drift("cats", found, file) == [
        "cats: answered is None, it was 0.9",
        "cats: silent is 0.1, it was None",
    ]


def test_other_inputs_are_named(file):
    found = KNOWN.model_copy(update={"inputs": {"questions": "b" * 64}})
    assert drift("cats", found, file) == [
        "cats: questions is another one than it was measured with"
    ]


def test_another_number_of_questions_is_named(file):
    found = KNOWN.model_copy(update={"n": 5})
    assert drift("cats", found, file) == ["cats: 5 were measured, not 10"]


def test_what_was_never_measured_is_no_success(file):
    assert drift("dogs", KNOWN, file) == [
        "dogs: nothing was measured before; keep this with --accept"
    ]


def test_accepted_figures_stand_beside_the_others(file):
    accept("bees", KNOWN, file)
    assert list(json.loads(file.read_text())) == ["bees", "cats"]
    assert drift("bees", KNOWN, file) == []


def test_drift_is_told_with_status_1(file, capsys):
    assert told("cats", KNOWN, accepted=False, file=file) == 0
    assert capsys.readouterr().out == "cats: as measured before\n"
    assert told("cats", with_figures(right=0.5), accepted=False, file=file) == 1
    assert capsys.readouterr().out == "cats: right is 0.5000, it was 0.8000\n"


def test_figures_of_now_name_machine_and_commit():
    found = measured("x", {}, 3, {"right": 0.123456}, tolerance=0.1)
    assert (found.figures, found.n) == ({"right": 0.1235}, 3)
    assert len(found.commit.rstrip("+")) == 12
    assert " cores, " in found.hardware


def test_the_readme_tells_what_was_measured():
    root = Path(__file__).parents[1]
    kept = json.loads((root / "bench" / "measured.json").read_text("utf-8"))
    right, answered, left_out, elsewhere = (
        kept["answer quality, all questions"]["figures"][name]
        for name in ("right when answered", "answered", "abstention recall", "silent elsewhere")
    )
    told = (root / "README.md").read_text("utf-8").split("It can be wrong both ways.")[1]
    assert re.findall(r"\d+%", told)[:4] == [
        f"{share:.0%}" for share in (right, 1 - answered, 1 - left_out, 1 - elsewhere)
    ]


def test_the_checksum_of_a_path_is_kept(tmp_path):
    path = tmp_path / "cats.txt"
    path.write_bytes(b"abc")  # NIST's example, FIPS 180-2 B.1
    found = measured("x", {"file": path, "model": "b" * 64}, 3, {}, tolerance=0.1)
    assert found.inputs == {
        "file": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "model": "b" * 64,
    }
