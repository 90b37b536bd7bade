"""Control words of the Rich Text Format, and what they stand for."""

import codecs
import re

NOT_TEXT = {
    *("colortbl", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr"),
    *("footerf", "pict", "object", "listtext", "pntext", "xe", "tc", "fldinst", "filetbl"),
    *("nonshppict", "nonesttables", "nesttableprops", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc"),
    *("subject", "operator", "comment", "keywords", "doccomm", "company", "manager", "category"),
    *("hlinkbase", "printim", "buptim", "template", "listtable", "shp", "do"),
}
"""Groups whose characters a reader does not see, or sees on every page."""

PROPERTIES = {"title", "author"}
"""Groups that state something about the document."""

CHARACTERS = {
    **{"line": "\n", "tab": "\t", "nestcell": " ", "nestrow": "\n", "emdash": "—", "bullet": "•"},
    **{"endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c"},
    **{"rdblquote": "\u201d", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005"},
}
"""Control words that are a character."""

CODE_PAGES = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251"},
    **{222: "cp874", 238: "cp1250"},
}
"""A font's character set to the encoding of its text; others have the document's."""

_HEADING = re.compile(r"heading ([1-9])\s*(?:;|$)", re.IGNORECASE)
_TITLE = re.compile(r"title\s*(?:;|$)", re.IGNORECASE)
_LEVELS = 9


def heading_level(outline: int | None, style_name: str = "") -> int | None:
    """Return a heading's level from an outline level (0 is the top one) or a style's name.

    Returns:
        0 for the document's title, 1 to 9 for headings, None for other paragraphs.
    """
    if outline is not None:
        return outline + 1 if 0 <= outline < _LEVELS else None
    heading = _HEADING.match(style_name.strip())
    if heading:
        return int(heading[1])
    return 0 if _TITLE.match(style_name.strip()) else None


def code_page(number: int | None) -> str:
    """Return the encoding of a code page; an unknown one counts as Western European."""
    name = "utf-8" if number == 65001 else f"cp{number}"  # noqa: PLR2004 - as Windows counts
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
