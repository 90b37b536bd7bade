"""The kinds of documents under the short names that people use for them."""

from index.kind import BY_NAME, PICTURES, PLAIN

KINDS: dict[str, tuple[str, ...]] = {
    "book": (BY_NAME[".epub"],),
    "data": (BY_NAME[".json"], BY_NAME[".jsonl"]),
    "image": PICTURES,
    "mail": (BY_NAME[".eml"],),
    "markdown": (BY_NAME[".md"],),
    "notebook": (BY_NAME[".ipynb"],),
    "pdf": (BY_NAME[".pdf"],),
    "sheet": (BY_NAME[".xlsx"], BY_NAME[".csv"], BY_NAME[".tsv"]),
    "slides": (BY_NAME[".pptx"],),
    "text": (PLAIN,),
    "web": (BY_NAME[".html"], BY_NAME[".xhtml"]),
    "word": (BY_NAME[".docx"], BY_NAME[".odt"], BY_NAME[".rtf"]),
}
"""Short name to media types, each media type in one kind."""

_NAMES = {media_type: kind for kind, types in KINDS.items() for media_type in types}


def kind_name(media_type: str) -> str | None:
    """Return the short name of a media type; None if it is in no kind."""
    return _NAMES.get(media_type)
