"""Columns and text together: how few people share a row's attributes, and which ones single somebody out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from textlens.checks import listed
from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.personal.generalise import read_number
from textlens.rules import load_rules
from textlens.tokens import Tokens, as_tokens

KS = (1, 2, 3, 5, 10, 20)


def _checked(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    if not columns:
        raise ParameterError("準識別子の列を 1 つ以上指定してください。")
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise ColumnNotFoundError(f"列 {'・'.join(missing)} がありません。ある列: {'・'.join(map(str, table.columns))}。")
    return table[list(columns)]


def group_sizes(table: pd.DataFrame, columns: str | Sequence[str]) -> pd.Series:
    """Return for each row how many rows share its values in ``columns`` (missing is a value of its own).

    Examples
    --------
    >>> group_sizes(pd.DataFrame({"age": ["80", "80", None]}), ["age"]).tolist()
    [2, 2, 1]
    """
    columns = listed(columns, "columns")
    part = _checked(table, columns)
    codes = part.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    return pd.Series(np.bincount(codes, minlength=1)[codes] if len(codes) else codes, index=table.index, name="k")


def k_anonymity(
    table: pd.DataFrame,
    columns: str | Sequence[str],
    *,
    fraction: float | pd.Series = 1.0,
    population: pd.DataFrame | None = None,
    max_columns: int = 3,
) -> pd.DataFrame:
    """Return sample k, estimated population k, and the smallest sets of columns that single a row out.

    Parameters
    ----------
    table : DataFrame
        One row per respondent.
    columns : str or sequence of str
        Quasi-identifiers (地区, 年代, 性別, 子の人数 …); a plain string is one column.
    fraction : float or Series
        Share of the population that was asked, per row if a Series; 1 for a 悉皆 (whole-population) survey.
    population : DataFrame, optional
        Counts of the population: the quasi-identifiers and a column ``count``; used where a row matches.
    max_columns : int
        Longest set of columns looked for.

    Returns
    -------
    DataFrame
        ``k`` (rows in the sample with the same values); ``k_population`` (``k / fraction``, or the count of
        the table); ``singled_out_by`` (tuple of smallest column sets, each a tuple, for rows with ``k`` 1).

    Raises
    ------
    ColumnNotFoundError, ParameterError
        A column is missing; a fraction is not in (0, 1], or a Series leaves rows of the table without one.

    Notes
    -----
    The respondent, the family and the office that holds the sampling list know who was asked: for them the
    sample k counts. Misses: what can be learnt from tables outside.

    References
    ----------
    Samarati & Sweeney (1998). Protecting privacy when disclosing information: k-anonymity.

    Examples
    --------
    >>> people = pd.DataFrame({"area": ["A", "A", "B"], "children": [1, 1, 5]})
    >>> k_anonymity(people, ["area", "children"], fraction=1 / 60)["k_population"].tolist()
    [120, 120, 60]
    """
    columns = listed(columns, "columns")
    share = _share(fraction, table.index)
    if not ((share > 0) & (share <= 1)).all():
        raise ParameterError("fraction（抽出率）は 0 より大きく 1 以下にしてください。悉皆調査は 1 です。")
    k = group_sizes(table, columns)
    estimate = (k / share).round().astype("int64")
    if population is not None:
        counts = _checked(population, [*columns, "count"]).groupby(columns, dropna=False)["count"].sum()
        keys = pd.MultiIndex.from_frame(table[columns]) if len(columns) > 1 else pd.Index(table[columns[0]])
        known = pd.Series(counts.reindex(keys).to_numpy(), index=table.index)
        estimate = known.fillna(estimate).astype("int64")
    return pd.DataFrame({"k": k, "k_population": np.maximum(estimate, k), "singled_out_by": singling_out(table, columns, max_columns=max_columns)})


def _share(fraction: float | pd.Series, index: pd.Index) -> pd.Series:
    """Return the share that was asked, one for each row of the table."""
    if not isinstance(fraction, pd.Series):
        return pd.Series(float(fraction), index=index)
    if not fraction.index.is_unique:
        raise ParameterError("fraction（抽出率）の index に同じ値が二度あります。表の行ごとに 1 つにしてください。")
    share = fraction.reindex(index)
    if without := int(share.isna().sum()):
        raise ParameterError(f"fraction（抽出率）のない行が {without} 行あります。表の index の全部の行に付けてください。")
    return share


def singling_out(table: pd.DataFrame, columns: str | Sequence[str], *, max_columns: int = 3) -> pd.Series:
    """Return for each row the smallest sets of columns in which it is the only one (empty: none).

    Examples
    --------
    >>> people = pd.DataFrame({"area": ["A", "A", "B", "B"], "children": [1, 5, 1, 1]})
    >>> singling_out(people, ["area", "children"]).tolist()
    [(('area', 'children'),), (('children',),), (), ()]
    """
    columns = listed(columns, "columns")
    _checked(table, columns)
    found: list[list[tuple[str, ...]]] = [[] for _ in range(len(table))]
    for size in range(1, min(max_columns, len(columns)) + 1):
        for subset in combinations(columns, size):
            for row in np.flatnonzero(group_sizes(table, subset).to_numpy() == 1).tolist():
                if not any(set(old) < set(subset) for old in found[row]):
                    found[row].append(subset)
    return pd.Series([tuple(sets) for sets in found], index=table.index, name="singled_out_by", dtype=object)


def k_sweep(table: pd.DataFrame, columns: str | Sequence[str], *, ks: Iterable[int] = KS) -> pd.DataFrame:
    """Return what each k costs: rows in too small groups, and how many columns must go to reach it.

    Returns
    -------
    DataFrame
        Index ``k``; ``rows_affected`` (rows in groups smaller than k: never falls as k grows), ``share``,
        ``columns_lost`` (fewest columns to leave out so that every group has k rows), ``columns_kept``.

    Examples
    --------
    >>> people = pd.DataFrame({"area": ["A", "A", "B"], "sex": ["f", "f", "f"]})
    >>> k_sweep(people, ["area", "sex"], ks=(1, 2, 3))["rows_affected"].tolist()
    [0, 1, 3]
    """
    columns = listed(columns, "columns")
    sizes = group_sizes(table, columns)
    subsets = [s for size in range(len(columns), 0, -1) for s in combinations(columns, size)]
    smallest = {s: int(group_sizes(table, s).min()) if len(table) else 0 for s in subsets}
    rows = []
    for k in ks:
        kept = next((s for s in subsets if smallest[s] >= k), ())
        affected = int((sizes < k).sum())
        rows.append((k, affected, affected / max(1, len(table)), len(columns) - len(kept), kept))
    return pd.DataFrame(rows, columns=["k", "rows_affected", "share", "columns_lost", "columns_kept"]).set_index("k")


def rare_values(table: pd.DataFrame, columns: str | Sequence[str], *, below: int = 3) -> pd.DataFrame:
    """Return values that fewer than ``below`` rows have: ``column, value, count``, rarest first.

    Examples
    --------
    >>> rare_values(pd.DataFrame({"children": [1, 1, 1, 5]}), ["children"]).to_numpy().tolist()
    [['children', 5, 1]]
    """
    columns = listed(columns, "columns")
    part = _checked(table, columns)
    rows = [(c, value, int(n)) for c in columns for value, n in part[c].value_counts(dropna=False).items() if n < below]
    return pd.DataFrame(rows, columns=["column", "value", "count"]).sort_values(["count", "column"], kind="stable", ignore_index=True)


def rare_in_text(texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
    """Find attributes in the text that hardly anybody shares (離婚5回, 子ども5人, 市内で一軒).

    Returns
    -------
    DataFrame
        ``id, start, end`` (raw text), ``label``, ``number`` (NaN where the rule has none), ``rule``.

    Examples
    --------
    >>> rare_in_text(["離婚5回、子ども2人です"])[["label", "number"]].to_numpy().tolist()
    [['marriages', 5.0]]
    """
    tokens = as_tokens(texts)
    matches = load_rules("personal/rarity.tsv").match(tokens)
    rows = []
    for doc, start, end, rule in zip(matches.doc.tolist(), matches.start.tolist(), matches.end.tolist(), matches.rule.tolist(), strict=True):
        row = matches.rows[rule]
        found = re.match(row.term, tokens.norm[doc][start:end])
        groups = found.groupdict() if found else {}
        number = read_number(groups["n"]) if groups.get("n") else None
        if number is None or number >= int(row.extra["least"] or 0):
            low, high = tokens.raw_span(doc, start, end)
            rows.append((tokens.index[doc], low, high, row.label, np.nan if number is None else float(number), row.id))
    return pd.DataFrame(rows, columns=["id", "start", "end", "label", "number", "rule"])


def recheck(before: pd.DataFrame, after: pd.DataFrame, columns: str | Sequence[str], *, k: int = 3) -> pd.DataFrame:
    """Compare k before and after a generalisation: smallest group, rows below k, rows lost.

    Examples
    --------
    >>> old = pd.DataFrame({"children": [1, 2, 5]})
    >>> recheck(old, old.assign(children="1人以上"), ["children"])["rows_below"].tolist()
    [3, 0]
    """
    rows = []
    for name, table in (("before", before), ("after", after)):
        sizes = group_sizes(table, columns)
        rows.append((name, len(table), int(sizes.min()) if len(sizes) else 0, int((sizes < k).sum())))
    return pd.DataFrame(rows, columns=["table", "rows", "smallest_k", "rows_below"]).set_index("table")
