"""The view of the documents as a person meets it, in headless Chromium."""

import asyncio
import re
import shutil
import socket
import threading
import time

import pytest
import uvicorn
from fakes import WordEmbedder
from playwright.sync_api import expect, sync_playwright
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint
from ui.job import Job
from ui.web import build_app

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOSTILE = "<img src=x onerror=alert(1)>"
TEXT = b"The gate opens at nine."


class HeldEmbedder(WordEmbedder):
    """Waits before each batch of documents while `gate` is closed."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def encode_documents(self, texts):
        assert self.gate.wait(timeout=30)
        return super().encode_documents(texts)


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

    async def serve(listener):
        config = uvicorn.Config(build_app(pinpoint, job), log_level="critical")
        servers.append(uvicorn.Server(config))
        await servers[0].serve(sockets=[listener])

    servers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve(listener)))
        thread.start()
        while not (servers and servers[0].started):
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        held.gate.set()
        job.stop(20)
        servers[0].should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="module")
def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium found; on Debian: apt-get install chromium")
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, address):
    """Open the page; in the end nothing was asked of another host and no dialog was shown."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    requested, dialogs, errors = [], [], []
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(address)
    expect(opened.locator("#counted")).to_have_text(re.compile("documents? (indexed|yet)"))
    yield opened
    assert opened.locator("#pinpoint img").count() == 0
    context.close()
    assert [url for url in requested if not url.startswith((f"{address}/", "data:"))] == []
    # A browser notes what the server refuses, too; the page tells it.
    assert (dialogs, [error for error in errors if "(Bad Request)" not in error]) == ([], [])


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
