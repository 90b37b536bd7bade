"""What raw confidence comes from, told without loading a model."""

import hashlib
from importlib.resources import files

from index.model_folder import fingerprint
from index.settings import Settings
from qa import sentence_reader, span_reader
from qa.calibration.models import Stamp
from qa.read import Reader
from qa.sentence_reader import SENTENCES
from qa.span_model import PACKAGED_READER, reader_folder

VERSION = 2
"""Raise it when the same weights come to give another raw confidence."""


def stamp(settings: Settings, embedder: str, given: Reader | None = None) -> Stamp | None:
    """Return what the raw confidence of answers comes from.

    Args:
        settings: Name the reader.
        embedder: Fingerprint of the embedding model.
        given: A reader that takes the place of the one that the settings name.

    Returns:
        None for a given reader without a `fingerprint`, which cannot be told from others.

    Raises:
        ModelError: the settings name a reader that is not there.
    """
    if given is not None:
        own = getattr(given, "fingerprint", None)
        reader, confidence = own, own
    elif settings.reader == SENTENCES:
        reader, confidence = SENTENCES, sentence_reader.default_model().fingerprint
    else:
        reader = _files_of(settings.reader, settings.reader_revision)
        confidence = span_reader.default_confidence().fingerprint
    if reader is None:
        return None
    return Stamp(reader=reader, confidence=confidence, embedder=embedder, version=VERSION)


def differs(made: Stamp, now: Stamp | None) -> str | None:
    """Return what a calibration was made for that is not there now; None where nothing differs."""
    if now is None or made.reader != now.reader:
        return "made for another reader"
    if made.confidence != now.confidence or made.version != now.version:
        return "made for another confidence of the reader"
    return "made for another embedding model" if made.embedder != now.embedder else None


def _files_of(name: str, revision: str | None) -> str:
    if name == PACKAGED_READER:  # whose files are held to these checksums when they are loaded
        checksums = files("qa") / "data" / "reader" / "sha256.json"
        return hashlib.sha256(checksums.read_bytes()).hexdigest()
    folder = reader_folder(name, revision)
    return fingerprint(folder, ("*.safetensors", "*.onnx", "*.json", "*.txt"))
