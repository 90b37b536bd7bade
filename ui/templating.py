"""HTML from the templates in `ui/templates`; text stands in it unchanged and marks up nothing."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape


def render(template: str, **values: Any) -> str:  # noqa: ANN401
    """Return a template's HTML.

    Args:
        template: Its file name in `ui/templates`.
        values: What it is made of; strings are escaped.

    Raises:
        jinja2.UndefinedError: a value that the template needs is missing.
    """
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """Return the environment of all templates."""
    folder = files("ui") / "templates"
    sources = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    return Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_literal,
    )


def _literal(value: Any) -> Any:  # noqa: ANN401
    """Return text as HTML that shows exactly its characters.

    A carriage return is written as a reference, because HTML parsers turn a bare one into a
    line feed.
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return Markup(str(escape(value)).replace("\r", "&#13;"))  # noqa: S704 - escaped just before
