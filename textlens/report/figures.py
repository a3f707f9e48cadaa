"""Figures: each shows the numbers of one table, with n, in Japanese, readable in grey.

Every function takes an ``Analysis``, a ``View`` or a ``Table``, draws into the axes it is given (or new
ones) and returns them; the caller saves. Nothing global is changed: the font is set per figure.
"""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from textlens.report.canvas import drawable, font_families, new_axes, style
from textlens.report.display import row_names
from textlens.report.tables import Table, build_tables
from textlens.report.words import HIDDEN, TOTAL, Labels

BLUE = "#2F5D8C"
POLARITY_STYLE = {
    "肯定（＋）": ("#9CC3E6", ""), "否定（－）": ("#8C3B1A", ""), "両方（±）": ("#D9A441", "///"), "中立（０）": ("#E3E3E3", ""),
}  # fmt: skip
"""Light blue, dark brown, hatched ochre, pale grey: apart in grey print and for red-green blindness."""

MAX_BARS = 20


def draw_intents(source: Any, ax: Axes | None = None) -> Axes:
    """Draw how many comments are mainly of each kind (bars; table ``intent``).

    Parameters
    ----------
    source : Analysis, View or Table
    ax : matplotlib Axes or None

    Returns
    -------
    matplotlib Axes
    """
    table, names = _table(source, "intent")
    return _bars(table, names, table.columns[0].name, "種別の件数（主な種別）", ax)


def draw_polarity(source: Any, ax: Axes | None = None) -> Axes:
    """Draw how many comments have each polarity (bars; table ``polarity``)."""
    table, names = _table(source, "polarity")
    axes = _bars(table, names, "通", "極性の件数", ax)
    for bar, name in zip(axes.patches, names, strict=False):
        colour, hatch = POLARITY_STYLE.get(name, (BLUE, ""))
        bar.set(facecolor=colour, hatch=hatch, edgecolor="#444444", linewidth=0.6)
    return axes


def draw_intent_polarity(source: Any, ax: Axes | None = None) -> Axes:
    """Draw kinds against polarities as a shaded table with the numbers in it (table ``intent_polarity``)."""
    table, names = _table(source, "intent_polarity")
    columns = [c.name for c in table.columns if c.name != TOTAL]
    counts = table.cells.loc[[r for r in table.cells.index if r != TOTAL], columns]
    shades = counts.astype("Float64").fillna(0).to_numpy(dtype=float)
    with style(new_figure=ax is None):
        axes = ax or new_axes(len(counts), 0.42)
        axes.imshow(shades, cmap="Blues", aspect="auto", vmin=0, vmax=max(1.0, shades.max() * 1.15))
        for i in range(shades.shape[0]):
            for j in range(shades.shape[1]):
                dark = shades[i, j] > 0.6 * shades.max()
                axes.text(j, i, _shown(table, str(counts.index[i]), columns[j]), ha="center", va="center",
                          color="white" if dark and shades.max() else "#222222", fontsize=9)  # fmt: skip
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(counts)), names[: len(counts)])
        axes.set_xticks(np.arange(-0.5, len(columns)), minor=True)
        axes.set_yticks(np.arange(-0.5, len(counts)), minor=True)
        axes.grid(which="minor", color="white", linewidth=1.5)
        axes.tick_params(which="both", length=0)
        return _finish(axes, "種別×極性（主な種別、通）", _n(table, TOTAL))


def draw_topics(source: Any, ax: Axes | None = None) -> Axes:
    """Draw topics by size, each bar divided by polarity (table ``topic``; the largest twenty); without topics an empty picture."""
    if not isinstance(source, Table) and "topic" not in (source.tables if hasattr(source, "tables") else build_tables(source)):
        return _no_topics(ax)
    table, names = _table(source, "topic")
    rows = [(r, n) for r, n in zip(table.cells.index, names, strict=True) if r != TOTAL][:MAX_BARS]
    columns = [c.name for c in table.columns if c.name != TOTAL]
    with style(new_figure=ax is None):
        axes = ax or new_axes(len(rows))
        left = np.zeros(len(rows))
        sizes = table.cells.loc[[r for r, _ in rows], TOTAL].astype("Float64").fillna(0).to_numpy(dtype=float)
        parts = table.cells.loc[[r for r, _ in rows], columns]
        whole = parts.notna().all(axis=1).to_numpy()
        for column in columns if whole.any() else ():
            values = np.where(whole, parts[column].astype("Float64").fillna(0).to_numpy(dtype=float), 0.0)
            colour, hatch = POLARITY_STYLE.get(column, (BLUE, ""))
            axes.barh(range(len(rows)), values, left=left, color=colour, hatch=hatch, edgecolor="#444444", linewidth=0.5, label=column)
            left += values
        if not whole.all():
            axes.barh(range(len(rows)), np.where(whole, 0.0, sizes), color="#C9C9C9", hatch="..", edgecolor="#444444", linewidth=0.5, label="内訳は少数のため非表示")
        for i, (row, _) in enumerate(rows):
            axes.text(sizes[i], i, f" {_shown(table, row, TOTAL)}", va="center", fontsize=8)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=5, frameon=False, borderaxespad=0.1, columnspacing=1.2, prop={"family": font_families(), "size": 8})
        shown = f"（上位 {MAX_BARS}）" if len(table.cells) - 1 > MAX_BARS else ""
        return _finish_bars(axes, [n for _, n in rows], sizes, f"話題{shown}と極性", _n(table, TOTAL), pad=24)


def _no_topics(ax: Axes | None) -> Axes:
    with style(new_figure=ax is None):
        axes = ax or new_axes(1)
        axes.set_axis_off()
        axes.text(0.5, 0.5, "話題は作っていません。", ha="center", va="center", transform=axes.transAxes, fontfamily=font_families())
        return _finish(axes, "話題と極性", "0")


def draw_departments(source: Any, ax: Axes | None = None) -> Axes:
    """Draw comments per first candidate 課 (bars; table ``department``; largest twenty, held rows last)."""
    table, names = _table(source, "department")
    return _bars(table, names, table.columns[0].name, "課別の件数（主担当の候補）", ax, ranked=True)


def _table(source: Any, name: str) -> tuple[Table, list[str]]:
    """Find the table behind a figure, and the names of its rows."""
    if isinstance(source, Table):
        return source, [drawable(n) for n in row_names(source, Labels(), {})]
    tables = source.tables if hasattr(source, "tables") else build_tables(source)
    labels = source.labels if hasattr(source, "labels") else Labels(dict(zip(source.departments["code"], source.departments["name"], strict=True)))
    names = source.topic_names if hasattr(source, "topic_names") else {str(t): n for t, n in zip(source.topics["topic"], source.topics["label"], strict=True)}
    return tables[name], [drawable(n) for n in row_names(tables[name], labels, names)]


def _bars(table: Table, names: list[str], column: str, title: str, ax: Axes | None, *, ranked: bool = False) -> Axes:
    rows = [(r, n) for r, n in zip(table.cells.index, names, strict=True) if r != TOTAL]
    total = _n(table, column)
    if ranked:
        size = table.cells[column].fillna(-1)
        rows = [(r, n) for r, n in rows if size[r] != 0]
        rows = sorted(rows, key=lambda p: (p[0] == "held", -int(size[p[0]])))
        if len(rows) > MAX_BARS:
            held = [p for p in rows if p[0] == "held"]
            rows = [p for p in rows if p[0] != "held"][: MAX_BARS - len(held)] + held
            title += f"　上位 {MAX_BARS}"
    values = table.cells.loc[[r for r, _ in rows], column].astype("Float64").fillna(0).to_numpy(dtype=float)
    with style(new_figure=ax is None):
        axes = ax or new_axes(len(rows))
        axes.barh(range(len(rows)), values, color=["#9AA5B1" if r == "held" else BLUE for r, _ in rows], height=0.7)
        for i, (row, _) in enumerate(rows):
            axes.text(values[i], i, f" {_shown(table, row, column)}", va="center", fontsize=9)
        return _finish_bars(axes, [n for _, n in rows], values, title, total)


def _finish_bars(axes: Axes, names: list[str], values: np.ndarray, title: str, n: str, pad: float = 6) -> Axes:
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(0, max(1.0, float(values.max(initial=0)) * 1.12))
    axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda v, _: f"{int(v):,}"))
    axes.set_xlabel("通", fontfamily=font_families())
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(names) - 0.4, -0.6)
    return _finish(axes, title, n, pad)


def _finish(axes: Axes, title: str, n: str, pad: float = 6) -> Axes:
    axes.set_title(f"{title}　n＝{n}", loc="left", pad=pad, fontsize=11, fontfamily=font_families())
    axes.tick_params(labelsize=9, labelfontfamily=font_families())
    return axes


def _shown(table: Table, row: str, column: str) -> str:
    value = table.number(row, column)
    return HIDDEN if value is None else f"{value:,}"


def _n(table: Table, column: str) -> str:
    return _shown(table, TOTAL, column)
