"""What a calibration found, as text for people at a terminal."""

from collections.abc import Iterator, Sequence

from qa.calibration.curves import Reliability, RiskPoint
from qa.calibration.models import CalibrationReport, CalibrationStatus, Counts

_CELLS = 25
_ROWS = 10  # of the table of risks, besides the chosen one
_FROM = (
    ("file", "of files"),
    ("pin", "pinned"),
    ("rating", "rated"),
    ("own_left_out", "asked again without the documents that answer them"),
    ("foreign", "about other matters"),
)


def report(found: CalibrationReport) -> str:
    """Return the questions, both reliability diagrams, the table of risks, and what was chosen."""
    lines = [
        f"{found.counts.used} questions asked of generation {found.generation}, reader "
        f"{found.reader}: {told(found.counts)}",
        f"{found.unanswerable:.0%} of them are not answered by the documents; the first quote was "
        f"right for {found.right}",
        "",
        *_diagram("confidence before", found.before),
        "",
        *_diagram(f"confidence after ({found.kind}, cross-validated)", found.after),
        "",
        *_risks(found),
    ]
    if found.chosen is not None:
        lines += ["", chosen(found, found.chosen)]
    return "\n".join(lines)


def told(counts: Counts) -> str:
    """Return where the questions come from, in a line."""
    parts = [f"{getattr(counts, name)} {words}" for name, words in _FROM if getattr(counts, name)]
    passed = f"; {counts.unknown} more could not be judged" if counts.unknown else ""
    return ", ".join(parts) + passed


def chosen(found: CalibrationReport, point: RiskPoint) -> str:
    """Return in a sentence which threshold keeps the risk, and what it costs."""
    return (
        f"Answers are given from a confidence of {point.confidence:.0%} on: {point.coverage:.0%} "
        f"of the questions, of which {point.risk:.1%} get a wrong answer (90% interval "
        f"{point.low:.1%} to {point.high:.1%}, at most {found.risk:.1%} asked for)."
    )


def none_chosen(found: CalibrationReport) -> str:
    """Return why nothing was stored, with what could be had instead."""
    enough = [point for point in found.points if point.coverage >= found.min_coverage]
    if not enough:
        most = max((point.coverage for point in found.points), default=0.0)
        way = f"no more than {most:.0%} of the questions can be answered; lower --min-coverage"
    else:
        best = min(enough, key=lambda point: point.high)
        way = (
            f"the lowest upper estimate is {best.high:.1%}, at a coverage of {best.coverage:.0%}; "
            "label more questions, or ask for a higher --risk"
        )
    return f"no threshold keeps the risk within {found.risk:.1%}, so nothing was stored: {way}"


def status(found: CalibrationStatus) -> str:
    """Return the line of `pinpoint status` about the calibration that is stored."""
    if found.questions is None:
        return f"calibration not in use: {found.ignored}"
    made = f"on {found.questions} questions at generation {found.generation}"
    if found.ignored:
        return (
            f"calibration not in use: {found.ignored} ({made}); calibrate again with: "
            "pinpoint calibrate"
        )
    return (
        f"calibration {made}: answers from {found.threshold:.0%} on, of which {found.risk:.1%} are "
        f"wrong ({found.risk_low:.1%} to {found.risk_high:.1%}, {found.risk_asked:.1%} asked for)"
    )


def _diagram(title: str, found: Reliability) -> Iterator[str]:
    """Yield a line for each bin: the share that was right as a bar, confidence as a mark."""
    yield f"{title}: expected calibration error {found.ece:.3f}, Brier score {found.brier:.3f}"
    scale = f"{'0%':<{_CELLS - 4}}100%"
    yield f"{'confidence':>11} {'questions':>9} {'right':>6}  {scale}  95% interval"
    for one in found.bins:
        span = f"{100 * one.start:.0f}-{100 * one.end:.0f}%"
        yield (
            f"{span:>11} {one.questions:>9} {one.share:>6.0%}  "
            f"{_bar(one.share, one.confidence)}  {one.low:.0%} to {one.high:.0%}"
        )


def _bar(share: float, confidence: float) -> str:
    filled = round(share * _CELLS)
    cells = ["█"] * filled + ["·"] * (_CELLS - filled)
    cells[min(int(confidence * _CELLS), _CELLS - 1)] = "|"
    return "".join(cells)


def _risks(found: CalibrationReport) -> Iterator[str]:
    yield (
        f"{'from':>6} {'answered':>9} {'coverage':>9} {'wrong':>6} {'risk':>7}  90% interval of "
        "the risk"
    )
    for point in table(found.points, found.chosen):
        mark = "  <- chosen" if point == found.chosen else ""
        yield (
            f"{point.confidence:>6.0%} {point.answered:>9} {point.coverage:>9.0%} "
            f"{point.wrong:>6} {point.risk:>7.1%}  {point.low:.1%} to {point.high:.1%}{mark}"
        )


def table(points: Sequence[RiskPoint], also: RiskPoint | None) -> list[RiskPoint]:
    """Return one point for each tenth of the questions that can be covered, and one besides."""
    most = points[-1].answered if points else 0
    shown = [
        next(point for point in points if _ROWS * point.answered >= most * step)
        for step in range(1, _ROWS + 1 if points else 1)
    ]
    return [point for point in points if point in shown or point == also]
