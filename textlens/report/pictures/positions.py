"""ポジショニングマップ: how much a topic is spoken of, against how much of it is dissatisfied."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.report.canvas import style
from textlens.report.pictures.base import (
    COLOURS,
    GREY,
    Picture,
    label_points,
    percent,
    say_empty,
    start,
    title,
)
from textlens.report.tables import build_tables
from textlens.report.words import TOTAL
from textlens.tables.statistics import REFERENCE_N, share_interval

COLUMNS = ["topic", "label", "n", "share", "negative", "negative_share", "low", "high", "reference"]


def draw_positions(source: Any, ax: Axes | None = None, *, min_n: int = 5) -> Picture:
    """Place each topic by its share of the comments (→) and the share of negative ones within it (↑).

    Parameters
    ----------
    source : Analysis or View
    ax : Axes or None
    min_n : int
        Topics with fewer comments stand in the table only.

    Returns
    -------
    Picture
        Table: ``topic, label, n, share`` (of the comments read), ``negative`` (comments), ``negative_share`` with its
        95 % Wilson interval ``low, high``, ``reference`` (fewer than 30: drawn hollow). Topics whose numbers
        the profile hides are left out.

    Notes
    -----
    Bars are the intervals: two topics whose bars overlap much are not told apart. Both axes are shares of
    those who wrote, not of the residents; much spoken of is not the same as important.

    References
    ----------
    寺田 (domain.md K30): 「ポジショニングマップを作って分析することが多い」.
    """
    table = positions(source)
    drawn = table[table["n"] >= min_n].reset_index(drop=True)
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 5.6))
        name = "ポジショニングマップ（話題の大きさ × 否定の割合）"
        if drawn.empty:
            title(axes, name)
            say_empty(axes, "数を伏せた話題のほかに、図に置ける話題がありません。" if table.attrs["hidden"] else f"{min_n} 通以上の話題がありません。")
            return Picture(axes, table)
        x, y = drawn["share"].to_numpy(), drawn["negative_share"].to_numpy()
        axes.errorbar(x, y, yerr=[y - drawn["low"], drawn["high"] - y], fmt="none", ecolor="#BBBBBB", elinewidth=1, zorder=1)
        for small in (False, True):
            at = drawn["reference"].to_numpy() == small
            axes.scatter(x[at], y[at], s=46, marker="o", facecolors="white" if small else COLOURS[0], edgecolors=COLOURS[0], zorder=3)
        axes.axvline(float(np.median(x)), color=GREY, linewidth=0.8, linestyle="--", zorder=0)
        axes.axhline(float((drawn["negative"].sum()) / drawn["n"].sum()), color=GREY, linewidth=0.8, linestyle="--", zorder=0)
        axes.set_xlim(0, float(x.max()) * 1.15)
        axes.set_ylim(-0.04, 1.04)
        percent(axes.xaxis)
        percent(axes.yaxis)
        axes.set_xlabel("話題の大きさ（読んだ意見のうちの割合）")
        axes.set_ylabel("話題の中の否定（－）の割合")
        axes.spines[["top", "right"]].set_visible(False)
        title(axes, f"{name}　n＝{int(table.attrs['read']):,}")
        label_points(axes, np.column_stack([x, y]), drawn["label"].tolist(), room=np.full(len(drawn), 5.0))
        axes.text(1.0, -0.13, "白丸は 30 通未満（参考）。棒は 95 % 区間。破線は縦が大きさの中央、横が全体の割合。", transform=axes.transAxes,
                  ha="right", va="top", fontsize=7.5, color="#555555")  # fmt: skip
    return Picture(axes, table)


def positions(source: Any) -> pd.DataFrame:
    """Return the table of :func:`draw_positions`, the largest topic first."""
    is_view = hasattr(source, "tables")
    counts = (source.tables if is_view else build_tables(source)).get("topic")
    names = source.topic_names if is_view else {str(t): n for t, n in zip(source.topics["topic"], source.topics["label"], strict=True)}
    read = 0 if counts is None else counts.number(TOTAL, TOTAL) or 0
    rows, hidden = [], False
    if counts is not None and read:
        column = next(c.name for c in counts.columns if ("polarity", "negative") in c.conditions)
        for row in [str(r) for r in counts.cells.index if r not in (TOTAL, "")]:
            n, negative = counts.number(row, TOTAL), counts.number(row, column)
            hidden |= n is None or negative is None
            if n and negative is not None:
                low, high = share_interval(negative, n)
                rows.append((row, names.get(row, row), n, n / read, negative, negative / n, low, high, n < REFERENCE_N))
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["n", "label"], ascending=[False, True], ignore_index=True)
    table.attrs |= {"read": read, "hidden": hidden}
    return table
