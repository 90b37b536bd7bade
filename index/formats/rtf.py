"""Rich Text Format (RTF): paragraphs, headings, lists, tables and notes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.guard import reading
from index.formats.outline import Outline
from index.formats.rtf_tokens import Token, tokens
from index.formats.rtf_words import (
    CHARACTERS,
    CODE_PAGES,
    NOT_TEXT,
    PROPERTIES,
    code_page,
    heading_level,
)
from index.formats.table import add_table
from index.formats.text import mend, squeeze
from index.metadata import stated_date

MEDIA_TYPE = "application/rtf"

_KEPT = {"body", "note", *PROPERTIES}


def load_rtf(content: bytes, stem: str) -> Extracted:
    """Read an RTF document; the heading path is its only location.

    The title is the stated one, else the topmost first heading, else the file's name. A file
    that ends early gives what is there, with a warning.

    Args:
        content: The file's bytes.
        stem: The file's name without its ending.

    Raises:
        LoadError: the bytes are not RTF.
    """
    if not content.lstrip().startswith(b"{\\rtf"):
        raise LoadError(r"not an RTF file: it does not begin with {\rtf; save it as RTF")
    with reading("RTF"):
        reader = _Reader()
        whole = reader.read(content)
        info = {word: squeeze(text) for word, text in reader.info.items()}
        return reader.builder.build(
            title=info.get("title") or reader.outline.title or stem,
            media_type=MEDIA_TYPE,
            date=reader.day("revtim") or reader.day("creatim") or stated_date("", [], stem),
            authors=info.get("author") or None,
            warnings=() if whole else ("the file ends early; what follows is missing",),
        )


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and gives back at its end."""

    target: str = "body"  # where characters go: `body`, `note`, a property, `styles`, or nowhere
    encoding: str = "cp1252"
    skipped: int = 1  # characters behind each \u that stand for it in old programs
    hidden: bool = False
    style: int | None = None
    level: int | None = None  # an outline level of the paragraph itself
    in_table: bool = False
    is_item: bool = False


class _Reader:
    """Reads a file's marks in one pass."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.outline = Outline()
        self.info: dict[str, str] = {}
        self._times: dict[tuple[str, str], int] = {}
        self._state = _State()
        self._stack: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._encoding = "cp1252"
        self._styles: dict[int, int] = {}  # style number to heading level
        self._pieces: dict[str, list[str]] = {}
        self._bytes = bytearray()
        self._to_skip = 0
        self._starred = False
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._notes: list[str] = []

    def read(self, content: bytes) -> bool:
        """Read all; return whether every group was closed."""
        for token in tokens(content):
            if token.kind != "bytes":
                self._decode()
            _ACTIONS[token.kind](self, token)
            if token.kind == "}" and not self._stack:
                break
        self._decode()
        self._end_paragraph()
        self._end_table()
        return not self._stack

    def day(self, word: str) -> str | None:
        """Return the date in `creatim` or `revtim` as `YYYY-MM-DD`."""
        parts = [self._times.get((word, part), 0) for part in ("yr", "mo", "dy")]
        try:
            return date(*parts).isoformat()
        except (ValueError, OverflowError):
            return None

    def _open(self, _: Token) -> None:
        self._stack.append(self._state)
        self._to_skip = 0

    def _close(self, _: Token) -> None:
        ended, self._to_skip = self._state, 0
        self._state = self._stack.pop() if self._stack else _State("")
        if ended.target == self._state.target:
            return
        if ended.target == "note":
            self._notes.append(self._take("note"))
        elif ended.target in PROPERTIES:
            self.info.setdefault(ended.target, self._take(ended.target))

    def _star(self, _: Token) -> None:
        self._starred = True

    def _characters(self, token: Token) -> None:
        kept = token.content[self._to_skip :]
        self._to_skip = max(0, self._to_skip - len(token.content))
        self._bytes += kept

    def _text(self, token: Token) -> None:
        self._put(token.word)

    def _decode(self) -> None:
        if self._bytes:
            self._put(self._bytes.decode(self._state.encoding, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        state = self._state
        if state.target == "styles":
            self._name_style(text)
        elif state.target in _KEPT and not state.hidden:
            self._pieces.setdefault(state.target, []).append(text)

    def _take(self, target: str) -> str:
        return mend("".join(self._pieces.pop(target, [])))

    def _word(self, token: Token) -> None:
        word, number = token.word, token.number
        starred, self._starred = self._starred, False
        self._to_skip = 0
        if not self._state.target:
            return
        if word in NOT_TEXT or (starred and word not in ("listtext", "pntext")):
            self._state = replace(self._state, target="")
            if word in ("listtext", "pntext") and self._stack:
                self._stack[-1] = replace(self._stack[-1], is_item=True)
        elif word in CHARACTERS:
            self._put(CHARACTERS[word])
        elif word in _WORDS:
            _WORDS[word](self, number)
        elif word in ("yr", "mo", "dy"):
            self._times[self._state.target, word] = number or 0
        elif word in PROPERTIES or word in ("creatim", "revtim"):
            self._state = replace(self._state, target=word)
        elif word == "footnote":
            self._state = replace(self._state, target="note")

    def _unicode(self, number: int | None) -> None:
        if number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = self._state.skipped

    def _end_paragraph(self, _: int | None = None) -> None:
        state = self._state
        if state.target == "note" or state.in_table:
            self._put("\n")
            return
        text = self._take("body")
        if text.strip():
            self._end_table()
            level = self._styles.get(state.style or 0) if state.level is None else state.level
            if level is not None:
                self.outline.enter(level, text)
                self.builder.add(squeeze(text), kind="heading")
            else:
                kind = "item" if state.is_item else "text"
                self.builder.add(text, heading=self.outline.path, kind=kind)
        self._add_notes()

    def _end_cell(self, _: int | None) -> None:
        self._cells.append(squeeze(self._take("body")))

    def _end_row(self, _: int | None) -> None:
        self._rows.append(self._cells)
        self._cells = []

    def _end_table(self) -> None:
        if self._cells:
            self._end_row(None)
        if self._rows:
            add_table(self.builder, self._rows, heading=self.outline.path)
            self._rows = []
            self._add_notes()

    def _add_notes(self) -> None:
        if not self._rows:
            for note in self._notes:
                self.builder.add(note, heading=self.outline.path)
            self._notes = []

    def _reset_paragraph(self, _: int | None) -> None:
        self._state = replace(self._state, style=None, level=None, in_table=False, is_item=False)

    def _set_style(self, number: int | None) -> None:
        self._state = replace(self._state, style=number)

    def _set_level(self, number: int | None) -> None:
        level = heading_level(number)
        self._state = replace(self._state, level=level)

    def _set_item(self, number: int | None) -> None:
        self._state = replace(self._state, is_item=number != 0)

    def _set_in_table(self, _: int | None) -> None:
        self._state = replace(self._state, in_table=True)

    def _set_hidden(self, number: int | None) -> None:
        self._state = replace(self._state, hidden=number != 0)

    def _set_skipped(self, number: int | None) -> None:
        self._state = replace(self._state, skipped=max(0, number or 0))

    def _set_code_page(self, number: int | None) -> None:
        self._encoding = code_page(number)
        self._state = replace(self._state, encoding=self._encoding)

    def _set_font(self, number: int | None) -> None:
        self._font = number or 0
        encoding = self._fonts.get(self._font, self._encoding)
        self._state = replace(self._state, encoding=encoding)

    def _set_charset(self, number: int | None) -> None:
        self._fonts[self._font] = CODE_PAGES.get(number or 0, self._encoding)

    def _begin_styles(self, _: int | None) -> None:
        self._state = replace(self._state, target="styles", style=0)

    def _begin_fonts(self, _: int | None) -> None:
        self._state = replace(self._state, target="fonts")

    def _show(self, _: int | None) -> None:
        self._state = replace(self._state, hidden=False)

    def _name_style(self, text: str) -> None:
        level = heading_level(None, text) if self._state.level is None else self._state.level
        if level is not None:
            self._styles[self._state.style or 0] = level


_ACTIONS: dict[str, Callable[[_Reader, Token], None]] = {
    "{": _Reader._open,
    "}": _Reader._close,
    "*": _Reader._star,
    "bytes": _Reader._characters,
    "text": _Reader._text,
    "word": _Reader._word,
}
_WORDS: dict[str, Callable[[_Reader, int | None], None]] = {
    "par": _Reader._end_paragraph,
    "sect": _Reader._end_paragraph,
    "page": _Reader._end_paragraph,
    "cell": _Reader._end_cell,
    "row": _Reader._end_row,
    "pard": _Reader._reset_paragraph,
    "s": _Reader._set_style,
    "outlinelevel": _Reader._set_level,
    "ls": _Reader._set_item,
    "intbl": _Reader._set_in_table,
    "v": _Reader._set_hidden,
    "deleted": _Reader._set_hidden,
    "u": _Reader._unicode,
    "uc": _Reader._set_skipped,
    "ansicpg": _Reader._set_code_page,
    "f": _Reader._set_font,
    "fcharset": _Reader._set_charset,
    "stylesheet": _Reader._begin_styles,
    "fonttbl": _Reader._begin_fonts,
    "plain": _Reader._show,
}
