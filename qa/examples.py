"""Example questions, made from what the documents of a collection say."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.rows import StoredChunk
from index.store import Store
from qa.example_headings import heading_question
from qa.example_sentences import Asks, sentence_questions
from qa.models import Answer
from qa.terms import content_stems

_SAMPLED_CHUNKS = 240
_SENTENCE_CHARS = (30, 260)
_QUESTION_CHARS = (14, 80)
_READABLE = re.compile(r"(?!.* -)[A-Z][\w ,.'’/+#%&$£€-]*\?")
_ALIKE = 0.6
_RANK = {asks: rank for rank, asks in enumerate(Asks)}


@dataclass(frozen=True, slots=True)
class Example:
    """A question that a document answers.

    Attributes:
        question: A whole English question.
        asks: What it asks for.
        sha256: The document's whole text, as in a citation.
        title: The document's title.
        start: First character of the place that answers: a sentence, or a passage under a heading.
        end: One past the last character.
    """

    question: str
    asks: Asks
    sha256: str
    title: str
    start: int
    end: int


def example_questions(store: Store, limit: int = 6) -> tuple[Example, ...]:
    """Return up to `limit` questions, best first, of as many documents and kinds as there are.

    At most 240 passages are looked at: the first ones of documents, and others spread over the
    collection. The same generation gives the same questions; an empty one gives none. The answers
    are not looked for; `Pinpoint.examples` does that.

    Args:
        store: One generation of the index.
        limit: Most questions.
    """
    ids = store.sampled_chunks(_SAMPLED_CHUNKS)
    chunks, bodies = store.chunks(ids), store.bodies(ids)
    documents = store.described({chunk.document for chunk in chunks})
    found = [
        Example(question, asks, document.sha256, document.title, start, end)
        for chunk in chunks
        for document in [documents[chunk.document]]
        for asks, question, start, end in _asked(chunk, bodies[chunk.rowid])
        if _reads_well(question)
    ]
    return tuple(_choose(found, limit))


def answered(
    examples: Iterable[Example], ask: Callable[[str], Answer], limit: int
) -> tuple[Example, ...]:
    """Return the first `limit` examples that `ask` answers from the place they were made of."""
    kept: list[Example] = []
    for example in examples:
        if len(kept) == limit:
            break
        if _from_its_place(example, ask(example.question)):
            kept.append(example)
    return tuple(kept)


def _from_its_place(example: Example, answer: Answer) -> bool:
    return any(
        citation.document.sha256 == example.sha256
        and citation.start < example.end
        and example.start < citation.end
        for citation in answer.citations[:1]
    )


def _asked(chunk: StoredChunk, body: str) -> Iterator[tuple[Asks, str, int, int]]:
    heading = heading_question(chunk.heading[-1], body) if chunk.heading else None
    if heading:
        yield Asks.HEADING, heading, chunk.start, chunk.end
    context = re.sub(r"`[^`]*`", "`", " ".join(body.split()))
    for start, end in chunk.sentences:
        if _SENTENCE_CHARS[0] <= end - start <= _SENTENCE_CHARS[1]:
            sentence = body[start - chunk.start : end - chunk.start]
            for asks, question in sentence_questions(sentence, context):
                yield asks, question, start, end


def _reads_well(question: str) -> bool:
    shortest, longest = _QUESTION_CHARS
    return (
        shortest <= len(question) <= longest
        and _READABLE.fullmatch(question) is not None
        and len(content_stems(question)) >= 1
    )


def _choose(found: Sequence[Example], limit: int) -> Iterator[Example]:
    """Yield examples so that documents, then kinds, take turns; none much like one before."""
    left = sorted(found, key=lambda e: (_RANK[e.asks], len(e.question), e.question, e.sha256))
    documents: Counter[str] = Counter()
    kinds: Counter[Asks] = Counter()
    chosen: list[frozenset[str]] = []
    while left and len(chosen) < limit:
        best = min(left, key=lambda e: (documents[e.sha256], kinds[e.asks]))  # the first of equals
        left.remove(best)
        terms = frozenset(content_stems(best.question))
        if any(len(terms & other) >= _ALIKE * len(terms | other) for other in chosen):
            continue
        documents[best.sha256] += 1
        kinds[best.asks] += 1
        chosen.append(terms)
        yield best
