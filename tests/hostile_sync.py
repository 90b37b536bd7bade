"""Run as a program: sync a folder with the fake embedder; print the report and the peak memory."""

import json
import re
import resource
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint

if __name__ == "__main__":
    home, folder = map(Path, sys.argv[1:])
    settings = Settings(extract_processes=2, extract_seconds=10, extract_memory_mb=1024)
    pinpoint = Pinpoint(home, settings, embedder=WordEmbedder(), reader=TermReader())
    report = pinpoint.sync(folder).model_dump()
    # What getrusage says of this process itself counts the test's process that started it too.
    status = Path("/proc/self/status").read_text("utf-8")
    report["own_peak_kib"] = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])
    report["workers_peak_kib"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps(report))
