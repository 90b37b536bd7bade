"""An answer that a model phrases, on the page: told behind its quotes, never before them."""

import logging
from collections.abc import AsyncIterator

from fastapi.sse import ServerSentEvent

from index.errors import PinpointError
from qa.api import Pinpoint
from qa.models import Answer
from qa.phrase_models import Phrasing
from ui import turn
from ui.line import Line
from ui.show_phrasing import NONE_KEPT, dropped, heading
from ui.templating import render

_FAULT = "something went wrong; the terminal says what"
_log = logging.getLogger(__name__)


def wanted(pinpoint: Pinpoint, found: Answer) -> bool:
    """Tell whether a model is to phrase what was found: a model is set, and there is an answer."""
    return pinpoint.settings.phrase_url is not None and found.answered


async def phrased(pinpoint: Pinpoint, line: Line, answer: Answer) -> AsyncIterator[ServerSentEvent]:
    """Tell that a model writes, and then what became of it.

    Args:
        pinpoint: Names the model.
        line: In which phrasings wait for each other; questions do not stand in it.
        answer: Its quotes are shown already.
    """
    yield ServerSentEvent(event="phrasing", data=pinpoint.settings.phrase_model or "")
    html = await line.run(lambda: _html(pinpoint, answer))
    yield ServerSentEvent(event="phrased", data=html)


def _html(pinpoint: Pinpoint, answer: Answer) -> str:
    try:
        return phrasing(pinpoint.phrase(answer), answer)
    except PinpointError as error:
        return render("phrasing_failure.html", cause=str(error))
    except Exception:
        _log.exception("an answer could not be phrased")
        return render("phrasing_failure.html", cause=_FAULT)


def phrasing(found: Phrasing, answer: Answer) -> str:
    """Return what a model wrote, marked as such, with what was dropped and why."""
    if found.failure is not None:
        return render("phrasing_failure.html", cause=found.failure)
    return render(
        "phrasing.html",
        phrasing=found,
        heading=heading(found),
        dropped=dropped(found),
        none_kept=NONE_KEPT,
        addresses={n: turn.source_url(c) for n, c in enumerate(answer.citations, 1)},
    )
