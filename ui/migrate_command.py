"""The command that copies an index from one store to the other."""

from typing import Annotated

import typer

from index.settings import STORE_VARIABLE
from index.transfer.run import Kind, MigrationReport
from qa.api import Pinpoint
from ui import show
from ui.options import Home, Json
from ui.progress import progress_bars

From = Annotated[Kind, typer.Option("--from", help="Which store is read.")]
To = Annotated[Kind, typer.Option("--to", help="Which store is written.")]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Of the index on Milvus: milvus+http://HOST:PORT/COLLECTION. Default: the setting "
        "store.",
    ),
]


def add(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def migrate(
        source: From,
        target: To,
        address: Address = None,
        home: Home = None,
        *,
        force: Annotated[
            bool, typer.Option("--force", help="Replace an index that is in the target.")
        ] = False,
        verify: Annotated[
            bool, typer.Option("--verify", help="Copy nothing, and only compare the two.")
        ] = False,
        json: Json = False,
    ) -> None:
        """Copy the index to another store, as it is, and compare the copy.

        Nothing is embedded or read again. A migration that was interrupted goes on when the command
        is given again; nobody sees its target before it is whole. Exit status 1 if the two differ.
        """
        pinpoint = Pinpoint.open(home)
        with progress_bars() as progress:
            report = pinpoint.migrate(
                source, target, address=address, force=force, verify=verify, progress=progress
            )
        if json:
            typer.echo(report.model_dump_json())
        else:
            typer.echo(told(report))
            if not (report.differences or verify):
                typer.echo(_next(report, target))
        if report.differences:
            raise typer.Exit(1)


def told(report: MigrationReport) -> str:
    """Return what was copied and what differs, for people."""
    lines = [f"from  {report.source}", f"to    {report.target}"]
    if report.copied or report.resumed:
        before = f", {report.resumed:,} of an earlier call were there" if report.resumed else ""
        lines.append(f"{report.copied:,} documents copied{before} ({report.seconds:.1f} s)")
    lines.append(", ".join(f"{count:,} {kind}" for kind, count in report.counts.items()))
    lines += [f"differs: {what}" for what in report.differences]
    if report.differences:
        lines.append("the two are not the same; a copy that differs is not used")
    else:
        lines.append(f"the two hold the same: SHA-256 {report.digest}")
    return show.printable("\n".join(lines))


def _next(report: MigrationReport, target: Kind) -> str:
    if target == "milvus":
        where = show.printable(report.target)
        return f'to use it, set {STORE_VARIABLE}={where}, or store = "{where}" in pinpoint.toml'
    return f"to use it, remove {STORE_VARIABLE}, or store in pinpoint.toml, if one is set"
