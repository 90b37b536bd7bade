"""An evaluation as one web page that needs no other file and runs no script."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from qa.evaluation.record import Record
from qa.evaluation.report import Report, report
from qa.evaluation.score import Scores
from ui.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axes, Plot
from ui.show_evaluation import interval, number
from ui.templating import render

PLACES = {
    "box": {"width": WIDTH, "height": HEIGHT},
    "axes": {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
}
"""What the templates of plots take besides a plot."""

_SHARES = (0.0, 1.0)


def html(scores: Scores, records: Sequence[Record]) -> str:
    """Return a page with figures, plots and the questions that were lost."""
    found = report(scores, records)
    page = render(
        "evaluation.html",
        scores=scores,
        setup=scores.setup,
        report=found,
        plots=plots(found),
        groups=[
            (name, list(each)) for name, each in groupby(scores.total.figures, lambda f: f.group)
        ],
        number=number,
        interval=interval,
        link=link,
        **PLACES,
    )
    return f"{page}\n"


def link(path: str) -> str | None:
    """Return the address of a file, None where there is none, such as in an archive."""
    file = Path(path)
    return file.as_uri() if file.is_absolute() and file.is_file() else None


def plots(found: Report) -> list[Plot]:
    """Return the plots of a report that have something to show."""
    made = [_risk(found), _reliability(found), _recall(found), _latency(found)]
    return [plot for plot in made if plot.lines or plot.bars or plot.dots]


def _risk(found: Report) -> Plot:
    axes = Axes(_SHARES, _SHARES)
    points = list(zip(found.risk.coverage.tolist(), found.risk.risk.tolist(), strict=True))
    return Plot(
        "Risk against coverage",
        "share of the questions answered, the surest first",
        "share of these answered wrongly",
        *axes.ticks(),
        lines=(axes.line("", points),) if points else (),
    )


def _reliability(found: Report) -> Plot:
    axes = Axes(_SHARES, _SHARES)
    dots = [
        axes.dot(
            each.confidence,
            each.right,
            f"{each.questions} questions, confidence {each.confidence:.2f}, right {each.right:.2f}",
        )
        for each in found.reliability
    ]
    ideal = axes.line("as sure as right", [(0, 0), (1, 1)], 1)
    return Plot(
        "Reliability",
        "confidence",
        "share that is right",
        *axes.ticks(),
        lines=(ideal,) if dots else (),
        dots=tuple(dots),
    )


def _recall(found: Report) -> Plot:
    deepest = len(found.recall.retrieved)
    axes = Axes((1, max(deepest, 2)), _SHARES)
    named = (("as retrieved", found.recall.retrieved), ("after reading", found.recall.read))
    return Plot(
        "Recall@k",
        "k",
        "share found among the first k",
        *axes.ticks(),
        lines=tuple(
            axes.line(label, list(enumerate(values, 1)), n)
            for n, (label, values) in enumerate(named)
        )
        if deepest
        else (),
    )


def _latency(found: Report) -> Plot:
    edges, counts = found.latency
    axes = Axes((0, 1000 * edges[-1] if edges else 1), (0, max(counts, default=1)))
    return Plot(
        "Time of a question",
        "milliseconds",
        "questions",
        *axes.ticks(),
        bars=tuple(
            axes.bar(
                1000 * low,
                1000 * high,
                count,
                f"{count} in {1000 * low:.0f} to {1000 * high:.0f} ms",
            )
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
            if count
        ),
    )
