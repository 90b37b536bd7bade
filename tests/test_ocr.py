import io
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from archives import archive
from pdf_files import lines, pdf
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.document import Block, Location
from index.errors import LoadError
from index.extract import Extractor
from index.formats import ocr
from index.formats.layout import rectangles
from index.formats.pdf import load_pdf
from index.formats.picture import load_picture
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync

PAGE = [
    (50, 740, "Cats and dogs", 18),
    *lines(
        "Cats purr when they are happy, and they sleep",
        "most of the day. Dogs bark at night.",
        None,
        "A second paragraph has one line.",
    ),
]
TEXT = (
    "Cats and dogs\n\n"
    "Cats purr when they are happy, and they sleep most of the day. Dogs bark at night.\n\n"
    "A second paragraph has one line."
)
real = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="no tesseract; install it to run this test"
)


def picture_of(page, scale=2.5):
    return pypdfium2.PdfDocument(pdf(page))[0].render(scale=scale, grayscale=True).to_pil()


def saved(picture, kind, **options):
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def scan(*pages, turned=False):
    """Return a PDF of pictures; a page that is a string has a text layer."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(600, 800), invariant=1)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(50, 700, page)
        elif turned:  # on its side, and told to be shown upright
            canvas.setPageSize((800, 600))
            canvas.setPageRotation(90)
            picture = picture_of(page).rotate(90, expand=True)
            canvas.drawImage(ImageReader(picture), 0, 0, 800, 600)
        else:
            canvas.drawImage(ImageReader(picture_of(page)), 0, 0, 600, 800)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program named tesseract in front of others; its body is a shell script."""

    def program(body):
        (tmp_path / "bin").mkdir(exist_ok=True)
        made = tmp_path / "bin" / "tesseract"
        made.write_text(f"#!/bin/sh\n{body}\n")
        made.chmod(0o755)
        path = os.environ["PATH"]
        monkeypatch.setenv("PATH", f"{made.parent}:{path}")

    return program


HEAD = "level page block par line word left top width height conf text"


def answer(tmp_path, *rows):
    """Return a script that gives this answer; cells are parted by blanks."""
    table = "\n".join(row.replace(" ", "\t") for row in (HEAD, *rows))
    (tmp_path / "answer").write_text(table + "\n")
    return f"cat > {tmp_path}/picture; echo $@ > {tmp_path}/arguments; cat {tmp_path}/answer"


def test_words_with_their_boxes_become_lines(tmp_path, program):
    program(
        answer(
            tmp_path,
            "1 1 0 0 0 0 0 0 1000 500 -1 ",
            "2 1 1 0 0 0 100 100 300 40 -1 ",
            "5 1 1 1 1 1 100 100 80 36 96.5 Cats",
            "5 1 1 1 1 2 200 110 90 37 95 purr",
            "5 1 1 1 1 3 300 110 9 9 29.9 ~",
            "5 1 1 1 2 1 100 160 40 36 91 1.5",
            "5 1 1 1 2 2 150 160 40 36 91 ",
        )
    )
    (sheet,) = ocr.recognise(b"the picture", "eng+deu")
    assert (tmp_path / "picture").read_bytes() == b"the picture"
    assert (tmp_path / "arguments").read_text() == "stdin stdout --dpi 300 -l eng+deu tsv\n"
    assert sheet == ocr.Sheet(
        1000,
        500,
        [
            ocr.Word("Cats", 100, 100, 180, 136, ("1", "1", "1", "1")),
            ocr.Word("purr", 200, 110, 290, 147, ("1", "1", "1", "1")),
            ocr.Word("1.5", 100, 160, 140, 196, ("1", "1", "1", "2")),
        ],
    )
    frame = ocr.Frame((0, 100), (200, 100), (0, 0))  # five pixels a point
    first, second = ocr.segments_of(sheet, 3, frame)
    assert (first.text, first.page, first.turn) == ("Cats purr", 3, 0)
    assert (first.left, first.right) == pytest.approx((20, 58))
    assert (second.text, second.size, second.baseline) == ("1.5", 10, pytest.approx(60.8))
    # 36 pixels are 0.72 of 50, and 37 are 0.73 of 50.7; a descender is 0.21 of it.
    assert first.size == 10.1
    assert first.baseline == pytest.approx(100 - (136 + 147 - 0.21 * 50.34) / 2 / 5, abs=0.01)
    assert first.spots[0].tolist() == [3, 0, 200, 728, 240, 800]
    assert first.spots[4].tolist() == [0] * 6
    assert first.spots[8].tolist() == [3, 0, 535, 706, 580, 780]
    assert all(0 <= b[2] - a[4] <= 1 for a, b in pairwise(first.spots[:4].tolist()))


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("echo \"Failed loading language 'xyz'\" >&2; exit 1", "OCR has no data for the language"),
        ("echo Error: png >&2; exit 1", r"OCR failed \(Error: png\); is it damaged\?"),
        ("exec sleep 9", r"OCR took longer than 0\.5 seconds"),
        ("cat", "OCR found no text on it; leave it out"),
    ],
)
def test_a_program_that_fails(program, monkeypatch, body, cause):
    monkeypatch.setattr(ocr, "_SECONDS", 0.5)
    program(body)
    with pytest.raises(LoadError, match=cause):
        load_picture("image/png", b"x", "stem", ocr_language="xyz")


def test_without_the_program_a_picture_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    missing = "OCR needs the program tesseract; install it, or set ocr = false"
    with pytest.raises(LoadError, match=f"^{missing}$"):
        load_picture("image/png", b"x", "stem", ocr_language="eng")
    with pytest.raises(LoadError, match=r"^no text on any page \(page 1 has.*OCR needs the prog"):
        load_pdf(scan(PAGE), "stem", ocr_language="eng")
    document = load_pdf(scan("Text.", PAGE, PAGE), "stem", ocr_language="eng")
    assert document.text == "Text."
    assert document.warnings == (
        "pages 2-3 have no text layer; they were not searched",
        missing,
    )


def test_a_picture_is_not_read_unless_that_is_wanted(folder, tmp_path, embedder):
    (folder / "a.tif").write_bytes(b"II*\0")
    (folder / "b.pdf").write_bytes(scan(PAGE))
    report = sync(tmp_path / "home", [folder], embedder, Settings(extract_processes=1))
    assert [failure.cause for failure in report.failed] == [
        "image/tiff cannot be read yet; set ocr = true to read the text on it, or leave it out",
        "no text on any page (page 1 has no text layer; it was not searched); set ocr = true for "
        "text recognition (OCR), or leave it out",
    ]


@pytest.mark.parametrize("language", ["", "-x", "eng deu", "eng+", "../x", "eng;ls"])
def test_a_language_is_a_code(language):
    with pytest.raises(ValueError, match="ocr_language"):
        Settings(ocr_language=language)
    assert Settings(ocr_language="script/Latin+chi_sim").ocr is False


@real
def test_a_scanned_page_is_read_like_any_other():
    document = load_pdf(scan(PAGE), "stem", ocr_language="eng")
    assert document.text == TEXT
    assert document.title == "Cats and dogs"
    assert document.blocks == (
        Block(15, 97, ("Cats and dogs",)),
        Block(99, 131, ("Cats and dogs",)),
    )
    assert document.locations == (Location(0, 131, "page", "1"),)
    assert document.warnings == ("page 1 was read by OCR and may hold errors",)


def close_to(places, expected):
    assert len(places) == len(expected)
    for place, edges in zip(places, expected, strict=True):
        found = (place.page, place.left, place.bottom, place.right, place.top)
        assert found == pytest.approx(edges, abs=3)


@real
def test_quotes_on_a_scanned_page_have_rectangles():
    document = load_pdf(scan(PAGE), "stem", ocr_language="eng")
    layer = load_pdf(pdf(PAGE), "stem")
    assert document.text == layer.text
    for quote in ("most of the day.", "sleep most", "Cats and dogs"):
        start = TEXT.index(quote)
        expected = rectangles(layer.layout, start, start + len(quote))
        edges = [(r.page, r.left, r.bottom, r.right, r.top - 2) for r in expected]
        close_to(rectangles(document.layout, start, start + len(quote)), edges)


@real
def test_a_page_that_is_shown_turned_keeps_its_own_coordinates():
    document = load_pdf(scan(PAGE, turned=True), "stem", ocr_language="eng")
    assert document.text == TEXT
    start = TEXT.index("most")
    (place,) = rectangles(document.layout, start, start + len("most of the day."))
    # The line's height counts from the left edge, its run from the bottom.
    close_to([place], [(1, 104.5, 50, 114, 121)])


@real
def test_pages_with_and_without_a_text_layer():
    scans = [lines(f"{animal} sleep all day.") for animal in ("Cats", "Dogs", "Owls")]
    pages = ["The first page.", scans[0], "The third page.", scans[1], scans[2], []]
    document = load_pdf(scan(*pages), "stem", ocr_language="eng")
    assert document.text == (
        "The first page.\n\nCats sleep all day.\n\nThe third page.\n\n"
        "Dogs sleep all day.\n\nOwls sleep all day."
    )
    assert [place.name for place in document.locations] == ["1", "2", "3", "4", "5"]
    assert document.warnings == (
        "page 6 has no text that OCR can see; it was not searched",
        "pages 2, 4-5 were read by OCR and may hold errors",
    )


@real
@pytest.mark.parametrize(("kind", "name"), [("PNG", "png"), ("JPEG", "jpeg"), ("TIFF", "tiff")])
def test_a_picture_is_a_document_of_one_page(kind, name):
    content = saved(picture_of(PAGE, 3), kind)
    settings = Settings(extract_processes=1, ocr=True)
    with Extractor(settings) as extractor:
        document = extractor.extract(Path(f"photo.{name}"), content)
    assert (document.text, document.media_type) == (TEXT, f"image/{name}")
    assert document.locations == (Location(0, 131, "page", "1"),)
    start = TEXT.index("most")
    # Three pixels a point.
    close_to(rectangles(document.layout, start, start + len("most")), [(1, 152, 2063, 215, 2084)])


@real
def test_a_picture_may_have_several_pages():
    pages = [picture_of(lines(text, size=14), 3) for text in ("One cat.", "Two cats.")]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    document = load_picture("image/tiff", content, "stem", ocr_language="eng")
    assert document.text == "One cat.\n\nTwo cats."
    assert [place.name for place in document.locations] == ["1", "2"]
    assert document.warnings == ("pages 1-2 were read by OCR and may hold errors",)


@real
def test_a_missing_language_is_named():
    content = saved(picture_of(PAGE), "PNG")
    with pytest.raises(LoadError, match="OCR has no data for the language 'xyz'; install it"):
        load_picture("image/png", content, "stem", ocr_language="xyz")


@real
def test_a_damaged_picture_is_refused():
    content = saved(picture_of(PAGE), "PNG")
    with pytest.raises(LoadError, match="OCR failed"):
        load_picture("image/png", content[:200], "stem", ocr_language="eng")


@real
def test_a_scan_inside_an_archive(folder, tmp_path, embedder):
    (folder / "docs.zip").write_bytes(archive({"scan.pdf": scan(PAGE)}))
    home = tmp_path / "home"
    assert len(sync(home, [folder], embedder, Settings(extract_processes=1)).failed) == 1
    report = sync(home, [folder], embedder, Settings(extract_processes=1, ocr=True))
    assert (report.added, report.failed) == (1, ())
    with SqliteStore.open(home) as store:
        assert store.warnings() == {
            f"{folder}/docs.zip/scan.pdf": ("page 1 was read by OCR and may hold errors",)
        }
