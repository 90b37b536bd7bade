"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from index.kind_names import KINDS
from qa.conversation import Filters

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Where the index lives. Default: PINPOINT_HOME, else .pinpoint beside seeds/.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Only documents dated on this day or later."),
]
Until = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Only documents dated on this day or earlier."),
]
Folders = Annotated[
    list[str] | None,  # as a path, "" would be the folder one is in
    typer.Option(
        "--folder",
        metavar="PATH",
        help="Only documents below this folder or archive, or this file; may be repeated.",
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help=f"Only documents of this kind: {', '.join(sorted(KINDS))}; may be repeated.",
    ),
]


def filters(
    since: str | None, until: str | None, folders: list[str] | None, kinds: list[str] | None
) -> Filters:
    """Return what these options narrow the documents to."""
    return Filters(since=since, until=until, folders=tuple(folders or ()), kinds=tuple(kinds or ()))
