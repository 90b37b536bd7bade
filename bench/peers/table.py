"""Results as tables in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.peers.scores import MEASURES

Result = Mapping[str, Any]

COLUMNS = {
    "passages a second": ("passages_per_second", "{:.0f}"),
    "p50, ms": ("p50_ms", "{:.1f}"),
    "p95, ms": ("p95_ms", "{:.1f}"),
    "indexing, MB": ("index_mb", "{:,.0f}"),
    "asking, MB": ("ask_mb", "{:,.0f}"),
    "index, MB": ("disk_mb", "{:.1f}"),
    "installed, MB": ("install_mb", "{:,.0f}"),
    "install, s": ("install_seconds", "{:.0f}"),
    "first answer, s": ("first_seconds", "{:.1f}"),
    "fresh machine, s": ("fresh_seconds", "{:.0f}"),
}
"""Heading to a result's key and how it is written."""


def quality(results: Mapping[str, Result]) -> str:
    """Return the table of scores, best MRR first."""
    order = sorted(results, key=lambda name: -results[name]["scores"]["MRR"])
    rows = [
        [name, *(f"{results[name]['scores'][measure]:.3f}" for measure in MEASURES)]
        for name in order
    ]
    return _table(["", *MEASURES], rows)


def differences(results: Mapping[str, Result]) -> str:
    """Return the table of what each differs by from Pinpoint's search, with 95% intervals."""
    compared = {name: each["differences"] for name, each in results.items() if each["differences"]}
    names = list(next(iter(compared.values()), {}))
    rows = [
        [name, *(f"{mean:+.3f} ({low:+.3f} to {high:+.3f})" for mean, low, high in gaps.values())]
        for name, gaps in compared.items()
    ]
    return _table(["", *names], rows)


def costs(results: Mapping[str, Result]) -> str:
    """Return the table of times, memory and sizes."""
    rows = [
        [name, *(form.format(each[key]) for key, form in COLUMNS.values())]
        for name, each in results.items()
    ]
    return _table(["", *COLUMNS], rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *(["---:"] * (len(heads) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
