"""Texts of any script and direction, many citations, and a document of 2,000 pages."""

import pytest
from answers import answered, citation
from browsing import ask, serving, source, text_of, visiting
from fakes import WordEmbedder
from looking import assert_looks_right
from pdf_files import pdf
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

TEXTS = {  # a name, its direction, a title and a sentence
    "arabic": ("rtl", "دليل الميناء 2024", "تفتح بوابة الميناء في الساعة 9 صباحا (كل يوم) ABC."),
    "hebrew": ("rtl", "מדריך הנמל", "שער הנמל נפתח בשעה 9:30 בבוקר, SHALOM."),
    "chinese": ("ltr", "港口手册", "港口的大门每天早上九点打开，黄昏时关闭。"),
    "thai": ("ltr", "คู่มือท่าเรือ", "ประตูท่าเรือเปิดเวลาเก้าโมงเช้าทุกวัน"),
    "combining": ("ltr", "Cafe\u0301", "Cafe\u0301 Z\u0351\u036b\u0343al\u0323go opens."),
    "emoji": ("ltr", "👩‍👩‍👧 and 🏳️‍🌈", "The 🚢 leaves with 👩🏽‍🚀 and 🇨🇭 at seven."),
}  # fmt: skip
BUOYS = [f"Buoy number {n} floats {'far ' * (n % 9)}off the pier." for n in range(1, 41)]
MANY = "".join(f"{buoy}\n\n" for buoy in BUOYS)
LIGHT = "The lighthouse stands on page 1999."


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, (_, title, sentence) in TEXTS.items():
        text = f"---\ntitle: {title}\n---\n\n# {title} heading\n\n{sentence}\n"
        (folder / f"{name} {title.split()[0]}.md").write_text(text, encoding="utf-8")
    (folder / "buoys.txt").write_text(MANY)
    return folder


@pytest.fixture(scope="module")
def pinpoint(tmp_path_factory, documents):
    home = tmp_path_factory.mktemp("home")
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=WordReader())
    assert made.sync(documents).failed == ()
    return made


@pytest.fixture(scope="module")
def address(pinpoint):
    with serving(pinpoint) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    with visiting(chromium, address, viewport={"width": 1400, "height": 900}) as opened:
        opened.goto(address)
        expect(opened.get_by_text("documents indexed")).to_be_visible()
        yield opened


def direction(locator):
    return locator.evaluate("element => getComputedStyle(element).direction")


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_shown_in_its_direction_character_for_character(page, name):
    way, title, sentence = TEXTS[name]
    reply = ask(page, sentence)
    assert text_of(page.locator(".question")) == sentence
    assert text_of(reply.locator(".quote").first) == sentence
    assert text_of(reply.locator(".sources .title").first) == title
    expect(source(page).locator("h1")).to_have_text(title)
    assert text_of(source(page).locator("mark#quote")) == sentence
    entry = page.locator("#conversation-list .open")
    expect(entry).to_have_attribute("aria-current", "true")
    page.locator(".chip").first.focus()
    shown = [
        page.locator(".question"),
        reply.locator("blockquote").first,
        reply.locator(".sources .title").first,
        page.locator("#quoted .title"),
        entry,
        source(page).locator("h1 bdi"),
    ]
    assert [direction(one) for one in shown] == [way] * len(shown)


def test_scripts_look_right(page):
    for _, _, sentence in TEXTS.values():
        ask(page, sentence)
    assert_looks_right(page, "scripts")
    page.get_by_role("button", name="Documents").first.click()
    expect(page.locator("#documents-table tbody tr")).to_have_count(7)
    links = page.locator("#documents-table .what a bdi")
    ways = {text_of(link): direction(link) for link in links.all()}
    assert ways == {title: way for way, title, _ in TEXTS.values()} | {"buoys": "ltr"}
    assert_looks_right(page, "scripts-documents")


def test_forty_citations(page, pinpoint, monkeypatch):
    (listed,) = pinpoint.documents("buoys").documents
    found = [citation(buoy, MANY.index(buoy), title="B" * (9 + n)) for n, buoy in enumerate(BUOYS)]
    cited = [c.document.model_copy(update={"sha256": listed.sha256}) for c in found]
    found = [c.model_copy(update={"document": d}) for c, d in zip(found, cited, strict=True)]
    monkeypatch.setattr(pinpoint, "ask", lambda question, **_: answered(*found, question=question))
    reply = ask(page, "Where do the buoys float?")
    assert reply.locator(".chip").all_text_contents() == [str(n) for n in range(1, 41)]
    for _ in range(39):
        page.get_by_role("button", name="Next quote").click()
    expect(page.locator("#place")).to_have_text("40 of 40")
    expect(reply.locator(".chip").last).to_be_in_viewport()
    expect(source(page).locator("mark#quote")).to_have_text(BUOYS[-1])
    edges = reply.locator(".sources li").evaluate_all(
        "items => items.map(i => [...i.children].map(e => e.getBoundingClientRect()))"
        ".map(([number, rest]) => [number.right, rest.left])"
    )
    assert len({right for right, _ in edges}) == 1
    assert all(right < left for right, left in edges)
    assert_looks_right(page, "forty")


@pytest.mark.slow
def test_a_source_of_five_hundred_pages(chromium, tmp_path, folder):
    pages = [[(60, 700, f"This is page {n} of ropes.", 12)] for n in range(1, 501)]
    pages[498] = [(60, 700, LIGHT, 12)]
    (folder / "long.pdf").write_bytes(pdf(*pages))
    home = tmp_path / "home"
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=WordReader())
    assert pinpoint.sync(folder).failed == ()
    with serving(pinpoint) as address, visiting(chromium, address) as page:
        page.goto(address)
        ask(page, LIGHT)
        expect(source(page).locator("rect.spot")).to_be_in_viewport()
        expect(source(page).locator("#position")).to_have_text("Page 499 of 500")
        assert source(page).locator(".sheet").count() <= 12
        assert_looks_right(page, "five-hundred")
        source(page).get_by_role("button", name="Beginning").click()
        expect(source(page).locator("#position")).to_have_text("Page 1 of 500")
