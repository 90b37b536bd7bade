"""The calibration of a home, in its file."""

import json
import os

import pytest
from calibrations import calibration, report

from index.errors import PinpointError
from qa.calibration.maps import Platt
from qa.calibration.stored import CalibrationFile


@pytest.fixture
def file(tmp_path):
    return CalibrationFile(tmp_path)


def test_what_is_written_is_read(file, tmp_path):
    assert file.read() is None
    made = calibration()
    file.write(made)
    assert file.read() == CalibrationFile(tmp_path).read() == made
    content = json.loads((tmp_path / "calibration.json").read_text())
    assert (content["format"], content["version"]) == ("pinpoint calibration", 1)
    assert content["map"]["probabilities"] == [0.0, 0.5]


def test_another_process_s_calibration_is_seen(file, tmp_path):
    file.write(calibration())
    assert file.read().map.kind == "isotonic"
    other = calibration(map=Platt(questions=100, slope=1.5, intercept=-0.25), score=0.75)
    CalibrationFile(tmp_path).write(other)
    assert file.read() == other
    CalibrationFile(tmp_path).remove()
    assert file.read() is None


def test_a_file_that_did_not_change_is_not_read_again(file, monkeypatch):
    file.write(calibration())
    found = file.read()
    monkeypatch.setattr(CalibrationFile, "_read", lambda _: pytest.fail("read again"))
    assert file.read() is found


def test_removing(file):
    assert file.remove() is False
    file.write(calibration(report=report()))
    assert file.remove() is True
    assert file.remove() is False


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"{", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "holds no calibration"),
        (b'{"format": "pinpoint pins"}', "holds no calibration"),
        (b'{"format": "pinpoint calibration", "version": 2}', "upgrade Pinpoint"),
        (b'{"format": "pinpoint calibration", "version": 1}', "stamp: Field required"),
    ],
)
def test_a_damaged_file_names_the_way_out(file, content, cause):
    file.path.write_bytes(content)
    for _ in range(2):  # also when it is not read anew
        with pytest.raises(PinpointError, match="pinpoint calibrate --remove") as caught:
            file.read()
        assert cause in str(caught.value)
        assert str(file.path) in str(caught.value)
    file.write(calibration())
    assert file.read() == calibration()


@pytest.mark.parametrize("broken", [{"slope": "steep"}, {"slope": float("nan")}, {"kind": "other"}])
def test_a_map_that_is_none_is_damage(file, broken):
    file.write(calibration(map=Platt(questions=9, slope=1.0, intercept=0.0)))
    content = json.loads(file.path.read_text())
    content["map"] |= broken
    file.path.write_text(json.dumps(content))
    with pytest.raises(PinpointError, match="map"):
        file.read()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(file):
    file.write(calibration())
    file.path.chmod(0)
    with pytest.raises(PinpointError, match="cannot be read"):
        CalibrationFile(file.path.parent).read()
