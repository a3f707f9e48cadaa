"""Small multiples for a page: one panel per label, all groups of all attributes as rows, the names once at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.report.canvas import drawable, font_families, style
from textlens.report.pictures.base import COLOURS, GREY, Picture, free_figure, percent, text_width
from textlens.report.pictures.groups import rows_with
from textlens.report.words import HIDDEN, label_name

_WIDTH, _ROW, _HEAD, _FOOT = 8.2, 0.235, 0.42, 0.62
_SIZE = 9.0


def draw_group_rows(cells: pd.DataFrame, labels: Sequence[str], names: Mapping[str, str] | None = None, overall: Mapping[str, float] | None = None) -> Picture:
    """Draw shares with 95 % intervals: a panel per label, a row per group, attributes one below the other.

    Parameters
    ----------
    cells : DataFrame
        ``attribute, group, label, share, low, high, reference, hidden``, as of :func:`textlens.compare_groups`;
        a group that a label does not have stays empty there.
    labels : sequence of str
    names : mapping, optional
        How to write labels.
    overall : mapping, optional
        Share of each label over all groups: a dashed line.

    Returns
    -------
    Picture
        ``axes``: the first panel, of a figure for a file. Table: the rows that were drawn.

    Raises
    ------
    ParameterError
        No row has one of the labels.

    Notes
    -----
    Hollow marks: groups of fewer than 30 (参考). ＊: hidden because small. All panels have the same scale. Places
    are worked out here: the layout solver costs more than the drawing, and its last digits are not always the same.
    """
    table = rows_with(cells, labels)
    rows: dict[tuple[str, str], int] = {}
    for attribute, part in table.groupby("attribute", sort=False):
        for group in ("", *dict.fromkeys(part["group"])):
            rows[str(attribute), str(group)] = len(rows)
    height = _HEAD + _ROW * len(rows) + _FOOT
    texts = {place: drawable(group or attribute) for (attribute, group), place in rows.items()}
    left = (max(text_width(text, _SIZE) for text in texts.values()) + 14) / 72 / _WIDTH
    known = table[~table["hidden"].astype(bool)]
    limit = min(1.0, float(known["high"].max()) * 1.05) if len(known) else 1.0
    with style(new_figure=False):
        figure = free_figure((_WIDTH, height))
        figure.set_layout_engine("none")
        edges = {"left": left, "right": 0.97, "top": 1 - _HEAD / height, "bottom": _FOOT / height, "wspace": 0.24}
        panels = figure.subplots(1, len(labels), squeeze=False, gridspec_kw=edges).ravel()
        for axes, label in zip(panels, labels, strict=True):
            _panel(axes, table[table["label"] == label], rows, limit, (overall or {}).get(label))
            axes.set_title(drawable((names or {}).get(label) or label_name(label)), loc="left", fontsize=10, fontfamily=font_families())
        panels[0].set_yticks(range(len(rows)), [texts[i] for i in range(len(rows))])
        panels[0].tick_params(axis="y", length=0, labelsize=_SIZE, labelfontfamily=font_families())
        for place, text in enumerate(panels[0].get_yticklabels()):
            if list(rows)[place][1] == "":
                text.set(color=COLOURS[0], fontsize=_SIZE + 0.5)
        figure.text(0.5, 0.08 / height, "割合と 95 % 区間。白丸は 30 人未満（参考）、破線は全体、＊は少数のため非表示。", ha="center", fontsize=9, fontfamily=font_families())
    return Picture(panels[0], table)


def _panel(axes: Axes, part: pd.DataFrame, rows: Mapping[tuple[str, str], int], limit: float, overall: float | None) -> None:
    at = np.array([rows[str(a), str(g)] for a, g in zip(part["attribute"], part["group"], strict=True)])
    hidden, few = part["hidden"].to_numpy(bool), part["reference"].to_numpy(bool)
    share, low, high = (part[name].to_numpy(float) for name in ("share", "low", "high"))
    for place in (place for (_, group), place in rows.items() if not group):
        axes.axhspan(place - 0.5, place + 0.5, color="#EEF2F6", linewidth=0, zorder=-1)
    axes.hlines(at[~hidden], low[~hidden], high[~hidden], color=COLOURS[0], linewidth=1.5)
    for small in (False, True):
        seen = ~hidden & (few == small)
        axes.scatter(share[seen], at[seen], s=26, facecolors="white" if small else COLOURS[0], edgecolors=COLOURS[0], zorder=3, clip_on=False)
    for place in at[hidden].tolist():
        axes.text(limit * 0.02, place, HIDDEN, va="center", fontsize=_SIZE)
    if overall is not None:
        axes.axvline(overall, color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, limit)
    axes.locator_params(axis="x", nbins=4)
    percent(axes.xaxis)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
