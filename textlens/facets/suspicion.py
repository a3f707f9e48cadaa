"""The safety net under the combinations: many weak signs, weighed together.

Quiet voices name no keyword. ``facets/signs.tsv`` holds broad families of words (children, injuries, fear,
papers, other people's things …); a logistic regression over how many different words of each family stand
in a text gives the probability that 要確認 or 急ぎ applies. The coefficients are plain data
(``facets/suspicion_model.tsv``); ``benchmarks/train_facets.py`` reproduces them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.facets.signals import load_laws
from textlens.resources import made_from
from textlens.rules import Matches, read_table

SIGNS = "facets/signs.tsv"
MODEL = "facets/suspicion_model.tsv"
SIGN_LAWS = "facets/sign_laws.tsv"
KINDS = ("legal", "urgent")
_FIRST = 1000.0
"""More than any family weighs: what puts specific families before the others."""


@dataclass(frozen=True, eq=False)
class SuspicionModel:
    """Weights per family of signs: ``families``, ``weights`` (n_families + 1 rows for the length, 2), ``intercept`` (2)."""

    families: tuple[str, ...]
    weights: np.ndarray
    intercept: np.ndarray


@made_from(MODEL)
def load_model() -> SuspicionModel:
    """Load the coefficients that ship."""
    table = {row["feature"]: (float(row["legal"]), float(row["urgent"])) for row in read_table(MODEL)}
    families = tuple(name for name in table if name.startswith("s:"))
    weights = np.array([table[name] for name in (*families, "length")])
    return SuspicionModel(families, weights, np.array(table["intercept"]))


def sign_features(matches: Matches, families: tuple[str, ...], group: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return log(1 + different words) per family, and log(1 + characters), per group of units.

    Parameters
    ----------
    matches : Matches
        Matches that hold those of ``facets/signs.tsv``.
    families : tuple of str
        Labels, in the order of the columns.
    group : int array, shape (n_units,)
        Group of each unit.
    lengths : int array, shape (n_groups,)
        Characters of each group.

    Returns
    -------
    float array, shape (n_groups, len(families) + 1)
    """
    column = {name: i for i, name in enumerate(families)}
    of_rule = np.array([column.get(row.label, -1) for row in matches.rows], np.int64)
    counts = np.zeros((len(lengths), len(families) + 1))
    counts[:, -1] = lengths
    if len(matches):
        use = np.flatnonzero(of_rule[matches.rule] >= 0)
        keys = np.unique(group[matches.unit[use]].astype(np.int64) * len(of_rule) + matches.rule[use])
        np.add.at(counts, (keys // len(of_rule), of_rule[keys % len(of_rule)]), 1)
    return np.log1p(counts)


class Suspicion:
    """Scores (0 to 1) of 要確認 and 急ぎ per group, and the families that weigh most.

    Attributes
    ----------
    probability : float array, shape (n_groups, 2)
        Columns as ``KINDS``.
    """

    def __init__(self, matches: Matches, group: np.ndarray, lengths: np.ndarray) -> None:
        self._model = load_model()
        self._features = sign_features(matches, self._model.families, group, lengths)
        score = self._features @ self._model.weights + self._model.intercept
        signs = self._features[:, :-1] @ np.maximum(self._model.weights[:-1], 0) > 0
        self.probability = 1 / (1 + np.exp(-score)) * signs

    def heaviest(self, kind: str, n: int = 3) -> np.ndarray:
        """Return the columns of the ``n`` families that raise each group's probability most (−1: none).

        Returns
        -------
        int array, shape (n_groups, n)
        """
        part = self._features[:, :-1] * self._model.weights[:-1, KINDS.index(kind)]
        order = np.argsort(-part, axis=1, kind="stable")[:, :n]
        return np.where(np.take_along_axis(part, order, axis=1) > 0, order, -1)

    def of_matches(self, matches: Matches) -> np.ndarray:
        """Return the column of the family each match belongs to (−1: no sign)."""
        column = {name: i for i, name in enumerate(self._model.families)}
        return np.array([column.get(row.label, -1) for row in matches.rows], np.int64)[matches.rule]

    def laws(self, groups: np.ndarray) -> list[tuple[str, ...]]:
        """Return for each of the groups the laws to look up first, from its heaviest family that points to one.

        A family by which alone a law comes to mind (``specific`` in ``facets/sign_laws.tsv``: papers about oneself, other people's
        waste) goes before one that stands in every second comment (children, staff, roads), whatever they weigh.
        """
        if not len(groups):
            return []
        laws, rows = load_laws(), {row["sign"]: row for row in read_table(SIGN_LAWS)}
        part = self._features[groups, :-1] * self._model.weights[:-1, 0]
        specific = np.array([rows.get(name, {}).get("specific") == "1" for name in self._model.families])
        part[:, [name not in rows for name in self._model.families]] = -np.inf
        part[:, specific] += np.where(part[:, specific] > 0, _FIRST, 0.0)
        return [laws[rows[self._model.families[i]]["law"]] for i in part.argmax(axis=1).tolist()]
