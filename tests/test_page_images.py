"""Pages of PDF files as pictures."""

import io
from pathlib import Path

import pytest
from pdf_files import lines, pdf
from PIL import Image
from pypdfium2 import PdfDocument

from index.errors import LoadError
from index.formats.layout import Rectangle, rectangles
from index.load import load
from index.page_images import PageImages
from index.settings import Settings

GATE = "The gate opens at nine."
HERE = str(Path(__file__).parent)


@pytest.fixture
def images():
    made = PageImages(Settings())
    yield made
    made.close()


def never():
    raise AssertionError("the file was read again")


def shown(content, quote, images, page=1):
    """Return the boxes of a quote in pixels of a picture, and the picture."""
    document = load(Path("a.pdf"), content)
    start = document.text.index(quote)
    places = rectangles(document.layout, start, start + len(quote))
    shape = images.shape("a", lambda: content, page, places)
    picture = Image.open(io.BytesIO(images.picture("a", never, page, 800))).convert("L")
    wide, high = picture.size
    return [
        (left * wide, top * high, (left + width) * wide, (top + height) * high)
        for left, top, width, height in shape.boxes
    ], picture


def assert_ink_only_inside(boxes, picture):
    """The page's only line is drawn where the box is: the outermost dark pixels are in it."""
    (box,) = boxes
    ink = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink[0] >= box[0] - 2
    assert ink[1] >= box[1] - 2
    assert ink[2] <= box[2] + 2
    assert ink[3] <= box[3] + 2
    across, down = ink[2] - ink[0], ink[3] - ink[1]
    assert max(across, down) >= 0.9 * max(box[2] - box[0], box[3] - box[1])


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rectangles_lie_over_the_drawn_words(images, rotation):
    content = pdf([(50, 300, GATE, 20)], rotation=rotation)
    assert_ink_only_inside(*shown(content, GATE, images))


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_cropped_page_is_shown_as_it_is_cropped(images, rotation):
    document = PdfDocument(pdf([(150, 300, GATE, 20)], rotation=rotation))
    document[0].set_cropbox(100, 200, 500, 600)
    content = io.BytesIO()
    document.save(content)
    document.close()
    boxes, picture = shown(content.getvalue(), GATE, images)
    assert picture.size == (800, 800)
    assert_ink_only_inside(boxes, picture)


def test_a_page_is_told_in_points_and_shares(images):
    content = pdf(lines("one"), lines("two"))
    box = Rectangle(page=2, left=60, bottom=400, right=300, top=440)
    other = Rectangle(page=1, left=0, bottom=0, right=1, top=1)
    shape = images.shape("a", lambda: content, 2, [other, box])
    assert (shape.number, shape.count, shape.width, shape.height) == (2, 2, 600, 800)
    assert shape.boxes == (pytest.approx((0.1, 0.45, 0.4, 0.05)),)


def test_a_file_is_sent_once(images):
    content = pdf(lines("one"), lines("two"))
    images.shape("a", lambda: content, 1)
    images.shape("a", never, 2)
    other = pdf(lines("one"))
    assert images.shape("b", lambda: other, 1).count == 1
    assert images.shape("a", lambda: content, 1).count == 2


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_page_that_is_not_there_is_told(images, number):
    content = pdf(lines("one"), lines("two"))
    with pytest.raises(LoadError, match=f"it has no page {number}; it has 2"):
        images.shape("a", lambda: content, number)
    assert images.shape("a", lambda: content, 1).count == 2


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 nothing", b"no PDF", b"%PDF-1.4\nstartxref\n9\n%%EOF"]
)
def test_a_broken_file_is_told_and_the_next_is_drawn(images, content):
    with pytest.raises(LoadError, match="not a readable PDF"):
        images.shape("a", lambda: content, 1)
    good = pdf(lines("one"))
    assert images.shape("b", lambda: good, 1).count == 1


def test_a_huge_page_is_drawn_small(images):
    document = PdfDocument(pdf(lines("one")))
    document[0].set_mediabox(0, 0, 100, 14_400)
    content = io.BytesIO()
    document.save(content)
    document.close()
    picture = Image.open(io.BytesIO(images.picture("a", content.getvalue, 1, 2400)))
    assert picture.size[0] * picture.size[1] <= 12_100_000


def test_a_closed_one_starts_again(images):
    content = pdf(lines("one"))
    images.shape("a", lambda: content, 1)
    images.close()
    assert images.shape("a", lambda: content, 1).count == 1


@pytest.mark.parametrize(
    ("number", "cause"),
    [(1, r"its parser crashed \(SIGABRT\)"), (2, "took longer than 5 seconds"), (3, "memory")],
)
def test_a_process_that_fails_costs_one_page_only(monkeypatch, number, cause):
    monkeypatch.syspath_prepend(HERE)
    images = PageImages(Settings(extract_seconds=5), module="render_faults")
    content = pdf(lines("one"))
    with pytest.raises(LoadError, match=cause):
        images.shape("a", lambda: content, number)
    assert images.shape("a", lambda: content, 4).count == 9
    images.close()
