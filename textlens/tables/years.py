"""Year against year on one yardstick: the same rules for all years, tests per respondent, and what spoils a comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from textlens import schema
from textlens.checks import listed, whole_number
from textlens.errors import ParameterError
from textlens.tables.attributes import normalize_attributes
from textlens.tables.groups import label_flags, need_columns
from textlens.tables.read_words import key, words
from textlens.tables.small_cells import small_cells
from textlens.tables.statistics import (
    REFERENCE_N,
    adjust_p_values,
    association,
    difference_interval,
    share_interval,
)

MIX_CHANGE = 0.10
"""A share of respondents by channel that moved by this much is worth a warning (K36: 高校・Web の比率)."""

MAX_OPTIONS = 20
"""A column with more values than this is no question with options."""

NAMED_FROM = 5
"""An option that only one of two years has is named in a warning if at least this many chose it."""

_QUESTION_NUMBER = re.compile(r"^(問|q|設問)?[0-9]+[.:)]?(?=\D)")

CELL_COLUMNS = ["label", "year", "n", "count", "share", "low", "high", "reference"]
CHANGE_COLUMNS = ["label", "from", "to", "change", "low", "high", "method", "p_value", "p_adjusted", "new", "again", "gone", "enough"]


def compare_years(
    years: Mapping[str, pd.DataFrame], labels: str | Sequence[str], *, correction: str = "holm"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare the shares of labels among those who wrote, year by year.

    Parameters
    ----------
    years : mapping of str to DataFrame
        Year → one row per respondent who wrote (``Analysis.comments`` with ``status == "ok"``), in order,
        all analysed with the same rules.
    labels : str or sequence of str
        Bool columns, columns of kinds (``intent``, ``topic``), of which each value is a label, or columns of several
        values (``third_party``), of which each member is one.
    correction : {"holm", "bh"}
        Over all changes of this call.

    Returns
    -------
    cells : DataFrame
        ``label, year, n, count, share, low, high, reference``: share with 95 % Wilson interval;
        ``reference`` marks years with fewer than 30 respondents.
    changes : DataFrame
        ``label, from, to, change, low, high, method, p_value, p_adjusted, new, again, gone, enough`` for successive
        years: difference of shares with Newcombe's interval. ``new``: nobody in any year before; ``again``: nobody in the
        year before, but in an earlier one; ``gone``: nobody in this year, but in the one before. They are counts, not
        judgements: where ``enough`` is false (a year of fewer than 30, or an interval that holds 0) chance can do as much.

    Raises
    ------
    ParameterError
        Fewer than two years, a year without a row, or ``labels`` is no list of names.
    ColumnNotFoundError
        A year has not all the columns.

    Notes
    -----
    Different people answer each year; a change of share is not a change of mind, nor an effect of anything.
    """
    labels = listed(labels, "labels")
    if not isinstance(years, Mapping):
        raise ParameterError(f"years には、年と表の対応（{{\"2024\": 表, \"2025\": 表}}）を渡してください（型 {type(years).__name__} が渡されました）。")
    if len(years) < 2:
        raise ParameterError(f"年の比較には 2 年分以上が要ります（渡されたのは {len(years)} 年分）。")
    for year, frame in years.items():
        if frame.empty:
            raise ParameterError(f"{year} 年の回答が 0 件です。ファイルと本文の列を確かめてください。")
        need_columns(frame, labels, f"{year} 年の表に")
    flags = {year: label_flags(frame, labels) for year, frame in years.items()}
    names = _in_order({name for table in flags.values() for name in table}, labels)
    counts = {
        (name, year): int(table[name].sum()) if name in table else 0 for year, table in flags.items() for name in names
    }
    cells, changes = [], []
    for name in names:
        for year, frame in years.items():
            low, high = share_interval(counts[name, year], len(frame))
            count = counts[name, year]
            cells.append((name, year, len(frame), count, count / len(frame), low, high, len(frame) < REFERENCE_N))
        earlier = 0
        for old, new in pairwise(years):
            changes.append((name, old, new, *_change(counts[name, old], len(years[old]), counts[name, new], len(years[new]), earlier)))
            earlier += counts[name, old]
    frame = pd.DataFrame(changes, columns=[c for c in CHANGE_COLUMNS if c != "p_adjusted"])
    frame.insert(CHANGE_COLUMNS.index("p_adjusted"), "p_adjusted", adjust_p_values(frame["p_value"].to_list(), method=correction))
    return pd.DataFrame(cells, columns=CELL_COLUMNS), frame


def _in_order(names: set[str], labels: Sequence[str]) -> list[str]:
    """Labels in the order asked for, the values of one column together whichever year has them; numbers by size, 0 last."""

    def place(name: str) -> tuple[int, bool, float, str]:
        column, _, value = name.partition("=")
        number = float(value) if value.isdecimal() else 0.0
        return labels.index(name if name in labels else column), value == "0", number, value

    return sorted(names, key=place)


def _change(a: int, n_a: int, b: int, n_b: int, earlier: int) -> tuple[float, float, float, str, float, bool, bool, bool, bool]:
    """Compare two years; ``earlier``: how many had the label in the years before both."""
    change, low, high = difference_interval(a, n_a, b, n_b)
    method, p_value = "none", 1.0
    if 0 < a + b < n_a + n_b:
        found = association(pd.DataFrame([[a, n_a - a], [b, n_b - b]]))
        method, p_value = found.method, found.p_value
    enough = min(n_a, n_b) >= REFERENCE_N and (low > 0 or high < 0)
    return change, low, high, method, p_value, a == 0 < b and not earlier, a == 0 < b and earlier > 0, b == 0 < a, enough


def hidden_cells(cells: pd.DataFrame, min_cell: int) -> pd.Series:
    """Tell which rows of ``cells`` hold a small count, or one that would give a small count back.

    The values of one column (``topic=1``, ``topic=2`` …) add up to the people of the year, and so do those who
    have a label and those who have not. Values of which one person has several add up to more: each of them is
    looked at with those who have it not.

    Parameters
    ----------
    cells : DataFrame
        Of :func:`compare_years`.
    min_cell : int
        See :func:`textlens.tables.small_cells.small_cells`.

    Returns
    -------
    Series of bool
        Index as ``cells``.

    Raises
    ------
    ParameterError
        ``min_cell`` is no whole number of at least 1.
    """
    min_cell = whole_number(min_cell, "min_cell", 1)
    hidden = pd.Series(False, index=cells.index)
    column = cells["label"].str.partition("=")[0]
    several = column[cells["count"].groupby([column, cells["year"]]).transform("sum") > cells["n"]]
    column = column.mask(column.isin(several), cells["label"])
    for _, rows in cells.groupby([column, "year"], sort=False):
        counts = np.append(rows["count"].to_numpy(int), int(rows["n"].iloc[0]) - int(rows["count"].sum()))
        parts = np.flatnonzero((counts > 0) | (np.arange(len(counts)) < len(rows)))
        hidden[rows.index] = small_cells(counts[parts][None, :], min_cell, column_sums=False)[0][: len(rows)]
    return hidden


def comparison_warnings(
    years: Mapping[str, pd.DataFrame], questions: Mapping[str, str] | None = None, channel: str | None = None
) -> list[str]:
    """Return Japanese sentences on what makes the years hard to compare.

    Parameters
    ----------
    years : mapping of str to DataFrame
        Attributes may be spelt as in the files (男, 男性): they are compared in one spelling.
    questions : mapping of str to str, optional
        Year → wording of the question (the heading of the text column); its number may change.
    channel : str, optional
        Column that says how an answer came in (郵送, Web, 高校 …); ``None``: the one whose heading says so.

    Notes
    -----
    An option is named only where five or more chose it: a column that looks like options may hold a
    citizen's words. Misses: options with other words and the same meaning are reported as changed.
    """
    attributes = {year: [c for c in frame.columns if c not in schema.COMMENT_COLUMNS and not pd.api.types.is_numeric_dtype(frame[c])] for year, frame in years.items()}
    tidy = {year: normalize_attributes(frame[attributes[year]])[0] for year, frame in years.items()}
    channel = channel or channel_column([name for names in attributes.values() for name in names])
    said = []
    for old, new in pairwise(years):
        if questions and questions.get(old) and questions.get(new) and _wording(questions[old]) != _wording(questions[new]):
            said.append(f"{old}→{new}: 設問の文が変わっています。増減には設問の違いが混ざっています。")
        if channel:
            said += _mix(tidy[old], tidy[new], channel, f"{old}→{new}")
        for column in tidy[old].columns.intersection(tidy[new].columns):
            if column != channel:
                said += _options(tidy[old][column], tidy[new][column], f"{old}→{new}")
    for year, frame in years.items():
        if len(frame) < REFERENCE_N:
            said.append(f"{year}: 記入者が {len(frame)} 人と少ないため、割合は参考値です。")
    return said


def channel_column(names: Sequence[str]) -> str | None:
    """Return the first heading that says how an answer came in (``tables/channel_headings.tsv``), or ``None``."""
    return next((name for name in names if any(word.hits(key(str(name))) for word in words("channel_headings"))), None)


def _wording(question: str) -> str:
    return _QUESTION_NUMBER.sub("", key(question))


def _options(old: pd.Series, new: pd.Series, when: str) -> list[str]:
    before, after = (s[(s != "") & (s != "無回答")].value_counts() for s in (old, new))
    if not (1 < len(before) <= MAX_OPTIONS and 1 < len(after) <= MAX_OPTIONS) or set(before.index) == set(after.index):
        return []
    parts = []
    for year, own, other in zip(when.split("→"), (before, after), (after, before), strict=True):
        alone = own[~own.index.isin(other.index)]
        named = sorted(map(str, alone[alone >= NAMED_FROM].index))
        rest = f"{'ほか ' if named else ''}{len(alone) - len(named)} 種類" if len(alone) > len(named) else ""
        if len(alone):
            parts.append(f"{year}だけの値: {'、'.join([*named, *([rest] if rest else [])])}")
    return [f"{when}: 属性「{old.name}」の選択肢が変わっているか、選んだ人がいない選択肢があります（{'。'.join(parts)}）。調査票で確かめてください。"]


def _mix(old: pd.DataFrame, new: pd.DataFrame, channel: str, when: str) -> list[str]:
    if channel not in old.columns or channel not in new.columns:
        return [f"{when}: 列「{channel}」がない年があり、回収方法の構成の変化を確かめられません。"]
    shares = pd.DataFrame({"old": old[channel].value_counts(normalize=True), "new": new[channel].value_counts(normalize=True)}).fillna(0.0)
    moved = shares[(shares["new"] - shares["old"]).abs() >= MIX_CHANGE].sort_index()
    return [
        f"{when}: 回収方法「{name}」の割合が {row.old:.0%} から {row.new:.0%} に変わっています。増減には書く人の構成の違いが混ざっています。"
        for name, row in moved.iterrows()
    ]

