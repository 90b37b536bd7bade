"""Answers and clicks that come in an unlucky order, in headless Chromium."""

import re

import pytest
from browsing import serving, source, visiting
from fakes import WordEmbedder
from markdown_it import MarkdownIt
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

GATE = "The gate opens at nine?"
FERRY = "The ferry leaves at ten?"
BUOY = "The buoy floats?"


@pytest.fixture(scope="module")
def reader():
    return WordReader()


@pytest.fixture(scope="module")
def address(tmp_path_factory, reader):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "gate.txt").write_text("Notes\n\nThe gate opens at nine.\n\nThe buoy floats.\n")
    (folder / "ferry.txt").write_text("The ferry leaves at ten.\n")
    home = tmp_path_factory.mktemp("home")
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=reader)
    made.sync(folder)
    with serving(made) as found:
        yield found


@pytest.fixture
def page(chromium, address, reader):
    with visiting(chromium, address, forgiven=["ERR_FAILED"]) as opened:
        opened.goto(address)
        expect(opened.get_by_text("2 documents indexed")).to_be_visible()
        yield opened
        reader.gate.set()


def type_in(page, question):
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def ask(page, question):
    before = page.locator(".turn .reply:not(.pending)").count()
    type_in(page, question)
    expect(page.locator(".turn .reply:not(.pending)")).to_have_count(before + 1)


def begin(page):
    page.get_by_role("button", name="New conversation").click()


def entry(page, title):
    return page.locator("#conversation-list .open").filter(has_text=title)


def asked(page):
    return page.locator(".turn .question")


def test_an_answer_comes_to_its_conversation_that_was_left_and_opened_again(page, reader):
    ask(page, FERRY)
    begin(page)
    ask(page, GATE)
    reader.gate.clear()
    type_in(page, BUOY)
    expect(page.locator(".pending")).to_be_visible()
    for title in (FERRY, GATE):
        entry(page, title).click()
        expect(asked(page)).to_have_text([title])
    reader.gate.set()
    expect(asked(page)).to_have_text([GATE, BUOY])
    expect(page.locator(".turn .found")).to_have_count(2)


def test_questions_behind_one_that_failed_are_of_one_conversation(page):
    held = []
    page.route("**/page/ask", lambda route, _: held.append(route) or True, times=1)
    for question in (BUOY, GATE, FERRY):
        type_in(page, question)
        expect(asked(page).last).to_have_text(question)
    held[0].abort()
    expect(page.locator(".turn .found")).to_have_count(2)
    expect(page.locator(".turn .failure")).to_have_text(
        ["Pinpoint does not answer; is it still running?"]
    )
    expect(page.locator("#conversation-list .open")).to_have_text([GATE])


def test_an_answer_that_breaks_off_says_what_to_do(page):
    page.evaluate("""() => {
        const start = (controller) => controller.error(new TypeError("network error"));
        window.fetch = async () => new Response(new ReadableStream({ start }));
    }""")
    type_in(page, GATE)
    expect(page.locator(".turn .failure")).to_have_text("The answer was cut off; ask again.")


@pytest.mark.parametrize("leave", ["another", "emptied"])
def test_a_question_that_is_no_longer_put_right_is_understood_again(page, leave):
    ask(page, GATE)
    ask(page, "And the ferry?")
    page.get_by_role("button", name="Edit").click()
    if leave == "another":
        begin(page)
        entry(page, GATE).click()
        expect(asked(page)).to_have_count(2)
    else:
        page.locator("#question textarea").fill("")
    with page.expect_request("**/page/ask") as sent:
        type_in(page, "And the buoy?")
    assert sent.value.post_data_json["as_typed"] is False


def test_a_question_asked_while_the_page_loads_stays_in_sight(page, reader):
    ask(page, FERRY)
    listing = re.compile("/page/conversations[?]")
    page.route(listing, lambda _: None)
    page.reload()
    expect(page.get_by_text("2 documents indexed")).to_be_visible()
    reader.gate.clear()
    type_in(page, GATE)
    with page.expect_response(listing):
        page.unroute(listing)
    expect(entry(page, FERRY)).to_be_visible()
    page.wait_for_timeout(500)  # for what would replace it
    expect(asked(page)).to_have_text([GATE])
    reader.gate.set()
    expect(page.locator(".turn .found")).to_have_count(1)
    expect(asked(page)).to_have_text([GATE])


def test_a_question_asked_before_the_scripts_start_is_answered(page):
    held = []
    page.route("**/ui/page.js", lambda route, _: held.append(route))
    page.reload(wait_until="commit")
    type_in(page, GATE)
    expect(page.locator("#question textarea")).to_have_value("")
    held[0].continue_()
    expect(page.locator(".turn .found")).to_have_count(1)
    expect(asked(page)).to_have_text([GATE])


def test_the_source_is_of_the_chip_opened_last_where_another_was_on_its_way(page):
    for question in (FERRY, GATE):
        ask(page, question)
    expect(source(page).locator("mark#quote")).to_have_text(GATE.replace("?", "."))
    held = []
    page.route(re.compile("/source/[0-9a-f]{64}[?]"), lambda route, _: held.append(route), times=1)
    ferry, gate = page.locator(".chip").all()
    ferry.click()
    gate.click()
    expect(page.locator(".chip[aria-current]")).to_have_text(gate.text_content())
    held[0].continue_()
    page.wait_for_timeout(500)  # for what would replace it
    expect(source(page).locator("mark#quote")).to_have_text(GATE.replace("?", "."))


def copied(page, form, times=1):
    page.evaluate("() => (window.clips = [])")
    page.evaluate("""() => Object.defineProperty(navigator, "clipboard", {
        configurable: true, value: { writeText: async (text) => window.clips.push(text) } })""")
    button = page.locator(f"#sourcebar [data-copy={form}]")
    for _ in range(times):
        button.click()
        expect(button).to_have_text("Copied")
    return page.evaluate("() => window.clips.at(-1)")


def test_a_button_has_its_own_words_again_after_two_clicks(page):
    ask(page, GATE)
    copied(page, "text", times=2)
    page.wait_for_timeout(1700)
    expect(page.locator("#sourcebar [data-copy=text]")).to_have_text("Copy text")


def test_copied_markdown_shows_the_quote_and_marks_up_nothing(page):
    ask(page, FERRY)
    lines = ["1. no list", "    no code", "===", "# no heading", "1. no list"]
    page.locator(".quote").evaluate("(quote, text) => (quote.textContent = text)", "\n".join(lines))
    tokens = MarkdownIt().parse(copied(page, "markdown"))
    kinds = {token.type for token in tokens}
    assert kinds == {f"{one}_{end}" for one in ("blockquote", "paragraph") for end in
                     ("open", "close")} | {"inline"}  # fmt: skip
    shown = "".join(child.content or "\n" for child in tokens[2].children)
    assert shown == "\n".join(lines)


def test_text_is_copied_where_the_browser_gives_no_clipboard(page):
    ask(page, GATE)
    page.evaluate("""() => {
        Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined });
        const copied = () => (window.clip = document.activeElement.value);
        document.addEventListener("copy", copied);
    }""")
    button = page.locator("#sourcebar [data-copy=text]")
    button.click()
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    assert page.evaluate("() => window.clip") == "“The gate opens at nine.” (Notes)"
    assert page.locator("body > textarea").count() == 0


def test_a_search_that_failed_is_tried_again(page):
    ask(page, GATE)
    source = page.frame_locator("iframe[name=pinpoint-source]")
    words = source.locator("#find input")
    expect(source.locator("#position")).not_to_be_empty()  # its script has begun
    page.route(re.compile("/find[?]"), lambda route: route.abort(), times=1)
    words.fill("buoy")
    words.press("Enter")
    expect(source.locator("#hits")).to_have_text("Pinpoint does not answer; is it still running?")
    words.press("Enter")
    expect(source.locator("#hits")).to_have_text("1 of 1")


def test_what_became_of_a_job_is_fetched_again_where_that_failed(page):
    page.get_by_role("button", name="Documents", exact=True).click()
    page.route("**/page/job/result", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Bring up to date").click()
    expect(page.locator("#job-result")).to_contain_text("0 added")
