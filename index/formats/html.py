"""HTML and XHTML pages: their content as paragraphs, items, code and table rows."""

import re

from index.charset import decode
from index.document import Extracted
from index.formats.builder import TextBuilder
from index.formats.html_blocks import add_html
from index.formats.html_main import content_root, heading_text
from index.formats.html_meta import PageMeta
from index.formats.markup import parse_html
from index.metadata import stated_date

_HEAD_BYTES = 4096  # browsers look at 1,024; some pages name their charset behind long comments
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']?([\w.:-]+)")
_META_CHARSET = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def load_html(content: bytes, stem: str) -> Extracted:
    """Read a page's content; navigation, forms and whatever is hidden leave no trace.

    The title is the page's own, else its first heading, else `stem`. An empty page gives an empty
    text.

    Raises:
        LoadError: the bytes are no text, or elements are nested too deep.
    """
    builder = TextBuilder()
    root = parse_html(decode_markup(content))
    if root is None:
        return builder.build(title=stem, media_type="text/html")
    meta = PageMeta(root)
    main = content_root(root)
    heading = heading_text(main)
    title = meta.title(heading) or stem
    add_html(builder, main)
    return builder.build(
        title=title,
        media_type="text/html",
        date=meta.date() or stated_date("", [title], stem),
        authors=meta.authors(),
        language=meta.language(),
        url=meta.url(),
    )


def decode_markup(content: bytes, declared: str | None = None) -> str:
    """Return the characters of HTML or XML, null characters left out.

    Args:
        content: The bytes.
        declared: The charset given from outside, which counts more than the one inside.

    Raises:
        LoadError: no encoding fits.
    """
    head = content[:_HEAD_BYTES]
    named = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    inside = named[1].decode("ascii", "replace") if named else None
    if inside and inside.lower().startswith("utf-16"):
        inside = "utf-8"  # it could be read, so it is not UTF-16
    single = content.replace(b"\0", b"") if _is_single_byte(content) else content
    return decode(single, declared or inside)


def _is_single_byte(content: bytes) -> bool:
    """Tell whether null bytes are strays and not halves of UTF-16."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return not wide and content[:_HEAD_BYTES].count(0) < len(content[:_HEAD_BYTES]) / 5
