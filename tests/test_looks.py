"""Every view of the page, looked at in light and dark and at three widths."""

from functools import partial

import pytest
from browsing import ask, serving, source, visiting
from fakes import HeldEmbedder, WordEmbedder
from looking import WIDTHS, assert_fits, assert_looks_right, keep, show
from pdf_files import pdf
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint
from ui.job import Job

pytestmark = [pytest.mark.browser, pytest.mark.server]

GATE = "The harbour gate opens at nine in the morning."
TITLE = "A handbook of the harbour, its gates, ferries, tolls and tides, with all its annexes"
FILLER = "".join(f"Paragraph {n} tells of ropes and of the keeper.\n\n" for n in range(60))
ROWS = "".join(f"{2000 + n},{n}.5 million,harbour budget\n" for n in range(30))
UNBROKEN = "unterseehafenmeistereiverwaltung" * 4
DOCUMENTS = {
    "handbook.md": f"---\ntitle: {TITLE}\ndate: 2024-05-02\nauthors: Ada Byron, Vali Nasr\n---\n"
    f"# Hours of opening\n\n{FILLER}{GATE}\n\n{FILLER}",
    "notes.txt": f"Old notes\n\n{FILLER}\n\nThe harbour gate opens at nine.\n",
    "guide.md": "# Guide\n\n## Adding documents\n\nTo add documents, run the command `add`. "
    "A document is a file.\n\n## Limits\n\nA document may have at most 500 pages. "
    "A chunk is a passage of a document.\n",
    "news.md": "# News\n\nAda Lovelace, an expert on engines, wrote a note. "
    "The Old Museum has two old doors.\n",
    "tea.md": "# Tea\n\nTea is a drink of leaves. Tea has less caffeine.\n",
    "coffee.md": "# Coffee\n\nCoffee is a drink of roasted beans.\n",
    "leave-2022.md": "---\ndate: 2022-01-10\n---\n# Leave 2022\n\nThere are 24 days of leave.\n",
    "leave-2024.md": "---\ndate: 2024-01-15\n---\n# Leave 2024\n\nThere are 28 days of leave.\n",
    "budget.csv": f"Year,Revenue,Note\n{ROWS}",
    f"deep/{'folder-of-the-harbour-master/' * 5}{UNBROKEN}.md": f"# {UNBROKEN}\n\nIt is long.\n",
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    words = [(60, 700, "The lighthouse was built in 1888.", 12)]
    (folder / "lighthouse.pdf").write_bytes(pdf([(60, 700, "A page.", 12)], words))
    (folder / f"broken-{UNBROKEN}.pdf").write_bytes(b"%PDF-1.7 nothing")
    return folder


@pytest.fixture(scope="module")
def reader():
    return WordReader(threshold=0.6)


@pytest.fixture(scope="module")
def pinpoint(tmp_path_factory, documents, reader):
    home = tmp_path_factory.mktemp("home")
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=reader)
    made.sync(documents)
    return made


@pytest.fixture(scope="module")
def held():
    return HeldEmbedder()


@pytest.fixture(scope="module")
def address(pinpoint, held):
    job = Job(Pinpoint(pinpoint.home, pinpoint.settings, embedder=held))
    with serving(pinpoint, job) as address:
        yield address
        held.gate.set()
        job.stop(20)


@pytest.fixture
def page(chromium, address):
    size = {"width": 1400, "height": 900}
    with visiting(chromium, address, forgiven=["(Not Found)"], viewport=size) as page:
        page.goto(address)
        expect(page.get_by_text("documents indexed")).to_be_visible()
        yield page


@pytest.fixture
def look(page):
    """Look at what the page shows now, under a name."""
    return partial(assert_looks_right, page)


def test_a_page_without_documents(chromium, tmp_path):
    pinpoint = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder())
    with serving(pinpoint) as address, visiting(chromium, address) as page:
        page.goto(address)
        expect(page.locator(".none-yet")).to_be_visible()
        assert_looks_right(page, "empty")
        page.locator("#side").get_by_role("button", name="Documents").click()
        expect(page.get_by_text("There are no documents yet.").last).to_be_visible()
        assert_looks_right(page, "empty-documents")


def test_the_welcome(page, look):
    expect(page.locator(".example").first).to_be_visible()
    look("welcome")


def test_an_answer_with_a_text_as_source(page, look):
    ask(page, GATE)
    expect(source(page).locator("mark#quote")).to_be_visible()
    look("answer-text")


def test_the_quote_beside_its_chip(page):
    ask(page, GATE)
    for width in WIDTHS:
        show(page, width, "light")
        page.locator(".chip").first.blur()
        page.locator(".chip").first.focus()
        expect(page.get_by_role("tooltip")).to_be_visible()
        keep(page, "tooltip")
        assert_fits(page)
    # The pointer can go over to it, so that it can be read at any magnification.
    page.locator(".chip").first.blur()
    page.locator(".chip").first.hover()
    page.get_by_role("tooltip").hover()
    page.wait_for_timeout(400)
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_an_answer_with_a_page_as_source(page, look):
    ask(page, "The lighthouse was built in 1888?")
    expect(source(page).locator("rect.spot")).to_be_visible()
    look("answer-page")
    source(page).get_by_role("button", name="Text", exact=True).click()
    expect(source(page).locator("mark#quote")).to_be_visible()
    look("answer-page-text")


def test_an_answer_with_a_row_as_source(page, look):
    ask(page, "Year 2012 Revenue 12.5 million Note harbour budget")
    expect(source(page).locator("table.fields")).to_be_visible()
    look("answer-row")


def test_words_found_in_a_source(page, look):
    ask(page, GATE)
    expect(source(page).locator("#position")).not_to_be_empty()  # its script has begun
    find = source(page).get_by_label("Find in this document")
    find.fill("keeper")
    find.press("Enter")
    expect(source(page).locator(".hit")).to_be_visible()
    look("answer-find")


def test_not_in_the_documents(page, look):
    ask(page, "Which wizard paints zebras in the harbour?")
    expect(page.locator(".missing")).to_be_visible()
    look("missing")


def test_a_comparison(page, look):
    ask(page, "Compare tea and coffee.")
    expect(page.locator(".sides section")).to_have_count(2)
    look("comparison")


def test_sources_that_differ(page, look):
    ask(page, "How many days of leave are there?")
    expect(page.locator(".differing")).to_be_visible()
    look("differing")


def test_a_follow_up_is_shown_as_understood(page, look):
    ask(page, "Who is Ada Lovelace?")
    ask(page, "What did she write?")
    expect(page.locator(".understood")).to_contain_text("What did Ada Lovelace write?")
    look("follow-up")


def test_a_failure(page, look, reader, monkeypatch):
    monkeypatch.setattr(reader, "fault", RuntimeError("broken"))
    ask(page, GATE)
    expect(page.locator(".reply.failure")).to_be_visible()
    look("failure")


def test_a_question_that_waits(page, look, reader):
    reader.gate.clear()
    try:
        page.locator("#question textarea").fill(f"When? {UNBROKEN}")
        page.locator("#question textarea").press("Enter")
        expect(page.locator(".turn .pending")).to_contain_text("Reading the best passages…")
        look("pending")
    finally:
        reader.gate.set()
    expect(page.locator(".turn .pending")).to_have_count(0)


def test_conversations_with_long_names(page, look):
    for question in (f"{UNBROKEN} {UNBROKEN}", f"Is it so that {GATE} {GATE} {GATE}", GATE):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#conversation-list .open")).to_have_count(3)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Menu").click()
    item = page.locator("#conversation-list li").nth(2)
    item.get_by_role("button", name="Actions for").click()
    look("conversations-actions")
    item.get_by_role("button", name="Rename").click()
    look("conversations-rename")
    item.get_by_role("button", name="Cancel").click()
    item.get_by_role("button", name="Actions for").click()
    item.get_by_role("button", name="Delete").click()
    look("conversations-delete")
    item.get_by_role("button", name="Keep").click()
    page.get_by_label("Search conversations").fill("xylophone")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()
    look("conversations-none")


def test_the_bounds_of_documents(page, look):
    page.get_by_text("Which documents").click()
    page.get_by_label("until").fill("2024-05-02")
    page.locator("#filters select").select_option(index=1)
    page.locator("#filters [name=kind]").first.check()
    look("filters")


@pytest.fixture
def shelf(page):
    """Show the view of the documents."""
    page.locator("#side").get_by_role("button", name="Documents").click()
    expect(page.locator("#documents-table tbody tr").first).to_be_visible()
    return page


def test_the_documents(shelf, look):
    look("documents")
    shelf.get_by_label("Select Coffee").check()
    shelf.get_by_text("Followed folders and files").click()
    shelf.get_by_role("button", name="Title").click()
    look("documents-selected")
    shelf.get_by_role("button", name="Remove…").click()
    look("documents-confirm")
    shelf.keyboard.press("Escape")
    shelf.get_by_label("Search titles and paths").fill(UNBROKEN * 2)
    expect(shelf.get_by_text("No document has")).to_be_visible()
    look("documents-none")


def test_a_job_and_its_result(shelf, look, held):
    file = {"mimeType": "text/plain", "buffer": b"It is new."}
    held.gate.clear()  # until the pictures are taken
    names = [f"{UNBROKEN}.txt", f"song-{UNBROKEN}.mp3"]
    shelf.locator("#files").set_input_files([{"name": name, **file} for name in names])
    expect(shelf.locator("#job-label")).to_have_text("0 of 1 passage")
    try:
        look("job")
    finally:
        held.gate.set()
    expect(shelf.locator("#job-result")).to_contain_text("1 added")
    look("job-result")


def test_a_dry_run(shelf, look, documents):
    (documents / "tea.md").rename(documents / f"{UNBROKEN}.txt")
    try:
        shelf.get_by_role("button", name="What would change?").click()
        expect(shelf.locator("#job-result")).to_contain_text("Renamed (1)")
        look("dry-run")
    finally:
        (documents / f"{UNBROKEN}.txt").rename(documents / "tea.md")


@pytest.mark.parametrize("name", ["handbook.md", "lighthouse.pdf", "budget.csv"])
def test_a_source_opened_alone(page, look, pinpoint, address, name):
    (found,) = pinpoint.documents(name).documents
    page.goto(f"{address}/source/{found.sha256}?start=2&end=30#quote")
    expect(page.locator("#position")).not_to_be_empty()
    look(f"source-{name.partition('.')[0]}")
    page.goto(f"{address}/source/{'0' * 64}")
    look("source-missing")
