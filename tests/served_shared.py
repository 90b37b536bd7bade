"""A web server with stand-ins for the models, over an index that others share. Usage: HOME"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fakes import TermReader, WordEmbedder

from index.settings import Settings
from qa.api import Pinpoint
from ui.web import serve

SETTINGS = Settings(candidates=1000, requests_per_minute=100_000, questions_per_minute=100_000)


def pinpoint(home):
    embedder = WordEmbedder(dimension=64)
    return Pinpoint(Path(home), SETTINGS, embedder=embedder, reader=TermReader())


if __name__ == "__main__":
    serve(pinpoint(sys.argv[1]), host="127.0.0.1", port=7860, open_browser=False)
