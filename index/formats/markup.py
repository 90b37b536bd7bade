"""Parse HTML, XHTML and XML without entities, network or scripts."""

import html.entities
import re
from typing import TYPE_CHECKING

from index.errors import LoadError

if TYPE_CHECKING:
    from lxml import etree

MAX_DEPTH = 2000
"""Levels of nesting that are read; libxml2 itself ends at 2,048."""

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NULL = re.compile(r"\0|&#(?:0+|[xX]0+);")
_XML_START = re.compile(r"\s*<\?xml\b")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SUBSET = re.compile(r"\A(\s*<!DOCTYPE[^>\[]*)\[.*?\]\s*>", re.IGNORECASE | re.DOTALL)
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


def parse_html(text: str) -> "etree._Element | None":
    """Return the root of a page, or None for one without any element or text.

    What begins with an XML declaration is read as XML if it is well-formed, else as HTML: in HTML
    an empty `<title/>` would swallow the rest.

    Raises:
        LoadError: elements are nested deeper than `MAX_DEPTH`.
    """
    clean = _NULL.sub("", text)
    root = _well_formed(clean) if _XML_START.match(clean) else None
    return _lenient(clean) if root is None else root


def parse_xml(text: str, what: str) -> "etree._Element":
    """Return the root of an XML document; entities that it defines itself are left out.

    Args:
        text: The document.
        what: How the message of the error names it.

    Raises:
        LoadError: it is not well-formed.
    """
    root = _well_formed(_NULL.sub("", text))
    if root is None:
        raise LoadError(f"{what} is not well-formed XML; convert the file again, or leave it out")
    return root


def tag_of(element: "etree._Element") -> str:
    """Return an element's name in lower case without namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def attribute(element: "etree._Element", name: str) -> str | None:
    """Return an attribute's value whatever its namespace; the last one of that local name."""
    found = None
    for key, value in element.attrib.items():
        local = str(key).rpartition("}")[2].rpartition(":")[2]
        found = str(value) if local.lower() == name else found
    return found


def _well_formed(text: str) -> "etree._Element | None":
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    body = _NAMED.sub(_character, _DECLARATION.sub("", text))
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def _lenient(text: str) -> "etree._Element | None":
    from lxml import etree

    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    body = _SUBSET.sub(r"\1>", _DECLARATION.sub("", text))
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):  # nothing at all in it
        root = None
    if any("depth" in str(entry.message).lower() for entry in parser.error_log):
        raise LoadError(f"elements are nested more than {MAX_DEPTH} deep; leave it out")
    return root


def _character(match: re.Match[str]) -> str:
    name = match[1]
    known = html.entities.html5.get(f"{name};")
    return match[0] if name in _XML_NAMES or known is None else _escaped(known)


def _escaped(characters: str) -> str:
    return "".join(f"&#{ord(character)};" for character in characters)
