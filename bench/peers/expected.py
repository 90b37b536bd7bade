"""The quality that was measured, as data, and whether a new run still has it."""

import json
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("expected.json")
TOLERANCE = 0.005

Scores = Mapping[str, Mapping[str, float]]
"""A variant's name to its measures."""


def drift(scores: Scores, checksums: Mapping[str, str], file: Path = FILE) -> list[str]:
    """Return a line for each score or file that is not as expected; speed is not compared.

    Variants that were not run are not missed; those that are not expected yet are named.
    """
    expected = json.loads(file.read_text("utf-8"))
    lines = [
        f"{name}.jsonl is another file than the scores were measured on"
        for name, checksum in checksums.items()
        if expected["checksums"][name] != checksum
    ]
    for variant, measures in scores.items():
        if variant not in expected["scores"]:
            lines.append(f"{variant}: no expected scores")
            continue
        for name, value in expected["scores"][variant].items():
            if abs(measures[name] - value) > expected["tolerance"]:
                lines.append(f"{variant}: {name} is {measures[name]:.4f}, expected {value:.4f}")
    return lines


def accept(scores: Scores, checksums: Mapping[str, str], file: Path = FILE) -> None:
    """Write scores as the expected ones; those of variants that were not run stay."""
    old = json.loads(file.read_text("utf-8"))["scores"] if file.exists() else {}
    rounded = {
        variant: {name: round(value, 4) for name, value in measures.items()}
        for variant, measures in scores.items()
    }
    content = {
        "tolerance": TOLERANCE,
        "checksums": dict(checksums),
        "scores": dict(sorted((old | rounded).items())),
    }
    file.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
