"""Compare the loaders' speed with the fastest well-known extractor of each kind, in one run.

    pip install selectolax python-calamine docx2txt striprtf
    python -m bench.format_speed [--share /usr/share] [--files 20]

The files are pages of the Debian package postgresql-doc-15, spread over its list of names, which
LibreOffice converts (see `bench.format_questions`); mail is made of the pages by the standard
library, and JSON is that of iso-codes. Both sides read the same bytes from memory in one process,
in turns; the best of three passes counts. The others give text only, without headings, places or
checks, so a ratio below 1 is their price.
"""

import argparse
import csv
import importlib
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bench.format_questions import CACHE, convert
from index.load import load

PASSES, LEAST_BYTES = 3, 10_000
PACKAGES = {
    "selectolax": "selectolax",
    "python_calamine": "python-calamine",
    "docx2txt": "docx2txt",
    "striprtf.striprtf": "striprtf",
}


def module(name: str) -> Any:  # noqa: ANN401
    """Import a module that only this bench needs."""
    try:
        return importlib.import_module(name)
    except ImportError:
        sys.exit(f"{name} is missing; install it with: pip install {PACKAGES.get(name, name)}")


def html(content: bytes) -> str:
    """Selectolax."""
    tree = module("selectolax.lexbor").LexborHTMLParser(content)
    return str(tree.body.text(separator="\n")) if tree.body else ""


def pdf(content: bytes) -> str:
    """The plain text of pypdfium2."""
    pages = module("pypdfium2").PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def docx(content: bytes) -> str:
    """docx2txt."""
    return str(module("docx2txt").process(io.BytesIO(content)))


def xlsx(content: bytes) -> str:
    """python-calamine."""
    book = module("python_calamine").CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return "\n".join(str(row) for sheet in sheets for row in sheet)


def rtf(content: bytes) -> str:
    """The rtf_to_text of striprtf."""
    return str(module("striprtf.striprtf").rtf_to_text(content.decode("latin-1"), errors="ignore"))


def table(content: bytes) -> str:
    """The csv module."""
    return "\n".join(map(str, csv.reader(io.StringIO(content.decode()))))


def mail(content: bytes) -> str:
    """The email package."""
    body = message_from_bytes(content, policy=policy.default).get_body()
    return str(body.get_content()) if body else ""


def data(content: bytes) -> str:
    """The json module."""
    return str(json.loads(content))


def parts(beginning: str, ending: str) -> Callable[[bytes], str]:
    """Return a reader of all text of an archive's XML parts: zipfile and lxml."""

    def read(content: bytes) -> str:
        etree = module("lxml.etree")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [n for n in archive.namelist() if beginning in n and n.endswith(ending)]
            return "\n".join("".join(etree.fromstring(archive.read(n)).itertext()) for n in names)

    return read


OTHERS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "html": ("selectolax", html),
    "pdf": ("pypdfium2, plain text", pdf),
    "docx": ("docx2txt", docx),
    "pptx": ("zipfile, lxml", parts("ppt/slides/slide", ".xml")),
    "xlsx": ("python-calamine", xlsx),
    "csv": ("csv", table),
    "odt": ("zipfile, lxml", parts("content", ".xml")),
    "rtf": ("striprtf", rtf),
    "epub": ("zipfile, lxml", parts("sections/", ".xhtml")),
    "eml": ("email", mail),
    "json": ("json", data),
}


def as_mail(page: Path) -> bytes:
    """Return a message whose body is a page."""
    message = EmailMessage()
    message["From"], message["Subject"] = "docs@example.org", page.stem
    message.set_content(page.read_text("utf-8"), subtype="html")
    return message.as_bytes()


def files_of(kind: str, share: Path, count: int) -> list[tuple[Path, bytes]]:
    """Return names and bytes of the files of a kind, made where they are not there yet."""
    if kind == "json":
        return [(p, p.read_bytes()) for p in sorted(share.glob("iso-codes/json/iso_*.json"))]
    pages = sorted((share / "doc/postgresql-doc-15/html").glob("*.html"))
    pages = [page for page in pages if page.stat().st_size > LEAST_BYTES]
    if not pages:
        sys.exit(f"no pages of postgresql-doc-15 below {share}; install it or name --share")
    chosen = pages[:: max(1, len(pages) // count)][:count]
    if kind == "eml":
        return [(page.with_suffix(".eml"), as_mail(page)) for page in chosen]
    if kind != "html":
        targets = [CACHE / "speed" / kind / f"{page.stem}.{kind}" for page in chosen]
        for page, target in zip(chosen, targets, strict=True):
            convert(page, target)
        chosen = targets
    return [(path, path.read_bytes()) for path in chosen]


def seconds(work: Callable[[Path, bytes], object], files: list[tuple[Path, bytes]]) -> float:
    """Return how long it takes to read all files once."""
    started = time.perf_counter()
    for path, content in files:
        work(path, content)
    return time.perf_counter() - started


def main() -> None:
    """Print a row of a table for each kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=Path, default=Path("/usr/share"), help="where packages lie")
    parser.add_argument("--files", type=int, default=20, help="files of each kind")
    arguments = parser.parse_args()
    print("| kind | files | MB | files/s | MB/s | beside | its MB/s | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |")
    for kind, (name, other) in OTHERS.items():
        files = files_of(kind, arguments.share, arguments.files)
        size = sum(len(content) for _, content in files) / 1e6
        ours, theirs = [], []
        for _ in range(PASSES):
            ours.append(seconds(load, files))
            theirs.append(seconds(lambda _, content: other(content), files))  # noqa: B023
        best, beside = min(ours), min(theirs)
        print(f"| {kind} | {len(files)} | {size:.2f} | {len(files) / best:.0f} | {size / best:.1f} "
              f"| {name} | {size / beside:.1f} | {beside / best:.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
