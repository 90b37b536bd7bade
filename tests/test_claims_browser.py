"""Checking a text on the page, in headless Chromium."""

import re

import pytest
from browsing import serving
from fakes import WordEmbedder
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOSTILE = "<img src=x onerror=alert(1)>"
DRAFT = (
    f"Hello!\n\nThe gate opens at ten. The gate opens at nine. The wall says {HOSTILE} softly.\n"
)


@pytest.fixture
def page(chromium, tmp_path, folder):
    """Open the view; in the end nothing went wrong in the browser."""
    (folder / "gate.md").write_text("# Harbour\n\nThe gate opens at nine.\n")
    pinpoint = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=WordReader())
    pinpoint.sync(folder)
    with serving(pinpoint) as address:
        opened = chromium.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(20_000)
        errors = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
        opened.goto(address)
        expect(opened.locator("#counted")).to_have_text(re.compile("indexed"))
        opened.get_by_role("button", name="Check a text").click()
        yield opened
        assert opened.locator("#pinpoint img").count() == 0
        assert errors == []
        opened.close()


def check(page, text):
    page.get_by_label("Text to check").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()


def claims(page):
    return page.locator("#check-result .claim")


def test_each_sentence_gets_a_verdict_and_its_quote_opens(page):
    expect(page.locator("#chat")).to_be_hidden()
    check(page, DRAFT)
    expect(page.locator("#check-told")).to_have_text(
        "1 supported, 1 contradicted, 1 no support, 1 no claim"
    )
    expect(claims(page).locator(".verdict")).to_have_text(
        ["· no claim", "✗ contradicted", "✓ supported", "? no support"]
    )
    source = page.frame_locator("#source iframe")
    expect(source.locator("mark").first).to_have_text(re.compile("nine"))
    expect(page.locator("#place")).to_have_text("1 of 3")
    claims(page).nth(2).locator(".chip").click()
    expect(page.locator("#place")).to_have_text("2 of 3")
    expect(claims(page).nth(3).locator("details")).not_to_have_attribute("open", "")
    expect(claims(page).nth(3).locator(".said")).to_have_text(f"The wall says {HOSTILE} softly.")


def test_another_check_replaces_the_first(page):
    check(page, DRAFT)
    expect(claims(page)).to_have_count(4)
    check(page, "The gate opens at nine.")
    expect(page.locator("#check-told")).to_have_text(
        "1 supported, 0 contradicted, 0 no support, 0 no claim"
    )
    expect(claims(page)).to_have_count(1)


def test_a_text_that_cannot_be_checked_is_told(page):
    check(page, "# Only a heading")
    expect(page.get_by_role("alert").filter(has_text="holds no sentence")).to_be_visible()
    expect(claims(page)).to_have_count(0)


def test_the_view_can_be_left_and_keeps_what_was_checked(page):
    check(page, "The gate opens at nine.")
    expect(claims(page)).to_have_count(1)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page.locator("#check")).to_be_hidden()
    page.get_by_role("button", name="Check a text").click()
    expect(claims(page)).to_have_count(1)
    expect(page.locator("#chat")).to_be_hidden()
