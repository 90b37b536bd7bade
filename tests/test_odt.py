import pytest

from index.errors import LoadError
from index.formats.odt import MEDIA_TYPE, load_odt
from tests.office import blocks, check_damage, check_spans, with_parts, zipped

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        *(("office", "office"), ("text", "text"), ("table", "table"), ("style", "style")),
        *(("draw", "drawing"), ("meta", "meta")),
    ]
)
META = (
    f'<office:document-meta {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
    "<dc:title>Report 2023</dc:title><meta:initial-creator>Ann Lee</meta:initial-creator>"
    "<dc:creator>Tom</dc:creator><dc:date>2024-05-01T12:00:00</dc:date>"
    "<dc:language>de-DE</dc:language></office:meta></office:document-meta>"
)
BODY = """
<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>
</text:changed-region></text:tracked-changes>
<text:p text:style-name="P1">Report</text:p>
<text:table-of-content><text:index-body><text:p>Money 3</text:p></text:index-body>
</text:table-of-content>
<text:p>We   write<text:s text:c="2"/>this<office:annotation><text:p>Why?</text:p>
</office:annotation>.</text:p>
<text:h text:outline-level="1">Money</text:h>
<text:p>Revenue <text:span>grew</text:span><text:note text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p>By 5%.</text:p></text:note-body>
</text:note>.<text:line-break/>Again.</text:p>
<text:list><text:list-item><text:p>more clients</text:p><text:list><text:list-item>
<text:p>in the north</text:p></text:list-item></text:list></text:list-item></text:list>
<table:table><table:table-column/><table:table-header-rows><table:table-row>
<table:table-cell><text:p>Year</text:p></table:table-cell>
<table:table-cell><text:p>Revenue</text:p></table:table-cell>
<table:table-cell><text:p>Share</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row>
<table:table-cell table:number-columns-spanned="2"><text:p>All</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell><text:p>4</text:p><text:p>%</text:p></table:table-cell>
</table:table-row></table:table>
<text:section><text:h text:outline-level="2">Costs</text:h><text:p>None.<draw:frame>
<draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame></text:p></text:section>
<text:p>\t</text:p>
"""


def odt(body, meta=META):
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return zipped({"content.xml": content, "meta.xml": meta})


def test_text_blocks_and_properties():
    found = load_odt(odt(BODY), "s")
    assert blocks(found) == [
        ("text", ("Report",), "We write  this."),
        ("text", ("Report", "Money"), "Revenue grew.\nAgain."),
        ("text", ("Report", "Money"), "By 5%."),
        ("item", ("Report", "Money"), "more clients"),
        ("item", ("Report", "Money"), "in the north"),
        ("row", ("Report", "Money"), "Year: All; Share: 4 %"),
        ("text", ("Report", "Money", "Costs"), "None."),
        ("text", ("Report", "Money", "Costs"), "Boxed."),
    ]
    assert found.text == (
        "Report\n\nWe write  this.\n\nMoney\n\nRevenue grew.\nAgain.\n\nBy 5%.\n\nmore clients\n\n"
        "in the north\n\nYear; Revenue; Share\n\nYear: All; Share: 4 %\n\nCosts\n\nNone.\n\nBoxed."
    )
    assert (found.title, found.date, found.authors, found.language) == (
        *("Report 2023", "2024-05-01", "Ann Lee", "de"),
    )
    assert (found.media_type, found.locations) == (MEDIA_TYPE, ())


def test_without_properties_headings_and_the_name_speak():
    found = load_odt(with_parts(odt("<text:h>One</text:h>"), meta_xml="<a/>"), "2024-01-02")
    assert (found.title, found.date, found.authors) == ("One", "2024-01-02", None)
    assert load_odt(odt("", "<a/>"), "empty").title == "empty"


def test_absurd_repetitions_are_bounded():
    cell = '<table:table-cell table:number-columns-repeated="999999999"/>'
    body = f"<text:p>a<text:s text:c='999999999'/>b</text:p><table:table><table:table-row>{cell}"
    found = load_odt(odt(f"{body}{cell}</table:table-row></table:table>"), "s")
    assert len(found.text) == 1002


def test_hostile_and_broken_files():
    content = odt(BODY + "".join(f"<text:p>Line {i * i}.</text:p>" for i in range(300)))
    check_spans(load_odt(content, "s"))
    check_damage(load_odt, content)
    locked = zipped({"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": b"\x9f"})
    with pytest.raises(LoadError, match=r"encrypted with a password; save it as ODT without one"):
        load_odt(locked, "s")
    declared = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(LoadError, match=r"part 'content.xml' declares a document type"):
        load_odt(with_parts(content, content_xml=lambda old: declared + old), "s")
    for body in ("<a/>", "not xml"):
        with pytest.raises(LoadError, match=r"damaged ODT file"):
            load_odt(zipped({"content.xml": body}), "s")
