"""What verify says of each quote, over files of several kinds."""

import json

import pytest
from archives import archive
from pdf_files import lines, pdf

from index.errors import InputError
from index.settings import Settings
from qa.api import Pinpoint
from qa.models import CitedLocation
from qa.receipt_file import to_json
from qa.verification import State, verify, worst
from qa.words import DiffPart

TEXT = "The harbour is old. The gate opens at nine. Bring a lamp."
QUOTE = "The gate opens at nine."
ASKED = "When opens the gate at nine?"
OTHER = "the text is another one than it was"


@pytest.fixture
def taken(pinpoint, folder):
    """Index files, ask, and return the receipt."""

    def taken(asked=ASKED, **files):
        for name, content in files.items():
            kind = "pdf" if content[:4] == b"%PDF" else "zip" if content[:2] == b"PK" else "txt"
            (folder / f"{name}.{kind}").write_bytes(content)
        pinpoint.sync(folder)
        receipt = pinpoint.receipt(pinpoint.ask(asked))
        assert receipt.answer.citations
        return receipt

    return taken


@pytest.fixture
def checked(tmp_path):
    """Verify a receipt of one quote without any index."""

    def checked(receipt, *folders):
        found = verify(receipt, folders=folders, home=tmp_path / "nowhere")
        (check,) = found.quotes
        assert found.state is check.state
        assert found.holds is (check.state in (State.UNCHANGED, State.MOVED))
        if check.place is not None:
            assert check.place.end - check.place.start == len(check.text)
        return check

    return checked


def parts(*pairs):
    return tuple(DiffPart(kind=kind, text=text) for kind, text in pairs)


def test_an_unchanged_quote(taken, checked, folder):
    check = checked(taken(gate=TEXT.encode()))
    assert (check.number, check.state, check.quote, check.text) == (1, "unchanged", QUOTE, QUOTE)
    assert (check.path, check.start, check.end) == (str(folder / "gate.txt"), 20, 43)
    place = check.place
    assert (place.path, place.start, place.end) == (check.path, 20, 43)
    assert (place.page, place.locations, place.heading) == (None, (), ())
    assert (check.diff, check.notes) == ((), ())


def test_a_quote_in_a_text_that_changed_behind_it_is_unchanged(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").write_text(f"{TEXT} More.")
    check = checked(receipt)
    assert (check.state, check.notes) == ("unchanged", (f"{folder / 'gate.txt'}: {OTHER}",))
    assert check.place.sha256 != receipt.answer.citations[0].document.sha256


def test_text_put_in_before_a_quote_moves_it(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").write_text(f"# New\n\n{TEXT}")
    check = checked(receipt)
    assert (check.state, check.place.start, check.place.end) == ("moved", 27, 50)
    assert (check.start, check.end, check.text, check.diff) == (20, 43, QUOTE, ())


def test_one_word_changed_is_a_diff(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").write_text(TEXT.replace("nine", "ten"))
    check = checked(receipt)
    assert (check.state, check.text) == ("changed", "The gate opens at ten.")
    assert (check.place.start, check.place.end) == (20, 42)
    assert check.diff == parts(
        ("same", "The gate opens at "), ("removed", "nine"), ("added", "ten"), ("same", ".")
    )
    assert check.notes == (f"{folder / 'gate.txt'}: {OTHER}",)


def test_a_quote_that_was_taken_out_is_gone(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").write_text(TEXT.replace(QUOTE, ""))
    check = checked(receipt)
    assert (check.state, check.place, check.text, check.diff) == ("gone", None, None, ())
    assert check.notes == (f"{folder / 'gate.txt'}: {OTHER}",)


def test_a_file_that_is_not_there_is_gone_with_the_cause(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").unlink()
    check = checked(receipt)
    assert (check.state, check.notes) == ("gone", (f"{folder / 'gate.txt'}: no such document",))


def test_a_file_that_cannot_be_read_is_said_with_the_cause(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").write_bytes(b"\xff\0film")
    check = checked(receipt)
    (note,) = check.notes
    assert check.state == "unreadable"
    assert note.startswith(f"{folder / 'gate.txt'}: not text: byte 0 is not valid UTF-8")


def test_a_renamed_file_is_found_in_a_folder_by_its_bytes(taken, checked, folder, tmp_path):
    receipt = taken(gate=TEXT.encode())
    new = tmp_path / "elsewhere" / "deep" / "door.txt"
    new.parent.mkdir(parents=True)
    (folder / "gate.txt").rename(new)
    (new.parent / "decoy.txt").write_text(TEXT.replace("lamp", "bulb"))
    assert checked(receipt).state == "gone"
    check = checked(receipt, tmp_path / "elsewhere")
    assert (check.state, check.place.path, check.place.start) == ("moved", str(new), 20)
    assert check.notes == (f"{folder / 'gate.txt'}: no such document",)


def test_a_renamed_file_is_found_by_the_index(pinpoint, taken, folder):
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").rename(folder / "door.txt")
    pinpoint.sync(folder)
    (check,) = verify(receipt, home=pinpoint.home).quotes
    assert (check.state, check.place.path) == ("moved", str(folder / "door.txt"))


def test_a_copy_that_the_receipt_knows_is_found(taken, checked, folder):
    receipt = taken(a=TEXT.encode(), b=TEXT.encode())
    (folder / "a.txt").write_text(TEXT.replace("nine", "ten"))
    check = checked(receipt)
    assert (check.state, check.place.path) == ("moved", str(folder / "b.txt"))
    assert check.notes == (f"{folder / 'a.txt'}: has other words now",)
    (folder / "b.txt").write_text(f"New. {TEXT}")
    check = checked(receipt)
    assert (check.state, check.place.path, check.place.start) == (
        *("moved", str(folder / "b.txt"), 25),
    )
    assert check.notes[1] == f"{folder / 'b.txt'}: {OTHER}"


def test_a_changed_file_of_the_same_name_is_found_in_a_folder(taken, checked, folder, tmp_path):
    """As on another machine, where the documents have changed since."""
    receipt = taken(gate=TEXT.encode())
    (folder / "gate.txt").unlink()
    for name, text in (
        ("a", TEXT.replace("nine", "noon")),
        (folder.name, TEXT.replace("nine", "ten")),
    ):
        (tmp_path / "mine" / name).mkdir(parents=True)
        (tmp_path / "mine" / name / "gate.txt").write_text(text)
    check = checked(receipt, tmp_path / "mine")
    assert check.state == "changed"
    assert check.place.path == str(tmp_path / "mine" / folder.name / "gate.txt")
    (tmp_path / "mine" / "a" / "gate.txt").write_text(f"Now. {QUOTE}")
    check = checked(receipt, tmp_path / "mine")
    assert (check.state, check.place.path) == ("moved", str(tmp_path / "mine" / "a" / "gate.txt"))


def test_a_pdf_page_that_was_put_in_moves_a_quote_to_the_next_page(taken, checked, folder):
    first, second = lines("The harbour is old."), lines(QUOTE)
    receipt = taken(gate=pdf(first, second))
    assert receipt.answer.citations[0].page == 2
    check = checked(receipt)
    assert (check.state, check.place.page) == ("unchanged", 2)
    (folder / "gate.pdf").write_bytes(pdf(first, lines("A page of its own."), second))
    check = checked(receipt)
    assert (check.state, check.place.page) == ("moved", 3)
    assert check.place.locations == (CitedLocation(kind="page", name="3"),)
    (folder / "gate.pdf").write_bytes(pdf(first, lines("The gate opens at ten.")))
    check = checked(receipt)
    assert (check.state, check.place.page) == ("changed", 2)
    assert [part.text for part in check.diff if part.kind != "same"] == ["nine", "ten"]


def test_a_csv_row(pinpoint, checked, folder):
    file = folder / "gates.csv"
    file.write_text("gate,hour\nnorth,nine\nsouth,ten\n")
    pinpoint.sync(folder)
    receipt = pinpoint.receipt(pinpoint.ask("gate south hour ten"))
    (cited,) = receipt.answer.citations
    assert cited.locations == (CitedLocation(kind="row", name="3"),)
    file.write_text("gate,hour\neast,six\nnorth,nine\nsouth,ten\n")
    check = checked(receipt)
    assert (check.state, check.place.locations) == ("moved", (CitedLocation(kind="row", name="4"),))
    file.write_text("gate,hour\nnorth,nine\nsouth,noon\n")
    check = checked(receipt)
    assert (check.state, check.place.locations) == (
        "changed",
        (CitedLocation(kind="row", name="3"),),
    )
    assert [part.text for part in check.diff if part.kind != "same"] == ["ten", "noon"]


def test_a_member_of_an_archive(taken, checked, folder, tmp_path):
    receipt = taken(box=archive({"in/gate.txt": TEXT}))
    path = str(folder / "box.zip" / "in" / "gate.txt")
    check = checked(receipt)
    assert (check.state, check.path) == ("unchanged", path)
    (folder / "box.zip").write_bytes(archive({"in/gate.txt": TEXT.replace("nine", "ten")}))
    assert checked(receipt).state == "changed"
    (folder / "box.zip").write_bytes(archive({"other.txt": TEXT}))
    assert checked(receipt).notes == (f"{path}: no such document",)
    (folder / "box.zip").unlink()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "box.zip").write_bytes(archive({"in/gate.txt": f"New. {TEXT}"}))
    check = checked(receipt, tmp_path / "mine")
    assert (check.state, check.place.start) == ("moved", 25)
    assert check.place.path == str(tmp_path / "mine" / "box.zip" / "in" / "gate.txt")


def test_offsets_that_are_not_the_quotes_are_told(taken, checked):
    receipt = taken(gate=TEXT.encode())
    (cited,) = receipt.answer.citations
    wrong = cited.model_copy(update={"start": 0, "end": len(QUOTE)})
    answer = receipt.answer.model_copy(update={"citations": (wrong,)})
    check = checked(receipt.model_copy(update={"answer": answer}))
    assert (check.state, check.place.start) == ("moved", 20)
    assert check.notes == ("the receipt names another place than that of its quote",)


def test_places_that_look_alike_are_told(taken, checked, folder):
    receipt = taken(gate=QUOTE.encode())
    (folder / "gate.txt").write_text(f"{QUOTE}\n{QUOTE}\n{QUOTE}")
    check = checked(receipt)
    assert (check.state, check.notes) == (
        "unchanged",
        (
            f"{folder / 'gate.txt'}: {OTHER}",
            "the same words stand in 3 places that look alike; this is the one nearest to where "
            "they stood",
        ),
    )


def test_texts_are_read_by_the_settings_of_the_receipt(folder, embedder, tmp_path):
    from fakes import TermReader

    settings = Settings(json_fields=("body",))
    pinpoint = Pinpoint(tmp_path / "home", settings, embedder=embedder, reader=TermReader())
    record = {"aside": "These words are not read here at all.", "body": QUOTE}
    (folder / "gate.json").write_text(json.dumps(record))
    pinpoint.sync(folder)
    receipt = pinpoint.receipt(pinpoint.ask(ASKED))
    (check,) = verify(receipt, home=tmp_path / "nowhere").quotes
    assert (check.state, check.notes) == ("unchanged", ())
    other = receipt.settings.model_copy(update={"json_fields": ("aside",)})
    (check,) = verify(
        receipt.model_copy(update={"settings": other}), home=tmp_path / "nowhere"
    ).quotes
    assert (check.state, check.notes) == (
        "gone",
        (f"{folder / 'gate.json'}: the file is the same, but its text is read in another way now",),
    )


def test_a_receipt_without_surroundings_is_checked_too(taken, checked, folder):
    receipt = taken(gate=TEXT.encode())
    receipt = receipt.model_copy(update={"surroundings": (None,)})
    assert checked(receipt).state == "unchanged"
    (folder / "gate.txt").write_text(f"New. {TEXT}")
    assert checked(receipt).place.start == 25


def test_several_quotes_are_each_checked_and_the_worst_counts(taken, folder, tmp_path):
    receipt = taken(asked="gate opens nine", a=QUOTE.encode(), b=b"The gate opens at nine today.")
    assert len(receipt.answer.citations) == 2
    (folder / "b.txt").unlink()
    found = verify(receipt, home=tmp_path / "nowhere")
    assert [check.state for check in found.quotes] == ["unchanged", "gone"]
    assert (found.state, found.holds) == ("gone", False)
    dumped = found.model_dump(mode="json")
    assert (dumped["state"], dumped["holds"]) == ("gone", False)


def test_an_honest_no_holds(pinpoint, folder, tmp_path):
    (folder / "a.txt").write_text(TEXT)
    pinpoint.sync(folder)
    receipt = pinpoint.receipt(pinpoint.ask("Who paints zebras?"))
    found = verify(receipt, home=tmp_path / "nowhere")
    assert (found.quotes, found.answered, found.state, found.holds) == (
        *((), False, "unchanged", True),
    )


def test_a_receipt_is_also_read_from_its_file(taken, tmp_path):
    receipt = taken(gate=TEXT.encode())
    (tmp_path / "r.json").write_text(to_json(receipt))
    for file in (tmp_path / "r.json", str(tmp_path / "r.json")):
        found = verify(file, home=tmp_path / "nowhere")
        assert (found.asked, found.created_at, found.state) == (
            *(ASKED, receipt.created_at, "unchanged"),
        )
    with pytest.raises(InputError, match="is no receipt"):
        verify(tmp_path / "documents" / "gate.txt", home=tmp_path / "nowhere")


def test_the_worst_state_counts():
    order = ["unchanged", "moved", "changed", "gone", "unreadable"]
    assert [state.value for state in State] == order
    assert worst(iter([State.MOVED, State.GONE, State.CHANGED])) is State.GONE
    assert worst(iter(())) is State.UNCHANGED
    assert [state.holds for state in State] == [True, True, False, False, False]


def test_a_row_whose_last_number_has_grown_is_changed(taken, checked, folder):
    """The old row is the beginning of the new one."""
    receipt = taken(
        asked="price desk 340", prices=b"# Price\n\n- price of a lamp 12\n- price of a desk 340\n"
    )
    (check,) = receipt.answer.citations
    assert check.quote.endswith("desk 340")
    (folder / "prices.txt").write_text("# Price\n\n- price of a lamp 12\n- price of a desk 3400\n")
    check = checked(receipt)
    assert (check.state, check.text) == ("changed", f"{check.quote}0")
    assert check.diff[1:] == parts(("removed", "340"), ("added", "3400"))
