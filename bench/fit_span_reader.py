"""Fit the confidence of the reader with a model; writes qa/data/span_reader.json.

    python -m bench.fit_span_reader --data FOLDER [--reader MODEL]

Questions over Wikipedia articles of the training file are asked of the collection of all their
contexts through the real retriever. A span is right when it overlaps a gold answer. The regression
is fitted on the best three spans (by margin) of each question in five situations: the answer is
there; its sentence, or its whole document, was taken out; its document is the whole collection,
with and without that sentence. Two thirds of the articles are fitted on, the last third is
reported. The threshold is the lowest score at which three in four of
the questions whose answer was taken out are met with silence.
"""

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.fit_sentence_reader import SEED, SETS, SILENCE
from bench.qa_data import Question, build, data_argument, read_rows
from index.dense import DenseIndex
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from qa.kind import question_kind
from qa.read import Passage
from qa.retrieve import retrieve
from qa.search import LocalSearch
from qa.span_model import PACKAGED_READER, SpanModel, load_span_model
from qa.span_reader import FEATURES, ConfidenceModel, find_spans, span_features

OUTPUT = Path(__file__).parents[1] / "qa" / "data" / "span_reader.json"
BEST = 3
MARGIN = FEATURES.index("margin")
GAPS = [FEATURES.index(name) for name in ("similarity_gap", "coverage_gap")]
# Rules, not fits. A sentence without any number does not say how many; one that reads "X is ..."
# says what X is; both as for sentences. Other documents that say the same make an answer surer,
# but a question here was written for one document, so the same answer elsewhere counts as wrong.
# A number of the question that the sentence lacks: right sentences lack one in 18% of cases, others
# in 96%, but the fit leaves that to the margin, which was never trained on a table's rows.
RULES = {"quantity_missing": -4.0, "defines": 1.0, "support": 0.5, "number_missing": -1.0}
RULED = [FEATURES.index(name) for name in RULES]
SITUATIONS = (
    "answer there",
    "sentence taken out",
    "document taken out",
    "document alone",
    "document alone, sentence taken out",
)
TAKEN_OUT = SITUATIONS[1:3]


@dataclass(frozen=True)
class Spans:
    """A question's spans: features, which are right, and which share a right one's quote."""

    features: np.ndarray
    right: np.ndarray
    beside: np.ndarray

    def where(self, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return features and rightness of some, the gaps taken to the best of them."""
        features = self.features[keep]
        if len(features):
            features[:, GAPS] -= features[:, GAPS].max(axis=0)
        return features, self.right[keep]


@dataclass(frozen=True)
class Case:
    """A question's spans in the whole collection, without its document, and in that alone."""

    title: str
    whole: Spans
    without: Spans
    alone: Spans

    def left(self, situation: str) -> tuple[np.ndarray, np.ndarray]:
        """Return features and rightness of the spans that a situation leaves."""
        spans = self.alone if "alone" in situation else self.whole
        if "sentence" in situation:
            return spans.where(~spans.beside)
        if situation == "document taken out":
            spans = self.without
        return spans.where(np.ones_like(spans.right))


def featurise(pinpoint: Pinpoint, model: SpanModel, questions: list[Question]) -> list[Case]:
    """Retrieve and read for every question."""
    cases = []
    with SqliteStore.open(pinpoint.home) as store:
        search = LocalSearch(store, DenseIndex.load(store))
        for number, question in enumerate(questions, 1):
            query = pinpoint.embedder.encode_query(question.text)
            passages = retrieve(store, search, query, question.text, pinpoint.settings)
            own = [p for p in passages if p.document.path == question.path]
            others = [p for p in passages if p.document.path != question.path]
            found = [read(model, question, some) for some in (passages, others, own)]
            cases.append(Case(question.title, *found))
            print(f"\r{number}/{len(questions)} questions", end="", file=sys.stderr)
    print(file=sys.stderr)
    return cases


def read(model: SpanModel, question: Question, passages: list[Passage]) -> Spans:
    """Read some passages."""
    whole = not question_kind(question.text).wants_short_answer
    found = find_spans(model, question.text, passages, sentences=whole)
    hits = [
        [any(a < e and s < b for a, b in question.spans) for s, e in (f.answer, f.quote)]
        for f in found
    ]
    own = np.array([f.passage.document.path == question.path for f in found], dtype=bool)
    right, beside = np.array(hits, dtype=bool).reshape(-1, 2).T & own
    if whole:  # the sentence is the answer
        right = beside
    return Spans(span_features(question.text, found), right, beside)


def fit(cases: list[Case]) -> ConfidenceModel:
    """Return weights fitted on the best spans of every situation; the threshold is still 0."""
    from sklearn.linear_model import LogisticRegression

    rows, labels = [], []
    for case in cases:
        for situation in SITUATIONS:
            features, right = case.left(situation)
            best = np.argsort(-features[:, MARGIN], kind="stable")[:BEST]
            rows.append(features[best])
            labels.append(right[best])
    x, y = np.concatenate(rows), np.concatenate(labels)
    free = ~x[:, RULED].any(axis=1)
    scale = x[free].std(axis=0)
    scale[scale == 0] = 1.0
    regression = LogisticRegression(C=0.01, max_iter=3000).fit(x[free] / scale, y[free])
    weights = dict(zip(FEATURES, regression.coef_[0] / scale, strict=True)) | RULES
    return ConfidenceModel(
        weights={name: round(float(weight), 4) for name, weight in weights.items()},
        intercept=round(float(regression.intercept_[0]), 4),
        threshold=0.0,
    )


def best_of(model: ConfidenceModel, cases: list[Case], situation: str) -> tuple[np.ndarray, ...]:
    """Return each question's best score in a situation, and whether that span is right."""
    scores, rights = [], []
    for case in cases:
        features, right = case.left(situation)
        probability = model.probability(features)
        best = int(np.argmax(probability)) if len(probability) else None
        scores.append(0.0 if best is None else probability[best])
        rights.append(False if best is None else right[best])
    return np.array(scores), np.array(rights, dtype=bool)


def choose_threshold(model: ConfidenceModel, cases: list[Case]) -> float:
    """Return the lowest score that keeps silent on `SILENCE` of what was taken out."""
    taken = np.concatenate([best_of(model, cases, name)[0] for name in TAKEN_OUT])
    return round(float(np.quantile(taken, SILENCE)) + 0.005, 2)


def report(model: ConfidenceModel, cases: list[Case]) -> None:
    """Print what the reader does on articles that its confidence was not fitted on."""
    from sklearn.metrics import roc_auc_score

    print(f"{len(cases)} held-out questions, threshold {model.threshold}")
    found = {name: best_of(model, cases, name) for name in SITUATIONS}
    for name, (scores, right) in found.items():
        given = scores >= model.threshold
        if "out" in name:
            print(f"{name}: silent {1 - given.mean():.3f}")
        else:
            print(
                f"{name}: best right {right.mean():.3f}, answered {given.mean():.3f}, "
                f"right among the answered {right[given].mean():.3f}"
            )
    there, right = found["answer there"]
    taken = [scores for name, (scores, _) in found.items() if name in TAKEN_OUT]
    scores = np.concatenate([there[right], *taken])
    labels = np.arange(len(scores)) < right.sum()
    print(f"AUROC right against taken out of the collection {roc_auc_score(labels, scores):.3f}")
    print(json.dumps(model.weights))


def main() -> None:
    """Fit, report on held-out articles, and write the weights."""
    parser = data_argument(__doc__ or "")
    parser.add_argument("--reader", default=PACKAGED_READER, help="folder or hub name")
    parser.add_argument("--questions", type=int, default=1600)
    arguments = parser.parse_args()
    rows = [r for r in read_rows(arguments.data / "qa-train.jsonl.gz") if r["set"] in SETS]
    pinpoint, questions = build("fit", rows)
    chosen = random.Random(SEED).sample(questions, arguments.questions)
    cases = featurise(pinpoint, load_span_model(arguments.reader), chosen)
    titles = sorted({case.title for case in cases})
    random.Random(SEED).shuffle(titles)
    held_out = set(titles[: len(titles) // 3])
    train = [case for case in cases if case.title not in held_out]
    model = fit(train)
    model = model.model_copy(update={"threshold": choose_threshold(model, train)})
    report(model, [case for case in cases if case.title in held_out])
    OUTPUT.write_text(json.dumps(model.model_dump(), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
