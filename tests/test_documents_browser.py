"""The view of the documents as a person meets it, in headless Chromium."""

import re

import pytest
from browsing import serving, visiting
from fakes import HeldEmbedder, WordEmbedder
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint
from ui.job import Job

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOSTILE = "<img src=x onerror=alert(1)>"
TEXT = b"The gate opens at nine."


@pytest.fixture
def held():
    made = HeldEmbedder()
    yield made
    made.gate.set()


@pytest.fixture
def pinpoint(tmp_path):
    reader = WordReader()
    return Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=reader)


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.md").write_text("---\ndate: 2024-05-02\n---\n# Gate\n\nThe gate opens at nine.")
    (folder / "ferry.md").write_text(f"---\ntitle: '{HOSTILE} ferry'\n---\nThe ferry leaves.")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    pinpoint.sync(folder)
    return folder.resolve()


@pytest.fixture
def address(pinpoint, held):
    job = Job(Pinpoint(pinpoint.home, pinpoint.settings, embedder=held))
    with serving(pinpoint, job) as address:
        yield address
        held.gate.set()
        job.stop(20)


@pytest.fixture
def page(chromium, address):
    """Open the page; the browser notes what the server refuses, and the page tells it."""
    with visiting(chromium, address, forgiven=["(Bad Request)"]) as opened:
        opened.goto(address)
        expect(opened.locator("#counted")).to_have_text(re.compile("documents? (indexed|yet)"))
        yield opened
        assert opened.locator("#pinpoint img").count() == 0


def show(page):
    page.locator("#side").get_by_role("button", name="Documents").click()
    expect(page.locator("#documents-table > *").first).to_be_visible()


def listed(page):
    return page.locator("#documents-table tbody .path")


def names(page, *expected):
    """Wait until the table shows these files."""
    expect(listed(page)).to_have_text([re.compile(f"/{re.escape(name)}$") for name in expected])


def counted(page, words):
    expect(page.locator("#counted")).to_have_text(words)


def file(name, content=TEXT):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def drop(page, name, content):
    page.evaluate(
        """([name, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], name));
          const view = document.getElementById("documents-table");
          for (const kind of ["dragenter", "dragover", "drop"])
            view.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true,
              dataTransfer: transfer }));
        }""",
        [name, content],
    )


def test_a_page_without_documents_leads_to_them(page):
    counted(page, "No documents yet")
    page.get_by_role("button", name="Add documents").click()
    expect(page.get_by_text("Drop files here, choose files, or add a folder.")).to_be_visible()
    page.locator("#files").set_input_files([file("a.txt"), file("song.mp3")])
    names(page, "a.txt")
    counted(page, "1 document indexed")
    expect(page.locator("#refused li")).to_have_text(re.compile("song.mp3.*cannot be read yet"))
    page.locator("#side").get_by_role("button", name="Ask").click()
    expect(page.locator(".none-yet")).to_be_hidden()
    page.locator("#question textarea").fill("The gate opens at nine?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".quote").first).to_have_text("The gate opens at nine.")


@pytest.mark.usefixtures("indexed")
def test_a_file_is_dropped_anywhere_on_the_view(page):
    show(page)
    drop(page, f"{HOSTILE}.md", "The buoy floats.")
    expect(listed(page)).to_have_count(4)
    expect(listed(page).filter(has_text="/_img src=x onerror=alert(1)_.md")).to_be_visible()
    counted(page, "3 documents indexed")
    expect(page.locator("#documents")).not_to_have_class(re.compile("dropping"))


@pytest.mark.usefixtures("indexed")
def test_progress_is_there_again_after_a_reload(page, held):
    held.gate.clear()
    show(page)
    page.locator("#files").set_input_files([file("a.txt")])
    expect(page.locator("#job-label")).to_have_text("0 of 1 passage")
    page.reload()
    expect(page.locator("#job-label")).to_have_text("0 of 1 passage")
    expect(page.get_by_role("progressbar", name="Adding documents")).to_be_visible()
    expect(page.get_by_role("button", name="Choose files")).to_be_disabled()
    expect(page.locator("#documents-table tbody tr")).to_have_count(3)
    held.gate.set()
    names(page, "broken.pdf", "ferry.md", "gate.md", "a.txt")
    expect(page.locator("#job-result")).to_contain_text("1 added, 0 updated")
    counted(page, "3 documents indexed")
    page.get_by_role("button", name="Hide").click()
    page.reload()
    expect(page.locator("#documents-table tbody tr")).to_have_count(4)
    expect(page.locator("#job")).to_be_hidden()


@pytest.mark.usefixtures("indexed")
def test_a_question_is_answered_while_documents_are_added(page, held):
    held.gate.clear()
    show(page)
    page.locator("#files").set_input_files([file("a.txt")])
    expect(page.locator("#job-label")).to_have_text("0 of 1 passage")
    page.locator("#side").get_by_role("button", name="Ask").click()
    page.locator("#question textarea").fill("The gate opens at nine?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".quote").first).to_have_text("The gate opens at nine.")
    show(page)
    page.get_by_role("button", name="Cancel").click()
    held.gate.set()
    expect(page.locator("#job-label")).to_have_text(re.compile("Cancelled|Done"))


@pytest.mark.usefixtures("indexed")
def test_what_could_not_be_read_is_told_with_its_cause(page):
    show(page)
    trouble = page.locator(".troubles li")
    expect(trouble).to_contain_text("broken.pdf")
    expect(trouble.locator(".cause")).to_have_text(re.compile("^not a readable PDF.*get the file"))
    trouble.get_by_role("button").click()
    page.locator("#confirm").get_by_role("button", name="Remove").click()
    expect(trouble).to_have_count(0)
    names(page, "ferry.md", "gate.md")


@pytest.mark.usefixtures("indexed")
def test_documents_are_searched_and_sorted(page):
    show(page)
    names(page, "broken.pdf", "ferry.md", "gate.md")
    page.get_by_label("Search titles and paths").fill("GATE")
    names(page, "gate.md")
    page.get_by_label("Search titles and paths").fill("zebra")
    expect(page.locator("#documents-table")).to_have_text(re.compile("No document has “zebra”"))
    page.get_by_label("Search titles and paths").fill("")
    names(page, "broken.pdf", "ferry.md", "gate.md")
    date = page.locator("#documents-table th").filter(has_text="Date")
    date.get_by_role("button").press("Enter")
    names(page, "gate.md", "broken.pdf", "ferry.md")
    expect(date).to_have_attribute("aria-sort", "ascending")
    expect(date.get_by_role("button")).to_be_focused()
    page.get_by_role("button", name="Place").click()
    page.get_by_role("button", name="Place").click()
    names(page, "gate.md", "ferry.md", "broken.pdf")


def test_documents_are_removed_after_a_question(page, indexed):
    show(page)
    title = f"{HOSTILE} ferry"
    expect(page.get_by_role("link", name=title)).to_be_visible()
    page.get_by_label(f"Select {title}").check()
    expect(page.locator("#chosen-count")).to_have_text("1 selected")
    page.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_accessible_name("Remove 1 document from the index?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    names(page, "broken.pdf", "ferry.md", "gate.md")
    page.get_by_role("button", name="Remove…").click()
    dialog.get_by_role("button", name="Remove").press("Enter")
    names(page, "broken.pdf", "gate.md")
    expect(page.locator("#chosen")).to_be_hidden()
    counted(page, "1 document indexed")
    assert (indexed / "ferry.md").exists()


def test_an_uploaded_file_is_deleted_unless_the_person_keeps_it(page, pinpoint):
    show(page)
    page.locator("#files").set_input_files([file("a.txt"), file("b.txt", b"The ferry leaves.")])
    names(page, "a.txt", "b.txt")
    page.get_by_label("Select all documents shown").check()
    page.get_by_label("Select b").uncheck()
    page.get_by_role("button", name="Remove…").click()
    expect(page.get_by_label("Also delete the uploaded files")).to_be_checked()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    names(page, "b.txt")
    counted(page, "1 document indexed")
    assert [path.name for path in (pinpoint.home / "uploads").iterdir()] == ["b.txt"]


def test_a_dry_run_lists_what_would_change(page, indexed):
    (indexed / f"{HOSTILE}.txt").write_text("New.")
    (indexed / "gate.md").unlink()
    show(page)
    page.get_by_role("button", name="What would change?").click()
    result = page.locator("#job-result")
    expect(result.locator("h4")).to_have_text(["Added (2)", "Removed (1)"])
    expect(result.locator(".path").first).to_have_text(f"{indexed}/{HOSTILE}.txt")
    names(page, "broken.pdf", "ferry.md", "gate.md")


@pytest.mark.usefixtures("indexed")
def test_a_folder_is_added_and_no_longer_followed(page, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    (more / "c.txt").write_text("The buoy floats.")
    show(page)
    page.get_by_label("Add a folder of this machine").fill(str(tmp_path / "none"))
    page.get_by_role("button", name="Add folder").click()
    expect(page.get_by_role("alert")).to_contain_text("no such file or folder")
    page.get_by_label("Add a folder of this machine").fill(str(more))
    page.get_by_label("Add a folder of this machine").press("Enter")
    names(page, "broken.pdf", "ferry.md", "gate.md", "c.txt")
    page.get_by_text("Followed folders and files (2)").click()
    page.get_by_role("button", name=f"Stop following {more.resolve()}").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop following").click()
    names(page, "broken.pdf", "ferry.md", "gate.md")
    assert (more / "c.txt").exists()


def test_a_title_opens_the_document(page, indexed):
    show(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Gate").click()
    expect(opened.value.locator("h1")).to_have_text("Gate")
    expect(opened.value.locator("header")).to_contain_text(str(indexed / "gate.md"))


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("width", [1400, 900, 390])
def test_the_view_is_never_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    if width < 1100:
        page.get_by_role("button", name="Menu").click()
    show(page)
    names(page, "broken.pdf", "ferry.md", "gate.md")
    widths = (
        "e => [document.documentElement.scrollWidth <= innerWidth, e.scrollWidth - e.clientWidth]"
    )
    assert page.locator("#documents").evaluate(widths) == [True, 0]
