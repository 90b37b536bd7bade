"""docs/python.md is made from the docstrings."""

import subprocess
import sys
from pathlib import Path

import qa

ROOT = Path(__file__).parents[1]
WRITTEN = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_python_reference_is_what_the_docstrings_say():
    command = [sys.executable, "docs/make_python.py"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed == WRITTEN, "out of date; run: make docs"


def test_every_public_name_is_in_it():
    for name in qa.__all__:
        assert f"\nfrom qa import {name}\n" in WRITTEN


def test_methods_stand_with_their_types_arguments_and_errors():
    asked = WRITTEN.partition("#### Pinpoint.ask\n")[2].partition("####")[0]
    assert "    question: str,\n    *,\n    since: date | str | None = None,\n" in asked
    assert ") -> Answer\n" in asked
    assert "- `question`: At most `max_question_chars` characters.\n" in asked
    assert "- `IndexMissingError`: there is no index yet.\n" in asked
    assert "`ask`, `search`, `claims`" in WRITTEN.partition("### AsyncPinpoint\n")[2]


def test_models_stand_with_their_fields():
    cited = WRITTEN.partition("### Citation\n")[2].partition("###")[0]
    assert "```text\nquote: str\nstart: int\nend: int\nanswer: AnswerSpan | None\n" in cited
    found = WRITTEN.partition("### FoundPassage\n")[2].partition("###")[0]
    assert "```text\nquote: str\n" in found  # what it has from Place
    assert "threshold: float | None = None\n    Least confidence of an answer; unset" in WRITTEN
