"""Logging in and out, and what each role is offered, in headless Chromium."""

import pytest
from browsing import browsing, serving
from doors import PASSWORD
from fakes import WordEmbedder
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint
from ui.access import Access

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(scope="module")
def browser():
    with browsing() as made:
        yield made


@pytest.fixture(scope="module")
def pinpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "gate.txt").write_text("The gate opens at nine.")
    home = tmp_path_factory.mktemp("home")
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=WordReader())
    made.sync(folder)
    Access(home).add("ada", "ask", "password", PASSWORD)
    Access(home).add("zoe", "manage", "password", PASSWORD)
    return made


@pytest.fixture(scope="module")
def address(pinpoint):
    with serving(pinpoint) as made:
        yield made


def log_in(page, name, password=PASSWORD):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def ask(page):
    expect(page.get_by_text("1 document indexed")).to_be_visible()
    page.locator("#question textarea").fill("When does the gate open?")
    page.keyboard.press("Enter")


@pytest.fixture
def page(browser, address):
    context = browser.new_context()
    made = context.new_page()
    made.set_default_timeout(20_000)
    made.faults = []
    made.on("pageerror", lambda error: made.faults.append(str(error)))
    made.goto(address)
    yield made
    assert made.faults == []
    context.close()


def test_who_asks_logs_in_asks_and_logs_out(page, address):
    expect(page).to_have_url(f"{address}/login?next=%2F")
    log_in(page, "ada", "a wrong password")
    expect(page.get_by_role("alert")).to_have_text("The name or password is not right.")
    log_in(page, "ada")
    expect(page).to_have_url(f"{address}/")
    ask(page)
    expect(page.locator("#turns blockquote")).to_contain_text("The gate opens at nine.")
    expect(page.locator("#person")).to_contain_text("ada")

    page.get_by_role("button", name="Documents", exact=True).click()
    expect(page.locator("#documents-table tbody tr")).to_have_count(1)
    for hidden in ("#update", "#adding", "#rebuild", "#documents-table [type=checkbox] >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()

    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{address}/login")
    page.goto(f"{address}/source/")
    expect(page).to_have_url(f"{address}/login?next=%2Fsource%2F")


def test_who_manages_is_offered_everything(page):
    log_in(page, "zoe")
    page.locator("#pinpoint[data-view]").wait_for()
    page.get_by_role("button", name="Documents", exact=True).click()
    for shown in ("#update", "#adding", "#rebuild", "#documents-table [type=checkbox] >> nth=0"):
        expect(page.locator(shown)).to_be_visible()


def test_a_session_that_has_ended_leads_to_the_login_and_back(page, address):
    log_in(page, "ada")
    expect(page.get_by_text("1 document indexed")).to_be_visible()
    page.context.clear_cookies()
    ask(page)
    expect(page).to_have_url(f"{address}/login?next=%2F")
    log_in(page, "ada")
    expect(page).to_have_url(f"{address}/")


def test_the_login_needs_no_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False)
    made = context.new_page()
    made.goto(f"{address}/source/")
    log_in(made, "ada")
    expect(made).to_have_url(f"{address}/source/")
    expect(made.locator("main")).to_have_text("The source of a quote opens here.")
    context.close()


def test_without_people_nobody_is_shown_as_logged_in(browser, tmp_path):
    open_to_all = Pinpoint(tmp_path, Settings(), embedder=WordEmbedder(), reader=WordReader())
    with serving(open_to_all) as address:
        made = browser.new_page()
        made.goto(address)
        expect(made.locator("#pinpoint[data-role=manage]")).to_be_visible()
        expect(made.locator("#person")).to_be_hidden()
        made.close()
