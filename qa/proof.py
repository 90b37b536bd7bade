"""Kept quotes, held against the documents whenever they are shown again."""

from collections.abc import Callable, Iterator

from index.errors import PinpointError, StoreError
from qa.conversation import Conversation, Turn
from qa.models import Answer, Candidate, Citation, CitedDocument, Side

_FALSE = "A quote kept here is not what its document says, so it is not shown; ask again."

Read = Callable[[str], tuple[CitedDocument, str]]
"""Returns a document and its whole text by the text's SHA-256, as `Pinpoint.document` does."""


def proven(conversation: Conversation, read: Read) -> Conversation:
    """Return a conversation with every quote compared with `text[start:end]`.

    An answer with a quote that is not what stands there becomes an error. A text that cannot be
    read any more proves nothing either way: its SHA-256 is listed in the turn's `gone`.

    Args:
        conversation: As it was kept.
        read: Each text is read once, and one held at a time.
    """
    cited: dict[str, set[Citation]] = {}
    for turn in conversation.turns:
        for citation in _cited(turn.answer):
            cited.setdefault(citation.document.sha256, set()).add(citation)
    gone: set[str] = set()
    false: set[Citation] = set()
    for sha256, citations in cited.items():
        try:
            _, text = read(sha256)
        except StoreError:  # a server that is away says nothing of the text
            raise
        except PinpointError:
            gone.add(sha256)
        else:
            false |= {citation for citation in citations if not _stands(citation, text)}
    turns = tuple(_told(turn, gone, false) for turn in conversation.turns)
    return conversation.model_copy(update={"turns": turns})


def _cited(answer: Answer | None) -> Iterator[Citation]:
    """Yield all quotes of an answer, some more than once."""
    if answer is None:
        return
    yield from answer.citations
    yield from answer.nearest
    parts: tuple[Candidate | Side, ...] = (*answer.candidates, *answer.sides, *answer.differing)
    for part in parts:
        yield from part.citations


def _stands(citation: Citation, text: str) -> bool:
    """Tell whether a quote, and the short answer in it, are what stands in the text."""
    start, end, short = citation.start, citation.end, citation.answer
    if not 0 <= start < end <= len(text) or text[start:end] != citation.quote:
        return False
    if short is None:
        return True
    inside = start <= short.start < short.end <= end
    return inside and text[short.start : short.end] == short.text


def _told(turn: Turn, gone: set[str], false: set[Citation]) -> Turn:
    cited = set(_cited(turn.answer))
    if cited & false:
        return turn.model_copy(update={"answer": None, "error": _FALSE})
    lost = {citation.document.sha256 for citation in cited} & gone
    return turn.model_copy(update={"gone": tuple(sorted(lost))}) if lost else turn
