"""A text that a browser keeps as a file."""

from fastapi import Response

from ui.source_page import HEADERS


def download(name: str, media_type: str, text: str) -> Response:
    """Return a text as a file to be kept, under a name of plain letters."""
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=HEADERS | attached)
