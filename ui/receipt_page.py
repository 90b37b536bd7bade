"""A receipt as one web page that a person can mail: it needs no other file and runs no script."""

import re

from markupsafe import Markup

from index.own_files import RECEIPT_ELEMENT_ID
from qa.receipt import Receipt
from qa.receipt_file import to_json
from ui.export_parts import about, minute, narrowed, parts, place
from ui.templating import render

# In JSON these stand in strings only; as references nothing in them can end the element.
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def html(receipt: Receipt) -> str:
    """Return a page that shows a receipt, and holds it so that `pinpoint verify` can read it."""
    safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", to_json(receipt))
    page = render(
        "receipt.html",
        receipt=receipt,
        answer=receipt.answer,
        parts=parts,
        about=about,
        place=place,
        narrowed=narrowed,
        minute=minute,
        element_id=RECEIPT_ELEMENT_ID,
        data=Markup(safe),  # noqa: S704 - made safe just before
    )
    return f"{page}\n"
