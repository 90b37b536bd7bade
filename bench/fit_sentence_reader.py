"""Fit the sentence reader's weights and threshold; writes qa/data/sentence_reader.json.

    python -m bench.fit_sentence_reader --data FOLDER

Questions come from contexts of the training file. Each is asked of the whole collection through
the real retriever; every sentence of the passages found is one row, positive when it overlaps a
gold answer. The threshold is chosen on contexts that the weights have not seen, so that answering
right where the answer is there, and keeping silent where its sentence was taken out, weigh alike.
"""

import json
import math
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.qa_data import Question, build, choose_contexts, data_argument, read_rows
from index.dense import DenseIndex
from index.store import Store
from qa.api import Pinpoint
from qa.retrieve import retrieve
from qa.sentence_reader import FEATURES, SentenceModel, candidates
from qa.terms import all_stems

OUTPUT = Path(__file__).parents[1] / "qa" / "data" / "sentence_reader.json"
CONTEXTS, QUESTIONS, SEED = 2500, 1500, 20261123
IDF_TERMS = 4000


def idf_table(texts: list[str]) -> tuple[dict[str, float], float]:
    """Return ln(N / df) of the commonest stems, and of a stem seen once."""
    counts = Counter(term for text in texts for term in all_stems(text))
    common = sorted(counts, key=lambda term: (-counts[term], term))[:IDF_TERMS]
    total = len(texts)
    table = {term: round(math.log(total / counts[term]), 3) for term in sorted(common)}
    return table, round(math.log(total), 3)


def featurise(
    pinpoint: Pinpoint, questions: list[Question], model: SentenceModel
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return, for each question, candidate features `(n, features)` and gold labels `(n,)`."""
    out = []
    with Store.open(pinpoint.home) as store:
        dense = DenseIndex.load(store)
        for number, question in enumerate(questions):
            query = pinpoint.embedder.encode_query(question.text)
            passages = retrieve(store, dense, query, question.text, pinpoint.settings)
            places, features = candidates(question.text, passages, pinpoint.embedder, model)
            labels = [
                passage.document.path == question.path
                and any(start < e and s < end for s, e in question.spans)
                for passage, start, end in places
            ]
            out.append((features, np.array(labels, dtype=bool)))
            print(f"\r{number + 1}/{len(questions)} questions", end="", file=sys.stderr)
    print(file=sys.stderr)
    return out


def outcomes(
    model: SentenceModel, data: list[tuple[np.ndarray, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Return best score and rightness with the answer there, and best score without it."""
    there, right, without = [], [], []
    for features, labels in data:
        scores = model.probability(features)
        best = int(np.argmax(scores))
        there.append(scores[best])
        right.append(labels[best])
        rest = scores[~labels]
        without.append(rest.max() if len(rest) else 0.0)
    return {"there": np.array(there), "right": np.array(right), "without": np.array(without)}


def choose_threshold(found: dict[str, np.ndarray]) -> float:
    """Return the score that maximises right answers given plus silence kept, weighed alike."""
    grid = np.round(np.arange(0.02, 0.98, 0.01), 2)
    gains = [
        np.mean(found["right"] & (found["there"] >= t)) + np.mean(found["without"] < t)
        for t in grid
    ]
    return float(grid[int(np.argmax(gains))])


def main() -> None:
    """Fit, report on held-out contexts, and write the model."""
    arguments = data_argument(__doc__ or "").parse_args()
    rows = choose_contexts(read_rows(arguments.data / "qa-train.jsonl.gz"), CONTEXTS, SEED)
    idf, unknown = idf_table(sorted({row["context"] for row in rows}))
    blank = SentenceModel(
        weights=dict.fromkeys(FEATURES, 0.0), intercept=0.0, threshold=0.5, idf=idf,
        idf_unknown=unknown,
    )  # fmt: skip
    pinpoint, questions = build("fit", rows)
    chosen = random.Random(SEED).sample(questions, QUESTIONS)
    held_out = {path for path in {q.path for q in chosen} if int(Path(path).stem, 16) % 3 == 0}
    data = featurise(pinpoint, chosen, blank)
    train = [d for d, q in zip(data, chosen, strict=True) if q.path not in held_out]
    test = [d for d, q in zip(data, chosen, strict=True) if q.path in held_out]

    features = np.concatenate([f for f, _ in train])
    labels = np.concatenate([y for _, y in train])
    scale = features.std(axis=0)
    scale[scale == 0] = 1.0
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(features / scale, labels)
    weights = fit.coef_[0] / scale
    model = blank.model_copy(
        update={
            "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)},
            "intercept": round(float(fit.intercept_[0]), 4),
        }
    )
    model = model.model_copy(update={"threshold": choose_threshold(outcomes(model, train))})
    report(model, test)
    OUTPUT.write_text(json.dumps(model.model_dump(), indent=0) + "\n", encoding="utf-8")


def report(model: SentenceModel, test: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Print what the model does on contexts that it was not fitted on."""
    found = outcomes(model, test)
    given = found["there"] >= model.threshold
    scores = np.concatenate([found["there"], found["without"]])
    answerable = np.concatenate([np.ones(len(test)), np.zeros(len(test))])
    for name, value in {
        "held-out questions": len(test),
        "answer's sentence retrieved": np.mean([y.any() for _, y in test]),
        "best sentence is the answer's": np.mean(found["right"]),
        "threshold": model.threshold,
        "answered, answer there": np.mean(given),
        "right among the answered": np.mean(found["right"][given]),
        "silent, answer's sentence taken out": np.mean(found["without"] < model.threshold),
        "AUROC there against taken out": roc_auc_score(answerable, scores),
    }.items():
        print(f"{name:40} {value:.3f}")
    for name, weight in model.weights.items():
        print(f"  {name:38} {weight:+.3f}")


if __name__ == "__main__":
    main()
