"""What a language model is told: rules, then the quotes of an answer as data, and its question."""

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from qa.models import Answer

if TYPE_CHECKING:
    from jinja2 import Template

Messages = list[dict[str, str]]
"""A chat as OpenAI-compatible servers take it: each message has a `role` and a `content`."""


def messages(answer: Answer) -> Messages:
    """Return the prompt for an answer: its question and its quotes, and nothing else.

    A quote is a JSON string on a line of its own, so that no text in it can end it.
    """
    quotes = [
        f"{_literal(citation.quote)} (from {_literal(citation.document.title)})"
        for citation in answer.citations
    ]
    asked = _template().render(quotes=quotes, question=" ".join(answer.question.split()))
    return [{"role": "system", "content": _rules()}, {"role": "user", "content": asked}]


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@cache
def _rules() -> str:
    return (files("qa") / "data" / "phrase_rules.txt").read_text(encoding="utf-8").strip()


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    source = (files("qa") / "data" / "phrase_question.txt").read_text(encoding="utf-8")
    # Plain text, which no browser reads, and a prompt is no HTML.
    plain = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701
    return plain.from_string(source)
