import numpy as np
import pytest

from index.formats.layout import Rectangle, pack, rectangles, unpack

NOWHERE = (0, 0, 0, 0, 0, 0)
SPOTS = np.array(
    [
        (1, 4, 720, 7000, 780, 7120),
        (1, 4, 780, 7000, 805, 7125),
        NOWHERE,
        (1, 5, 720, 6860, 790, 6980),
        NOWHERE,
        (2, 0, -15, 100, 40, 220),
        (2, 0, 40000, 100, 40010, 220),
    ],
    np.int32,
)


def test_an_array_comes_back_as_it_was():
    found = unpack(pack(SPOTS))
    assert found.dtype == np.int32
    assert found.tolist() == SPOTS.tolist()


@pytest.mark.parametrize("spots", [SPOTS[:0], SPOTS[2:3], SPOTS[2:], SPOTS[:1]])
def test_short_arrays_come_back(spots):
    assert unpack(pack(spots)).tolist() == spots.tolist()


def test_a_span_covers_one_rectangle_a_line():
    layout = pack(SPOTS)
    first = Rectangle(page=1, left=72.0, bottom=700.0, right=80.5, top=712.5)
    assert rectangles(layout, 0, 3) == [first]
    assert rectangles(layout, 1, 6) == [
        Rectangle(1, 78.0, 700.0, 80.5, 712.5),
        Rectangle(1, 72.0, 686.0, 79.0, 698.0),
        Rectangle(2, -1.5, 10.0, 4.0, 22.0),
    ]
    assert rectangles(layout, 2, 3) == []
    assert rectangles(layout, 3, 3) == []


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 8)])
def test_a_span_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError, match="does not lie in a text of 7 characters"):
        rectangles(pack(SPOTS), start, end)


@pytest.mark.parametrize("content", [b"", b"ppl", b"xxxx\1\0\0\0\0", pack(SPOTS)[:-5]])
def test_other_bytes_are_refused(content):
    with pytest.raises(ValueError, match="index"):
        unpack(content)


def test_a_long_text_comes_back_block_by_block():
    at = np.arange(40_000, dtype=np.int32)
    spots = np.stack([1 + at // 1000, at % 7, at, -at, at + 3, 2 * at], axis=1)
    spots[16_383:16_386] = 0
    layout = pack(spots)
    assert np.array_equal(unpack(layout), spots)
    assert rectangles(layout, 16_382, 16_387) == [
        Rectangle(17, 1638.2, -1638.2, 1638.5, 3276.4),
        Rectangle(17, 1638.6, -1638.6, 1638.9, 3277.2),
    ]
    assert rectangles(layout, 39_999, 40_000) == [Rectangle(40, 3999.9, -3999.9, 4000.2, 7999.8)]
    damaged = layout[:-20]
    assert rectangles(damaged, 0, 1) == rectangles(layout, 0, 1)
    with pytest.raises(ValueError, match="damaged"):
        unpack(damaged)


def test_a_layout_in_one_block_is_still_read():
    layout = pack(SPOTS)
    whole = layout[:4] + b"\1" + layout[5:9] + layout[13:]
    assert unpack(whole).tolist() == SPOTS.tolist()
    assert rectangles(whole, 3, 6) == rectangles(layout, 3, 6)


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(7, 5\)"):
        pack(SPOTS[:, :5])


def test_a_line_of_text_takes_few_bytes_a_character():
    spots = np.zeros((3000, 6), np.int32)
    index = np.arange(3000)
    spots[:, 0], spots[:, 1] = 1, index // 75
    spots[:, 2] = 720 + index % 75 * 60
    spots[:, 3], spots[:, 4], spots[:, 5] = 7000 - index // 75 * 140, spots[:, 2] + 60, 7120
    assert len(pack(spots)) < 600
