"""A place on paper for each comment: topics as discs, near ones side by side, comments inside their topic."""

from __future__ import annotations

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.tokens import Tokens, as_tokens
from textlens.topics.space import Space
from textlens.topics.words import topic_words

_ROUNDS = 300
_GAP = 1.3
"""Discs keep at least this many times the sum of their radii apart."""


def topic_layout(texts: pd.Series | Tokens, topics: pd.Series, *, random_state: int = 0) -> pd.DataFrame:
    """Lay comments out on a plane, one disc per topic.

    The area of a disc is the number of its comments. Discs of topics whose comments use the same words lie
    near each other (classical scaling of the cosine distances between topic centres, then pushed apart until
    none overlap); inside a disc the most typical comments stand in the middle, and comments with the same
    words in the same direction.

    Parameters
    ----------
    texts : Series of str, or Tokens
    topics : Series
        Topic of each text, same index; missing: the comment is left out.
    random_state : int

    Returns
    -------
    DataFrame
        Index of the texts that have a topic; ``topic, x, y`` (no unit; the largest coordinate is 1).

    Raises
    ------
    ParameterError
        The indexes differ.

    Notes
    -----
    The same for any order of rows. Misses: a distance between two comments of different topics means
    little, and the plane shows two of a hundred dimensions: read the comments, not the distances.

    References
    ----------
    Torgerson (1952) Multidimensional scaling: I. Theory and method, *Psychometrika* 17.
    """
    tokens = as_tokens(texts)
    if not topics.index.equals(tokens.index):
        raise ParameterError("topics は声と同じ索引の列を渡してください。")
    known = np.flatnonzero(topics.notna().to_numpy())
    order = sorted(known.tolist(), key=lambda i: (tokens.norm[i], str(tokens.index[i])))
    empty = pd.DataFrame({"topic": pd.Series(dtype=topics.dtype), "x": pd.Series(dtype=float), "y": pd.Series(dtype=float)})
    if not order:
        return empty
    words = topic_words(tokens[order])
    place = np.zeros((len(order), 2))
    if words.weights.nnz:
        place = Space.fit(words, np.arange(len(order)), random_state).place(words)
    own = topics.iloc[order]
    names = sorted(own.unique().tolist())
    number = own.map({name: i for i, name in enumerate(names)}).to_numpy()
    centres = np.stack([place[number == k].mean(axis=0) for k in range(len(names))])
    size = np.bincount(number, minlength=len(names)).astype(float)
    radius = np.sqrt(size / size.sum())
    discs = _apart(_scaled(centres), radius)
    spot = np.zeros((len(order), 2))
    for k in range(len(names)):
        rows = np.flatnonzero(number == k)
        spot[rows] = discs[k] + radius[k] * _inside(place[rows] - centres[k])
    spot = np.round(spot / max(np.abs(spot).max(), 1e-9), 6)
    frame = pd.DataFrame({"topic": own.to_numpy(), "x": spot[:, 0], "y": spot[:, 1]}, index=own.index)
    return frame.reindex(tokens.index[known])


def _scaled(centres: np.ndarray) -> np.ndarray:
    """Classical scaling of cosine distances to two dimensions; the sign of each axis is fixed."""
    n = len(centres)
    if n < 2:
        return np.zeros((n, 2))
    length = np.linalg.norm(centres, axis=1, keepdims=True)
    unit = centres / np.maximum(length, 1e-12)
    distance = np.maximum(0.0, 2 - 2 * unit @ unit.T)
    middle = np.eye(n) - 1 / n
    value, vector = np.linalg.eigh(-0.5 * middle @ distance @ middle)
    found = np.zeros((n, 2))
    for axis in range(min(2, n)):
        column = vector[:, -1 - axis] * np.sqrt(max(value[-1 - axis], 0.0))
        found[:, axis] = column * (1.0 if column[np.abs(np.round(column, 9)).argmax()] >= 0 else -1.0)
    return np.asarray(found / max(np.abs(found).max(), 1e-9))


def _apart(place: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Push discs apart, a little at a time, until none overlap; then draw them together as far as they go."""
    place = place * 1.5 + np.column_stack([np.cos(np.arange(len(place))), np.sin(np.arange(len(place)))]) * 1e-3
    least = _GAP * (radius[:, None] + radius[None, :])
    np.fill_diagonal(least, 0.0)
    for _ in range(_ROUNDS):
        place = place * 0.985
        for _ in range(8):
            delta = place[:, None, :] - place[None, :, :]
            distance = np.sqrt((delta**2).sum(axis=2)) + 1e-9
            push = np.maximum(least - distance, 0.0) / 2
            if push.max() < 1e-6:
                break
            place = place + ((push / distance)[:, :, None] * delta).sum(axis=1)
    return place


def _inside(away: np.ndarray) -> np.ndarray:
    """Fill a unit disc evenly: nearest to the centre first, each in the direction of its own words."""
    n = len(away)
    if n < 2:
        return np.zeros((n, 2))
    rank = np.argsort(np.argsort(np.round((away**2).sum(axis=1), 9), kind="stable"), kind="stable")
    golden = np.pi * (3 - np.sqrt(5))
    spots = np.sqrt((rank + 0.5) / n)[:, None] * np.column_stack([np.cos(rank * golden), np.sin(rank * golden)])
    left, _, _ = np.linalg.svd(away - away.mean(axis=0), full_matrices=False)
    angle = np.arctan2(left[:, 1], left[:, 0]) if left.shape[1] > 1 else np.zeros(n)
    ring = np.minimum((np.sqrt((rank + 0.5) / n) * max(1, round(np.sqrt(n) / 2))).astype(int), max(0, round(np.sqrt(n) / 2) - 1))
    found = spots.copy()
    for r in np.unique(ring):
        rows = np.flatnonzero(ring == r)
        by_spot = rows[np.argsort(np.arctan2(spots[rows, 1], spots[rows, 0]), kind="stable")]
        by_word = rows[np.argsort(np.round(angle[rows], 9), kind="stable")]
        found[by_word] = spots[by_spot]
    return found
