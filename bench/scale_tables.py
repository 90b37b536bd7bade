"""The figures of `bench.scale` as Markdown tables."""

from collections.abc import Iterator
from typing import Any

from bench.scale_data import DIMENSION
from bench.scale_measure import ENOUGH

Results = dict[int, dict[str, Any]]
"""Figures by size and by stage."""

NAMES = {
    "faiss-flat": "FAISS flat",
    "lancedb": "LanceDB IVF_PQ",
    "lancedb-sq": "LanceDB IVF_SQ",
    "chroma": "Chroma",
}


def tables(found: Results) -> str:
    """Return four tables: building, serving, how vectors are searched, and all tools beside."""
    parts = (_own, _served, _recall, _beside)
    return "\n\n".join("\n".join(part(found)) for part in parts)


def rows(results: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield tool, options and figures of each search over the vectors of one size."""
    served, size = results["serve"], results["serve"]["status"]["vectors"]
    ours = served["dense"] | {
        "recall": served["recall"],
        "memory": served["memory_dense"],
        "build_seconds": results["build"]["dense"],
        "disk_mb": results["build"]["faiss_mb"] + size * DIMENSION * 4 / 1e6,
    }
    yield "Pinpoint", "", ours
    for tool, name in NAMES.items():
        for row in results.get(tool, {}).get("rows", []):
            yield name, row["options"], results[tool] | row


def equal(results: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each tool once, as it first reaches the recall that is promised (or at its last)."""
    best: dict[str, dict[str, Any]] = {}
    for name, _, row in rows(results):
        if name not in best or best[name]["recall"] < ENOUGH:
            best[name] = row
    yield from best.items()


def _own(found: Results) -> Iterator[str]:
    yield (
        "| passages | store, s | vectors.faiss, s | terms, s | 100 added, s | 100 removed, s "
        "| home, MB | of it vectors.faiss |"
    )
    yield "| ---: " * 8 + "|"
    for size, results in found.items():
        made, update = results["build"], results["update"]
        yield (
            f"| {size:,} | {made['store']:.0f} | {made['dense']:.1f} | {made['lexical']:.1f} "
            f"| {update['add']:.2f} | {update['remove']:.2f} "
            f"| {made['home_mb']:,.0f} | {made['faiss_mb']:,.0f} |"
        )


def _served(found: Results) -> Iterator[str]:
    yield (
        "| passages | opened, s | retrieval p50, ms | p95, ms | resident, MB | of it files "
        "| whole answers p50, ms | p95, ms | resident, MB | of it files |"
    )
    yield "| ---: " * 10 + "|"
    for size, results in found.items():
        served, asked = results["serve"], results["ask"]
        yield (
            f"| {size:,} | {served['load_seconds']:.2f} {_figures(served['retrieve'], served)} "
            f"{_figures(asked, asked)} |"
        )


def _figures(times: dict[str, Any], process: dict[str, Any]) -> str:
    memory = process["memory"]
    return f"| {times['p50']:.1f} | {times['p95']:.1f} | {memory['rss']:.0f} | {memory['file']:.0f}"


def _recall(found: Results) -> Iterator[str]:
    yield "| passages | search | lists | looked into | recall@10, own queries | of the questions |"
    yield "| ---: | --- " + "| ---: " * 4 + "|"
    for size, results in found.items():
        status = results["serve"]["status"]
        yield (
            f"| {size:,} | {status['kind']} | {status['lists'] or ''} | {status['probes'] or ''} "
            f"| {status['recall']:.3f} | {results['serve']['recall']:.3f} |"
        )


def _beside(found: Results) -> Iterator[str]:
    yield (
        "| passages | tool | options | recall@10 | p50, ms | p95, ms | resident, MB "
        "| of it files | build, s | disk, MB |"
    )
    yield "| ---: | --- | --- " + "| ---: " * 7 + "|"
    for size, results in found.items():
        for name, options, row in rows(results):
            memory = row["memory"]
            yield (
                f"| {size:,} | {name} | {options} | {row['recall']:.3f} | {row['p50']:.2f} "
                f"| {row['p95']:.2f} | {memory['rss']:.0f} | {memory['file']:.0f} "
                f"| {row['build_seconds']:.1f} | {row['disk_mb']:,.0f} |"
            )
