"""Kept questions and answers as the HTML of the page."""

from collections.abc import Sequence

from qa.conversation import ConversationSummary, Turn
from ui import turn as html
from ui.export_parts import unproven
from ui.templating import render


def kept_turn(turn: Turn) -> str:
    """Return a turn as it was shown when it was asked, with the person's rating."""
    if turn.answer is None:
        return html.turn(turn.asked, html.failure(turn.error or ""), turn.question)
    below = render("rating.html", turn=turn) + render("proof.html", turn=turn)
    note = render("unproven.html", words=unproven(turn)) if turn.gone else ""
    reply = html.answer(turn.answer) + note + below
    return html.turn(turn.asked, reply, turn.question)


def listed(found: Sequence[ConversationSummary], search: str, more: int | None) -> str:
    """Return the list of conversations.

    Args:
        found: What to list.
        search: What was searched for.
        more: How many to ask for to see older ones, None where there are none.
    """
    return render("conversation_list.html", found=found, search=search, more=more)
