"""Choose each peer's options from a few, with questions that are not reported."""

import json
import sys
from pathlib import Path
from typing import Any

from bench.peers.collection import read_questions
from bench.peers.peer import Peer
from bench.peers.scores import means, per_question
from bench.peers.task import Options

FILE = Path(__file__).with_name("tuned.json")


def tune(peer: Peer) -> dict[str, Any]:
    """Return the options with the best MRR, and what each that was tried had.

    One option after another is chosen, in the order of the module's `CHOICES`, the others being
    what was chosen before or the first value; equal scores leave the first.
    """
    questions = read_questions(peer.collection / "tuning.jsonl")
    tried: list[dict[str, Any]] = []

    def mrr(options: Options) -> float:
        for each in tried:
            if each["options"] == options:
                return each["MRR"]
        if not peer.is_indexed(options):
            peer.index(options)
        found = means(per_question(questions, peer.ask(options, "tuning")["rankings"]))
        tried.append({"options": options, "MRR": round(found["MRR"], 4)})
        print(f"{peer.name}: {tried[-1]}", file=sys.stderr)
        return tried[-1]["MRR"]

    best = {name: values[0] for name, values in peer.module.CHOICES.items()}
    for name, values in peer.module.CHOICES.items():
        best = max(({**best, name: value} for value in values), key=mrr)
    return {"options": best, "MRR": mrr(best), "tried": tried}


def tuned(name: str, file: Path = FILE) -> Options | None:
    """Return the options chosen for a peer; None if none were yet."""
    chosen = json.loads(file.read_text("utf-8")).get(name) if file.exists() else None
    return chosen["options"] if chosen else None


def keep(name: str, chosen: dict[str, Any], file: Path = FILE) -> None:
    """Write what was chosen for a peer into the file, beside that of others."""
    old = json.loads(file.read_text("utf-8")) if file.exists() else {}
    content = dict(sorted({**old, name: chosen}.items()))
    file.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
