"""An answer in a language model's words, each sentence held to the answer's own quotes."""

import time
from collections.abc import Callable, Sequence

from index.errors import PhraseError, SettingsError
from index.settings import Settings
from qa.models import Answer
from qa.phrase_check import Kept, check
from qa.phrase_client import ChatModel
from qa.phrase_cut import Written, cut
from qa.phrase_models import DroppedSentence, PhrasedSentence, Phrasing
from qa.phrase_prompt import messages
from qa.read import Reader

MOST_CHARS = 8000
"""Longest text of a model that is checked."""


def check_phrasing(settings: Settings) -> tuple[str, str]:
    """Return address and name of the model that phrases.

    Raises:
        SettingsError: one of them is not set.
    """
    if settings.phrase_url is None:
        raise SettingsError(
            "no model phrases answers; set phrase_url to the address of an OpenAI-compatible "
            "server, and phrase_model"
        )
    if settings.phrase_model is None:
        raise SettingsError("phrase_url is set without phrase_model; set it to the model's name")
    return settings.phrase_url, settings.phrase_model


def phrase(
    answer: Answer, settings: Settings, reader: Callable[[], Reader], key: str | None
) -> Phrasing:
    """Let the model that the settings name phrase an answer; keep what its quotes support.

    An answer that was not found is not sent anywhere.

    Args:
        answer: Its question and quotes are all that the model is given.
        settings: Name the model.
        reader: Gives the reader.
        key: For the model's server; None where it wants none.

    Raises:
        SettingsError: no model is set.
    """
    url, name = check_phrasing(settings)
    model = ChatModel(url, name, key, settings.phrase_timeout_seconds)
    started = time.monotonic()
    failure: str | None = None
    found: list[Kept | DroppedSentence] = []
    if not answer.answered:
        failure = "nothing was answered, so there is nothing to phrase"
    else:
        try:
            whole, rest = _written(answer, model, settings.language)
        except PhraseError as error:
            failure = str(error)
        else:
            found = [*check(answer, whole, reader, threshold=settings.threshold), *rest]
    sentences, text = _joined([one for one in found if isinstance(one, Kept)])
    return Phrasing(
        model=name,
        host=model.host,
        seconds=round(time.monotonic() - started, 3),
        text=text,
        sentences=sentences,
        dropped=tuple(one for one in found if isinstance(one, DroppedSentence)),
        failure=failure,
    )


def _written(
    answer: Answer, model: ChatModel, language: str
) -> tuple[list[Written], list[DroppedSentence]]:
    """Return the sentences of the model, and the last one apart where it was cut off in it."""
    reply = model.complete(messages(answer))
    if len(reply.text) > MOST_CHARS:
        raise PhraseError(
            f"{model.model} wrote {len(reply.text)} characters, and {MOST_CHARS} are the limit; "
            "the quotes are the answer"
        )
    written = cut(reply.text, language)
    if reply.complete or not written:
        return written, []
    *whole, last = written
    reason = "the model was cut off in it"
    return whole, [DroppedSentence(text=last.text, quotes=last.named, reason=reason)]


def _joined(kept: Sequence[Kept]) -> tuple[tuple[PhrasedSentence, ...], str]:
    """Return the sentences with their places in the whole text, and that text."""
    sentences: list[PhrasedSentence] = []
    text = ""
    for one in kept:
        start = len(text) + bool(text)
        end = start + len(one.text)
        marks = "".join(f"[{number}]" for number in one.quotes)
        text = f"{text}{' ' if text else ''}{one.text} {marks}"
        sentences.append(PhrasedSentence(text=one.text, start=start, end=end, quotes=one.quotes))
    return tuple(sentences), text
