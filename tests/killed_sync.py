"""Run as a program: sync a folder slowly with the fake embedder, so that it can be killed."""

import os
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fakes import WordEmbedder

from index.settings import Settings
from index.sync import sync


class SlowEmbedder(WordEmbedder):
    def encode_documents(self, texts):
        time.sleep(0.01)
        return super().encode_documents(texts)


if __name__ == "__main__":
    home, folder = map(Path, sys.argv[1:])
    if "PINPOINT_STORE" in os.environ:  # its library takes seconds
        import index.milvus.driver

        index.milvus.driver.pymilvus()
    print("ready", flush=True)
    sync(home, [folder], SlowEmbedder(), Settings(embed_batch=4))
    print("done", flush=True)
    time.sleep(60)
