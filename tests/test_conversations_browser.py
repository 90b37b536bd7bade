"""Conversations on the page, in headless Chromium."""
# ruff: noqa: F401, F811 - fixtures are imported, and then named as arguments

import json
import re

import pytest
from browsing import ask, source, text_of
from playwright.sync_api import expect
from test_browser import (
    GATE,
    GATE_QUESTION,
    HOSTILE,
    NOTE,
    address,
    documents,
    page,
    pinpoint,
    reader,
)

from qa.conversations import Conversations

pytestmark = [pytest.mark.browser, pytest.mark.server]

FERRY = "The ferry leaves at seven?"
ZEBRAS = "Which wizard paints zebras?"


def begin(page):
    page.get_by_role("button", name="New conversation").click()


def entries(page):
    return page.locator("#conversation-list .open")


def entry(page, title):
    return page.locator("#conversation-list li").filter(has_text=title)


def act(page, title, name):
    """Open the actions of a conversation and press one."""
    entry(page, title).get_by_role("button", name="Actions for").click()
    entry(page, title).get_by_role("button", name=name, exact=True).click()


def two_conversations(page):
    ask(page, GATE_QUESTION)
    expect(entries(page)).to_have_text([GATE_QUESTION])
    begin(page)
    ask(page, FERRY)
    expect(entries(page)).to_have_text([FERRY, GATE_QUESTION])


def test_a_question_begins_a_conversation_and_the_next_goes_on(page):
    expect(page.get_by_text("Your questions will be kept here, for you alone.")).to_be_visible()
    ask(page, GATE_QUESTION)
    ask(page, ZEBRAS)
    expect(entries(page)).to_have_text([GATE_QUESTION])
    expect(entries(page)).to_have_attribute("aria-current", "true")
    expect(page.locator(".turn")).to_have_count(2)


def test_a_new_conversation_begins_empty(page):
    two_conversations(page)
    expect(page.locator(".turn .question")).to_have_text([FERRY])
    expect(entries(page).nth(0)).to_have_attribute("aria-current", "true")
    assert entries(page).nth(1).get_attribute("aria-current") is None
    begin(page)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()
    expect(source(page).get_by_text("The source of a quote opens here.")).to_be_visible()
    expect(page.locator("#conversation-list [aria-current]")).to_have_count(0)


def test_two_questions_at_once_are_of_one_conversation(page, reader):
    reader.gate.clear()
    try:
        for question in (GATE_QUESTION, FERRY):
            page.locator("#question textarea").fill(question)
            page.locator("#question textarea").press("Enter")
            expect(page.locator("#question textarea")).to_have_value("")
        expect(page.locator(".stage").last).to_have_text("One question is before yours.")
    finally:
        reader.gate.set()
    expect(page.locator(".turn .found")).to_have_count(2)
    expect(entries(page)).to_have_text([GATE_QUESTION])
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([GATE_QUESTION, FERRY])


def test_an_answer_that_comes_after_another_was_opened_is_kept_in_its_own(page, reader):
    two_conversations(page)
    reader.gate.clear()
    try:
        page.locator("#question textarea").fill(ZEBRAS)
        page.locator("#question textarea").press("Enter")
        expect(page.locator(".turn .pending")).to_be_visible()
        entries(page).filter(has_text=GATE_QUESTION).click()
        expect(page.locator(".turn .question")).to_have_text([GATE_QUESTION])
    finally:
        with page.expect_response(re.compile("/page/conversations[?]")):
            reader.gate.set()
    expect(page.locator(".turn .question")).to_have_text([GATE_QUESTION])
    expect(entries(page).nth(1)).to_have_attribute("aria-current", "true")
    entries(page).filter(has_text=FERRY).click()
    expect(page.locator(".turn .question")).to_have_text([FERRY, ZEBRAS])


def test_an_opened_conversation_is_as_it_was_and_its_chips_work(page):
    two_conversations(page)
    entries(page).filter(has_text=GATE_QUESTION).click()
    expect(page.locator(".turn .question")).to_have_text([GATE_QUESTION])
    expect(page.locator("#turns")).to_be_focused()
    assert [text_of(quote) for quote in page.locator(".quote").all()] == [GATE, NOTE]
    expect(source(page).locator("h1")).to_have_text("Handbook")
    page.locator(".chip", has_text="2").click()
    expect(source(page).locator("h1")).to_have_text("Old notes")
    ask(page, FERRY)
    expect(entries(page)).to_have_text([GATE_QUESTION, FERRY])


def test_a_reload_shows_the_last_conversation_again_to_each_tab(page, address):
    two_conversations(page)
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([FERRY])
    expect(entries(page).nth(0)).to_have_attribute("aria-current", "true")
    other = page.context.new_page()
    other.goto(address)
    expect(entries(other)).to_have_text([FERRY, GATE_QUESTION])
    expect(other.locator(".turn")).to_have_count(0)
    entries(other).nth(1).click()
    expect(other.locator(".turn .question")).to_have_text([GATE_QUESTION])
    page.reload()
    expect(page.locator(".turn .question")).to_have_text([FERRY])
    other.reload()
    expect(other.locator(".turn .question")).to_have_text([GATE_QUESTION])
    begin(other)
    other.reload()
    expect(entries(other)).to_have_count(2)
    expect(other.locator(".turn")).to_have_count(0)


def test_a_conversation_deleted_in_another_tab_is_told_on_reload(page, address):
    ask(page, GATE_QUESTION)
    other = page.context.new_page()
    other.goto(address)
    act(other, GATE_QUESTION, "Delete")
    entry(other, "Delete").get_by_role("button", name="Delete").click()
    expect(entries(other)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("there is no such conversation")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Your questions will be kept here")).to_be_visible()
    expect(page.get_by_text("there is no such conversation")).to_have_count(0)


def test_a_title_is_renamed_in_place(page):
    two_conversations(page)
    act(page, GATE_QUESTION, "Rename")
    field = page.get_by_role("textbox", name="Title")
    expect(field).to_be_focused()
    expect(field).to_have_value(GATE_QUESTION)
    field.fill(f"  {HOSTILE}  ")
    field.press("Enter")
    expect(entries(page)).to_have_text([FERRY, HOSTILE])
    expect(entries(page).nth(1)).to_be_focused()
    assert page.locator("#pinpoint img").count() == 0

    act(page, HOSTILE, "Rename")
    field.fill("Never mind")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(entries(page)).to_have_text([FERRY, HOSTILE])

    page.reload()
    expect(entries(page)).to_have_text([FERRY, HOSTILE])
    act(page, HOSTILE, "Rename")
    field.fill("Too late")
    page.evaluate(DELETE_ALL)
    field.press("Enter")
    expect(page.get_by_text("there is no such conversation")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(entries(page)).to_have_count(0)


DELETE_ALL = """async () => {
  for (const li of document.querySelectorAll("#conversation-list li"))
    await fetch(`/page/conversations/${li.dataset.conversation}`, { method: "DELETE" });
}"""


def test_a_deletion_is_asked_about_once(page):
    two_conversations(page)
    act(page, FERRY, "Delete")
    question = page.get_by_role("group", name=f"Delete {FERRY}?")
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    question.get_by_role("button", name="Keep").click()
    expect(entries(page)).to_have_text([FERRY, GATE_QUESTION])
    act(page, FERRY, "Delete")
    question.get_by_role("button", name="Delete").click()
    expect(entries(page)).to_have_text([GATE_QUESTION])
    expect(entries(page)).to_be_focused()
    expect(page.locator("#conversation-told")).to_have_text("Deleted.")
    expect(page.locator(".turn")).to_have_count(0)
    page.reload()
    expect(entries(page)).to_have_text([GATE_QUESTION])


def test_titles_questions_and_quotes_are_searched(page):
    two_conversations(page)
    ask(page, ZEBRAS)
    field = page.get_by_role("searchbox", name="Search conversations")
    for words, found in {
        "zebra": [FERRY],
        "dusk": [GATE_QUESTION],
        "gate nine": [GATE_QUESTION],
        '"<zz>': [],
        "": [FERRY, GATE_QUESTION],
    }.items():
        field.fill(words)
        expect(entries(page)).to_have_text(found)
    field.fill("xylophone")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()


def downloaded(page, title, name):
    with page.expect_download() as download:
        entry(page, title).get_by_role("link", name=name).click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def test_a_conversation_is_exported(page):
    ask(page, GATE_QUESTION)
    entry(page, GATE_QUESTION).get_by_role("button", name="Actions for").click()
    name = "pinpoint-when-opens-the-gate-at-nine-in-the-morning"
    file, text = downloaded(page, GATE_QUESTION, "Markdown")
    assert (file, text.splitlines()[0]) == (f"{name}.md", f"# {GATE_QUESTION}")
    assert f"> {GATE} \\[1\\]" in text
    file, text = downloaded(page, GATE_QUESTION, "JSON")
    assert (file, json.loads(text)["title"]) == (f"{name}.json", GATE_QUESTION)
    file, text = downloaded(page, GATE_QUESTION, "HTML")
    assert file == f"{name}.html"
    exported = page.context.new_page()
    exported.set_content(text)
    expect(exported.get_by_role("heading", level=1)).to_have_text(GATE_QUESTION)
    expect(exported.locator("blockquote").first).to_have_text(GATE)


def test_an_answer_is_rated_and_the_rating_kept(page):
    ask(page, GATE_QUESTION)
    good = page.get_by_role("button", name="A good answer")
    bad = page.get_by_role("button", name="A bad answer")
    for button, states in ((good, "true false"), (bad, "false true")):
        button.click()
        expect(good).to_have_attribute("aria-pressed", states.split()[0])
        expect(bad).to_have_attribute("aria-pressed", states.split()[1])
    page.reload()
    expect(bad).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(bad).to_have_attribute("aria-pressed", "false")


def test_two_browsers_see_nothing_of_each_other(page, chromium, address):
    ask(page, GATE_QUESTION)
    context = chromium.new_context()
    other = context.new_page()
    other.goto(address)
    expect(other.get_by_text("Your questions will be kept here")).to_be_visible()
    ask(other, FERRY)
    expect(entries(other)).to_have_text([FERRY])
    page.reload()
    expect(entries(page)).to_have_text([GATE_QUESTION])
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("() => document.cookie") == ""
    context.close()


def test_all_is_done_with_the_keyboard_alone(page):
    ask(page, GATE_QUESTION)
    expect(entries(page)).to_have_text([GATE_QUESTION])
    page.get_by_role("button", name="New conversation").focus()
    pressed = ["Tab", "Tab", "Tab", "Enter", "Tab", "Enter"]  # search, title, actions, rename
    for key in pressed:
        page.keyboard.press(key)
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.type("Gate")
    page.keyboard.press("Enter")
    expect(entries(page)).to_have_text(["Gate"])
    expect(entries(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Rename")).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for Gate")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#turns")).to_be_focused()


def test_hostile_and_long_questions_are_titles_on_one_line(page):
    question = f"{HOSTILE} {'harbour ' * 30}**now** {{{{value}}}}"
    ask(page, question)
    title = f"{HOSTILE} {'harbour ' * 6}".strip() + "…"
    expect(entries(page)).to_have_attribute("title", title)
    assert text_of(entries(page)) == title
    box = entries(page).bounding_box()
    assert box["height"] < 40
    assert entries(page).evaluate("e => e.scrollWidth > e.clientWidth")
    assert page.locator("#pinpoint img").count() == 0


def test_the_drawer_has_them_on_a_narrow_screen(page):
    two_conversations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(entries(page).first).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    entries(page).filter(has_text=GATE_QUESTION).click()
    expect(page.locator(".turn .question")).to_have_text([GATE_QUESTION])
    expect(entries(page).first).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    act(page, FERRY, "Rename")
    page.keyboard.press("Escape")
    expect(entries(page).first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_an_answer_that_is_not_kept_is_shown_with_the_cause(page, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(Conversations, "add_turn", full)
    reply = ask(page, GATE_QUESTION)
    expect(reply.locator(".quote").first).to_have_text(GATE)
    expect(page.locator(".unkept")).to_have_text(
        "This answer was not kept among your conversations: "
        "Something went wrong; the terminal says what."
    )
    expect(page.get_by_text("Your questions will be kept here")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_contrast_enough(page, theme):
    """By the WCAG's formula, 4.5 to 1 at least; of the icons 3 to 1."""
    page.get_by_label("Theme").select_option(theme)
    two_conversations(page)
    page.get_by_role("button", name="A good answer").click()
    expect(page.get_by_role("button", name="A good answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    act(page, FERRY, "Delete")
    entry(page, GATE_QUESTION).get_by_role("button", name="Actions for").click()
    measured = page.evaluate(CONTRASTS)
    assert len(measured) > 12
    least = {what: ratio for what, ratio in measured.items() if ratio < 4.5}
    assert {what for what, ratio in least.items() if ratio < 3 or "rating" not in what} == set()


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const backs = (e) => e ? [...backs(e.parentElement), getComputedStyle(e).backgroundColor] : [];
  const found = {};
  for (const e of document.querySelectorAll("#conversations *, .rating button")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!(own || e.matches(".rating button")) || !e.checkVisibility()) continue;
    const back = backs(e);
    const [a, b] = [light(over(back)), light(over([...back, getComputedStyle(e).color]))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const what = [e.closest("[class]").className, e.tagName, e.textContent.trim(), e.title];
    found[what.join(" ")] = ratio;
  }
  return found;
}"""
