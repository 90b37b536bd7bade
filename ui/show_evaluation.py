"""The scores of a collection as text for people at a terminal."""

from collections.abc import Iterator
from itertools import groupby

from qa.evaluation.compare import Comparison
from qa.evaluation.score import Part, Score, Scores
from ui.show import printable

_OF_A_SET = ("recall@5", "recall@1 after reading", "right", "F1", "abstention recall", "AUROC")
_ASKED = {
    "answerable": "with an answer",
    "unanswerable": "without an answer",
    "withheld": "asked again without their documents",
}


def scores(found: Scores) -> str:
    """Return all figures with their intervals, where questions were lost, sets, a comparison."""
    setup = found.setup
    asked = [f"{found.total.asked[how]} {_ASKED[how]}" for how in found.total.asked]
    lines = [
        f"{setup.file}: {', '.join(asked)}",
        f"the document that answers is known of {found.known}",
        f"collection: {setup.documents} documents, {setup.chunks} passages, generation "
        f"{setup.generation}; {setup.model}, {setup.reader}",
        *_figures(found.total),
        "",
        "what became of the questions",
        *(f"  {stage:34} {count:7}" for stage, count in found.total.stages.items()),
        *(_sets(found) if found.sets else ()),
        *(_comparison(found.comparison) if found.comparison else ()),
    ]
    return printable("\n".join(lines))


def number(value: float | None, name: str) -> str:
    """Return a figure as people read it: milliseconds for times, else three decimals."""
    if value is None:
        return "–"
    return f"{1000 * value:.0f} ms" if name.startswith("seconds") else f"{value:.3f}"


def interval(score: Score) -> str:
    """Return the bounds of a figure, or nothing."""
    if score.low is None or score.high is None:
        return ""
    return f"{number(score.low, score.name)} to {number(score.high, score.name)}"


def _figures(part: Part) -> Iterator[str]:
    for group, figures in groupby(part.figures, lambda figure: figure.group):
        yield ""
        yield f"{group:36} {'':>9}  {'95% interval':18} {'n':>7}"
        for each in figures:
            value = number(each.value, each.name)
            yield f"  {each.name:34} {value:>9}  {interval(each):18} {each.n:7}"


def _sets(found: Scores) -> Iterator[str]:
    yield ""
    yield f"{'sets':24} {'asked':>7}" + "".join(f"  {name}" for name in _OF_A_SET)
    for part in found.sets:
        cells = [(part.score(name), len(name)) for name in _OF_A_SET]
        row = "".join(f"  {number(score.value, score.name):>{width}}" for score, width in cells)
        yield f"  {part.name:22} {sum(part.asked.values()):7}{row}"


def _comparison(found: Comparison) -> Iterator[str]:
    yield ""
    yield f"against {found.other.file}, {found.questions} questions in common"
    yield f"made with another: {', '.join(found.differs) or 'nothing'}"
    yield f"{'':36} {'this':>9} {'other':>9} {'less':>9}  {'95% interval':20} {'p':>7}"
    for each in found.figures:
        this, other, less, low, high = (
            number(value, each.name)
            for value in (each.this, each.other, each.difference, each.low, each.high)
        )
        row = f"  {each.name:34} {this:>9} {other:>9} {less:>9}"
        yield f"{row}  {f'{low} to {high}':20} {each.p:7.3f}"
    right = found.right
    yield (
        f"dealt with rightly: {right.both} by both, {len(right.gained)} by this alone, "
        f"{len(right.lost)} by the other alone, {right.neither} by neither; McNemar p {right.p:.3f}"
    )
