"""Linear-chain conditional random field: how probable each label is at each place of many sequences.

All sequences of a batch are worked through together, one position at a time.

References
----------
Lafferty, McCallum and Pereira (2001) Conditional random fields, *ICML*; Rabiner (1989) on the scaling of forward and
backward values, *Proceedings of the IEEE* 77 (2).
"""

from __future__ import annotations

import numpy as np

from textlens.networks.sequences import Order


def label_probabilities(scores: np.ndarray, transition: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the posterior probability of each label at each position.

    Parameters
    ----------
    scores : float array, shape (n_positions, n_labels)
        Score of each label at each position, the sequences one after the other.
    transition : float array, shape (n_labels, n_labels)
        Score of the label of the column behind the label of the row.
    lengths : int array, shape (n_sequences,)
        Positions of each sequence, at least 1.

    Returns
    -------
    float array, shape (n_positions, n_labels)
        Rows sum to 1.

    Notes
    -----
    The last digits (about 1e-15) depend on what else stands in the batch: round before printing.

    Examples
    --------
    >>> scores = np.log([[1.0, 1.0], [3.0, 1.0]])
    >>> label_probabilities(scores, np.zeros((2, 2)), np.array([1, 1])).tolist()
    [[0.5, 0.5], [0.75, 0.25]]
    """
    if not len(lengths):
        return np.zeros_like(scores)
    at, slices, _ = Order.of(lengths)
    local = scores[at]  # position by position: what is worked on together lies together
    local = np.exp(local - local.max(axis=1, keepdims=True))
    step = np.exp(transition - transition.max())
    together = np.empty_like(local)
    now = together[slices[0]] = _scaled(local[slices[0]])
    for here in slices[1:]:
        evidence = local[here]
        now = together[here] = _scaled((now[: len(evidence)] @ step) * evidence)
    behind = np.ones_like(local[slices[-1]])  # the last position of each sequence has nothing behind it
    for here, before in zip(slices[:0:-1], slices[-2::-1], strict=True):
        ahead = local[here].copy()
        ahead[: len(behind)] *= behind
        behind = _scaled(ahead @ step.T)
        together[before][: len(behind)] *= behind
    result = np.empty_like(together)
    result[at] = _scaled(together)
    return result


def _scaled(values: np.ndarray) -> np.ndarray:
    return values / values.sum(axis=1, keepdims=True)
