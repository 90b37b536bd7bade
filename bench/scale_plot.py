"""The figures of `bench.scale` as an SVG plot: search time and memory by size, on log scales."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from bench.scale_tables import Results, equal

WIDTH, HEIGHT, MARGIN, GAP = 330, 230, 52, 70
COLOURS = {
    "Pinpoint": "#1f6f5c",
    "FAISS flat": "#8a8a8a",
    "LanceDB IVF_PQ": "#b3541e",
    "LanceDB IVF_SQ": "#d9a441",
    "Chroma": "#4a5fa5",
}
Value = Callable[[dict[str, Any]], float]


def plot(found: Results) -> str:
    """Return a drawing of two panels, each tool as it first reaches a recall of 0.98."""
    series = {size: dict(equal(results)) for size, results in found.items()}
    panels = [
        _panel(0, "search for the ten nearest, p95 in ms", series, lambda row: row["p95"]),
        _panel(1, "resident memory in MB", series, lambda row: row["memory"]["rss"]),
    ]
    width, height = 2 * (WIDTH + GAP) + MARGIN, HEIGHT + 2 * MARGIN + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n'
        + "".join(line + "\n" for panel in panels for line in panel)
        + "".join(line + "\n" for line in _legend(series))
        + "</svg>\n"
    )


def _panel(
    number: int, title: str, series: dict[int, dict[str, Any]], value: Value
) -> Iterator[str]:
    left, top = MARGIN + number * (WIDTH + GAP), MARGIN
    values = [value(row) for rows in series.values() for row in rows.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(min(series)), math.log10(max(series))

    def x(size: int) -> float:
        return left + WIDTH * (math.log10(size) - first) / max(last - first, 1e-9)

    def y(number: float) -> float:
        return top + HEIGHT * (high - math.log10(number)) / max(high - low, 1)

    yield f'<text x="{left}" y="{top - 14}" font-weight="bold">{title}</text>'
    for power in range(low, high + 1):
        at, name = y(10.0**power), f"{10.0**power:,.10g}"
        yield f'<line x1="{left}" y1="{at:.1f}" x2="{left + WIDTH}" y2="{at:.1f}" stroke="#ddd"/>'
        yield f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{name}</text>'
    for size in series:
        yield (
            f'<text x="{x(size):.1f}" y="{top + HEIGHT + 18}" text-anchor="middle">{size:,}</text>'
        )
    for tool, colour in COLOURS.items():
        points = [(x(size), y(value(rows[tool]))) for size, rows in series.items() if tool in rows]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for across, down in points:
            yield f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" fill="{colour}"/>'


def _legend(series: dict[int, dict[str, Any]]) -> Iterator[str]:
    tools = [tool for tool in COLOURS if any(tool in rows for rows in series.values())]
    for number, tool in enumerate(tools):
        left, top = MARGIN + 150 * number, HEIGHT + 2 * MARGIN
        yield f'<rect x="{left}" y="{top - 9}" width="14" height="9" fill="{COLOURS[tool]}"/>'
        yield f'<text x="{left + 20}" y="{top}">{tool}</text>'
