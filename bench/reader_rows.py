"""Training rows of the reader: windows around answers, and passages that do not answer.

A plan is a list of batches, the same for the same seed. Each of its phases goes over the rows
once. In a phase a paragraph's question is asked of a window that holds its answer, or, for some,
of another passage of the same title or of its own with the answer's sentence taken out; and some
are asked once more in an edited form that their passage does not answer.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer

from bench.qa_data import read_rows
from bench.reader_edits import Editor, names_in, without_answer
from qa.squad import normalise
from qa.terms import content_stems

SENTENCES = "qamr"  # the set whose contexts are single sentences
MAX_QUESTION_TOKENS = 48
HARD = 8  # passages of which the hardest is taken
NEAREST = 6  # passages that a search would put first
POOL_ROWS = 3200  # rows that are sorted by length together, so that batches waste little


@dataclass(frozen=True)
class Row:
    """A question and its context; `answers` are `[start, end)` spans, empty if there are none."""

    set: str
    title: str
    context: str
    question: str
    answers: tuple[tuple[int, int], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The gold answers."""
        return tuple(self.context[start:end] for start, end in self.answers)


@dataclass(frozen=True)
class Phase:
    """One pass over the rows.

    Attributes:
        window: Least and most word pieces of a window.
        sentences: Share of the rows over single sentences that is used.
        paragraphs: Share of the other rows.
        other: Share of the questions asked of another passage, of the same title unless `found`.
        found: Share of these whose passage is one of those of the set that a search finds first.
        removed: Share asked of the passage without the answer's sentence.
        edited: Share asked once more in an edited form.
    """

    window: tuple[int, int]
    sentences: float = 0.5
    paragraphs: float = 1.0
    other: float = 0.10
    found: float = 0.0
    removed: float = 0.04
    edited: float = 0.22


@dataclass(frozen=True)
class Example:
    """A row as the model sees it: word pieces, and the answer's first and last (0, 0 for none)."""

    question: list[int]
    context: list[int]
    start: int
    end: int

    def __len__(self) -> int:
        return len(self.question) + len(self.context) + 3


def to_row(row: dict) -> Row:
    """Return a row of a `qa-*.jsonl.gz` file."""
    spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
    return Row(row["set"], row["title"], row["context"], row["question"], spans)


def read_data(file: Path) -> list[Row]:
    """Read the rows of a `qa-*.jsonl.gz` file.

    Raises:
        SystemExit: the file is not there.
    """
    if not file.is_file():
        raise SystemExit(f"no {file}; --data is the folder of qa-train.jsonl.gz")
    return [to_row(row) for row in read_rows(file)]


def split_by_title(rows: Sequence[Row], share: float, seed: int) -> tuple[list[Row], list[Row]]:
    """Return rows to train on and rows held out; no title is in both.

    A set of one title (Reddit) is split by context.
    """
    titles = defaultdict(set)
    for row in rows:
        titles[row.set].add(row.title)

    def group(row: Row) -> tuple[str, str]:
        return row.set, row.title if len(titles[row.set]) > 1 else row.context

    sizes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in rows:
        sizes[row.set][group(row)] += 1
    held: set[tuple[str, str]] = set()
    for name, groups in sorted(sizes.items()):
        order = sorted(groups)
        random.Random(f"{seed} {name}").shuffle(order)
        wanted = share * groups.total()
        while wanted > 0 and len(order) > 1:
            key = order.pop()
            held.add(key)
            wanted -= groups[key]
    return [r for r in rows if group(r) not in held], [r for r in rows if group(r) in held]


class Encoder:
    """Cuts texts into word pieces, each text once.

    `special` are the ids of [CLS] and [SEP].
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        ids = tokenizer.encode("").ids
        self.special: tuple[int, int] = ids[0], ids[-1]
        self._known: dict[str, tuple[list[int], list[tuple[int, int]]]] = {}

    def __call__(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return word pieces and their `[start, end)` characters in the text."""
        if text not in self._known:
            found = self._tokenizer.encode(text, add_special_tokens=False)
            self._known[text] = found.ids, found.offsets
        return self._known[text]

    def example(
        self, row: Row, window: tuple[int, int], around: tuple[int, int] | None, rng: random.Random
    ) -> Example:
        """Return a row cut to a random window, which holds the characters `around`, if given."""
        question = self(row.question)[0][:MAX_QUESTION_TOKENS]
        ids, offsets = self(row.context)
        size = rng.randint(*window)
        if around is None:
            first = rng.randint(0, max(len(ids) - size, 0))
            return Example(question, ids[first : first + size], 0, 0)
        covered = [n for n, (a, b) in enumerate(offsets) if a < around[1] and around[0] < b]
        low, high = covered[0], covered[-1]
        size = max(size, high - low + 1)
        first = rng.randint(max(high - size + 1, 0), max(min(low, len(ids) - size), 0))
        shift = len(question) + 2 - first
        start, end = (low + shift, high + shift) if row.answers else (0, 0)
        return Example(question, ids[first : first + size], start, end)


class Search:
    """Finds passages by the words that they share with a question.

    Args:
        contexts: To search.
    """

    def __init__(self, contexts: Sequence[str]) -> None:
        self._contexts = contexts
        self._vectorizer = TfidfVectorizer(analyzer=content_stems, sublinear_tf=True)
        self._weights = self._vectorizer.fit_transform(contexts).T.tocsr()

    def __call__(self, question: str, limit: int) -> list[str]:
        """Return the nearest passages by TF-IDF and cosine, best first."""
        scores = (self._vectorizer.transform([question]) @ self._weights).toarray()[0]
        return [self._contexts[n] for n in np.argsort(-scores, kind="stable")[:limit]]


class Planner:
    """Makes the batches of a training run.

    Args:
        rows: To train on.
        tokenizer: The model's own.
        editor: Makes questions that their passage does not answer.
        seed: Of all random choices.
    """

    def __init__(
        self, rows: Sequence[Row], tokenizer: Tokenizer, editor: Editor, seed: int
    ) -> None:
        self._rows = rows
        self._encode = Encoder(tokenizer)
        self._editor = editor
        self._seed = seed
        self._contexts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in {(row.set, row.title, row.context): row for row in rows}.values():
            self._contexts[row.set, row.title].append(row.context)
        self._names = {
            context: names_in(context) for found in self._contexts.values() for context in found
        }
        self._stems: dict[str, frozenset[str]] = {}
        self._searches: dict[str, Search] = {}

    def batches(self, phases: Sequence[Phase], tokens: int) -> Iterator[list[Example]]:
        """Yield the phases' batches, each of about so many word pieces, padding included."""
        for number, phase in enumerate(phases):
            rng = random.Random(f"{self._seed} {number}")
            examples = list(self._examples(phase, rng))
            rng.shuffle(examples)
            for first in range(0, len(examples), POOL_ROWS):
                pool = sorted(examples[first : first + POOL_ROWS], key=len)
                batches = list(_filled(pool, tokens))
                rng.shuffle(batches)
                yield from batches

    def _examples(self, phase: Phase, rng: random.Random) -> Iterator[Example]:
        for row in self._rows:
            single = row.set == SENTENCES
            if rng.random() >= (phase.sentences if single else phase.paragraphs):
                continue
            if not row.answers:
                yield self._encode.example(row, phase.window, None, rng)
                continue
            span = _usual_answer(row, rng)
            yield self._own_or_other(row, span, phase, rng, single)
            if rng.random() < phase.edited:
                edited = self.edited(row, rng)
                if edited is not None:
                    yield self._encode.example(edited, phase.window, span, rng)

    def _own_or_other(
        self, row: Row, span: tuple[int, int], phase: Phase, rng: random.Random, single: bool
    ) -> Example:
        chance = rng.random()
        if chance < phase.other:
            if phase.found and rng.random() < phase.found:
                other = self.found_passage(row, rng)
            else:
                other = self.other_passage(row, rng, rng.choice((1, HARD)))
            if other is not None:
                return self._encode.example(other, phase.window, None, rng)
        elif chance < phase.other + phase.removed and not single:
            left = without_answer(row.context, row.answers)
            if left is not None and not _holds_answer(left, row):
                cut = Row(row.set, row.title, left, row.question, ())
                return self._encode.example(cut, phase.window, None, rng)
        if rng.random() < 0.1:  # as people type
            typed = row.question.rstrip("?").lower()
            row = Row(row.set, row.title, row.context, typed, row.answers)
        return self._encode.example(row, phase.window, span, rng)

    def edited(self, row: Row, rng: random.Random) -> Row | None:
        """Return the row with its question edited and no answer."""
        pool = self._contexts[row.set, row.title]
        others = [n for _ in range(2) for n in self._names.get(rng.choice(pool), [])]
        found = self._editor.edit(row.question, row.context, others, rng)
        return found and Row(row.set, row.title, row.context, found[0], ())

    def other_passage(self, row: Row, rng: random.Random, among: int = HARD) -> Row | None:
        """Return the row's question over another passage of its title that lacks the answer.

        Of so many passages taken by chance, the one that shares most words with the question.
        """
        pool = self._contexts[row.set, row.title]
        if row.set == SENTENCES:  # a title is one sentence here
            pool = [rng.choice(found) for found in rng.sample(list(self._contexts.values()), HARD)]
        wanted = content_stems(row.question)
        shuffled = rng.sample(pool, min(len(pool), 3 * HARD))
        lacking = (c for c in shuffled if c != row.context and not _holds_answer(c, row))
        found = list(islice(lacking, among))
        if not found:
            return None
        best = max(found, key=lambda context: sum(s in self._stems_of(context) for s in wanted))
        return Row(row.set, row.title, best, row.question, ())

    def found_passage(self, row: Row, rng: random.Random) -> Row | None:
        """Return the row's question over one of the passages of its set that a search finds.

        One of the `NEAREST` first that lack the answer, by chance.
        """
        if row.set not in self._searches:
            pools = [pool for (name, _), pool in self._contexts.items() if name == row.set]
            self._searches[row.set] = Search([context for pool in pools for context in pool])
        found = self._searches[row.set](row.question, 2 * NEAREST)
        lacking = [c for c in found if c != row.context and not _holds_answer(c, row)]
        if not lacking:
            return None
        return Row(row.set, row.title, rng.choice(lacking[:NEAREST]), row.question, ())

    def _stems_of(self, context: str) -> frozenset[str]:
        if context not in self._stems:
            self._stems[context] = frozenset(content_stems(context))
        return self._stems[context]


def _usual_answer(row: Row, rng: random.Random) -> tuple[int, int]:
    """Return the commonest of the gold answers, by chance where they are equally common."""
    counts = Counter(row.answers)
    most = max(counts.values())
    return rng.choice(sorted(span for span, count in counts.items() if count == most))


def _holds_answer(context: str, row: Row) -> bool:
    padded = f" {normalise(context)} "
    return any(f" {normalise(text)} " in padded for text in row.texts)


def _filled(pool: Sequence[Example], tokens: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in pool:
        if batch and len(example) * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(example)
    yield batch
