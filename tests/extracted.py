"""Checks that hold for every extracted text, and its blocks in a form that tests can spell out."""


def blocks(document):
    return [(b.kind, b.heading, document.text[b.start : b.end]) for b in document.blocks]


def places(document):
    return [(p.kind, p.name, document.text[p.start : p.end]) for p in document.locations]


def check(document):
    """Blocks in order, trimmed and inside the text; places by start, outer before inner."""
    size, end = len(document.text), 0
    for block in document.blocks:
        assert end <= block.start < block.end <= size
        body = document.text[block.start : block.end]
        assert body == body.strip()
        end = block.end
    order = [(place.start, -place.end) for place in document.locations]
    assert order == sorted(order)
    last = {}
    for place in document.locations:
        assert last.get(place.kind, 0) <= place.start < place.end <= size
        last[place.kind] = place.end
    assert "\0" not in document.text
    return document
