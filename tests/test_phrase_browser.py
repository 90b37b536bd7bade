"""What a model wrote, on the page, in headless Chromium."""

import pytest
from browsing import ask, serving, source, visiting
from chat_server import chat_server
from fakes import WordEmbedder
from looking import assert_looks_right
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def server():
    with chat_server() as script:
        yield script


@pytest.fixture
def page(chromium, tmp_path, folder, server):
    (folder / "gate.txt").write_text("The harbour gate opens at nine. The wall is old.")
    settings = Settings(phrase_url=server.url, phrase_model="<b>small</b>")
    made = Pinpoint(tmp_path / "h", settings, embedder=WordEmbedder(), reader=WordReader())
    made.sync(folder)
    with serving(made) as address, visiting(chromium, address) as opened:
        opened.goto(address)
        expect(opened.get_by_text("1 document indexed")).to_be_visible()
        yield opened


def test_quotes_are_there_before_the_model_writes_and_other_questions_too(page, server):
    server.gate.clear()
    server.says(f"The harbour gate opens at nine [1]. The gate is {HOSTILE} new [1].")
    reply = ask(page, "The harbour gate opens at")
    expect(reply.locator("blockquote")).to_contain_text("The harbour gate opens at nine.")
    expect(reply.locator(".phrasing")).to_have_text(
        "\u2068<b>small</b>\u2069 is writing an answer from these quotes…"
    )
    expect(ask(page, "The wall is old").locator("blockquote")).to_contain_text("The wall is old.")
    server.gate.set()
    written = reply.locator("div.phrasing")
    expect(written.locator(".phrased span")).to_have_text("The harbour gate opens at nine.")
    expect(written.locator(".lead")).to_contain_text("Written by <b>small</b> at 127.0.0.1:")
    expect(written.locator(".lead")).to_contain_text("; 1 sentence dropped")
    written.locator("summary").click()
    expect(written.locator("li")).to_contain_text(f"The gate is {HOSTILE} new.")
    written.locator(".chip").hover()
    expect(page.locator("#quoted .quote")).to_have_text("The harbour gate opens at nine.")
    written.locator(".chip").click()
    expect(source(page).locator("mark#quote")).to_have_text("The harbour gate opens at nine.")
    expect(page.locator(".chip[aria-current]")).to_have_count(1)
    expect(reply.locator("blockquote .chip")).to_have_attribute("aria-current", "true")
    expect(page.locator("#place")).to_have_text("1 of 1")
    assert_looks_right(page, "phrasing")


def test_a_failure_is_said_under_the_quotes(page, server):
    server.gives(b"{")
    reply = ask(page, "The harbour gate opens at")
    expect(reply.locator(".phrasing .lead")).to_contain_text("No model phrased it: 127.0.0.1:")
