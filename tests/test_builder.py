from index.document import Block, Location
from index.formats.builder import TextBuilder


def test_parts_blocks_and_places_lie_over_one_text():
    builder = TextBuilder()
    with builder.place("page", "1"):
        builder.add("Pets", kind="heading")
        assert builder.add("  Cats purr. \n", heading=("Pets",)) == (6, 16)
    with builder.place("page", "2"):
        assert builder.add(" \n ") == (16, 16)
    with builder.place("page", "3"), builder.place("row", "7"):
        builder.add("Name: Tom", kind="row")
    found = builder.build(title="Pets", media_type="x/y", date="2024-05-01", language="en")
    assert found.text == "Pets\n\nCats purr.\n\nName: Tom"
    assert found.blocks == (Block(6, 16, ("Pets",)), Block(18, 27, (), "row"))
    assert found.locations == (
        Location(0, 16, "page", "1"),
        Location(18, 27, "page", "3"),
        Location(18, 27, "row", "7"),
    )
    assert (found.title, found.date, found.language, found.authors) == (
        *("Pets", "2024-05-01", "en", None),
    )


def test_nothing_makes_an_empty_text():
    assert TextBuilder().build(title="t", media_type="x/y").text == ""


def test_a_marker_in_front_belongs_to_no_block():
    builder = TextBuilder()
    assert builder.add("1. Wash.", kind="item", lead=3) == (0, 8)
    builder.locate(3, 8, "page", "1")
    found = builder.build(title="t", media_type="x/y", layout=b"l", warnings=["w"])
    assert found.blocks == (Block(3, 8, (), "item"),)
    assert found.locations == (Location(3, 8, "page", "1"),)
    assert (found.layout, found.warnings) == (b"l", ("w",))


def test_a_part_with_its_own_blocks_keeps_them():
    builder = TextBuilder()
    builder.add("Top")
    builder.include("\n# A\n\nCats purr.\n", (Block(6, 16, ("A",)),), heading=("Top",))
    builder.include(" \n", ())
    found = builder.build(title="t", media_type="x/y", url="https://x.org", warnings=["w"])
    assert found.text == "Top\n\n# A\n\nCats purr."
    assert found.blocks[1] == Block(10, 20, ("Top", "A"))
    assert (found.url, found.warnings) == ("https://x.org", ("w",))


def test_a_place_located_later_goes_outside_those_inside_it():
    builder = TextBuilder()
    with builder.place("row", "1"):
        builder.add("one")
    middle = builder.size
    with builder.place("row", "2"):
        builder.add("two")
    builder.enclose(0, middle, "chapter", "A")
    builder.enclose(middle, builder.size, "chapter", "B")
    builder.enclose(builder.size, builder.size, "chapter", "empty")
    assert builder.build(title="t", media_type="x/y").locations == (
        *(Location(0, 3, "chapter", "A"), Location(0, 3, "row", "1")),
        *(Location(5, 8, "chapter", "B"), Location(5, 8, "row", "2")),
    )
