"""Compare groups honestly: per respondent, with intervals, one correction over all tables of a run."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.tables.statistics import REFERENCE_N, TableTest, adjust_p_values, association, share_interval


def compare_groups(
    comments: pd.DataFrame,
    by: str | Sequence[str],
    labels: Sequence[str],
    *,
    min_cell: int = 1,
    correction: str = "holm",
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count each label by each attribute, per respondent (通), and test every pair of attribute and label.

    Parameters
    ----------
    comments : DataFrame
        One row per respondent who wrote something (``Analysis.comments`` with ``status == "ok"``).
    by : str or sequence of str
        Attribute columns. Missing values form the group 「無回答」.
    labels : sequence of str
        Bool columns (``is_complaint`` …), or columns of kinds (``intent``, ``polarity``, ``topic``), of
        which every value becomes a label ``column=value``.
    min_cell : int
        Counts from 1 to ``min_cell - 1`` are hidden, and the share with them.
    correction : {"holm", "bh"}
        Over all tables of this call.

    Returns
    -------
    cells : DataFrame
        ``attribute, group, label, n, count, share, low, high, residual, reference, hidden``. ``n`` is the
        number of respondents in the group; ``low``/``high`` the 95 % Wilson interval; ``reference`` marks
        groups of fewer than 30; hidden counts are ``<NA>``.
    tests : DataFrame
        ``attribute, label, method, p_value, p_adjusted, effect, n, min_expected``.

    Raises
    ------
    ColumnNotFoundError, ParameterError

    Notes
    -----
    The shares are of those who wrote, never of all residents, and a difference is not a cause.
    """
    attributes = [by] if isinstance(by, str) else list(by)
    for name in (*attributes, *labels):
        if name not in comments.columns:
            raise ColumnNotFoundError(f"列「{name}」がありません。ある列: {'、'.join(map(str, comments.columns))}。")
    if min_cell < 1:
        raise ParameterError(f"min_cell は 1 以上です（渡されたのは {min_cell}）。")
    flags = label_flags(comments, labels)
    cells, tests = [], []
    for attribute in attributes:
        groups = comments[attribute].astype(object).where(comments[attribute].notna() & (comments[attribute] != ""), "無回答")
        for label, flag in flags.items():
            table = pd.crosstab(groups, flag).reindex(columns=[True, False], fill_value=0)
            found = _test(table, seed)
            cells += _cells(attribute, str(label), table, found, min_cell)
            if found is not None:
                tests.append(
                    {"attribute": attribute, "label": label, "method": found.method, "p_value": found.p_value,
                     "effect": found.effect, "n": found.n, "min_expected": found.min_expected}
                )  # fmt: skip
    frame = pd.DataFrame(tests, columns=["attribute", "label", "method", "p_value", "effect", "n", "min_expected"])
    frame.insert(4, "p_adjusted", adjust_p_values(frame["p_value"].to_list(), method=correction))
    return pd.DataFrame(cells), frame


def label_flags(comments: pd.DataFrame, labels: Sequence[str]) -> dict[str, pd.Series]:
    """Return label → bool Series; a column of kinds gives one label ``column=value`` per value."""
    flags: dict[str, pd.Series] = {}
    for name in labels:
        column = comments[name]
        if column.dtype == bool or str(column.dtype) == "boolean":
            flags[name] = column.fillna(False).astype(bool)
        else:
            for value in sorted(column.dropna().unique(), key=str):
                flags[f"{name}={value}"] = column.eq(value).fillna(False).astype(bool)
    return flags


def _test(table: pd.DataFrame, seed: int) -> TableTest | None:
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) > 0).sum() < 2:
        return None
    return association(table, seed=seed)


def _cells(attribute: str, label: str, table: pd.DataFrame, found: TableTest | None, min_cell: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for group in table.index:
        n, count = int(table.loc[group].sum()), int(table.loc[group, True])
        low, high = share_interval(count, n)
        hidden = 0 < count < min_cell or 0 < n - count < min_cell
        residual = float(found.residuals.loc[group, True]) if found is not None and group in found.residuals.index else float("nan")
        rows.append(
            {
                "attribute": attribute, "group": group, "label": label, "n": n,
                "count": pd.NA if hidden else count, "share": float("nan") if hidden else count / n,
                "low": float("nan") if hidden else low, "high": float("nan") if hidden else high,
                "residual": float("nan") if hidden else residual, "reference": n < REFERENCE_N, "hidden": hidden,
            }
        )  # fmt: skip
    return rows
