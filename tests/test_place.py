"""`Pinpoint.place`: where any run of characters stands."""

import pytest
from pdf_files import lines, pdf

from index.errors import DocumentMissingError, InputError

TEXT = "# Gate\n\nZoë 😀 opens the gate.\n\n# Wall\n\nIt is high.\n"


@pytest.fixture
def sha256(pinpoint, folder):
    (folder / "gate.md").write_text(TEXT)
    pinpoint.sync(folder)
    return pinpoint.documents().documents[0].sha256


def test_a_place_has_the_exact_characters_and_the_heading_above(pinpoint, sha256, folder):
    start = TEXT.index("😀")
    place = pinpoint.place(sha256, start, start + 7)
    assert (place.quote, place.start, place.end) == ("😀 opens", start, start + 7)
    assert (place.heading, place.page, place.rectangles) == (("Gate",), None, ())
    assert place.document.path == str((folder / "gate.md").resolve())
    high = TEXT.index("high")
    assert pinpoint.place(sha256, high, high + 4).heading == ("Wall",)
    assert pinpoint.place(sha256, 0, len(TEXT)).quote == TEXT


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (5, 4), (0, len(TEXT) + 1)])
def test_what_is_no_run_of_the_text_is_refused(pinpoint, sha256, start, end):
    with pytest.raises(InputError) as raised:
        pinpoint.place(sha256, start, end)
    assert str(raised.value) == (
        f"characters {start} to {end} are no part of this text, which has {len(TEXT)}; "
        "count from 0, and end after the start"
    )


@pytest.mark.usefixtures("sha256")
def test_an_unknown_text_has_no_places(pinpoint):
    with pytest.raises(DocumentMissingError, match="ask again"):
        pinpoint.place("0" * 64, 0, 1)


def test_a_place_on_a_page_has_its_rectangle(pinpoint, folder):
    (folder / "gate.pdf").write_bytes(pdf(lines("The wall."), lines("The gate opens at nine.")))
    pinpoint.sync(folder)
    listed = pinpoint.documents().documents[0]
    document, text = pinpoint.document(listed.sha256)
    assert document.copies == ()
    start = text.index("gate")
    place = pinpoint.place(listed.sha256, start, start + 4)
    assert (place.quote, place.page) == ("gate", 2)
    assert [(p.kind, p.name) for p in place.locations] == [("page", "2")]
    (rectangle,) = place.rectangles
    # The line begins 50 points from the left, 700 from the bottom, in letters of 10.
    assert rectangle.page == 2
    assert 60 < rectangle.left < rectangle.right < 100
    assert 690 < rectangle.bottom <= 700 < rectangle.top < 712


def test_a_text_comes_whole_or_in_parts(pinpoint, sha256):
    whole = pinpoint.text(sha256)
    assert (whole.text, whole.start, whole.end, whole.length) == (TEXT, 0, len(TEXT), len(TEXT))
    assert whole.document == pinpoint.document(sha256)[0]
    assert pinpoint.text(sha256, 2, 6).text == "Gate"
    assert pinpoint.text(sha256, 2, limit=4).text == "Gate"
    assert pinpoint.text(sha256, len(TEXT)).text == ""
    for start, end in [(-1, None), (len(TEXT) + 1, None), (2, 2), (0, len(TEXT) + 1)]:
        with pytest.raises(InputError, match="text, which has"):
            pinpoint.text(sha256, start, end)
    with pytest.raises(InputError, match="at most 4 characters are returned at once"):
        pinpoint.text(sha256, 2, 7, limit=4)
