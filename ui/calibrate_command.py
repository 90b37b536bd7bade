"""The command that calibrates confidence."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from index.errors import PinpointError
from index.report import Progress
from qa.api import Pinpoint
from qa.calibration.models import CalibrationReport
from qa.receipt_file import check_places, write_text
from ui import show
from ui.options import Home, Json
from ui.progress import progress_bars


def add(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def calibrate(
        files: Annotated[
            list[Path] | None,
            typer.Argument(
                metavar="FILE",
                help="Questions with their answers, as pinpoint eval takes them; besides those "
                "that are pinned, and answers that are rated on the page.",
            ),
        ] = None,
        home: Home = None,
        *,
        risk: Annotated[
            float, typer.Option(metavar="SHARE", help="Share of given answers that may be wrong.")
        ] = 0.1,
        min_coverage: Annotated[
            float, typer.Option(metavar="SHARE", help="Share of questions that must be answered.")
        ] = 0.0,
        unanswerable: Annotated[
            float,
            typer.Option(
                metavar="SHARE",
                help="Share of questions that the documents are taken not to answer.",
            ),
        ] = 0.25,
        show: Annotated[
            bool, typer.Option("--show", help="Show the calibration that is stored; ask nothing.")
        ] = False,
        remove: Annotated[
            bool, typer.Option("--remove", help="Take away the calibration that is stored.")
        ] = False,
        html: Annotated[
            Path | None,
            typer.Option("--html", metavar="FILE", help="Also write what was found as a page."),
        ] = None,
        json: Json = False,
    ) -> None:
        """Turn confidence into a probability that holds on your documents, and set the threshold.

        Asks your labelled questions and some that the documents do not answer. Exit status 1 if
        no threshold keeps the risk; then nothing is stored.
        """
        if show + remove + bool(files) > 1:
            raise typer.BadParameter("give only one of FILE, --show and --remove")
        check_places([] if html is None else [html])
        pinpoint = Pinpoint.open(home)
        if remove:
            gone = pinpoint.remove_calibration()
            typer.echo("calibration removed" if gone else "there was no calibration")
            return
        if show:
            found = pinpoint.calibration()
            if found is None:
                raise PinpointError(
                    f"there is no calibration in {pinpoint.home}; make one with: pinpoint calibrate"
                )
        else:
            with progress_bars() as progress:
                found = pinpoint.calibrate(
                    files or (),
                    risk=risk,
                    min_coverage=min_coverage,
                    unanswerable=unanswerable,
                    progress=_asking(progress),
                )
        _tell(found, html, json=json)


def _asking(progress: Progress) -> Callable[[int, int], None]:
    return lambda done, total: progress("asking questions", done, total)


def _tell(found: CalibrationReport, html: Path | None, *, json: bool) -> None:
    from ui import calibration_page, show_calibration

    told = show.printable(show_calibration.report(found))
    typer.echo(found.model_dump_json() if json else told)
    if html is not None:
        write_text(html, calibration_page.html(found))
    if found.chosen is None:
        typer.echo(f"error: {show_calibration.none_chosen(found)}", err=True)
        raise typer.Exit(1)
