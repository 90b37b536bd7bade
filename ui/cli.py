"""The `pinpoint` command. Results go to stdout, progress and errors to stderr.

Exit status: 0 done (an honest "not in your documents" is done), 1 failed, 2 wrong usage.
"""

import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from index.errors import InputError, PinpointError
from index.report import SyncPlan, SyncReport, WatchEvent
from qa.api import Pinpoint
from qa.models import Answer
from qa.phrase_models import Phrased
from ui import (
    access_cli,
    calibrate_command,
    eval_command,
    migrate_command,
    pin_commands,
    receipt_commands,
    show,
    worker_command,
)
from ui.logs import Style
from ui.options import Folders, Home, Json, Kinds, Since, Until, filters
from ui.progress import progress_bars


class _Group(TyperGroup):
    """Turns the library's errors into a line on stderr and an exit status."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the base class
        try:
            return super().invoke(ctx)
        except PinpointError as error:
            typer.echo(f"error: {show.printable(str(error))}", err=True)
            raise typer.Exit(2 if isinstance(error, InputError) else 1) from error


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("pinpoint-qa"))
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Answers from your documents, in their own words, each quote checked."""


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Files and folders to follow. Default: all that are followed; seeds/ at first.",
        ),
    ] = None,
    home: Home = None,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read and embed every document again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Drop the documents of followed folders that have vanished or become empty.",
        ),
    ] = False,
    join: Annotated[
        bool,
        typer.Option(
            "--join",
            help="While another process changes the index, embed for it, and go on if it dies.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Bring the index up to date with files and folders; unchanged ones cost nothing.

    Exit status 1 if any file could not be indexed; all the others are.
    """
    pinpoint = Pinpoint.open(home)
    named = _named(paths, pinpoint)
    if dry_run:
        planned = pinpoint.plan(named, rebuild=rebuild, allow_empty=allow_empty)
        typer.echo(planned.model_dump_json() if json else show.plan(planned))
        _exit_status(planned)
        return
    with progress_bars() as progress:
        report = pinpoint.sync(
            named, rebuild=rebuild, allow_empty=allow_empty, join=join, progress=progress
        )
    typer.echo(report.model_dump_json() if json else show.report(report))
    if not json:
        pin_commands.tell(pinpoint)
    _exit_status(report)


def _named(paths: list[Path] | None, pinpoint: Pinpoint) -> list[Path] | None:
    seeds = pinpoint.home.parent / "seeds"
    first = not paths and seeds.is_dir() and not pinpoint.exists()
    return [seeds] if first else paths


def _exit_status(report: SyncReport | SyncPlan) -> None:
    for failure in report.failed:
        typer.echo(f"failed: {show.printable(failure.path)}: {failure.cause}", err=True)
    if report.failed:
        raise typer.Exit(1)


@app.command()
def watch(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="Files and folders to follow besides those of the index."
        ),
    ] = None,
    home: Home = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Bring each change into the index as it happens, until interrupted."""
    pinpoint = Pinpoint.open(home)

    def tell(event: WatchEvent) -> None:
        if json:
            typer.echo(event.model_dump_json())
        else:
            typer.echo(show.event(event), err=event.report is None)
        for failure in event.report.failed if event.report else ():
            typer.echo(f"failed: {show.printable(failure.path)}: {failure.cause}", err=True)
        if event.report and not json:
            pin_commands.tell_lost(pinpoint)

    with suppress(KeyboardInterrupt):
        pinpoint.watch(paths, tell=tell)


@app.command()
def check(
    home: Home = None,
    *,
    no_repair: Annotated[
        bool, typer.Option("--no-repair", help="Only look, and change nothing.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also cut every text into chunks again, and compare.")
    ] = False,
    json: Json = False,
) -> None:
    """Check everything in the index, and make anew what is derived from the rest.

    Exit status 1 if something is left broken; what to do about it is said.
    """
    found = Pinpoint.open(home).check(repair=not no_repair, deep=deep)
    typer.echo(found.model_dump_json() if json else show.check(found))
    if not found.whole:
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to.")],
    home: Home = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the index into one file, even while it is in use."""
    generation = Pinpoint.open(home).backup(file, force=force)
    typer.echo(f"generation {generation} is in {show.printable(str(file))}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What pinpoint backup made.")],
    home: Home = None,
) -> None:
    """Put a backup in the place of the index, after a check of it."""
    found = Pinpoint.open(home).restore(file)
    typer.echo(show.check(found))
    if not found.whole:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="What you want to know; - reads stdin.")
    ],
    home: Home = None,
    *,
    since: Since = None,
    until: Until = None,
    folders: Folders = None,
    kinds: Kinds = None,
    reader: Annotated[
        str | None,
        typer.Option(
            metavar="READER",
            help="What finds the answer: pinpoint-reader, sentences, a folder, or a hub name.",
        ),
    ] = None,
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt",
            metavar="FILE",
            help="Also write a receipt, for pinpoint verify: JSON, or a page if it ends in .html.",
        ),
    ] = None,
    phrase: Annotated[
        bool,
        typer.Option(
            "--phrase",
            help="Also let the model of the setting phrase_url write an answer from the quotes; "
            "exit status 1 if it cannot.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Answer a question with exact quotes, or say that the documents do not."""
    asked = sys.stdin.read() if question == "-" else question
    chosen = {} if reader is None else {"reader": reader}
    pinpoint = Pinpoint.open(home, **chosen)
    if phrase:
        pinpoint.check_phrasing()  # before anything is worked on
    narrowed = filters(since, until, folders, kinds)
    answer = pinpoint.ask(asked, **narrowed.model_dump())
    if receipt is not None:
        receipt_commands.write(receipt, pinpoint.receipt(answer, filters=narrowed))
    if phrase:
        _phrase(pinpoint, answer, json)
    else:
        typer.echo(answer.model_dump_json() if json else show.answer(answer))


def _phrase(pinpoint: Pinpoint, answer: Answer, json: bool) -> None:
    """Print an answer, and what the model makes of it once that is there."""
    from ui.show_phrasing import phrasing

    if not json:
        typer.echo(show.answer(answer))
    phrased = pinpoint.phrase(answer) if answer.answered else None
    if json:
        typer.echo(Phrased(answer=answer, phrasing=phrased).model_dump_json())
    elif phrased is not None and phrased.failure is None:
        typer.echo(f"\n{phrasing(phrased)}")
    if phrased is not None and phrased.failure is not None:
        typer.echo(f"error: {phrasing(phrased)}", err=True)
        raise typer.Exit(1)


@app.command()
def claims(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A text of any kind that is indexed; - reads stdin."),
    ],
    home: Home = None,
    *,
    since: Since = None,
    until: Until = None,
    folders: Folders = None,
    kinds: Kinds = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 unless every claim is supported."),
    ] = False,
    json: Json = False,
) -> None:
    """Check a text sentence by sentence: the best quote for or against each, or no support."""
    from ui import show_claims

    with progress_bars() as progress:
        found = Pinpoint.open(home).claims(
            sys.stdin.read() if str(file) == "-" else file,
            **filters(since, until, folders, kinds).model_dump(),
            progress=lambda done, total: progress("checking sentences", done, total),
        )
    if json:
        typer.echo(found.model_dump_json())
    else:
        show_claims.claims(found)
    if exit_code and not found.borne_out:
        raise typer.Exit(1)


@app.command()
def status(home: Home = None, json: Json = False) -> None:
    """Show what the index holds, what could not be indexed, and the settings in force."""
    found = Pinpoint.open(home).status()
    typer.echo(found.model_dump_json() if json else show.status(found))


@app.command()
def remove(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders.")],
    home: Home = None,
) -> None:
    """Take files or folders out of the index; the files themselves stay."""
    count = Pinpoint.open(home).remove(list(paths))
    typer.echo(f"{count} removed from the index")


@app.command()
def serve(
    home: Home = None,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 7860,
    browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the web browser.")
    ] = False,
    watching: Annotated[
        bool, typer.Option("--watch", help="Also bring changes into the index as they happen.")
    ] = False,
    allowed_hosts: Annotated[
        list[str] | None,
        typer.Option(
            "--allowed-host",
            metavar="NAME",
            help="A further name by which browsers may call the server; may be repeated.",
        ),
    ] = None,
    forwarded_by: Annotated[
        list[str] | None,
        typer.Option(
            "--forwarded-by",
            metavar="ADDRESS",
            help="Address of a proxy that says whom it forwards a request for; may be repeated.",
        ),
    ] = None,
    log: Annotated[
        Style | None,
        typer.Option(help="Tell each request on stderr, as text or JSON, without what was said."),
    ] = None,
) -> None:
    """Serve the web page until interrupted.

    Other machines are served only once pinpoint access add has named somebody.
    """
    from ui.background import watched
    from ui.web import serve as serve_page

    # A model of its own, so that no question waits for the chunks that are embedded.
    with watched(Pinpoint.open(home)) if watching else nullcontext():
        serve_page(
            Pinpoint.open(home),
            host=host,
            port=port,
            open_browser=browser,
            allowed_hosts=allowed_hosts or (),
            forwarded_by=forwarded_by or (),
            log=log,
        )


app.add_typer(access_cli.app, name="access")


@app.command()
def mcp(home: Home = None) -> None:
    """Answer a program over the Model Context Protocol, on stdin and stdout.

    The program starts it by itself, once it is told the command. `pinpoint serve` answers the
    same at /mcp.
    """
    from ui.asker import Asker
    from ui.mcp_server import build

    pinpoint = Pinpoint.open(home)
    build(pinpoint, Asker(pinpoint)).run("stdio")


migrate_command.add(app)
eval_command.add(app)
receipt_commands.add(app)
worker_command.add(app)
pin_commands.add(app)
calibrate_command.add(app)


def main() -> None:
    """Run the command line."""
    app()
