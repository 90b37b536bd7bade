"""What came of asking follow-ups in several ways: means, an interval, tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.conversation_set import KINDS

WAYS = {"typed": "as typed", "joined": "joined", "resolved": "resolved", "full": "written out"}
"""How a follow-up is asked; `joined` puts the whole question before in front of it."""

METRICS = ("recall@1", "recall@5", "MRR", "quoted")
ROUNDS, SEED = 10_000, 20261125
FOLLOW_UPS = tuple(kind for kind in KINDS if kind not in ("first", "topic_change"))


@dataclass(frozen=True)
class Outcome:
    """How a turn went for each way of `WAYS`.

    `ranks` has the rank of the passage that answers, or None, `quoted` whether a quote that is
    shown holds the answer.
    """

    conversation: str
    split: str
    kind: str
    untouched: bool
    milliseconds: float
    ranks: dict[str, int | None]
    quoted: dict[str, bool]
    texts: dict[str, str]

    def gain(self, metric: str, way: str) -> float:
        """Return what this turn adds to a metric, 0 to 1; nothing found counts 0."""
        rank = self.ranks[way]
        if metric == "quoted":
            return float(self.quoted[way])
        if rank is None:
            return 0.0
        return 1 / rank if metric == "MRR" else float(rank <= int(metric.removeprefix("recall@")))


def scores(outcomes: Sequence[Outcome], way: str) -> dict[str, float]:
    """Return the mean of each metric of `METRICS`, 0 to 1; there must be a turn."""
    return {
        metric: sum(o.gain(metric, way) for o in outcomes) / len(outcomes) for metric in METRICS
    }


def difference(
    outcomes: Sequence[Outcome], metric: str, *, rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """Return how much better resolved questions do than written out ones, and the 95% interval.

    Whole conversations are drawn with replacement; the interval runs between percentiles.
    """
    groups: dict[str, list[float]] = {}
    for outcome in outcomes:
        gain = outcome.gain(metric, "resolved") - outcome.gain(metric, "full")
        groups.setdefault(outcome.conversation, []).append(gain)
    sums = np.array([sum(group) for group in groups.values()])
    sizes = np.array([len(group) for group in groups.values()])
    drawn = np.random.default_rng(SEED).integers(len(sums), size=(rounds, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(sums.sum() / sizes.sum()), float(low), float(high)


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of a split: scores by kind and way, the interval, what was untouched."""
    follow_ups = [outcome for outcome in outcomes if outcome.kind in FOLLOW_UPS]
    changes = [outcome for outcome in outcomes if outcome.kind == "topic_change"]
    groups = {kind: [o for o in outcomes if o.kind == kind] for kind in FOLLOW_UPS}
    groups |= {"all follow-ups": follow_ups, "topic_change": changes}
    times = [outcome.milliseconds for outcome in outcomes]
    return {
        "kinds": {
            name: {"n": len(group)} | {way: scores(group, way) for way in WAYS}
            for name, group in groups.items()
            if group
        },
        "resolved less written out": {m: difference(follow_ups, m) for m in METRICS},
        "topic changes untouched": float(np.mean([o.untouched for o in changes])),
        "follow-ups untouched": float(np.mean([o.untouched for o in follow_ups])),
        "ms": {"median": float(np.median(times)), "p95": float(np.percentile(times, 95))},
    }


def table(figures: dict[str, Any], split: str) -> list[str]:
    """Return the lines of a split's report, in Markdown."""
    lines = [f"Each cell: {' / '.join(WAYS.values())}.", ""]
    lines.append(f"| {split} | n | " + " | ".join(METRICS) + " |")
    lines.append("| --- | ---: |" + " --- |" * len(METRICS))
    for name, row in figures["kinds"].items():
        cells = [" / ".join(f"{row[way][metric]:.2f}" for way in WAYS) for metric in METRICS]
        lines.append(f"| {name.replace('_', ' ')} | {row['n']} | " + " | ".join(cells) + " |")
    lines.append("")
    for metric, (mean, low, high) in figures["resolved less written out"].items():
        interval = f"95% interval {low:+.3f} to {high:+.3f}"
        lines.append(f"{metric}, resolved less written out: {mean:+.3f} ({interval})")
    lines.append(
        f"Left untouched: {figures['topic changes untouched']:.1%} of the topic changes, "
        f"{figures['follow-ups untouched']:.1%} of the follow-ups."
    )
    times = figures["ms"]
    lines.append(
        f"Resolving takes {times['median']:.2f} ms at the median, {times['p95']:.2f} ms at the 95th"
        " percentile."
    )
    return lines


def missed(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the development turns that are found written out but not as resolved, among five."""
    lines = []
    for o in outcomes:
        worse = o.gain("recall@5", "resolved") < o.gain("recall@5", "full")
        if o.split == "dev" and worse:
            ranks = f"{o.ranks['resolved']} for {o.ranks['full']}"
            lines.append(f"{o.conversation} {o.kind}, rank {ranks}: {o.texts['typed']}")
            lines += [f"    resolved: {o.texts['resolved']}", f"    meant:    {o.texts['full']}"]
    return lines
