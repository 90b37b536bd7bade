"""Ask questions of every kind, of documents written for it, and count the right answers by kind.

    python -m bench.kind_questions [--set second] [--misses]

The documents are in `tests/data/kinds`, the questions in `bench/kind_questions.tsv`. Those of the
set `second` are in `kinds-second` and `kind_questions_second.tsv`: they were written when the code
was done, and 38 of the 50 were right; some of what they showed was mended then, so they flatter now
as well. The column `answer` says what must be shown:

- `-`: nothing, because the documents do not say it.
- `a; b`: for every part, a quote that holds its words; no sources marked as differing.
- `a > b`: sources marked as differing, in this order; `a|b` is either of two.
- `a / b`: a comparison, with a quote that holds the words on each side; `-` for an empty side.

A question is right if all that holds, and its kind is told right too.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from pathlib import Path

from qa.api import Pinpoint
from qa.models import Answer, Citation

DOCUMENTS = Path(__file__).parents[1] / "tests" / "data"
SETS = {"first": "", "second": "second"}
"""Name of a set to what its documents' folder and its table have at the end of their names."""

NONE = "-"


@dataclass(frozen=True)
class Question:
    """A question, its kind, and what must be shown."""

    kind: str
    question: str
    answer: str


@dataclass(frozen=True)
class Score:
    """What became of a question: the kind told, the right words shown, all as it should be."""

    kind: bool
    answer: bool

    @property
    def right(self) -> bool:
        """Whether all is as it should be."""
        return self.kind and self.answer


def documents(name: str) -> Path:
    """Return the folder of a set's documents."""
    return DOCUMENTS / "-".join(filter(None, ("kinds", SETS[name])))


def read_questions(name: str) -> list[Question]:
    """Return the rows of a set's table."""
    file = Path(__file__).with_name("_".join(filter(None, ("kind_questions", SETS[name]))) + ".tsv")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = DictReader(stream, delimiter="\t", quoting=QUOTE_NONE)
        return [Question(**row) for row in rows]


def score(question: Question, answer: Answer) -> Score:
    """Compare an answer with what must be shown."""
    return Score(answer.kind == question.kind, shows(question.answer, answer))


def shows(wanted: str, answer: Answer) -> bool:
    """Tell whether an answer shows what the table wants."""
    if wanted == NONE or not answer.answered:
        return set(wanted.split(" / ")) == {NONE} and not answer.answered
    if " / " in wanted:
        sides = wanted.split(" / ")
        return len(answer.sides) == len(sides) and all(
            not side.citations if words == NONE else _held(words, side.citations)
            for words, side in zip(sides, answer.sides, strict=True)
        )
    if " > " in wanted:
        values = wanted.split(" > ")
        return len(answer.differing) == len(values) and all(
            _held(words, candidate.citations[:1])
            for words, candidate in zip(values, answer.differing, strict=True)
        )
    parts = wanted.split("; ")
    return not answer.differing and all(_held(words, answer.citations) for words in parts)


def _held(words: str, citations: Iterable[Citation]) -> bool:
    quotes = [" ".join(citation.quote.casefold().split()) for citation in citations]
    return any(either.casefold() in quote for either in words.split("|") for quote in quotes)


def told(question: Question, answer: Answer) -> Iterator[str]:
    """Yield what was shown in place of the right answer."""
    yield f"{question.kind}: {question.question}  (wanted {question.answer}; {answer.kind})"
    for side in answer.sides:
        yield f"    {side.subject}: {[' '.join(c.quote.split()) for c in side.citations]}"
    for candidate in answer.differing:
        yield f"    differing: {candidate.text}"
    for citation in answer.citations or answer.nearest:
        quote = " ".join(citation.quote.split())
        yield f"    {citation.score:4.2f} {Path(citation.document.path).name}: {quote[:120]}"


def main() -> None:
    """Print how many questions of each kind are right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="show what was shown instead")
    parser.add_argument("--set", choices=SETS, default="first", help="which questions")
    arguments = parser.parse_args()
    totals: dict[str, list[Score]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as home:
        pinpoint = Pinpoint.open(home)
        pinpoint.sync(documents(arguments.set))
        pinpoint.ask("Is this the first question?")  # loads the models
        for question in read_questions(arguments.set):
            started = time.perf_counter()
            answer = pinpoint.ask(question.question)
            taken = time.perf_counter() - started
            found = score(question, answer)
            with_answer = "answered" if question.answer.strip("- /") else "not there"
            for name in (question.kind, f"all, {with_answer}"):
                totals[name].append(found)
                seconds[name].append(taken)
            if arguments.misses and not found.right:
                print("\n".join(told(question, answer)))
    print("| kind | questions | kind told | right words | right | median ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, scores in totals.items():
        counts = [sum(s.kind for s in scores), sum(s.answer for s in scores),
                  sum(s.right for s in scores)]  # fmt: skip
        median = sorted(seconds[name])[len(scores) // 2]
        cells = [name, len(scores), *counts, round(1000 * median)]
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
