"""Estimators that work at once: scikit-learn is told so."""

from __future__ import annotations

from typing import Any


class WorksUnfitted:
    """To stand before ``BaseEstimator``: what the estimator needs ships with the package, ``fit`` is not needed.

    A ``Pipeline`` that ends in it predicts without ``fit``, and ``check_is_fitted`` is content.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]
        tags.requires_fit = False
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return True
