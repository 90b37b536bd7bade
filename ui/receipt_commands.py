"""The commands about receipts."""

from pathlib import Path
from typing import Annotated

import typer

from qa.receipt import Receipt
from qa.receipt_file import to_json, write_text
from qa.verification import State, verify
from ui import show_checks
from ui.options import Home, Json

_PAGES = (".html", ".htm")


def write(file: Path, receipt: Receipt) -> None:
    """Write a receipt: a page where the file is named as one, else JSON.

    Raises:
        PinpointError: the file cannot be written.
    """
    from ui.receipt_page import html

    made = html if file.suffix.lower() in _PAGES else to_json
    write_text(file, made(receipt))


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""

    @app.command("verify")
    def verify_receipt(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt, JSON or HTML.")],
        home: Home = None,
        *,
        folders: Annotated[
            list[Path] | None,
            typer.Option(
                "--folder",
                metavar="DIR",
                help="Where to look for documents that are not where they were; may be repeated.",
            ),
        ] = None,
        strict: Annotated[
            bool, typer.Option("--strict", help="Also fail when a quote has moved.")
        ] = False,
        json: Json = False,
    ) -> None:
        """Check the quotes of a receipt against the documents as they are now.

        Needs no index. Exit status 1 if a quote is changed or gone.
        """
        found = verify(file, folders=folders or (), home=home)
        typer.echo(found.model_dump_json() if json else show_checks.verification(found))
        if not found.holds or (strict and found.state is not State.UNCHANGED):
            raise typer.Exit(1)
