"""Run as a program: bring an index up to date together with others, slowly, so as to be killed.

Usage: join HOME FOLDER, or: work HOME. It counts as dead after four seconds, and tells on stdout
what it does.
"""

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fakes import WordEmbedder

from index.milvus import lease
from index.settings import Settings

SECONDS = 4.0
SETTINGS = Settings(embed_batch=8)
DIMENSION = 64
BATCH_SECONDS = 0.4
FAST = WordEmbedder(dimension=DIMENSION)


class SlowEmbedder(WordEmbedder):
    def encode_documents(self, texts):
        time.sleep(BATCH_SECONDS)
        print("embedded", len(texts), flush=True)
        return super().encode_documents(texts)


def told(stage, done, total):
    if stage == "embedding chunks":
        print("changing", done, total, flush=True)


def hurry():
    """Let everything be smaller and sooner, before what depends on it is imported."""
    lease.SECONDS = SECONDS
    lease.lease.__wrapped__.__kwdefaults__["seconds"] = SECONDS
    from index.milvus import shared_embedder

    shared_embedder.SHARE_TEXTS = 32
    shared_embedder.LOOK_SECONDS = 0.5


def main():
    hurry()
    from index import join

    how, home, *folders = sys.argv[1:]
    embedder = SlowEmbedder(dimension=DIMENSION)
    print("ready", Path("/proc/self/ns/net").readlink(), flush=True)
    if how == "work":
        join.work(Path(home), embedder, SETTINGS)
    report = join.joined(Path(home), folders, embedder, SETTINGS, progress=told)
    print("done", report.model_dump_json(), flush=True)


if __name__ == "__main__":
    main()
