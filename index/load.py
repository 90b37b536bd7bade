"""Turn a file's bytes into one canonical text, through a loader chosen by media type."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from index.charset import decode
from index.document import Extracted, LoadOptions
from index.errors import LoadError
from index.kind import BY_NAME, OLE, PICTURES, PLAIN, media_type
from index.own_files import is_own
from index.tidy import tidy

Loader = Callable[..., Extracted]
"""Takes a file's bytes and its stem (for a title or date of last resort), and its options."""


def _late(place: str, *first: str) -> Loader:
    """Return the loader at `module:function`, which is imported when it is first called.

    A process that reads one kind of file then starts without the parsers of all others.
    """
    module, _, name = place.partition(":")

    def loader(*given: Any, **options: Any) -> Extracted:  # noqa: ANN401
        found: Extracted = getattr(import_module(module), name)(*first, *given, **options)
        return found

    return loader


def _decoded(loader: Loader) -> Loader:
    return lambda content, stem: loader(decode(content), stem)


LOADERS: dict[str, Loader] = {
    PLAIN: _decoded(_late("index.plain:load_plain")),
    "text/markdown": _decoded(_late("index.markdown:load_markdown")),
    "application/pdf": _late("index.formats.pdf:load_pdf"),
    "text/html": _late("index.formats.html:load_html"),
    "application/xhtml+xml": _late("index.formats.html:load_html"),
    "application/epub+zip": _late("index.formats.epub:load_epub"),
    "message/rfc822": _late("index.formats.mail:load_mail"),
    "application/x-ipynb+json": _late("index.formats.notebook:load_notebook"),
    "text/csv": _late("index.formats.csv:load_csv"),
    "text/tab-separated-values": _late("index.formats.csv:load_tsv"),
    "application/json": _late("index.formats.json:load_json"),
    "application/jsonl": _late("index.formats.json:load_jsonl"),
    BY_NAME[".docx"]: _late("index.formats.docx:load_docx"),
    BY_NAME[".pptx"]: _late("index.formats.pptx:load_pptx"),
    BY_NAME[".xlsx"]: _late("index.formats.xlsx:load_xlsx"),
    BY_NAME[".odt"]: _late("index.formats.odt:load_odt"),
    "application/rtf": _late("index.formats.rtf:load_rtf"),
    **{kind: _late("index.formats.picture:load_picture", kind) for kind in PICTURES},
}
"""Media type to loader. Add a document kind by adding a line here."""

OPTIONS: dict[str, Callable[[LoadOptions], dict[str, Any]]] = {
    "application/pdf": lambda options: {
        "seconds": options.seconds,
        "max_pages": options.max_pages,
        "ocr_language": options.ocr_language,
    },
    "application/json": lambda options: {"fields": options.json_fields},
    "application/jsonl": lambda options: {"fields": options.json_fields},
    **{kind: lambda options: {"ocr_language": options.ocr_language} for kind in PICTURES},
}
"""Media type to the keyword arguments that its loader takes beside bytes and stem."""

VERSION = 1
"""Part of every loader's recipe: raise it when documents of all kinds change."""
VERSIONS: dict[str, int] = {"application/pdf": 2, "text/markdown": 2, "application/epub+zip": 2}
"""Media type to the version of its loader, 1 unless it is here: raise it when its text changes."""

_DEFAULTS = LoadOptions()
_ARCHIVES = ("gzip", "bzip2", "xz", "zstd", "x-tar", "x-7z-compressed", "vnd.rar", "compress")


def load_recipe(media_type: str, options: LoadOptions = _DEFAULTS) -> str:
    """Return all that decides how the text of a file of this kind comes out.

    Another recipe means that the file has to be read again.
    """
    keywords = OPTIONS[media_type](options) if media_type in OPTIONS else {}
    told = "".join(f", {name} {value}" for name, value in keywords.items())
    return f"version {VERSION}.{VERSIONS.get(media_type, 1)}{told}"


def load(path: Path, content: bytes, options: LoadOptions = _DEFAULTS) -> Extracted:
    """Extract the canonical text and structure of one file.

    A receipt or pins of Pinpoint's own give an empty text.

    Args:
        path: Where the bytes come from; its name counts where they are text.
        content: The file's bytes.
        options: Settings of the loaders.

    Raises:
        LoadError: no loader reads this kind, the bytes are not of their kind, or they stand for
            far more text than they are.
    """
    kind = media_type(path, content)
    if is_own(kind, content):
        return tidy(Extracted("", path.stem, None, kind), len(content))
    loader = loader_of(kind)
    keywords = OPTIONS[kind](options) if kind in OPTIONS else {}
    return tidy(loader(content, path.stem, **keywords), len(content))


def loader_of(kind: str) -> Loader:
    """Return what reads files of a media type.

    Raises:
        LoadError: no loader reads this kind.
    """
    if kind == OLE:
        raise LoadError(
            "has a password, or is in an old Office format; save it without one as .docx, .pptx "
            "or .xlsx"
        )
    loader = LOADERS.get(kind)
    if kind.removeprefix("application/") in _ARCHIVES:
        raise LoadError(f"{kind} cannot be read yet; unpack it, or pack its files as .zip")
    if loader is None:
        kinds = set(LOADERS) - set(PICTURES)
        known = ", ".join(sorted(name for name, kind in BY_NAME.items() if kind in kinds))
        raise LoadError(f"{kind} cannot be read yet; convert it to one of {known}")
    return loader
