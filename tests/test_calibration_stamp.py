"""What a calibration holds for."""

import hashlib
from importlib.resources import files

import pytest
from calibrations import STAMP
from fakes import TermReader

from index.errors import ModelError
from index.model_folder import fingerprint
from index.settings import Settings
from qa import sentence_reader, span_reader
from qa.calibration.stamp import differs, stamp


def test_the_packaged_reader_is_told_by_its_checksums():
    found = stamp(Settings(), "embedder")
    checksums = (files("qa") / "data" / "reader" / "sha256.json").read_bytes()
    assert found.reader == hashlib.sha256(checksums).hexdigest()
    assert found.confidence == span_reader.default_confidence().fingerprint
    assert (found.embedder, found.version) == ("embedder", 2)


def test_the_sentence_reader_is_told_by_its_weights():
    found = stamp(Settings(reader="sentences"), "embedder")
    assert found.reader == "sentences"
    assert found.confidence == sentence_reader.default_model().fingerprint


def test_other_readers_are_told_by_their_files(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"weights")
    one = stamp(Settings(reader=str(tmp_path)), "embedder")
    (tmp_path / "README.md").write_text("says nothing of the model")
    assert stamp(Settings(reader=str(tmp_path)), "embedder") == one
    (tmp_path / "model.onnx").write_bytes(b"other weights")
    assert stamp(Settings(reader=str(tmp_path)), "embedder").reader != one.reader


def test_a_fingerprint_is_over_names_and_contents(tmp_path):
    (tmp_path / "b.json").write_bytes(b"1")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.json").write_bytes(b"2")
    one, two = (hashlib.sha256(content).hexdigest() for content in (b"1", b"2"))
    expected = hashlib.sha256(f"a/c.json {two}\nb.json {one}\n".encode()).hexdigest()
    assert fingerprint(tmp_path, ["*.json"]) == expected


def test_weights_are_told_apart():
    model = span_reader.default_confidence()
    other = model.model_copy(update={"intercept": model.intercept + 0.1})
    assert model.fingerprint == model.model_copy().fingerprint != other.fingerprint


def test_a_given_reader_is_told_by_its_own_fingerprint():
    reader = TermReader()
    assert stamp(Settings(), "embedder", reader) is None
    reader.fingerprint = "terms 1"
    found = stamp(Settings(), "embedder", reader)
    assert (found.reader, found.confidence) == ("terms 1", "terms 1")


def test_a_reader_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "huggingface_hub.snapshot_download", lambda *_, **__: (_ for _ in ()).throw(OSError("none"))
    )
    with pytest.raises(ModelError):
        stamp(Settings(reader=str(tmp_path / "none")), "embedder")


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({}, None),
        ({"reader": "x"}, "made for another reader"),
        ({"confidence": "x"}, "made for another confidence of the reader"),
        ({"version": 2}, "made for another confidence of the reader"),
        ({"embedder": "x"}, "made for another embedding model"),
    ],
)
def test_a_calibration_holds_for_what_it_was_made_for_alone(changed, cause):
    assert differs(STAMP, STAMP.model_copy(update=changed)) == cause


def test_nothing_holds_for_a_reader_that_cannot_be_told():
    assert differs(STAMP, None) == "made for another reader"
