"""A text to be checked, cut into its sentences, and which of them claim something."""

import re
from dataclasses import dataclass
from pathlib import Path

from index.document import Extracted
from index.errors import InputError, LoadError
from index.extract import Extractor
from index.sentences import single_sentences
from index.settings import Settings
from qa.claim_parts import starts_with_pronoun
from qa.claim_terms import claim_terms
from qa.claim_verb import verb_place
from qa.tagging import tokenise
from qa.verbs import is_noun_too

_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|dear|welcome|thanks|thank you|good (?:morning|afternoon|evening|day)"
    r"|(?:best|kind|warm) (?:regards|wishes)|regards|sincerely|yours|cheers|sure|certainly"
    r"|of course)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\W*(?:i hope|let me know|feel free|please let|here (?:is|are)|in summary\W*$"
    r"|i (?:can|could|will)|i['’](?:m|ll|ve|d)\b|note:?\W*$)",
    re.IGNORECASE,
)
_GREETING_WORDS = 8
_LOOKED_BACK = 3  # sentences
_END = re.compile(r"[.!;…]['\"”’)\]*_`]*$")


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text to be checked: `text[start:end]` of each of its sentences, in order.

    `name` is the file's path, None for a text that was given itself.
    """

    name: str | None
    text: str
    sentences: tuple[tuple[int, int], ...]

    def before(self, number: int) -> str:
        """Return the last sentence before this one that does not begin with "it" or the like."""
        for start, end in reversed(self.sentences[max(number - _LOOKED_BACK, 0) : number]):
            if not starts_with_pronoun(self.text[start:end]):
                return self.text[start:end]
        return ""


def read_text(source: Path | str, settings: Settings) -> CheckedText:
    """Cut a text, or the text of a file, into sentences; headings are left out.

    Args:
        source: A path of a file of any kind that can be indexed; a string is the text itself, read
            as Markdown.
        settings: How files are read, and the language.

    Raises:
        InputError: the text is empty, or the file is missing, too large or of a kind that cannot
            be read.
    """
    if isinstance(source, str):
        from index.markdown import load_markdown  # asking does without its parser

        return _cut(None, load_markdown(source, "text"), settings)
    name = str(source)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}; name a file that can be read") from error
    if len(content) > settings.max_file_bytes:
        raise InputError(
            f"{name}: {len(content)} bytes are over the limit of {settings.max_file_bytes}; split "
            "the file or raise max_file_bytes"
        )
    try:
        with Extractor(settings.model_copy(update={"extract_processes": 1})) as extractor:
            return _cut(name, extractor.extract(source, content), settings)
    except LoadError as error:
        raise InputError(f"{name}: {error}") from error


def _cut(name: str | None, document: Extracted, settings: Settings) -> CheckedText:
    found = single_sentences(document, settings.language)
    if not found:
        raise InputError(f"{name or 'the text'} holds no sentence; give a text to check")
    return CheckedText(name, document.text, tuple((one.start, one.end) for one in found))


def is_claim(sentence: str) -> bool:
    """Tell whether a sentence says that something is so.

    Questions, greetings, headings, lead-ins that end in a colon and words about the text itself
    ("Here is a summary.") do not.
    """
    said = sentence.strip()
    terms = claim_terms(said)
    if not terms.terms or said.endswith(("?", ":")) or said.startswith("```"):
        return False
    if _TALK.match(said) or (_GREETING.match(said) and len(said.split()) <= _GREETING_WORDS):
        return False
    return _END.search(said) is not None or _has_verb(said)


def _has_verb(said: str) -> bool:
    tokens = tokenise(said)
    place = verb_place(tokens)
    return place is not None and not (place == 1 and is_noun_too(tokens[1].text))
