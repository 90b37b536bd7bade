"""A server with stand-ins for the models, for tests that end it. Usage: HOME GATE SECONDS

A question with the word "now" is answered once the file GATE is there, which is told on stdout.
"""

import sys
import time
from pathlib import Path

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint
from ui.web import serve


class HeldReader(TermReader):
    """Reads for a question with the word "now" once the gate is there."""

    def __init__(self, gate):
        self._gate = gate

    def read(self, question, passages):
        if "now" in question:  # others are the server's own
            print("reading", question, flush=True)
            while not self._gate.exists():
                time.sleep(0.02)
        return super().read(question, passages)


class HeldEmbedder(WordEmbedder):
    """Embeds documents once the gate is there."""

    def __init__(self, gate):
        super().__init__()
        self._gate = gate

    def encode_documents(self, texts):
        print("embedding", flush=True)
        while not self._gate.exists():
            time.sleep(0.02)
        return super().encode_documents(texts)


def main():
    home, gate, seconds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    import qa.api
    import ui.page

    ui.page.mount = lambda *_: None  # it takes seconds, and nobody looks at it
    qa.api.load_embedder = lambda *_, **__: HeldEmbedder(gate)
    made = Pinpoint(
        home,
        Settings(shutdown_seconds=seconds),
        embedder=HeldEmbedder(gate),
        reader=HeldReader(gate),
    )
    serve(made, host="127.0.0.1", port=0, open_browser=False)


if __name__ == "__main__":
    main()
