"""Walk a page's elements and add its paragraphs, items, code and rows to a text."""

import textwrap
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from index.formats.builder import TextBuilder
from index.formats.html_main import identity
from index.formats.html_table import caption_of, data_rows, is_data, is_plain
from index.formats.html_text import BLOCKS, BREAK, collapse, figures
from index.formats.markup import tag_of

if TYPE_CHECKING:
    from lxml import etree

_LISTS = {"ul", "ol", "dl", "menu", "dir"}
_NESTING = {"li", "dt", "dd", *_LISTS}
_ROW_PARTS = {"tr", "table", "caption", "thead", "tbody", "tfoot"}
_ALWAYS_END = {"li", "pre", *_LISTS, "h1", "h2", "h3", "h4", "h5", "h6"}
_BOX_NAMES = "note warning tip important caution danger attention admonition callout"
_BOXES = frozenset(_BOX_NAMES.split())


def add_html(
    builder: TextBuilder,
    root: "etree._Element",
    *,
    above: Sequence[str] = (),
    marks: Collection[str] = (),
    on_mark: Callable[[str], None] | None = None,
) -> None:
    """Add what an element holds to a text, in reading order.

    Args:
        builder: The text.
        root: The element; what no reader sees has been emptied.
        above: Titles of headings above it.
        marks: Ids of elements of interest.
        on_mark: Called with such an id when all before the element has been added.
    """
    _Writer(builder, above, marks, on_mark).write(root)


class _Writer:
    def __init__(
        self,
        builder: TextBuilder,
        above: Sequence[str],
        marks: Collection[str],
        on_mark: Callable[[str], None] | None,
    ) -> None:
        self._builder = builder
        self._above = tuple(above)
        self._marks = marks
        self._on_mark = on_mark
        self._path: list[tuple[int, str]] = []  # (level, title), outermost first
        self._run: list[str] = []  # running text since the last block ended
        self._term_end: int | None = None  # where a term ends in the run that its definition joins
        self._nesting: list[str] = []  # the lists and items that we are in
        self._rows: list[bool] = []  # of each table that we are in: a row is one run of text
        self._pre = 0
        self._boxes: list[tuple[object, list[tuple[int, str]]]] = []  # (box, path around it)

    def write(self, root: "etree._Element") -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = tag_of(element)
            if event == "start":
                self._start(tag, element)
                if tag == "table" and is_data(element):
                    self._add_rows(element)
                    walk.skip_subtree()
            else:
                self._end(tag)
                if self._boxes and self._boxes[-1][0] is element:
                    self._path = self._boxes.pop()[1]  # a note's title is none for what follows
                if element is not root:
                    self._run.append(element.tail or "")
        self._flush()

    def _start(self, tag: str, element: "etree._Element") -> None:
        name = identity(element) if self._on_mark else None
        if name in self._marks and name and self._on_mark:
            self._flush()
            self._on_mark(name)
        if tag in BLOCKS:
            self._boundary(tag)
            if tag in _NESTING:
                self._nesting.append(tag)
            if not _BOXES.isdisjoint((element.get("class") or "").split()):
                self._boxes.append((element, self._path))
        if tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._rows.append(is_plain(element))
        elif tag == "br":
            self._run.append("\n" if self._pre else BREAK)
        self._run.append(figures(tag, element.text or ""))

    def _end(self, tag: str) -> None:
        if tag[:1] == "h" and tag[1:].isdecimal():
            self._add_heading(int(tag[1:]))
        if tag in BLOCKS:
            self._boundary(tag)
        if tag == "dt" and self._run:
            self._term_end = len(self._run)
        if tag in _NESTING:
            self._nesting.pop()
        if tag == "pre":
            self._pre -= 1
        elif tag == "table":
            self._rows.pop()

    def _boundary(self, tag: str) -> None:
        """End the block that we are in, or only the line."""
        if self._pre and tag != "pre":
            self._run.append("\n")
        elif tag not in _ROW_PARTS and self._rows and self._rows[-1]:
            self._run.append(" " if tag in ("td", "th") else BREAK)
        elif tag not in _ALWAYS_END and (self._in_one() or self._is_term()):
            self._run.append(BREAK)
        else:
            self._flush()

    def _in_one(self) -> bool:
        return bool(self._nesting) and self._nesting[-1] in ("li", "dt")

    def _is_term(self) -> bool:
        """Tell whether the run is a term whose definition has not begun."""
        return self._term_end is not None and not collapse("".join(self._run[self._term_end :]))

    def _flush(self) -> None:
        text, self._run, self._term_end = "".join(self._run), [], None
        if self._pre:
            self._add(textwrap.dedent(text), "code")
        else:
            in_item = bool(self._nesting) and self._nesting[-1] == "li"
            self._add(collapse(text), "item" if in_item else "text")

    def _add(self, text: str, kind: str) -> None:
        heading = (*self._above, *(title for _, title in self._path))
        self._builder.add(text, heading=heading, kind=kind)

    def _add_heading(self, level: int) -> None:
        title = collapse("".join(self._run).replace(BREAK, " "))
        self._run = []
        if title:
            self._path = [entry for entry in self._path if entry[0] < level]
            self._path.append((level, title))
            self._builder.add(title, kind="heading")

    def _add_rows(self, table: "etree._Element") -> None:
        self._run = []
        self._add(caption_of(table), "text")
        for number, text in data_rows(table):
            with self._builder.place("row", str(number)):
                self._add(text, "row")
