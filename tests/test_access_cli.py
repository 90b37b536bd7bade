"""The commands `pinpoint access`."""

import json
import re

import pytest
from doors import PASSWORD

from ui.access import Access
from ui.secret import matches


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def access(run, home):
    def access(*arguments, typed=()):
        return run("access", *arguments, "--home", home, stdin="".join(f"{t}\n" for t in typed))

    return access


def test_a_password_is_asked_for_twice_and_never_shown(access, home):
    code, out, err = access("add", "ada", "--role", "ask", typed=[PASSWORD, PASSWORD])
    assert (code, out.strip()) == (0, "")  # the runner's stand-in for the terminal writes ends
    assert err.splitlines()[-1].endswith("ada may ask")
    assert PASSWORD not in err
    (ada,) = Access(home).entries()
    assert (ada.name, ada.role, ada.kind) == ("ada", "ask", "password")
    assert matches(ada.hash, PASSWORD)


def test_a_token_is_printed_once(access, home):
    code, out, err = access("add", "script", "--role", "manage", "--token")
    assert (code, err) == (0, "script may ask and manage documents\n")
    assert re.fullmatch(r"pp_[0-9a-f]{16}_[\w-]{43}\n", out)
    (entry,) = Access(home).entries()
    assert entry.kind == "token"
    assert out.startswith(f"pp_{entry.id}_")
    assert matches(entry.hash, out.strip())
    assert out.strip() not in access("list")[1]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["short", "short"], "error: a password has 12 to 1024 characters; choose another, such"),
        ([PASSWORD, f"{PASSWORD}!"], "error: the two passwords differ; try again"),
    ],
)
def test_a_password_that_cannot_be_taken(access, home, typed, told):
    code, out, err = access("add", "ada", "--role", "ask", typed=typed)
    assert (code, out.strip()) == (2, "")
    assert told in err
    assert not home.exists()


def test_a_name_that_is_taken_is_kept_unless_asked(access, home):
    access("add", "ada", "--role", "ask", "--token")
    before = Access(home).entries()
    assert access("add", "ada", "--role", "manage", "--token") == (
        2,
        "",
        "error: ada is there already; add --replace, or take another name\n",
    )
    assert Access(home).entries() == before
    assert access("add", "ada", "--role", "manage", "--token", "--replace")[0] == 0
    (ada,) = Access(home).entries()
    assert ada.role == "manage"


def test_who_is_there_is_listed_without_secrets(access, home):
    assert access("list") == (
        0,
        "nobody is named: this machine alone is served, and nobody is asked who they are\n",
        "",
    )
    access("add", "zoe", "--role", "manage", "--token")
    access("add", "ada", "--role", "ask", typed=[PASSWORD, PASSWORD])
    ada, zoe = Access(home).entries()
    assert access("list") == (
        0,
        f"ada  ask  password  {ada.added:%Y-%m-%d}\nzoe  manage  token  {zoe.added:%Y-%m-%d}\n",
        "",
    )
    _, out, _ = access("list", "--json")
    assert [set(entry) for entry in json.loads(out)["entries"]] == [
        {"name", "role", "kind", "added"}
    ] * 2


def test_somebody_is_taken_out(access, home):
    access("add", "ada", "--role", "ask", "--token")
    assert access("remove", "ada") == (0, "ada was taken out\n", "")
    assert Access(home).entries() == ()
    assert access("remove", "ada") == (
        2,
        "",
        f"error: nobody is called ada in {home / 'access.json'}; see pinpoint access list\n",
    )


@pytest.mark.parametrize("arguments", [["add", "ada"], ["add", "ada", "--role", "all"], ["grant"]])
def test_wrong_usage(access, arguments):
    assert access(*arguments)[0] == 2
