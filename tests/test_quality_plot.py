from xml.etree import ElementTree as ET

from bench.quality_plot import drawing
from ui.plot import Axes, Plot

SVG = "{http://www.w3.org/2000/svg}"


def test_plots_stand_in_two_columns_below_their_titles():
    axes = Axes((0, 1), (0, 1))
    made = [
        Plot(name, "x < 1", "y", *axes.ticks(), lines=(axes.line("", [(0, 0), (1, 1)]),))
        for name in ("Risk", "Recall", "Time")
    ]
    drawn = ET.fromstring(drawing(made))
    assert drawn.get("viewBox") == "0 0 880 608"
    places = [(each.get("x"), each.get("y")) for each in drawn.findall(f"{SVG}svg")]
    assert places == [("0", "24"), ("440", "24"), ("0", "328")]
    assert [each.text for each in drawn.findall(f"{SVG}text")] == ["Risk", "Recall", "Time"]
    assert [each.get("points") for each in drawn.iter(f"{SVG}polyline")] == ["56,236 428,12"] * 3
    assert "x < 1" in [each.text for each in drawn.iter(f"{SVG}text")]
