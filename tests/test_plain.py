from index.plain import load_plain


def parts(text, stem="stem"):
    document = load_plain(text, stem)
    return document, [(b.kind, b.heading, text[b.start : b.end]) for b in document.blocks]


def test_paragraphs_and_items():
    _, blocks = parts("One\ntwo.\n\n- first\n- second\n  goes on\n\nLast.")
    assert blocks == [
        ("text", (), "One\ntwo."),
        ("item", (), "first"),
        ("item", (), "second\n  goes on"),
        ("text", (), "Last."),
    ]


def test_underlined_headings_nest_by_order_of_appearance():
    text = "Top\n===\nIntro.\n\nSub\n---\nBody.\n\nNext\n====\nEnd.\n"
    document, blocks = parts(text)
    assert document.title == "Top"
    assert blocks == [
        ("text", ("Top",), "Intro."),
        ("text", ("Top", "Sub"), "Body."),
        ("text", ("Next",), "End."),
    ]


def test_a_leading_date_is_metadata_not_body():
    document, blocks = parts(" date 2023-11-30 Amid rising tensions.\n\nMore.")
    assert document.date == "2023-11-30"
    assert document.title == "stem"
    assert [b[2] for b in blocks] == ["Amid rising tensions.", "More."]


def test_a_short_first_line_that_stands_alone_is_the_title():
    assert parts("Minutes of May\n\nWe met.")[0].title == "Minutes of May"
    assert parts("We met.\n\nThen left.")[0].title == "stem"
    assert parts("", "empty")[0].title == "empty"


def test_a_rule_below_a_longer_line_is_no_heading():
    document, blocks = parts("A long line\n---\nBody.")
    assert document.title == "stem"
    assert [b[2] for b in blocks] == ["A long line", "Body."]
