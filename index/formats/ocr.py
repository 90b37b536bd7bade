"""Text recognition: the words in a picture and their places, read by the program tesseract."""

import math
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import Any

import numpy as np

from index.errors import LoadError
from index.formats.pdf_segments import NOWHERE, Segment
from index.formats.pdf_turns import turned

PROGRAM = "tesseract"
_SECONDS = 60.0  # a page takes a few
_DPI = 300
_MAX_PIXELS = 40_000_000  # of a rendered page; A4 has 9 million
_POINTS = 72  # in an inch
_COLUMNS = 12  # of a line of the program's answer
_PAGE, _WORD = 1, 5  # levels of it
_LEAST_CONFIDENCE = 30.0  # in percent; below are specks and edges taken for letters
_TALL, _SMALL, _BELOW = 0.72, 0.52, 0.21  # heights of letters, in ems
_TALL_LETTERS = frozenset("bdfhklt")
_LETTERS_BELOW = frozenset("gjpqyQ,;()[]{}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in pixels from the upper left corner; `line` is equal within a line."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a picture: its size in pixels, and its words in reading order."""

    width: int
    height: int
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a sheet lies on its page: three of its corners in points, and its quarter turns."""

    upper_left: tuple[float, float]
    upper_right: tuple[float, float]
    lower_left: tuple[float, float]
    turn: int = 0


def recognise(picture: bytes, language: str) -> list[Sheet]:
    """Return what stands on a picture, one sheet a page.

    Args:
        picture: A PNG, JPEG, TIFF or PNM file.
        language: The program's codes, such as `eng` or `eng+deu`.

    Raises:
        LoadError: the program or the language's data is missing, or it fails or takes too long.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise LoadError(f"OCR needs the program {PROGRAM}; install it, or set ocr = false")
    command = [program, "stdin", "stdout", "--dpi", str(_DPI), "-l", language, "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - the language is checked with the settings
            command,
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # files are read side by side already
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LoadError(f"OCR took longer than {_SECONDS:g} seconds; leave it out") from error
    except OSError as error:
        raise LoadError(f"OCR could not be started ({error}); check {program}") from error
    if done.returncode:
        raise _failed(done.stderr.decode("utf-8", "replace"), language)
    return _sheets(done.stdout.decode("utf-8", "replace"))


def _failed(said: str, language: str) -> LoadError:
    if "loading language" in said:
        return LoadError(
            f"OCR has no data for the language {language!r}; install it (tesseract-ocr-...), or "
            "change ocr_language"
        )
    last = " ".join(said.split())[-120:]
    return LoadError(f"OCR failed ({last}); is it damaged? Leave it out")


def _sheets(answer: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    for line in answer.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) != _COLUMNS:
            continue
        level, left, top, width, height = map(int, (cells[0], *cells[6:10]))
        if level == _PAGE:
            sheets.append(Sheet(width, height))
        elif level == _WORD and cells[11].strip() and float(cells[10]) >= _LEAST_CONFIDENCE:
            word = Word(cells[11].strip(), left, top, left + width, top + height, tuple(cells[1:5]))
            sheets[-1].words.append(word)
    return sheets


def read_rendered(page: Any, number: int, language: str) -> list[Segment]:  # noqa: ANN401 - PDFium's own
    """Return the segments of a PDF's page, read from its picture.

    Args:
        page: The page as PDFium has it.
        number: Its number, from 1.
        language: As `recognise` takes it.

    Raises:
        LoadError: as `recognise`.
    """
    size = page.get_width() * page.get_height() / _POINTS**2  # square inches
    scale = min(_DPI, math.sqrt(_MAX_PIXELS / max(size, 1))) / _POINTS
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    height, width = pixels.shape[:2]
    header = f"P5 {width} {height} 255\n".encode()
    sheets = recognise(header + np.ascontiguousarray(pixels).tobytes(), language)
    frame = _frame(page, width, height)
    return [segment for sheet in sheets for segment in segments_of(sheet, number, frame)]


def _frame(page: Any, width: int, height: int) -> Frame:  # noqa: ANN401 - PDFium's own
    import ctypes

    import pypdfium2.raw as pdfium

    def corner(right: int, down: int) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDF_DeviceToPage(page, 0, 0, width, height, 0, right, down, x, y)
        return x.value, y.value

    turn = page.get_rotation() // 90
    return Frame(corner(0, 0), corner(width, 0), corner(0, height), turn)


def segments_of(sheet: Sheet, number: int, frame: Frame) -> list[Segment]:
    """Return a sheet's lines as segments; a word's letters share its box in equal parts."""
    lines = groupby(sheet.words, key=lambda word: word.line)
    return [
        _segment(list(words), sheet, number, line, frame) for line, (_, words) in enumerate(lines)
    ]


def _segment(words: list[Word], sheet: Sheet, number: int, line: int, frame: Frame) -> Segment:
    spots = []
    for word in words:
        rows = [(number, line, *_tenths(box, sheet, frame)) for box in _letters(word)]
        spots += [NOWHERE, np.array(rows, np.int32)]
    em = median(map(_em, words))
    whole = (
        min(word.left for word in words),
        0.0,
        max(word.right for word in words),
        median(word.bottom - em * _BELOW * _reaches_below(word.text) for word in words),
    )
    left, baseline, right, _ = turned(_placed(whole, sheet, frame), frame.turn)
    per_pixel = math.dist(frame.upper_left, frame.lower_left) / sheet.height
    return Segment(
        " ".join(word.text for word in words),
        np.concatenate(spots[1:]),
        left,
        right,
        baseline,
        round(em * per_pixel, 1),
        frame.turn,
    )


def _letters(word: Word) -> Iterator[tuple[float, float, float, float]]:
    step = (word.right - word.left) / len(word.text)
    for index in range(len(word.text)):
        left = word.left + index * step
        yield left, word.top, left + step, word.bottom


def _tenths(box: tuple[float, float, float, float], sheet: Sheet, frame: Frame) -> tuple[int, ...]:
    return tuple(round(edge * 10) for edge in _placed(box, sheet, frame))


def _placed(
    box: tuple[float, float, float, float], sheet: Sheet, frame: Frame
) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top on the page of a box in pixels."""
    corners = [_point(x, y, sheet, frame) for x in box[::2] for y in box[1::2]]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)


def _point(x: float, y: float, sheet: Sheet, frame: Frame) -> tuple[float, float]:
    (x0, y0), (x1, y1), (x2, y2) = frame.upper_left, frame.upper_right, frame.lower_left
    over, down = x / sheet.width, y / sheet.height
    return x0 + over * (x1 - x0) + down * (x2 - x0), y0 + over * (y1 - y0) + down * (y2 - y0)


def _em(word: Word) -> float:
    """Return the size of the letters in pixels, by how far those of the word reach."""
    tall = any(c in _TALL_LETTERS or c.isdigit() or _is_capital(c) for c in word.text)
    height = (_TALL if tall else _SMALL) + _BELOW * _reaches_below(word.text)
    return (word.bottom - word.top) / height


def _is_capital(letter: str) -> bool:
    return letter.isalpha() and not letter.islower()  # scripts without small letters too


def _reaches_below(text: str) -> bool:
    return not _LETTERS_BELOW.isdisjoint(text)
