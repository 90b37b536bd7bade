"""Compare ways to rank passages: recall@k and MRR of the document that answers.

    python -m bench.retrieval --data FOLDER [--accept]

The collection holds every distinct context of the development file and 2,000 contexts of the
training file that no question is asked of. Every question of the development file is asked, with
BM25 by SQLite, as in collections of this size, and by Tantivy, as in large ones. Exit status 1
where a figure has drifted from bench/measured.json.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.measured import keeping_argument, measured, told
from bench.qa_data import Question, build, choose_contexts, data_argument, read_rows
from index.dense import DenseIndex
from index.lexical import LexicalIndex
from index.sqlite_store import SqliteStore
from index.store import Store
from qa.api import Pinpoint
from qa.retrieve import average_min_max, retrieve
from qa.search import LocalSearch
from qa.terms import match_query, phrases

DISTRACTORS, SEED = 2000, 20261123
RRF_CONSTANT = 60  # Cormack, Clarke and Buettcher, SIGIR 2009
CUT_OFFS = (1, 5, 10, 20)
TOLERANCE = 0.002

Scores = dict[int, float]


def reciprocal_rank_fusion(rankings: list[Scores]) -> Scores:
    """Return the sum over rankings of 1 / (60 + rank); equal scores are ranked by id."""
    fused: Scores = {}
    for scores in rankings:
        ranked = sorted(scores, key=lambda key: (-scores[key], key))
        for rank, key in enumerate(ranked, 1):
            fused[key] = fused.get(key, 0.0) + 1 / (RRF_CONSTANT + rank)
    return fused


def dense_only(dense: Scores, terms: Scores, cosine: Scores) -> Scores:  # noqa: ARG001
    """Rank by cosine."""
    return dense


def bm25_only(dense: Scores, terms: Scores, cosine: Scores) -> Scores:  # noqa: ARG001
    """Rank by BM25."""
    return terms


def rrf(dense: Scores, terms: Scores, cosine: Scores) -> Scores:  # noqa: ARG001
    """Fuse the two rankings by reciprocal rank."""
    return reciprocal_rank_fusion([dense, terms])


def min_max(dense: Scores, terms: Scores, cosine: Scores) -> Scores:  # noqa: ARG001
    """Average min-max scores, every candidate with its cosine: how Pinpoint chooses passages."""
    return average_min_max([cosine, {key: terms.get(key, 0.0) for key in cosine}])


WAYS: list[Callable[[Scores, Scores, Scores], Scores]] = [dense_only, bm25_only, rrf, min_max]


def ranks(
    pinpoint: Pinpoint, questions: list[Question], *, tantivy: bool
) -> dict[str, list[int | None]]:
    """Return, for each way, the rank of the answering text for each question, or None."""
    found: dict[str, list[int | None]] = {way.__name__: [] for way in WAYS} | {"retrieve": []}
    with SqliteStore.open(pinpoint.home) as store, tempfile.TemporaryDirectory() as folder:
        index = DenseIndex.load(store)
        words = LexicalIndex.build(store, Path(folder)) if tantivy else None
        texts = {document.rowid: document.sha256 for document in store.documents()}
        text_of = {document.path: document.sha256 for document in store.documents()}
        search = LocalSearch(store, index, words)
        limit = pinpoint.settings.candidates
        for number, question in enumerate(questions, 1):
            query = pinpoint.embedder.encode_query(question.text)
            dense = dict(index.search(store, query, limit))
            terms = search_terms(store, words, question.text, limit)
            ids = sorted(dense.keys() | terms.keys())
            cosine = dict(zip(ids, map(float, store.vectors(ids) @ query), strict=True))
            text_in = {chunk.rowid: texts[chunk.document] for chunk in store.chunks(ids)}
            ranked = {}
            for way in WAYS:
                scores = way(dense, terms, cosine)
                order = sorted(scores, key=lambda key: (-scores[key], key))
                ranked[way.__name__] = [text_in[key] for key in order]
            passages = retrieve(store, search, query, question.text, pinpoint.settings)
            ranked["retrieve"] = [passage.document.sha256 for passage in passages]
            for name, each in ranked.items():
                found[name].append(_rank(each, text_of[question.path]))
            print(f"\r{number}/{len(questions)} questions", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found


def _rank(texts: list[str], wanted: str) -> int | None:
    different = list(dict.fromkeys(texts))
    return different.index(wanted) + 1 if wanted in different else None


def main() -> int:
    """Print one line of scores for each way to rank."""
    arguments = keeping_argument(data_argument(__doc__ or "")).parse_args()
    file = arguments.data / "qa-dev.jsonl.gz"
    asked = read_rows(file)
    others_file = arguments.data / "qa-train.jsonl.gz"
    distractors = choose_contexts(read_rows(others_file), DISTRACTORS, SEED)
    pinpoint, questions = build("retrieval", [*asked, *distractors])
    contexts = {row["context"] for row in asked}
    paths = {path for path in {q.path for q in questions} if _text(path) in contexts}
    questions = [question for question in questions if question.path in paths]
    random.Random(SEED).shuffle(questions)
    state = pinpoint.status().index
    print(f"{len(questions)} questions, {state.documents} documents, {state.chunks} chunks")
    figures = {}
    for tantivy in (False, True):
        engine = "Tantivy" if tantivy else "SQLite"
        print(f"{engine:12}" + "".join(f"  recall@{k:<3}" for k in CUT_OFFS) + "     MRR")
        for name, found in ranks(pinpoint, questions, tantivy=tantivy).items():
            recall = [sum(r is not None and r <= k for r in found) / len(found) for k in CUT_OFFS]
            mrr = sum(1 / r for r in found if r is not None) / len(found)
            print(f"{name:12}" + "".join(f"  {value:10.3f}" for value in recall) + f"  {mrr:.3f}")
            found_at = {f"recall@{k}": value for k, value in zip(CUT_OFFS, recall, strict=True)}
            for figure, value in (found_at | {"MRR": mrr}).items():
                figures[f"{engine} {name} {figure}"] = value
    result = measured(
        "python -m bench.retrieval --data FOLDER",
        {
            "questions": file,
            "distractors": others_file,
            "embedder": pinpoint.embedder.fingerprint,
        },
        len(questions),
        figures,
        tolerance=TOLERANCE,
    )
    return told("retrieval", result, accepted=arguments.accept)


def search_terms(store: Store, words: LexicalIndex | None, question: str, limit: int) -> Scores:
    """Return chunk to BM25 score, from the store or the index given."""
    if words is not None:
        return dict(words.search(phrases(question), limit))
    match = match_query(question)
    return dict(store.search_terms(match, limit)) if match else {}


def _text(path: str) -> str:
    return Path(path).read_bytes().decode()


if __name__ == "__main__":
    sys.exit(main())
