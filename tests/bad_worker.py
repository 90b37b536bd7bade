"""A worker whose parser does what the file says: crash, hang, eat memory, raise."""

import os
import time

from index import load, worker
from index.document import Block, Extracted, Location


def parse(content: bytes, stem: str, **options) -> Extracted:
    word = content.decode()
    if word == "crash":
        os.abort()
    if word == "leave":
        os._exit(3)
    if word == "hang":
        time.sleep(600)
    if word == "memory":
        bytearray(4 << 30)
    if word == "raise":
        raise KeyError("no such part")
    if word == "deep":
        return parse(content, stem, **options)
    print("a parser's own words")
    if word == "options":
        word = str(options)
    text = "\udc80" if word == "surrogate" else f"{word} of process {os.getpid()}"
    return Extracted(
        text=text,
        title=stem,
        date=None,
        media_type="application/pdf",
        blocks=(Block(0, 4, ("A", "B"), "row"),),
        locations=(Location(0, 4, "page", "1"),),
        authors="Ada",
        language="en",
        url="https://example.org/",
        layout=b"\x00\xff",
        warnings=("page 2 was left out",),
    )


if __name__ == "__main__":
    load.LOADERS["application/pdf"] = parse
    worker.main()
