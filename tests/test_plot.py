import pytest

from ui.plot import BOTTOM, LEFT, RIGHT, TOP, Axes, round_values


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((1, 20), [5, 10, 15, 20]),
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((0, 730), [0, 200, 400, 600]),
        ((0, 3), [0, 1, 2, 3]),
        ((0, 0.004), [0, 0.001, 0.002, 0.003, 0.004]),
        ((2, 2), [2]),
    ],
)
def test_ticks_are_at_round_values(bounds, expected):
    assert round_values(bounds) == pytest.approx(expected)


def test_values_lie_between_the_axes():
    axes = Axes((0, 10), (0, 1))
    middle = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2)
    assert axes.point(0, 0) == (LEFT, BOTTOM)
    assert axes.point(10, 1) == (RIGHT, TOP)
    assert axes.point(5, 0.5) == middle
    assert axes.line("a", [(0, 0), (5, 0.5)], 1) == (
        "a",
        f"{LEFT:g},{BOTTOM:g} {middle[0]:g},{middle[1]:g}",
        1,
    )
    assert axes.bar(0, 5, 0.5, "said") == (LEFT, middle[1], 186, 112, "said")
    across, up = axes.ticks()
    assert [tick.text for tick in across] == ["0", "2", "4", "6", "8", "10"]
    assert (up[0].at, up[-1].at, up[1].text) == (BOTTOM, TOP, "0.2")
    assert Axes((2, 2), (0, 1)).point(2, 0) == (LEFT, BOTTOM)
