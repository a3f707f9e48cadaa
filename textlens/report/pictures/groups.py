"""Small multiples: one label, one panel per attribute, the groups with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from textlens.errors import ParameterError
from textlens.report.canvas import drawable, font_families, style
from textlens.report.pictures.base import COLOURS, GREY, Picture, percent, say_empty, title
from textlens.report.words import HIDDEN, label_name
from textlens.tables.groups import WROTE

PANEL = (3.4, 0.34)
"""Width of a panel, and height of a row, in inches."""
_NEARLY_ALL = 0.9
"""Share of the people that must be shown, or no line stands for all of them."""


def rows_with(cells: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the labels, numbered from 0; raises ``ParameterError`` if there are none."""
    table = cells[cells["label"].isin(labels)].reset_index(drop=True)
    if table.empty:
        raise ParameterError("描くラベルが表にありません。compare_groups の表の label の値を渡してください。")
    return table


def draw_groups(
    cells: pd.DataFrame, labels: Sequence[str] | None = None, figure: Figure | None = None, names: dict[str, str] | None = None
) -> Picture:
    """Draw the shares of each group with 95 % intervals, one panel per attribute and label.

    Parameters
    ----------
    cells : DataFrame
        The first table of :func:`textlens.compare_groups` or :func:`textlens.tables.writing_rates`.
    labels : sequence of str or None
        Which labels; ``None``: all (at most twelve panels).
    figure : Figure or None
        An empty figure to draw into.
    names : dict or None
        How to write labels (``{"is_complaint": "苦情を含む"}``).

    Returns
    -------
    Picture
        ``axes``: the first panel. Table: the rows that were drawn.

    Raises
    ------
    ParameterError
        No row has one of the labels.

    Notes
    -----
    Hollow marks: groups of fewer than 30 (参考). ＊: hidden because small. The dashed line is the share over
    all groups shown in the panel; there is none where these are less than nine tenths of the people. All panels
    have the same scale.
    """
    wanted = list(dict.fromkeys(cells["label"])) if labels is None else list(labels)
    table = rows_with(cells, wanted)
    pairs = [(a, b) for a in dict.fromkeys(table["attribute"]) for b in wanted if ((table["attribute"] == a) & (table["label"] == b)).any()][:12]
    columns = panel_columns(len(wanted), len(pairs))
    rows = -(-len(pairs) // columns)
    size = table.groupby(["attribute", "label"]).size()
    most = [max(int(size[pair]) for pair in pairs[r * columns : (r + 1) * columns]) for r in range(rows)]
    known = table[~table["hidden"].astype(bool)]
    limit = min(1.0, float(known["high"].max()) * 1.08) if len(known) else 1.0
    with style(new_figure=figure is None):
        if figure is None:
            import matplotlib.pyplot as plt

            figure = plt.figure(figsize=panel_size(columns, most), layout=ConstrainedLayoutEngine(h_pad=0.1))
        panels = figure.subplots(rows, columns, squeeze=False, height_ratios=[m + 1.5 for m in most]).ravel()
        for axes in panels[len(pairs) :]:
            axes.set_axis_off()
        for axes, (attribute, label) in zip(panels, pairs, strict=False):
            part = table[(table["attribute"] == attribute) & (table["label"] == label)].reset_index(drop=True)
            _panel(axes, part, limit)
            title(axes, f"{drawable(str(attribute))}：{drawable(label_name(str(label), {WROTE: '記入率', **(names or {})}))}")
        whom = "回収した票" if WROTE in wanted else "書いた人"
        stars = "、＊は少数のため非表示" if table["hidden"].astype(bool).any() else ""
        figure.supxlabel(f"{whom}のうちの割合（95 % 区間）。白丸は 30 人未満（参考）、破線は表示した全体{stars}。", fontsize=9, fontfamily=font_families())
    return Picture(panels[0], table)


def panel_columns(n_labels: int, n_panels: int) -> int:
    """Return how many panels stand side by side: the labels of an attribute, or two attributes of one label."""
    return min(3, max(n_labels, 2), n_panels)


def panel_size(n_columns: int, n_groups: Sequence[int]) -> tuple[float, float]:
    """Return width and height (inches) of a figure with so many panels side by side, and so many groups in each row of panels."""
    return PANEL[0] * max(n_columns, 2), 0.4 + sum(0.8 + PANEL[1] * n for n in n_groups)


def _panel(axes: Axes, part: pd.DataFrame, limit: float) -> None:
    hidden = part["hidden"].astype(bool).to_numpy()
    if hidden.all():
        say_empty(axes, "少数のため非表示")
        return
    at = np.flatnonzero(~hidden)
    share = part["share"].to_numpy(float)
    low, high = part["low"].to_numpy(float), part["high"].to_numpy(float)
    axes.hlines(at, low[at], high[at], color=COLOURS[0], linewidth=1.6)
    few = part["reference"].astype(bool).to_numpy()
    for small in (False, True):
        rows = at[few[at] == small]
        axes.scatter(share[rows], rows, s=34, facecolors="white" if small else COLOURS[0], edgecolors=COLOURS[0], zorder=3, clip_on=False)
    for row in np.flatnonzero(hidden).tolist():
        axes.text(limit * 0.02, row, HIDDEN, va="center", fontsize=9)
    seen = part[~hidden]
    if seen["n"].sum() >= _NEARLY_ALL * part["n"].sum():
        axes.axvline(float(seen["count"].astype(float).sum() / seen["n"].sum()), color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks(range(len(part)), [f"{drawable(str(g))}（{n:,}）" for g, n in zip(part["group"], part["n"], strict=True)])
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.set_xlim(0, limit)
    percent(axes.xaxis)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
