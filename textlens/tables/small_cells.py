"""Small cells of one table of counts: hidden together with enough others that no sum gives them back."""

from __future__ import annotations

import numpy as np


def small_cells(counts: np.ndarray, min_cell: int, *, column_sums: bool = True) -> np.ndarray:
    """Tell which counts of a table must be hidden, the sums of its rows (and columns) being known.

    Parameters
    ----------
    counts : int array, shape (n_rows, n_columns)
    min_cell : int
        Counts from 1 to ``min_cell - 1`` are hidden; 1 hides nothing.
    column_sums : bool
        Does the reader know the sums of the columns too?

    Returns
    -------
    bool array, shape (n_rows, n_columns)

    Notes
    -----
    In each sum at least two parts are hidden, and they add up to ``min_cell`` or more where the table
    allows it; partners are the smallest counts, zeros last. Then no hidden count may be the only way
    between its row and its column (a bridge), because such a count follows from the sums.

    Misses: bounds (a count may be known to lie between two values), and sums told elsewhere.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, Wiley, chapter 4; Gusfield (1988), A graph
    theoretic approach to statistical data security, SIAM J. Comput. 17, 552–571 (bridges).

    Examples
    --------
    >>> small_cells(np.array([[1, 30], [9, 40], [20, 50]]), 3).astype(int).tolist()
    [[1, 1], [1, 1], [0, 0]]
    >>> small_cells(np.array([[1, 30, 8]]), 3, column_sums=False).astype(int).tolist()
    [[1, 0, 1]]
    """
    hidden = (counts > 0) & (counts < min_cell)
    sums = [(counts[r], hidden[r]) for r in range(len(counts))]
    if column_sums:
        sums += [(counts[:, c], hidden[:, c]) for c in range(counts.shape[1])]
    while any(_hide_partner(values, mask, min_cell) for values, mask in sums) or (column_sums and _break_bridge(counts, hidden)):
        pass
    return hidden


def _hide_partner(values: np.ndarray, hidden: np.ndarray, min_cell: int) -> bool:
    """Hide one more part of a sum that has one hidden part, or too few people in its hidden parts; False: no need."""
    if not hidden.any() or hidden.all() or (hidden.sum() > 1 and values[hidden].sum() >= min_cell):
        return False
    shown = np.flatnonzero(~hidden)
    hidden[min(shown.tolist(), key=lambda i: (values[i] == 0, values[i], i))] = True
    return True


def _break_bridge(counts: np.ndarray, hidden: np.ndarray) -> bool:
    """Hide one more count of the row or column of a hidden count that the sums give back; False: there is none."""
    import networkx as nx  # here: it takes as long to load as pandas, and most tables hide nothing

    graph = nx.Graph([(("row", int(r)), ("column", int(c))) for r, c in np.argwhere(hidden)])
    for pair in sorted(nx.bridges(graph)):
        place = dict(pair)
        row, column = place["row"], place["column"]
        for values, mask in ((counts[row], hidden[row]), (counts[:, column], hidden[:, column])):
            if not mask.all():
                shown = np.flatnonzero(~mask)
                mask[min(shown.tolist(), key=lambda i: (values[i] == 0, values[i], i))] = True
                return True
    return False
