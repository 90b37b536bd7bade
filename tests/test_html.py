import random

import pytest
from extracted import blocks, check, places
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.document import Location
from index.errors import LoadError
from index.formats.html import load_html
from index.load import LOADERS


def load(text, stem="stem"):
    return check(load_html(text.encode(), stem))


def texts(html):
    return [text for _, _, text in blocks(load(html))]


PAGE = """<!doctype html><html lang="en-GB"><head><title>Moon trees - The Garden</title>
<meta name="author" content="Ada Berg"><link rel="canonical" href="https://x.org/moon">
<meta property="article:published_time" content="2023-05-02T10:00:00Z"></head>
<body><nav>Home</nav><header>Site</header><h1>Moon trees<a href="#m">¶</a></h1><p>Seeds
 <b>fl</b>ew to the&nbsp;moon.<br>They came back 10<sup>6</sup> times.</p>
<script>evil()</script><!-- no --><p onclick="bad()">Safe.</p>
<ul><li>One<ul><li>Inner</li></ul><li><p>Two</p><p>more</p></ul><h2>Data</h2>
<table><caption>Sizes</caption><tr><th>Year<th>Revenue<tr><td>2023<td>4.2 million<tr><td>2024<td>
</table><dl><dt>Cat<dd>An animal.<p>It purrs.<dt>Dog<dt>Hound<dd>Another.</dl><pre>
  def f():
      return 1
</pre><p hidden>no</p><template><p>no</p></template><footer>foot</footer></body></html>"""


def test_a_page_as_a_whole():
    page = load(PAGE)
    top, data = ("Moon trees",), ("Moon trees", "Data")
    assert page.text == (
        "Moon trees\n\nSeeds flew to the moon.\nThey came back 10⁶ times.\n\nSafe.\n\nOne\n\nInner"
        "\n\nTwo\nmore\n\nData\n\nSizes\n\nYear: 2023; Revenue: 4.2 million\n\nYear: 2024\n\n"
        "Cat\nAn animal.\n\nIt purrs.\n\nDog\nHound\nAnother.\n\ndef f():\n    return 1"
    )
    assert blocks(page) == [
        ("text", top, "Seeds flew to the moon.\nThey came back 10⁶ times."),
        *(("text", top, "Safe."), ("item", top, "One"), ("item", top, "Inner")),
        *(("item", top, "Two\nmore"), ("text", data, "Sizes")),
        ("row", data, "Year: 2023; Revenue: 4.2 million"),
        *(("row", data, "Year: 2024"), ("text", data, "Cat\nAn animal.")),
        *(("text", data, "It purrs."), ("text", data, "Dog\nHound\nAnother.")),
        ("code", data, "def f():\n    return 1"),
    ]
    assert places(page) == [
        ("row", "2", "Year: 2023; Revenue: 4.2 million"),
        ("row", "3", "Year: 2024"),
    ]
    assert (page.title, page.date, page.authors) == ("Moon trees", "2023-05-02", "Ada Berg")
    assert (page.language, page.url) == ("en", "https://x.org/moon")
    assert (page.media_type, page.warnings) == ("text/html", ())


@pytest.mark.parametrize(
    ("head", "h1", "title"),
    [
        ("<title>Cats | Zoo</title>", "Cats", "Cats"),
        ("<title>Zoo: Cats</title>", "Dogs", "Zoo: Cats"),
        ("<title>A - B - Zoo</title>", "A - B", "A - B"),
        ("", "Cats", "Cats"),
        ("<title> </title>", "", "stem"),
    ],
)
def test_titles(head, h1, title):
    assert load(f"{head}<h1>{h1}</h1><p>x").title == title


@pytest.mark.parametrize(
    ("meta", "date"),
    [
        ('<meta name="date" content="2020-01-02">', "2020-01-02"),
        ('<meta name="DCTERMS.date" content="3 May 2021">', "2021-05-03"),
        ('<time datetime="2022-03-04" pubdate>x</time>', "2022-03-04"),
        ('<time datetime="2022-03-04">x</time>', None),
        ('<meta name="date" content="2020-13-02">', None),
    ],
)
def test_dates(meta, date):
    assert load(f"{meta}<p>x").date == date


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<meta property="og:url" content="http://x.org/a">', "http://x.org/a"),
        ('<link rel="canonical" href="/moon">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="https://[bad">', None),
    ],
)
def test_only_web_addresses_are_taken(head, url):
    assert load(f"{head}<p>x").url == url


def test_main_content_is_preferred_and_navigation_left_out():
    assert texts("<div>Menu</div><main><p>Body.</p><aside>Ad</aside></main><p>Foot.") == ["Body."]
    assert texts("<p>Menu</p><div role=main>Body is here.</div>") == ["Body is here."]
    assert texts("<p>Head</p><article>Longer body.</article>") == ["Longer body."]
    assert texts("<article>One.</article><article>Two.</article>") == ["One.", "Two."]
    assert texts("<p>All the words are here.</p><main></main>") == ["All the words are here."]
    assert texts("<div role=search>S</div><div class='navbar top'>N</div><p>x") == ["x"]
    assert texts("<div class='navigate'>kept</div>") == ["kept"]


def test_lists_of_links():
    site = "<ul><li><a href=a>A</a><li><a href=b>B</a><li><a href=c>C</a></ul>"
    assert texts(site + "<p>x") == ["x"]
    assert texts(f"<main>{site}</main>") == ["A", "B", "C"]
    assert texts(site.replace("href=", "href=https://") + "<p>x") == ["A", "B", "C", "x"]
    assert texts(site.replace("<li>", "<li>The thing ") + "<p>x")[0] == "The thing A"
    assert texts(f"<main>{site.replace('href=', 'href=#')}<p>x</main>") == ["x"]


def test_forms_and_hidden_elements_leave_no_trace_and_do_not_join_words():
    html = "<form><p>Kept.</p><label>L</label><input value=v><select><option>o</select></form>"
    assert texts(html) == ["Kept."]
    assert texts("<p>a<span style='display: none'>x</span>b <i aria-hidden=true>y</i>c") == ["ab c"]
    assert texts("<div>a<nav>x</nav>b</div>") == ["a", "b"]
    assert texts("<p>soft&shy;hy\u200bphen &#0;n\0ull &copy;") == ["softhyphen null ©"]


def test_headings_nest_and_a_note_ends_with_its_box():
    html = "<h1>A</h1><h3>B</h3><p>x<h2>C</h2><div class='note'><h3>Note</h3>n</div><p>y"
    assert blocks(load(html)) == [
        ("text", ("A", "B"), "x"),
        ("text", ("A", "C", "Note"), "n"),
        ("text", ("A", "C"), "y"),
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", [("text", "a b"), ("text", "c d")]),
        (
            "<tr><th>Born<td>1815<tr><th>Died<td>1852",
            [("row", "Born: 1815"), ("row", "Died: 1852")],
        ),
        ("<tr><th>One<tr><td>a<tr><td>b", [("text", "One"), ("text", "a"), ("text", "b")]),
        (
            "<tr><th>A<th>B<tr><td><h2>T</h2>x<td>y<tr><td>1<td>2",
            [("text", t) for t in ("A", "B", "x", "y", "1", "2")],
        ),
        (
            "<tr><th rowspan=2>Name<th colspan=2>Size<tr><th>kg<th>cm"
            "<tr><td rowspan=2>Cat<td>4<td>46<tr><td>5<td>50<tr><td colspan=3>End",
            [
                ("row", "Name: Cat; Size kg: 4; Size cm: 46"),
                ("row", "Name: Cat; Size kg: 5; Size cm: 50"),
                ("row", "End"),
            ],
        ),
        (
            "<thead><tr><td>Y<td>R<tbody><tr><td>1<td><p>a<p>b",
            [("row", "Y: 1; R: a b")],
        ),
        (
            "<tr><th>F</th></tr><tr><td><p>f(x)</p><p>Gives x.</p></td></tr>",
            [("text", "F"), ("text", "f(x)\nGives x.")],
        ),
    ],
)
def test_tables(table, expected):
    found = blocks(load(f"<table>{table}</table>"))
    assert [(kind, text) for kind, _, text in found] == expected


def test_a_row_is_a_place():
    html = "<table><tr><th>A<th>B<tr><td>1<td>2</table>"
    assert load(html).locations == (Location(0, 10, "row", "2"),)


def test_charsets():
    assert load_html("<meta charset=windows-1251><p>Кот".encode("cp1251"), "s").text == "Кот"
    declared = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">é “'
    assert load_html(declared.encode("cp1252"), "s").text == "é “"
    assert load_html("<p>猫".encode("utf-16"), "s").text == "猫"
    assert load_html(b"<meta charset=nonsense><p>\xc3\xa9", "s").text == "é"
    xml = '<?xml version="1.0" encoding="koi8-r"?><html><title/><body>Кот&nbsp;ё</body></html>'
    assert load_html(xml.encode("koi8-r"), "s").text == "Кот ё"


@pytest.mark.parametrize("content", [b"", b" \n", b"<!-- x -->", b"<html></html>", b"<title>"])
def test_nothing_is_an_empty_text(content):
    assert load_html(content, "stem").text == ""
    assert load_html(content, "stem").title == "stem"


def test_deep_nesting_is_refused_or_read():
    with pytest.raises(LoadError, match="nested more than"):
        load("<div>" * 100_000 + "x")
    assert texts("<ul><li>" * 800 + "x") == ["x"]
    assert texts("<table><tr><td>" * 300 + "x") == ["x"]


def test_entities_are_neither_expanded_nor_fetched():
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for entity in (f'<!ENTITY a0 "lol">{lines}', '<!ENTITY a11 SYSTEM "file:///etc/hostname">'):
        xml = f'<?xml version="1.0"?><!DOCTYPE html [{entity}]><html><p>a&a11;b</p></html>'
        assert load(xml).text in ("ab", "a&a11;b")


def test_broken_pages_raise_only_load_errors():
    whole = PAGE.encode()
    for seed in range(40):
        chance = random.Random(seed)
        broken = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(10 if broken else 0):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            check(load_html(bytes(broken), "s"))
        except LoadError:
            continue


NAMES = "p div h1 h3 ul li dl dt dd table tr td th caption pre b sup br nav main section"
TAGS = NAMES.split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.text(alphabet="ab \n&;<\u00a0\u00ad\v\x1f\u2028", max_size=5),
)


@settings(max_examples=150, deadline=None)
@example(["<nav>", "</nav>", "\x1f"])
@given(st.lists(PIECES, max_size=40))
def test_any_soup_keeps_blocks_and_places_in_order(pieces):
    load("".join(pieces))


def test_the_loader_is_registered():
    read = [LOADERS[kind](b"<p>A cat.", "s") for kind in ("text/html", "application/xhtml+xml")]
    assert read == [load_html(b"<p>A cat.", "s")] * 2
