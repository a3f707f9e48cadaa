"""A place on paper for each comment: topics as discs, near ones side by side, comments inside their topic."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.tokens import Tokens, as_tokens
from textlens.topics.space import Space
from textlens.topics.words import topic_words

_ROUNDS, _TRIES = 150, 120
"""How often discs are drawn together, and how often they may push each other until all have their room."""
_GAP = 1.3
"""Discs keep at least this many times the sum of their radii apart."""
_LINE = 0.04
"""Height of the line for a name, as a share of the side of the page."""
_INK = 0.3
"""Most of the page that names are given; of more topics than that, each gets less room than its name takes."""


def topic_layout(
    texts: pd.Series | Tokens, topics: pd.Series, *, random_state: int = 0, name_widths: Mapping[Hashable, float] | None = None
) -> pd.DataFrame:
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
    name_widths : mapping, optional
        Width of the name of each topic, as a share of the side of the (square) page: above each disc stays room
        for its name.

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
    width = np.array([(name_widths or {}).get(name, 0.0) for name in names])
    discs = _apart(_scaled(centres), radius, width * min(1.0, _INK / max(width.sum() * _LINE, 1e-9)))
    spot = np.zeros((len(order), 2))
    for k in range(len(names)):
        rows = np.flatnonzero(number == k)
        spot[rows] = discs[k] + radius[k] * _inside(place[rows] - centres[k])
    spot = spot - (spot.max(axis=0) + spot.min(axis=0)) / 2
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


def _apart(place: np.ndarray, radius: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Push discs apart, a little at a time, until none overlap; then draw them together as far as they go."""
    place = place * 1.5 + np.column_stack([np.cos(np.arange(len(place))), np.sin(np.arange(len(place)))]) * 1e-3
    nothing = np.zeros(len(place))
    for _ in range(_ROUNDS):
        place = place * 0.985
        for _ in range(8):
            push = _pushes(place, radius, nothing, 0.0)
            if np.abs(push).max() < 1e-6:
                break
            place = place + push
    return _with_names(place, radius, width) if width.any() else place


def _with_names(place: np.ndarray, radius: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Draw the discs far apart, and together again as far as they go with a name above each."""
    place, pull = place * 2.0, 0.9
    page = _page(place, radius)
    while pull < 0.995:
        tried = place * pull
        for _ in range(_TRIES):
            now = _page(tried, radius)
            push = _pushes(tried, radius, width * now / 2, _LINE * now)
            if np.abs(push).max() < 1e-3:
                break
            tried = tried + push
        if np.abs(push).max() < 1e-3 and now < page * 0.998:
            place, page = tried, now
        else:
            pull = 1 - (1 - pull) / 2
    return place


def _page(place: np.ndarray, radius: np.ndarray) -> float:
    """Length of the side of the square page that holds all discs."""
    return float(((place + radius[:, None]).max(axis=0) - (place - radius[:, None]).min(axis=0)).max())


def _pushes(place: np.ndarray, radius: np.ndarray, half: np.ndarray, line: float) -> np.ndarray:
    """Half of what disc and disc, name and name, and name and disc overlap, away from each other."""
    delta = place[:, None, :] - place[None, :, :]
    distance = np.hypot(delta[..., 0], delta[..., 1]) + 1e-9
    least = _GAP * (radius[:, None] + radius[None, :])
    np.fill_diagonal(least, 0.0)
    push = ((np.maximum(least - distance, 0.0) / distance)[..., None] * delta).sum(axis=1)
    if not half.any():
        return push / 2
    foot = place[:, 1] + radius  # a name stands on its disc
    rise = foot[:, None] - foot[None, :]
    beside = np.abs(delta[..., 0]) < half[:, None] + half[None, :] + line / 2
    np.fill_diagonal(beside, False)
    below = (rise < 0) | ((rise == 0) & np.tri(len(foot), k=-1, dtype=bool))
    push[:, 1] += (np.where(beside, np.maximum(line - np.abs(rise), 0.0), 0.0) * np.where(below, -1.0, 1.0)).sum(axis=1)
    # From the middle of a disc (column) to the nearest point of a name (row).
    over = np.maximum(np.abs(delta[..., 0]) - half[:, None], 0.0) * np.sign(delta[..., 0])
    up = foot[:, None] - place[None, :, 1]
    up = np.where(up > 0, up, np.minimum(up + line, 0.0))
    near = np.hypot(over, up) + 1e-9
    lack = np.maximum(radius[None, :] + line / 3 - near, 0.0) / near
    np.fill_diagonal(lack, 0.0)
    away = lack[..., None] * np.stack([over, up], axis=2)
    return (push + away.sum(axis=1) - away.sum(axis=0)) / 2


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
