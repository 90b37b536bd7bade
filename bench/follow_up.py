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
from functools import cache
from typing import Any, NamedTuple

from bench.conversation_set import (
    ROOT,
    SPLITS,
    Conversation,
    Turn,
    documents,
    read_conversations,
)
from bench.follow_up_scores import WAYS, Outcome, missed, report, table
from bench.qa_data import CACHE
from index.sqlite_store import SqliteStore
from index.store import Store
from qa.api import Pinpoint
from qa.context import Context
from qa.models import Answer
from qa.read import Passage
from qa.retrieve import Spoken, retrieve


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


def found(
    pinpoint: Pinpoint, store: Store, question: str, context: Context | None = None
) -> list[Passage]:
    """Return the passages that a question finds, as `Pinpoint.ask` hands them to the reader."""
    spoken = context and Spoken(context, pinpoint.embedder.encode_query(context.words))
    return retrieve(
        store,
        pinpoint._search(store),
        pinpoint.embedder.encode_query(question),
        question,
        pinpoint.settings,
        spoken=spoken,
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
    ask = cache(pinpoint.ask)
    for turn in conversation.turns:
        begun = time.perf_counter()
        understood = understand(turn.asked, turns)
        elapsed = time.perf_counter() - begun
        context = Context.of(turn.asked, turns) if understand is not join else None
        answer = ask(understood.question, context=context)
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
                    _ranks(pinpoint, texts, turn, context),
                    {
                        way: is_quoted(answer if way == "resolved" else ask(texts[way]), turn)
                        for way in WAYS
                    },
                    texts,
                )
            )
        turns.append(past(answer))
    return outcomes


def _ranks(
    pinpoint: Pinpoint, texts: dict[str, str], turn: Turn, context: Context | None
) -> dict[str, int | None]:
    with SqliteStore.open(pinpoint.home) as store:
        passages = {
            way: found(pinpoint, store, texts[way], context if way == "resolved" else None)
            for way in WAYS
        }
        return {way: rank_of(passages[way], turn) for way in WAYS}


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
