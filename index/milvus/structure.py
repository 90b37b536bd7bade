"""What a loader found in a document besides its text, as it is kept."""

import base64
import json
from dataclasses import astuple, dataclass

from index.document import Block, Extracted, Location


@dataclass(frozen=True, slots=True)
class Structure:
    """What is kept of a document in one piece; see `index.document.Extracted`."""

    blocks: tuple[Block, ...]
    locations: tuple[Location, ...]
    url: str | None
    layout: bytes | None
    warnings: tuple[str, ...]


def dumped(document: Extracted) -> str:
    """Return a document's structure as JSON."""
    layout = document.layout
    return json.dumps(
        {
            "blocks": [astuple(block) for block in document.blocks],
            "locations": [astuple(location) for location in document.locations],
            "url": document.url,
            "layout": None if layout is None else base64.b64encode(layout).decode("ascii"),
            "warnings": document.warnings,
        },
        ensure_ascii=False,
    )


def loaded(text: str) -> Structure:
    """Return what `dumped` wrote."""
    kept = json.loads(text)
    layout = kept["layout"]
    return Structure(
        blocks=tuple(Block(s, e, tuple(heading), kind) for s, e, heading, kind in kept["blocks"]),
        locations=tuple(Location(*values) for values in kept["locations"]),
        url=kept["url"],
        layout=None if layout is None else base64.b64decode(layout),
        warnings=tuple(kept["warnings"]),
    )
