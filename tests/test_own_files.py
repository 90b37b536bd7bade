"""Receipts and pins are no documents."""

from pathlib import Path

import pytest
from test_pin_file import receipt

from index.load import load
from index.own_files import is_own
from qa.pin_file import PinFile
from qa.receipt_file import to_json
from ui.receipt_page import html


@pytest.mark.parametrize(("name", "made"), [("r.json", to_json), ("r.html", html)])
def test_a_receipt_has_no_text(name, made):
    document = load(Path(name), made(receipt()).encode())
    assert (document.text, document.title, document.blocks) == ("", "r", ())
    assert document.media_type == {"r.json": "application/json", "r.html": "text/html"}[name]


def test_pins_have_no_text(tmp_path):
    PinFile(tmp_path / "pins.json").put([receipt()])
    assert load(tmp_path / "pins.json", (tmp_path / "pins.json").read_bytes()).text == ""


def test_an_answer_never_cites_a_receipt_or_pins(pinpoint, folder):
    (folder / "gate.txt").write_text("The gate opens at nine.")
    pinpoint.sync(folder)
    first = pinpoint.ask("When opens the gate at nine?")
    (folder / "r.json").write_text(to_json(pinpoint.receipt(first)))
    (folder / "r.html").write_text(html(pinpoint.receipt(first)))
    PinFile(folder / "pins.json").put([pinpoint.receipt(first)])
    report = pinpoint.sync(folder)
    assert (report.added, report.failed) == (3, ())
    again = pinpoint.ask("When opens the gate at nine?")
    assert again.citations == first.citations
    assert again.index.chunks == 1


@pytest.mark.parametrize(
    ("kind", "content", "own"),
    [
        ("application/json", b' {"format":"pinpoint pins", "version": 1}', True),
        ("application/json", b'{"format": "pinpoint pinstripes"}', False),
        ("application/json", b'{"note": {"format": "pinpoint pins"}}', False),
        ("text/plain", b'{"format": "pinpoint pins"}', False),
        ("text/html", b"<p>The format is pinpoint-receipt.</p>", False),
    ],
)
def test_what_is_pinpoints_own(kind, content, own):
    assert is_own(kind, content) is own
