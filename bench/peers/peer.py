"""Run the steps of one peer, each in a process of the peer's own environment."""

import hashlib
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.peers.environments import ROOT, Environment
from bench.peers.task import Options

NAMES = ("pinpoint", "haystack", "txtai", "lancedb", "bm25s", "faiss")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",
}
"""No peer looks for models or tells anybody about its use while it is timed."""


@dataclass(frozen=True)
class Peer:
    """A peer, its environment, and where documents and indexes are.

    Attributes:
        name: That of its module here.
        environment: Its own Python.
        collection: Folder of `documents.jsonl` and the questions.
        homes: Its indexes are below it, one for each way of indexing.
    """

    name: str
    environment: Environment
    collection: Path
    homes: Path

    @cached_property
    def module(self) -> Any:  # noqa: ANN401
        """What says how it is set."""
        return import_module(f"bench.peers.{self.name}")

    def home(self, options: Options) -> Path:
        """Return the folder of the index that these options need."""
        depends = getattr(self.module, "INDEXED", tuple(options))
        chosen = {name: options[name] for name in depends if name in options}
        digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:8]
        return self.homes / self.name / digest

    def index(self, options: Options) -> dict[str, Any]:
        """Index everything anew; `process_seconds` is the whole of it, from start to end."""
        home = self.home(options)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        found = self._step("index", options)
        disk = sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1e6
        (home / "indexed.json").write_text(json.dumps(found), "utf-8")
        return {**found, "disk_mb": disk}

    def is_indexed(self, options: Options) -> bool:
        """Tell whether there is a whole index for these options."""
        return (self.home(options) / "indexed.json").exists()

    def ask(self, options: Options, questions: str = "questions") -> dict[str, Any]:
        """Ask every question of a file; return rankings, seconds and memory."""
        return self._step("ask", options, "--questions", questions)

    def first(self, options: Options) -> dict[str, Any]:
        """Start afresh and ask one question; `process_seconds` is the time to its answer."""
        return self._step("first", options)

    def _step(self, step: str, options: Options, *more: str) -> dict[str, Any]:
        command = [self.environment.python, "-m", f"bench.peers.{self.name}", step]
        command += ["--collection", str(self.collection), "--home", str(self.home(options))]
        command += ["--model", str(self.environment.model), "--options", json.dumps(options), *more]
        started = time.perf_counter()
        done = subprocess.run(
            command, check=False, capture_output=True, cwd=ROOT, env={**os.environ, **OFFLINE}
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            told = done.stderr.decode(errors="replace")[-3000:]
            raise RuntimeError(f"{self.name}: {step} failed with {options}\n{told}")
        return {**json.loads(done.stdout), "process_seconds": seconds}
