"""The command that scores a collection, or the reader alone, on questions with answers."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import InputError
from qa.api import Pinpoint
from qa.receipt_file import check_places, write_text
from ui import show
from ui.options import Home, Json
from ui.progress import progress_bars

_PAGES = (".html", ".htm")
_INTERRUPTED = 130  # as shells have it


def add(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("eval")
    def evaluate(
        file: Annotated[
            Path | None,
            typer.Argument(
                metavar="FILE",
                help="Questions with answers: lines of JSON or a SQuAD file; - reads stdin.",
            ),
        ] = None,
        home: Home = None,
        *,
        abstain: Annotated[
            bool,
            typer.Option(
                "--abstain",
                help="Ask each question again without the documents that answer it; silence is "
                "right then.",
            ),
        ] = False,
        limit: Annotated[
            int | None, typer.Option(metavar="N", help="Take a fixed sample of so many rows.")
        ] = None,
        output: Annotated[
            list[Path] | None,
            typer.Option(
                metavar="FILE",
                help="Also write a report: a page where it ends in .html, else JSON; may be "
                "repeated.",
            ),
        ] = None,
        compare: Annotated[
            Path | None,
            typer.Option(metavar="OTHER", help="Compare with another evaluation, in JSON."),
        ] = None,
        records: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="Keep what became of each question, a line of JSON each, and go on from "
                "there. Default: a file in the home that goes when all is done.",
            ),
        ] = None,
        reader: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="Score the reader alone: a SQuAD file, or lines of JSON with context, "
                "question and answers.",
            ),
        ] = None,
        json: Json = False,
    ) -> None:
        """Score the collection on questions with answers, or the reader alone.

        An evaluation that was stopped goes on when it is called again. Exit status 1 if a quote is
        not what is stored at its place.
        """
        if (file is None) == (reader is None):
            raise typer.BadParameter("give FILE, or --reader FILE")
        if reader is not None:
            if abstain or output or compare or records:
                raise typer.BadParameter("--reader goes with --limit, --home and --json only")
            _reader(reader, home, limit, json=json)
        if file is not None:
            _collection(
                file,
                home,
                limit=limit,
                withhold=abstain,
                records=records,
                output=output or [],
                other=compare,
                json=json,
            )


def _reader(file: Path, home: Path | None, limit: int | None, *, json: bool) -> None:
    from qa.evaluate import evaluate, read_rows

    model = Pinpoint.open(home).span_model()
    result = evaluate(model, read_rows(file), file=str(file), limit=limit)
    typer.echo(result.model_dump_json() if json else show.evaluation(result))


def _collection(
    file: Path,
    home: Path | None,
    *,
    limit: int | None,
    withhold: bool,
    records: Path | None,
    output: list[Path],
    other: Path | None,
    json: bool,
) -> None:
    from qa.evaluation.collection import evaluate_collection
    from qa.evaluation.questions import read_questions
    from qa.evaluation.score import compared, read_scores
    from ui import eval_page, show_evaluation

    check_places(output)
    before = read_scores(other) if other is not None else None
    questions = read_questions(None if str(file) == "-" else file, _bytes(file))
    try:
        with progress_bars() as progress:
            found = evaluate_collection(
                Pinpoint.open(home),
                questions,
                limit=limit,
                withhold=withhold,
                records=records,
                progress=progress,
            )
    except KeyboardInterrupt as error:
        typer.echo("stopped; the same command goes on from here", err=True)
        raise typer.Exit(_INTERRUPTED) from error
    scores = found.scores if before is None else compared(found.scores, before)
    for path in output:
        is_page = path.suffix.lower() in _PAGES
        page = eval_page.html(scores, found.records) if is_page else None
        write_text(path, scores.model_dump_json() + "\n" if page is None else page)
    typer.echo(scores.model_dump_json() if json else show_evaluation.scores(scores))
    found.forget()
    if not scores.exact:
        typer.echo(
            "error: a quote is not what is stored at its place; run: pinpoint check", err=True
        )
        raise typer.Exit(1)


def _bytes(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the name") from error
