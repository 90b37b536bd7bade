"""A real Milvus server for tests, in a network namespace of its own, that can be killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from functools import reduce
from operator import getitem
from pathlib import Path

import yaml
from milvus_binary import UnavailableError, milvus_binary

INSIDE = Path(__file__).with_name("milvus_namespace.py")
PORT, HEALTH_PORT = 19530, 9091
START_SECONDS = 120
QUICK = {
    "common.session.ttl": 10,  # seconds, not 30; so long a killed server holds its collections
    "proxy.timeTickInterval": 50,  # milliseconds, not 200; a read with level Strong waits for one
}


class MilvusServer:
    """A server over `folder`, whose data outlives it. Start it with `with` or `start`.

    `uri` stays the same however often it is killed and started; nothing answers in between.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self._namespace = namespace()
        self._program = milvus_binary()
        self._ports = [free_port(), free_port()]
        self._process = None
        self._write_config()

    @property
    def uri(self):
        return f"http://127.0.0.1:{self._ports[0]}"

    @property
    def health_port(self):
        return self._ports[1]

    @property
    def group(self):
        """The process group of the server, by the id of its first process."""
        return self._process.pid

    @property
    def log(self):
        return self.folder / "server.log"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        """Return when the server is healthy. Raises RuntimeError with the end of its log."""
        listeners = [listening(port) for port in self._ports]
        descriptors = [listener.fileno() for listener in listeners]
        doors = [f"{descriptors[0]}:{PORT}", f"{descriptors[1]}:{HEALTH_PORT}"]
        command = [*self._namespace, sys.executable, str(INSIDE), *doors, "--"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, str(self._program / "bin" / "milvus"), "run", "standalone"],
                cwd=self.folder,
                env=self._environment(),
                pass_fds=descriptors,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        for listener in listeners:
            listener.close()
        self._await_health()

    def kill(self):
        """End the server and all it started at once, as a failing machine would (SIGKILL)."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)
            self._process.wait()
            self._process.stdin.close()
            self._process = None

    def let_go(self):
        """Lose the hold on the server, as the end of this process does; return when it ended."""
        self._process.stdin.close()
        self._process.wait(timeout=START_SECONDS)

    def memory_bytes(self):
        """The resident memory of the server and of what runs it; 0 when it does not run."""
        if self._process is None:
            return 0
        return sum(resident_bytes(pid) for pid in in_group(self.group))

    def _environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LD_LIBRARY_PATH": str(self._program / "bin"),
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(HEALTH_PORT),
            "MILVUS_RUN_DIR": str(self.folder / "run"),
        }

    def _write_config(self):
        places = {
            "etcd_data_dir": "data/etcd",
            "etcd_log_path": "logs/etcd.log",
            "local_storage_dir": "data",
            "rocksmq_data_dir": "data/rocksmq",
            "system_log_path": "logs",
        }
        for place in ("configs", "data", "logs"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        values = {name: str(self.folder / place) for name, place in places.items()}
        template = (self._program / "config.yaml.template").read_text(encoding="utf-8")
        shutil.copy(self._program / "glog.conf", self.folder / "configs" / "glog.conf")
        config = yaml.safe_load(filled(template, values))
        for path, value in QUICK.items():
            *sections, name = path.split(".")
            reduce(getitem, sections, config)[name] = value
        with (self.folder / "configs" / "milvus.yaml").open("w", encoding="utf-8") as file:
            yaml.safe_dump(config, file)

    def _await_health(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if healthy(self.health_port):
                return
            time.sleep(0.05)
        self.kill()
        tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the Milvus server did not start; the end of {self.log}:\n{tail}")


def filled(template, values):
    """The template with each `{{ name(type): default }}` replaced by its value or default."""

    def value(found):
        name, _, default = found[1].partition(":")
        return values.get(re.sub(r"\(\w+\)", "", name).strip(), default.strip())

    return re.sub(r"\{\{(.*?)\}\}", value, template)


def namespace():
    """What to put before a command to give it a network of its own; UnavailableError if none."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "true"], capture_output=True).returncode
        ):
            return command
    raise UnavailableError("Milvus needs a network namespace, and none can be made (unshare -n)")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def listening(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return b"OK" in answer.read()
    except (urllib.error.URLError, OSError):
        return False


def in_group(group):
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                yield int(folder.name)
        except ProcessLookupError:
            continue


def resident_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return 1024 * sum(int(kilobytes) for kilobytes in re.findall(r"VmRSS:\s*(\d+)", status))
