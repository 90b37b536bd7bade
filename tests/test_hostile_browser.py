"""Documents that would run, load or restyle something, in every view: they are only shown."""

import email.message
import json

import pytest
from browsing import ask, serving, source, text_of, visiting
from fakes import WordEmbedder
from looking import assert_fits, frames
from playwright.sync_api import expect
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

pytestmark = [pytest.mark.browser, pytest.mark.server]

EVIL = "https://evil.example"
ATTACKS = (
    "<script>alert(1)</script>",
    "<style>* { display: none !important }</style>",
    f"<iframe src='{EVIL}/frame'></iframe>",
    "<svg onload=alert(2)><animate onbegin=alert(3)></svg>",
    f"<img src={EVIL}/i.png onerror=alert(4)>",
    f"[link](javascript:alert(5)) ![picture]({EVIL}/p.png)",
    "<a href='data:text/html,<script>alert(6)</script>'>data</a>",
    "{{ 7 * 7 }} {% raw %} ${alert(7)} `${alert(8)}` #{1} <%= 1 %>",
    "</textarea></title></template></script></mark><script>alert(9)</script>",
    "\" autofocus onfocus=alert(10) x=\"' onmouseover='alert(11)",
    f"<base href='{EVIL}/'><link rel=stylesheet href={EVIL}/s.css>",
    f"<form action={EVIL}><input name=words><button>Go</button></form>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    f"<object data={EVIL}/o></object><embed src={EVIL}/e><video src={EVIL}/v></video>",
    "&lt;b&gt; &#x3c;script&#x3e; &amp;amp;",
    "\u202eesrever\u202c \u2067isolate\u2069 \u200bzero \u00ad soft",
)
SENTENCE = f"The wall says {' and '.join(ATTACKS)} loudly."
SHORT = "<img src=x onerror=alert(20)>"
NAME = f"{{{{7*7}}}} {SHORT} [x](javascript:alert(21)) \u202etxt\u202c ${{alert(22)}}"
FOLDER = "<iframe srcdoc=a> &amp; \u202egnp"

# What no document may put into a page: elements that load or run, or attributes that do.
_MADE = """() => {
  const roots = document.querySelectorAll("#pinpoint, body > main, body > header");
  const all = [...roots].flatMap((root) => [...root.querySelectorAll("*")]);
  const bad = "script, style, iframe:not([name=pinpoint-source]), img:not([src^='/source/']), " +
    "object, embed, video, base, link, meta, animate, form[action], [autofocus]:not(textarea), " +
    "a:not([href^='/']):not([href^='#'])";
  return all.filter((e) => e.matches(bad) || [...e.attributes].some((a) => a.name.startsWith("on")))
    .map((e) => e.outerHTML.slice(0, 200));
}"""


def office():
    """Return a Word file whose title, author, heading, text and cells are attacks."""
    from docx import Document
    from office import saved

    made = Document()
    made.core_properties.title, made.core_properties.author = f"{SHORT} word", f"{SHORT} author"
    made.add_heading(f"{SHORT} heading", 1)
    made.add_paragraph(SENTENCE)
    for cell in made.add_table(2, 1).columns[0].cells:
        cell.text = ATTACKS[0]
    return saved(made)


def mail():
    """Return a message whose subject, sender and text are attacks."""
    made = email.message.EmailMessage()
    made["Subject"], made["From"] = f"{SHORT} mail", f'"{SHORT}" <a@example.org>'
    made["Date"] = "Thu, 02 May 2024 10:00:00 +0000"
    made.set_content(SENTENCE)
    return made.as_bytes()


def web():
    """Return a web page that shows the sentence, and has real scripts around it."""
    from html import escape

    head = f"<title>{escape(SHORT)} web</title><meta name=author content='{escape(SHORT)}'>"
    return f"{head}{ATTACKS[0]}{ATTACKS[4]}<h1>{escape(SHORT)}</h1><p>{escape(SENTENCE)}</p>"


def files():
    """Return the name and content of each document."""
    front = f"---\ntitle: '{SHORT} markdown'\nauthors: '{SHORT}'\ndate: 2024-05-02\n---\n"
    row = SENTENCE.replace('"', '""')
    return {
        f"{FOLDER}/a.md": f"{front}# {SHORT} heading\n\n{SENTENCE}\n",
        f"{NAME}.txt": f"{SHORT} plain\n\n{SENTENCE}\n",
        "b.csv": f'Wall,"{ATTACKS[0]}"\n"{row}",{SHORT}\nnext,"{ATTACKS[3]}"\n',
        "c.docx": office(),
        "d.eml": mail(),
        "e.html": web(),
        "f.json": json.dumps([{"wall": SENTENCE, ATTACKS[0]: "The bell says a\0b."}]),
        f"broken {SHORT}.pdf": b"%PDF-1.7 nothing",
    }


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / FOLDER).mkdir()
    for name, content in files().items():
        written = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(written)
    return folder


@pytest.fixture(scope="module")
def pinpoint(tmp_path_factory, documents):
    home = tmp_path_factory.mktemp("home")
    settings = Settings(max_citations=10)
    made = Pinpoint(home, settings, embedder=WordEmbedder(), reader=WordReader(threshold=0.3))
    report = made.sync(documents)
    assert [failure.path.endswith(".pdf") for failure in report.failed] == [True]
    return made


@pytest.fixture(scope="module")
def address(pinpoint):
    with serving(pinpoint) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    with visiting(chromium, address) as opened:
        opened.goto(address)
        expect(opened.get_by_text("7 documents indexed")).to_be_visible()
        yield opened


def assert_inert(page):
    """Assert that nothing of a document became an element, and that all is still to be seen."""
    assert [made for frame in frames(page) for made in frame.evaluate(_MADE)] == []
    assert_fits(page)


def test_questions_and_answers_are_only_shown(page):
    reply = ask(page, SENTENCE)
    assert text_of(page.locator(".question")) == SENTENCE
    assert len(reply.locator(".chip").all()) > 3
    for details in reply.locator("details").all():
        details.locator("summary").click()
    assert_inert(page)
    for chip in reply.locator(".chip").all():
        chip.hover()
        assert_inert(page)
        chip.click()
        expect(chip).to_have_attribute("aria-current", "true")
        expect(source(page).locator("h1")).to_be_visible()
        assert_inert(page)


def test_sources_are_only_shown(page, address, pinpoint):
    listed = [document for document in pinpoint.documents().documents if document.sha256]
    assert len(listed) == 7
    for document in listed:
        text = pinpoint.document(document.sha256)[1]
        page.goto(f"{address}/source/{document.sha256}?start=0&end={len(text)}#quote")
        expect(page.locator("#position")).to_be_attached()
        if page.get_by_role("button", name="Text", exact=True).count():
            page.get_by_role("button", name="Text", exact=True).click()
        # HTML has no way to write the character NUL.
        assert text_of(page.locator("#text")) == text.replace("\0", "\ufffd")
        assert text_of(page.locator("h1")) == document.title
        assert_inert(page)
        find = page.get_by_label("Find in this document")
        find.fill("<script>alert(1)</script>")
        find.press("Enter")
        expect(page.locator("mark.hit").first).to_have_text("<script>alert(1)</script>")
        assert_inert(page)


def test_lists_and_tables_are_only_shown(page, documents):
    ask(page, SENTENCE)
    page.get_by_role("button", name="Actions for").click()
    page.get_by_role("button", name="Delete").click()
    assert_inert(page)
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Which documents").click()
    folders = page.locator("#filters option").all_text_contents()
    assert f"{documents}/{FOLDER}" in folders
    page.locator("#filters select").select_option(f"{documents}/{FOLDER}")
    assert_inert(page)
    page.locator("#side").get_by_role("button", name="Documents").click()
    expect(page.locator("#documents-table tbody tr")).to_have_count(8)
    paths = page.locator("#documents-table .path").all_text_contents()
    assert sorted(paths) == sorted(f"{documents}/{name}" for name in files())
    assert_inert(page)
    page.get_by_label("Search titles and paths").fill("<script>alert(1)</script>")
    expect(page.locator("#documents-table")).to_contain_text("“<script>alert(1)</script>”")
    page.get_by_role("button", name="What would change?").click()
    expect(page.locator("#job-result")).to_contain_text("unchanged")
    assert_inert(page)


def test_a_reload_shows_the_same_and_exports_run_nothing(page, address):
    ask(page, SENTENCE)
    page.reload()
    assert text_of(page.locator(".question")) == SENTENCE
    assert_inert(page)
    link = page.locator("#conversation-list [download]")
    addresses = [one.get_attribute("href") for one in link.all()]
    assert len(addresses) == 3
    for export in addresses:
        answer = page.request.get(f"{address}{export}")
        assert answer.headers["content-disposition"].startswith("attachment; ")
        if export.endswith("html"):
            page.set_content(answer.text())
            assert text_of(page.locator("h2")) == SENTENCE
            assert page.locator("script, iframe, img, svg, a, form, link, base").count() == 0
            assert page.locator("style").count() == 1
