import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ARGUMENTS = ["ui.cli", "utils", "docs", "--name", "pinpoint", "--title", "The pinpoint command"]


def test_the_command_reference_is_what_help_says():
    command = [sys.executable, "-m", "typer", *ARGUMENTS]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written.strip() == printed.strip(), "out of date; run: make docs"
