"""Who can be told from attributes and text together: the tables an information officer looks at before sharing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.personal.kanonymity import group_sizes, k_anonymity, k_sweep, rare_in_text, rare_values, recheck
from textlens.report.attributes import quasi_identifiers, shown_attributes
from textlens.report.profiles import load_profile
from textlens.rules import read_table
from textlens.schema import PROFILES

IN_TEXT = "本文の特異な記述"
SWEEP, ROWS, VALUES, AFTER = "属性の組合せ", "一人に絞れる回答", "少ない値", "粗くした後"
NOTES = {
    SWEEP: "同じ属性の組合せの人数（k）をいくつ以上にするかと、そのために失うもの。",
    ROWS: "同じ組合せの人が 3 人に満たない回答（絞れる属性と、一人でなければその人数）と、本文に特異な記述がある回答。推定は抽出率か人口表によるもので、本人・家族・名簿を持つ係には記入者の中の人数で考えます。",
    VALUES: "3 人に満たない値。粗くする（「3人以上」など）、外す、そのまま、のどれにするかは人が決めます。",
    AFTER: "庁内共有で属性を粗くし、少数を伏せた後に数え直したもの。",
}
"""Sheet → what it shows."""
BELOW = 3
_MOST_COLUMNS, _MOST_SETS, _LONGEST = 10, 3, 3


def quasi_columns(analysis: Any, wanted: Sequence[str] = ()) -> list[str]:
    """Return the attributes to combine: those named, or all that help to tell who somebody is.

    Raises
    ------
    ColumnNotFoundError, ParameterError
        A name is not that of an attribute; there are more than ten columns.
    """
    missing = [name for name in wanted if name not in analysis.attributes]
    if missing:
        raise ColumnNotFoundError(f"属性の列 {'、'.join(missing)} がありません。ある列: {'、'.join(analysis.attributes) or 'なし'}。")
    columns = list(wanted) or quasi_identifiers(analysis.attributes, load_profile("庁内共有"))
    if len(columns) > _MOST_COLUMNS:
        raise ParameterError(f"組み合わせる属性が {len(columns)} 列あります。--quasi で {_MOST_COLUMNS} 列までを選んでください。")
    return columns


def singled_out(
    analysis: Any,
    columns: Sequence[str],
    *,
    fraction: float = 1.0,
    census: Mapping[str, str] | None = None,
    population: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of the check, by sheet name (``NOTES`` says what each shows).

    Parameters
    ----------
    analysis : Analysis
    columns : sequence of str
        Quasi-identifiers (:func:`quasi_columns`); what the text tells (離婚5回, 双子の母) is one more.
    fraction : float
        Share of the population that was asked (抽出率).
    census : mapping, optional
        Column → value of those who were all asked (悉皆: ``{"回収方法": "高校"}``); their k does not shrink.
    population : DataFrame of str, optional
        Table of counts: some of ``columns`` and ``count`` (人数).

    Raises
    ------
    ColumnNotFoundError, ParameterError
        A column is missing, or the share is not in (0, 1].

    Notes
    -----
    The whole file is counted, rows without a comment too. Misses: what other registers of the office tell.
    """
    comments = analysis.comments
    told = _told(comments)
    table = comments[list(columns)].astype(object).where(comments[list(columns)].notna(), "").astype(str).assign(**{IN_TEXT: told})
    used = [*columns, IN_TEXT] if told.ne("").any() else list(columns)
    if not used:
        return {}
    share = _share(comments, fraction, census or {})
    found = k_anonymity(table, used, fraction=share)
    if population is not None:
        found["k_population"] = _from_population(table, columns, population).fillna(found["k_population"]).astype("int64").clip(lower=found["k"])
    few = found["k"].lt(BELOW) | told.ne("")
    rows = pd.DataFrame(
        {
            "番号": [str(i) for i in comments.index], "記入者の中の人数": found["k"], "推定の人数": found["k_population"],
            "一人に絞れる属性": _reasons(table, used, found, told), IN_TEXT: told,
        }
    )[few].sort_values("記入者の中の人数", kind="stable")  # fmt: skip
    sweep = k_sweep(table, used).reset_index()
    sweep["share"] = sweep["share"].round(4)
    sweep["columns_kept"] = sweep["columns_kept"].map(lambda names: "、".join(names) or "（なし）")
    sweep = sweep.rename(columns={"k": "k（最小の人数）", "rows_affected": "満たない回答", "share": "割合", "columns_lost": "外す列の数", "columns_kept": "残せる列"})
    values = rare_values(table, used, below=BELOW).rename(columns={"column": "列", "value": "値", "count": "人数"})
    frames = {SWEEP: sweep, ROWS: rows, VALUES: values[values["値"].ne("")], AFTER: _after(analysis)}
    return {name: frame.reset_index(drop=True) for name, frame in frames.items()}


def smallest_group(analysis: Any, profile: str) -> dict[str, Any]:
    """Return what a profile leaves of the attributes: columns, smallest group, rows in groups below its ``min_cell``."""
    rules = load_profile(profile)
    after = shown_attributes(analysis.comments, analysis.attributes, rules)
    columns = quasi_identifiers(list(after.columns), rules)
    if not columns or not len(after):
        return {"columns": columns, "smallest": None, "rows_below": 0}
    checked = recheck(after, after, columns, k=rules.min_cell)
    return {"columns": columns, "smallest": int(checked["smallest_k"].iloc[-1]), "rows_below": int(checked["rows_below"].iloc[-1])}


def _reasons(table: pd.DataFrame, used: Sequence[str], found: pd.DataFrame, told: pd.Series) -> list[str]:
    """Return why each row is on the list: what singles it out, or what only one more shares; '' for the other rows."""
    sizes = {s: group_sizes(table, s).to_numpy() for n in range(1, min(_LONGEST, len(used)) + 1) for s in combinations(used, n)}
    reasons = []
    for row, (k, sets, words) in enumerate(zip(found["k"], found["singled_out_by"], told, strict=True)):
        if sets or k >= BELOW:
            reasons.append(_sets(sets) or (IN_TEXT if words else ""))
            continue
        few: list[tuple[str, ...]] = []
        for subset, size in sizes.items():
            if size[row] < BELOW and not any(set(old) < set(subset) for old in few):
                few.append(subset)
        reasons.append(_sets(few or [tuple(name for name in used if words or name != IN_TEXT)]) + (f"（{k} 人）" if k > 1 else ""))
    return reasons


def _sets(sets: Sequence[tuple[str, ...]]) -> str:
    shown = "／".join("×".join(names) for names in sets[:_MOST_SETS])
    return shown + (f" ほか {len(sets) - _MOST_SETS} 通り" if len(sets) > _MOST_SETS else "")


def _told(comments: pd.DataFrame) -> pd.Series:
    """Return what each text tells that hardly anybody shares, as words of ours."""
    words = {row["id"].removeprefix("rarity."): row["label"] for row in read_table("report/labels_ja.tsv")}
    read = comments["text"][comments["status"].eq("ok")]
    found: dict[object, list[str]] = {}
    rare = rare_in_text(read)
    for own, label, number in zip(rare["id"], rare["label"], rare["number"], strict=True):
        found.setdefault(own, []).append(words[label] + ("" if pd.isna(number) else f" {int(number)}"))
    return pd.Series(["、".join(dict.fromkeys(found.get(i, ()))) for i in comments.index], index=comments.index, dtype=object)


def _share(comments: pd.DataFrame, fraction: float, census: Mapping[str, str]) -> pd.Series:
    share = pd.Series(float(fraction), index=comments.index)
    for column, value in census.items():
        if column not in comments:
            raise ColumnNotFoundError(f"列 {column} がありません。--census は「列=値」の形で、結果にある属性を書いてください。")
        everybody = comments[column].astype(str).str.strip().eq(value)
        if not everybody.any():
            raise ParameterError(f"列 {column} に、--census に書かれた値の行がありません。値の書き方を確かめてください。")
        share[everybody] = 1.0
    return share


def _from_population(table: pd.DataFrame, columns: Sequence[str], source: pd.DataFrame) -> pd.Series:
    """Return the number of people of each row's combination in the table of counts, missing where it has none."""
    counts = source.rename(columns={"人数": "count", "人口": "count"})
    shared = [name for name in columns if name in counts]
    if not shared or "count" not in counts:
        raise ColumnNotFoundError(f"人口表には、属性と同じ見出しの列（{'、'.join(columns)} のうち一つ以上）と「人数」の列が要ります。")
    try:
        numbers = counts["count"].str.replace(",", "", regex=False).astype(int)
    except ValueError:
        raise ParameterError("人口表の「人数」の列に、整数でないセルがあります。") from None
    known = numbers.groupby([counts[name] for name in shared]).sum().to_dict()
    keys = table[shared].itertuples(index=False, name=None)
    return pd.Series([known.get(key if len(shared) > 1 else key[0]) for key in keys], index=table.index, dtype="Float64")


def _after(analysis: Any) -> pd.DataFrame:
    rows = []
    for profile in PROFILES:
        rules = load_profile(profile)
        after = shown_attributes(analysis.comments, analysis.attributes, rules)
        columns = quasi_identifiers(list(after.columns), rules)
        if columns and rules.min_cell > 1:
            checked = recheck(analysis.comments[columns].astype(str), after[columns].astype(str), columns, k=rules.min_cell)
            for word, smallest, below in zip(("前", "後"), checked["smallest_k"].tolist(), checked["rows_below"].tolist(), strict=True):
                rows.append((profile, word, "、".join(columns), smallest, rules.min_cell, below))
    return pd.DataFrame(rows, columns=["範囲", "粗くする", "列", "最小の人数", "基準の k", "基準に満たない回答"])
