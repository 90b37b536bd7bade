"""Figures that were measured, kept as data, and whether a new run still gives them.

`measured.json` holds a benchmark's figures with all that they depend on: the command, checksums of
what went in, the number of questions, the machine, the commit and the day.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("measured.json")


class Measured(BaseModel):
    """The figures of one benchmark.

    `inputs` are SHA-256 sums by name: files, models. A new run has drifted where a figure differs
    by more than `tolerance`. Times and sizes depend on the machine, so they are not among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str
    inputs: dict[str, str]
    n: int
    figures: dict[str, float]
    tolerance: float
    hardware: str
    commit: str
    day: str


def measured(
    command: str,
    inputs: Mapping[str, str | Path],
    n: int,
    figures: Mapping[str, float],
    *,
    tolerance: float,
) -> Measured:
    """Return figures of now, with this machine and the commit that is checked out.

    Of an input that is a path, the file's checksum is kept.
    """
    return Measured(
        command=command,
        inputs={
            name: _checksum(each) if isinstance(each, Path) else each
            for name, each in inputs.items()
        },
        n=n,
        figures={name: round(value, 4) for name, value in figures.items()},
        tolerance=tolerance,
        hardware=f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        commit=_git("rev-parse", "--short=12", "HEAD") + ("+" if _changed() else ""),
        day=datetime.now(UTC).date().isoformat(),
    )


def drift(name: str, found: Measured, file: Path = FILE) -> list[str]:
    """Return a line for each figure or input that is not as it was measured before.

    A figure that is missing on either side is named too, and another number of questions.
    """
    known = _read(file)
    if name not in known:
        return [f"{name}: nothing was measured before; keep this with --accept"]
    before = known[name]
    lines = [
        f"{name}: {each} is another one than it was measured with"
        for each in sorted(before.inputs.keys() | found.inputs.keys())
        if before.inputs.get(each) != found.inputs.get(each)
    ]
    if found.n != before.n:
        lines.append(f"{name}: {found.n} were measured, not {before.n}")
    for each in sorted(before.figures.keys() | found.figures.keys()):
        old, new = before.figures.get(each), found.figures.get(each)
        if old is None or new is None:
            lines.append(f"{name}: {each} is {new}, it was {old}")
        elif abs(new - old) > before.tolerance:
            lines.append(f"{name}: {each} is {new:.4f}, it was {old:.4f}")
    return lines


def accept(name: str, found: Measured, file: Path = FILE) -> None:
    """Keep figures as those that were measured."""
    known = _read(file) | {name: found}
    content = {each: known[each].model_dump() for each in sorted(known)}
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def keeping_argument(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return a parser that also takes `--accept`."""
    parser.add_argument("--accept", action="store_true", help="keep the figures as measured")
    return parser


def told(name: str, found: Measured, *, accepted: bool, file: Path = FILE) -> int:
    """Keep figures, or print what has drifted; return the exit status, 1 for drift."""
    if accepted:
        accept(name, found, file)
        return 0
    lines: Sequence[str] = drift(name, found, file)
    print("\n".join(lines) or f"{name}: as measured before")
    return 1 if lines else 0


def _read(file: Path) -> dict[str, Measured]:
    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return {name: Measured.model_validate(each) for name, each in content.items()}


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _changed() -> str:
    """What is not committed, but for the figures, which a run before this one may have kept."""
    return _git("status", "--porcelain", "--", ":/", f":(exclude,top)bench/{FILE.name}")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=FILE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
