"""話題の地図: every comment is a dot, every topic a disc."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.report.canvas import drawable, style
from textlens.report.pictures.base import (
    COLOURS,
    GREY,
    MARKERS,
    Picture,
    label_points,
    say_empty,
    start,
    text_width,
    title,
)
from textlens.topics.layout import topic_layout

REST = 0
"""Number of その他."""

_EM = 0.02
"""Size of the type of names, as a share of the side of the map, here and in the HTML report."""

LEAST_DOT, SMALL_DOT = 3.0, 12.0
"""Area of a mark in square points: never smaller; without a white edge up to the second."""


def draw_topic_map(source: Any, ax: Axes | None = None) -> Picture:
    """Draw each comment as a dot in the disc of its topic.

    Parameters
    ----------
    source : Analysis or View
    ax : Axes or None

    Returns
    -------
    Picture
        Table: index = id, ``topic, label, x, y``. The HTML report has the same map with the comments behind
        the dots.

    Notes
    -----
    See :func:`textlens.topics.layout.topic_layout` for what a place means. In grey print the marks tell
    topics apart.
    """
    table = map_table(source)
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 7.0))
        title(axes, f"話題の地図（点は一通ずつ）　n＝{len(table):,}")
        if table.empty:
            say_empty(axes, "話題に分けた意見がありません。")
            return Picture(axes, table)
        axes.set_axis_off()
        axes.set_aspect("equal")
        size = max(LEAST_DOT, 26.0 * (200 / max(len(table), 200)) ** 0.5)
        for number, (topic, part) in enumerate(table.groupby("topic", sort=True)):
            draw_dots(axes, part, None if topic == REST else number, size)
        axes.set_xlim(-1.12, 1.12)
        axes.set_ylim(-1.12, 1.12)
        found = discs(table)
        names = [with_number(name, n) for name, n in found["n"].items()]
        left_out = label_points(axes, found[["x", "y"]].to_numpy(), names, room=np.full(len(found), size**0.5 / 2), reach=found["reach"].to_numpy())
        if left_out:
            axes.text(0.0, 0.0, f"名前を書ききれない話題 {len(left_out)} は表を見てください。", transform=axes.transAxes, fontsize=7.5, color="#555555")
    return Picture(axes, table)


def draw_dots(axes: Axes, part: pd.DataFrame, number: int | None, size: float) -> None:
    """Draw the comments of a topic in its mark and colour (``None``: その他); not snapped to pixels, where small marks vanish."""
    axes.scatter(
        part["x"], part["y"], s=size, marker="o" if number is None else MARKERS[number % len(MARKERS)], linewidths=0.3 if size > SMALL_DOT else 0.0,
        color=GREY if number is None else COLOURS[number % len(COLOURS)], edgecolors="white" if size > SMALL_DOT else "none", alpha=0.85, snap=False,
    )  # fmt: skip


def with_number(name: object, n: int) -> str:
    """Return the name of a topic as the map writes it."""
    return f"{drawable(str(name))}（{n:,}）"


def discs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the middle, the radius (``reach``) and the comments (``n``) of the dots of each label, the largest first."""
    own = table.groupby("label")
    away = np.hypot(*(table[["x", "y"]] - own[["x", "y"]].transform("mean")).to_numpy().T)
    found = own[["x", "y"]].mean().assign(reach=pd.Series(away, table.index).groupby(table["label"]).max(), n=own.size())
    return found.sort_values("n", ascending=False, kind="stable")


def map_table(source: Any) -> pd.DataFrame:
    """Return ``topic, label, x, y`` of every comment that has a topic (index = id as shown)."""
    comments = source.comments
    topic = pd.to_numeric(comments["topic"], errors="coerce").astype("Int64")
    has = topic.notna() & comments["status"].eq("ok")
    if hasattr(source, "tables"):
        has &= topic.astype(str).isin([t.topic for t in source.topics if t.size is not None])  # no dots of a hidden number
    names = source.topic_names if hasattr(source, "tables") else {str(t): n for t, n in zip(source.topics["topic"], source.topics["label"], strict=True)}
    written = topic[has].astype(int)
    widths = {t: _EM * text_width(with_number(names.get(str(t), str(t)), n), 1.0) for t, n in written.value_counts().items()}
    found = topic_layout(comments.loc[has, "text"].astype(object), written, name_widths=widths)
    found.insert(1, "label", [names.get(str(t), str(t)) for t in found["topic"]])
    return found
