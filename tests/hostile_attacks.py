"""Files made to deceive, or to read what they should not."""

import base64
import io
import json
import struct
import zipfile

from tests import good_files as good
from tests.office import unzipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
XI = "http://www.w3.org/2001/XInclude"
HIDDEN = "scriptword"
"""Stands in scripts and handlers only."""


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
