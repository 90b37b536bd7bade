"""An embedder for other processes: it embeds as `WordEmbedder`, and dies where a text says so."""

import os
import signal
import time
from pathlib import Path

from fakes import WordEmbedder

from index.embed_source import EmbedSource
from index.errors import ModelError


class FaultyEmbedder(WordEmbedder):
    """Notes each process that embeds, and each that is loaded, as an empty file in the folder."""

    def __init__(self, folder: str, **arguments) -> None:
        super().__init__(**arguments)
        self.folder = Path(folder)
        (self.folder / f"loaded {os.getpid()}").touch()

    def encode_documents(self, texts):
        (self.folder / f"embeds {os.getpid()}").touch()
        for text in texts:
            word, _, name = text.partition(" ")
            if word == "die" or (word == "once" and self._first(name)):
                os.kill(os.getpid(), signal.SIGKILL)
            if word == "gone":
                os.write(2, b"\nno room\nfor it \x1b[1m\n\n")
                os._exit(3)
            if word == "full":
                raise MemoryError
            if word == "raise":
                raise KeyError("no\nsuch weight")
            if word == "hang":
                time.sleep(600)
            if word == "print":
                os.write(1, b"a library's own words\n")
        return super().encode_documents(texts)

    def _first(self, name):
        try:
            (self.folder / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def missing(**_):
    raise ModelError("model x: not installed here")


def source(folder, *, fingerprint="fingerprint of words", loader="FaultyEmbedder"):
    return EmbedSource(
        loader=f"faulty_embedder:{loader}",
        arguments={"folder": str(folder)},
        fingerprint=fingerprint,
    )
