"""The viewer of sources as a person meets it, in headless Chromium."""

import re

import pytest
from browsing import serving, visiting
from fakes import WordEmbedder
from looking import settle
from pdf_files import pdf
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

GATE = "The harbour gate opens at nine."
HEBREW = "שלום עולם, זה מבחן."
HOSTILE = "<img src=x onerror=alert(1)></mark></div><script>alert(2)</script>"
BEFORE = "".join(f"Line {n} tells of ropes and tides.\n\n" for n in range(4000))
AFTER = "".join(f"Row {n} tells of the keeper of the light.\n\n" for n in range(4000))
LONG = f"{BEFORE}{HEBREW}\n\n{HOSTILE}\n\n{GATE}\n\n{AFTER}{'x' * 5000}\nTHE END"
ROWS = "".join(f"{2000 + n},{n}.5 million,{'w' * 30}\n" for n in range(30))
PAGES = [[(60, 700, f"This is page {n}.", 12)] for n in range(1, 13)]
PAGES[6] = [(60, 700, "Some words.", 12), (120, 420, GATE, 12), (60, 100, "Others.", 12)]


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "long.txt").write_text(LONG, encoding="utf-8")
    (folder / "budget.csv").write_text(f"Year,Revenue,Note\n{ROWS}")
    (folder / "gate.pdf").write_bytes(pdf(*PAGES))
    (folder / "turned.pdf").write_bytes(pdf([(120, 420, f"{GATE} Really.", 12)], rotation=90))
    (folder / "fleeting.pdf").write_bytes(pdf([(120, 420, f"{GATE} Once.", 12)]))
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory, documents):
    """Serve the documents; return what gives the address of a quote."""
    home = tmp_path_factory.mktemp("home")
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=WordReader())
    assert pinpoint.sync(documents).failed == ()

    def of(name, quote, answer=None):
        with SqliteStore.open(home) as store:
            (found,) = [d for d in store.documents() if d.path.endswith(f"/{name}")]
            text = store.document(found.rowid)[1]
        start = text.index(quote)
        query = f"start={start}&end={start + len(quote)}"
        if answer is not None:
            at = text.index(answer, start)
            query += f"&astart={at}&aend={at + len(answer)}"
        return f"{base}/source/{found.sha256}?{query}#quote"

    with serving(pinpoint) as base:
        of.base = base
        yield of


@pytest.fixture
def page(chromium, address):
    """Open nothing yet; only a file that has changed may be refused."""
    options = {"viewport": {"width": 700, "height": 800}, "color_scheme": "light"}
    with visiting(chromium, address.base, forgiven=["409 (Conflict)"], **options) as opened:
        yield opened


def box(locator):
    found = locator.bounding_box()
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def shown_text(page):
    return page.locator("#text").evaluate("e => e.textContent")


def assert_in_view(page, locator):
    header = box(page.locator("header"))[3]
    top, bottom = box(locator)[1::2]
    assert header - 1 <= top < bottom <= 800


def test_a_long_source_opens_at_its_quote(page, address):
    page.goto(address("long.txt", GATE, "nine"))
    mark = page.locator("mark#quote")
    assert mark.evaluate("e => e.textContent") == GATE
    expect(mark.locator("b")).to_have_text("nine")
    assert_in_view(page, mark)
    assert len(shown_text(page)) < 0.3 * len(LONG)
    expect(page.locator("#position")).to_have_text(re.compile(r"^4[5-9] %$|^5[0-5] %$"))
    assert page.locator("img").count() == 0


def test_scrolling_fetches_what_is_missing(page, address):
    page.goto(address("long.txt", GATE))
    page.locator("mark#quote").wait_for()
    for direction in (-1, 1):
        for _ in range(40):
            page.mouse.wheel(0, direction * 1500)
            page.wait_for_timeout(20)
    page.wait_for_timeout(300)
    shown = shown_text(page)
    assert shown in LONG
    assert 2 <= page.locator(".part").count() <= 12
    page.get_by_role("button", name="Quote").click()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_what_is_put_above_moves_nothing(page, address):
    page.goto(address("long.txt", GATE))
    first = page.locator(".part").first.evaluate("e => e.dataset.start")
    page.evaluate("() => scrollTo(0, 900)")
    page.wait_for_function(
        "first => document.querySelector('.part').dataset.start !== first", arg=first
    )
    # The part that was the first has its top 900 pixels above the place where it was laid.
    assert page.locator(f".part[data-start='{first}']").evaluate(
        "e => Math.round(e.getBoundingClientRect().top)"
    ) == pytest.approx(box(page.locator("header"))[3] + 18 - 900, abs=2)


def test_the_beginning_and_the_end_are_a_key_away(page, address):
    page.goto(address("long.txt", GATE))
    page.locator("mark#quote").wait_for()
    page.keyboard.press("End")
    expect(page.get_by_text("THE END")).to_be_in_viewport()
    expect(page.locator("#position")).to_have_text("100 %")
    page.keyboard.press("Home")
    expect(page.get_by_text("Line 0 tells")).to_be_in_viewport()
    expect(page.locator("#position")).to_have_text("0 %")
    page.get_by_role("button", name="Quote").click()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_words_are_found_wherever_they_are(page, address):
    page.goto(address("long.txt", GATE))
    find = page.get_by_label("Find in this document")
    find.fill("TELLS of the   keeper")
    find.press("Enter")
    expect(page.locator("#hits")).to_have_text("1 of 1000 or more")
    expect(page.locator(".hit")).to_have_text("tells of the keeper")
    find.fill("LINE 17 tells")
    find.press("Enter")
    expect(page.locator("#hits")).to_have_text("1 of 1")
    expect(page.locator(".hit")).to_be_in_viewport()
    find.fill("row 1 tells")
    find.press("Enter")
    expect(page.locator(".hit")).to_have_text("Row 1 tells")
    find.fill("nowhere at all")
    find.press("Enter")
    expect(page.locator("#hits")).to_have_text("not found")
    expect(page.get_by_label("Next match")).to_be_disabled()


def test_hits_are_gone_through_in_turn(page, address):
    page.goto(address("long.txt", GATE))
    find = page.get_by_label("Find in this document")
    find.fill("3999 tells")
    find.press("Enter")
    expect(page.locator("#hits")).to_have_text("2 of 2")  # the first one behind the quote
    expect(page.locator(".part", has=page.locator(".hit"))).to_contain_text("Row 3999 tells")
    page.get_by_label("Next match").click()
    expect(page.locator("#hits")).to_have_text("1 of 2")
    expect(page.locator(".part", has=page.locator(".hit"))).to_contain_text("Line 3999 tells")
    find.press("Enter")
    expect(page.locator("#hits")).to_have_text("2 of 2")


def test_scripts_and_directions_are_shown_as_they_are(page, address):
    page.goto(address("long.txt", HEBREW))
    mark = page.locator("mark#quote")
    left, _, right, _ = box(mark)
    column = box(page.locator(".part").first)
    assert right == pytest.approx(column[2], abs=1)
    assert left > column[0] + 100
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_a_pdf_opens_at_its_page_with_the_quote_marked(page, address):
    page.goto(address("gate.pdf", GATE))
    spot = page.locator("rect.spot")
    expect(spot).to_have_count(1)
    expect(page.locator("#position")).to_have_text("Page 7 of 12")
    picture = page.get_by_alt_text("Page 7 of 12, with the quote marked")
    page.wait_for_function("() => [...document.images].every(i => i.complete && i.naturalWidth)")
    assert_in_view(page, spot)
    left, top, right, _ = box(picture)
    scale = (right - left) / 600  # pixels a point
    x0, y0, x1, y1 = box(spot)
    # Written from x 120 on at baseline 420 of a page 600 wide and 800 high, in 12 points.
    assert (x0 - left) / scale == pytest.approx(120, abs=2)
    assert (y1 - top) / scale == pytest.approx(800 - 420 + 3, abs=3)
    assert (y1 - y0) / scale == pytest.approx(13.5, abs=3)
    assert 150 < (x1 - x0) / scale < 180
    assert page.locator("#text").is_hidden()


def test_a_turned_page_has_its_mark_turned(page, address):
    page.goto(address("turned.pdf", GATE))
    spot = page.locator("rect.spot")
    left, top, right, bottom = box(spot)
    assert bottom - top > 5 * (right - left)
    picture = box(page.get_by_alt_text("Page 1 of 1, with the quote marked"))
    assert picture[0] <= left < right <= picture[2]
    assert picture[1] <= top < bottom <= picture[3]


def test_pages_are_turned_and_only_those_nearby_are_fetched(page, address):
    pictures = set()
    page.on("request", lambda r: pictures.update(re.findall(r"/page/(\d+)\.png", r.url)))
    page.goto(address("gate.pdf", GATE))
    expect(page.locator("#position")).to_have_text("Page 7 of 12")
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("#position")).to_have_text("Page 8 of 12")
    assert pictures <= {str(number) for number in range(4, 12)}
    page.keyboard.press("Home")
    expect(page.locator("#position")).to_have_text("Page 1 of 12")
    page.keyboard.press("End")
    expect(page.locator("#position")).to_have_text("Page 12 of 12")
    page.get_by_role("button", name="Quote").click()
    expect(page.locator("#position")).to_have_text("Page 7 of 12")


def held(page, pattern):
    """Hold back what is asked for at such addresses; return the requests as they come in."""
    waiting = []
    page.route(pattern, lambda route: waiting.append(route) or True)
    return waiting


def let_go(page, waiting, count):
    """Let so many requests go, in their order, as soon as all of them are there."""
    while len(waiting) < count:
        page.wait_for_timeout(10)
    while waiting:
        waiting.pop(0).continue_()


def test_no_turn_is_lost_while_pages_are_fetched(page, address):
    following = page.get_by_role("button", name="Next page")
    position = page.locator("#position")
    seventh, eighth = held(page, re.compile(r"/page/7\?")), held(page, re.compile(r"/page/8\?"))
    page.goto(address("gate.pdf", GATE))
    following.click()  # no page is there yet
    let_go(page, seventh, 1)
    let_go(page, eighth, 1)
    expect(position).to_have_text("Page 8 of 12")
    page.reload()
    let_go(page, seventh, 1)
    expect(position).to_have_text("Page 7 of 12")
    while not eighth:  # fetched before anybody turns to it
        page.wait_for_timeout(10)
    following.click(click_count=2)
    let_go(page, eighth, 2)
    expect(position).to_have_text("Page 9 of 12")


def test_the_last_place_asked_for_is_shown(page, address):
    last = held(page, re.compile(r"/text\?before=" + str(len(LONG))))
    page.goto(address("long.txt", GATE))
    expect(page.locator("#position")).not_to_be_empty()  # its script has begun
    page.keyboard.press("End")
    while not last:
        page.wait_for_timeout(10)
    page.get_by_role("button", name="Quote").click()
    expect(page.locator("mark#quote")).to_be_in_viewport()
    with page.expect_response(re.compile(r"/text\?before=")):
        let_go(page, last, 1)
    settle(page)
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_the_text_of_a_pdf_is_a_click_away(page, address):
    page.goto(address("gate.pdf", GATE))
    page.locator("rect.spot").wait_for()
    page.get_by_role("button", name="Text", exact=True).click()
    assert page.locator("mark#quote").evaluate("e => e.textContent") == GATE
    expect(page.locator("mark#quote")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Next page")).to_be_hidden()
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator("rect.spot")).to_be_in_viewport()


def test_the_text_is_shown_where_the_file_has_changed(page, address, documents):
    opened = address("fleeting.pdf", GATE)
    (documents / "fleeting.pdf").write_bytes(pdf([(60, 60, "Another text.", 12)]))
    page.goto(opened)
    expect(page.locator("#why")).to_contain_text("The page cannot be shown: ")
    expect(page.locator("#why")).to_contain_text("fleeting.pdf has changed since it was indexed")
    expect(page.locator("mark#quote")).to_be_in_viewport()
    assert page.locator("rect.spot").count() == 0


def test_a_row_is_shown_as_a_table(page, address):
    page.goto(address("budget.csv", "Year: 2012; Revenue: 12.5 million", "12.5 million"))
    fields = page.locator("table.fields")
    expect(fields.locator("caption")).to_have_text("Row 14")
    rows = fields.locator("tbody tr").all()
    assert [row.locator("th, td").all_text_contents() for row in rows] == [
        ["Year", "2012"],
        ["Revenue", "12.5 million"],
        ["Note", "w" * 30],
    ]
    expect(fields.locator("b")).to_have_text(["12.5 million"])
    cited = page.locator("table.grid tr[aria-current=true]")
    assert cited.locator("th, td").all_text_contents() == ["14", "2012", "12.5 million", "w" * 30]
    assert page.locator("table.grid tbody tr").count() == 11
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("mark#quote")).to_be_in_viewport()
    expect(fields).to_be_hidden()


LUMINANCE = """colour => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(c => c / 255)
    .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}"""


def contrast(page, inner, outer):
    ink = page.locator(inner).first.evaluate("e => getComputedStyle(e).color")
    paper = page.locator(outer).first.evaluate("e => getComputedStyle(e).backgroundColor")
    low, high = sorted(page.evaluate(LUMINANCE, colour) for colour in (ink, paper))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_read_in_both_themes(page, address, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(address("budget.csv", "Year: 2012; Revenue: 12.5 million", "12.5 million"))
    assert page.locator("html").get_attribute("data-theme") == theme
    pairs = [
        ("main", "body"),
        ("header p", "header"),
        ("#tools a", "header"),
        ("button[aria-pressed=true]", "button[aria-pressed=true]"),
        (".fields td", ".fields td"),
        (".fields caption", "body"),
        ("mark.quote", "mark.quote"),
    ]
    assert [pair for pair in pairs if contrast(page, *pair) < 4.5] == []


def test_the_chosen_theme_goes_before_the_system(page, address):
    page.goto(f"{address.base}/source/")
    page.evaluate("() => localStorage.setItem('pinpoint-theme', 'dark')")
    page.goto(address("long.txt", GATE))
    body = page.locator("body")
    assert body.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 15, 25)"


def test_a_screen_reader_finds_its_way(page, address):
    page.goto(address("gate.pdf", GATE))
    page.locator("rect.spot").wait_for()
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("search")).to_have_count(1)
    expect(page.get_by_role("toolbar", name="Document")).to_have_count(1)
    expect(page.get_by_role("button", name="Page", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    link = page.get_by_role("link", name="Open original")
    assert link.get_attribute("rel") == "noopener"
    response = page.request.get(f"{address.base}{link.get_attribute('href')}")
    assert response.body() == pdf(*PAGES)


def test_everything_is_reached_by_the_keyboard(page, address):
    page.goto(address("gate.pdf", GATE))
    page.locator("rect.spot").wait_for()
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.textContent.trim()"))
    assert reached == ["Page", "Text", "‹", "›", "Beginning", "Quote", "End", "Open original", ""]
