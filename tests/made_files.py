"""Files of every kind made of places (chapters, slides, cells), each a list of sentences."""

import json

import docx
import openpyxl
import pptx
from pptx.util import Inches

from tests import good_files as good
from tests.office import saved


def html_of(places, tag="h2"):
    return "".join(
        f"<{tag}>Part {number}</{tag}>" + "".join(f"<p>{text}</p>" for text in parts)
        for number, parts in enumerate(places, 1)
    )


def text_of(places, mark="=="):
    return "\n\n".join(
        f"Part {number}\n{mark * 4}\n\n" + "\n\n".join(parts)
        for number, parts in enumerate(places, 1)
    )


def markdown_of(places):
    return "\n\n".join(
        f"## Part {number}\n\n" + "\n\n".join(parts) for number, parts in enumerate(places, 1)
    )


def docx_of(places):
    made = docx.Document()
    for number, parts in enumerate(places, 1):
        made.add_heading(f"Part {number}", 1)
        for text in parts:
            made.add_paragraph(text)
    return saved(made)


def odt_of(places):
    body = "".join(
        f"<text:h text:outline-level='1'>Part {number}</text:h>"
        + "".join(f"<text:p>{text}</text:p>" for text in parts)
        for number, parts in enumerate(places, 1)
    )
    return good.odt_parts(f"<office:body><office:text>{body}</office:text></office:body>")


def rtf_of(places):
    def written(text):
        units = memoryview(text.encode("utf-16-le")).cast("H")
        return "".join(chr(u) if u < 128 else f"\\u{u - 65536 * (u > 32767)} ?" for u in units)

    body = "".join(
        rf"\pard\outlinelevel0 Part {number}\par\pard\outlinelevel9 "
        + "".join(rf"\pard {written(text)}\par " for text in parts)
        for number, parts in enumerate(places, 1)
    )
    return rf"{{\rtf1\ansi {body}}}".encode()


def pptx_of(places):
    made = pptx.Presentation()
    for number, parts in enumerate(places, 1):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = f"Part {number}"
        for at, text in enumerate(parts):
            box = slide.shapes.add_textbox(Inches(1), Inches(2 + at), Inches(5), Inches(1))
            box.text_frame.text = text
    return saved(made)


def xlsx_of(places):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, parts in enumerate(places, 1):
        sheet = book.create_sheet(f"Part {number}")
        sheet.append(["Number", "Text"])
        for at, text in enumerate(parts):
            sheet.append([at, text])
    return saved(book)


def epub_of(places):
    names = [f"c{number}.xhtml" for number in range(len(places))]
    items = "".join(f'<item id="{n}" href="{n}" media-type="text/html"/>' for n in names)
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    opf = f"<package><metadata/><manifest>{items}</manifest><spine>{spine}</spine></package>"
    opf = opf.replace("text/html", "application/xhtml+xml")
    chapters = {
        name: f"<html><body><h1>Part {number}</h1><p>{'</p><p>'.join(parts)}</p></body></html>"
        for number, (name, parts) in enumerate(zip(names, places, strict=True), 1)
    }
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": good.CONTAINER}
    return good.packed(parts | {"p.opf": opf} | chapters)


def notebook_of(places):
    cells = [{"cell_type": "markdown", "source": "\n\n".join(parts)} for parts in places]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def mail_of(places):
    head = "From: a@x.org\nSubject: Lamps\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}Content-Transfer-Encoding: 8bit\n\n{text_of(places)}\n".encode()


def rows_of(mark):
    def made(places):
        rows = [[str(number), *parts] for number, parts in enumerate(places)]
        return "\n".join(map(mark.join, [["Row", "A", "B", "C", "D"], *rows])).encode()

    return made


def records_of(places):
    return [{f"key{at}": text for at, text in enumerate(parts)} for parts in places]


KINDS = {
    "txt": lambda places: text_of(places).encode(),
    "md": lambda places: markdown_of(places).encode(),
    "html": lambda places: f"<html><body>{html_of(places)}</body></html>".encode(),
    "xhtml": lambda places: f"<html><body>{html_of(places)}</body></html>".encode(),
    "eml": mail_of,
    "docx": docx_of,
    "odt": odt_of,
    "rtf": rtf_of,
    "pptx": pptx_of,
    "xlsx": xlsx_of,
    "epub": epub_of,
    "ipynb": notebook_of,
    "csv": rows_of(","),
    "tsv": rows_of("\t"),
    "json": lambda places: json.dumps(records_of(places)).encode(),
    "jsonl": lambda places: "\n".join(map(json.dumps, records_of(places))).encode(),
}
LOCATED = {  # kind of place, and its name from its number
    "pptx": ("slide", "{}"),
    "xlsx": ("sheet", "Part {}"),
    "epub": ("chapter", "Part {}"),
    "ipynb": ("cell", "{}"),
    "csv": ("row", "{}"),
    "tsv": ("row", "{}"),
    "json": ("record", "{}"),
    "jsonl": ("record", "{}"),
}
UNDER_HEADINGS = {"txt", "md", "html", "xhtml", "eml", "docx", "odt", "pptx", "xlsx", "epub"}
