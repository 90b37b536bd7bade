"""Count how many sentences of web pages are found unchanged in the same pages in other formats.

    python -m bench.format_sentences [--share /usr/share] [--files 20]

The files are those of `bench.format_speed`. White space is left out of the comparison, and so are
rows of tables, sentences of fewer than six words, and sentences that run into a list or a table.
Each sentence that is missing is printed, up to the character where the texts part.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from bench.format_speed import files_of
from index.document import Extracted
from index.load import load
from index.sentences import split_sentences

KINDS = ("docx", "odt", "rtf", "epub", "pdf")
LEAST_WORDS = 6
_INTO_ANOTHER = re.compile(r"\n\s*\n|:\s*\n")


def packed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def sentences(document: Extracted) -> Iterator[str]:
    """Yield the sentences that are compared."""
    rows = {(block.start, block.end) for block in document.blocks if block.kind == "row"}
    for span in split_sentences(document):
        text = document.text[span.start : span.end]
        inside = any(start <= span.start < end for start, end in rows)
        if not inside and len(text.split()) >= LEAST_WORDS and not _INTO_ANOTHER.search(text):
            yield text


def parted(sentence: str, text: str) -> str:
    """Return the sentence's last characters that the text has, and the first that it has not."""
    end = next(end for end in range(1, len(sentence) + 1) if sentence[:end] not in text)
    return f"{sentence[max(0, end - 20) : end - 1]}|{sentence[end - 1 : end + 10]}"


def main() -> None:
    """Print a line for each kind and one for each sentence that it lacks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=Path, default=Path("/usr/share"), help="where packages lie")
    parser.add_argument("--files", type=int, default=20, help="pages to compare")
    arguments = parser.parse_args()
    pages = [load(*file) for file in files_of("html", arguments.share, arguments.files)]
    wanted = [[packed(sentence) for sentence in sentences(page)] for page in pages]
    for kind in KINDS:
        files = files_of(kind, arguments.share, arguments.files)
        lost = []
        for (path, content), needed in zip(files, wanted, strict=True):
            text = packed(load(path, content).text)
            lost += [f"  {path.name}: {parted(s, text)}" for s in needed if s not in text]
        total = sum(map(len, wanted))
        print(f"{kind:5} {total - len(lost)} of {total}, {1 - len(lost) / total:.2%}")
        print("\n".join(lost))


if __name__ == "__main__":
    main()
