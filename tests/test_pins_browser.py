"""Receipts and pinned questions on the page, in headless Chromium."""
# ruff: noqa: F401, F811 - fixtures are imported, and then named as arguments

import re

import pytest
from browsing import ask
from playwright.sync_api import expect
from test_browser import (
    GATE,
    GATE_QUESTION,
    HANDBOOK,
    address,
    documents,
    page,
    pinpoint,
    reader,
)
from test_conversations_browser import CONTRASTS, DELETE_ALL

from qa.receipt_file import read_receipt
from qa.verification import verify

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(autouse=True)
def no_pins(pinpoint):
    yield
    (pinpoint.home / "pins.json").unlink(missing_ok=True)


def show_pins(page):
    page.get_by_role("button", name="Documents").click()
    return page.get_by_role("region", name="Pinned questions")


def test_a_receipt_is_downloaded_and_verified(page, pinpoint, tmp_path):
    ask(page, GATE_QUESTION)
    for form in ("HTML", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Receipt as {form}").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.name == (
            f"pinpoint-when-opens-the-gate-at-nine-in-the-morning-receipt.{form.lower()}"
        )
        assert read_receipt(file).asked == GATE_QUESTION
        found = verify(file, home=pinpoint.home)
        assert [check.state for check in found.quotes] == ["unchanged", "unchanged"]


def test_the_page_of_a_receipt_shows_it_and_runs_nothing(page, tmp_path):
    ask(page, GATE_QUESTION)
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt as HTML").click()
    shown = page.context.new_page()
    said = []
    shown.on("console", lambda message: said.append(message.text))
    file = tmp_path / "r.html"
    download.value.save_as(file)
    shown.set_content(file.read_text(encoding="utf-8"))
    expect(shown.get_by_role("heading", level=1)).to_have_text(GATE_QUESTION)
    expect(shown.locator("blockquote").first).to_have_text(GATE)
    expect(shown.get_by_text('"format"')).to_be_hidden()
    assert said == []


def test_an_answer_is_pinned_checked_accepted_and_unpinned(page, pinpoint, documents):
    pins = show_pins(page)
    expect(pins.get_by_text("Press “Pin” below an answer")).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, GATE_QUESTION)
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".proof .told")).to_have_text("Pinned; see Documents.")
    show_pins(page)
    expect(pins.locator(".state")).to_have_text("unchanged")
    expect(pins.locator(".asked")).to_have_text(GATE_QUESTION)
    file = documents / "handbook.md"
    try:
        file.write_text(HANDBOOK.replace("at nine in the morning, and", "at nine, and"))
        pinpoint.sync()
        show_pins(page)
        expect(pins.locator(".state")).to_have_text("changed")
        expect(pins.locator("del").first).to_have_text(" in the morning")
        pins.get_by_role("button", name="Ask all again").click()
        accept = pins.get_by_role("button", name=re.compile("^Accept the new answer"))
        accept.click()
        expect(pins.locator(".state")).to_have_text("unchanged")
        expect(accept).to_have_count(0)
    finally:
        file.write_bytes(HANDBOOK.encode())
        pinpoint.sync()
    pins.get_by_role("button", name=f"Unpin {GATE_QUESTION}").click()
    expect(pins.get_by_text("Press “Pin” below an answer")).to_be_visible()


def test_an_answer_that_cannot_be_pinned_is_told(page):
    ask(page, GATE_QUESTION)
    expect(page.locator("#conversation-list li")).to_have_count(1)
    page.evaluate(DELETE_ALL)
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".proof .told")).to_contain_text("there is no such conversation")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pins_have_contrast_enough(page, pinpoint, documents, theme):
    page.get_by_label("Theme").select_option(theme)
    ask(page, GATE_QUESTION)
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".proof .told")).to_have_text("Pinned; see Documents.")
    measured = page.evaluate(CONTRASTS.replace("#conversations *", ".proof *"))
    (documents / "handbook.md").write_text(HANDBOOK.replace("at nine in the", "at ten in the"))
    try:
        pinpoint.sync()
        pins = show_pins(page)
        expect(pins.locator(".state")).to_have_text("changed")
        pins.get_by_role("button", name="Ask all again").click()
        expect(pins.get_by_role("button", name="Accept the new answer")).to_be_visible()
        measured |= page.evaluate(CONTRASTS.replace("#conversations *", "#pins *"))
    finally:
        (documents / "handbook.md").write_bytes(HANDBOOK.encode())
        pinpoint.sync()
    assert len(measured) > 10
    low = {what for what, ratio in measured.items() if ratio < 4.5}
    assert {what for what in low if "rating" not in what} == set()
