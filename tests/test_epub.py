import io
import random
import zipfile

import pytest
from extracted import blocks, check, places

from index.errors import LoadError
from index.formats.epub import load_epub
from index.formats.epub_archive import resolve

CONTAINER = '<container><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>'
NAV = """<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="landmarks"><ol>
<li><a href="c2.xhtml">Start</a></li></ol></nav><nav epub:type="toc"><ol>
<li><a href="t/c1.xhtml">One &amp; only</a><ol><li><a href="t/c1.xhtml#s">Section</a></li></ol></li>
<li><a href="c2.xhtml#a">Two</a></li><li><a href="c2.xhtml#b">Three</a></li></ol></nav></body>
</html>"""
NCX = """<ncx><navMap><navPoint><navLabel><text>First</text></navLabel><content src="t/c1.xhtml"/>
<navPoint><navLabel><text>Deep</text></navLabel><content src="c2.xhtml"/></navPoint></navPoint>
</navMap></ncx>"""
C1 = "<html><head><title/><script/></head><body><h1>One</h1><p>Cats&nbsp;purr.</p></body></html>"
C2 = """<html><body><p id="a">Dogs <span id="z"/>bark.</p><p id="b">Owls hoot.</p>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>"""
META = """<dc:title>The <i>Zoo</i></dc:title><dc:creator>Ada Berg</dc:creator><dc:creator>Bo
</dc:creator><dc:date>2019-03-04T00:00:00Z</dc:date><dc:language>en-US</dc:language>"""


def package(extra="", items="", meta=META, spine='<itemref idref="c1"/><itemref idref="c2"/>'):
    return f"""<?xml version="1.0"?><package xmlns:dc="d"><metadata>{meta}</metadata><manifest>
<item id="c1" href="t/c1.xhtml" media-type="application/xhtml+xml"/>{items}
<item id="c2" href="c2.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine {extra}>{spine}</spine></package>"""


def book(opf, **files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("O/p.opf", opf)
        texts = {"O/t/c1.xhtml": C1, "O/c2.xhtml": C2, **files}
        for name, text in texts.items():
            if text is not None:
                archive.writestr(name, text)
    return out.getvalue()


WITH_NAV = package(
    spine='<itemref idref="n"/><itemref idref="c1"/><itemref idref="c2"/>',
    items='<item id="n" href="nav.xhtml" properties="nav" media-type="text/html"/>',
)
WITH_NCX = package('toc="x"', '<item id="x" href="toc.ncx" media-type="application/x-dtbncx+xml"/>')


def load(content, **limits):
    return check(load_epub(content, "stem", **limits))


def test_a_book_with_a_navigation_document():
    read = load(book(WITH_NAV, **{"O/nav.xhtml": NAV}))
    assert read.text == "One\n\nCats purr.\n\nDogs bark.\n\nOwls hoot.\n\nA: 1; B: 2"
    assert blocks(read) == [
        ("text", ("One",), "Cats purr."),
        ("text", (), "Dogs bark."),
        ("text", (), "Owls hoot."),
        ("row", (), "A: 1; B: 2"),
    ]
    assert places(read) == [
        ("chapter", "One & only", "One\n\nCats purr."),
        ("chapter", "Two", "Dogs bark."),
        ("chapter", "Three", "Owls hoot.\n\nA: 1; B: 2"),
        ("row", "2", "A: 1; B: 2"),
    ]
    assert (read.title, read.authors, read.date) == ("The Zoo", "Ada Berg, Bo", "2019-03-04")
    assert (read.language, read.media_type) == ("en", "application/epub+zip")


def test_a_book_with_an_ncx():
    read = load(book(WITH_NCX, **{"O/toc.ncx": NCX}))
    assert [name for kind, name, _ in places(read) if kind == "chapter"] == ["First", "Deep"]
    assert blocks(read)[1] == ("text", ("Deep",), "Dogs bark.")


def test_without_contents_chapters_are_named_by_headings():
    read = load(book(package(meta="")))
    assert places(read)[0] == ("chapter", "One", read.text)
    assert (read.title, read.authors, read.date, read.language) == ("stem", None, None, None)


def test_a_title_that_a_program_put_there_is_none():
    assert load(book(package(meta="<dc:title>Unknown Title</dc:title>"))).title == "stem"


def test_a_file_that_the_contents_leave_out_goes_on_with_the_chapter():
    nav = '<nav epub:type="toc"><ol><li><a href="t/c1.xhtml">One</a></li></ol></nav>'
    read = load(book(WITH_NAV, **{"O/nav.xhtml": nav, "O/c2.xhtml": "<h1>Two</h1><p>x</p>"}))
    assert places(read) == [("chapter", "One", read.text)]


def test_a_missing_chapter_is_a_warning_and_no_chapter_an_error():
    read = load(book(package(), **{"O/c2.xhtml": None}))
    assert read.warnings == ("O/c2.xhtml is missing in the book",)
    with pytest.raises(LoadError, match="no chapter of the book can be read"):
        load(book(package(), **{"O/c2.xhtml": None, "O/t/c1.xhtml": None}))


def test_protected_books_are_refused():
    encryption = '<encryption><CipherReference URI="O/c2.xhtml"/></encryption>'
    with pytest.raises(LoadError, match="protected against copying"):
        load(book(package(), **{"META-INF/encryption.xml": encryption}))
    fonts = encryption.replace("c2.xhtml", "font.otf")
    assert load(book(package(), **{"META-INF/encryption.xml": fonts})).text


@pytest.mark.parametrize("href", ["../../x.xhtml", "/etc/passwd", "file:///etc/passwd", "//x/y"])
def test_paths_out_of_the_book_are_refused(href):
    with pytest.raises(LoadError, match="outside of it"):
        load(book(package().replace("c2.xhtml", href)))


def test_links_are_resolved_inside_the_archive():
    assert resolve("O/nav/n.xhtml", "../t/c%201.xhtml#a%20b") == ("O/t/c 1.xhtml", "a b")
    assert resolve("O/n.xhtml", "#a") == ("O/n.xhtml", "a")


def test_a_zip_bomb_is_refused():
    bomb = book(package(), **{"O/c2.xhtml": b"\0" * 5_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(LoadError, match="unpacks to more than 1,000,000 bytes; leave it out"):
        load(bomb, max_unpacked_bytes=1_000_000)
    assert load(book(package()), max_unpacked_bytes=5_000).text


def test_a_chapter_packed_in_an_unusual_way_is_not_unpacked():
    stream = io.BytesIO(book(package()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_BZIP2) as archive:
        chapter = next(name for name in archive.namelist() if name.endswith("c1.xhtml"))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(chapter, "<p>Squeezed.")
    with pytest.raises(LoadError, match=r"c1\.xhtml in the book is packed in an unusual way"):
        load(stream.getvalue())


def test_a_size_that_lies_is_not_believed():
    bomb = bytearray(book(package(), **{"O/c2.xhtml": b" " * 5_000_000}))
    size = (5_000_000).to_bytes(4, "little")
    assert bytes(bomb).count(size) == 2
    lying = bytes(bomb).replace(size, (100).to_bytes(4, "little"))
    try:
        read = load(lying, max_unpacked_bytes=1_000_000)
    except LoadError:
        return
    assert len(read.text) < 1_000


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPES = [
    f'<!DOCTYPE x [<!ENTITY a0 "lol">{BOMB}]>',
    '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE x SYSTEM "http://localhost:9/x.dtd">',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_entities_are_left_out_or_refused(doctype):
    files = {
        "O/p.opf": WITH_NCX.replace('"1.0"?>', f'"1.0"?>{doctype}').replace("Zoo", "&a11;Zoo"),
        "O/toc.ncx": doctype + NCX.replace("First", "&a11;First"),
        "O/c2.xhtml": f'<?xml version="1.0"?>{doctype}<html><p>x&a11;y</p></html>',
    }
    for name, text in files.items():
        made = {"O/toc.ncx": NCX, **({} if name == "O/p.opf" else {name: text})}
        try:
            read = load(book(text if name == "O/p.opf" else WITH_NCX, **made))
        except LoadError:
            continue
        assert len(read.text) < 200
        assert len(read.title) < 20


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"x" * 1000])
def test_what_is_no_book_is_refused(content):
    with pytest.raises(LoadError, match=r"no EPUB: .*leave it out"):
        load(content)


def test_a_zip_that_is_no_book_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(LoadError, match=r"lacks its file META-INF/container\.xml"):
        load(out.getvalue())


def test_broken_books_raise_only_load_errors():
    whole = book(WITH_NAV, **{"O/nav.xhtml": NAV})
    for seed in range(60):
        chance = random.Random(seed)
        broken = bytearray(whole if seed % 2 else whole[: chance.randrange(1, len(whole))])
        for _ in range(chance.randrange(8)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            load(bytes(broken))
        except LoadError:
            continue


def test_a_book_without_headings_has_no_chapters():
    page = "<html><body><p>Cats purr.</p></body></html>"
    read = load(book(package(), **{"O/t/c1.xhtml": page, "O/c2.xhtml": page}))
    assert read.text == "Cats purr.\n\nCats purr."
    assert read.locations == ()
