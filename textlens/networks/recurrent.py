"""Memory cells that read the words of a sequence forwards and backwards, in numbers that come out the same everywhere.

What a word says to the cells and what their states say are whole multiples of 1/128 (``STEP``), and so are the weights:
products and sums are exact in 32-bit floats (below 1,024), whichever sequences stand in a batch and in whatever order a
machine adds.

References
----------
Hochreiter and Schmidhuber (1997) Long short-term memory, *Neural Computation* 9 (8); Graves and Schmidhuber (2005) on
reading in both directions, *Neural Networks* 18.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController

STEP = np.float32(1 / 128)


def for_gates(weights: np.ndarray) -> np.ndarray:
    """Return weights of the gates (in, forget, new, out) as the cells take them: times −1, those of new times −2 (exact).

    A gate is 1 / (1 + exp(−x)), and what is new tanh(x) = 2 / (1 + exp(−2 x)) − 1.
    """
    turned = -weights
    turned[..., 2 * turned.shape[-1] // 4 : 3 * turned.shape[-1] // 4] *= 2
    return turned


def read_both_ways(asked: np.ndarray, rows: np.ndarray, weights: np.ndarray, slices: list[slice]) -> np.ndarray:
    """Return the states of the cells of both directions behind each word.

    Parameters
    ----------
    asked : float32 array, shape (2, n_different, 4 · n_cells)
        What each different word says to the gates of the cells that read forwards and backwards, ``for_gates``.
    rows : int array, shape (n_places,)
        Which of these words stands at each place; places stand in the order of ``slices``.
    weights : float32 array, shape (2, n_cells, 4 · n_cells)
        What a state says to the gates at the next word, ``for_gates``.
    slices : list of slice
        Places of each position (:class:`~textlens.networks.sequences.Order`).

    Returns
    -------
    float32 array, shape (n_places, 2 · n_cells)
        Between −1 and 1, whole multiples of ``STEP``.
    """
    n_cells = weights.shape[1]
    states = np.empty((len(rows), 2 * n_cells), np.float32)
    most = max((here.stop - here.start for here in slices), default=0)
    with _threads().limit(limits=1, user_api="blas"):  # products this small wait for each other's threads, more so on a busy machine
        for direction, path in enumerate((slices, slices[::-1])):
            state, memory = np.zeros((2, most, n_cells), np.float32)
            going = 0
            for here in path:
                gates = asked[direction][rows[here]]
                n = len(gates)
                going = min(n, going)  # backwards, longer sequences come first and others join them
                gates[:going] += state[:going] @ weights[direction]
                _step(gates, memory[:n], state[:n])
                states[here, direction * n_cells : (direction + 1) * n_cells] = state[:n]
                going = n
    return states


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _step(gates: np.ndarray, memory: np.ndarray, state: np.ndarray) -> None:
    """Take one word into memory and state of the cells; all arrays are written over."""
    n = memory.shape[1]
    np.exp(gates, out=gates)
    gates += 1
    np.reciprocal(gates, out=gates)
    new = gates[:, 2 * n : 3 * n]
    new *= 2
    new -= 1
    new *= gates[:, :n]
    memory *= gates[:, n : 2 * n]
    memory += new
    np.tanh(memory, out=state)
    state *= gates[:, 3 * n :]
    state /= STEP
    np.rint(state, out=state)
    state *= STEP


def pool(states: np.ndarray, slices: list[slice]) -> tuple[np.ndarray, np.ndarray]:
    """Return the highest and the sum of the states of each sequence, in the order of their first places, shape (n, width) each."""
    top, total = (states[slices[0]].copy() for _ in range(2))
    for here in slices[1:]:
        found = states[here]
        np.maximum(top[: len(found)], found, out=top[: len(found)])
        total[: len(found)] += found
    return top, total
