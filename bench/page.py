"""How fast the page is, in headless Chromium, beside Gradio's own chat over the same answers.

Serves an index of so many passages (made by `bench.scale_store`) twice: as Pinpoint's page, and as
`gradio.ChatInterface` with `Pinpoint.ask` behind it. For each it opens the page in fresh contexts,
asks real questions, and takes, as the browser's own clock saw them:

- load: from the start of navigation until the question box can be typed into;
- first sign: from the Enter key until the question stands in the chat with what is being done;
- answer: from the Enter key until the answer stands there.

Run `python -m bench.page --data FOLDER`; both servers have answered one question before.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench.qa_data import CACHE
from bench.scale_data import load_real
from bench.scale_store import build
from qa.api import Pinpoint

LOADS, QUESTIONS = 10, 40
KINDS = {
    "pinpoint": {
        "box": "#question textarea",
        "sign": ".turn",
        "answer": ".turn .reply:not(.pending)",
    },
    "chat": {"box": "textarea", "sign": ".message.user", "answer": ".bot-row .message-content p"},
}
# Resolves to the browser's time when there are more elements than before; a minute is too long.
_WATCH = """([selector, count]) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`no ${selector}`)), 60_000);
  const observer = new MutationObserver(look);
  function look() {
    if (document.querySelectorAll(selector).length <= count) return;
    observer.disconnect();
    done(performance.now());
  }
  observer.observe(document, { childList: true, subtree: true, attributes: true });
  look();
})"""


def serve(kind: str, home: Path) -> None:
    """Serve the index on a free port and print the address."""
    pinpoint = Pinpoint.open(home)
    if kind == "pinpoint":
        from ui.web import serve as serve_page

        serve_page(pinpoint, host="127.0.0.1", port=0, open_browser=False)
    else:
        import gradio as gr

        def reply(question: str, _: list[Any]) -> str:
            return pinpoint.ask(question).text or "Not in your documents"

        chat = gr.ChatInterface(reply, analytics_enabled=False)
        _, address, _ = chat.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
        print(f"ready at {address}", file=sys.stderr, flush=True)
        while True:
            time.sleep(60)


def load_seconds(page: Page, address: str, box: str) -> float:
    """Return the seconds from the start of navigation until a question can be typed."""
    page.goto(address, wait_until="commit")
    page.locator(box).wait_for()
    return float(page.evaluate("performance.now()")) / 1000


def ask_seconds(page: Page, question: str, names: dict[str, str]) -> tuple[float, float]:
    """Return the seconds from Enter until the first sign and until the answer."""
    box = page.locator(names["box"])
    box.fill(question)
    for mark in ("sign", "answer"):
        before = page.locator(names[mark]).count()
        page.evaluate(f"value => {{ window.{mark} = ({_WATCH})(value); }}", [names[mark], before])
    page.evaluate(
        "() => addEventListener('keydown', () => window.entered = performance.now(),"
        " { capture: true, once: true })"
    )
    box.press("Enter")
    sign, answer, entered = page.evaluate("async () => [await sign, await answer, entered]")
    return (sign - entered) / 1000, (answer - entered) / 1000


def measure(kind: str, home: Path, questions: list[str], chromium: str) -> dict[str, list[float]]:
    """Return the seconds of every load, first sign and answer."""
    names = KINDS[kind]
    command = [sys.executable, "-m", "bench.page", "--serve", kind, "--home", str(home)]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server,
        sync_playwright() as playwright,
    ):
        try:
            address = next(line.split()[-1] for line in server.stderr or () if "ready" in line)
            flags = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=chromium, args=flags)
            found: dict[str, list[float]] = {"load": [], "first sign": [], "answer": []}
            for _ in range(LOADS):
                with browser.new_context() as context:
                    page = context.new_page()
                    found["load"].append(load_seconds(page, address, names["box"]))
            page = browser.new_page()
            load_seconds(page, address, names["box"])
            ask_seconds(page, questions[0], names)
            for question in questions[1 : QUESTIONS + 1]:
                sign, answer = ask_seconds(page, question, names)
                found["first sign"].append(sign)
                found["answer"].append(answer)
            return found
        finally:
            server.kill()


def main() -> None:
    """Measure both pages and print a table in milliseconds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of qa-*.jsonl.gz")
    parser.add_argument("--size", type=int, default=10_000, help="passages")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser")
    parser.add_argument("--serve", choices=tuple(KINDS), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.home)
        return
    folder = CACHE / f"scale-{arguments.size}"
    build(load_real(arguments.data), arguments.size, folder)
    questions = json.loads((folder / "questions.json").read_text())
    found = {kind: measure(kind, folder / "home", questions, arguments.chromium) for kind in KINDS}
    print("| milliseconds | page, median | p95 | Gradio's chat, median | p95 | ratio of medians |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for what in ("load", "first sign", "answer"):
        ours, theirs = (np.array(found[kind][what]) * 1000 for kind in KINDS)
        figures = [
            f(each) for each in (ours, theirs) for f in (np.median, lambda v: np.quantile(v, 0.95))
        ]
        told = " | ".join(f"{figure:.0f}" for figure in figures)
        print(f"| {what} | {told} | {np.median(ours) / np.median(theirs):.2f} |")


if __name__ == "__main__":
    main()
