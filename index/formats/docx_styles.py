"""What a Word paragraph's style says of it: a heading's level, a list item."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_NUMBER = f"pPr/{_W}numPr/{_W}numId"
_BODY_LEVEL = 9  # what Word writes for "body text"
_MAX_BASED_ON = 20  # a chain of styles that leads to itself would have no end


class Styles:
    """The styles of a document, by the name that does not change with Word's language.

    Args:
        element: The root of the styles part (`w:styles`).
    """

    def __init__(self, element: Any) -> None:  # noqa: ANN401 - lxml has no types
        self._by_id: dict[str, Any] = {}
        self._default: str | None = None
        self._known: dict[str | None, _Said] = {}
        for style in element.iterfind(_W + "style"):
            self._by_id[style.get(_W + "styleId")] = style
            if style.get(_W + "default") in ("1", "true") and style.get(_W + "type") == "paragraph":
                self._default = style.get(_W + "styleId")
        language = element.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang")
        self.language: str | None = language.get(_W + "val") if language is not None else None

    def heading_level(self, paragraph: Any) -> int | None:  # noqa: ANN401 - lxml has no types
        """Return 0 for a title, 1 to 9 for a heading, None for other paragraphs."""
        level = _outline_level(paragraph)
        level = self._said(paragraph).level if level is None else level
        return level if level is not None and level <= _BODY_LEVEL else None

    def is_item(self, paragraph: Any) -> bool:  # noqa: ANN401 - lxml has no types
        """Return whether the paragraph is a list item, by itself or by its style."""
        number = _value(paragraph, _NUMBER)
        return self._said(paragraph).item if number is None else number != "0"

    def is_contents_entry(self, paragraph: Any) -> bool:  # noqa: ANN401 - lxml has no types
        """Return whether the paragraph is a line of a table of contents."""
        return self._said(paragraph).contents

    def _said(self, paragraph: Any) -> "_Said":  # noqa: ANN401 - lxml has no types
        name = _value(paragraph, f"pPr/{_W}pStyle") or self._default
        if name not in self._known:
            chain = list(self._chain(name))
            self._known[name] = _Said(_level(chain), _is_item(chain), _is_contents(chain))
        return self._known[name]

    def _chain(self, name: str | None) -> Iterator[Any]:
        for _ in range(_MAX_BASED_ON):
            style = self._by_id.get(name or "")
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a style, with those that it is based on, says of its paragraphs."""

    level: int | None
    item: bool
    contents: bool


def _level(chain: Sequence[Any]) -> int | None:
    for style in chain:
        name = _value(style, "name") or ""
        heading = _HEADING.fullmatch(name)
        if heading or name.lower() == "title":
            return int(heading[1]) if heading else 0
        level = _outline_level(style)
        if level is not None:
            return level
    return None


def _is_item(chain: Sequence[Any]) -> bool:
    for style in chain:
        number = _value(style, _NUMBER)
        if number is not None:
            return number != "0"
        if (_value(style, "name") or "").lower().startswith(("list bullet", "list number")):
            return True
    return False


def _is_contents(chain: Sequence[Any]) -> bool:
    names = [(_value(style, "name") or "").lower() for style in chain]
    return any(name.startswith(("toc ", "table of figures")) for name in names)


def _outline_level(element: Any) -> int | None:  # noqa: ANN401 - lxml has no types
    """Return the level counted from 1; body text is beyond all headings."""
    value = _value(element, f"pPr/{_W}outlineLvl")
    return int(value) + 1 if value is not None else None


def _value(element: Any, path: str) -> str | None:  # noqa: ANN401 - lxml has no types
    found = element.find(_W + path)
    value = found.get(_W + "val") if found is not None else None
    return str(value) if value is not None else None
