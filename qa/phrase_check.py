"""Whether quotes of an answer support a sentence that a model wrote, or why it is dropped."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from index.document import Block, Extracted
from index.rows import StoredDocument
from index.sentences import single_sentences
from qa.claim_parts import starts_with_pronoun, understood
from qa.claim_sentences import is_claim
from qa.facts import compare, facts
from qa.models import Answer, Citation
from qa.orders import orders
from qa.phrase_cut import Written
from qa.phrase_models import DroppedSentence
from qa.read import Passage, Reader
from qa.support import Quote, Support, Verdict, support
from qa.terms import all_stems, is_content, words


class Kept(NamedTuple):
    """A sentence that quotes support, with their numbers from 1."""

    text: str
    quotes: tuple[int, ...]


def check(
    answer: Answer,
    written: Sequence[Written],
    reader: Callable[[], Reader],
    *,
    threshold: float | None = None,
) -> list[Kept | DroppedSentence]:
    """Return each sentence with the quotes that support it, or with why it is dropped; in order.

    Args:
        answer: Its quotes alone may support a sentence: those that it names, all if it names none.
        written: What the model wrote.
        reader: Gives the reader, which is asked only where the words leave something open.
        threshold: Least confidence of an answer; None takes the reader's.
    """
    found: list[Kept | DroppedSentence] = []
    for sentence in written:
        last = found[-1] if found else None
        if any(isinstance(one, Kept) and one.text == sentence.text for one in found):
            found.append(_dropped(sentence, "it was written before"))
            continue
        if isinstance(last, DroppedSentence) and starts_with_pronoun(sentence.text):
            found.append(_dropped(sentence, "it leans on the sentence before, which was dropped"))
            continue
        judged = _supported(answer.citations, sentence, last.text if last else "")
        if isinstance(judged, Kept):
            other = _other_answer(answer, judged, reader, threshold)
            judged = _dropped(sentence, other) if other else judged
        found.append(judged)
    return found


def _supported(
    citations: Sequence[Citation], sentence: Written, before: str
) -> Kept | DroppedSentence:
    """Return what the quotes that a sentence names say to it."""
    numbers = sentence.named or tuple(range(1, len(citations) + 1))
    unknown = [number for number in numbers if not 1 <= number <= len(citations)]
    if unknown:
        return _dropped(sentence, f"it names quote {unknown[0]}, and there is none")
    if not is_claim(sentence.text):
        return _dropped(sentence, "it says nothing that a quote could support")
    claim = understood(sentence.text, before) if before else sentence.text
    quotes = [_quote(citations[number - 1]) for number in numbers]
    judged = support(claim, quotes)
    if judged.verdict is Verdict.SUPPORTED:
        return Kept(sentence.text, tuple(sorted(numbers[n] for n in judged.quotes)))
    return _dropped(sentence, _why(judged, quotes, numbers))


def _quote(citation: Citation) -> Quote:
    """Return what a quote says, without sentences that order what is to be said."""
    text = citation.quote
    blocks = (Block(0, len(text)),)
    sentences = single_sentences(Extracted(text, "", None, "text/plain", blocks))
    said = [text[one.start : one.end] for one in sentences]
    above = " ".join((citation.document.title, *citation.heading))
    return Quote(" ".join(one for one in said if not orders(one)), above)


def _why(judged: Support, quotes: Sequence[Quote], numbers: Sequence[int]) -> str:
    """Return in words why quotes do not support a sentence."""
    if not any(quote.text for quote in quotes):
        return "the quote only orders what to say"
    if judged.differ and judged.quotes:
        mine, theirs = judged.differ[0]
        return f"it has {mine} where quote {numbers[judged.quotes[0]]} has {theirs}"
    if judged.denied:
        return f"it denies what quote {numbers[judged.quotes[0]]} says, or the other way round"
    lacking = (*judged.absent, *judged.missing)
    if lacking:
        return f"no quote that it may rest on has: {', '.join(lacking)}"
    return "its words stand in the quotes, but do not say this there"


def _other_answer(
    answer: Answer, kept: Kept, reader: Callable[[], Reader], threshold: float | None
) -> str | None:
    """Return in words how a sentence answers the question otherwise than its quotes, if it does.

    A sentence agrees where the short answer that is marked in one of its quotes stands in it. Else
    the reader answers the question from the sentence alone: its answer must be one that is marked,
    or it must find none, as in a sentence that tells something beside the answer. Where no short
    answer is marked, or two things are compared, there is nothing to hold it to.
    """
    cited = [answer.citations[number - 1] for number in kept.quotes]
    marked = [citation.answer.text for citation in cited if citation.answer is not None]
    if not marked or answer.sides or any(_holds(kept.text, short) for short in marked):
        return None
    reading = reader().read(answer.question, [_passage(kept.text, cited[0])])
    least = reading.threshold if threshold is None else threshold
    best = next((span for span in reading.spans if span.score >= least), None)
    if best is None or best.answer is None:
        return None
    read = kept.text[slice(*best.answer)]
    if any(_holds(read, short) or _holds(short, read) for short in marked):
        return None
    return f"the reader takes its answer to be “{read}”, and its quote's is “{marked[0]}”"


def _holds(text: str, short: str) -> bool:
    """Tell whether a text has the words of a short answer, or numbers and dates of the same worth.

    An answer without any content words is in no text.
    """
    wanted = {word for word in words(short) if is_content(word)}
    values = facts(short)
    told = compare(short, values, text, facts(text))
    if values and len(told.agree) < len(values):
        return False
    numbers = all_stems(" ".join(fact.written for fact in values))
    left = all_stems(" ".join(wanted)) - numbers
    return bool(left or values) and left <= all_stems(text)


def _passage(text: str, citation: Citation) -> Passage:
    """Return a sentence as a passage of its own, under the title and headings of its quote."""
    document = StoredDocument(
        rowid=0,
        path="",
        size_bytes=0,
        file_sha256="",
        sha256="",
        title=citation.document.title,
        date=citation.document.date,
        media_type="text/plain",
    )
    return Passage(document, 0, text, citation.heading, ((0, len(text)),), 1.0, 1.0)


def _dropped(sentence: Written, reason: str) -> DroppedSentence:
    return DroppedSentence(text=sentence.text, quotes=sentence.named, reason=reason)
