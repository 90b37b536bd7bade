"""Where in a collection the right answers stand."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from index.errors import InputError
from index.rows import StoredDocument
from index.store import Store, text_sha256
from qa.evaluation.questions import Question, Spans

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE_END = re.compile(r"(?<=[.!?])\s+|\n")
_PHRASES, _PHRASE_WORDS = 3, 12
_MOST_DOCUMENTS = 200  # that have a phrase of a context


class Gold(NamedTuple):
    """The documents that answer, by the SHA-256 of their text, and where in them, if known."""

    documents: frozenset[str]
    spans: Mapping[str, Spans]


UNKNOWN = Gold(frozenset(), {})
"""Only the words of the answers are known."""


def find_gold(store: Store, questions: Sequence[Question], name: str) -> list[Gold]:
    """Return where each question is answered.

    A question's document must be in the collection. Its context need not: then nothing is known.

    Args:
        store: The collection.
        questions: Of a file.
        name: The file's, for messages.

    Raises:
        InputError: a document is not in the collection, or a span not in the document.
    """
    finder = _Finder(store)
    found = []
    for question in questions:
        try:
            found.append(finder.gold(question))
        except InputError as error:
            raise InputError(f"{name}: {question.where}: {error}") from error
    return found


class _Finder:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._named: dict[str, list[StoredDocument]] | None = None
        self._contexts: dict[str, tuple[tuple[str, int], ...]] = {}
        self._lengths: dict[str, int] = {}

    def gold(self, question: Question) -> Gold:
        if question.context is not None:
            places = self._places(question.context)
            spans = {
                sha256: tuple((at + start, at + end) for start, end in question.context_spans)
                for sha256, at in places
            }
            return Gold(frozenset(spans), {key: found for key, found in spans.items() if found})
        documents = [self._document(each) for each in question.document]
        for sha256 in documents if question.spans else ():
            length = self._length(sha256)
            for start, end in question.spans:
                if end > length:
                    raise InputError(
                        f"span [{start}, {end}) is not in {question.document[0]}, whose text has "
                        f"{length} characters; spans count in the text that pinpoint indexed"
                    )
        spans = {sha256: question.spans for sha256 in documents if question.spans}
        return Gold(frozenset(documents), spans)

    def _document(self, named: str) -> str:
        if _SHA256.fullmatch(named):
            found = self._store.described_by_text(named)
            return self._only(named, [] if found is None else [found])
        if self._named is None:
            self._named = defaultdict(list)
            for document in self._store.documents():
                self._named[PurePath(document.path).name].append(document)
        path = PurePath(Path(named).expanduser())
        alike = self._named.get(path.name, [])
        return self._only(named, [each for each in alike if _ends(each.path, path)])

    def _only(self, named: str, found: Iterable[StoredDocument]) -> str:
        texts = {document.sha256: document.path for document in found}
        if not texts:
            raise InputError(
                f"document {named} is not in {self._store.home}; index it, or leave the field out"
            )
        if len(texts) > 1:
            one, other = sorted(texts.values())[:2]
            raise InputError(f"document {named} may be {one} or {other}; name more of its path")
        return next(iter(texts))

    def _length(self, sha256: str) -> int:
        if sha256 not in self._lengths:
            found = self._store.find_document(sha256)
            self._lengths[sha256] = len(found[1]) if found else 0
        return self._lengths[sha256]

    def _places(self, context: str) -> tuple[tuple[str, int], ...]:
        """Return the documents that have a context in their text, and its first place in each."""
        if context not in self._contexts:
            self._contexts[context] = tuple(self._find(context))
        return self._contexts[context]

    def _find(self, context: str) -> Iterable[tuple[str, int]]:
        own = text_sha256(context)
        if self._store.described_by_text(own) is not None:
            yield own, 0
        found: dict[int, None] = {}
        for phrase in _phrases(context):
            quoted = phrase.replace('"', '""')
            hits = self._store.search_terms(f'"{quoted}"', _MOST_DOCUMENTS)
            chunks = self._store.chunks([chunk for chunk, _ in hits])
            found |= dict.fromkeys(chunk.document for chunk in chunks)
        for rowid in sorted(found):
            document, text = self._store.document(rowid)
            at = text.find(context)
            if at >= 0 and document.sha256 != own:
                yield document.sha256, at


def _phrases(context: str) -> list[str]:
    """Return the beginnings of the longest sentences: a passage may end between two sentences."""
    pieces = sorted(_PIECE_END.split(context), key=len, reverse=True)[:_PHRASES]
    phrases = [" ".join(piece.split()[:_PHRASE_WORDS]) for piece in pieces]
    return [phrase for phrase in phrases if any(letter.isalnum() for letter in phrase)]


def _ends(path: str, named: PurePath) -> bool:
    """Tell whether a path is one that was named, or ends with its parts."""
    parts = [part for part in named.parts if part != "."]
    return list(PurePath(path).parts[-len(parts) :]) == parts
