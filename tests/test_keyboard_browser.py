"""The page without a pointer: every step by keys alone, with the focus always to be seen."""

import re

import pytest
from browsing import serving, source, visiting
from fakes import WordEmbedder
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

GATE = "The harbour gate opens at nine in the morning."
DOCUMENTS = {
    "handbook.md": f"# Handbook\n\n{GATE}\n",
    "notes.txt": "Old notes\n\nThe harbour gate opens at nine.\n",
}

# The element that has the focus, in a frame too: its name, and whether one sees that it has it.
_FOCUSED = """() => {
  let one = document.activeElement;
  if (one.tagName === "IFRAME") one = one.contentDocument.activeElement;
  const name = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const ringed = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  const around = one.closest(".input-container");
  const box = one.getBoundingClientRect();
  const inside = box.bottom > 0 && box.right > 0 && box.width > 0;
  const seen = inside && (ringed || (around && getComputedStyle(around).boxShadow !== "none"));
  return [name.trim().replace(/\\s+/g, " "), Boolean(seen), one.outerHTML.slice(0, 120)];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    home = tmp_path_factory.mktemp("home")
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=WordReader())
    assert pinpoint.sync(folder).failed == ()
    with serving(pinpoint) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    with visiting(chromium, address) as opened:
        opened.goto(address)
        expect(opened.get_by_text("2 documents indexed")).to_be_visible()
        yield opened


def go(page, name, key="Tab"):
    """Press a key until what is called so has the focus; whatever has it is seen to have it."""
    passed = []
    for _ in range(40):
        page.keyboard.press(key)
        found, seen, html = page.evaluate(_FOCUSED)
        if html.startswith("<body"):  # between the frame and the page
            continue
        assert seen, html
        if re.fullmatch(name, found):
            return
        passed.append(found)
    raise AssertionError(f"{name} is not among {passed}")


def asked(page):
    """Ask by keys, and wait for the answer."""
    page.locator("#question textarea").press("Control+a")
    page.keyboard.type(GATE)
    page.keyboard.press("Enter")
    expect(page.locator(".reply.found")).to_be_visible()


def test_a_skip_link_leads_past_the_side(page):
    go(page, "Skip to the content", "Shift+Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()
    go(page, "Documents", "Shift+Tab")
    page.keyboard.press("Enter")
    go(page, "Skip to the content", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#collection-title")).to_be_focused()
    go(page, "Bring up to date")


def test_a_question_its_quotes_and_their_source(page):
    asked(page)
    go(page, "Open source 1", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(source(page).locator("h1")).to_have_text("Handbook")
    go(page, "Next quote")
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_text("2 of 2")
    expect(source(page).locator("h1")).to_have_text("Old notes")
    # The button is disabled now; the other still is a key away, and so is the document.
    go(page, "Previous quote", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_text("1 of 2")
    go(page, "Copy text")
    expect(source(page).locator("h1")).to_have_text("Handbook")
    expect(source(page).locator("#position")).not_to_be_empty()  # its script has begun
    go(page, "Find in this document")
    page.keyboard.type("gate")
    page.keyboard.press("Enter")
    expect(source(page).locator("#hits")).to_have_text("1 of 1")
    go(page, "Copy text", "Shift+Tab")


def test_the_bounds_are_set_and_cleared(page):
    go(page, "Which documents: all", "Shift+Tab")
    page.keyboard.press("Enter")
    go(page, "markdown")
    page.keyboard.press("Space")
    expect(page.locator("#bounds")).to_have_text("markdown")
    go(page, "Clear")
    page.keyboard.press("Enter")
    expect(page.locator("#bounds")).to_have_text("all")


def test_a_conversation_is_renamed_and_deleted(page):
    asked(page)
    go(page, "Actions for .*", "Shift+Tab")
    page.keyboard.press("Enter")
    go(page, "Rename")
    page.keyboard.press("Enter")
    page.keyboard.type("Gate")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-list .open")).to_have_text(["Gate"])
    go(page, "Actions for Gate")
    page.keyboard.press("Enter")
    go(page, "Delete")
    page.keyboard.press("Enter")
    go(page, "Delete", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-list .open")).to_have_count(0)
    expect(page.locator("#new-conversation")).to_be_focused()


def test_the_theme_is_chosen(page):
    go(page, "Theme.*", "Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_documents_are_sorted_and_chosen(page):
    go(page, "Documents", "Shift+Tab")
    page.keyboard.press("Enter")
    rows = page.locator("#documents-table tbody tr")
    expect(rows).to_have_count(2)
    go(page, "Title")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("Old notes")
    expect(page.get_by_role("button", name="Title")).to_be_focused()
    go(page, "Select Old notes")
    page.keyboard.press("Space")
    go(page, "Remove…", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Remove…")).to_be_focused()


def test_the_menu_of_a_narrow_screen(page):
    page.set_viewport_size({"width": 390, "height": 844})
    menu = page.get_by_role("button", name="Menu")
    go(page, "Menu", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#drawer").get_by_role("button", name="Ask")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    # What lies under it is not reached unseen: leaving it closes it.
    go(page, "Theme.*")
    go(page, "Which documents: all")
    expect(menu).to_have_attribute("aria-expanded", "false")


def test_a_source_is_closed_on_a_narrow_screen(page):
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#source")).to_be_hidden()
    asked(page)
    expect(page.locator("#source")).to_be_visible()
    go(page, "Close the source")
    page.keyboard.press("Enter")
    expect(page.locator("#source")).to_be_hidden()
    expect(page.get_by_role("link", name="Open source 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(source(page).locator("mark#quote")).to_be_in_viewport()
