"""EPUB books: the files of the spine in order, each chapter a place."""

from collections.abc import Sequence

from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.epub_archive import MAX_UNPACKED_BYTES, Archive
from index.formats.epub_package import Entry, Package, read_package
from index.formats.html import decode_markup
from index.formats.html_blocks import add_html
from index.formats.html_main import clear_hidden, heading_text
from index.formats.markup import parse_html
from index.metadata import find_date, language_code, stated_date


def load_epub(
    content: bytes, stem: str, *, max_unpacked_bytes: int = MAX_UNPACKED_BYTES
) -> Extracted:
    """Read a book's text; its pictures, notes of the reading system and fonts are left out.

    Args:
        content: The file's bytes.
        stem: The title if the book has none.
        max_unpacked_bytes: Bytes that the files read may have together.

    Raises:
        LoadError: it is no EPUB, is damaged or protected, unpacks to more than the limit, or
            refers to files outside of it.
    """
    archive = Archive(content, max_bytes=max_unpacked_bytes)
    package = read_package(archive)
    book = _Book(archive, package)
    for name in package.spine:
        book.add(name)
    if not book.read and package.spine:
        raise LoadError("no chapter of the book can be read; get the file again, or leave it out")
    title = package.title or stem
    return book.finish(title, find_date(package.date or "") or stated_date("", [title], stem))


class _Book:
    def __init__(self, archive: Archive, package: Package) -> None:
        self.read = 0
        self._archive = archive
        self._package = package
        self._builder = TextBuilder()
        self._chapters: list[tuple[int, str]] = []  # (size of the text before it, title)
        self._warnings: list[str] = []

    def add(self, name: str) -> None:
        """Add a file of the spine; one that is missing gives a warning."""
        if name in self._package.protected:
            raise LoadError("the book is protected against copying; get an unprotected copy")
        if name not in self._archive:
            self._warnings.append(f"{name} is missing in the book")
            return
        root = parse_html(decode_markup(self._archive.read(name)))
        self.read += 1
        if root is None:
            return
        clear_hidden(root)
        entries = [entry for entry in self._package.contents if entry.name == name]
        heading = heading_text(root)
        opening = _opening(entries, heading if not self._is_continued() else None)
        if opening:
            self._begin(opening)
        anchors = {each.anchor: each.title for each in entries if each.anchor and not each.depth}
        above = [opening] if opening and heading is None else []
        add_html(
            self._builder,
            root,
            above=above,
            marks=anchors,
            on_mark=lambda anchor: self._begin(anchors[anchor]),
        )

    def finish(self, title: str, date: str | None) -> Extracted:
        """Return the book with its chapters."""
        ends = [start for start, _ in self._chapters[1:]] + [self._builder.size]
        for (start, name), end in zip(self._chapters, ends, strict=False):  # there may be none
            self._builder.enclose(start, end, "chapter", name)
        return self._builder.build(
            title=title,
            media_type="application/epub+zip",
            date=date,
            authors=self._package.authors,
            language=language_code(self._package.language),
            warnings=self._warnings,
        )

    def _is_continued(self) -> bool:
        """Tell whether a file that the contents do not name goes on with the chapter before."""
        return bool(self._package.contents and self._chapters)

    def _begin(self, title: str) -> None:
        if not self._chapters or self._chapters[-1] != (self._builder.size, title):
            self._chapters.append((self._builder.size, title))


def _opening(entries: Sequence[Entry], heading: str | None) -> str | None:
    """Return the chapter that begins with a file: by the contents, else by its heading."""
    whole = next((entry.title for entry in entries if not entry.anchor), None)
    if whole is not None or not entries:
        return whole or heading
    return entries[0].title if entries[0].depth or len(entries) == 1 else None
