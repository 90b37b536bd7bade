"""The documents say what is so: commands, options, settings, fields, messages and links exist."""

import hashlib
import os
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest
import typer
from markdown_it import MarkdownIt

from index.load import load
from index.metadata import find_date
from index.sentences import split_sentences
from index.settings import Settings
from qa.models import Answer, Citation, CitedDocument
from ui.cli import app

ROOT = Path(__file__).parents[1]
HANDBOOK = ROOT / "seeds" / "handbook"
BRIEFING = ROOT / "seeds" / "briefing-2023-11-30.md"
TITLES = {
    "add-documents.md": "Add documents",
    "ask.md": "Ask a question",
    "calibrate.md": "Calibrate the confidence",
    "check-a-text.md": "Check a text",
    "conversations.md": "Keep your conversations",
    "documents-page.md": "Documents on the web page",
    "evaluate.md": "Measure how well your documents answer",
    "install.md": "Install Pinpoint",
    "keep-it-safe.md": "Keep the index up to date and safe",
    "kinds-of-questions.md": "Kinds of questions",
    "limits.md": "Limits of Pinpoint",
    "other-programs.md": "Use Pinpoint from other programs",
    "phrasing.md": "Let a model phrase the answer",
    "read-a-citation.md": "Read a citation",
    "pins.md": "Pin questions and test your documents",
    "rebuild.md": "Rebuild the index",
    "receipts.md": "Prove an answer with a receipt",
    "settings.md": "Change the settings",
    "settings-embedding.md": "Settings of embedding with several processes",
    "settings-files.md": "Settings of reading files",
    "settings-milvus.md": "Settings of an index on Milvus",
    "settings-server.md": "Settings of the server",
    "share.md": "Share Pinpoint with others",
    "troubleshooting.md": "Troubleshooting",
}
GUIDES = ["README.md", "CONTRIBUTING.md", "docs/*.md", "docs/examples/*.md", "seeds/handbook/*.md"]
VARIABLES = {
    "PINPOINT_HOME",
    "PINPOINT_PHRASE_KEY",
    "PINPOINT_SCREENSHOTS",
    "PINPOINT_SOURCE_DOCUMENT",
    "PINPOINT_STORE_TOKEN",
}
"""Variables that are no settings."""
LONGEST_COMMON_RUN = 7  # words that the briefing may share with its source

# Read before a fixture clears the environment.
SOURCE_DOCUMENT = os.environ.get("PINPOINT_SOURCE_DOCUMENT")


def guides():
    return sorted({path for pattern in GUIDES for path in ROOT.glob(pattern)})


def markdown_files():
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    others = ("bench/cache/", ".")  # other projects' packages, as in environments of peers
    return sorted(path for path in found if not path.as_posix().startswith(others))


def name(path):
    return path.name


@cache
def tokens(path):
    """All tokens of a Markdown file, those inside a line included."""
    parsed = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def inline_code(path):
    return [token.content for token in tokens(path) if token.type == "code_inline"]


def fences(path, *languages):
    """The contents of fenced code in these languages; all of it if none is named."""
    found = [token for token in tokens(path) if token.type == "fence"]
    return [f.content for f in found if not languages or f.info.strip() in languages]


def shell_words(line):
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return list(lexer)


def pinpoint_commands(line):
    """The arguments of every `pinpoint` in a line of shell, but for `[OPTIONS]` and versions."""
    commands, current = [], None
    for word in shell_words(line.removeprefix("$ ")):
        if re.fullmatch(r"[|&;<>()]+", word):
            current = None
        elif word.rpartition("/")[2] == "pinpoint" and current is None:
            commands.append(current := [])
        elif current is not None:
            current.append(word)
    return [words for words in commands if not words or not re.match(r"[\d[]", words[0])]


def commands_in(path):
    shell = [line for code in fences(path, "sh", "bash", "console", "") for line in lines(code)]
    mentioned = [*inline_code(path), *shell]
    return [words for line in mentioned if "pinpoint" in line for words in pinpoint_commands(line)]


def lines(code):
    """Lines of code; in a transcript only what was typed, continued lines joined."""
    joined = code.replace("\\\n", " ").splitlines()
    typed = [line for line in joined if line.startswith("$ ")]
    return typed or joined


def lone_options_in(path):
    starting = (code.split()[0] for code in inline_code(path) if re.match("--[a-z]", code))
    return set(starting)


@cache
def cli():
    return typer.main.get_command(app)


def options_of(command):
    found = {flag for parameter in command.params for flag in parameter.opts}
    return {flag for flag in found if flag.startswith("--")} | {"--help"}


def every_command():
    """All commands by their words, those of groups included."""
    found = {}
    for name, command in cli().commands.items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {n}": c for n, c in inner.items()} if inner else {name: command}
    return found


def every_option():
    commands = (cli(), *every_command().values())
    return {option for command in commands for option in options_of(command)}


def wrong_usage(words):
    """What is wrong with the arguments of `pinpoint`, or None."""
    command, *rest = words or ["--help"]
    if command.startswith("-"):
        return None if command in options_of(cli()) else f"no option {command}"
    if command in cli().commands and command not in every_command():
        if not rest or rest[0].startswith("["):  # the group as such
            return None
        command, rest = " ".join([command, *rest[:1]]), rest[1:]
    if command not in every_command():
        return f"no command {command}"
    known = options_of(every_command()[command])
    given = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"]
    return next((f"{command} has no option {g}" for g in given if g not in known), None)


def test_the_helpers_see_commands_where_they_are():
    line = '$ A=1 .venv/bin/pinpoint ask "a | b?" --json | jq . && pinpoint status'
    assert pinpoint_commands(line) == [["ask", "a | b?", "--json"], ["status"]]
    assert pinpoint_commands("pinpoint 0.1.0 | pinpoint [OPTIONS] COMMAND") == []
    assert wrong_usage(["ask", "Why?", "--since", "2023-11-01"]) is None
    assert wrong_usage(["ask", "Why?", "--before=2023-11-01"]) == "ask has no option --before"
    assert wrong_usage(["access", "add", "ada", "--token"]) is None
    assert wrong_usage(["access", "list", "--token"]) == "access list has no option --token"
    assert wrong_usage(["access", "grant"]) == "no command access grant"
    assert wrong_usage(["search"]) == "no command search"
    assert wrong_usage(["--verbose"]) == "no option --verbose"


@pytest.mark.parametrize("path", guides(), ids=name)
def test_every_command_and_option_mentioned_exists(path):
    wrong = {" ".join(words): wrong_usage(words) for words in commands_in(path)}
    assert {command: why for command, why in wrong.items() if why} == {}
    assert lone_options_in(path) - every_option() == set()


def test_the_handbook_shows_every_command_and_option():
    shown = [words for page in TITLES for words in commands_in(HANDBOOK / page)]
    assert set(every_command()) == {
        *("index", "watch", "ask", "eval", "status", "remove", "serve", "worker"),
        *("check", "backup", "restore", "migrate", "mcp", "claims", "verify"),
        *("pin", "pins", "unpin", "calibrate"),
        *("access add", "access list", "access remove"),
    }
    named = {word for words in shown for word in (*words[:1], " ".join(words[:2]))}
    assert set(every_command()) - named == set()
    assert every_option() - {word for words in shown for word in words} == set()


@pytest.mark.parametrize("path", guides(), ids=name)
def test_every_setting_mentioned_exists(path):
    text = path.read_text(encoding="utf-8")
    variables = set(re.findall(r"\bPINPOINT_[A-Z_]*[A-Z]\b", text)) - VARIABLES
    named = {variable.removeprefix("PINPOINT_").lower() for variable in variables}
    for listed in re.findall(r"\bsettings? ((?:`[a-z_]+`(?:, | and | or )?)+)", text):
        named |= set(re.findall(r"[a-z_]+(?=`)", listed))
    assert named - set(Settings.model_fields) == set()
    for example in fences(path, "toml"):
        Settings.model_validate(tomllib.loads(example))


def test_the_settings_pages_give_every_setting_with_its_default():
    pages = sorted(HANDBOOK.glob("settings*.md"))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    stated = dict(re.findall(r"^The setting `(\w+)` .* its default is `(.+)`\.$", text, re.M))
    unset = re.findall(r"^The setting `(\w+)` .* unset by default", text, re.M)
    defaults = {setting: field.default for setting, field in Settings.model_fields.items()}
    written = {k: str(v).lower() if v is False else str(v) for k, v in defaults.items()}
    assert stated == {k: v for k, v in written.items() if defaults[k] is not None}
    assert sorted(unset) == sorted(k for k, v in defaults.items() if v is None)


@pytest.mark.parametrize(
    ("page", "beginning", "model"),
    [
        ("ask.md", "The JSON object has the fields", Answer),
        ("read-a-citation.md", "A citation has the fields", Citation),
        (
            "read-a-citation.md",
            "The field `document` of a citation has the fields",
            CitedDocument,
        ),
    ],
)
def test_fields_are_those_of_the_models(page, beginning, model):
    text = (HANDBOOK / page).read_text(encoding="utf-8")
    (sentence,) = re.findall(rf"^{re.escape(beginning)} (.*)$", text, re.M)
    assert re.findall(r"`(\w+)`", sentence) == list(model.model_fields)


def test_every_message_in_troubleshooting_stands_in_the_code():
    text = (HANDBOOK / "troubleshooting.md").read_text(encoding="utf-8")
    messages = re.findall(r"^The (?:error|cause) `([^`]+)`", text, re.M)
    folders = ("index", "qa", "ui")
    code = "\n".join(
        f.read_text("utf-8") for folder in folders for f in ROOT.glob(f"{folder}/**/*.py")
    )
    assert len(messages) > 10
    assert [message for message in messages if message not in code] == []


@pytest.mark.parametrize("path", markdown_files(), ids=str)
def test_every_relative_link_leads_to_a_file(path):
    targets = [
        token.attrs.get("href") or token.attrs.get("src")
        for token in tokens(ROOT / path)
        if token.type in ("link_open", "image")
    ]
    relative = [t.partition("#")[0] for t in targets if t and not re.match(r"[a-z]+:", t)]
    assert [t for t in relative if t and not (ROOT / path.parent / t).exists()] == []


def test_the_handbook_has_these_pages():
    assert sorted(path.name for path in HANDBOOK.iterdir()) == sorted(TITLES)


@pytest.mark.parametrize("page", TITLES)
def test_a_handbook_page_loads_with_its_title(page):
    document = load(HANDBOOK / page, (HANDBOOK / page).read_bytes())
    assert document.title == TITLES[page]
    assert document.text.startswith(f"# {TITLES[page]}\n")
    assert document.date is None
    assert {block.kind for block in document.blocks} <= {"text", "code"}


@pytest.mark.parametrize("page", TITLES)
def test_each_sentence_of_the_handbook_can_be_quoted_alone(page):
    document = load(HANDBOOK / page, (HANDBOOK / page).read_bytes())
    sentences = [document.text[s.start : s.end] for s in split_sentences(document)]
    assert 15 <= len(sentences) <= 40
    leans_on_another = re.compile(r"(?:It|This|That|These|Those|They|He|She|Then|There)\b")
    assert [s for s in sentences if leans_on_another.match(s)] == []
    whole = re.compile(r'[A-Z"][^\n]*(?:[.]|:\n\n```.*)', re.S)
    assert [s for s in sentences if not whole.fullmatch(s)] == []
    assert [s for s in sentences if "```" not in s and len(s.split()) > 45] == []


def test_the_ways_to_check_a_citation_print_the_quote(pinpoint, folder, monkeypatch, capsys):
    note = folder / "note.md"
    note.write_bytes("# Zoë\r\n\r\nThe café opens at nine. Tea is free.\r\n".encode())
    pinpoint.sync(folder)
    monkeypatch.setenv("PINPOINT_HOME", str(pinpoint.home))
    monkeypatch.delenv("PINPOINT_SOURCE_DOCUMENT", raising=False)  # would be no setting
    sha256 = hashlib.sha256(note.read_bytes()).hexdigest()
    with_pinpoint, without = fences(HANDBOOK / "read-a-citation.md", "python")
    assert [len([*filter(None, code.splitlines())]) for code in (with_pinpoint, without)] == [3, 3]
    values = {"the SHA-256 of the citation": sha256, "120:157": "9:32", "notes.md": str(note)}
    for code, printed in ((with_pinpoint, str(note.resolve())), (without, sha256)):
        filled = code
        for placeholder, value in values.items():
            filled = filled.replace(placeholder, value)
        exec(filled, {})
        assert capsys.readouterr().out == f"{printed} The café opens at nine.\n"


def test_the_briefing_is_dated_and_titled():
    document = load(BRIEFING, BRIEFING.read_bytes())
    assert document.title == "Briefing on the United States and Iran"
    assert document.date == "2023-11-30"


@pytest.mark.parametrize(
    "sentence",
    [
        "Militias backed by Iran have been attacking US troops in Iraq and Syria for more than "
        "seven weeks.",
        "Vali Nasr is a professor at Johns Hopkins University and an expert on Iran.",
        "To deter Iran, the Pentagon has sent additional forces, among them aircraft carriers, "
        "warships and warplanes.",
        "Hossein Amir Abdollahian, the foreign minister of Iran, accused the US of wanting the "
        "conflict to intensify, and pointed to American support for Israel.",
    ],
)
def test_the_briefing_answers_in_one_sentence(sentence):
    document = load(BRIEFING, BRIEFING.read_bytes())
    sentences = [document.text[s.start : s.end] for s in split_sentences(document)]
    assert sentences.count(sentence) == 1


def source_documents():
    named = [Path(SOURCE_DOCUMENT)] if SOURCE_DOCUMENT else []
    found = named or sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    if not found:
        pytest.skip("no source document; name it in PINPOINT_SOURCE_DOCUMENT")
    return [path.read_text(encoding="utf-8") for path in found]


def plain_words(text):
    """Words in lower case; `U.S.` is `us`, so that a dot hides no copied run."""
    return re.findall(r"\w+", re.sub(r"(?<=\b\w)\.", "", text).replace("’", "'").lower())


def longest_common_run(one, other):
    """The length of the longest run of words that both lists hold."""
    longest, before = 0, [0] * (len(other) + 1)
    for word in one:
        row = [0]
        row += [before[i] + 1 if word == met else 0 for i, met in enumerate(other)]
        longest, before = max(longest, *row), row
    return longest


def test_the_longest_common_run_is_counted_in_words():
    one = plain_words("He accuses the U.S. of nothing at all.")
    assert one == ["he", "accuses", "the", "us", "of", "nothing", "at", "all"]
    assert longest_common_run(one, plain_words("Accused: the US of nothing. At last")) == 5
    assert longest_common_run(one, ["x"]) == 0


def test_the_briefing_copies_no_long_run_of_words_from_its_source():
    briefing = plain_words(BRIEFING.read_text(encoding="utf-8"))
    runs = [longest_common_run(briefing, plain_words(text)) for text in source_documents()]
    assert max(runs) <= LONGEST_COMMON_RUN


def test_the_briefing_keeps_the_date_and_the_names_of_its_source():
    briefing = BRIEFING.read_text(encoding="utf-8")
    source = next((s for s in source_documents() if find_date(s) == "2023-11-30"), None)
    assert source is not None
    names = set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+|(?<=[A-Z][a-z]{4} )[A-Z][a-z]+", source))
    assert len(names) > 20
    assert sorted(n for n in names if n not in briefing) == ["Foreign", "Minister"]  # a title
