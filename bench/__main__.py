"""Run every benchmark of quality, one after another; each compares with bench/measured.json.

    python -m bench --data FOLDER [--accept]

Takes less than an hour on two cores. Exit status 1 where one failed or a figure has drifted.
Benchmarks of speed depend on what else the machine does, so they are run by themselves.
"""

import subprocess
import sys
import time

from bench.measured import keeping_argument
from bench.qa_data import data_argument

FOLDER = "FOLDER"
BENCHMARKS = {
    "retrieval": ["--data", FOLDER],
    "reader_quality": ["--data", FOLDER],
    "answer_quality": ["--data", FOLDER, "--limit", "300"],
    "claims": [],
}
"""Module names with their arguments; FOLDER stands for the folder with the files."""


def main() -> int:
    """Run all; go on where one fails."""
    arguments = keeping_argument(data_argument(__doc__ or "")).parse_args()
    failed = []
    folder = str(arguments.data)
    for name, given in BENCHMARKS.items():
        print(f"\n{name}", flush=True)
        began = time.perf_counter()
        command = [sys.executable, "-m", f"bench.{name}"]
        command += [folder if part == FOLDER else part for part in given]
        command += ["--accept"] if arguments.accept else []
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall as measured before")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
