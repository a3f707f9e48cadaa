"""強み・弱み: what is praised and what is complained of, topic by topic, each line traceable to comments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.errors import ParameterError
from textlens.report.canvas import drawable, font_families, style
from textlens.report.pictures.base import Picture, legend, say_empty, start, title
from textlens.tables.statistics import REFERENCE_N, share_interval

COLUMNS = ["topic", "label", "n", "praise", "praise_low", "praise_high", "complaint", "complaint_low", "complaint_high",
           "reference", "praise_ids", "complaint_ids"]  # fmt: skip
MAX_ROWS = 20


def strengths(analysis: Any, by: str = "topic", *, min_n: int = 5) -> pd.DataFrame:
    """Return what is praised and what is complained of.

    Parameters
    ----------
    analysis : Analysis, or View of a profile that hides nothing
    by : str
        ``topic``, or a column of the comments (``department``, ``target``, an attribute …).
    min_n : int
        Rows with fewer comments are left out.

    Returns
    -------
    DataFrame
        ``topic`` (value of ``by``), ``label, n`` (comments read), ``praise`` and ``complaint`` (comments, 通; one may be
        both) with the 95 % Wilson interval of their share, ``reference`` (n under 30), ``praise_ids``,
        ``complaint_ids``. The most praised first.

    Raises
    ------
    ParameterError
        There is no such column, or the profile hides small numbers (the rest would tell them).

    References
    ----------
    水戸市 (domain.md M42): 強み from praise and attachment, 弱み from complaints.
    """
    read = analysis.comments[analysis.comments["status"].eq("ok")]
    if hasattr(analysis, "profile") and analysis.profile.min_cell > 1:
        raise ParameterError(f"強み・弱みの表は、少ない数を隠す範囲（{analysis.profile.name}）では作れません。担当内の結果から作ってください。")
    if by not in read.columns:
        raise ParameterError(f"列「{by}」がありません。ある列: {'、'.join(map(str, read.columns))}。")
    names = _names(analysis, by)
    praised, blamed = (_says(analysis, read, kind) for kind in ("praise", "complaint"))
    rows = []
    for value, part in read[read[by].notna()].groupby(by, sort=True):
        n = len(part)
        if n < min_n:
            continue
        good, bad = part.index[praised[part.index]], part.index[blamed[part.index]]
        rows.append((value, names.get(str(value), str(value)), n, len(good), *share_interval(len(good), n), len(bad),
                     *share_interval(len(bad), n), n < REFERENCE_N, tuple(good), tuple(bad)))  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    share = table["praise"] / table["n"] - table["complaint"] / table["n"] if len(table) else pd.Series(dtype=float)
    order = sorted(range(len(table)), key=lambda i: (-share[i], -table["n"][i], table["label"][i]))
    return table.iloc[order].reset_index(drop=True)


def _says(source: Any, read: pd.DataFrame, kind: str) -> pd.Series:
    """Bool per comment: is the kind among its own? (A View keeps the names of all kinds in one column.)"""
    if f"is_{kind}" in read:
        return read[f"is_{kind}"].fillna(False).astype(bool)
    return read["kinds"].str.split("、").map(lambda kinds: source.labels("intent", kind) in kinds).astype(bool)


def _names(source: Any, by: str) -> dict[str, str]:
    """How the values of a column are written (keys as text)."""
    if by == "topic":
        return dict(source.topic_names) if hasattr(source, "topic_names") else {str(t): n for t, n in zip(source.topics["topic"], source.topics["label"], strict=True)}
    if by == "department" and hasattr(source, "departments"):
        return dict(zip(source.departments["code"], source.departments["name"], strict=True))
    return {}


def draw_strengths(analysis: Any, by: str = "topic", ax: Axes | None = None, *, min_n: int = 5) -> Picture:
    """Draw the shares of praise (right) and complaint (left) of each topic with their intervals.

    Parameters
    ----------
    analysis : Analysis
    by, min_n
        See :func:`strengths`, whose table the picture returns (the twenty rows with most comments are drawn).
    ax : Axes or None

    Returns
    -------
    Picture
    """
    table = strengths(analysis, by, min_n=min_n)
    drawn = table.loc[sorted(table.sort_values("n", ascending=False, kind="stable").index[:MAX_ROWS])].reset_index(drop=True)
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 1.6 + 0.36 * max(len(drawn), 2)))
        name = "強み（称賛）と弱み（苦情）"
        if drawn.empty:
            title(axes, name)
            say_empty(axes, f"{min_n} 通以上のまとまりがありません。")
            return Picture(axes, table)
        rows = np.arange(len(drawn))
        for side, kind, colour, hatch, word in ((1, "praise", "#9CC3E6", "", "称賛"), (-1, "complaint", "#E0A184", "///", "苦情")):
            share = (drawn[kind] / drawn["n"]).to_numpy(float)
            low, high = drawn[f"{kind}_low"].to_numpy(float), drawn[f"{kind}_high"].to_numpy(float)
            axes.barh(rows, side * share, color=colour, hatch=hatch, edgecolor="#444444", linewidth=0.5, height=0.62, label=f"{word}を含む割合")
            axes.hlines(rows, side * low, side * high, color="#111111", linewidth=1)
            for i in range(len(drawn)):
                axes.text(side * (high[i] + 0.015), i, f"{int(drawn[kind].iloc[i]):,}", ha="left" if side > 0 else "right", va="center", fontsize=8)
        names = [f"{drawable(label)}（{n:,}{'・参考' if few else ''}）" for label, n, few in zip(drawn["label"], drawn["n"], drawn["reference"], strict=True)]
        axes.set_yticks(rows, names)
        axes.set_xlim(-1.12, 1.12)
        axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["100%", "50%", "0%", "50%", "100%"])
        axes.axvline(0, color="#444444", linewidth=0.8)
        axes.set_ylim(len(drawn) - 0.4, -0.6)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.06 - 0.35 / max(len(drawn), 3)), ncols=2)
        axes.set_xlabel("数字は通数、黒い線は 95 % 区間。称賛と苦情の両方を含む意見は両方に数える。", fontsize=7.5, fontfamily=font_families())
        title(axes, f"{name}{f'　通数の多い {MAX_ROWS}' if len(drawn) < len(table) else ''}　n＝{int(drawn['n'].sum()):,}")
    return Picture(axes, table)
