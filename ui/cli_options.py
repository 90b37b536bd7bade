"""Options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Where the index lives. Default: PINPOINT_HOME, else .pinpoint beside seeds/.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
