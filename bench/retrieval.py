"""Compare ways to fuse dense search and BM25: recall@k and MRR of the document that answers.

    python -m bench.retrieval --data FOLDER

The collection holds every distinct context of the development file and 2,000 contexts of the
training file that no question is asked of. Every question of the development file is asked.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

from bench.qa_data import Question, build, choose_contexts, data_argument, read_rows
from index.dense import DenseIndex
from index.store import Store
from qa.api import Pinpoint
from qa.retrieve import average_min_max
from qa.terms import match_query

DISTRACTORS, SEED = 2000, 20261123
RRF_CONSTANT = 60  # Cormack, Clarke and Buettcher, SIGIR 2009
CUT_OFFS = (1, 5, 10, 20)

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
    """Average min-max scores, every candidate with its cosine: what Pinpoint does."""
    return average_min_max([cosine, {key: terms.get(key, 0.0) for key in cosine}])


WAYS: list[Callable[[Scores, Scores, Scores], Scores]] = [dense_only, bm25_only, rrf, min_max]


def ranks(pinpoint: Pinpoint, questions: list[Question]) -> dict[str, list[int | None]]:
    """Return, for each way, the rank of the answering document for each question, or None."""
    found: dict[str, list[int | None]] = {way.__name__: [] for way in WAYS}
    with Store.open(pinpoint.home) as store:
        index = DenseIndex.load(store)
        paths = {document.rowid: document.path for document in store.documents()}
        limit = pinpoint.settings.candidates
        for number, question in enumerate(questions, 1):
            query = pinpoint.embedder.encode_query(question.text)
            dense = dict(index.search(store, query, limit))
            match = match_query(question.text)
            terms = dict(store.search_terms(match, limit)) if match else {}
            ids = sorted(dense.keys() | terms.keys())
            cosine = dict(zip(ids, map(float, store.vectors(ids) @ query), strict=True))
            path_of = {chunk.rowid: paths[chunk.document] for chunk in store.chunks(ids)}
            for way in WAYS:
                scores = way(dense, terms, cosine)
                order = sorted(scores, key=lambda key: (-scores[key], key))
                documents = list(dict.fromkeys(path_of[key] for key in order))
                rank = documents.index(question.path) + 1 if question.path in documents else None
                found[way.__name__].append(rank)
            print(f"\r{number}/{len(questions)} questions", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found


def main() -> None:
    """Print one line of scores for each way to rank."""
    arguments = data_argument(__doc__ or "").parse_args()
    asked = read_rows(arguments.data / "qa-dev.jsonl.gz")
    train = read_rows(arguments.data / "qa-train.jsonl.gz")
    distractors = choose_contexts(train, DISTRACTORS, SEED)
    pinpoint, questions = build("retrieval", [*asked, *distractors])
    contexts = {row["context"] for row in asked}
    paths = {path for path in {q.path for q in questions} if _text(path) in contexts}
    questions = [question for question in questions if question.path in paths]
    random.Random(SEED).shuffle(questions)
    state = pinpoint.status().index
    print(f"{len(questions)} questions, {state.documents} documents, {state.chunks} chunks")
    print("way         " + "".join(f"  recall@{k:<3}" for k in CUT_OFFS) + "     MRR")
    for name, found in ranks(pinpoint, questions).items():
        recall = [sum(r is not None and r <= k for r in found) / len(found) for k in CUT_OFFS]
        mrr = sum(1 / r for r in found if r is not None) / len(found)
        print(f"{name:12}" + "".join(f"  {value:10.3f}" for value in recall) + f"  {mrr:.3f}")


def _text(path: str) -> str:
    return Path(path).read_bytes().decode()


if __name__ == "__main__":
    main()
