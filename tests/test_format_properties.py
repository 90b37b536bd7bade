"""What holds for every kind: known text is found where it was put, and nothing overlaps."""

import json
from codecs import BOM_UTF8
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from extracted import check
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from index.chunk import Chunker
from index.formats.layout import rectangles
from index.load import load
from tests.fakes import WordEmbedder
from tests.made_files import KINDS, LOCATED, UNDER_HEADINGS, notebook_of
from tests.office import saved
from tests.pdf_files import lines, pdf

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WORDS = some.sampled_from(
    ["lamp", "harbour", "quince", "Zürich", "naïve", "привет", "λόγος", "東京", "שלום", "🌙", "x1"]
)
LETTERS = "abcdefgh"  # figures at the same height of several pages are page numbers
FEW = {"min_size": 1, "max_size": 4}


def sentences(words=WORDS):
    """A capital, words, a full stop: nothing that any kind writes in another way."""
    return some.lists(words, min_size=3, max_size=8).map(lambda found: f"It {' '.join(found)}.")


PLACES = some.lists(some.lists(sentences(), **FEW), **FEW)
"""Places, each with its sentences: chapters, slides, cells and so on."""


def marked(places):
    """The sentences with a mark behind each, so that it is there once."""
    return [
        [f"{text} Note {LETTERS[a]}{LETTERS[b]}." for b, text in enumerate(parts)]
        for a, parts in enumerate(places)
    ]


CHUNKER = Chunker(WordEmbedder().token_offsets, max_tokens=40)


def check_all(document):
    """The rules of documents, and those of the chunks made of them."""
    check(document)
    chunks = CHUNKER.split(document)
    covered = set()
    for chunk in chunks:
        part = document.text[chunk.start : chunk.end]
        assert part
        assert part == part.strip()
        assert chunk.input.endswith(part)
        assert chunk.sentences[0][0] == chunk.start
        assert chunk.sentences[-1][1] == chunk.end
        assert all(a[1] <= b[0] for a, b in pairwise(chunk.sentences))
        covered.update(range(chunk.start, chunk.end))
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(chunks))
    for block in document.blocks:
        missing = set(range(block.start, block.end)) - covered
        assert all(document.text[at].isspace() for at in missing)


def block_of(document, start, end):
    """The one block that holds a span."""
    [block] = [b for b in document.blocks if b.start <= start and end <= b.end]
    return block


@pytest.mark.parametrize("kind", KINDS)
@EXAMPLES
@given(places=PLACES)
def test_known_text_is_found_at_its_place(kind, places):
    texts = marked(places)
    document = load(Path(f"made.{kind}"), KINDS[kind](texts))
    check_all(document)
    ends = 0
    for number, parts in enumerate(texts, 1):
        for text in parts:
            start = document.text.index(text)
            assert document.text.count(text) == 1
            assert start >= ends
            ends = start + len(text)
            check_place(kind, document, number, (start, ends))


def check_place(kind, document, number, span):
    block = block_of(document, *span)
    if kind in UNDER_HEADINGS:
        assert block.heading[-1] == f"Part {number}"
    if kind in LOCATED:
        place, name = LOCATED[kind]
        [found] = [p for p in document.locations if p.kind == place and p.start <= span[0] < p.end]
        assert span[1] <= found.end
        assert found.name == name.format(number + (place == "row"))  # the header is one


LATIN = sentences(some.sampled_from(["lamp", "harbour", "Zürich", "naïve", "x1"]))
TEXTUAL = ("txt", "md", "html", "csv", "tsv")


@EXAMPLES
@given(pages=some.lists(some.lists(LATIN, **FEW), **FEW))
def test_a_pdf_says_on_which_page_and_where_its_text_stands(pages):
    texts = marked(pages)
    drawn = [
        [piece for at, text in enumerate(parts) for piece in lines(text, y=700 - 60 * at)]
        for parts in texts
    ]
    document = load(Path("made.pdf"), pdf(*drawn))
    check_all(document)
    for number, parts in enumerate(texts, 1):
        for at, text in enumerate(parts):
            start = document.text.index(text)
            end = start + len(text)
            block_of(document, start, end)
            [page] = [p for p in document.locations if p.start <= start < p.end]
            assert (page.kind, page.name) == ("page", str(number))
            assert end <= page.end
            [box] = rectangles(document.layout, start, end)
            assert box.page == number
            assert box.left == pytest.approx(50, abs=2)
            assert box.bottom < 703 - 60 * at < box.top
            assert 50 < box.right < 600


@EXAMPLES
@given(pages=some.lists(some.lists(LATIN, **FEW), **FEW), data=some.data())
def test_rectangles_of_any_span_lie_on_the_pages_that_locations_name(pages, data):
    drawn = [lines(*parts, size=9) for parts in marked(pages)]
    document = load(Path("made.pdf"), pdf(*drawn))
    check_all(document)
    start = data.draw(some.integers(0, len(document.text)))
    end = data.draw(some.integers(start, len(document.text)))
    named = {p.name for p in document.locations if p.start < end and start < p.end}
    boxes = rectangles(document.layout, start, end)
    assert {str(box.page) for box in boxes} <= named
    for box in boxes:
        assert 0 <= box.left <= box.right <= 600
        assert 0 <= box.bottom <= box.top <= 800


@EXAMPLES
@given(cells=some.lists(some.lists(sentences(), min_size=3, max_size=3), min_size=2, max_size=5))
@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
def test_cells_are_named_by_their_columns(kind, cells):
    names = ["First", "Second", "Third"]
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in [names, *cells]:
            book.active.append(row)
        content = saved(book)
    else:
        content = "\n".join({"csv": ";", "tsv": "\t"}[kind].join(r) for r in [names, *cells])
        content = content.encode()
    document = load(Path(f"made.{kind}"), content)
    check_all(document)
    rows = [p for p in document.locations if p.kind == "row"]
    assert [p.name for p in rows] == [str(number) for number in range(1, len(cells) + 2)]
    for row, place in zip(cells, rows[1:], strict=True):
        said = "; ".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=True))
        assert document.text[place.start : place.end] == said


@EXAMPLES
@given(text=some.text(max_size=300))
@pytest.mark.parametrize("kind", [*TEXTUAL, "json", "jsonl", "ipynb", "eml"])
def test_any_characters_give_a_valid_document(kind, text):
    text = text.replace("\0", "")
    made = {
        "json": lambda: json.dumps({"title": text, text: [text, {"text": text}]}),
        "jsonl": lambda: json.dumps([text]) + "\n" + json.dumps({text: text}),
        "ipynb": lambda: notebook_of([[text]]).decode(),
        "eml": lambda: f"Subject: a\n\n{text}",
    }
    content = (made[kind]() if kind in made else text).encode()
    # Without a mark, some characters would be guessed to be in another encoding.
    document = load(Path(f"a.{kind}"), BOM_UTF8 * (kind in TEXTUAL) + content)
    assume(not any(b.kind == "code" for b in document.blocks))  # may begin with its indentation
    check_all(document)
