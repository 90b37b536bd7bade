"""What a page says of itself: title, date, authors, language and address."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.formats.html_main import text_of
from index.formats.markup import attribute, tag_of
from index.metadata import find_date, language_code

if TYPE_CHECKING:
    from lxml import etree

_DATES = ("article:published_time", "date", "dcterms.date", "dc.date", "dcterms.created")
_SEPARATOR = re.compile(r"\s+[-–—|·•:»«]+\s+")
_MAX_URL_CHARS = 2000


class PageMeta:
    """Reads a page's own statements; make it before anything is emptied.

    Args:
        root: The page.
    """

    def __init__(self, root: "etree._Element") -> None:
        self._elements = [each for each in root.iter() if tag_of(each)]

    def title(self, heading: str | None) -> str | None:
        """Return the page's title, without the site's name where `heading` is the rest of it."""
        titles = (each for each in self._elements if tag_of(each) == "title")
        stated = next((" ".join(text_of(each).split()) for each in titles), "")
        if heading and heading.casefold() in map(str.casefold, _SEPARATOR.split(stated)):
            return heading
        repeats = heading and stated.casefold().startswith(heading.casefold())
        if heading and repeats and _SEPARATOR.match(stated, len(heading)):
            return heading
        return stated or heading

    def date(self) -> str | None:
        """Return the day of publication as `YYYY-MM-DD`, or None."""
        for name in _DATES:
            for value in self._named(name):
                found = find_date(value)
                if found:
                    return found
        times = (each for each in self._elements if tag_of(each) == "time")
        stated = (each.get("datetime") or "" for each in times if each.get("pubdate") is not None)
        return next((found for value in stated if (found := find_date(value))), None)

    def authors(self) -> str | None:
        """Return the authors, separated by commas, or None."""
        return ", ".join(dict.fromkeys(self._named("author"))) or None

    def language(self) -> str | None:
        """Return the ISO 639 code of the page's language, or None."""
        for element in self._elements:
            if tag_of(element) == "html":
                return language_code(attribute(element, "lang"))
        return None

    def url(self) -> str | None:
        """Return the page's own address if it is one of the web, or None."""
        links = (each for each in self._elements if tag_of(each) == "link")
        stated = [
            each.get("href") or ""
            for each in links
            if "canonical" in (each.get("rel") or "").lower().split()
        ]
        return next((url for url in (*stated, *self._named("og:url")) if _is_web(url)), None)

    def _named(self, name: str) -> list[str]:
        return [
            " ".join(str(each.get("content")).split())
            for each in self._elements
            if tag_of(each) == "meta"
            and name in ((each.get("name") or "").lower(), (each.get("property") or "").lower())
            and (each.get("content") or "").strip()
        ]


def _is_web(url: str) -> bool:
    if len(url) > _MAX_URL_CHARS or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
