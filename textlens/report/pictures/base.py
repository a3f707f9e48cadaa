"""What the pictures share: the pair of axes and table, marks that differ in grey print, labels that do not collide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import Stroke

from textlens.report.canvas import drawable, font_families, style

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444")
"""Okabe and Ito (2008) Color Universal Design, without yellow, which vanishes on white."""
MARKERS = "os^DvPX*hp"
"""Seven colours and ten marks together tell seventy topics apart; in grey print the marks do."""
LINES = ("-", "--", "-.", ":")
GREY = "#8A8A8A"
_DIRECTIONS = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1))
_DISTANCES = (5.0, 8.0, 12.0, 16.0, 20.0, 30.0)
_CLEAR = 3.0
"""Points that a name keeps away from the marks of others."""


class Picture(NamedTuple):
    """A picture and its numbers.

    Attributes
    ----------
    axes : matplotlib Axes
        Of small multiples the first; ``axes.figure`` has them all.
    table : DataFrame
        Every number that was drawn.
    """

    axes: Axes
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Picture {self.table.shape[0]} rows>"


def start(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return the axes to draw into: the given ones, or those of a new figure that a notebook shows by itself."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    with style(new_figure=True):
        return plt.subplots(figsize=size, layout="constrained")[1]


def free_figure(size: tuple[float, float]) -> Figure:
    """Return a figure that no window and no global list knows, for files."""
    return Figure(figsize=size, layout="constrained")


def title(axes: Axes, text: str) -> None:
    """Put the title at the left, and the Japanese font on everything that has no font yet."""
    axes.set_title(text, loc="left", fontsize=11, fontfamily=font_families())
    axes.tick_params(labelsize=9, labelfontfamily=font_families())
    axes.xaxis.label.set_fontfamily(font_families())
    axes.yaxis.label.set_fontfamily(font_families())


def legend(axes: Axes, **options: Any) -> None:
    """Draw a frameless legend in the Japanese font."""
    axes.legend(frameon=False, prop={"family": font_families(), "size": 8}, **options)


def say_empty(axes: Axes, why: str) -> None:
    """Say in words why there is nothing to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, why, ha="center", va="center", transform=axes.transAxes, fontsize=10, fontfamily=font_families())


def percent(axis: Any) -> None:
    """Show shares as per cent."""
    axis.set_major_formatter(mpl.ticker.PercentFormatter(1.0, decimals=0))


def text_width(text: str, fontsize: float) -> float:
    """Return about how wide a text is, in points: a full-width character is as wide as the type is high."""
    return sum(0.6 if ord(c) < 0x2E80 else 1.0 for c in text) * fontsize


def label_points(
    axes: Axes, places: np.ndarray, names: Sequence[str], *, fontsize: float = 8.5, room: np.ndarray | None = None, reach: np.ndarray | None = None
) -> list[str]:
    """Write a name at each point, in order, where it covers neither another name nor the edge of the axes.

    Parameters
    ----------
    axes : Axes
        With its final limits.
    places : float array, shape (n, 2)
        Data coordinates, the most important first.
    names : sequence of str
    room : float array, shape (n,), optional
        Radius of each mark in points; names keep clear of their own mark, and of the others' as far as there is room.
    reach : float array, shape (n,), optional
        What the marks measure more, in units of the x axis.

    Returns
    -------
    list of str
        Names for which there was no room (they stand in the table).
    """
    figure = cast(Figure, axes.get_figure(root=True))
    figure.draw_without_rendering()
    scale = 72.0 / figure.dpi
    box = np.array(axes.get_window_extent().extents) * scale
    points = axes.transData.transform(places) * scale
    radius = np.zeros(len(names)) if room is None else room
    if reach is not None:
        radius = radius + reach * np.diff(axes.transData.transform([(0.0, 0.0), (1.0, 0.0)])[:, 0])[0] * scale
    taken: list[tuple[float, float, float, float]] = []
    left_out = []
    for number, name in enumerate(names):
        text = drawable(name)
        width, height = text_width(text, fontsize) + 2, fontsize * 1.3
        spot = _free_spot(points, number, radius, width, height, box, taken)
        if spot is None:
            left_out.append(name)
            continue
        x, y = spot
        taken.append((x, y, x + width, y + height))
        dx, dy = x + width / 2 - points[number, 0], y + height / 2 - points[number, 1]
        far = np.hypot(max(abs(dx) - width / 2, 0), max(abs(dy) - height / 2, 0)) > radius[number] + 8
        axes.annotate(
            text, places[number], xytext=(dx, dy), textcoords="offset points", ha="center", va="center", fontsize=fontsize,
            fontfamily=font_families(), zorder=5, path_effects=[Stroke(linewidth=2.2, foreground="white"), Stroke(snap=False)],
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.6} if far else None,
        )  # fmt: skip
    return left_out


def _free_spot(
    points: np.ndarray, number: int, radius: np.ndarray, width: float, height: float, box: np.ndarray,
    taken: list[tuple[float, float, float, float]],
) -> tuple[float, float] | None:  # fmt: skip
    """Return the lower left corner of a name: the first place that covers no mark, or else the one that covers least of them."""
    turn, away = np.tile(np.array(_DIRECTIONS, float), (len(_DISTANCES), 1)), radius[number] + np.repeat(_DISTANCES, len(_DIRECTIONS))[:, None]
    size = np.array([width, height])
    if (size > box[2:] - box[:2]).any():
        return None
    low = points[number] - size / 2 + turn * (size / 2 + away * np.where(turn[:, ::-1] == 0, 1.0, 0.6))
    low = np.maximum(np.minimum(low, box[2:] - size), box[:2])  # never over the edge
    high = low + size
    free = np.ones(len(low), bool)
    for left, bottom, right, top in taken:
        free &= (low[:, 0] >= right) | (high[:, 0] <= left) | (low[:, 1] >= top) | (high[:, 1] <= bottom)
    if not free.any():
        return None
    apart = np.maximum(np.maximum(low[free, None] - points, points - high[free, None]), 0.0)
    clear = radius + np.where(np.arange(len(points)) == number, 0.0, _CLEAR)
    covered = np.maximum(clear - np.hypot(apart[..., 0], apart[..., 1]), 0.0).sum(axis=1)
    x, y = low[free][np.round(covered, 3).argmin()]
    return float(x), float(y)
