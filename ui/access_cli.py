"""The commands `pinpoint access`: who may use Pinpoint from a browser or a program."""

from pathlib import Path
from typing import Annotated

import typer

from index.errors import InputError
from index.settings import default_home
from ui.access import Access, Entry, check_name
from ui.options import Home, Json
from ui.person import Role
from ui.secret import check_password, new_id, new_token

app = typer.Typer(
    no_args_is_help=True,
    help="Name who may use Pinpoint from a browser or a program, and what they may do.",
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom to let in.")],
    role: Annotated[
        Role, typer.Option(help="ask: ask and read; manage: also add and remove documents.")
    ],
    home: Home = None,
    *,
    token: Annotated[
        bool,
        typer.Option("--token", help="Make a token for a program, and print it this once."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give somebody another secret or role.")
    ] = False,
) -> None:
    """Let somebody in: with a password, which is asked for, or with a token."""
    access = _access(home)
    check_name(name)
    if not replace and any(entry.name == name for entry in access.entries()):
        raise InputError(f"{name} is there already; add --replace, or take another name")
    if token:
        made = new_id()
        secret = new_token(made)
        access.add(name, role, "token", secret, id=made)
        typer.echo(secret)
    else:
        access.add(name, role, "password", _password())
    typer.echo(f"{name} may {_WORDS[role]}", err=True)


@app.command("list")
def list_them(home: Home = None, json: Json = False) -> None:
    """List who may come in; no secret is shown, and none is kept."""
    entries = _access(home).entries()
    if json:
        import json as encoder

        shown = [e.model_dump(mode="json", exclude={"hash", "id"}) for e in entries]
        typer.echo(encoder.dumps({"entries": shown}))
        return
    for entry in entries:
        typer.echo(_line(entry))
    if not entries:
        typer.echo(
            "nobody is named: this machine alone is served, and nobody is asked who they are"
        )


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom to let in no more.")],
    home: Home = None,
) -> None:
    """Let somebody in no more; what they have open ends at once."""
    _access(home).remove(name)
    typer.echo(f"{name} was taken out")


_WORDS = {"ask": "ask", "manage": "ask and manage documents"}


def _access(home: Path | None) -> Access:
    return Access(home or default_home())


def _line(entry: Entry) -> str:
    return f"{entry.name}  {entry.role}  {entry.kind}  {entry.added:%Y-%m-%d}"


def _password() -> str:
    password = str(typer.prompt("Password", hide_input=True, err=True))
    check_password(password)
    if typer.prompt("The same again", hide_input=True, err=True) != password:
        raise InputError("the two passwords differ; try again")
    return password
