"""Hundreds of bad files of every kind, the same for the same seed."""

import random

from tests.good_files import MAKERS, good_files, sentence
from tests.hostile_attacks import markup, outside, zips
from tests.hostile_bombs import bombs, overlong

CUTS = (0.02, 0.1, 0.3, 0.5, 0.75, 0.95)  # of a file's size
FLIPS = (1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)  # bits turned over


def hostile_files(seed, secret):
    """File names, as bytes, to contents.

    Args:
        seed: Decides which bits are turned over.
        secret: Path of a file that the attacks try to read.
    """
    chance = random.Random(seed)
    good = good_files()
    text = {
        **cut_off(good),
        **bits_turned(good, chance),
        **under_other_names(good),
        **bombs(),
        **overlong(),
        **markup(),
        **zips(),
        **outside(secret),
    }
    return {name.encode(): content for name, content in text.items()} | odd_names()


def cut_off(good):
    files = {f"empty.{kind}": b"" for kind in good}
    for kind, content in good.items():
        for share in CUTS:
            files[f"cut-{share}.{kind}"] = content[: int(share * len(content))]
        files[f"headless.{kind}"] = content[len(content) // 3 :]
    return files


def bits_turned(good, chance):
    files = {}
    for kind, content in good.items():
        for number, flips in enumerate(FLIPS):
            files[f"flip-{number}.{kind}"] = turned(content, min(flips, len(content)), chance)
        files[f"noise.{kind}"] = content[:8] + chance.randbytes(2000)
        first = chance.randrange(len(content))
        files[f"hole.{kind}"] = content[:first] + bytes(50) + content[first + 50 :]
    return files


def turned(content, flips, chance):
    damaged = bytearray(content)
    for _ in range(flips):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def under_other_names(good):
    """Every kind under the names of six others, those of the next kinds in the list."""
    kinds = list(good)
    return {
        f"{kind}-as.{kinds[(at + step) % len(kinds)]}": good[kind]
        for at, kind in enumerate(kinds)
        for step in range(1, 7)
    }


def odd_names():
    """Names in other encodings or with characters that no one can see."""
    names = [
        "line\nend.txt",
        "tab\tand\x1b[31mcolour\x07.md",
        "turned\u202efdp.txt",
        "wide\u200b\ufeff.html",
        "e\u0301.txt",
        "\u00e9.txt",
        "data:text,a.txt",
        "-rf.txt",
        "100%00.csv",
        " spaces .txt ",
        "quote\"and'.json",
        "$(id);`id`.md",
        "\U0001f4a1.txt",
        "con.txt",
        "long" * 60 + ".txt",
        "many.pdf.docx.txt",
    ]
    encoded = [name.encode() for name in names]
    encoded += [b"latin-\xe9.txt", b"\xff\xfe.pdf", b"slash-\xc0\xaf.txt", b"half-\xed\xa0\x80.txt"]
    encoded += [b"cut-\xe2\x82.docx", b"sjis-\x93\xfa\x96{.txt"]
    kinds = list(MAKERS)
    return {
        name: MAKERS[kind](f"{sentence(kind)} Its name is odd.")
        for name, kind in zip(encoded, [kinds[at % len(kinds)] for at in range(99)], strict=False)
    }
