"""A server and a browser for the tests that need both."""

import asyncio
import shutil
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from ui.web import build_app


@contextmanager
def serving(pinpoint):
    """Serve the page, and give its address."""

    async def serve(listener):
        servers.append(uvicorn.Server(uvicorn.Config(build_app(pinpoint), log_level="critical")))
        await servers[0].serve(sockets=[listener])

    servers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve(listener)))
        thread.start()
        while not (servers and servers[0].started):
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        servers[0].should_exit = True
        thread.join(timeout=20)


@contextmanager
def browsing():
    """Give a headless Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium found; on Debian: apt-get install chromium")
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
