"""The commands about pinned questions."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import PinpointError
from qa.api import Pinpoint
from qa.pin import Pin, PinCheck
from qa.pin_file import PinFile
from qa.pins import check_pins, check_quotes, take_answers
from qa.verification import State
from ui import show, show_pins
from ui.options import Folders, Home, Json, Kinds, Since, Until, filters

File = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="PINS", help="Where the pins are kept. Default: pins.json in the home."
    ),
]


def tell(pinpoint: Pinpoint) -> None:
    """Say in a line what has become of the pinned answers in the home; nothing without any."""
    try:
        pins = PinFile.of(pinpoint.home).read()
        if pins:
            typer.echo(show_pins.line(check_quotes(pinpoint.home, pins)))
    except PinpointError as error:  # the index is up to date all the same
        typer.echo(f"pins: {show.printable(str(error))}", err=True)


def tell_lost(pinpoint: Pinpoint) -> None:
    """Say in a line which pinned answers have other quotes now; nothing where all stand."""
    try:
        pins = PinFile.of(pinpoint.home).read()
        lost = show_pins.lost(check_quotes(pinpoint.home, pins) if pins else ())
        if lost:
            typer.echo(lost)
    except PinpointError as error:  # the watch goes on
        typer.echo(f"pins: {show.printable(str(error))}", err=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""

    @app.command()
    def pin(
        question: Annotated[
            str, typer.Argument(metavar="QUESTION", help="What to ask; - reads stdin.")
        ],
        home: Home = None,
        *,
        since: Since = None,
        until: Until = None,
        folders: Folders = None,
        kinds: Kinds = None,
        file: File = None,
        json: Json = False,
    ) -> None:
        """Ask a question and keep its answer, to see later whether it is still the answer."""
        asked = sys.stdin.read().strip() if question == "-" else question
        pinpoint = Pinpoint.open(home)
        narrowed = filters(since, until, folders, kinds)
        answer = pinpoint.ask(asked, **narrowed.model_dump())
        (made,) = _file(file, pinpoint).put([pinpoint.receipt(answer, filters=narrowed)])
        told = f"{show.answer(answer)}\n\npinned as {made.id}"
        typer.echo(made.model_dump_json() if json else told)

    @app.command()
    def pins(
        home: Home = None,
        *,
        no_ask: Annotated[
            bool,
            typer.Option(
                "--no-ask", help="Only look whether the quotes stand in the index; load no model."
            ),
        ] = False,
        accept: Annotated[
            bool, typer.Option("--accept", help="Keep the answers of now in place of the old ones.")
        ] = False,
        exit_code: Annotated[
            bool,
            typer.Option("--exit-code", help="Exit with status 1 if an answer is changed or gone."),
        ] = False,
        strict: Annotated[
            bool,
            typer.Option("--strict", help="With --exit-code: also fail when a quote has moved."),
        ] = False,
        file: File = None,
        json: Json = False,
    ) -> None:
        """Ask every pinned question again, and say which answers are no longer what they were."""
        if accept and no_ask:
            raise typer.BadParameter("--accept needs the answers of now; leave --no-ask out")
        if strict and not exit_code:
            raise typer.BadParameter("--strict is about the exit status; add --exit-code")
        pinpoint = Pinpoint.open(home)
        kept = _file(file, pinpoint)
        known = kept.read()
        found = _checked(pinpoint, known, asking=not no_ask)
        typer.echo(show_pins.to_json(found) if json else show_pins.pins(found))
        if accept:
            taken = kept.put(take_answers(pinpoint, found, known))
            typer.echo(f"{len(taken)} accepted", err=json)
        elif exit_code and not all(_holds(check.state, strict=strict) for check in found):
            raise typer.Exit(1)

    @app.command()
    def unpin(
        named: Annotated[
            str,
            typer.Argument(metavar="PIN", help="The id that pinpoint pins shows, or the question."),
        ],
        home: Home = None,
        file: File = None,
    ) -> None:
        """Let a pinned question go."""
        gone = _file(file, Pinpoint.open(home)).remove(named)
        typer.echo(f"unpinned {gone.id}: {show.printable(gone.receipt.asked)}")


def _file(named: Path | None, pinpoint: Pinpoint) -> PinFile:
    return PinFile.of(pinpoint.home) if named is None else PinFile(named)


def _checked(pinpoint: Pinpoint, pins: tuple[Pin, ...], *, asking: bool) -> tuple[PinCheck, ...]:
    if not pins:
        return ()
    return check_pins(pinpoint, pins) if asking else check_quotes(pinpoint.home, pins)


def _holds(state: State, *, strict: bool) -> bool:
    return state is State.UNCHANGED or (state is State.MOVED and not strict)
