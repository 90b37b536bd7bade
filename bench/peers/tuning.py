"""Choose each peer's options from its grid, with questions that are not reported."""

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
    """Return the options with the best MRR, the first of equals, and what each of them had."""
    questions = read_questions(peer.collection / "tuning.jsonl")
    tried = []
    for options in peer.module.GRID:
        if not peer.is_indexed(options):
            peer.index(options)
        found = means(per_question(questions, peer.ask(options, "tuning")["rankings"]))
        tried.append({"options": options, "MRR": round(found["MRR"], 4)})
        print(f"{peer.name}: {tried[-1]}", file=sys.stderr)
    best = max(tried, key=lambda each: each["MRR"])
    return {**best, "tried": tried}


def tuned(name: str, file: Path = FILE) -> Options:
    """Return the options chosen for a peer.

    Raises:
        KeyError: none were chosen yet.
    """
    return json.loads(file.read_text("utf-8"))[name]["options"]


def keep(name: str, chosen: dict[str, Any], file: Path = FILE) -> None:
    """Write what was chosen for a peer into the file, beside that of others."""
    old = json.loads(file.read_text("utf-8")) if file.exists() else {}
    content = dict(sorted({**old, name: chosen}.items()))
    file.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
