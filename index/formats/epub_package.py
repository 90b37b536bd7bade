"""An EPUB's package: what it says of itself, its files in reading order, its chapters' titles."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import LoadError
from index.formats.epub_archive import Archive, resolve
from index.formats.html import decode_markup
from index.formats.html_text import inline_text
from index.formats.markup import attribute, parse_html, parse_xml, tag_of
from index.formats.properties import given_title

if TYPE_CHECKING:
    from lxml import etree

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents: `depth` counts from 0, `anchor` is an id or ""."""

    title: str
    name: str
    anchor: str
    depth: int


@dataclass(slots=True)
class Package:
    """What the package document says; `spine` holds names of files in reading order."""

    title: str | None = None
    authors: str | None = None
    date: str | None = None
    language: str | None = None
    spine: list[str] = field(default_factory=list)
    contents: list[Entry] = field(default_factory=list)
    protected: frozenset[str] = frozenset()


def read_package(archive: Archive) -> Package:
    """Return the book's package.

    Raises:
        LoadError: a file of the package is missing, broken, or leads out of the archive.
    """
    path = _package_path(archive)
    root = parse_xml(decode_markup(archive.read(path)), path)
    elements = list(root.iter())
    package = Package(
        title=given_title(_first(elements, "title")),
        authors=", ".join(dict.fromkeys(_texts(elements, "creator"))) or None,
        date=_first(elements, "date"),
        language=_first(elements, "language"),
        protected=_protected(archive),
    )
    items = {each.get("id"): each for each in elements if tag_of(each) == "item"}
    refs = [each.get("idref") for each in elements if tag_of(each) == "itemref"]
    guide = _contents_item(elements, items)
    for item in (items[ref] for ref in refs if ref in items):
        if item.get("media-type") in _PAGES and not _is_nav(item):
            package.spine.append(resolve(path, item.get("href") or "")[0])
    if guide is not None:
        name = resolve(path, guide.get("href") or "")[0]
        package.contents = _contents(archive, name) if name in archive else []
    return package


def _package_path(archive: Archive) -> str:
    root = parse_xml(decode_markup(archive.read(_CONTAINER)), _CONTAINER)
    for each in root.iter():
        if tag_of(each) == "rootfile" and each.get("full-path"):
            return resolve("", each.get("full-path") or "")[0]
    raise LoadError(f"{_CONTAINER} names no package; get the file again, or leave it out")


def _protected(archive: Archive) -> frozenset[str]:
    """Return the names of encrypted files (fonts may be, in a book that can be read)."""
    if _ENCRYPTION not in archive:
        return frozenset()
    root = parse_xml(decode_markup(archive.read(_ENCRYPTION)), _ENCRYPTION)
    uris = (attribute(each, "uri") for each in root.iter() if tag_of(each) == "cipherreference")
    return frozenset(resolve("", uri)[0] for uri in uris if uri)


def _texts(elements: "list[etree._Element]", tag: str) -> list[str]:
    found = (inline_text(each) for each in elements if tag_of(each) == tag)
    return [text for text in found if text]


def _first(elements: "list[etree._Element]", tag: str) -> str | None:
    return next(iter(_texts(elements, tag)), None)


def _is_nav(item: "etree._Element") -> bool:
    return "nav" in (item.get("properties") or "").split()


def _contents_item(
    elements: "list[etree._Element]", items: "dict[str | None, etree._Element]"
) -> "etree._Element | None":
    """Return the navigation document, else the NCX, or None."""
    nav = next((each for each in items.values() if _is_nav(each)), None)
    if nav is not None:
        return nav
    spine = next((each for each in elements if tag_of(each) == "spine"), None)
    named = items.get(spine.get("toc")) if spine is not None and spine.get("toc") else None
    ncx = (each for each in items.values() if each.get("media-type") == "application/x-dtbncx+xml")
    return named if named is not None else next(ncx, None)


def _contents(archive: Archive, name: str) -> list[Entry]:
    text = decode_markup(archive.read(name))
    root = parse_html(text) if "<nav" in text else parse_xml(text, name)
    if root is None:
        return []
    navs = [each for each in root.iter() if tag_of(each) == "nav"]
    toc = [each for each in navs if "toc" in (attribute(each, "type") or "").split()] or navs
    found = []
    for each in toc[0].iter() if toc else root.iter():
        pair = _nav_link(each) if toc else _ncx_point(each)
        if pair and pair[0] and pair[1]:
            target, anchor = resolve(name, pair[1])
            found.append(Entry(pair[0], target, anchor, _depth(each, nav=bool(toc))))
    return found


def _nav_link(element: "etree._Element") -> tuple[str, str] | None:
    if tag_of(element) != "a":
        return None
    return inline_text(element), element.get("href") or ""


def _ncx_point(element: "etree._Element") -> tuple[str, str] | None:
    if tag_of(element) != "navpoint":
        return None
    label = next((inline_text(each) for each in element if tag_of(each) == "navlabel"), "")
    source = next((each.get("src") or "" for each in element if tag_of(each) == "content"), "")
    return label, source


def _depth(element: "etree._Element", *, nav: bool) -> int:
    within = "ol" if nav else "navpoint"
    return sum(tag_of(each) == within for each in element.iterancestors()) - (1 if nav else 0)
