"""Reads what has changed of the files that the index follows, archives member by member."""

import hashlib
import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from index.document import Extracted
from index.errors import LoadError
from index.extract import Extractor
from index.files import file_stat, read_file, upwards
from index.kind import ZIP, media_type
from index.members import members
from index.rows import StoredDocument
from index.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, or a member of an archive, that the index does not hold as it is.

    Attributes:
        path: Where it is.
        size_bytes: Its size.
        sha256: Of its bytes.
        stat: Its size and times, None for a member or where they prove nothing.
        document: What was loaded; None if nothing was asked for, or another file is its twin.
        twin: Row id of the document of a file with the same bytes and the same name.
    """

    path: str
    size_bytes: int
    sha256: str
    stat: str | None = None
    document: Extracted | None = None
    twin: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows.

    Attributes:
        documents: Path to document, of those that need not be loaded again.
        archives: Path to SHA-256 of the archives whose members are in the index.
        unsure: Paths that have to be looked at again, whatever holds them: those that could not be
            read at the last sync, and those that were loaded in another way than now.
    """

    documents: Mapping[str, StoredDocument] = field(default_factory=dict)
    archives: Mapping[str, str] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """What is there now.

    Attributes:
        present: Paths of documents that are there, read or not.
        changed: Those of them that the index does not hold as they are.
        failures: Path to cause.
        archives: As `Known` has them.
        stats: Row id to size and times of files that are as the index holds them.
        looked: How many files were looked at.
    """

    looked: int = 1
    present: set[str] = field(default_factory=set)
    changed: list[ReadFile] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    archives: dict[str, str] = field(default_factory=dict)
    stats: dict[int, str] = field(default_factory=dict)


def read_changed(
    paths: Sequence[str], known: Known, settings: Settings, *, load: bool = True
) -> Iterator[Found]:
    """Look at every file, and load those that the index does not hold as they are.

    A file whose size and times are those of the last look is not opened.

    Args:
        paths: Files.
        known: What need not be loaded again; nothing means that all is loaded.
        settings: Limits, and settings of the loaders.
        load: False only finds out which files have changed.
    """
    with Extractor(settings) as extractor:
        intake = _Intake(known, settings, extractor.extract if load else None)
        settled = {path for path in paths if intake.is_settled(path)}
        if settled:
            yield Found(looked=len(settled), present=settled)
        yield from extractor.map(intake.read, (path for path in paths if path not in settled))


class _Intake:
    def __init__(
        self,
        known: Known,
        settings: Settings,
        extract: Callable[[Path, bytes], Extracted] | None,
    ) -> None:
        self._known = known
        self._settings = settings
        self._extract = extract
        self._paths = sorted(known.documents)
        self._with_unsure = {place for path in known.unsure for place in upwards(path)}

    def is_settled(self, path: str) -> bool:
        """Tell whether size and times prove that a file is the one that was read."""
        stored = self._known.documents.get(path)
        if stored is None or stored.stat is None:
            return False
        return stored.stat == file_stat(path)

    @cached_property
    def _twins(self) -> dict[tuple[str, str], StoredDocument]:
        """Documents by their files' bytes and names."""
        known = self._known.documents.values()
        return {(d.file_sha256, d.path.rpartition(os.sep)[2]): d for d in known}

    def read(self, path: str) -> Found:
        """Return what became of one file."""
        found = Found()
        try:
            self._read(path, found)
        except LoadError as error:
            found.failures[path] = str(error)
        return found

    def _read(self, path: str, found: Found) -> None:
        stat = file_stat(path)
        content = read_file(Path(path), self._settings.max_file_bytes)
        digest = hashlib.sha256(content).hexdigest()
        if stat != file_stat(path):  # it is being written to
            stat = None
        if self._known.archives.get(path) == digest and path not in self._with_unsure:
            found.present.update(self._below(path))
            found.archives[path] = digest
        elif not self._holds(path, digest) and media_type(Path(path), content) == ZIP:
            self._read_archive(path, content, digest, found)
        else:
            self._read_document(path, content, digest, found, stat)

    def _read_archive(self, path: str, content: bytes, digest: str, found: Found) -> None:
        unchanged = self._known.archives.get(path) == digest
        held = set(self._below(path)) - self._known.unsure if unchanged else set()
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

    def _read_document(
        self, path: str, content: bytes, digest: str, found: Found, stat: str | None = None
    ) -> None:
        found.present.add(path)
        stored = self._known.documents.get(path)
        if stored is not None and stored.file_sha256 == digest:
            if stat is not None:
                found.stats[stored.rowid] = stat
            return
        twin = self._twins.get((digest, Path(path).name))
        file = ReadFile(path, len(content), digest, stat, twin=twin.rowid if twin else None)
        if twin is None and self._extract is not None:
            file = replace(file, document=self._extract(Path(path), content))
        found.changed.append(file)

    def _holds(self, path: str, digest: str) -> bool:
        stored = self._known.documents.get(path)
        return stored is not None and stored.file_sha256 == digest

    def _below(self, path: str) -> Iterable[str]:
        """Return the documents that are known below a path."""
        first = bisect_left(self._paths, path + os.sep)
        return self._paths[first : bisect_left(self._paths, path + chr(ord(os.sep) + 1))]
