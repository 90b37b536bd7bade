"""A reader whose scores can be worked out by hand."""

import re
import threading

from qa.read import Reading, Span, ordered

_WORD = re.compile(r"\w+")


class WordReader:
    """Scores a sentence by the share of the question's words that stand in it.

    The short answer is the first `short` in a sentence, if any. `gate` holds readings up while
    it is cleared; `fault` is raised by the next one.
    """

    def __init__(self, *, threshold=0.5, short=None):
        self.threshold = threshold
        self.short = short
        self.fault = None
        self.gate = threading.Event()
        self.gate.set()

    def read(self, question, passages):
        assert self.gate.wait(timeout=20)
        if self.fault is not None:
            raise self.fault
        wanted = words(question)
        spans = []
        for passage in passages:
            for start, end in passage.sentences:
                sentence = passage.slice(start, end)
                score = len(wanted & words(sentence)) / max(len(wanted), 1)
                answer = self._short(sentence, start)
                spans.append(Span(passage, start, end, score=round(score, 4), answer=answer))
        return Reading(ordered(spans), self.threshold)

    def _short(self, sentence, start):
        if self.short is None or self.short not in sentence:
            return None
        first = start + sentence.index(self.short)
        return first, first + len(self.short)


def words(text):
    return {word.lower() for word in _WORD.findall(text)}
