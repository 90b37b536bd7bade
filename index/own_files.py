"""Pinpoint's own files among documents: receipts and pins quote documents and are none."""

import re

RECEIPT_FORMAT = "pinpoint receipt"
PINS_FORMAT = "pinpoint pins"
RECEIPT_ELEMENT_ID = "pinpoint-receipt"
"""The id of the element of a page that holds a receipt."""

_JSON = re.compile(
    rb'\s*\{\s*"format"\s*:\s*"(?:%s|%s)"' % (RECEIPT_FORMAT.encode(), PINS_FORMAT.encode())
)
_ELEMENT = f'id="{RECEIPT_ELEMENT_ID}"'.encode()


def is_own(media_type: str, content: bytes) -> bool:
    """Tell whether a file is a receipt or holds pins, as Pinpoint writes them.

    An answer from one would cite itself.
    """
    if media_type == "text/html":
        return _ELEMENT in content
    return media_type == "application/json" and _JSON.match(content) is not None
