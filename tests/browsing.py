"""A server and a browser for the tests that need both."""

import asyncio
import shutil
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from ui.web import build_app

# A machine may be busy with other things.
TIMEOUT_MS = 40_000
expect.set_options(timeout=TIMEOUT_MS)

_contexts = []
"""Those of the open browser, with their options: a page loads in half of the time where another of
the context has loaded before."""


@contextmanager
def serving(pinpoint, job=None):
    """Serve the page, and give its address."""

    async def serve(listener):
        config = uvicorn.Config(build_app(pinpoint, job), log_level="critical")
        servers.append(uvicorn.Server(config))
        await servers[0].serve(sockets=[listener])

    servers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve(listener)))
        thread.start()
        while not (servers and servers[0].started):
            assert thread.is_alive()
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            servers[0].should_exit = True
            thread.join(timeout=20)


@contextmanager
def browsing():
    """Give a headless Chromium."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium found; on Debian: apt-get install chromium-headless-shell")
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        _contexts.clear()
        browser.close()


@contextmanager
def visiting(browser, base, *, forgiven=(), **options):
    """Give a page of a browser that nobody else uses; it is nowhere yet.

    In the end nothing was asked of another host, no dialog was shown, and no error was noted;
    what the content policy holds back is one.

    Args:
        browser: A Chromium.
        base: Address of the server.
        forgiven: Errors with these words are none.
        options: Of the browser's context.
    """
    requested, said = [], []
    hears = {
        "request": lambda request: requested.append(request.url),
        "dialog": lambda dialog: (said.append(dialog.message), dialog.dismiss()),
        "console": lambda told: said.append(told.text) if told.type == "error" else None,
        "weberror": lambda error: said.append(str(error.error)),
    }
    context = context_with(browser, {"viewport": {"width": 1280, "height": 800}, **options})
    for event, hear in hears.items():
        context.on(event, hear)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    yield page
    for event, hear in hears.items():
        context.remove_listener(event, hear)
    forget(page, base)
    assert requested
    own = (f"{base}/", "data:", "blob:")
    assert [url for url in requested if not url.startswith(own)] == []
    assert [words for words in said if not any(part in words for part in forgiven)] == []


def context_with(browser, options):
    """Return the context of the browser with these options."""
    for made, context in _contexts:
        if made == (browser, options):
            return context
    _contexts.append(((browser, options), browser.new_context(**options)))
    return _contexts[-1][1]


def forget(page, base):
    """Leave a page's context as a new one, but for what is cached."""
    page.goto(f"{base}/ui/theme.js")  # a place of the server's where no script runs
    page.evaluate("() => localStorage.clear()")
    for opened in page.context.pages:
        opened.close()
    page.context.clear_cookies()
    page.context.clear_permissions()


def ask(page, question):
    """Ask, wait for the reply and return it."""
    before = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    reply = page.locator(".turn .reply:not(.pending)").nth(before)
    reply.wait_for()
    return reply


def source(page):
    """Return the frame with the source document."""
    return page.frame_locator("iframe[name=pinpoint-source]")


def text_of(locator):
    """Return exactly the characters of an element."""
    return locator.evaluate("element => element.textContent")
