import datetime

import docx
import pytest
from docx.oxml import parse_xml

from index.errors import LoadError
from index.formats.docx import MEDIA_TYPE, load_docx
from tests.office import blocks, check_damage, check_spans, saved, with_parts, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document():
    made = docx.Document()
    properties = made.core_properties
    properties.title, properties.author = "Report 2023", "Ann Lee"
    properties.modified = datetime.datetime(2024, 5, 1, 12)
    properties.language = "en-GB"
    made.add_heading("Report", 0)
    made.add_paragraph("We write this.")
    made.add_heading("Money", 1)
    made.add_paragraph("Revenue ").add_run("grew.")
    made.add_paragraph("more clients", style="List Bullet")
    add_table(made, [["Year", "Revenue"], ["2022", "4.0 million"], ["2023", "4.2 million"]])
    made.add_heading("Costs", 2)
    made.add_paragraph("None.")
    made.add_heading("People", 1)
    made.add_paragraph("Two\tjoined.\nOne left.")
    made.sections[0].header.paragraphs[0].text = "Secret header"
    return made


def add_table(made, rows):
    table = made.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return table


def loaded(*paragraphs, made=None):
    """Load a document that has these elements in its body."""
    made = made or docx.Document()
    for xml in paragraphs:
        made.element.body.insert_element_before(
            parse_xml(xml.replace(">", f" {W}>", 1)), "w:sectPr"
        )
    return load_docx(saved(made), "s")


def test_text_blocks_and_properties():
    found = load_docx(saved(document()), "s")
    assert found.text == (
        "Report\n\nWe write this.\n\nMoney\n\nRevenue grew.\n\nmore clients\n\nYear; Revenue\n\n"
        "Year: 2022; Revenue: 4.0 million\n\nYear: 2023; Revenue: 4.2 million\n\n"
        "Costs\n\nNone.\n\nPeople\n\nTwo\tjoined.\nOne left."
    )
    assert blocks(found) == [
        ("text", ("Report",), "We write this."),
        ("text", ("Report", "Money"), "Revenue grew."),
        ("item", ("Report", "Money"), "more clients"),
        ("row", ("Report", "Money"), "Year: 2022; Revenue: 4.0 million"),
        ("row", ("Report", "Money"), "Year: 2023; Revenue: 4.2 million"),
        ("text", ("Report", "Money", "Costs"), "None."),
        ("text", ("Report", "People"), "Two\tjoined.\nOne left."),
    ]
    assert (found.title, found.date, found.authors, found.language) == (
        *("Report 2023", "2024-05-01", "Ann Lee", "en"),
    )
    assert (found.media_type, found.locations, found.warnings) == (MEDIA_TYPE, (), ())


def test_without_properties_headings_and_the_name_speak():
    made = with_parts(saved(document()), docProps__core_xml=b"<empty/>")
    found = load_docx(made, "2024-02-03 notes")
    assert (found.title, found.date, found.authors) == ("Report", "2024-02-03", None)
    assert found.language == "en"  # of the styles
    assert load_docx(saved(docx.Document()), "empty").text == ""
    assert load_docx(saved(docx.Document()), "empty").title == "empty"


def test_headings_are_known_by_outline_level_and_by_the_style_they_build_on():
    made = docx.Document()
    style = made.styles.add_style("Kapitel", 1)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("Two", style="Kapitel")
    made.add_paragraph("Below two.")
    found = loaded(
        '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>',
        "<w:p><w:r><w:t>Below one.</w:t></w:r></w:p>",
        made=made,
    )
    assert blocks(found) == [("text", ("Two",), "Below two."), ("text", ("One",), "Below one.")]
    assert found.title == "One"


def test_styles_that_lead_to_themselves_end():
    made = docx.Document()
    one, two = made.styles.add_style("One", 1), made.styles.add_style("Two", 1)
    one.base_style, two.base_style = two, one
    made.add_paragraph("Round.", style="One")
    assert load_docx(saved(made), "s").text == "Round."


def test_deletions_are_no_text_and_insertions_are():
    found = loaded(
        "<w:p><w:r><w:t>It is </w:t></w:r>"
        "<w:del><w:r><w:delText>not </w:delText><w:tab/></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>old </w:t></w:r></w:moveFrom>"
        "<w:ins><w:r><w:t>very </w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden </w:t></w:r>"
        "<w:hyperlink><w:r><w:t>good</w:t><w:noBreakHyphen/></w:r></w:hyperlink>"
        "<w:fldSimple><w:r><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:fldSimple></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Controlled.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    assert found.text == "It is very good-1\n\nControlled."


def test_a_text_box_follows_its_paragraph_and_is_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    found = loaded(
        f"<w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent {mc}><mc:Choice>{box}"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t> after.</w:t></w:r></w:p>"
    )
    assert found.text == "Before after.\n\nBoxed."


def test_contents_are_left_out():
    made = docx.Document()
    made.styles.add_style("toc 1", 1)
    made.add_paragraph("Money 3", style="toc 1")
    made.add_paragraph("Text.")
    assert load_docx(saved(made), "s").text == "Text."


def test_a_footnote_follows_the_paragraph_that_names_it():
    made = docx.Document()
    made.add_heading("Money", 1)
    made.add_paragraph("It grew.")._p.append(
        parse_xml(f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>')
    )
    made.add_paragraph("End.")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    note = (
        f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>'
        "<w:r><w:t>By 5%.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    types = (
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    content = with_parts(
        saved(made),
        **{
            "[Content_Types]_xml": lambda old: old.replace(b"</Types>", types),
            "word___rels__document_xml.rels": lambda old: old.replace(
                b"</Relationships>", relation.encode()
            ),
        },
        word__footnotes_xml=note,
    )
    assert blocks(load_docx(content, "s")) == [
        *(("text", ("Money",), text) for text in ("It grew.", "By 5%.", "End.")),
    ]


def test_merged_cells_are_given_once_and_keep_their_column():
    made = docx.Document()
    table = add_table(
        made, [["Region", "Plan", "Sales"], ["North", "5", "6"], ["North", "7", "8"], ["x", "", ""]]
    )
    table.cell(1, 0).merge(table.cell(2, 0)).text = "North"
    below = table._tbl.tr_lst[2].tc_lst[0]  # what no program shows
    below.append(parse_xml(f"<w:p {W}><w:r><w:t>covered</w:t></w:r></w:p>"))
    table.cell(3, 0).merge(table.cell(3, 1)).text = "Sum"
    table.cell(3, 2).text = "14"
    assert [text for _, _, text in blocks(load_docx(saved(made), "s"))] == [
        *("Region: North; Plan: 5; Sales: 6", "Plan: 7; Sales: 8", "Region: Sum; Sales: 14"),
    ]


def test_a_table_of_one_column_is_prose():
    made = docx.Document()
    made.add_table(1, 1).cell(0, 0).text = "A box. It warns."
    assert blocks(load_docx(saved(made), "s")) == [("text", (), "A box. It warns.")]


def entity(kind):
    bomb = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">'
    declared = bomb if kind == "bomb" else '<!ENTITY x SYSTEM "file:///etc/hostname">'
    return f'<?xml version="1.0"?><!DOCTYPE d [{declared}]>'.encode()


@pytest.mark.parametrize("kind", ["bomb", "file"])
def test_entities_are_refused(kind):
    def hostile(part):
        body = part.partition(b"?>")[2]
        return entity(kind) + body.replace(b"We write this.", b"&x;")

    with pytest.raises(LoadError, match=r"part 'word/document.xml' declares a document type"):
        load_docx(with_parts(saved(document()), word__document_xml=hostile), "s")


def test_hostile_and_broken_files():
    content = saved(document())
    check_spans(load_docx(content, "s"))
    check_damage(load_docx, content)
    with pytest.raises(LoadError, match=r"damaged DOCX file"):
        load_docx(zipped({"word/document.xml": "<a/>"}), "s")
    deep = lambda _: b"<a>" * 100_000 + b"</a>" * 100_000  # noqa: E731
    with pytest.raises(LoadError, match=r"damaged DOCX file \(XMLSyntaxError"):
        load_docx(with_parts(content, word__document_xml=deep), "s")
