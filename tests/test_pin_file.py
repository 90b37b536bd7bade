"""Pins in their file: kept, replaced, removed, moved with the documents, refused."""

import json
import re

import pytest
from answers import answered, citation
from faults import notes_held
from test_receipt import fields

from index.errors import InputError, PinpointError
from qa.compose import document_id
from qa.conversation import Filters
from qa.models import Candidate, Side
from qa.pin import Pin
from qa.pin_file import PinFile
from qa.receipt import Receipt, with_paths


def receipt(question="When?", path="/docs/harbour.md", asked=None, **filters):
    found = citation(path=path, copies=("/docs/copy.md", "/other/copy.md"))
    answer = answered(found, question=question).model_copy(
        update={
            "sides": (Side(subject="gates", citations=(found,)),),
            "differing": (Candidate(text="nine", confidence=0.5, citations=(found,)),),
        }
    )
    given = fields(asked=asked or question, answer=answer.model_dump(), filters=Filters(**filters))
    return with_paths(Receipt.model_validate(given), str)  # gives the document its id


@pytest.fixture
def file(tmp_path):
    return PinFile(tmp_path / "pins.json")


def test_without_a_file_there_are_no_pins(file):
    assert file.read() == ()
    assert not file.path.exists()


def test_pins_are_kept_in_order(file):
    first, second = receipt("First?"), receipt("Second?")
    (a,), (b,) = file.put([first]), file.put([second])
    assert file.read() == (a, b) == (Pin.of(first), Pin.of(second))
    assert (a.receipt, b.receipt) == (first, second)
    assert re.fullmatch("[0-9a-f]{8}", a.id)


def test_the_same_question_keeps_its_place_and_takes_the_new_answer(file):
    file.put([receipt("First?"), receipt("Second?")])
    file.put([receipt("First?", path="/docs/new.md", asked="And first?")])
    first, second = file.read()
    assert first.receipt.answer.citations[0].document.path == "/docs/new.md"
    assert first.receipt.asked == "And first?"
    assert second.receipt.asked == "Second?"


def test_the_same_question_within_other_bounds_is_another_pin(file):
    bounds = [{}, {"kinds": ("pdf",)}, {"folders": ("/docs",)}, {"since": "2024-01-01"}]
    made = file.put([receipt("First?", **each) for each in bounds])
    assert len({pin.id for pin in made}) == len(file.read()) == 4


def test_a_pin_is_removed_by_id_or_question(file):
    first, second, third = file.put([receipt(f"{n}?") for n in ("First", "Second", "Third")])
    assert file.remove(first.id) == first
    assert file.remove(" Third? ") == third
    assert file.read() == (second,)
    with pytest.raises(InputError, match=r"^there is no pin 'First\?'; see: pinpoint pins$"):
        file.remove("First?")


def test_a_question_that_several_pins_ask_is_told_apart_by_id(file):
    made = file.put([receipt("First?"), receipt("First?", kinds=("pdf",))])
    with pytest.raises(InputError, match=f"by its id: {made[0].id}, {made[1].id}$"):
        file.remove("First?")
    file.remove(made[1].id)
    assert file.read() == made[:1]


def test_a_failed_change_leaves_the_file_as_it_is(file):
    file.put([receipt()])
    before = file.path.read_bytes()
    with pytest.raises(InputError):
        file.remove("none")
    assert file.path.read_bytes() == before


def test_paths_below_the_file_move_with_it(tmp_path):
    old = tmp_path / "old"
    (old / "docs").mkdir(parents=True)
    file = PinFile(old / "pins.json")
    file.put([receipt(path=str(old / "docs" / "a.md"), folders=(str(old), "/elsewhere"))])
    text = file.path.read_text()
    assert str(tmp_path) not in text
    assert '"path": "docs/a.md"' in text
    old.rename(tmp_path / "new")
    (pin,) = PinFile(tmp_path / "new" / "pins.json").read()
    (cited,) = pin.receipt.answer.citations
    path = str(tmp_path / "new" / "docs" / "a.md")
    assert (cited.document.path, cited.document.id) == (path, document_id(path))
    assert pin.receipt.answer.sides[0].citations == (cited,)
    assert pin.receipt.answer.differing[0].citations == (cited,)
    assert cited.document.copies == ("/docs/copy.md", "/other/copy.md")
    assert pin.receipt.filters.folders == (str(tmp_path / "new"), "/elsewhere")


def test_a_file_named_without_a_folder_lies_in_the_folder_one_is_in(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.chdir(tmp_path)
    file = PinFile(Path("pins.json"))
    file.put([receipt(path=str(tmp_path / "a.md"))])
    assert '"path": "a.md"' in file.path.read_text()
    assert file.read()[0].receipt.answer.citations[0].document.path == str(tmp_path / "a.md")


def test_the_file_is_for_people_and_version_control(file):
    file.put([receipt("Où?")])
    text = file.path.read_text(encoding="utf-8")
    assert text.startswith('{\n  "format": "pinpoint pins",\n  "version": 1,\n  "pins": [\n')
    assert '"asked": "Où?"' in text
    assert text.endswith("}\n")
    first = file.path.read_bytes()
    file.put([receipt("Où?")])
    assert file.path.read_bytes() == first


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("{", PinpointError, "is no JSON"),
        ("[" * 100_000, PinpointError, "is no JSON"),
        ("[]", InputError, "holds no pins"),
        ('{"format": "pinpoint receipt", "version": 1}', InputError, "holds no pins"),
        ('{"format": "pinpoint pins", "version": 2}', InputError, "of version 2"),
        ('{"format": "pinpoint pins", "version": 1}', PinpointError, "list of pins is damaged"),
        (
            '{"format": "pinpoint pins", "version": 1, "pins": 7}',
            PinpointError,
            "list of pins is damaged",
        ),
        (
            '{"format": "pinpoint pins", "version": 1, "pins": [{"colour": 1}]}',
            PinpointError,
            "created_at: Field required; mend the file",
        ),
        (
            '{"format": "pinpoint pins", "version": 1, "pins": [7]}',
            PinpointError,
            "content: Input should be a valid dictionary",
        ),
    ],
)
def test_what_cannot_be_read_is_said_and_not_overwritten(file, text, kind, told):
    file.path.write_text(text)
    for work in (file.read, lambda: file.put([receipt()]), lambda: file.remove("x")):
        with pytest.raises(kind, match=told) as caught:
            work()
        assert str(caught.value).startswith(f"{file.path}: ")
    assert file.path.read_text() == text


def test_bytes_that_are_no_text(file):
    file.path.write_bytes(b"\xff")
    with pytest.raises(PinpointError, match="cannot be read"):
        file.read()


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(PinpointError, match="there is no such folder"):
        PinFile(tmp_path / "none" / "pins.json").put([receipt()])


def test_json_of_the_pins_holds_receipts(file):
    file.put([receipt()])
    (content,) = json.loads(file.path.read_text())["pins"]
    assert Receipt.model_validate(content) == receipt()


def test_who_changes_it_keeps_others_out_from_reading_to_writing(file, monkeypatch):
    read = notes_held(monkeypatch, PinFile, "read", file.path)
    written = notes_held(monkeypatch, PinFile, "_write", file.path)
    (pin,) = file.put([receipt()])
    file.remove(pin.id)
    assert (read, written) == ([True] * 2, [True] * 2)
