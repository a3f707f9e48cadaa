"""Small cells: a count that points at one or two people is hidden, and so is the cell that would give it away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from textlens.errors import ParameterError

HIDDEN = "×"


def small_cells(counts: pd.DataFrame, *, minimum: int = 3) -> pd.DataFrame:
    """Tell which cells of a table of counts must be hidden when its totals are shown.

    Parameters
    ----------
    counts : DataFrame
        Whole numbers ≥ 0, without totals.
    minimum : int
        Counts from 1 to ``minimum - 1`` are small; 0 is shown. 3 is a common choice of offices.

    Returns
    -------
    DataFrame of bool
        Small cells, and in every row and column with exactly one hidden cell a second one (the smallest
        other count, zero last), until none is left that subtraction would give away.

    Raises
    ------
    ParameterError
        A value is negative or no whole number, or ``minimum`` is below 1.

    Notes
    -----
    Guards against subtraction from the totals of the same table, not against two tables set side by side.
    A single row or column cannot be guarded by a second cell in the other direction: its total must go.

    References
    ----------
    Hundepool et al. (2012). Statistical Disclosure Control, chapter 4 (secondary cell suppression).

    Examples
    --------
    >>> table = pd.DataFrame({"要望": [1, 9], "苦情": [8, 7]}, index=["北", "南"])
    >>> small_cells(table).to_numpy().tolist()
    [[True, True], [True, True]]
    """
    values = counts.to_numpy(dtype=float)
    if minimum < 1:
        raise ParameterError(f"minimum は 1 以上にしてください（渡されたのは {minimum}）。")
    if values.size and ((values < 0) | (values != np.floor(values))).any():
        raise ParameterError("件数の表には 0 以上の整数だけを入れてください。割合の表は、元の件数の表で判定してから隠してください。")
    hidden = (values > 0) & (values < minimum)
    changed = True
    while changed:
        changed = False
        for axis in (1, 0):
            grid, numbers = (hidden, values) if axis else (hidden.T, values.T)
            for line in np.flatnonzero(grid.sum(axis=1) == 1).tolist():
                free = np.flatnonzero(~grid[line])
                if free.size:
                    order = np.lexsort((free, numbers[line, free], numbers[line, free] == 0))
                    grid[line, free[order[0]]] = True
                    changed = True
    return pd.DataFrame(hidden, index=counts.index, columns=counts.columns)


def suppress_small_cells(counts: pd.DataFrame, *, minimum: int = 3, totals: bool = True) -> pd.DataFrame:
    """Return the table to show: hidden cells are ``×``, totals are those of all cells.

    Where a whole table has one row or one column, the total of a line with a hidden cell is hidden too.

    Examples
    --------
    >>> table = pd.DataFrame({"要望": [1, 9, 6], "苦情": [8, 7, 5]}, index=["北", "南", "西"])
    >>> suppress_small_cells(table).to_numpy().tolist()
    [['×', '×', 9], [9, 7, 16], ['×', '×', 11], [16, 20, 36]]
    """
    hidden = small_cells(counts, minimum=minimum)
    shown = counts.astype(object).mask(hidden, HIDDEN)
    if not totals:
        return shown
    bare_rows, bare_columns = hidden.sum(axis=1) == 1, hidden.sum(axis=0) == 1
    shown["計"] = counts.sum(axis=1).astype(object).mask(bare_rows, HIDDEN)
    bottom = counts.sum(axis=0).astype(object).mask(bare_columns, HIDDEN)
    shown.loc["計"] = [*bottom.tolist(), int(counts.to_numpy().sum())]
    return shown
