"""Fitting of the map from raw confidence to probability, by scikit-learn."""

from collections.abc import Sequence

import numpy as np

from index.errors import PinpointError
from qa.calibration.curves import Bools, Floats
from qa.calibration.maps import Isotonic, Platt, logit

LEAST_LABELLED = 20
"""Questions with a known answer that are needed, besides those that nothing answers."""
LEAST_OF_EACH = 5
"""Right first quotes that are needed, and wrong ones; one for each part in cross-validation."""
ISOTONIC_FROM = 500
"""Questions from which on the curve may take any rising form; fewer would bend it by chance."""
FOLDS = 5
_SEED = 20261128


def fit(scores: Floats, right: Bools, *, isotonic: bool) -> Platt | Isotonic:
    """Return the map that fits best; it never falls.

    Args:
        scores: Raw confidence, shape `(n,)`; at least one.
        right: Whether the first quote answers, shape `(n,)`.
        isotonic: Any rising form, instead of Platt's curve.
    """
    return _isotonic(scores, right) if isotonic else _platt(scores, right)


def cross_validated(
    scores: Floats, right: Bools, groups: Sequence[str], *, isotonic: bool
) -> Floats:
    """Return each question's probability by a map that was fitted without it, shape `(n,)`.

    Args:
        scores: As for `fit`.
        right: As for `fit`.
        groups: Those of one name, such as a question asked twice, are left out together.
        isotonic: As for `fit`.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    found = np.empty(len(scores))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=_SEED)
    for train, test in folds.split(scores, right, groups):
        found[test] = fit(scores[train], right[train], isotonic=isotonic).probability(scores[test])
    return found


def check_labelled(labelled: int) -> None:
    """Refuse so few questions of the user's own that nothing can be said by them.

    Raises:
        PinpointError: with what is missing.
    """
    if labelled < LEAST_LABELLED:
        raise PinpointError(
            f"{labelled} labelled questions are too few to calibrate by, {LEAST_LABELLED} are "
            "needed; give a file of questions, pin some, or rate answers on the page"
        )


def check_both(right: Bools) -> None:
    """Refuse questions nearly all of whose first quotes are right, or wrong.

    Raises:
        PinpointError: with what is missing.
    """
    for word, count in (("right", int(right.sum())), ("wrong", int((~right).sum()))):
        if count < LEAST_OF_EACH:
            raise PinpointError(
                f"only {count} of {len(right)} first quotes were {word}, {LEAST_OF_EACH} are "
                "needed to tell the two apart; label more questions"
            )


def _platt(scores: Floats, right: Bools) -> Platt:
    """Fit Platt's curve, to his targets: none is 0 or 1, so the curve is never infinitely steep."""
    from sklearn.linear_model import LogisticRegression

    hits, count = int(right.sum()), len(right)
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (count - hits + 2))
    x = np.tile(logit(scores), 2).reshape(-1, 1)
    y = np.repeat([1, 0], count)
    weights = np.concatenate([target, 1 - target])
    model = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-8).fit(x, y, sample_weight=weights)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope < 0:  # a higher score would say less
        slope, intercept = 0.0, float(logit(np.array([target.mean()]))[0])
    return Platt(questions=count, slope=slope, intercept=intercept)


def _isotonic(scores: Floats, right: Bools) -> Isotonic:
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, right)
    return Isotonic(
        questions=len(scores),
        scores=tuple(map(float, model.X_thresholds_)),
        probabilities=tuple(map(float, model.y_thresholds_)),
    )
