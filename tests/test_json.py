import json

import pytest

from index.errors import LoadError
from index.formats.json import load_json, load_jsonl
from tests.office import blocks, check_spans, places


def load(value, *fields):
    return load_json(json.dumps(value).encode(), "s", fields)


def test_texts_of_a_few_words_under_their_keys():
    found = load(
        {
            "title": "A report",
            "date": "2024-05-01T10:00:00Z",
            "id": "x-17 y",
            "body": {"intro": "We write this.", "parts": ["One two three.", 5, {"b": "A b c d"}]},
        }
    )
    assert blocks(found) == [
        ("text", ("body", "intro"), "We write this."),
        ("text", ("body", "parts"), "One two three."),
        ("text", ("body", "parts", "b"), "A b c d"),
    ]
    assert found.text == "We write this.\n\nOne two three.\n\nA b c d"
    assert (found.title, found.date, found.locations) == ("A report", "2024-05-01", ())
    assert found.media_type == "application/json"


def test_records_are_places_and_flat_ones_rows():
    found = load(
        [
            {"text": "We write this.", "id": 1},
            {"Year": 2023, "Revenue": "4.2 million", "final": True, "note": None},
            {"id": 7, "tags": ["a"]},
            "Alone it stands.",
        ]
    )
    assert blocks(found) == [
        ("text", ("text",), "We write this."),
        ("row", (), "Year: 2023; Revenue: 4.2 million; final: true"),
        ("text", (), "Alone it stands."),
    ]
    assert places(found) == [
        ("record", "1", "We write this."),
        ("record", "2", "Year: 2023; Revenue: 4.2 million; final: true"),
        ("record", "4", "Alone it stands."),
    ]
    assert (found.title, found.date) == ("s", None)


def test_records_under_the_only_list_at_the_top():
    found = load(
        {
            "title": "Former countries",
            "3166-3": [
                {"name": "German Democratic Republic", "withdrawn": "1990-10-30"},
                {"name": "Zaire", "comment": "It is now called otherwise."},
            ],
        }
    )
    assert blocks(found) == [
        ("row", ("3166-3",), "name: German Democratic Republic; withdrawn: 1990-10-30"),
        ("text", ("3166-3", "comment"), "It is now called otherwise."),
    ]
    assert [(kind, name) for kind, name, _ in places(found)] == [("record", "1"), ("record", "2")]
    assert found.title == "Former countries"
    two = load({"a": [{"x": 1, "y": 2}], "b": [{"x": 3, "y": "One two three."}]})
    assert places(two) == []
    assert two.text == "One two three."


def test_a_long_value_is_no_label():
    words = " ".join(["word"] * 15)
    assert load([{"a": words, "b": 1}]).text == f"a: {words}; b: 1"
    assert load([{"a": f"{words} word", "b": 1}]).text == f"{words} word"


def test_named_fields_only():
    value = [{"a": {"b": "x", "c": "One two three."}, "b": {"d": ["y", 1.50]}}]
    assert [text for _, _, text in blocks(load(value, "b"))] == ["x", "y", "1.5"]
    assert blocks(load(value, "a.b")) == [("text", ("a", "b"), "x")]
    assert load(value, "c.a").text == ""


def test_lines():
    content = b'{"text": "We write this."}\n\n{"text": oh}\n{"text": "One two three."}\n'
    found = load_jsonl(content, "s")
    assert places(found) == [("record", "1", "We write this."), ("record", "4", "One two three.")]
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("line 3: not JSON (Expecting value")
    assert found.media_type == "application/jsonl"
    with pytest.raises(LoadError, match=r"no line is JSON; line 1: not JSON"):
        load_jsonl(b"oh\n", "s")
    assert load_jsonl(b"", "s").text == ""


def test_both_values_of_a_key_that_is_there_twice():
    found = load_json(b'{"a": "One two three.", "a": "Four five six."}', "s")
    assert found.text == "One two three.\n\nFour five six."


def test_numbers_stay_as_they_are_written():
    huge = "9" * 10_000
    found = load_json(f'[{{"n": {huge}, "m": 1.50, "x": NaN}}]'.encode(), "s")
    assert found.text == f"n: {huge}; m: 1.50; x: NaN"


def test_lone_surrogates_are_replaced_and_pairs_joined():
    found = load_json(rb'{"\ud800": "a \ud800 b \ud83d\ude00 \u0000."}', "s")
    assert found.text == "a � b 😀  ."
    assert found.blocks[0].heading == ("�",)
    check_spans(found)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("load_kind", [load_json, load_jsonl])
def test_deep_nesting_is_refused(opening, load_kind):
    with pytest.raises(LoadError, match=r"nested too deeply"):
        load_kind(opening * 100_000, "s")
    deep = opening * 300 + b'"One two three."' + (b"]" if opening == b"[" else b"}") * 300
    assert load_json(deep, "s").text == "One two three."


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1,}', b"\xff\xff", b"[1] 2"])
def test_broken(content):
    with pytest.raises(LoadError, match=r"not JSON"):
        load_json(content, "s")


def test_encodings():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert load_json('"Zoë was here."'.encode(encoding), "s").text == "Zoë was here."
