"""Maps from raw confidence to the probability that a first quote answers; numbers alone."""

from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Floats = npt.NDArray[np.float64]

_STEPS = 60  # halvings of [0, 1]; after them two neighbouring numbers are left
_SURE = 1e-4  # raw scores are rounded to it, and 0 and 1 have no logit

Share = Annotated[float, Field(ge=0, le=1)]


def logit(scores: Floats) -> Floats:
    """Return ln(p / (1 - p)), scores kept off 0 and 1 by what they are rounded to."""
    kept = np.clip(scores, _SURE, 1 - _SURE)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


class _Map(BaseModel):
    """A map that never falls. `questions` it was fitted on: so many cannot show certainty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: int = Field(ge=1)

    def probability(self, scores: Floats) -> Floats:
        """Return the probability for each raw score, shape `(n,)`.

        None is nearer to 0 or 1 than `1 / (questions + 2)`, which is what the rule of succession
        gives after that many questions without exception.
        """
        most = (self.questions + 1) / (self.questions + 2)
        return np.clip(self._mapped(scores), 1 - most, most)

    def of(self, score: float) -> float:
        """Return the probability for one raw score, rounded as scores are."""
        return round(float(self.probability(np.array([score]))[0]), 4)

    def least_score(self, probability: float) -> float:
        """Return the lowest raw score of this probability or more; infinity if there is none."""
        if self.of(0.0) >= probability:
            return 0.0
        low, high = 0.0, 1.0
        if self.of(high) < probability:
            return float("inf")
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.of(middle) >= probability else (middle, high)
        return high

    @property
    def tells(self) -> bool:
        """Whether it gives a higher probability for a high score than for a low one."""
        return self.of(1.0) > self.of(0.0)

    def _mapped(self, scores: Floats) -> Floats:
        raise NotImplementedError


class Platt(_Map):
    """A logistic curve over the logit of the raw score (Platt 1999)."""

    kind: Literal["platt"] = "platt"
    slope: FiniteFloat = Field(ge=0)
    intercept: FiniteFloat

    def _mapped(self, scores: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-(self.slope * logit(scores) + self.intercept))))


class Isotonic(_Map):
    """Straight lines between points that never fall (Zadrozny and Elkan 2002)."""

    kind: Literal["isotonic"] = "isotonic"
    scores: tuple[Share, ...] = Field(min_length=1)
    probabilities: tuple[Share, ...]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if len(self.scores) != len(self.probabilities):
            raise ValueError("scores and probabilities are not of one length")
        if (np.diff(self.scores) <= 0).any() or (np.diff(self.probabilities) < 0).any():
            raise ValueError("scores must rise, and probabilities must not fall")
        return self

    def _mapped(self, scores: Floats) -> Floats:
        return np.interp(scores, self.scores, self.probabilities)


AnyMap = Annotated[Platt | Isotonic, Field(discriminator="kind")]
