"""What an office teaches: its own labels, learnt on top of what ships, from about twenty examples on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from textlens.errors import ParameterError
from textlens.schema import MAIN_INTENTS

MIN_EXAMPLES = 10
PRIOR = 6.0
"""How strongly coefficients are held at their shipped values (an L2 penalty around them). With twenty
examples little moves; with several hundred the office's own habit wins."""


@dataclass(frozen=True)
class Learnt:
    """Coefficients after :func:`learn`, as plain arrays.

    Attributes
    ----------
    names : tuple of str
        Labels, in the order of the columns.
    coefficients : float array, shape (n_features, n_labels)
    n_examples : int
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    n_examples: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain data (lists, strings, numbers)."""
        return {"names": list(self.names), "coefficients": self.coefficients.tolist(), "n_examples": self.n_examples}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Learnt:
        """Rebuild from what :meth:`to_dict` gave."""
        return cls(tuple(data["names"]), np.array(data["coefficients"], float), int(data["n_examples"]))


def learn(features: np.ndarray, table: pd.DataFrame, shipped: np.ndarray) -> Learnt:
    """Fit one logistic regression per label, held at the shipped coefficients.

    A label of ours (complaint …) starts from what ships; a label of the office's own starts from zero.

    Parameters
    ----------
    features : float array, shape (n, n_features)
    table : bool DataFrame, shape (n, n_labels)
    shipped : float array, shape (n_features, len(MAIN_INTENTS))

    Raises
    ------
    ParameterError
        Fewer than ``MIN_EXAMPLES`` texts, no label at all, or none that some texts have and others have not.

    Notes
    -----
    A label that all texts have, or none, teaches nothing and is left out: what ships stays as it is for it.
    """
    if len(features) < MIN_EXAMPLES:
        raise ParameterError(f"学習に使うラベルは {MIN_EXAMPLES} 件以上必要です（渡されたのは {len(features)} 件）。")
    if not table.shape[1]:
        raise ParameterError("ラベルが一つもありません。ラベルの列を確かめてください。")
    table = table.loc[:, table.any() & ~table.all()]
    if not table.shape[1]:
        raise ParameterError("どの文にも同じラベルが付いているので、違いを学べません。2 種類以上のラベルが付いた文を渡してください。")
    columns = []
    for name in table.columns:
        start = shipped[:, MAIN_INTENTS.index(name)] if name in MAIN_INTENTS else np.zeros(features.shape[1])
        prior = PRIOR if name in MAIN_INTENTS else 1.0
        columns.append(_held(features, table[name].to_numpy(float), start, prior))
    return Learnt(tuple(map(str, table.columns)), np.stack(columns, axis=1), len(features))


def _held(x: np.ndarray, y: np.ndarray, start: np.ndarray, prior: float) -> np.ndarray:
    """Logistic regression with an L2 penalty around ``start``."""

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        away = w - start
        value = float(np.sum(np.logaddexp(0, z) - y * z) + prior / 2 * away @ away)
        return value, x.T @ (1 / (1 + np.exp(-np.clip(z, -30, 30))) - y) + prior * away

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


def most_useful(probabilities: np.ndarray, features: np.ndarray, n: int) -> np.ndarray:
    """Return the positions of texts worth labelling next: doubtful ones, but not all of the same kind.

    Doubt is the distance of the least sure label from one half; each pick lowers the worth of texts
    whose features are alike (cosine).
    """
    doubt = 1.0 - 2.0 * np.abs(probabilities - 0.5).min(axis=1)
    unit = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    worth = doubt.copy()
    picked: list[int] = []
    for _ in range(min(n, len(doubt))):
        best = int(np.argmax(worth))
        picked.append(best)
        worth *= 1.0 - 0.7 * np.clip(unit @ unit[best], 0, 1)
        worth[best] = -1.0
    return np.array(picked, np.int64)
