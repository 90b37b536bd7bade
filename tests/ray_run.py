"""Run as a program: embed with a Ray of this machine, one of whose processes is killed amid it."""

import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import psutil
from fakes import WordEmbedder
from faulty_embedder import source

from index.ray_embedder import RayEmbedder

TEXTS = [f"text {number} of a few words" for number in range(24)]
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def listening_elsewhere():
    """Addresses other than loopback on which this process and its children listen."""
    me = psutil.Process()
    found = [c for p in (me, *me.children(recursive=True)) for c in p.net_connections("tcp")]
    return [c.laddr for c in found if c.status == "LISTEN" and c.laddr.ip not in LOOPBACK]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    inner, texts = WordEmbedder(), [*TEXTS[:10], "once killed", *TEXTS[10:]]
    with RayEmbedder(
        inner, lambda: source(folder), address="local", processes=2, batch_size=2
    ) as embedder:
        vectors = embedder.encode_documents(texts)
        elsewhere = listening_elsewhere()
    print(
        json.dumps(
            {
                "equal": vectors.tolist() == WordEmbedder().encode_documents(texts).tolist(),
                "here": len(inner.embedded),
                "killed": (folder / "killed").exists(),
                "loaded": len(list(folder.glob("loaded *"))),
                "listening_elsewhere": elsewhere,
            }
        )
    )
