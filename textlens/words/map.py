"""Correspondence analysis (対応分析): words and groups on one map, as a table first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from textlens.checks import beside, whole_number
from textlens.errors import ParameterError
from textlens.tokens import Tokens
from textlens.words.tables import Words, find_words


@dataclass(frozen=True)
class Correspondence:
    """Result of a correspondence analysis.

    Attributes
    ----------
    rows, columns : DataFrame
        Index = names; ``x, y`` … principal coordinates (``dim1, dim2`` …), ``mass``, ``inertia`` (share of the
        total), ``quality`` (share of the point's inertia that the kept dimensions show, 0 … 1).
    inertia : Series
        Principal inertia of each kept dimension; ``inertia / total`` is its share.
    total : float
        Total inertia, χ² / n.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    inertia: pd.Series
    total: float


def correspondence(table: pd.DataFrame, n_dimensions: int = 2) -> Correspondence:
    """Analyse a table of counts.

    Parameters
    ----------
    table : DataFrame
        Counts, not negative; rows and columns that are all zero are left out.
    n_dimensions : int

    Returns
    -------
    Correspondence
        The sign of each dimension is chosen so that its largest column coordinate is positive: the same
        map on every machine.

    Raises
    ------
    ParameterError
        A count is negative or missing, fewer than two rows or columns have any, or ``n_dimensions`` is no whole number of at least 1.

    Notes
    -----
    Misses: distances between a word and a group are not to be read off the map, only those within each;
    rare words lie far out (see ``mass`` and ``quality``).

    References
    ----------
    Greenacre (2017) *Correspondence Analysis in Practice*, 3rd ed., appendix A.

    Examples
    --------
    >>> found = correspondence(pd.DataFrame({"若": [8, 2], "老": [2, 8]}, index=["公園", "病院"]))
    >>> round(found.total, 4), found.columns["dim1"].round(2).tolist()
    (0.36, [0.6, -0.6])
    """
    n_dimensions = whole_number(n_dimensions, "n_dimensions", 1)
    counts = table.to_numpy(float)
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ParameterError("対応分析の表は 0 以上の件数だけにしてください（負の数か欠けた値があります）。")
    keep_rows, keep_columns = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    counts = counts[keep_rows][:, keep_columns]
    if min(counts.shape) < 2:
        raise ParameterError(f"対応分析には件数のある行と列が 2 つずつ要ります（今は {counts.shape[0]} 行 {counts.shape[1]} 列）。")
    share = counts / counts.sum()
    row_mass, column_mass = share.sum(axis=1), share.sum(axis=0)
    expected = np.outer(row_mass, column_mass)
    left, singular, right = np.linalg.svd((share - expected) / np.sqrt(expected), full_matrices=False)
    depth = min(n_dimensions, min(counts.shape) - 1)
    total = float((singular**2).sum())
    all_rows = left * singular / np.sqrt(row_mass)[:, None]
    all_columns = right.T * singular / np.sqrt(column_mass)[:, None]
    best = np.abs(np.round(all_columns, 9)).argmax(axis=0)
    sign = np.where(all_columns[best, np.arange(len(best))] < 0, -1.0, 1.0)
    dimensions = [f"dim{k + 1}" for k in range(depth)]
    return Correspondence(
        _points(all_rows * sign, row_mass, table.index[keep_rows], dimensions, total),
        _points(all_columns * sign, column_mass, table.columns[keep_columns], dimensions, total),
        pd.Series(singular[:depth] ** 2, index=dimensions, name="inertia"),
        total,
    )


def _points(places: np.ndarray, mass: np.ndarray, names: pd.Index, dimensions: list[str], total: float) -> pd.DataFrame:
    distance = (places**2).sum(axis=1)
    shown = (places[:, : len(dimensions)] ** 2).sum(axis=1)
    points = pd.DataFrame(places[:, : len(dimensions)], index=names, columns=dimensions)
    points["mass"] = mass
    points["inertia"] = mass * distance / total if total > 0 else 0.0
    points["quality"] = np.divide(shown, distance, out=np.ones_like(shown), where=distance > 1e-12)
    return points


def word_map(
    texts: pd.Series | Tokens | Words, groups: pd.Series | Sequence[Any], *, n_words: int = 60, min_docs: int = 3
) -> Correspondence:
    """Put the words that differ most between groups, and the groups, on one map.

    Parameters
    ----------
    texts : Series of str, Tokens, or Words
    groups : Series, list or array
        Group of each comment, same index (a list: same order); missing: the comment is not used.
    n_words : int
        Words with the largest χ² against the groups.
    min_docs : int
        Words in fewer comments are left out.

    Returns
    -------
    Correspondence
        Rows are words, columns are groups; counts are comments that have the word.

    Raises
    ------
    ParameterError
        The indexes or lengths differ, too few words or groups remain, or a number is not whole.
    """
    words = texts if isinstance(texts, Words) else find_words(texts)
    groups = beside(groups, words.tokens.index, "groups")
    n_words, min_docs = whole_number(n_words, "n_words", 2), whole_number(min_docs, "min_docs")
    seen = (words.matrix() > 0).astype(float)
    values = sorted(groups.dropna().unique().tolist(), key=str)
    columns = {value: np.asarray(seen[np.flatnonzero((groups == value).to_numpy())].sum(axis=0)).ravel() for value in values}
    table = pd.DataFrame(columns, index=pd.Index(words.names, name="word"))
    table = table[table.sum(axis=1) >= min_docs]
    if len(table) < 2 or len(values) < 2:
        raise ParameterError(f"地図にするには語とグループが 2 つずつ要ります（語 {len(table)}、グループ {len(values)}）。")
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.to_numpy().sum()
    chi = np.round(((table - expected) ** 2 / np.where(expected > 0, expected, 1)).sum(axis=1), 9)
    order = sorted(range(len(table)), key=lambda i: (-chi.iloc[i], table.index[i]))[:n_words]
    return correspondence(table.iloc[sorted(order)])
