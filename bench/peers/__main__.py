"""Pinpoint beside its peers: quality, speed, memory and size, on the same documents and questions.

    python -m bench.peers --data FOLDER [--only NAME ...] [--out FILE.json]

Makes what is missing (environments, collection, indexes) below `bench/cache/peers`, measures each
peer at its documented defaults and with the options in `tuned.json`, one process after another, and
prints tables. Exits with 1 when a score has drifted from bench/measured.json. `--tune` chooses the
options anew; `--accept` keeps this run's scores as those that were measured.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.measured import FILE, keeping_argument, told
from bench.measured import measured as kept
from bench.peers import table, tuning
from bench.peers.collection import SETS, collect, read_questions, write
from bench.peers.environments import ROOT, Environment, environment
from bench.peers.peer import NAMES, Peer
from bench.peers.scores import difference, means, per_question
from bench.peers.task import Options
from bench.qa_data import CACHE, data_argument, read_rows

BASE = "pinpoint"
COMPARED = ("recall@1", "recall@5", "MRR")
READER = ROOT / "qa" / "data" / "reader" / "model.onnx"
TOLERANCE = 0.005


def variants(peer: Peer) -> dict[str, Options]:
    """Return the name and options of each way in which a peer is measured.

    One whose options were not chosen yet is measured at its defaults only.
    """
    own = {peer.name: peer.module.DEFAULT}
    if hasattr(peer.module, "READ"):
        own[f"{peer.name}, after reading"] = peer.module.READ
    chosen = tuning.tuned(peer.name)
    return own if chosen is None else {**own, f"{peer.name}, tuned": chosen}


def measured(peer: Peer, options: Options, indexed: dict[Path, dict]) -> dict[str, Any]:
    """Index, unless another variant has just done the same, then ask; return all figures."""
    if peer.home(options) not in indexed:
        indexed[peer.home(options)] = peer.index(options)
    index = indexed[peer.home(options)]
    asked, first, made = peer.ask(options), peer.first(options), peer.environment
    p50, p95 = np.percentile(asked["seconds"], [50, 95]) * 1000
    return {
        "options": options,
        "models": inputs(made, options),
        "questions": len(asked["rankings"]),
        "rankings": asked["rankings"],
        "passages_per_second": index["documents"] / index["seconds"],
        "index_mb": index["peak_mb"],
        "disk_mb": index["disk_mb"],
        "p50_ms": float(p50),
        "p95_ms": float(p95),
        "ask_mb": asked["peak_mb"],
        "first_seconds": first["process_seconds"],
        "install_seconds": made.seconds,
        "install_mb": made.size_mb,
        "fresh_seconds": made.seconds + index["process_seconds"] + first["process_seconds"],
    }


def scored(results: dict[str, dict], collection: Path) -> None:
    """Put scores, and differences from Pinpoint where it was measured too, into the results."""
    questions = read_questions(collection / "questions.jsonl")
    values = {name: per_question(questions, each["rankings"]) for name, each in results.items()}
    for name, each in results.items():
        each["scores"] = means(values[name])
        others = values.get(BASE) if name != BASE else None
        each["differences"] = (
            {key: difference(values[name][key], others[key]) for key in COMPARED} if others else {}
        )


def machine() -> dict[str, Any]:
    """Return where and when this runs, and how busy it is."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    return {
        "cpu": f"{os.cpu_count()} cores, {model}",
        "load": os.getloadavg(),
        "commit": told.stdout.decode().strip(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def inputs(made: Environment, options: Options) -> dict[str, str]:
    """Return the SHA-256 of the models that a variant uses."""
    models = {"embedder": made.model / "model.safetensors"}
    models |= {"reader": READER} if options.get("read") else {}
    return {
        name: hashlib.sha256(file.read_bytes()).hexdigest()
        for name, file in models.items()
        if file.exists()
    }


def drifted(
    results: dict[str, dict], checksums: dict[str, str], *, accepted: bool, file: Path = FILE
) -> int:
    """Keep the scores, or print what has drifted; return the exit status."""
    status = 0
    for name, each in results.items():
        found = kept(
            "python -m bench.peers --data FOLDER",
            checksums | each["models"],
            each["questions"],
            each["scores"],
            tolerance=TOLERANCE,
        )
        status |= told(f"peers: {name}", found, accepted=accepted, file=file)
    return status


def _arguments() -> argparse.Namespace:
    parser = keeping_argument(data_argument(__doc__ or ""))
    parser.add_argument("--only", choices=NAMES, nargs="+", default=list(NAMES))
    parser.add_argument("--out", type=Path, help="write all figures here, as JSON")
    parser.add_argument("--tune", action="store_true", help="choose the tuned options anew")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and return the exit status."""
    asked = _arguments()
    folder = CACHE / "peers"
    dev, train = (read_rows(asked.data / f"qa-{part}.jsonl.gz") for part in ("dev", "train"))
    checksums = write(collect(dev, train), folder / "collection")
    results: dict[str, dict] = {}
    for name in asked.only:
        made = environment(name, folder / "environments")
        peer = Peer(name, made, folder / "collection", folder / "homes")
        if asked.tune:
            tuning.keep(name, tuning.tune(peer))
        indexed: dict[Path, dict] = {}
        for variant, options in variants(peer).items():
            print(f"{variant}: load {os.getloadavg()[0]:.1f}", file=sys.stderr)
            results[variant] = measured(peer, options, indexed)
    scored(results, folder / "collection")
    content = {"machine": machine(), "checksums": checksums, "sets": SETS, "results": results}
    if asked.out:
        asked.out.write_text(json.dumps(content), "utf-8")
    print(table.quality(results), table.differences(results), table.costs(results), sep="\n\n")
    return drifted(results, checksums, accepted=asked.accept)


if __name__ == "__main__":
    sys.exit(main())
