"""The command `pinpoint claims`."""

import json

import pytest

DRAFT = "Hello!\n\nThe gate opens at ten. The gate opens at nine. The gate was painted red.\n"


@pytest.fixture
def home(run, folder, tmp_path):
    (folder / "gate.md").write_text("# Harbour\n\nThe gate opens at nine.\n")
    assert run("index", folder, "--home", tmp_path / "home")[0] == 0
    return tmp_path / "home"


@pytest.fixture
def draft(tmp_path):
    file = tmp_path / "draft.md"
    file.write_text(DRAFT)
    return file


def test_each_sentence_is_shown_with_its_quote(run, home, draft, folder):
    code, out, _ = run("claims", draft, "--home", home)
    quoted = [
        "    “The gate opens at nine.”",
        "    [1] Harbour",
        f"        {folder / 'gate.md'}:11-34",
        "",
    ]
    assert code == 0
    assert out.splitlines() == [
        "· no claim: Hello!",
        "",
        "✗ contradicted: The gate opens at ten.",
        "    nine in the document, ten in the text",
        *quoted,
        "✓ supported: The gate opens at nine.",
        *quoted,
        "? no support: The gate was painted red.",
        "    not found: painted, red",
        "    nearest:",
        *quoted,
        "1 supported, 1 contradicted, 1 no support, 1 no claim",
    ]


def test_json_and_standard_input(run, home):
    code, out, _ = run("claims", "-", "--home", home, "--json", stdin="The gate opens at nine.")
    found = json.loads(out)
    assert code == 0
    assert found["counts"] == {"supported": 1, "contradicted": 0, "unsupported": 0, "no_claim": 0}
    assert found["claims"][0]["citations"][0]["quote"] == "The gate opens at nine."


@pytest.mark.parametrize(
    ("text", "code"), [("Hello! The gate opens at nine.", 0), ("The gate opens at ten.", 1)]
)
def test_the_exit_status_tells_whether_all_is_supported(run, home, text, code):
    assert run("claims", "-", "--home", home, "--exit-code", stdin=text)[0] == code
    assert run("claims", "-", "--home", home, stdin=text)[0] == 0


def test_bounds_hold(run, home, draft):
    code, out, _ = run("claims", draft, "--home", home, "--kind", "pdf")
    assert code == 0
    assert "0 supported" in out
    assert "    nothing like it was found" in out


def test_wrong_usage(run, home, tmp_path):
    code, _, err = run("claims", tmp_path / "gone.md", "--home", home)
    assert code == 2
    assert err == (
        f"error: {tmp_path / 'gone.md'}: No such file or directory; name a file that can be read\n"
    )


def test_no_document_steers_the_terminal(run, home):
    _, out, _ = run("claims", "-", "--home", home, stdin="The gate opens \x1b[31m at nine.")
    assert "\x1b" not in out
