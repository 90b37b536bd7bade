"""One small sound file of every kind, the same bytes each time."""

import io
import json
import zipfile

import docx
import openpyxl
import pptx
from pptx.util import Inches

from tests.office import saved, unzipped
from tests.pdf_files import lines, pdf

ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODT_NAMES = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"'
ODT_TYPE = "application/vnd.oasis.opendocument.text"
CONTAINER = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
PACKAGE = """<?xml version="1.0"?><package xmlns:dc="d"><metadata><dc:title>Book</dc:title>
</metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="c"/></spine></package>"""
_CORE = b"""<?xml version="1.0"?><cp:coreProperties xmlns:cp=
"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"""


def sentence(kind):
    """What the good file of a kind says."""
    return f"The lamp in the {kind} house burns at noon."


def packed(parts):
    """A zip archive that does not show when it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


def docx_file(text):
    made = docx.Document()
    made.add_heading("Lamps", 1)
    made.add_paragraph(text)
    table = made.add_table(2, 2)
    for cell, value in zip(table._cells, ("Lamp", "Hours", "Red", "12"), strict=True):
        cell.text = value
    return packed(unzipped(saved(made)))


def pptx_file(text):
    made = pptx.Presentation()
    while len(made.slide_layouts) > 1:  # each takes time to read
        made.slide_layouts.remove(made.slide_layouts[len(made.slide_layouts) - 1])
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = "Lamps"
    box = slide.shapes.add_textbox(Inches(1), Inches(4), Inches(5), Inches(1))
    box.text_frame.text = text
    return packed(unzipped(saved(made)))


def xlsx_file(text):
    book = openpyxl.Workbook()
    for row in (("Lamp", "Note"), ("Red", text), ("Blue", 12)):
        book.active.append(row)
    return packed(unzipped(saved(book)) | {"docProps/core.xml": _CORE})  # it has the time


def odt_file(text):
    body = f"<text:h text:outline-level='1'>Lamps</text:h><text:p>{text}</text:p>"
    return odt_parts(f"<office:body><office:text>{body}</office:text></office:body>")


def odt_parts(body, before=""):
    content = f"{before}<office:document-content {ODT_NAMES}>{body}</office:document-content>"
    return packed({"mimetype": ODT_TYPE, "content.xml": content})


def epub_file(text):
    return epub_parts(f"<html><body><h1>Lamps</h1><p>{text}</p></body></html>")


def epub_parts(chapter, package=PACKAGE, container=CONTAINER):
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "p.opf": package,
            "c.xhtml": chapter,
        }
    )


def notebook_file(text):
    cells = [
        {"cell_type": "markdown", "source": ["# Lamps\n", "\n", text]},
        {"cell_type": "code", "source": "x = 1", "outputs": []},
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def html_file(text):
    page = f"<!DOCTYPE html><html><title>Lamps</title><body><h1>Lamps</h1><p>{text}</p>"
    table = "<table><tr><th>Lamp<th>Hours<tr><td>Red<td>12</table>"
    return f"{page}{table}<ul><li>One.<li>Two.</ul></body></html>".encode()


def xhtml_file(text):
    body = f"<body><h1>Lamps</h1><p>{text}</p></body>"
    return f'<html xmlns="http://www.w3.org/1999/xhtml">{body}</html>'.encode()


def mail_file(text):
    head = "From: Ann <a@x.org>\nDate: Tue, 02 May 2023 23:30:00 +0000\nSubject: Lamps\n"
    part = f"\n--b\nContent-Type: text/plain\n\n{text}\n--b--\n"
    return f'{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n{part}'.encode()


MAKERS = {
    "txt": lambda text: f"Lamps\n=====\n\n{text}\n\n- One.\n- Two.\n".encode(),
    "md": lambda t: f"---\ntitle: Lamps\n---\n\n# Lamps\n\n{t}\n\n|a|b|\n|-|-|\n|c|d|\n".encode(),
    "html": html_file,
    "xhtml": xhtml_file,
    "epub": epub_file,
    "eml": mail_file,
    "ipynb": notebook_file,
    "csv": lambda text: f'Lamp,Note\nRed,"{text}"\nBlue,12\n'.encode(),
    "tsv": lambda text: f"Lamp\tNote\nRed\t{text}\nBlue\t12\n".encode(),
    "json": lambda text: json.dumps([{"note": text}, {"lamp": "red", "hours": 12}]).encode(),
    "jsonl": lambda text: b"\n".join([json.dumps({"note": text}).encode(), b'{"a": 1, "b": 2}']),
    "docx": docx_file,
    "pptx": pptx_file,
    "xlsx": xlsx_file,
    "odt": odt_file,
    "rtf": lambda text: rb"{\rtf1\ansi{\b Lamps\par}\pard " + text.encode() + rb"\par}",
    "pdf": lambda text: pdf(lines("Lamps", None, text), lines("A second page of lamps.")),
}
"""Endings to functions of a sentence that give a file's bytes."""


def good_files():
    """A sound file of every kind by its ending."""
    return {kind: make(sentence(kind)) for kind, make in MAKERS.items()}
