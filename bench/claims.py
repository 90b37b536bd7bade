"""Check labelled claims against this project's own documents: are the verdicts right?

    python -m bench.claims [--misses dev] [--accept]

`bench/claims.jsonl` holds claims written by hand from the documents: copied and put in other words,
with another number or date, with a denial turned round, about the same matter but not said there,
with its words in other roles, and of something else. `dev` is there to look at, `test` and `fresh`
only to be scored: `test` was written before the rules, `fresh` when they were done. Exit status 1
where a figure has drifted from bench/measured.json.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.conversation_set import ROOT, documents
from bench.measured import keeping_argument, measured, told
from qa.api import Pinpoint
from qa.claim_models import CheckedClaim
from qa.claim_sentences import CheckedText
from qa.evaluation.setup import reader_fingerprint

TOLERANCE = 0.03  # the documents that the claims are about go on changing
CLAIMS = Path(__file__).with_name("claims.jsonl")
SPLITS = ("dev", "test", "fresh")
VERDICTS = ("supported", "contradicted", "unsupported", "no_claim")
_PLACES = ("tests/data/kinds", "tests/data/kinds-second")


@dataclass(frozen=True)
class Labelled:
    """A claim, its half of the set, what kind of claim it is, and the verdict that is right."""

    split: str
    kind: str
    verdict: str
    claim: str


@dataclass(frozen=True)
class Measure:
    """Precision and recall of a verdict; None where there is nothing to divide by."""

    precision: float | None
    recall: float | None


def read_claims(file: Path = CLAIMS) -> list[Labelled]:
    """Return the file's claims in order; unknown fields raise TypeError."""
    return [Labelled(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def collection() -> list[Path]:
    """Return what the claims are about; not the page that tells how they fared."""
    own = [path for path in documents() if path != ROOT / "docs" / "claims.md"]
    return [*own, *(ROOT / place for place in _PLACES)]


def measures(pairs: Sequence[tuple[str, str]], verdict: str) -> Measure:
    """Return how right a verdict is, from pairs of the right verdict and the one given."""
    right = sum(pair == (verdict, verdict) for pair in pairs)
    given = sum(told == verdict for _, told in pairs)
    due = sum(wanted == verdict for wanted, _ in pairs)
    return Measure(right / given if given else None, right / due if due else None)


def table(pairs: Sequence[tuple[str, str]]) -> str:
    """Return confusion, precision and recall as a table in Markdown."""
    counted = Counter(pairs)
    lines = [
        f"| right verdict | {' | '.join(VERDICTS)} | precision | recall |",
        f"| --- |{' ---: |' * (len(VERDICTS) + 2)}",
    ]
    for wanted in VERDICTS:
        found = measures(pairs, wanted)
        cells = [str(counted[wanted, told]) for told in VERDICTS]
        cells += [_share(found.precision), _share(found.recall)]
        lines.append(f"| {wanted} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _check(pinpoint: Pinpoint, labelled: Labelled) -> CheckedClaim:
    whole = CheckedText(None, labelled.claim, ((0, len(labelled.claim)),))
    return pinpoint.claim(whole, 0)


def main() -> int:
    """Print a table for each half, and the claims that got a wrong verdict if wanted."""
    parser = keeping_argument(
        argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    )
    parser.add_argument("--misses", choices=SPLITS, help="list the claims that were judged wrong")
    arguments = parser.parse_args()
    chosen, figures = arguments.misses, {}
    with tempfile.TemporaryDirectory() as home:
        pinpoint = Pinpoint.open(home)
        pinpoint.sync(collection())
        for split in SPLITS:
            rows = [row for row in read_claims() if row.split == split]
            if not rows:
                continue
            began = time.perf_counter()
            checked = [(row, _check(pinpoint, row)) for row in rows]
            seconds = (time.perf_counter() - began) / len(rows)
            print(f"\n{split}: {len(rows)} claims, {1000 * seconds:.0f} ms each\n")
            pairs = [(row.verdict, found.verdict) for row, found in checked]
            print(table(pairs))
            supported = measures(pairs, "supported")
            figures[f"{split} supported precision"] = supported.precision or 0.0
            figures[f"{split} supported recall"] = supported.recall or 0.0
            by_kind = Counter(row.kind for row, found in checked if row.verdict == found.verdict)
            total = Counter(row.kind for row in rows)
            print("\nright by kind:", ", ".join(f"{k} {by_kind[k]}/{n}" for k, n in total.items()))
            for row, found in checked if split == chosen else ():
                if row.verdict != found.verdict:
                    print(f"\n{row.verdict} -> {found.verdict} ({row.kind}): {row.claim}")
                    print(
                        "  ", [c.quote for c in (*found.citations, *found.nearest)], found.reasons
                    )
        settings = pinpoint.settings
    result = measured(
        "python -m bench.claims",
        {
            "claims": CLAIMS,
            "reader": reader_fingerprint(settings) or "",
        },
        len(read_claims()),
        figures,
        tolerance=TOLERANCE,
    )
    return told("claims", result, accepted=arguments.accept)


if __name__ == "__main__":
    sys.exit(main())
