import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_files import FONT, lines, pdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.document import Location
from index.errors import LoadError
from index.formats.layout import rectangles, unpack
from index.formats.pdf import load_pdf
from index.load import load
from index.sentences import split_sentences

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def blocks(document):
    return [(b.kind, b.heading, document.text[b.start : b.end]) for b in document.blocks]


def texts(document):
    return [document.text[b.start : b.end] for b in document.blocks]


def read(*pages, **options):
    return load_pdf(pdf(*pages, **options), "stem")


def span(document, quote):
    start = document.text.index(quote)
    return start, start + len(quote)


def width(text, size=10):
    return pdfmetrics.stringWidth(text, FONT, size)


def test_lines_of_a_paragraph_are_joined_and_paragraphs_parted():
    document = read(
        lines("Cats purr when they are", "content and fed.", None, "Dogs bark at night", "and day.")
    )
    assert (
        document.text == "Cats purr when they are content and fed.\n\nDogs bark at night and day."
    )
    assert blocks(document) == [
        ("text", (), "Cats purr when they are content and fed."),
        ("text", (), "Dogs bark at night and day."),
    ]
    assert document.media_type == "application/pdf"
    assert document.warnings == ()


def test_a_small_letter_goes_on_behind_a_colon():
    pieces = [
        "It takes the word of someone who is wide enough",
        "and a name such as cat:",
        "str only.",
    ]
    assert texts(read(lines(*pieces))) == [" ".join(pieces)]


def test_a_span_is_found_at_the_drawn_place():
    document = read(lines("Nothing."), lines("Cats purr when they", "sleep well.", x=80, y=500))
    found = rectangles(document.layout, *span(document, "when they sleep"))
    assert [r.page for r in found] == [2, 2]
    first, second = found
    assert first.left == pytest.approx(80 + width("Cats purr "), abs=0.11)
    assert first.right == pytest.approx(80 + width("Cats purr when they"), abs=0.11)
    assert first.bottom < 500 < first.top - 7 < 505
    assert second.left == pytest.approx(80, abs=0.11)
    assert second.right == pytest.approx(80 + width("sleep"), abs=0.11)
    assert second.bottom < 488 < second.top < 500


def test_spaces_stand_nowhere_and_all_else_stands_somewhere():
    document = read(lines("A cat", "purrs."))
    assert document.text == "A cat purrs."
    pages = unpack(document.layout)[:, 0].tolist()
    assert pages == [1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]


def test_page_ranges_lie_over_the_text():
    document = read(lines("One."), lines("Two.", None, "Three."))
    assert document.text == "One.\n\nTwo.\n\nThree."
    assert document.locations == (Location(0, 4, "page", "1"), Location(6, 18, "page", "2"))


def test_a_sentence_over_a_page_break_stays_one_sentence():
    document = read(
        lines("Start.", None, "The cat that sat"), lines("on the mat purred.", None, "End.")
    )
    assert document.text == "Start.\n\nThe cat that sat on the mat purred.\n\nEnd."
    assert document.locations == (Location(0, 24, "page", "1"), Location(25, 49, "page", "2"))
    found = [document.text[s.start : s.end] for s in split_sentences(document)]
    assert found == ["Start.", "The cat that sat on the mat purred.", "End."]
    quote = rectangles(document.layout, *span(document, "sat on"))
    assert [(r.page, round(r.left)) for r in quote] == [
        (1, round(50 + width("The cat that "))),
        (2, 50),
    ]


def test_a_finished_sentence_does_not_run_over_the_page_break():
    document = read(lines("The cat sat."), lines("on the mat."))
    assert document.text == "The cat sat.\n\non the mat."


LEFT = ["The left column begins with this line", "and continues with a second one here,"]
RIGHT = ["where the right column then goes on", "until it has reached its own end."]


def test_two_columns_are_read_one_after_the_other():
    page = [
        (50, 760, "A title over both of the columns that is as wide as they are together, or so"),
        *lines(*LEFT, "which is the last of the left column", x=50),
        *lines(*RIGHT, x=300),
        (50, 600, "A line below that again takes the whole width of the page and crosses the gap."),
    ]
    random.Random(1).shuffle(page)
    assert texts(read(page)) == [
        "A title over both of the columns that is as wide as they are together, or so",
        f"{LEFT[0]} {LEFT[1]} which is the last of the left column {RIGHT[0]} {RIGHT[1]}",
        "A line below that again takes the whole width of the page and crosses the gap.",
    ]


def test_a_heading_below_both_columns_is_read_behind_them():
    page = [
        *lines(*LEFT, "which is the last of the left column.", x=50),
        *lines(*RIGHT, x=300),
        *lines("Figures", size=14, y=620),
        (50, 600, "A line below that again takes the whole width of the page and crosses the gap."),
    ]
    found = blocks(read(page))
    assert [heading for _, heading, _ in found] == [(), (), ("Figures",)]
    assert found[1][2] == " ".join(RIGHT)


def test_stretched_lines_in_pieces_make_columns_no_table():
    words = [(x, 700 - 12 * n, f"word{n}") for n in (0, 2) for x in (50, 100, 150, 200)]
    left = [(50, 688 - 24 * n, "whose lines are as wide as that, and so") for n in (0, 1)]
    shifted = [(x + 250, y - 6, text) for x, y, text in [*words, *left]]
    found = texts(read([*words, *left, *shifted]))
    assert found == [
        "word0 word0 word0 word0 whose lines are as wide as that, and so "
        "word2 word2 word2 word2 whose lines are as wide as that, and so "
        "word0 word0 word0 word0 whose lines are as wide as that, and so "
        "word2 word2 word2 word2 whose lines are as wide as that, and so"
    ]


def test_columns_on_other_lines_are_columns_too():
    page = [*lines(*LEFT, x=50), *lines(*RIGHT, x=300, y=695)]
    assert texts(read(page)) == [" ".join([*LEFT, *RIGHT])]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["A soft inter-", "national word."], "A soft international word."),
        (["A self-", "made and well-", "known man."], "A self-made and well-known man."),
        (["The state-of-the-", "art engine."], "The state-of-the-art engine."),
        (
            ["The Franco-", "Prussian war of 1870-", "1871."],
            "The Franco-Prussian war of 1870-1871.",
        ),
        (["Both pre-", "and post-war."], "Both pre- and post-war."),
        (["A long-term plan is a long-", "term one."], "A long-term plan is a long-term one."),
        (["A dash -", "here."], "A dash - here."),
        (["Built --with-", "ssl today."], "Built --with-ssl today."),
    ],
)
def test_hyphens_at_line_ends(pieces, text):
    document = read(lines(*pieces))
    assert document.text == text
    assert len(unpack(document.layout)) == len(text)


LONG = [f"Line {number} of a text that is as wide as the page" for number in range(40)]


def test_a_document_that_cuts_no_words_keeps_its_hyphens():
    text = read(lines(*LONG, "and is a user-", "made text of that width")).text
    assert text.endswith("and is a user-made text of that width")


def test_a_lone_hyphen_is_a_compounds_among_many_lines_and_a_cut_words_among_few():
    seen = ["The user-made text and another user-", "made text of that width"]
    many = read(lines(*LONG[:21], *seen, "and then an all-", "out war of that width")).text
    assert many.endswith(
        "another user-made text of that width and then an all-out war of that width"
    )
    few = read(lines(*LONG[:10], *seen, "and then an inter-", "national war of that width")).text
    assert few.endswith("user-made text of that width and then an international war of that width")


def test_a_document_that_cuts_a_word_is_doubted():
    cut = ["and is an inter-", "national and an under-", "stood international text"]
    text = read(lines(*LONG, *cut)).text
    assert text.endswith("and is an international and an understood international text")


def test_a_joined_word_covers_both_lines():
    document = read(lines("Inter-", "national."))
    first, second = rectangles(document.layout, *span(document, "International"))
    assert first.right == pytest.approx(50 + width("Inter"), abs=0.11)
    assert second.right == pytest.approx(50 + width("national"), abs=0.11)


@pytest.mark.skipif(not DEJAVU.exists(), reason="needs a font with ligatures")
def test_ligatures_are_letters_and_soft_hyphens_go():
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    document = read(lines("The ﬁrst oﬃce stays soft\u00ad", "ware for ca\u00adfés.", font="DejaVu"))
    assert document.text == "The first office stays software for cafés."
    spots = unpack(document.layout).tolist()
    assert spots[4] == spots[5] != spots[6]  # f, i
    start = document.text.index("ffi")
    assert spots[start] == spots[start + 1] == spots[start + 2]
    (found,) = rectangles(document.layout, 4, 9)
    assert found.left == pytest.approx(50 + pdfmetrics.stringWidth("The ", "DejaVu", 10), abs=0.11)


def test_letters_of_a_wide_ligature_stay_in_their_word():
    """A font may say that one glyph is several letters; PDFium gives all of them its box."""
    unicode_map = "1 beginbfchar\n<57> <006600660069>\nendbfchar"
    drawing = (
        "BT /F 10 Tf 50 700 Td (Place) Tj 99 0 Td (Rooms) Tj -99 -12 Td (oWce) Tj 99 0 Td (4) Tj ET"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R"
        "/Resources<</Font<</F 4 0 R>>>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        *(f"<</Length {len(s)}>>stream\n{s}\nendstream" for s in (drawing, unicode_map)),
    ]
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, 1))
    document = load_pdf(
        f"%PDF-1.7\n{body}trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF".encode(), "stem"
    )
    assert document.text == "Place: office; Rooms: 4"
    (found,) = rectangles(document.layout, *span(document, "ffi"))
    left = 50 + width("o")
    assert (found.left, found.right) == pytest.approx((left, left + width("W")), abs=0.11)


def test_headings_are_paths_and_their_text_is_kept():
    document = read(
        [
            *lines("The annual report", size=20, y=760),
            *lines("Sales of the whole", "company", size=14, y=720, leading=16),
            *lines("They rose in all of", "our shops.", y=680),
            *lines("Staff", size=14, y=640),
            *lines("It grew.", y=620),
        ]
    )
    top = "The annual report"
    assert blocks(document) == [
        ("text", (top, "Sales of the whole company"), "They rose in all of our shops."),
        ("text", (top, "Staff"), "It grew."),
    ]
    assert document.title == top
    assert document.text.startswith("The annual report\n\nSales of the whole company\n\nThey rose ")


def test_headings_right_below_each_other_are_two():
    document = read(
        [
            *lines("Sales", size=15, y=750),
            *lines("In the north", size=14, y=734),
            *lines("They rose in all of", "our shops and halls.", y=715),
        ]
    )
    assert blocks(document) == [
        ("text", ("Sales", "In the north"), "They rose in all of our shops and halls."),
    ]


def test_a_large_line_with_nothing_below_it_stays_body_text():
    document = read(
        [*lines("Body text is here,", "and here."), *lines("Come on Friday", size=20, y=600)]
    )
    assert texts(document) == ["Body text is here, and here.", "Come on Friday"]


def test_the_outline_names_headings_of_body_size():
    page = lines("1 Aims", "We aim high.", "1.1 Means", "We work.", "1.2 Ends", "We rest.")
    document = read(page, outline=[(1, "Aims", 0), (1, "Means", 1), (1, "1.2 Ends", 1)])
    assert blocks(document) == [
        ("text", ("1 Aims",), "We aim high."),
        ("text", ("1 Aims", "1.1 Means"), "We work."),
        ("text", ("1 Aims", "1.2 Ends"), "We rest."),
    ]


def test_list_items_lose_their_markers_in_blocks_only():
    document = read(
        lines(
            "Take these:", "• eggs", "• milk that is", "  fresh", "1. Wash them.", "2) Boil them."
        )
    )
    assert blocks(document) == [
        ("text", (), "Take these:"),
        ("item", (), "eggs"),
        ("item", (), "milk that is fresh"),
        ("item", (), "Wash them."),
        ("item", (), "Boil them."),
    ]
    assert "• milk" in document.text


def test_a_marker_drawn_far_from_its_item_belongs_to_it():
    document = read([(50, 700, "•"), (75, 700, "eggs"), (50, 688, "•"), (75, 688, "milk")])
    assert blocks(document) == [("item", (), "eggs"), ("item", (), "milk")]


def test_a_number_at_a_line_start_is_no_marker():
    document = read(
        lines("The default is 50, and the highest one is", "100. It is enough for all.")
    )
    assert texts(document) == [
        "The default is 50, and the highest one is 100. It is enough for all."
    ]


TABLE = [
    *[(50, 700, "Year"), (150, 700, "Revenue"), (300, 700, "Staff")],
    *[(50, 686, "2022"), (150, 686, "3.9 million"), (300, 686, "41")],
    *[(50, 672, "2023"), (150, 672, "4.2 million"), (300, 672, "57")],
]


def test_rows_of_a_table_carry_their_labels():
    document = read([*TABLE, (50, 640, "The table shows two years.")])
    assert blocks(document) == [
        ("row", (), "Year: 2022; Revenue: 3.9 million; Staff: 41"),
        ("row", (), "Year: 2023; Revenue: 4.2 million; Staff: 57"),
        ("text", (), "The table shows two years."),
    ]
    label, cell = rectangles(document.layout, *span(document, "Revenue: 4.2 million"))
    assert (label.left, label.right) == pytest.approx((150, 150 + width("Revenue")), abs=0.11)
    assert label.bottom < 700 < label.top
    assert (cell.left, cell.right) == pytest.approx((150, 150 + width("4.2 million")), abs=0.11)
    assert cell.bottom < 672 < cell.top


def test_rows_without_sure_labels_stay_as_they_are():
    document = read([(50, 700, "Tom"), (200, 700, "cat"), (50, 686, "Rex"), (200, 686, "dog")])
    assert blocks(document) == [("row", (), "Tom; cat"), ("row", (), "Rex; dog")]


def test_leaders_of_a_table_of_contents_go():
    document = read(lines("1 Aims " + ". " * 20 + "3", "2 Means" + "." * 30 + "12"))
    assert texts(document) == ["1 Aims; 3", "2 Means; 12"]


def test_headers_footers_and_page_numbers_stay_out():
    bodies = ["Cats purr.", "Dogs bark.", "Cows moo.", "Owls hoot.", "Bees hum."]
    pages = [
        [
            (50, 770, "The annual report"),
            (50, 700, body),
            (50, 40, f"Confidential {2024}"),
            (50 if n % 2 else 500, 28, f"- {n} -"),
        ]
        for n, body in enumerate(bodies, 7)
    ]
    document = read(*pages)
    assert document.text == "\n\n".join(bodies)
    assert [location.name for location in document.locations] == ["1", "2", "3", "4", "5"]


def test_pages_that_are_all_alike_are_kept():
    document = read(lines("Cats purr.", y=770), lines("Cats purr.", y=770))
    assert document.text == "Cats purr.\n\nCats purr."


def test_chapter_names_beside_page_numbers_stay_out():
    names = ["One", "One", "Two", "Three", "Three"]
    pages = [
        [(50, 770, f"Chapter {name}"), (500, 770, str(n)), (50, 600, f"It is {name}.")]
        for n, name in enumerate(names, 1)
    ]
    assert texts(read(*pages)) == [f"It is {name}." for name in names]


def test_figures_that_do_not_count_with_the_pages_are_kept():
    pages = [[(50, 770, f"Invoice {n}"), (50, 600, "Pay soon.")] for n in (812, 907, 455)]
    assert texts(read(*pages)) == [
        *["Invoice 812", "Pay soon.", "Invoice 907", "Pay soon.", "Invoice 455", "Pay soon."]
    ]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_drawn_at_an_angle_is_read_upright(angle):
    shift = {90: (14, 0), 180: (0, -14), 270: (-14, 0)}[angle]
    start = {90: (300, 100), 180: (400, 300), 270: (300, 600)}[angle]
    page = [
        (start[0] + shift[0] * n, start[1] - shift[1] * n, text, 10, FONT, angle)
        for n, text in enumerate(["Cats purr when", "they sleep."])
    ]
    document = read(page, rotation=angle)
    assert document.text == "Cats purr when they sleep."
    first, second = rectangles(document.layout, 0, len(document.text))
    assert first.left <= start[0] <= first.right
    assert first.bottom <= start[1] <= first.top
    assert second != first


def test_sideways_text_comes_last_and_a_watermark_never():
    page = [
        (20, 300, "Archived copy", 10, FONT, 90),
        *lines("Cats purr when they sleep."),
        (200, 300, "DRAFT", 60, FONT, 45),
    ]
    assert texts(read(page)) == ["Cats purr when they sleep.", "Archived copy"]


def test_the_info_dictionary_gives_the_metadata():
    document = read(
        lines("Cats purr."), info={"title": "On cats", "author": "A. Cat; B. Dog"}, language="en-GB"
    )
    assert (document.title, document.authors, document.language, document.date) == (
        *("On cats", "A. Cat; B. Dog", "en", "2000-01-01"),
    )


@pytest.mark.parametrize(
    "title",
    ["untitled", "Microsoft Word - report.doc", "thesis.tex", "Document1", " ", "(anonymous)"],
)
def test_useless_titles_give_way(title):
    info = {"title": title, "author": "anonymous"}
    plain = read(lines("Cats purr."), info=info)
    assert (plain.title, plain.authors) == ("stem", None)
    headed = read(
        [*lines("On cats", size=18, y=750), *lines("Cats purr.", "Dogs bark.")], info=info
    )
    assert headed.title == "On cats"


def test_a_date_in_the_text_wins():
    document = read(lines("Date: 3 May 2021", None, "Cats purr."))
    assert document.date == "2021-05-03"


def test_pages_without_a_text_layer_are_named():
    pages = [lines("Cats purr."), [], lines("Dogs bark."), [], [], []]
    document = read(*pages)
    assert document.warnings == ("pages 2, 4-6 have no text layer; they were not searched",)
    assert document.text == "Cats purr.\n\nDogs bark."
    assert read(lines("A."), []).warnings == ("page 2 has no text layer; it was not searched",)


def test_a_page_with_nothing_but_a_running_footer_is_named():
    pages = [
        [(50, 40, "Scanned by us"), *body] for body in (lines("Cats purr."), [], lines("Rex."))
    ]
    document = read(*pages)
    assert document.text == "Cats purr.\n\nRex."
    assert document.warnings == ("page 2 has no text layer; it was not searched",)


def test_a_page_that_cannot_be_read_is_named():
    content = pdf(lines("Cats purr."), lines("Dogs bark."))
    kids = content.index(b"/Kids [ ") + len(b"/Kids [ ")
    document = load_pdf(content[:kids] + b"0" + content[kids + 1 :], "stem")
    assert document.text == "Dogs bark."
    assert document.warnings == ("page 1 has damaged content; it was not searched",)


def test_wide_spaces_of_justified_lines_part_no_cells():
    content = BytesIO()
    canvas = Canvas(content, pagesize=(600, 800), invariant=1)
    text = canvas.beginText(50, 700)
    text.setFont(FONT, 10)
    for line, gap in (("The cats and dogs", 60), ("of this house are", 62), ("glad.", 0)):
        text.setWordSpace(gap)
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    assert texts(load_pdf(content.getvalue(), "stem")) == [
        "The cats and dogs of this house are glad."
    ]


def test_a_space_between_moves_of_one_operation_parts_no_cells():
    """Word processors justify so; PDFium drops such a space for one of its own."""
    content = BytesIO()
    canvas = Canvas(content, pagesize=(600, 800), invariant=1)
    for y, line in (
        (700, "[(The)-2000( )-2000(cats)-2000( )-2000(and)]TJ"),
        (688, "[(dogs)-2000( )-2000(are)-2000( )-2000(glad.)]TJ"),
        (650, "[(Cats)-6000(Dogs)]TJ"),
        (638, "[(12)-7000(34)]TJ"),
    ):
        text = canvas.beginText(50, y)
        text.setFont(FONT, 10)
        text._code.append(line)
        canvas.drawText(text)
    canvas.save()
    assert texts(load_pdf(content.getvalue(), "stem")) == [
        "The cats and dogs are glad.",
        "Cats: 12; Dogs: 34",
    ]


def scanned():
    content = BytesIO()
    canvas = Canvas(content, invariant=1)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def test_a_scan_is_refused_with_a_way_out():
    with pytest.raises(LoadError, match=r"no text on any page \(page 1 has no text layer.*OCR"):
        load_pdf(scanned(), "scan")


def test_a_password_is_asked_for():
    with pytest.raises(LoadError, match="needs a password; save a copy without one"):
        load_pdf(pdf(lines("Cats purr."), encrypt="secret"), "locked")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "does not begin like one"),
        (b"Cats purr.", "does not begin like one"),
        (b"%PDF-1.7\n", "its end is missing"),
        (b"%PDF-1.7\nstartxref\n9\n%%EOF", "damaged"),
    ],
)
def test_what_is_no_pdf_is_refused(content, cause):
    with pytest.raises(LoadError, match=f"not a readable PDF: .*{cause}.*; get the file again"):
        load_pdf(content, "stem")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
def test_a_file_that_is_cut_off_is_refused(share):
    whole = pdf(lines("Cats purr."), lines("Dogs bark."))
    with pytest.raises(LoadError, match="its end is missing; get the file again"):
        load_pdf(whole[: int(len(whole) * share)], "stem")


@pytest.mark.parametrize("seed", range(40))
def test_damage_gives_a_text_or_a_load_error(seed):
    chance = random.Random(seed)
    content = bytearray(pdf(lines(*LEFT), lines(*RIGHT), outline=[(1, "Left", 0)]))
    for _ in range(chance.choice([1, 5, 50])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    try:
        document = load_pdf(bytes(content), "stem")
    except LoadError:
        return
    assert len(unpack(document.layout)) == len(document.text)
    document.text.encode()


def test_pages_over_the_limit_are_left_out_and_named():
    document = load_pdf(pdf(*[lines(f"Page {n}.") for n in "abcde"]), "stem", max_pages=2)
    assert document.text == "Page a.\n\nPage b."
    assert document.warnings == ("pages 3-5 are over the limit; they were left out",)


def test_pages_that_time_does_not_suffice_for_are_left_out_and_named():
    document = load_pdf(pdf(*[lines(f"Page {n}.") for n in "abcde"]), "stem", seconds=0)
    assert document.text == "Page a."
    assert document.warnings == (
        "pages 2-5 were not reached in time; raise extract_seconds and run pinpoint index "
        "--rebuild",
    )
    assert load_pdf(pdf(lines("All.")), "stem", seconds=0).warnings == ()


def test_a_running_header_may_hold_a_long_number():
    pages = [[(50, 780, f"No. {n}"), (50, 400, f"Cat {n} purrs.")] for n in (5, 1234567890)]
    assert read(*pages).text == "Cat 5 purrs.\n\nCat 1234567890 purrs."


def test_a_million_empty_pages_take_no_time():
    kids = b"3 0 R " * 1_000_000
    content = (
        b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages"
        b"/Count 1000000/Kids["
        + kids
        + b"]>> endobj\n3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj\n"
        b"trailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF"
    )
    with pytest.raises(LoadError, match=r"pages 101-1000000 are over the limit"):
        load_pdf(content, "stem", max_pages=100)


def test_a_path_ending_in_pdf_is_loaded_as_one():
    assert load(Path("Cats.PDF"), pdf(lines("Cats purr."))).title == "Cats"


WORDS = st.lists(
    st.sampled_from(["cats", "Purr", "to-", "well-known", "7.", "ends.", "(a)", "•", "oﬃce"]),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pages=st.lists(st.lists(WORDS, max_size=6), min_size=1, max_size=4),
    size=st.sampled_from([8, 10, 16]),
    data=st.data(),
)
def test_locations_rise_and_rectangles_lie_on_their_pages(pages, size, data):
    drawn = [lines(*map(" ".join, page), leading=14, size=size) for page in pages]
    try:
        document = read(*drawn)
    except LoadError:
        assert not any(pages)
        return
    end = 0
    for location in document.locations:
        assert end <= location.start < location.end <= len(document.text)
        end = location.end
    assert [int(place.name) for place in document.locations] == sorted(
        {int(place.name) for place in document.locations}
    )
    start = data.draw(st.integers(0, len(document.text)))
    stop = data.draw(st.integers(start, len(document.text)))
    touched = {
        int(place.name) for place in document.locations if place.start < stop and start < place.end
    }
    for rectangle in rectangles(document.layout, start, stop):
        assert rectangle.page in touched
        assert 0 < rectangle.left <= rectangle.right < 600
        assert 0 < rectangle.bottom < rectangle.top < 800
    for block in document.blocks:
        kept = document.text[block.start : block.end]
        assert kept and kept == kept.strip()
