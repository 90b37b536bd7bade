"""The page at `/`: Gradio hosts it; its parts are templates, and `static/page.js` brings life."""

import os
import sys
from importlib.resources import files
from typing import Any

from ui.asker import Asker
from ui.call_body import functions
from ui.named import named
from ui.page_paths import Needed
from ui.templating import render


def mount(app: Any, asker: Asker) -> None:  # noqa: ANN401
    """Put the page at `/` of a FastAPI application, below the routes that it already has.

    Args:
        app: Gets it.
        asker: Answers those who call the page's named endpoints.
    """
    _keep_gradio_quiet()
    import gradio as gr

    blocks = build(asker)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        head=render("head.html"),
        theme=gr.themes.Base(primary_hue="teal", neutral_hue="slate", font="sans-serif"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
    )
    mounted = app.routes[-1]
    mounted.app = Needed(mounted.app, functions(blocks))


def _keep_gradio_quiet() -> None:
    """Turn off usage reports and the look for newer versions; Gradio reads this at import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "True"
    # Statistics for a dashboard that is off; each question would wait for pandas.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)


def build(asker: Asker) -> Any:  # noqa: ANN401
    """Return the page as Gradio Blocks, with what its client can call by name."""
    import gradio as gr

    def part(name: str) -> None:
        gr.HTML(
            render(f"{name}.html"), apply_default_css=False, js_on_load=None, elem_id=f"{name}-part"
        )

    with gr.Blocks(title="Pinpoint", analytics_enabled=False) as blocks:
        with gr.Row(elem_id="pinpoint"):
            with gr.Column(elem_id="side"):
                part("side")
            with gr.Column(elem_id="chat"):
                part("transcript")
                part("filters")
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
            with gr.Column(elem_id="check"):
                part("check")
            with gr.Column(elem_id="source"):
                part("source")
            with gr.Column(elem_id="documents"):
                part("documents")
        question.submit(
            None,
            question,
            question,
            js=files("ui").joinpath("static/submit.js").read_text(encoding="utf-8"),
            api_visibility="private",
        )
        for name, function in named(asker).items():
            gr.api(function, api_name=name)
    return blocks
