"""Records to figures, in total and for each set."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import InputError, PinpointError
from qa.evaluation.bootstrap import ROUNDS, intervals, values
from qa.evaluation.compare import Comparison, compare
from qa.evaluation.figures import FIGURES
from qa.evaluation.outcome import Outcome, clusters, columns, outcome
from qa.evaluation.record import Asked, Record, Stage
from qa.evaluation.setup import Setup


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(_Frozen):
    """A figure with its 95% interval and the number of questions (or quotes) that it is over.

    None where there is nothing to measure.
    """

    name: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    n: int


class Part(_Frozen):
    """The scores of some questions: `asked` counts them by how they were asked."""

    name: str
    asked: dict[Asked, int]
    stages: dict[Stage, int]
    figures: tuple[Score, ...]

    def score(self, name: str) -> Score:
        """Return a figure by its name."""
        return next(figure for figure in self.figures if figure.name == name)


class Scores(_Frozen):
    """How well a collection is asked; `pinpoint eval FILE --json` prints exactly this.

    `known` counts the questions of which a document that answers is known. `sets` are the parts of
    a file that names any. `outcomes` are what `--compare` needs, and `comparison` is what it gave.
    """

    format: Literal["pinpoint evaluation"] = "pinpoint evaluation"
    version: Literal[1] = 1
    setup: Setup
    known: int
    total: Part
    sets: tuple[Part, ...]
    outcomes: tuple[Outcome, ...]
    comparison: Comparison | None = None

    @property
    def exact(self) -> bool:
        """Whether every quote is what is stored at its place."""
        return all(each.exact == each.quotes for each in self.outcomes)


def score(records: Sequence[Record], setup: Setup, *, rounds: int = ROUNDS) -> Scores:
    """Return the figures of records.

    Args:
        records: At least one.
        setup: What they were made with.
        rounds: Of the bootstrap.

    Raises:
        PinpointError: ir-measures is not installed.
    """
    outcomes = [outcome(record) for record in records]
    names = sorted({each.set for each in outcomes if each.set is not None})
    parts = [(name, [each for each in outcomes if each.set == name]) for name in names]
    return Scores(
        setup=setup,
        known=sum(bool(each.gold) for each in records if each.asked is Asked.ANSWERABLE),
        total=part("all", outcomes, rounds=rounds),
        sets=tuple(part(name, each, rounds=rounds) for name, each in parts),
        outcomes=tuple(outcomes),
    )


def part(name: str, outcomes: Sequence[Outcome], *, rounds: int = ROUNDS) -> Part:
    """Return the scores of some questions."""
    table = columns(outcomes)
    found, bounds = values(table), intervals(table, clusters(outcomes), rounds)
    return Part(
        name=name,
        asked={how: n for how in Asked if (n := sum(each.asked is how for each in outcomes))},
        stages={what: n for what in Stage if (n := sum(each.stage is what for each in outcomes))},
        figures=tuple(
            Score(
                name=figure.name,
                group=figure.group,
                value=_number(value),
                low=_number(low),
                high=_number(high),
                n=figure.count(table),
            )
            for figure, value, (low, high) in zip(FIGURES, found, bounds, strict=True)
        ),
    )


def compared(scores: Scores, other: Scores, *, rounds: int = ROUNDS) -> Scores:
    """Return scores with their comparison with others.

    Raises:
        InputError: they have no question in common.
    """
    found = compare(scores.setup, scores.outcomes, other.setup, other.outcomes, rounds=rounds)
    return scores.model_copy(update={"comparison": found})


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def read_scores(path: Path) -> Scores:
    """Return scores that were written as JSON.

    Raises:
        InputError: the file holds something else.
        PinpointError: it cannot be read.
    """
    try:
        return Scores.model_validate_json(path.read_bytes())
    except OSError as error:
        raise PinpointError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "content"
        raise InputError(
            f"{path}: is no evaluation ({where}: {first['msg']}); "
            "make one with: pinpoint eval FILE --json"
        ) from error
