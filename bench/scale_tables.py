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
    """Return three tables: Pinpoint alone, how it searches, and all tools on the vectors."""
    return "\n".join([*_own(found), "", *_recall(found), "", *_beside(found)])


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
        "| passages | store, s | vectors.faiss, s | 100 added, s | 100 removed, s | home, MB "
        "| of it vectors.faiss | opened, s | resident, MB | of it files | retrieval p50, ms "
        "| p95, ms |"
    )
    yield "| ---: " * 12 + "|"
    for size, results in found.items():
        made, served, update = results["build"], results["serve"], results["update"]
        memory, times = served["memory"], served["retrieve"]
        yield (
            f"| {size:,} | {made['store']:.0f} | {made['dense']:.1f} | {update['add']:.2f} "
            f"| {update['remove']:.2f} | {made['home_mb']:,.0f} | {made['faiss_mb']:,.0f} "
            f"| {served['load_seconds']:.2f} | {memory['rss']:.0f} | {memory['file']:.0f} "
            f"| {times['p50']:.1f} | {times['p95']:.1f} |"
        )


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
