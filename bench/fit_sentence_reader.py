"""Fit the sentence reader's weights and threshold; writes qa/data/sentence_reader.json.

    python -m bench.fit_sentence_reader --data FOLDER

Questions over Wikipedia articles of the training file are asked of the collection of all their
contexts through the real retriever. Every sentence of the passages found is a candidate, right
when it overlaps a gold answer. A first regression ranks all candidates; the one that is kept is
fitted on the best three of each question in five situations: the answer is there; its sentence, or
its whole document, was taken out; its document is the whole collection, with and without that
sentence. Two thirds of the articles are fitted on, the last third is reported.

The threshold is the lowest score at which three in four of the questions whose answer was taken
out are met with silence. That is a hard test, because all that stands around the answer stays.
"""

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.qa_data import Question, build, data_argument, read_rows
from index.dense import DenseIndex
from index.embed import Embedder
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from qa.retrieve import retrieve
from qa.search import LocalSearch
from qa.sentence_reader import FEATURES, SentenceModel, average_similarity, candidates
from qa.terms import all_stems

OUTPUT = Path(__file__).parents[1] / "qa" / "data" / "sentence_reader.json"
SETS = ("squadshifts-wiki", "squad2-train-part")
QUESTIONS, SEED = 1600, 20261123
IDF_TERMS = 4000
BEST = 3
SILENCE = 0.75
# Rules, not fits, because the rows are few. A sentence without any number does not say how many:
# 96% of the right ones show one. One that reads "X is ..." says what X is: it is 23 times as
# frequent among the right sentences as among the others. Such rows are left out of the regression.
RULES = {"quantity_missing": -4.0, "defines": 2.0}
RULED = [FEATURES.index(name) for name in RULES]
SIMILARITY, ABOVE = FEATURES.index("similarity"), FEATURES.index("above_average")


@dataclass(frozen=True)
class Case:
    """A question's candidates: features `(n, len(FEATURES))`, which are right, which its own."""

    title: str
    features: np.ndarray
    right: np.ndarray
    own: np.ndarray


# What is left of the candidates in each situation, and how much it weighs.
SITUATIONS: dict[str, tuple[float, Callable[[Case], np.ndarray]]] = {
    "answer there": (1.0, lambda case: np.ones_like(case.right)),
    "sentence taken out": (0.5, lambda case: ~case.right),
    "document taken out": (0.5, lambda case: ~case.own),
    "one document": (1.0, lambda case: case.own),
    "one document, sentence taken out": (1.0, lambda case: case.own & ~case.right),
}


class RememberingEmbedder:
    """Passes texts on to an embedder, each one once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, np.ndarray] = {}

    def encode_query(self, text: str) -> np.ndarray:
        """Embed one question."""
        return self._embedder.encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages; known ones cost nothing."""
        new = sorted(set(texts) - self._known.keys(), key=len)
        if new:
            self._known.update(zip(new, self._embedder.encode_documents(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def idf_table(texts: list[str]) -> tuple[dict[str, float], float]:
    """Return ln(N / df) of the commonest stems, and of a stem seen once."""
    counts = Counter(term for text in texts for term in all_stems(text))
    common = sorted(counts, key=lambda term: (-counts[term], term))[:IDF_TERMS]
    total = len(texts)
    table = {term: round(math.log(total / counts[term]), 3) for term in sorted(common)}
    return table, round(math.log(total), 3)


def featurise(pinpoint: Pinpoint, questions: list[Question], model: SentenceModel) -> list[Case]:
    """Retrieve for every question and return its candidates."""
    cases = []
    embedder = RememberingEmbedder(pinpoint.embedder)
    with SqliteStore.open(pinpoint.home) as store:
        search = LocalSearch(store, DenseIndex.load(store))
        for number, question in enumerate(questions, 1):
            query = embedder.encode_query(question.text)
            passages = retrieve(store, search, query, question.text, pinpoint.settings)
            places, features = candidates(question.text, passages, embedder, model)
            own = np.array([passage.document.path == question.path for passage, _, _ in places])
            hit = np.array([any(a < e and s < b for a, b in question.spans) for _, s, e in places])
            cases.append(Case(question.title, features, own & hit, own))
            print(f"\r{number}/{len(questions)} questions", end="", file=sys.stderr)
    print(file=sys.stderr)
    return cases


def situation(case: Case, name: str, usual: float) -> tuple[np.ndarray, np.ndarray]:
    """Return features and rightness of the candidates that a situation leaves."""
    keep = SITUATIONS[name][1](case)
    features = case.features[keep]
    similarity = features[:, SIMILARITY]
    features[:, ABOVE] = similarity - average_similarity(similarity, usual)
    return features, case.right[keep]


def regression(x: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None) -> dict[str, object]:
    """Return weights and intercept of a logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression

    free = ~x[:, RULED].any(axis=1)
    x, y, weight = x[free], y[free], None if weight is None else weight[free]
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    fit = LogisticRegression(C=100.0, max_iter=3000).fit(x / scale, y, sample_weight=weight)
    weights = dict(zip(FEATURES, fit.coef_[0] / scale, strict=True))
    weights |= RULES
    return {
        "weights": {name: round(float(w), 4) for name, w in weights.items()},
        "intercept": round(float(fit.intercept_[0]), 4),
    }


def fit(model: SentenceModel, cases: list[Case]) -> SentenceModel:
    """Return the model with its weights: ranked first, then fitted on the best of each."""
    usual = model.usual_similarity
    everything = [situation(case, "answer there", usual) for case in cases]
    x, y = (np.concatenate(part) for part in zip(*everything, strict=True))
    ranker = model.model_copy(update=regression(x, y))
    rows, labels, weights = [], [], []
    for name, (weight, _) in SITUATIONS.items():
        for case in cases:
            features, right = situation(case, name, usual)
            best = np.argsort(-ranker.probability(features), kind="stable")[:BEST]
            rows.append(features[best])
            labels.append(right[best])
            weights += [weight] * len(best)
    return model.model_copy(
        update=regression(np.concatenate(rows), np.concatenate(labels), np.array(weights))
    )


def best_scores(
    model: SentenceModel, cases: list[Case], name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return each question's best score in a situation, and whether that sentence is right."""
    scores, rights = [], []
    for case in cases:
        features, right = situation(case, name, model.usual_similarity)
        probability = model.probability(features)
        best = int(np.argmax(probability)) if len(probability) else None
        scores.append(0.0 if best is None else probability[best])
        rights.append(False if best is None else right[best])
    return np.array(scores), np.array(rights)


def choose_threshold(model: SentenceModel, cases: list[Case]) -> float:
    """Return the lowest score that keeps silent on `SILENCE` of what was taken out."""
    negatives = [best_scores(model, cases, name)[0] for name in SITUATIONS if "out" in name]
    grid = np.arange(0.01, 1.0, 0.01)
    silent = [np.mean([np.mean(scores < t) for scores in negatives]) for t in grid]
    return round(float(grid[np.argmax(np.array(silent) >= SILENCE)]), 2)


def report(model: SentenceModel, cases: list[Case]) -> None:
    """Print what the model does on articles that it was not fitted on."""
    from sklearn.metrics import roc_auc_score

    print(f"{len(cases)} held-out questions, threshold {model.threshold}")
    print(f"answer's sentence among the candidates {np.mean([c.right.any() for c in cases]):.3f}")
    right_scores, wrong_scores = [], []
    for name in SITUATIONS:
        scores, right = best_scores(model, cases, name)
        given = scores >= model.threshold
        if "out" in name:
            wrong_scores.append(scores)
            print(f"{name:34} silent {np.mean(~given):.3f}")
        else:
            right_scores.append(scores[right])
            print(
                f"{name:34} best right {np.mean(right):.3f}, answered {np.mean(given):.3f}, "
                f"right among the answered {np.mean(right[given]):.3f}"
            )
    positive, negative = np.concatenate(right_scores), np.concatenate(wrong_scores)
    labels = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    auroc = roc_auc_score(labels, np.concatenate([positive, negative]))
    print(f"AUROC right against taken out {auroc:.3f}")
    for name, weight in {**model.weights, "intercept": model.intercept}.items():
        print(f"  {name:20} {weight:+.3f}")


def main() -> None:
    """Fit, report on held-out articles, and write the model."""
    arguments = data_argument(__doc__ or "").parse_args()
    rows = [r for r in read_rows(arguments.data / "qa-train.jsonl.gz") if r["set"] in SETS]
    idf, unknown = idf_table(sorted({row["context"] for row in rows}))
    pinpoint, questions = build("fit", rows)
    blank = SentenceModel(
        weights=dict.fromkeys(FEATURES, 0.0),
        intercept=0.0,
        threshold=0.5,
        usual_similarity=0.0,
        idf=idf,
        idf_unknown=unknown,
    )
    cases = featurise(pinpoint, random.Random(SEED).sample(questions, QUESTIONS), blank)
    titles = sorted({case.title for case in cases})
    random.Random(SEED).shuffle(titles)
    held_out = set(titles[: len(titles) // 3])
    train = [case for case in cases if case.title not in held_out]
    usual = float(np.mean([case.features[:, SIMILARITY].mean() for case in train]))
    model = fit(blank.model_copy(update={"usual_similarity": round(usual, 4)}), train)
    model = model.model_copy(update={"threshold": choose_threshold(model, train)})
    report(model, [case for case in cases if case.title in held_out])
    OUTPUT.write_text(json.dumps(model.model_dump(), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
