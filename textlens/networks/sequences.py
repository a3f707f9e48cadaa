"""Sequences of different lengths side by side, one position at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Order(NamedTuple):
    """Sequences position by position, the longest first: those still going on at a position are the first ones.

    Attributes
    ----------
    at : int array, shape (n_places,)
        Where each row of this order stands while the sequences stand one after the other.
    slices : list of slice
        Rows of each position; each slice is no longer than the one before.
    number : int array, shape (n_sequences,)
        Sequences in the order in which they stand at each position.

    Examples
    --------
    >>> order = Order.of(np.array([1, 3]))
    >>> order.at.tolist(), order.slices
    ([1, 0, 2, 3], [slice(0, 2, None), slice(2, 3, None), slice(3, 4, None)])
    """

    at: np.ndarray
    slices: list[slice]
    number: np.ndarray

    @classmethod
    def of(cls, lengths: np.ndarray) -> Order:
        """Order sequences of these lengths (each at least 1)."""
        order = np.argsort(-lengths, kind="stable")
        first = (np.cumsum(lengths) - lengths)[order]
        going = np.searchsorted(-lengths[order], -np.arange(lengths.max(initial=0)), "left")
        at = [np.zeros(0, np.int64), *(first[:count] + position for position, count in enumerate(going.tolist()))]
        borders = [0, *np.cumsum(going).tolist()]
        return cls(np.concatenate(at), [slice(low, high) for low, high in zip(borders, borders[1:], strict=False)], order)
