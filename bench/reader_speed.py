"""Read 20 passages of about 200 word pieces for one question: the reader against all in fp32.

    python -m bench.reader_speed --data FOLDER --model FOLDER [--questions N]

The reader chooses windows in a first pass, reads them by ONNX Runtime and gives its first quote;
beside it the same weights in fp32 read all 20 passages by the transformers library, each passage
as one input, and the best margin counts. (The library's own question-answering pipeline is gone
since version 5.) Every question of a sample of the development file is asked of its own context,
filled up to 200 word pieces, among 19 other contexts of the file, those nearest to the question by
the embedder. A first quote is right when it holds a part of a gold answer in its own context.
"""

import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench.qa_data import data_argument, read_rows
from index.embed import load_embedder
from index.plain import load_plain
from index.rows import StoredDocument
from index.sentences import split_sentences
from index.settings import Settings
from qa.read import Passage
from qa.span_model import PACKAGED_READER, SpanModel, TransformersSpanModel, load_span_model
from qa.span_reader import SpanReader, around
from qa.spans import best_spans

PASSAGES, PIECES, SEED = 20, 200, 20261124

Best = tuple[int, int, int]
"""Number of the passage, and `[start, end)` of the answer in it."""


def passage(model: SpanModel, number: int, text: str, similarity: float, score: float) -> Passage:
    """Return a context, cut or repeated to about 200 word pieces."""
    pieces = model.offsets(text)
    while len(pieces) < PIECES:
        text = f"{text}\n\n{text}"
        pieces = model.offsets(text)
    text = text[: pieces[PIECES - 1][1]]
    sentences = tuple((s.start, s.end) for s in split_sentences(load_plain(text, "")))
    document = StoredDocument(number, f"{number}.txt", 0, "", str(number), "", None, "text/plain")
    return Passage(document, 0, text, (), sentences, similarity, score)


def read_all(model: SpanModel, question: str, passages: Sequence[Passage]) -> Best:
    """Read every passage whole; the sentences around the best margin's span count."""
    found = []
    logits = model.logits([(question, p.text) for p in passages])
    for p, said in zip(passages, logits, strict=True):
        (best,) = best_spans(said, p.text)
        found.append((best.score, p.document.rowid, best.start, best.end))
    _, number, start, end = max(found)
    read = next(p for p in passages if p.document.rowid == number)
    return number, *around(read, (start, end))


def read_promising(model: SpanModel, question: str, passages: Sequence[Passage]) -> Best:
    """Read as Pinpoint does; the first quote counts."""
    best = SpanReader(model).read(question, passages).spans[0]
    return best.passage.document.rowid, best.start, best.end


def main() -> None:
    """Ask every question both ways; print medians, ratio and accuracy."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the weights in fp32")
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    rows = [row for row in read_rows(arguments.data / "qa-dev.jsonl.gz") if row["answers"]]
    contexts = sorted({row["context"] for row in rows})
    embedder = load_embedder(Settings().model)
    vectors = embedder.encode_documents(contexts)
    reader = load_span_model(PACKAGED_READER)
    ways = {
        "reader": (reader, read_promising),
        "fp32, all passages": (TransformersSpanModel(arguments.model, "fp32"), read_all),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    right = dict.fromkeys(ways, 0)
    for row in random.Random(SEED).sample(rows, arguments.questions):
        own = contexts.index(row["context"])
        cosines = vectors @ embedder.encode_query(row["question"])
        order = sorted(range(len(contexts)), key=lambda n: (n != own, -cosines[n], n))
        chosen = sorted(order[:PASSAGES], key=lambda n: (-cosines[n], n))
        top = float(cosines[chosen[0]])
        passages = [
            passage(reader, n, contexts[n], float(cosines[n]), float(cosines[n]) / top)
            for n in chosen
        ]
        spans = [(a["start"], a["start"] + len(a["text"])) for a in row["answers"]]
        for name, (model, read) in ways.items():
            started = time.perf_counter()
            number, start, end = read(model, row["question"], passages)
            seconds[name].append(time.perf_counter() - started)
            size = len(row["context"]) + 2  # a short context stands more than once
            hit = any(start % size < e and s < start % size + end - start for s, e in spans)
            right[name] += number == own and hit
    for name in ways:
        median = 1000 * statistics.median(seconds[name])
        print(f"{name:20} {median:6.0f} ms at the median, right {right[name]}")
    fast, slow = (statistics.median(seconds[name]) for name in ways)
    print(f"{slow / fast:.1f} times as fast, {arguments.questions} questions")


if __name__ == "__main__":
    main()
