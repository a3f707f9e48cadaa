"""Compare groups honestly: per respondent, with intervals, one correction over all tables of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from textlens.checks import listed, whole_number
from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.tables.small_cells import small_cells
from textlens.tables.statistics import REFERENCE_N, TableTest, adjust_p_values, association, share_intervals

WROTE = "wrote"
"""Label of :func:`writing_rates`: the share of the answers that came back with something written."""



def compare_groups(
    comments: pd.DataFrame,
    by: str | Sequence[str],
    labels: str | Sequence[str],
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
    labels : str or sequence of str
        Bool columns (``is_complaint`` …), columns of kinds (``intent``, ``polarity``, ``topic``), of
        which every value becomes a label ``column=value``, or columns of several values (``third_party``,
        ``departments``), of which every member becomes one: their shares may add up to more than 1.
    min_cell : int
        Counts from 1 to ``min_cell - 1`` are hidden, and as many others as keep the sums (of a group, of a
        label) from giving them back.
    correction : {"holm", "bh"}
        Over all tables of this call.

    Returns
    -------
    cells : DataFrame
        ``attribute, group, label, n, count, share, low, high, residual, reference, hidden``. ``n`` is the
        number of respondents in the group; ``low``/``high`` the 95 % Wilson interval; ``reference`` marks
        groups of fewer than 30; hidden counts are ``<NA>``, and so are their shares and residuals.
    tests : DataFrame
        ``attribute, label, method, p_value, p_adjusted, effect, n, min_expected``; of tables with hidden
        cells ``p_value`` and ``p_adjusted`` have three decimals and ``effect`` two: in full they would give the cells back.

    Raises
    ------
    ColumnNotFoundError
        A column is not in the table.
    ParameterError
        ``by`` or ``labels`` is no list of names, ``by`` is a column of several values, or ``min_cell`` or ``correction`` cannot be used.

    Notes
    -----
    The shares are of those who wrote, never of all residents, and a difference is not a cause.
    Misses: ``n`` of a small group is shown; put groups together that must not be seen at all.
    """
    attributes, labels = listed(by, "by"), listed(labels, "labels")
    need_columns(comments, (*attributes, *labels))
    min_cell = whole_number(min_cell, "min_cell", 1)
    for attribute in attributes:
        if comments[attribute].map(_is_several).any():
            raise ParameterError(f"by の列「{attribute}」は一件に値がいくつもあるので、人を分けられません。labels に渡してください。")
    flags = label_flags(comments, labels)
    cells, tests = [], []
    for attribute in attributes:
        groups = comments[attribute].astype(object).where(comments[attribute].notna() & (comments[attribute] != ""), "無回答")
        counts = pd.DataFrame(flags, index=comments.index).groupby(groups).sum()
        n = groups.value_counts().reindex(counts.index)
        hidden = _hidden(groups, flags, counts, labels, min_cell)
        for label in flags:
            table = pd.DataFrame({True: counts[label], False: n - counts[label]})
            found = _test(table, seed)
            cells += _cells(attribute, str(label), table, found, hidden[label])
            if found is not None:
                tests.append(
                    {"attribute": attribute, "label": label, "method": found.method, "p_value": found.p_value, "effect": found.effect,
                     "n": found.n, "min_expected": found.min_expected, "hidden": bool(hidden[label].any())}
                )  # fmt: skip
    columns = ["attribute", "label", "method", "p_value", "effect", "n", "min_expected", "hidden"]
    frame = pd.DataFrame(tests, columns=columns)
    frame.insert(4, "p_adjusted", adjust_p_values(frame["p_value"].to_list(), method=correction))
    partly = frame.pop("hidden").astype(bool)
    for name, decimals in (("p_value", 3), ("p_adjusted", 3), ("effect", 2)):
        frame[name] = frame[name].where(~partly, frame[name].astype(float).round(decimals))
    return pd.DataFrame(cells), frame


def writing_rates(
    comments: pd.DataFrame, by: str | Sequence[str], *, min_cell: int = 1, correction: str = "holm"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count who wrote at all (記入率), by age band, district, channel …: who is not heard in what follows.

    Parameters
    ----------
    comments : DataFrame
        One row per answer that came back, written on or not, with ``status`` (``Analysis.comments`` as it is).
    by, min_cell, correction
        See :func:`compare_groups`.

    Returns
    -------
    cells, tests : DataFrame
        As of :func:`compare_groups`, with the one label ``wrote``; ``n`` counts the answers that came back.

    Raises
    ------
    ColumnNotFoundError, ParameterError

    Notes
    -----
    特になし and the like are not writing; what was too long to be read is. Misses: those who sent nothing back are not in the file.

    Examples
    --------
    >>> frame = pd.DataFrame({"status": ["ok", "blank", "ok", "ok"], "回収方法": ["郵送", "郵送", "Web", "Web"]})
    >>> writing_rates(frame, "回収方法")[0][["group", "n", "count", "share"]].to_numpy().tolist()
    [['Web', 2, 2, 1.0], ['郵送', 2, 1, 0.5]]
    """
    if "status" not in comments.columns:
        raise ColumnNotFoundError("列「status」がありません。analyze の結果の comments をそのまま（書かなかった人の行も）渡してください。")
    return compare_groups(comments.assign(**{WROTE: wrote(comments["status"])}), by, [WROTE], min_cell=min_cell, correction=correction)


def wrote(status: pd.Series) -> pd.Series:
    """Return who wrote something, whether or not it could be read: every status but ``blank`` and ``no_content``."""
    return ~status.isin(["blank", "no_content"])


def need_columns(comments: pd.DataFrame, names: Iterable[object], whose: str = "") -> None:
    """Look whether a table has columns.

    Raises
    ------
    ColumnNotFoundError
        One is missing; the message lists those that are there, after ``whose`` (「2024 年の表に」).
    """
    for name in names:
        if name not in comments.columns:
            raise ColumnNotFoundError(f"{whose}列「{name}」がありません。ある列: {'、'.join(map(str, comments.columns))}。")


def label_flags(comments: pd.DataFrame, labels: Sequence[str]) -> dict[str, pd.Series]:
    """Return label → bool Series; a column of kinds gives one label ``column=value`` per value, one of several values one per member."""
    flags: dict[str, pd.Series] = {}
    for name in labels:
        column = comments[name]
        if column.dtype == bool or str(column.dtype) == "boolean" or set(column.dropna().map(type)) == {bool}:
            flags[name] = column.fillna(False).astype(bool)
        elif column.map(_is_several).any():
            flags |= _member_flags(name, column)
        else:
            for value in sorted(column.dropna().unique(), key=str):
                flags[f"{name}={value}"] = column.eq(value).fillna(False).astype(bool)
    return flags


def _is_several(value: object) -> bool:
    return isinstance(value, tuple | list | set | frozenset | np.ndarray)


def _member_flags(name: str, column: pd.Series) -> dict[str, pd.Series]:
    """Return ``column=member`` → who has this member among others; a value alone is one member, a missing one none."""
    held = [set(value) if _is_several(value) else set() if pd.isna(value) else {value} for value in column.tolist()]
    members = sorted(set().union(*held), key=str)
    return {f"{name}={member}": pd.Series([member in own for own in held], index=column.index, dtype=bool) for member in members}


def _hidden(
    groups: pd.Series, flags: dict[str, pd.Series], counts: pd.DataFrame, labels: Sequence[str], min_cell: int
) -> dict[str, np.ndarray]:
    """Tell for each label which groups are hidden; the values of one column are hidden together, their sum is known.

    Where one person may have several of them there is no such sum: each is hidden with those who do not have it.
    """
    hidden = {label: np.zeros(len(counts), bool) for label in flags}
    for name in labels if min_cell > 1 else ():
        own = [label for label in flags if label == name or label.startswith(f"{name}=")]
        has = pd.DataFrame({label: flags[label] for label in own}, index=groups.index)
        for part in [[label] for label in own] if (has.sum(axis=1) > 1).any() else [own]:
            rest = ~has[part].any(axis=1)
            table = np.column_stack([counts[part].to_numpy(), rest.groupby(groups).sum().to_numpy()]).astype(np.int64)
            full = np.zeros(table.shape, bool)
            full[:, table.any(axis=0)] = small_cells(table[:, table.any(axis=0)], min_cell)
            hidden |= {label: full[:, i] for i, label in enumerate(part)}
    return hidden


def _test(table: pd.DataFrame, seed: int) -> TableTest | None:
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) > 0).sum() < 2:
        return None
    return association(table, seed=seed)


def _cells(attribute: str, label: str, table: pd.DataFrame, found: TableTest | None, hide: np.ndarray) -> list[dict[str, object]]:
    n, count = table.sum(axis=1).to_numpy(), table[True].to_numpy()
    low, high = share_intervals(count, n)
    residual = np.full(len(table), np.nan) if found is None else found.residuals[True].reindex(table.index).to_numpy(float)
    nan = float("nan")
    return [
        {
            "attribute": attribute, "group": group, "label": label, "n": int(n[i]),
            "count": pd.NA if hide[i] else int(count[i]), "share": nan if hide[i] else count[i] / n[i],
            "low": nan if hide[i] else float(low[i]), "high": nan if hide[i] else float(high[i]),
            "residual": nan if hide[i] else float(residual[i]), "reference": bool(n[i] < REFERENCE_N), "hidden": bool(hide[i]),
        }
        for i, group in enumerate(table.index)
    ]  # fmt: skip
