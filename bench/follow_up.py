"""Ask follow-up questions as typed, as resolved, and written out: is the answering passage found?

    python -m bench.follow_up

The collection is this project's own documents, the questions are `bench/conversations.jsonl`. Every
turn is really asked as the resolver understood it, so what a follow-up refers to is what Pinpoint
answered and not what would have been right. A hit is a passage that holds the whole answer;
`quoted` is the share of turns with the answer in a quote that is shown. The interval is a bootstrap
over conversations, because the turns of one depend on each other.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from bench.conversation_set import (
    KINDS,
    ROOT,
    SPLITS,
    Conversation,
    Turn,
    documents,
    read_conversations,
)
from bench.qa_data import CACHE
from index.store import Store
from qa.api import Pinpoint
from qa.models import Answer
from qa.read import Passage
from qa.retrieve import retrieve

WAYS = {"typed": "as typed", "joined": "joined", "resolved": "resolved", "full": "written out"}
"""How a follow-up is asked; `joined` puts the whole question before in front of it."""

METRICS = ("recall@1", "recall@5", "MRR", "quoted")
ROUNDS, SEED = 10_000, 20261125
FOLLOW_UPS = tuple(kind for kind in KINDS if kind not in ("first", "topic_change"))


class JoinedPast(NamedTuple):
    """What the stand-in resolver keeps of a turn."""

    question: str

    @classmethod
    def of(cls, answer: Answer) -> "JoinedPast":
        """Keep the question as it was understood."""
        return cls(answer.question)


class Joined(NamedTuple):
    """What the stand-in resolver makes of a question, with the fields of `Understood`."""

    asked: str
    question: str
    changed: bool


def join(question: str, turns: Sequence[JoinedPast]) -> Joined:
    """Put the question before in front: what one would do without a resolver."""
    joined = f"{turns[-1].question} {question}" if turns else question
    return Joined(question, joined, joined != question)


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


def rank_of(passages: Sequence[Passage], turn: Turn) -> int | None:
    """Return the rank, from 1, of the first passage that holds the whole answer."""
    path, (start, end) = _place(turn)
    for rank, passage in enumerate(passages, 1):
        inside = passage.start <= start and end <= passage.start + len(passage.text)
        if inside and passage.document.path == path:
            return rank
    return None


def is_quoted(answer: Answer, turn: Turn) -> bool:
    """Tell whether a quote of the answer holds the words that answer."""
    path, (start, end) = _place(turn)
    return any(
        quote.document.path == path and quote.start <= start and end <= quote.end
        for quote in answer.citations
    )


def _place(turn: Turn) -> tuple[str, tuple[int, int]]:
    path = ROOT / turn.document
    return str(path), turn.span(path.read_bytes().decode())


def found(pinpoint: Pinpoint, store: Store, question: str) -> list[Passage]:
    """Return the passages that a question finds, as `Pinpoint.ask` hands them to the reader."""
    return retrieve(
        store,
        pinpoint._dense_index(store),
        pinpoint.embedder.encode_query(question),
        question,
        pinpoint.settings,
        lexical=pinpoint._lexical_index(store),
    )


def converse(
    pinpoint: Pinpoint,
    conversation: Conversation,
    understand: Callable[..., Any],
    past: Callable[[Answer], Any],
) -> list[Outcome]:
    """Ask a conversation's turns one after the other; the first has no outcome."""
    turns: list[Any] = []
    outcomes = []
    for turn in conversation.turns:
        begun = time.perf_counter()
        understood = understand(turn.asked, turns)
        elapsed = time.perf_counter() - begun
        answer = pinpoint.ask(understood.question)
        if turns:
            texts = {
                "typed": turn.asked,
                "joined": f"{turns[-1].question} {turn.asked}",
                "resolved": understood.question,
                "full": turn.full,
            }
            outcomes.append(
                Outcome(
                    conversation.id,
                    conversation.split,
                    turn.kind,
                    understood.question == turn.asked,
                    elapsed * 1000,
                    _ranks(pinpoint, texts, turn),
                    {way: is_quoted(pinpoint.ask(texts[way]), turn) for way in WAYS},
                    texts,
                )
            )
        turns.append(past(answer))
    return outcomes


def _ranks(pinpoint: Pinpoint, texts: dict[str, str], turn: Turn) -> dict[str, int | None]:
    with Store.open(pinpoint.home) as store:
        return {way: rank_of(found(pinpoint, store, texts[way]), turn) for way in WAYS}


def scores(outcomes: Sequence[Outcome], way: str) -> dict[str, float]:
    """Return the mean of each metric of `METRICS`; NaN where there is no turn."""
    return {
        metric: float(np.mean([o.gain(metric, way) for o in outcomes]))
        if outcomes
        else float("nan")
        for metric in METRICS
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


def main() -> None:
    """Print the figures of both splits, or of one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=SPLITS, help="only this half")
    parser.add_argument("--stand-in", action="store_true", help="join questions, resolve nothing")
    parser.add_argument("--missed", action="store_true", help="list what `dev` loses by resolving")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    understand, past = _resolver(stand_in=arguments.stand_in)
    pinpoint = Pinpoint.open(CACHE / "follow_up" / "home")
    pinpoint.sync(documents())
    chosen = [c for c in read_conversations() if arguments.split in (None, c.split)]
    outcomes = []
    for number, conversation in enumerate(chosen, 1):
        outcomes += converse(pinpoint, conversation, understand, past)
        print(f"\r{number}/{len(chosen)} conversations", end="", file=sys.stderr)
    print(file=sys.stderr)
    splits = [split for split in SPLITS if arguments.split in (None, split)]
    figures = {split: report([o for o in outcomes if o.split == split]) for split in splits}
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    state = pinpoint.status().index
    print(f"{len(chosen)} conversations, {state.documents} documents, {state.chunks} chunks")
    for split in splits:
        print("\n" + "\n".join(table(figures[split], split)))
    if arguments.missed:
        print("\n" + "\n".join(missed(outcomes)))


def _resolver(*, stand_in: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    if stand_in:
        return join, JoinedPast.of
    from qa.follow import PastTurn, understand

    return understand, PastTurn.of


if __name__ == "__main__":
    main()
