"""Reads what has changed of the files that the index follows, archives member by member."""

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.document import Extracted
from index.errors import LoadError
from index.extract import Extractor
from index.files import read_file, upwards
from index.kind import ZIP, media_type
from index.members import members
from index.settings import Settings
from index.store import StoredDocument


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, or a member of an archive, that was read and loaded."""

    path: str
    size_bytes: int
    sha256: str
    document: Extracted


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows.

    Attributes:
        documents: Path to document.
        archives: Path to SHA-256 of the archives whose members are in the index.
        failures: Paths that could not be read at the last sync.
    """

    documents: Mapping[str, StoredDocument] = field(default_factory=dict)
    archives: Mapping[str, str] = field(default_factory=dict)
    failures: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """What is there now.

    Attributes:
        present: Paths of documents that are there, read or not.
        changed: Those of them that the index does not hold as they are.
        failures: Path to cause.
        archives: As `Known` has them.
    """

    present: set[str] = field(default_factory=set)
    changed: list[ReadFile] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    archives: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Found") -> None:
        """Take in what another one found."""
        self.present |= other.present
        self.changed += other.changed
        self.failures |= other.failures
        self.archives |= other.archives


def read_changed(paths: Sequence[str], known: Known, settings: Settings) -> Found:
    """Read every file, and load those that the index does not hold as they are.

    Args:
        paths: Files.
        known: What need not be loaded again; nothing means that all is loaded.
        settings: Limits, and settings of the loaders.
    """
    found = Found()
    with Extractor(settings) as extractor:
        for one in extractor.map(_Intake(known, settings, extractor).read, paths):
            found.add(one)
    return found


class _Intake:
    def __init__(self, known: Known, settings: Settings, extractor: Extractor) -> None:
        self._known = known
        self._settings = settings
        self._extractor = extractor
        self._paths = sorted(known.documents)
        self._with_failures = {place for path in known.failures for place in upwards(path)}

    def read(self, path: str) -> Found:
        """Return what became of one file."""
        found = Found()
        try:
            content = read_file(Path(path), self._settings.max_file_bytes)
            digest = hashlib.sha256(content).hexdigest()
            if self._known.archives.get(path) == digest and path not in self._with_failures:
                found.present.update(self._below(path))
                found.archives[path] = digest
            elif not self._holds(path, digest) and media_type(Path(path), content) == ZIP:
                self._read_archive(path, content, digest, found)
            else:
                self._read_document(path, content, digest, found)
        except LoadError as error:
            found.failures[path] = str(error)
        return found

    def _read_archive(self, path: str, content: bytes, digest: str, found: Found) -> None:
        unchanged = self._known.archives.get(path) == digest
        held = set(self._below(path)) - self._known.failures if unchanged else set()
        for member in members(path, content, self._settings, held):
            if member.cause is not None:
                found.failures[member.path] = member.cause
            elif member.content is None:
                found.present.add(member.path)
            else:
                self._read_member(member.path, member.content, found)
        found.archives[path] = digest

    def _read_member(self, path: str, content: bytes, found: Found) -> None:
        try:
            self._read_document(path, content, hashlib.sha256(content).hexdigest(), found)
        except LoadError as error:
            found.failures[path] = str(error)

    def _read_document(self, path: str, content: bytes, digest: str, found: Found) -> None:
        found.present.add(path)
        if not self._holds(path, digest):
            document = self._extractor.extract(Path(path), content)
            found.changed.append(ReadFile(path, len(content), digest, document))

    def _holds(self, path: str, digest: str) -> bool:
        stored = self._known.documents.get(path)
        return stored is not None and stored.file_sha256 == digest

    def _below(self, path: str) -> Iterable[str]:
        """Return the documents that are known below a path."""
        first = bisect_left(self._paths, path + os.sep)
        return self._paths[first : bisect_left(self._paths, path + chr(ord(os.sep) + 1))]
