"""Jupyter notebooks (format 4): cells in order, each a place."""

import json
import re
from typing import Any

from index.charset import decode
from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.text import join_surrogates
from index.markdown import markdown_blocks
from index.metadata import front_matter_date, stated_authors, stated_date

_FORMAT = 4
_MAX_OUTPUT_CHARS = 1000
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_WAY_OUT = "open and save it in Jupyter, or leave it out"


def load_notebook(content: bytes, stem: str) -> Extracted:
    """Read a notebook: Markdown with its headings, code, and the text of outputs.

    Of a cell's outputs the first 1,000 characters are read, in whole lines. The title is the
    notebook's own, else its first heading, else `stem`.

    Raises:
        LoadError: it is no notebook, or one of another format.
    """
    notebook = _parsed(content)
    reader = _Reader()
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict):
            raise LoadError(f"no notebook: cell {number} is no object; {_WAY_OUT}")
        reader.add(cell, str(number))
    return reader.finish(notebook.get("metadata"), stem)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(decode(content))
    except (ValueError, RecursionError) as error:
        raise LoadError(f"no notebook: not JSON ({error}); {_WAY_OUT}") from error
    if not isinstance(notebook, dict):
        raise LoadError(f"no notebook: not a JSON object; {_WAY_OUT}")
    if notebook.get("nbformat") != _FORMAT:
        found = str(notebook.get("nbformat"))[:20]
        raise LoadError(f"notebook format {found} cannot be read, only 4; {_WAY_OUT}")
    if not isinstance(notebook.get("cells"), list):
        raise LoadError(f"no notebook: it has no list of cells; {_WAY_OUT}")
    return notebook


class _Reader:
    def __init__(self) -> None:
        self._builder = TextBuilder()
        self._path: list[tuple[int, str]] = []  # (level, title), outermost first
        self._headings: list[tuple[int, str]] = []
        self._warnings: list[str] = []

    def add(self, cell: dict[str, Any], number: str) -> None:
        source = _joined(cell.get("source"))
        kind = cell.get("cell_type")
        with self._builder.place("cell", number):
            if kind == "markdown":
                blocks, headings = markdown_blocks(source, path=self._path)
                self._builder.include(source, blocks)
                self._headings.extend(headings)
            elif kind in ("code", "raw"):
                self._code(source)
                self._code(self._outputs(cell.get("outputs"), number))

    def finish(self, metadata: object, stem: str) -> Extracted:
        known = metadata if isinstance(metadata, dict) else {}
        top = [title for level, title in self._headings if level == 1 and title]
        titles = [title for _, title in self._headings if title]
        stated = known.get("title")
        title = stated if isinstance(stated, str) and stated.strip() else None
        title = title or next(iter(top or titles), stem)
        date = front_matter_date(known["date"]) if known.get("date") else None
        return self._builder.build(
            title=title,
            media_type="application/x-ipynb+json",
            date=date or stated_date("", [title], stem),
            authors=stated_authors(known.get("authors")),
            warnings=self._warnings,
        )

    def _code(self, text: str) -> None:
        self._builder.add(text, heading=[title for _, title in self._path if title], kind="code")

    def _outputs(self, outputs: object, number: str) -> str:
        texts = [_output_text(each) for each in outputs] if isinstance(outputs, list) else []
        text = "\n".join(part.strip("\n") for part in texts if part.strip())
        if len(text) <= _MAX_OUTPUT_CHARS:
            return text
        self._warnings.append(f"cell {number}: output read up to {_MAX_OUTPUT_CHARS:,} characters")
        return text[: _MAX_OUTPUT_CHARS + 1].rpartition("\n")[0] or text[:_MAX_OUTPUT_CHARS]


def _output_text(output: object) -> str:
    if not isinstance(output, dict):
        return ""
    data = output.get("data")
    shown = data.get("text/plain") if isinstance(data, dict) else output.get("text")
    if output.get("output_type") == "error":
        shown = f"{output.get('ename', '')}: {output.get('evalue', '')}"
    return _ESCAPE.sub("", _joined(shown))


def _joined(source: object) -> str:
    """Return a multi-line string of the format: one string, or a list of lines."""
    lines = source if isinstance(source, list) else [source]
    joined = "".join(line for line in lines if isinstance(line, str))
    return join_surrogates(joined.replace("\0", ""))
