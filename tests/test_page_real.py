"""The command `pinpoint serve` on real documents with the real models, walked from end to end."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import ask, source, text_of, visiting
from looking import assert_accessible, assert_fits, keep, show
from playwright.sync_api import expect
from started import started

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.model, pytest.mark.slow]

SEEDS = Path(__file__).parent.parent / "seeds"
COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
NASR = "Vali Nasr is a professor at Johns Hopkins University and an expert on Iran."
NEW = "The pelican of Port Elling is called Bartholomew."


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Some of them; all take much longer to index."""
    made = tmp_path_factory.mktemp("real") / "seeds"
    made.mkdir()
    handbook = ("ask", "add-documents", "read-a-citation", "rebuild", "install", "settings")
    for file in (
        SEEDS / "briefing-2023-11-30.md",
        *(SEEDS / "handbook" / f"{n}.md" for n in handbook),
    ):
        shutil.copy(file, made)
    return made


@pytest.fixture(scope="module")
def address(seeds):
    home = ["--home", seeds.parent / "home"]
    indexed = subprocess.run([*COMMAND, "index", seeds, *home], capture_output=True, text=True)
    assert indexed.returncode == 0, indexed.stderr
    serve = [*COMMAND, "serve", "--port", "0", *home]
    with started(serve, stderr=subprocess.PIPE, text=True) as server:
        yield server.stderr.readline().split()[-1]
        server.send_signal(signal.SIGINT)
        rest = server.stderr.read()
    assert (server.returncode, rest) == (0, "")


@pytest.fixture
def page(chromium, address):
    with visiting(chromium, address, viewport={"width": 1400, "height": 900}) as opened:
        opened.goto(address)
        expect(opened.locator("#counted")).to_have_text(re.compile(r"\d+ documents indexed"))
        yield opened


@pytest.fixture
def look(page):
    """Keep pictures of what is shown at three widths, and see that all of it fits."""

    def look(name):
        for width in (390, 900, 1400):
            show(page, width, "light")
            keep(page, f"real-{name}")
            assert_fits(page)

    return look


def test_questions_sources_and_conversations(page, look):
    expect(page.locator(".example")).to_have_count(6)
    look("welcome")
    reply = ask(page, "Who is Vali Nasr?")
    assert text_of(reply.locator(".quote").first) == NASR
    reply.locator(".chip").first.click()
    expect(source(page).locator("h1")).to_have_text("Briefing on the United States and Iran")
    assert text_of(source(page).locator("mark#quote")) == NASR
    expect(source(page).locator("mark#quote")).to_be_in_viewport()
    ask(page, "Where is he a professor?")
    expect(page.locator(".understood q")).to_have_text("Where is Vali Nasr a professor?")
    assert_accessible(page)
    look("answer")

    page.get_by_text("Which documents").click()
    page.get_by_label("until").fill("2001-01-01")
    ask(page, "Where does Vali Nasr teach?")
    expect(page.locator(".turn").last.locator("h3")).to_have_text("Not in your documents")
    look("bounds")

    page.get_by_role("button", name="A good answer").first.click()
    entry = page.locator("#conversation-list li")
    entry.get_by_role("button", name="Actions for").click()
    with page.expect_download() as download:
        entry.get_by_role("link", name="Markdown").click()
    assert NASR in download.value.path().read_text(encoding="utf-8")
    entry.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Title").fill("A professor")
    page.get_by_role("textbox", name="Title").press("Enter")
    expect(entry.locator(".open")).to_have_text("A professor")
    page.reload()
    expect(page.locator(".turn")).to_have_count(3)
    good = page.get_by_role("button", name="A good answer").first
    expect(good).to_have_attribute("aria-pressed", "true")
    entry.get_by_role("button", name="Actions for").click()
    entry.get_by_role("button", name="Delete").click()
    entry.get_by_role("button", name="Delete", exact=True).click()
    expect(entry).to_have_count(0)


def test_documents_come_and_go(page, look, seeds):
    page.locator("#side").get_by_role("button", name="Documents").click()
    rows = page.locator("#documents-table tbody tr")
    count = len(list(seeds.rglob("*.md")))
    expect(rows).to_have_count(count)
    look("documents")
    page.locator("#documents").evaluate(
        """(view, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "pelican.txt"));
          view.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer }));
        }""",
        NEW,
    )
    expect(rows).to_have_count(count + 1)
    expect(page.locator("#job-result")).to_contain_text("1 added")

    (seeds / "harbour.md").write_text("# Harbour\n\nThe harbour master is called Adelheid.\n")
    page.get_by_role("button", name="What would change?").click()
    expect(page.locator("#job-result h4")).to_have_text("Added (1)")
    look("dry-run")
    page.get_by_role("button", name="Bring up to date").first.click()
    expect(rows).to_have_count(count + 2)
    page.locator("#side").get_by_role("button", name="Ask").click()
    reply = ask(page, "What is the pelican of Port Elling called?")
    assert text_of(reply.locator(".quote").first) == NEW

    page.locator("#side").get_by_role("button", name="Documents").click()
    page.get_by_label("Select pelican").check()
    page.get_by_role("button", name="Remove…").click()
    look("remove")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(count + 1)
