"""意見・要求 × 法的対応 × ±: the matrix a council asked for, with the comments behind each cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.report.canvas import font_families, style
from textlens.report.pictures.base import Picture, start, title
from textlens.report.tables import build_tables, read_rows
from textlens.report.words import HIDDEN, TOTAL, Labels

COLUMNS = ["demand", "legal", "polarity", "count", "ids"]


def draw_matrix(source: Any, ax: Axes | None = None) -> Picture:
    """Draw how many comments are an opinion or a demand, ask for a look at the law or not, and praise or blame.

    Parameters
    ----------
    source : Analysis or View
        Of a View (a profile) the numbers are those it may show, and no ids are given.
    ax : Axes or None

    Returns
    -------
    Picture
        Table: one row per cell, ``demand`` (``demand``/``view``), ``legal`` (``check``/``none``), ``polarity``,
        ``count`` (通; ``<NA>`` where hidden), ``ids`` (tuple; empty for a View).

    Notes
    -----
    ``legal = none`` means that no cue was found, never that nothing needs to be done.

    References
    ----------
    岡本 (domain.md K13): 「意見か、要求か、法律・条令的に対応が必要か、プラスかマイナスかを区分してマトリックス表を作る」.
    """
    is_view = hasattr(source, "tables")
    table = source.tables["matrix"] if is_view else build_tables(source)["matrix"]
    ids = {} if is_view else _ids(source)
    labels = source.labels if is_view else Labels()
    polarities = [(next(v for n, v in c.conditions if n == "polarity"), c.name) for c in table.columns if c.name != TOTAL]
    rows = [str(r) for r in table.cells.index if r != TOTAL]
    found = []
    for row in rows:
        demand, legal = row.split("|")
        for code, name in polarities:
            number = table.number(row, name)
            found.append((demand, legal, code, pd.NA if number is None else number, ids.get((demand, legal, code), ())))
    cells = pd.DataFrame(found, columns=COLUMNS).astype({"count": "Int64"})
    shades = cells["count"].astype("Float64").fillna(0.0).to_numpy(dtype=float).reshape(len(rows), len(polarities))
    with style(new_figure=ax is None):
        axes = start(ax, (7.0, 3.1))
        axes.imshow(np.sqrt(shades), cmap="Greys", aspect="auto", vmin=0, vmax=max(1.0, np.sqrt(shades.max()) * 1.6))
        for i in range(len(rows)):
            for j in range(len(polarities)):
                number = cells["count"].iloc[i * len(polarities) + j]
                shown = HIDDEN if pd.isna(number) else f"{int(number):,} 通"
                axes.text(j, i, shown, ha="center", va="center", fontsize=10, color="#111111", fontfamily=font_families())
        names = [f"{labels('demand', r.split('|')[0])}・{labels('legal', r.split('|')[1])}" for r in rows]
        axes.set_xticks(range(len(polarities)), [name for _, name in polarities])
        axes.set_yticks(range(len(rows)), names)
        axes.set_xticks(np.arange(-0.5, len(polarities)), minor=True)
        axes.set_yticks(np.arange(-0.5, len(rows)), minor=True)
        axes.grid(which="minor", color="white", linewidth=2)
        axes.tick_params(which="both", length=0)
        total = table.number(TOTAL, TOTAL)
        title(axes, f"意見・要求 × 法的対応 × 極性　n＝{HIDDEN if total is None else f'{total:,}'}")
    return Picture(axes, cells)


def _ids(analysis: Any) -> dict[tuple[str, str, str], tuple[object, ...]]:
    read = read_rows(analysis)
    found: dict[tuple[str, str, str], tuple[object, ...]] = {}
    for (demand, legal, polarity), part in read.groupby(["demand", "legal", "polarity"], sort=True):
        found[str(demand), str(legal), str(polarity)] = tuple(part.index)
    return found
