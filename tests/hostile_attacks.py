"""Files made to exhaust, deceive or read what they should not."""

import base64
import io
import json
import struct
import zipfile
import zlib

from tests import good_files as good
from tests.office import unzipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
XI = "http://www.w3.org/2001/XInclude"
HIDDEN = "scriptword"
"""Stands in scripts and handlers only."""

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha ha ha"}">' for n in range(10))


def office(kind, part, change):
    """A sound office file with one part changed."""
    parts = unzipped(good.MAKERS[kind]("Sound."))
    return good.packed(parts | {part: change(parts.get(part, b""))})


def in_document(doctype, entity):
    """Every kind that is XML inside, with a document type and a use of its entity."""
    head = f'<?xml version="1.0"?><!DOCTYPE x [{doctype}]>'
    word = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>{entity}</w:t></w:r></w:p></w:body></w:document>"
    )
    cell = f'<c r="A1" t="inlineStr"><is><t>{entity} in a cell</t></is></c>'
    sheet = f"<worksheet {SHEET}><sheetData><row>{cell}</row></sheetData></worksheet>"
    body = f"<office:body><office:text><text:p>{entity}</text:p></office:text></office:body>"
    page = f"<html><body><p>Before {entity} behind.</p></body></html>"
    package = good.PACKAGE.partition("?>")[2].replace("Book", entity)
    slide = unzipped(good.MAKERS["pptx"]("MARK"))["ppt/slides/slide1.xml"].decode()
    slide = slide.partition("?>")[2].replace("MARK", entity)
    return {
        "docx": office("docx", "word/document.xml", lambda _: head + word),
        "xlsx": office("xlsx", "xl/worksheets/sheet1.xml", lambda _: head + sheet),
        "pptx": office("pptx", "ppt/slides/slide1.xml", lambda _: head + slide),
        "odt": good.odt_parts(body, head),
        "xhtml": (head + page).encode(),
        "html": (head.replace("DOCTYPE x", "DOCTYPE html") + page).encode(),
        "chapter.epub": good.epub_parts(head + page),
        "package.epub": good.epub_parts(page, package=head + package),
        "container.epub": good.epub_parts(page, container=head + good.CONTAINER),
        "core.docx": office("docx", "docProps/core.xml", lambda _: head + f"<x>{entity}</x>"),
        "styles.docx": office("docx", "word/styles.xml", lambda _: head + f"<x>{entity}</x>"),
    }


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


def repeated_string(cells=5000):
    """A small workbook whose every cell shows the same long string."""
    strings = f'<sst {SHEET} count="1"><si><t>{"long text " * 10_000}</t></si></sst>'
    rows = "".join(f'<row><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells))
    parts = unzipped(good.MAKERS["xlsx"]("Sound."))
    sheet = f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>"
    return good.packed(parts | {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet})


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
    many = 100_000
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
        "heading.md": b"# " + b"word " * 50_000 + b"\n\n" + b"One more sentence.\n\n" * 2000,
        "heading.html": f"<h1>{'word ' * 50_000}</h1>{'<p>One more sentence.' * 2000}".encode(),
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
        "marks.txt": b'."(' * 100_000,
        "lines.txt": b"\n \r" * 100_000,
        "quotes.csv": b'"' * 200_001,
        "wide.csv": b"a,b\n" + b"x," * 300_000,
        "deep.pdf": pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", b"[" * many]),
        "loop.pdf": pdf_of([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Kids [2 0 R] /Count 9>>"]),
    }


def mail_parts(depth):
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return opened + b"Content-Type: text/plain\n\ntext"


def markup():
    """Scripts, handlers, turned text, lone surrogates and characters that show nothing."""
    page = (
        f'<html><head><script>var {HIDDEN} = "{HIDDEN}";</script><style>.{HIDDEN}{{}}</style>'
        f'<title>Page</title></head><body onload="{HIDDEN}()"><h1>Page</h1>'
        f'<p onclick="{HIDDEN}()">A paragraph.</p><SCRIPT>{HIDDEN}</SCRIPT >'
        f'<svg><script>{HIDDEN}</script></svg><img src=x onerror="{HIDDEN}()">'
        f'<a href="javascript:{HIDDEN}()">A link.</a><template>{HIDDEN}</template>'
        f"<noscript>{HIDDEN}</noscript><iframe srcdoc='{HIDDEN}'>{HIDDEN}</iframe>"
        f"<!-- {HIDDEN} --><p>The end.</p></body></html>"
    )
    turned = "\u202eturned text\u202c and \u2066more\u2069 of it"
    head = "From: a@x.org\nSubject: Page\nMIME-Version: 1.0\n"
    encoded = base64.encodebytes(page.encode()).decode()
    kinds = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n"
    half = '"\\ud800 half a pair and text"'
    return {
        "script.html": page.encode(),
        "script.xhtml": f"<?xml version='1.0'?>{page}".encode(),
        "script-as.txt": page.encode(),
        "script.epub": good.epub_parts(page),
        "script.eml": f"{head}{kinds}\n{encoded}".encode(),
        "utf-7.html": b"<meta charset=utf-7><p>+ADw-script+AD4-" + b"text</p>",
        "turned.html": f"<p>{turned}</p>".encode(),
        "turned.txt": turned.encode(),
        "nul.html": page.replace("A paragraph", "A\0para\0graph").encode(),
        "nul.txt": b"A text\0 with a NUL.",
        "nul.csv": b"a,b\nc\0,d\n",
        "nul.json": json.dumps(["one two \0 three four"]).encode(),
        "nul.eml": head.encode() + b"\nA text\0 with a NUL.",
        "nul.ipynb": good.notebook_file("A text\0 with a NUL."),
        "nul.rtf": rb"{\rtf1 A text\u0 ?with a NUL\'00.}",
        "half.json": f'{{"title": {half}, {half}: {half}}}'.encode(),
        "half.jsonl": f'{{"title": {half}, {half}: 1}}'.encode(),
        "half.ipynb": good.notebook_file("MARK").replace(b'"MARK"', half.encode()),
        "half-title.ipynb": b'{"nbformat": 4, "cells": [], "metadata": {"title": %s}}'
        % half.encode(),
        "half.rtf": rb"{\rtf1{\info{\title \u-10240 ?}}\u-10240 ?half}",
        "half.html": b"<title>&#xd800; half</title><p>&#xd800; half &#0; &#x110000;</p>",
        "bytes.eml": b"Subject: caf\xe9 \xff\nFrom: \xe9 <a@x.org>\n\ntext",
        "attached.eml": head.encode()
        + b'Content-Type: image/png; name="\xe9\xff.png"\nContent-Disposition: attachment\n\nx',
        "charset.eml": head.encode()
        + b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800 a",
        "charset.html": b"<meta charset=idna><p>text</p>",
        "zip-charset.html": b"<meta charset=zlib_codec><p>text</p>",
    }


def zips():
    """Archives whose entries lead outside, lie or are packed in ways that parsers must not try."""
    docx = unzipped(good.MAKERS["docx"]("Sound."))
    files = {
        "traversal.docx": good.packed(docx | {"../../outside.txt": b"out"}),
        "absolute.xlsx": good.packed(unzipped(good.MAKERS["xlsx"]("x")) | {"/etc/x": b"out"}),
        "drive.odt": good.packed(unzipped(good.MAKERS["odt"]("x")) | {"C:\\x": b"out"}),
        "outside.epub": good.epub_parts("", good.PACKAGE.replace("c.xhtml", "../../etc/passwd")),
        "entries.docx": good.packed(docx | {f"e{n}": b"" for n in range(11_000)}),
        "plain.zip": good.packed({"a.txt": b"text"}),
        "kind.docx": good.packed({"mimetype": "one\ntwo\x1b[31m\u202e"}),
    }
    for name, method in (("bz2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        for size in (100, 50 << 20):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as archive:
                archive.writestr(zipfile.ZipInfo("mimetype"), bytes(size), method)
            small = stream.getvalue().replace(struct.pack("<I", size), struct.pack("<I", 100))
            files[f"mimetype-{name}-{size}.epub"] = small
    deflated = good.packed({"mimetype": "application/epub+zip"})
    files["mimetype.epub"] = deflated[:38] + b"\xff" * 8 + deflated[46:]
    return files


def outside(secret):
    """Files that would read another one."""
    files = {}
    for scheme, target in (("file", secret.as_uri()), ("path", str(secret))):
        made = in_document(f'<!ENTITY e SYSTEM "{target}">', "&e;")
        files |= {f"{scheme}-entity.{kind}": content for kind, content in made.items()}
        made = in_document(f'<!ENTITY % p SYSTEM "{target}"> %p;', "x")
        files |= {f"{scheme}-parameter.{kind}": content for kind, content in made.items()}
    include = f'<xi:include xmlns:xi="{XI}" href="{secret}" parse="text"/>'
    files |= {f"include.{kind}": made for kind, made in in_document("", include).items()}
    frame = f'<p>Before.</p><iframe src="{secret}"></iframe><object data="{secret}"></object>'
    files |= {
        "frame.html": frame.encode(),
        "image.md": f"![a]({secret})\n\n<iframe src='{secret}'></iframe>\n".encode(),
        "field.rtf": rb'{\rtf1{\field{\*\fldinst INCLUDETEXT "%s"}}text}' % bytes(secret),
        "body.eml": f"Subject: s\nContent-Type: message/external-body; access-type=local-file;"
        f' name="{secret}"\n\nContent-Type: text/plain\n\n'.encode(),
        "chunk.docx": external_chunk(secret),
    }
    return files


def external_chunk(secret):
    """A Word document that takes in a part from outside."""
    relations = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    added = f'<Relationship Id="x" Type="{kind}" Target="{secret.as_uri()}" TargetMode="External"/>'
    return office(
        "docx",
        relations,
        lambda part: part.replace(b"</Relationships>", added.encode() + b"</Relationships>"),
    )
