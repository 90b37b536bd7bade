"""Plots as numbers for the template that draws them in SVG: lines, dots and bars over two axes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 440, 280
LEFT, RIGHT, TOP, BOTTOM = 56.0, 428.0, 12.0, 236.0
"""Where the axes lie, in the plot's units; y grows downwards."""

_MOST_TICKS = 6

Point = tuple[float, float]
Bounds = tuple[float, float]


class Line(NamedTuple):
    """A line through points, `x,y` each; `label` names it, and `number` gives it its look."""

    label: str
    points: str
    number: int


class Dot(NamedTuple):
    """A dot with what it says when it is pointed at."""

    x: float
    y: float
    said: str


class Bar(NamedTuple):
    """A bar that stands on the x axis."""

    x: float
    y: float
    width: float
    height: float
    said: str


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    text: str


class Plot(NamedTuple):
    """A plot. `lines`, `dots` and `bars` are in its units, and so are the ticks."""

    title: str
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()


class Axes(NamedTuple):
    """What values the axes run over: from less to more."""

    x: Bounds
    y: Bounds

    def point(self, x: float, y: float) -> Point:
        """Return where a pair of values lies, to a tenth of a unit."""
        return _between(x, self.x, LEFT, RIGHT), _between(y, self.y, BOTTOM, TOP)

    def line(self, label: str, points: Sequence[Point], number: int = 0) -> Line:
        """Return a line through pairs of values."""
        placed = (self.point(*each) for each in points)
        return Line(label, " ".join(f"{x:g},{y:g}" for x, y in placed), number)

    def dot(self, x: float, y: float, said: str) -> Dot:
        """Return a dot at a pair of values."""
        return Dot(*self.point(x, y), said)

    def bar(self, low: float, high: float, value: float, said: str) -> Bar:
        """Return a bar from 0 to a value, over a part of the x axis."""
        left, top = self.point(low, value)
        right, bottom = self.point(high, 0)
        return Bar(left, top, round(right - left, 1), round(bottom - top, 1), said)

    def ticks(self) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
        """Return the marks of both axes, at round values."""
        across = tuple(Tick(self.point(v, self.y[0])[0], f"{v:g}") for v in round_values(self.x))
        up = tuple(Tick(self.point(self.x[0], v)[1], f"{v:g}") for v in round_values(self.y))
        return across, up


def _between(value: float, values: Bounds, low: float, high: float) -> float:
    width = values[1] - values[0]
    return round(low + (high - low) * ((value - values[0]) / width if width else 0.0), 1)


def round_values(bounds: Bounds) -> list[float]:
    """Return at most six values in bounds that are 1, 2 or 5 times a power of ten apart."""
    low, high = bounds
    if high <= low:
        return [low]
    rough = (high - low) / (_MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]
