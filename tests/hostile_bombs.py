"""Files made to exhaust what reads them: bombs, deep nesting, endless lines."""

import io
import json
import zipfile
import zlib

from tests import good_files as good
from tests.hostile_attacks import SHEET, W, in_document, office
from tests.office import unzipped

SHARED_STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha ha ha"}">' for n in range(10))


def bombs():
    files = {f"laughs.{kind}": made for kind, made in in_document(_LAUGHS, "&l9;").items()}
    pages = [("flat", flat_pages()), ("deep", shared_pages())]
    files |= {f"million-{name}.pdf": content for name, content in pages}
    aliases = "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9 if n else 'ha'}]\n" for n in range(9))
    files["aliases.md"] = f"---\n{aliases}title: *a8\ndate: *a8\n---\n\nText.\n".encode()
    for name in ("docx:word/document.xml", "xlsx:xl/worksheets/sheet1.xml", "pptx:ppt/a.xml"):
        kind, _, part = name.partition(":")
        files[f"zeros.{kind}"] = with_bomb(good.MAKERS[kind]("Sound."), part)
    files["zeros.epub"] = with_bomb(good.MAKERS["epub"]("Sound."), "c.xhtml", 300 << 20)
    files["zeros.odt"] = with_bomb(good.MAKERS["odt"]("Sound."), "content.xml")
    files["strings.xlsx"] = repeated_string()
    files["spaces.odt"] = good.odt_parts(
        "<office:body><office:text><text:p>a"
        + '<text:s text:c="999999999"/>' * 100
        + "b</text:p></office:text></office:body>"
    )
    spans = '<td colspan="9999" rowspan="9999">wide</td>' * 20
    files["spans.html"] = f"<table>{f'<tr><th>h</th>{spans}</tr>' * 200}</table>".encode()
    files["stream.pdf"] = packed_page(b"BT /F1 9 Tf (a b c d e f) Tj ET\n" * 2_000_000)
    return files


def with_bomb(content, part, size=64 << 20):
    """An archive in which one part is packed a thousandfold."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, kept in unzipped(content).items():
            if name != part:
                archive.writestr(zipfile.ZipInfo(name), kept)
        info = zipfile.ZipInfo(part)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as entry:
            for _ in range(size >> 20):
                entry.write(bytes(1 << 20))
    return stream.getvalue()


def repeated_string(cells=600):
    """A small workbook whose every cell shows the same long string."""
    strings = f'<sst {SHEET} count="1"><si><t>{"long text " * 10_000}</t></si></sst>'
    rows = "".join(f'<row><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells))
    parts = unzipped(good.MAKERS["xlsx"]("Sound."))
    sheet = f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>"
    kinds = parts["[Content_Types].xml"].replace(b"</Types>", SHARED_STRINGS + b"</Types>")
    changed = {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet}
    return good.packed(parts | changed | {"[Content_Types].xml": kinds})


def pdf_of(objects):
    """A PDF of numbered objects, the first of which is its catalogue."""
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<</Size %d /Root 1 0 R>>\n" % (len(offsets) + 1))
    return out.getvalue() + b"startxref\n%d\n%%%%EOF\n" % start


def flat_pages():
    """A list of pages that says it has a million, and names one empty page over and over."""
    kids = b"3 0 R " * 100_000
    tree = b"<</Type /Pages /Count 1000000 /Kids [%s]>>" % kids
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>"
    return pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", tree, page])


def shared_pages():
    """A tree of pages of three levels, each branch of which is the same."""
    levels = [
        b"<</Type /Pages /Count %d /Kids [%s]>>" % (100 ** (3 - n), b"%d 0 R " % (n + 3) * 100)
        for n in range(3)
    ]
    page = b"<</Type /Page /Parent 4 0 R /MediaBox [0 0 9 9]>>"
    return pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", *levels, page])


def packed_page(content):
    packed = zlib.compress(content, 9)
    stream = b"<</Length %d /Filter /FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    font = b"<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s>>"
    pages = b"<</Type /Pages /Count 1 /Kids [3 0 R]>>"
    return pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", pages, page % font, stream])


def overlong():
    """Deep nesting, endless lines and headings."""
    many = 50_000
    nested = f"<w:tbl><w:tr><w:tc>{'<w:tbl><w:tr><w:tc>' * 2000}"
    keys = json.dumps({"many words in a key": "and a text of five words"})
    for _ in range(200):
        keys = f'{{"another key above it": {keys}, "text": "and some more words here"}}'
    return {
        "deep.json": b"[" * many,
        "closed.json": b"[" * many + b"]" * many,
        "objects.json": b'{"a":' * many + b"1" + b"}" * many,
        "keys.json": f"[{','.join([keys] * 10)}]".encode(),
        "deep.jsonl": b"[" * many + b'\n{"a": "one two three four"}',
        "deep.ipynb": b'{"nbformat": 4, "cells": ' + b"[" * many,
        "deep.html": b"<html><body>" + b"<div>" * many + b"text",
        "lists.html": b"<html><body>" + b"<ul><li>" * 900 + b"text",
        "tags.html": b"<a" * many + b"<!--" * many,
        "deep.md": b"> " * 20_000 + b"text\n" + b"- " * 5000 + b"text",
        "marks.md": b"*a _b " * 5000
        + b"\n\n"
        + b"[" * 5000
        + b"\n\n"
        + b"`" * 5000
        + b"![[](" * 2000,
        "yaml.md": b"---\ntitle: " + b"[" * 5000 + b"\n---\n\nText.",
        "tagged.md": b'---\ntitle: !!int ""\n---\n\nText.',
        "timestamp.md": b"---\ndate: !!timestamp never\n---\n\nText.",
        "truth.md": b"---\ndate: !!bool maybe\n---\n\nText.",
        "surrogate.md": b'---\ntitle: "\\ud800 half"\n---\n\nText.',
        "python.md": b'---\ntitle: !!python/object/apply:os.system ["echo"]\n---\n\nText.',
        "heading.md": b"# " + b"word " * 20_000 + b"\n\n" + b"One more sentence.\n\n" * 800,
        "heading.html": f"<h1>{'word ' * 20_000}</h1>{'<p>One more sentence.' * 800}".encode(),
        "deep.rtf": rb"{\rtf1 " + b"{" * many + b"text",
        "numbers.rtf": rb"{\rtf1\u" + b"9" * 5000 + rb" \bin999999999 text\uc99999 \u55555 }",
        "deep.docx": office(
            "docx",
            "word/document.xml",
            lambda _: f"<w:document {W}><w:body>{nested}</w:body></w:document>",
        ),
        "deep.eml": b"Subject: deep\n" + b"Content-Type: message/rfc822\n\n" * 3000 + b"text",
        "parts.eml": b"Subject: parts\n" + mail_parts(500),
        "headers.eml": b"Subject: "
        + b"=?utf-8?q?=ff?= " * 5000
        + b"\nFrom: "
        + b"<" * 5000
        + b"\n\na",
        "line.txt": b"a" * 2_000_000,
        "marks.txt": b'."(' * 50_000,
        "lines.txt": b"\n \r" * 100_000,
        "quotes.csv": b'"' * 200_001,
        "wide.csv": b"a,b\n" + b"x," * 60_000,
        "deep.pdf": pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", b"[" * many]),
        "loop.pdf": pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Kids [2 0 R] /Count 9>>"]),
    }


def mail_parts(depth):
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return opened + b"Content-Type: text/plain\n\ntext"
