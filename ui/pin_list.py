"""The pinned questions as HTML of the page."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from qa.pin import PinCheck
from qa.words import DiffPart
from ui.show_checks import brief, counted
from ui.templating import render


def listed(checks: Sequence[PinCheck]) -> str:
    """Return the list of pins with what has become of each."""
    return render(
        "pins.html",
        pins=checks,
        verdict=counted(check.state for check in checks),
        words=_words,
        brief=brief,
    )


def _words(parts: Iterable[DiffPart]) -> Markup:
    """Return a diff, what is left out and put in as such."""
    return Markup(render("pin_words.html", parts=parts))  # noqa: S704 - escaped by the template
