"""What a calibration found as one web page, which needs no other file and runs no script."""

from qa.calibration.models import CalibrationReport
from ui.export_parts import minute
from ui.show_calibration import chosen, none_chosen, table, told
from ui.templating import render


def html(found: CalibrationReport) -> str:
    """Return a page with both reliability diagrams and the curve and table of risks."""
    point = found.chosen
    page = render(
        "calibration.html",
        found=found,
        made_at=minute(found.made_at),
        told=told(found.counts),
        concluded=none_chosen(found) if point is None else chosen(found, point),
        rows=table(found.points, point),
    )
    return f"{page}\n"
