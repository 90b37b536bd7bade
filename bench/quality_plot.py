"""The plots of an evaluation's report as one drawing, for the documentation."""

from collections.abc import Sequence

from ui.eval_page import PLACES
from ui.plot import HEIGHT, WIDTH, Plot
from ui.templating import render

COLUMNS, TITLE = 2, 24
"""Plots beside each other; height of a title, in the drawing's units."""
STYLE = """
  .title { font-weight: 600; fill: #333; }
  text { fill: #555; }
  .grid line { stroke: #ddd; }
  .line { fill: none; stroke: #1f6f5c; stroke-width: 2; }
  .line1 { stroke: #888; stroke-dasharray: 6 4; }
  .dot, .bar { fill: #1f6f5c; }
  @media (prefers-color-scheme: dark) {
    text, .title { fill: #ccc; }
    .grid line { stroke: #444; }
    .line { stroke: #6cc5ae; }
    .line1 { stroke: #999; }
    .dot, .bar { fill: #6cc5ae; }
  }
"""


def drawing(plots: Sequence[Plot]) -> str:
    """Return an SVG file with the plots in two columns."""
    rows = -(-len(plots) // COLUMNS)
    box = f"0 0 {WIDTH * COLUMNS} {(HEIGHT + TITLE) * rows}"
    placed = "".join(
        _placed(plot, WIDTH * (number % COLUMNS), (HEIGHT + TITLE) * (number // COLUMNS))
        for number, plot in enumerate(plots)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
        f'font-family="sans-serif" font-size="12">\n<style>{STYLE}</style>\n{placed}</svg>\n'
    )


def _placed(plot: Plot, x: int, y: int) -> str:
    drawn = render("plot_drawing.html", plot=plot, **PLACES)
    return (
        f'<text class="title" x="{x + 8}" y="{y + 16}">{plot.title}</text>\n'
        f'<svg x="{x}" y="{y + TITLE}" width="{WIDTH}" height="{HEIGHT}">\n{drawn}</svg>\n'
    )
