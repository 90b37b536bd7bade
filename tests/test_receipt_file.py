"""Receipts as files: JSON, HTML, and what is none."""

import json
import re
from html.parser import HTMLParser

import pytest
from answers import answered, citation
from hypothesis import given, settings
from hypothesis import strategies as st
from test_receipt import fields

from index.errors import InputError, PinpointError
from qa.receipt import Receipt
from qa.receipt_file import MAX_BYTES, from_json, read_receipt, to_json, write_text
from ui.receipt_page import html

HOSTILE = "</script><!-- <script>alert(1)</script> \u2028 & \"' \r\n é船"


def receipt(text="The gate opens at nine.", **changes):
    answer = answered(citation(text, title=text, path=text), question=text)
    return Receipt.model_validate(fields(asked=text, answer=answer.model_dump(), **changes))


def test_the_json_is_for_people_and_says_what_it_is():
    text = to_json(receipt())
    found = json.loads(text)
    assert list(found) == ["format", "version", "sha256", "receipt"]
    assert (found["format"], found["version"]) == ("pinpoint receipt", 1)
    assert re.fullmatch("[0-9a-f]{64}", found["sha256"])
    assert text.startswith('{\n  "format": "pinpoint receipt",\n')


def test_the_hash_is_that_of_the_canonical_json():
    import hashlib

    found = json.loads(to_json(receipt(HOSTILE)))
    canonical = json.dumps(
        found["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert found["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("made", [to_json, html])
@pytest.mark.parametrize("text", ["The gate opens at nine.", HOSTILE])
def test_what_is_written_is_read_again(tmp_path, made, text):
    file = tmp_path / "receipt"
    write_text(file, made(receipt(text)))
    assert read_receipt(file) == receipt(text)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: not re.search("[\ud800-\udfff]", text)))
def test_any_text_survives_the_page(text):
    assert from_json(html(receipt(text)), "r.html") == receipt(text)


def test_a_byte_order_mark_and_reordered_keys_do_not_matter(tmp_path):
    file = tmp_path / "r.json"
    found = json.loads(to_json(receipt()))
    file.write_text("\ufeff" + json.dumps(found, sort_keys=True), encoding="utf-8")
    assert read_receipt(file) == receipt()


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag == "script":
            self.scripts.append(dict(attrs))

    def handle_data(self, data):
        self.text += "" if self.scripts else data


def test_nothing_from_outside_is_marked_up_or_run():
    made = html(receipt(HOSTILE))
    seen = Seen()
    seen.feed(made)
    assert seen.scripts == [{"type": "application/json", "id": "pinpoint-receipt"}]
    assert seen.text.count("<script>alert(1)</script>") == 5  # title, heading, quote, title, path
    assert made.count("</script>") == 1
    assert "default-src 'none'; style-src 'unsafe-inline'" in made
    assert not re.search(r"url\(|@import|\bsrc=|\bhref=|https?:", made)


def test_the_page_shows_question_quote_and_place():
    made = html(receipt())
    assert "<title>The gate opens at nine.</title>" in made
    assert '<h1 dir="auto">The gate opens at nine.</h1>' in made
    assert (
        '<p class="soft">Receipt of an answer from 2024-05-02 09:30 UTC, given by Pinpoint 0.1.0 '
        "from generation 1 of an index of 1 documents</p>" in made
    )
    assert '<blockquote dir="auto">The gate opens at nine.</blockquote>' in made
    assert f"<bdi>characters 10–33, SHA-256 {'ab' * 32}</bdi>" in made


def test_the_page_of_an_honest_no_says_so():
    answer = answered(nearest=(citation(),)).model_copy(update={"nearest": ()})
    made = html(Receipt.model_validate(fields(answer=answer.model_dump(), surroundings=())))
    assert "<p>Not in your documents.</p>\n</section>" in made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("opens at nine", "opens at nine "),
        ('"generation": 1', '"generation": 2'),
        ('"start": 10', '"start": 11'),
        ('"asked": "The', '"asked": "A'),
    ],
)
def test_an_edited_receipt_is_noticed(old, new):
    text = to_json(receipt())
    assert old in text
    with pytest.raises(PinpointError, match=r"^r: the receipt is not as it was written"):
        from_json(text.replace(old, new), "r")


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_a_receipt_with_another_kind_of_field_says_which():
    made = receipt().model_copy(update={"pinpoint": 7})
    with pytest.raises(PinpointError, match=r"^r: pinpoint: Input should be a valid string; get"):
        from_json(to_json(made), "r")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no receipt"),
        ("{", "is no receipt"),
        ("[]", "is no receipt"),
        ("[" * 100_000, "is no receipt"),
        ("<html></html>", "is no receipt"),
        ('<script id="pinpoint-receipt"></script>', "is no receipt"),
        ('{"format": "pinpoint pins"}', "is no receipt"),
        ('{"format": "pinpoint receipt", "version": 2}', "of version 2, and this Pinpoint knows 1"),
        ('{"format": "pinpoint receipt", "version": true}', "of version True"),
        ('{"format": "pinpoint receipt"}', "of version None"),
        (r'{"format": "pinpoint receipt", "version": 1, "receipt": "\ud800"}', "is no receipt"),
    ],
)
def test_what_is_no_receipt_is_said(text, told):
    with pytest.raises(InputError, match=f"^r: .*{told}"):
        from_json(text, "r")


def test_a_truncated_page_is_no_receipt():
    with pytest.raises(InputError, match="is no receipt"):
        from_json(html(receipt())[:-600], "r")


def test_files_that_cannot_be_read_or_written(tmp_path):
    with pytest.raises(InputError, match=r"none: cannot be read .No such file"):
        read_receipt(tmp_path / "none")
    with pytest.raises(InputError, match=r"cannot be read .Is a directory"):
        read_receipt(tmp_path)
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="b: is no receipt"):
        read_receipt(tmp_path / "b")
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="has more than 2000000 bytes"):
        read_receipt(tmp_path / "large")
    with pytest.raises(PinpointError, match=r"cannot be written .No such file"):
        write_text(tmp_path / "none" / "r", "text")
