"""Passages and spans made from a few sentences."""

from index.rows import StoredDocument
from qa.read import Passage, Span


def document(rowid, path, date=None):
    return StoredDocument(
        rowid, path, 0, f"{rowid:064x}", f"{rowid:064x}", path.split(".")[0], date, "text/plain"
    )


def passage(rowid, path, *sentences, date=None, heading=(), start=0):
    """A passage of a document of its own whose text is its sentences, a space between two."""
    spans, at = [], start
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(sentences)
    return Passage(document(rowid, path, date), start, text, heading, tuple(spans), 0.5, 0.9)


def span(passage, number, score, answer=None):
    """The sentence with this number, with the words `answer` as its short answer."""
    start, end = passage.sentences[number]
    found = None
    if answer is not None:
        first = start + passage.slice(start, end).index(answer)
        found = first, first + len(answer)
    return Span(passage, start, end, score, found)
