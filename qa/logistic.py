"""Logistic regressions whose weights ship with Pinpoint, in qa/data/."""

import hashlib
import json
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict


class LogisticModel(BaseModel):
    """A weight for each feature by name, an intercept, and the score from which it says yes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: ClassVar[tuple[str, ...]]

    weights: dict[str, float]
    intercept: float
    threshold: float

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the model's numbers."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def probability(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the probability of each row of shape `(n, len(self.features))`: shape `(n,)`."""
        weights = np.array([self.weights[name] for name in self.features])
        logits = features @ weights + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)
