"""The Gradio page: questions and answers on one side, the source document on the other."""

import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

from index.errors import PinpointError
from qa.api import Pinpoint
from ui import turn
from ui.markup import literal

_log = logging.getLogger(__name__)

EMPTY_SOURCE = "/source/"
"""Address of what the source side shows while no document is open."""

# Gradio's own scrolling gives up when an answer is taller than 100 pixels.
_SCROLL_TO_NEWEST = (
    "watch('value', () => element.querySelector('.turn:last-child')?.scrollIntoView())"
)

_ICON = (
    '<link rel="icon" href="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Ccircle cx='8' cy='8' r='7' fill='%230d9488'/%3E"
    "%3Ccircle cx='8' cy='8' r='2.5' fill='white'/%3E%3C/svg%3E\">"
)

Turns = tuple[str, ...]


def mount(app: Any, pinpoint: Pinpoint, css: str) -> None:  # noqa: ANN401
    """Put the page at `/` of a FastAPI application, below the routes that it already has.

    Args:
        app: The application.
        pinpoint: Answers the questions.
        css: Style sheet of the page.
    """
    _keep_gradio_quiet()
    import gradio as gr

    gr.mount_gradio_app(
        app,
        build(pinpoint),
        path="/",
        css=css,
        head=_ICON,
        theme=gr.themes.Base(primary_hue="teal", neutral_hue="slate", font="sans-serif"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
    )


def _keep_gradio_quiet() -> None:
    """Turn off usage reports and the look for newer versions; Gradio reads this at import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "True"
    # Statistics for a dashboard that is off; each question would wait for pandas.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)


def build(pinpoint: Pinpoint) -> Any:  # noqa: ANN401
    """Return the page as Gradio Blocks."""
    import gradio as gr

    with gr.Blocks(title="Pinpoint", analytics_enabled=False) as blocks:
        turns = gr.State(())
        with gr.Row(elem_id="pinpoint"):
            with gr.Column(elem_id="chat"):
                told = gr.HTML(apply_default_css=False, elem_id="heading")
                chat = gr.HTML(
                    turn.transcript(()),
                    apply_default_css=False,
                    js_on_load=_SCROLL_TO_NEWEST,
                    elem_id="transcript",
                )
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    submit_btn="Ask",
                    autofocus=True,
                    elem_id="question",
                )
            with gr.Column(elem_id="source"):
                source = gr.HTML(turn.frame(EMPTY_SOURCE, 0), apply_default_css=False)

        def respond(asked: str, before: Turns) -> Iterator[dict[Any, Any]]:
            waiting = turn.turn(asked, turn.pending())
            yield {chat: turn.transcript((*before, waiting)), question: ""}
            reply, address = answer(pinpoint, asked)
            after = (*before, turn.turn(asked, reply))
            shown = turn.frame(address, len(after))
            yield {chat: turn.transcript(after), turns: after, source: shown}

        # Not queued: a question asked while its queue closes would be lost.
        blocks.load(
            lambda: heading(pinpoint),
            outputs=told,
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        question.submit(
            respond,
            [question, turns],
            [chat, question, turns, source],
            show_progress="hidden",
            api_visibility="private",
        )
    return blocks


def answer(pinpoint: Pinpoint, question: str) -> tuple[str, str]:
    """Return the HTML of the answer or error, and the address of the source to open."""
    try:
        found = pinpoint.ask(question)
    except PinpointError as error:
        return turn.failure(str(error)), EMPTY_SOURCE
    except Exception:
        _log.exception("a question could not be answered")
        return turn.failure("Something went wrong; the terminal says what."), EMPTY_SOURCE
    address = turn.source_url(found.citations[0]) if found.citations else EMPTY_SOURCE
    return turn.answer(found), address


def heading(pinpoint: Pinpoint) -> str:
    """Return the name of the page and how much is indexed."""
    try:
        count = pinpoint.status().index.documents
    except PinpointError as error:
        told = str(error)
    else:
        told = "1 document indexed" if count == 1 else f"{count} documents indexed"
    return f"<h1>Pinpoint</h1><p>{literal(told)}</p>"
