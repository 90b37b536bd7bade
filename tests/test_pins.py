"""What has become of pinned answers."""

import pytest
from answers import answered, citation

from index.errors import IndexMissingError
from qa.conversation import Filters
from qa.pin import Pin
from qa.pins import changes, check_pins, check_quotes, outcome, take_answers
from qa.words import DiffPart

TEXT = "The harbour is old. The gate opens at nine. Bring a lamp."
QUOTE = "The gate opens at nine."
ASKED = "When opens the gate at nine?"
ZEBRAS = "Who paints zebras?"


@pytest.fixture
def gate(folder):
    made = folder / "gate.txt"
    made.write_text(TEXT)
    return made


@pytest.fixture
def pins(pinpoint, gate):
    pinpoint.sync(gate.parent)
    return tuple(Pin.of(pinpoint.receipt(pinpoint.ask(asked))) for asked in (ASKED, ZEBRAS))


def states(checks):
    return [str(check.state) for check in checks]


def test_nothing_has_changed(pinpoint, pins):
    quick, full = check_quotes(pinpoint.home, pins), check_pins(pinpoint, pins)
    assert states(quick) == states(full) == ["unchanged", "unchanged"]
    assert [check.answer for check in quick] == [None, None]
    assert [check.answer.answered for check in full] == [True, False]
    assert [(c.id, c.question) for c in full] == [
        (pin.id, pin.receipt.answer.question) for pin in pins
    ]
    assert [quote.state for quote in full[0].quotes] == ["unchanged"]
    assert take_answers(pinpoint, full, pins) == []


def test_no_pins(pinpoint, pins):
    assert pins
    assert check_pins(pinpoint, ()) == check_quotes(pinpoint.home, ()) == ()


def test_a_moved_answer(pinpoint, pins, gate):
    gate.write_text(f"New. {TEXT}")
    pinpoint.sync()
    for found in (check_quotes(pinpoint.home, pins), check_pins(pinpoint, pins)):
        assert states(found) == ["moved", "unchanged"]
        (quote,) = found[0].quotes
        assert (quote.state, quote.place.start, found[0].changes) == ("moved", 25, ())
    (taken,) = take_answers(pinpoint, found, pins)
    assert taken.answer.citations[0].start == 25
    assert states(check_pins(pinpoint, [Pin.of(taken)])) == ["unchanged"]


def test_a_renamed_document_is_a_moved_answer(pinpoint, pins, gate):
    gate.rename(gate.with_name("door.txt"))
    pinpoint.sync()
    for found in (check_quotes(pinpoint.home, pins), check_pins(pinpoint, pins)):
        assert states(found) == ["moved", "unchanged"]
        assert found[0].quotes[0].place.path == str(gate.with_name("door.txt"))


def test_a_changed_answer_has_the_old_and_the_new_one(pinpoint, pins, gate):
    gate.write_text(TEXT.replace("nine", "nine or ten"))
    pinpoint.sync()
    assert states(check_quotes(pinpoint.home, pins)) == ["changed", "unchanged"]
    found = check_pins(pinpoint, pins)
    assert states(found) == ["changed", "unchanged"]
    assert (found[0].kept.text, found[0].answer.text) == (
        "The gate opens at nine. [1]",
        "The gate opens at nine or ten. [1]",
    )
    assert found[0].changes == (
        (
            DiffPart(kind="same", text="The gate opens at nine"),
            DiffPart(kind="added", text=" or ten"),
            DiffPart(kind="same", text="."),
        ),
    )
    (taken,) = take_answers(pinpoint, found, pins)
    assert taken.answer.citations[0].quote == "The gate opens at nine or ten."


def test_another_document_can_change_an_answer_whose_quote_stands(pinpoint, pins, gate):
    """Only asking again shows it."""
    (gate.parent / "new.txt").write_text("When the gate opens at nine, bells ring.")
    pinpoint.sync()
    assert states(check_quotes(pinpoint.home, pins)) == ["unchanged", "unchanged"]
    found = check_pins(pinpoint, pins)
    assert states(found) == ["changed", "unchanged"]
    assert found[0].quotes[0].state == "unchanged"


def test_an_answer_that_is_gone(pinpoint, pins, gate):
    gate.write_text("Nothing of it is left.")
    pinpoint.sync()
    assert states(check_quotes(pinpoint.home, pins)) == ["gone", "unchanged"]
    found = check_pins(pinpoint, pins)
    assert states(found) == ["gone", "unchanged"]
    assert found[0].answer.answered is False
    assert found[0].changes == ((DiffPart(kind="removed", text=QUOTE),),)


def test_an_answer_where_there_was_none(pinpoint, pins, gate):
    gate.write_text(f"{TEXT} Ada paints zebras.")
    pinpoint.sync()
    assert states(check_pins(pinpoint, pins)) == ["unchanged", "changed"]


def test_the_bounds_of_a_pin_hold_again(pinpoint, gate):
    (gate.parent / "gate.md").write_text("The gate opens at nine.")
    pinpoint.sync(gate.parent)
    narrowed = Filters(kinds=("text",))
    answer = pinpoint.ask(ASKED, **narrowed.model_dump())
    pin = Pin.of(pinpoint.receipt(answer, filters=narrowed))
    assert [c.document.path for c in answer.citations] == [str(gate)]
    (found,) = check_pins(pinpoint, [pin])
    assert (found.state, len(found.answer.citations)) == ("unchanged", 1)


def test_folders_of_a_pin_do_not_depend_on_the_folder_one_is_in(pinpoint, gate, monkeypatch):
    pinpoint.sync(gate.parent)
    monkeypatch.chdir(gate.parent.parent)
    narrowed = Filters(folders=("documents",))
    receipt = pinpoint.receipt(pinpoint.ask(ASKED, folders=["documents"]), filters=narrowed)
    assert receipt.filters.folders == (str(gate.parent),)
    monkeypatch.chdir("/")
    assert states(check_pins(pinpoint, [Pin.of(receipt)])) == ["unchanged"]


def test_a_document_whose_newest_version_cannot_be_read_is_still_in_the_index(pinpoint, pins, gate):
    gate.write_bytes(b"\xff\0")
    pinpoint.sync()
    assert states(check_quotes(pinpoint.home, pins)) == ["unchanged", "unchanged"]


def test_without_an_index(pins, tmp_path):
    with pytest.raises(IndexMissingError):
        check_quotes(tmp_path / "none", pins)


def test_quotes_that_both_answers_have_are_no_changes():
    def parts(*pairs):
        return tuple(DiffPart(kind=kind, text=text) for kind, text in pairs)

    old = answered(*map(citation, ("Cats purr.", "The gate opens at nine.", "Old words.")))
    new = answered(*map(citation, ("New things here.", "The gate opens at ten.", "Cats purr.")))
    assert list(changes(old, new)) == [
        parts(("same", "The gate opens at "), ("removed", "nine"), ("added", "ten"), ("same", ".")),
        parts(("removed", "Old words.")),
        parts(("added", "New things here.")),
    ]
    assert list(changes(old, old)) == []


def test_a_follow_up_is_named_as_it_was_understood(pinpoint, gate):
    pinpoint.sync(gate.parent)
    pin = Pin.of(pinpoint.receipt(pinpoint.ask(ASKED), asked="And that?"))
    assert [c.question for c in check_pins(pinpoint, [pin])] == [ASKED]


def test_the_order_of_quotes_does_not_matter():
    first, second = citation("A b."), citation("C d.", 50)
    assert outcome(answered(first, second), answered(second, first)) == "unchanged"
    assert outcome(answered(first, second), answered(first)) == "changed"
    assert outcome(answered(first), answered(first, first)) == "changed"
    moved = second.model_copy(update={"start": 51, "end": 55})
    assert outcome(answered(first, second), answered(moved, first)) == "moved"
    none = answered(nearest=(first,))
    assert outcome(none, none) == "unchanged"
    assert outcome(none, answered(first)) == "changed"
    assert outcome(answered(first), none) == "gone"
