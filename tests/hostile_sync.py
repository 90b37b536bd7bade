"""Run as a program: sync a folder with the fake embedder; print the report and the peak memory."""

import json
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
    for name, whose in (("own", resource.RUSAGE_SELF), ("workers", resource.RUSAGE_CHILDREN)):
        report[f"{name}_peak_kib"] = resource.getrusage(whose).ru_maxrss
    print(json.dumps(report))
