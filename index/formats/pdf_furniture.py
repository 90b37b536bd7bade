"""Running headers, footers and page numbers: what repeats at the edge of pages."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.formats.pdf_segments import Segment, rows

_EDGE = 0.15  # of the page's height
_DEPTH = 3  # lines of a header or footer
_SAME_PLACE = 3.0  # points
_NEAR = 20  # neighbours compared, so that a long document takes no quadratic time
_FEW_PAGES = 4
_NUMBER_DIGITS = 9
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[\s\-–.]*[ivxlc]+[\s\-–.]*", re.IGNORECASE)
_PAGE_OF = re.compile(r"[^\w#]*#(?:\s*[/|–-]\s*#)?[^\w#]*")


@dataclass(slots=True)
class Page:
    """A page's segments of one direction, and the height of its lower and upper edge."""

    number: int
    segments: list[Segment]
    bottom: float
    top: float


@dataclass(slots=True)
class _Edge:
    page: int
    row: list[Segment]
    numbers: list[int]


def without_furniture(pages: Sequence[Page]) -> list[list[Segment]]:
    """Return each page's segments without those that repeat on other pages.

    A line repeats if it has the same words at the same height among the outermost three lines of
    at least three pages (two, in a document of up to four), and its numbers are the same or count
    with the pages; or if it carries its page's number where two other pages have theirs. Only
    whole lines from the edge inwards are left out.
    """
    seen: dict[tuple[int, str], list[_Edge]] = defaultdict(list)
    edges: list[list[list[tuple[str, _Edge]]]] = []
    for page in pages:
        edges.append([_edge_rows(page, side) for side in (0, 1)])
        for side in (0, 1):
            for words, edge in edges[-1][side]:
                seen[side, words].append(edge)
    need = 2 if len(pages) <= _FEW_PAGES else 3
    first_pages = _first_pages(seen)
    kept = []
    for page, sides in zip(pages, edges, strict=True):
        dropped: set[int] = set()
        for side in (0, 1):
            for words, edge in sides[side]:
                if not (_repeats(edge, seen[side, words], need) or _numbered(edge, first_pages)):
                    break
                dropped |= {id(segment) for segment in edge.row}
        kept.append([segment for segment in page.segments if id(segment) not in dropped])
    # Where nothing else is left, such as in copies of one page, what repeats is the text.
    return kept if any(kept) else [page.segments for page in pages]


def _edge_rows(page: Page, side: int) -> list[tuple[str, _Edge]]:
    height = page.top - page.bottom
    ordered = rows(page.segments)
    outer = ordered[:_DEPTH] if side == 0 else ordered[: -_DEPTH - 1 : -1]
    found = []
    for row in outer:
        level = row[0].baseline
        distance = page.top - level if side == 0 else level - page.bottom
        text = " ".join(segment.text for segment in row)
        words = "#" if _ROMAN.fullmatch(text) else _NUMBER.sub("#", text).casefold()
        # Figures alone may be a table's; only what looks like a page number is taken.
        if distance > _EDGE * height or not (
            any(c.isalpha() for c in words) or _PAGE_OF.fullmatch(words)
        ):
            break
        numbers = [int(number) for number in _NUMBER.findall(text) if len(number) <= _NUMBER_DIGITS]
        found.append((words, _Edge(page.number, row, numbers)))
    return found


def _repeats(edge: _Edge, others: list[_Edge], need: int) -> bool:
    at = next(index for index, other in enumerate(others) if other is edge)
    near = others[max(0, at - _NEAR) : at + _NEAR]
    return sum(_alike(edge, other) for other in near) >= need


def _first_pages(seen: Mapping[tuple[int, str], list[_Edge]]) -> dict[int, float]:
    """Return the shifts between pages and the numbers printed on them, with their height."""
    found: dict[int, float] = {}
    for others in seen.values():
        for one, other in pairwise(others):
            step = other.page - one.page
            ends = [
                (one.numbers[i], other.numbers[i]) for i in (0, -1) if one.numbers and other.numbers
            ]
            for a, b in ends:
                if step and b - a == step and _alike(one, other):
                    found[one.page - a] = one.row[0].baseline
    return found


def _numbered(edge: _Edge, first_pages: Mapping[int, float]) -> bool:
    """Say whether a line carries its page's number where other pages have theirs."""
    for number in {*edge.numbers[:1], *edge.numbers[-1:]}:
        height = first_pages.get(edge.page - number)
        if height is not None and abs(height - edge.row[0].baseline) <= _SAME_PLACE:
            return True
    return False


def _alike(one: _Edge, other: _Edge) -> bool:
    if abs(one.row[0].baseline - other.row[0].baseline) > _SAME_PLACE:
        return False
    pages = other.page - one.page
    pairs = zip(one.numbers, other.numbers, strict=False)
    return all(b - a in (0, pages) for a, b in pairs)
