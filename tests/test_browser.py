"""The page as a person meets it, in headless Chromium."""

import re

import pytest
from browsing import ask, serving, source, text_of, visiting
from fakes import WordEmbedder
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from index.store import text_sha256
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOSTILE = "<img src=x onerror=alert(1)>"
FILLER = "".join(
    f"Paragraph {n} tells of ropes, tides and the keeper of the light.\n\n" for n in range(150)
)
GATE = "The harbour gate opens at nine in the morning, and closes at dusk."
FERRY = (
    "The ferry  leaves\r\n    at seven 🚢 in the cafe\u0301 <b>harbour</b> {{value}} ${1+1} `now`."
)
NOTE = "Gate: opens at nine in the morning."
HANDBOOK = f"---\ntitle: Handbook\ndate: 2024-05-02\n---\n# Hours\n\n{FILLER}{GATE}\n\n{FILLER}"
WALL = (
    f"---\ntitle: '{HOSTILE} title'\n---\n# `{HOSTILE} head`\n\nThe wall says {HOSTILE} loudly.\n"
)
DOCUMENTS = {
    "handbook.md": HANDBOOK,
    "notes.txt": f"Old notes\n\n{FILLER}{NOTE}\n\n{FILLER}",
    "ferry.txt": f"Ferry\r\n\r\n{FERRY}\r\n",
    f"{HOSTILE}.md": WALL,
    "fleeting.txt": "Fleeting\n\nThe buoy floats north of the pier.\n",
}
GATE_QUESTION = "When opens the gate: at nine in the morning?"


@pytest.fixture(scope="module")
def reader():
    return WordReader()


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def pinpoint(tmp_path_factory, documents, reader):
    home = tmp_path_factory.mktemp("home")
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=reader)
    assert made.sync(documents).failed == ()
    return made


@pytest.fixture(scope="module")
def address(pinpoint):
    with serving(pinpoint) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    """Open the page; only a missing document may be missing."""
    with visiting(chromium, address, forgiven=["(Not Found)"]) as opened:
        opened.goto(address)
        expect(opened.get_by_text("5 documents indexed")).to_be_visible()
        yield opened


def top_and_bottom(locator):
    """Return where an element is in its window, and the window's height."""
    return locator.evaluate(
        "e => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom, innerHeight]"
    )


def assert_quote_in_view(page):
    mark = source(page).locator("mark#quote")
    top, bottom, height = top_and_bottom(mark)
    header = top_and_bottom(source(page).locator("header"))[1]
    assert 0 < header <= top < bottom <= height
    assert mark.evaluate("() => scrollY") > 1000


def test_a_chip_opens_its_quote_in_the_source(page):
    reply = ask(page, GATE_QUESTION)
    assert [text_of(quote) for quote in reply.locator(".quote").all()] == [GATE, NOTE]
    expect(source(page).locator("h1")).to_have_text("Handbook")
    assert text_of(source(page).locator("mark#quote")) == GATE
    assert text_of(source(page).locator("main")) == HANDBOOK
    assert_quote_in_view(page)
    start = HANDBOOK.index(GATE)
    about = f"2024-05-02 · characters {start}–{start + len(GATE)}"
    expect(source(page).locator("header p").first).to_have_text(about)

    reply.locator(".chip", has_text="2").click()
    expect(source(page).locator("h1")).to_have_text("Old notes")
    assert text_of(source(page).locator("mark#quote")) == NOTE
    assert_quote_in_view(page)


def test_sources_and_confidence_stand_below_the_quotes(page, documents):
    reply = ask(page, GATE_QUESTION)
    first, second = map(text_of, reply.locator(".sources li").all())
    assert first == f"1Handbook → Hours · 2024-05-02{documents / 'handbook.md'}"
    assert second == f"2Old notes{documents / 'notes.txt'}"
    expect(reply.locator(".confidence")).to_have_text("High confidence 88%")


def test_a_quote_is_shown_character_for_character(page):
    reply = ask(page, "The ferry leaves at seven?")
    quote = reply.locator(".quote")
    assert text_of(quote) == FERRY
    assert quote.evaluate("e => getComputedStyle(e).whiteSpace") == "pre-wrap"
    expect(source(page).locator("h1")).to_have_text("Ferry")
    assert text_of(source(page).locator("mark#quote")) == FERRY
    assert text_of(source(page).locator("main")) == DOCUMENTS["ferry.txt"]


def test_markup_is_shown_literally_everywhere(page):
    question = f"The wall says {HOSTILE} loudly **now** {{{{value}}}} ${{1+1}}"
    reply = ask(page, question)
    assert text_of(page.locator(".question").last) == question
    assert text_of(reply.locator(".quote").first) == f"The wall says {HOSTILE} loudly."
    where = text_of(reply.locator(".sources li").first)
    assert where.startswith(f"1{HOSTILE} title → {HOSTILE} head")
    assert where.endswith(f"/{HOSTILE}.md")
    expect(source(page).locator("h1")).to_have_text(f"{HOSTILE} title")
    assert text_of(source(page).locator("header p").last).endswith(f"/{HOSTILE}.md")
    assert page.locator("#pinpoint img").count() == 0
    assert source(page).locator("img").count() == 0


def test_not_in_your_documents(page):
    reply = ask(page, "Which wizard paints zebras?")
    assert "missing" in reply.get_attribute("class")
    expect(reply.locator("h3")).to_have_text("Not in your documents")
    expect(source(page).get_by_text("The source of a quote opens here.")).to_be_visible()
    nearest = text_of(reply.locator(".quote").nth(1))
    reply.locator(".chip", has_text="2").click()
    expect(source(page).locator("mark#quote")).to_be_visible()
    assert text_of(source(page).locator("mark#quote")) == nearest


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_answered_with_what_is_wrong(page, question):
    reply = ask(page, question)
    expect(reply).to_have_text("the question is empty; ask something in a few words")
    assert page.locator(".question").count() == 0


def test_a_question_waits_in_sight(page, reader):
    reader.gate.clear()
    try:
        page.locator("#question textarea").fill("When does the ferry leave?")
        page.locator("#question").get_by_role("button", name="Ask").click()
        expect(page.locator(".turn .pending")).to_contain_text("Reading the best passages…")
        expect(page.locator(".turn .question")).to_have_text("When does the ferry leave?")
        expect(page.locator("#question textarea")).to_have_value("")
    finally:
        reader.gate.set()
    expect(page.locator(".turn .pending")).to_have_count(0)


def test_the_chat_grows_and_shows_the_newest_turn(page):
    for _ in range(4):
        ask(page, GATE_QUESTION)
    assert page.locator(".turn").count() == 4
    page.locator("#transcript-part").evaluate("e => e.scrollTo(0, 0)")
    ask(page, "Which wizard paints zebras?")
    newest = page.locator(".turn").last
    page.wait_for_function("() => document.querySelector('#transcript-part').scrollTop > 100")
    expect(newest).to_be_in_viewport(ratio=0.95)
    expect(page.locator("#question textarea")).to_be_in_viewport(ratio=0.95)


def test_the_same_answer_again_opens_its_first_source_again(page):
    reply = ask(page, GATE_QUESTION)
    reply.locator(".chip", has_text="2").click()
    expect(source(page).locator("h1")).to_have_text("Old notes")
    ask(page, GATE_QUESTION)
    expect(source(page).locator("h1")).to_have_text("Handbook")


def test_a_removed_document_is_told(page, pinpoint, documents):
    reply = ask(page, "The buoy floats north of the pier?")
    expect(source(page).locator("h1")).to_have_text("Fleeting")
    ask(page, GATE_QUESTION)
    expect(source(page).locator("h1")).to_have_text("Handbook")
    fleeting = documents / "fleeting.txt"
    fleeting.write_text("Fleeting\n\nThe buoy is gone.\n")
    pinpoint.sync()
    try:
        with page.expect_response(re.compile("/source/")) as answered:
            reply.locator(".chip").first.click()
        assert answered.value.status == 404
        expect(source(page).get_by_text("This document has changed or was removed")).to_be_visible()
    finally:
        fleeting.write_bytes(DOCUMENTS["fleeting.txt"].encode())
        pinpoint.sync()


def test_the_source_is_beside_the_chat_or_below_it(page):
    ask(page, GATE_QUESTION)
    chat, frame = page.locator("#chat"), page.locator("iframe[name=pinpoint-source]")
    left, right = chat.bounding_box(), frame.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert (right["y"] + right["height"], page.locator("#source").bounding_box()["y"]) == (800, 0)
    page.set_viewport_size({"width": 390, "height": 844})
    above, below = chat.bounding_box(), frame.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    assert below["width"] == 390
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_nothing_of_gradio_is_left_to_see(page):
    assert page.title() == "Pinpoint"
    assert page.locator("footer:visible").count() == 0
    assert (
        page.get_by_text(re.compile("gradio", re.IGNORECASE)).locator("visible=true").count() == 0
    )


def test_the_quotes_of_an_answer_are_opened_in_turn(page):
    reply = ask(page, GATE_QUESTION)
    first, second = reply.locator(".chip").all()
    back = page.get_by_role("button", name="Previous quote")
    onward = page.get_by_role("button", name="Next quote")
    expect(page.locator("#place")).to_have_text("1 of 2")
    expect(first).to_have_attribute("aria-current", "true")
    expect(back).to_be_disabled()
    onward.click()
    expect(source(page).locator("h1")).to_have_text("Old notes")
    expect(page.locator("#place")).to_have_text("2 of 2")
    expect(second).to_have_attribute("aria-current", "true")
    assert first.get_attribute("aria-current") is None
    expect(onward).to_be_disabled()
    page.locator("#question textarea").press("Alt+PageUp")
    expect(source(page).locator("h1")).to_have_text("Handbook")
    source(page).locator("body").press("Alt+PageDown")
    expect(source(page).locator("h1")).to_have_text("Old notes")
    # The browser's way back leaves the page, whatever was opened in it.
    assert page.evaluate("() => history.length") <= 2


def test_a_quote_is_copied_with_its_source(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, f"The wall says {HOSTILE} loudly **now**")
    page.get_by_role("button", name="Copy text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    pasted = page.evaluate("() => navigator.clipboard.readText()")
    assert pasted == f"“The wall says {HOSTILE} loudly.” ({HOSTILE} title)"
    page.get_by_role("button", name="Copy Markdown").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('>')")
    pasted = page.evaluate("() => navigator.clipboard.readText()")
    hostile = r"\<img src=x onerror=alert\(1\)\>"
    start = WALL.index("The wall")
    link = (
        f"{address}/source/{text_sha256(WALL)}?start={start}&end={start + len(HOSTILE) + 22}#quote"
    )
    assert pasted == f"> The wall says {hostile} loudly.\n>\n> [{hostile} title]({link})\n"


def test_the_theme_is_chosen_and_kept(page):
    ask(page, GATE_QUESTION)
    colour = "e => getComputedStyle(e).backgroundColor"
    expect(source(page).locator("h1")).to_have_text("Handbook")
    assert source(page).locator("body").evaluate(colour) == "rgb(255, 255, 255)"
    page.get_by_label("Theme").select_option("dark")
    assert source(page).locator("body").evaluate(colour) == "rgb(11, 15, 25)"
    page.reload()
    expect(page.get_by_label("Theme")).to_have_value("dark")
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_dates_bound_the_documents_that_are_asked(page):
    page.get_by_text("Which documents").click()
    page.get_by_label("until").fill("2024-05-02")
    reply = ask(page, GATE_QUESTION)
    assert [text_of(quote) for quote in reply.locator(".quote").all()] == [GATE]
    page.get_by_label("until").fill("2024-05-01")
    assert "missing" in ask(page, GATE_QUESTION).get_attribute("class")


def test_five_at_once_are_answered_in_their_order(chromium, address, reader):
    """Each sees how many are ahead, and no one sees another's question."""
    contexts = [chromium.new_context() for _ in range(5)]
    pages = [context.new_page() for context in contexts]
    for opened in pages:
        opened.set_default_timeout(15_000)
        opened.goto(address)
        expect(opened.get_by_text("5 documents indexed")).to_be_visible()
    reader.gate.clear()
    try:
        for number, opened in enumerate(pages):
            opened.locator("#question textarea").fill(f"{number}: {GATE_QUESTION}")
            opened.locator("#question textarea").press("Enter")
            told = ["Reading the best passages…", "One question is before yours."]
            told += [f"{n} questions are before yours." for n in (2, 3, 4)]
            expect(opened.locator(".stage")).to_have_text(told[number])
    finally:
        reader.gate.set()
    for number, opened in enumerate(pages):
        expect(opened.locator(".reply.found .quote").first).to_have_text(GATE)
        expect(opened.locator(".question")).to_have_text([f"{number}: {GATE_QUESTION}"])
    for context in contexts:
        context.close()
