"""年の図: lines with intervals, and the ranking of interest with its change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.errors import ParameterError
from textlens.report.canvas import drawable, style
from textlens.report.pictures.base import (
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    Picture,
    legend,
    percent,
    start,
    title,
)
from textlens.report.words import label_name

MAX_LINES = 8
RANKING_COLUMNS = ["label", "rank_from", "rank_to", "count_from", "count_to", "share_from", "share_to", "change", "rank_change"]


def draw_years(
    cells: pd.DataFrame, labels: Sequence[str] | None = None, ax: Axes | None = None, names: dict[str, str] | None = None
) -> Picture:
    """Draw the share of each label among those who wrote, year by year, with 95 % intervals.

    Parameters
    ----------
    cells : DataFrame
        The first table of :func:`textlens.compare_years`.
    labels : sequence of str or None
        At most eight; ``None``: the eight most frequent in the last year.
    ax : Axes or None
    names : dict or None
        How to write labels; ours are written in Japanese by themselves.

    Returns
    -------
    Picture
        Table: the rows of ``cells`` that were drawn. Hollow marks: fewer than 30 who wrote.

    Raises
    ------
    ParameterError
        A label is not in the table, or more than eight are asked for.

    Notes
    -----
    Different people answer each year; a line that rises is a change among those who wrote.
    """
    years = list(dict.fromkeys(cells["year"]))
    last = cells[cells["year"] == years[-1]].sort_values(["share", "label"], ascending=[False, True])
    wanted = last["label"].head(MAX_LINES).tolist() if labels is None else list(labels)
    missing = [name for name in wanted if name not in set(cells["label"])]
    if missing or len(wanted) > MAX_LINES:
        raise ParameterError(
            f"ラベル「{missing[0]}」が表にありません。" if missing else f"一つの図に描けるのは {MAX_LINES} 本までです（渡されたのは {len(wanted)}）。"
        )
    table = cells[cells["label"].isin(wanted)].reset_index(drop=True)
    place = {year: i for i, year in enumerate(years)}
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 4.6))
        for number, label in enumerate(wanted):
            part = table[table["label"] == label]
            x = np.array([place[y] for y in part["year"]]) + (number - (len(wanted) - 1) / 2) * 0.04
            share, low, high = (part[name].to_numpy(float) for name in ("share", "low", "high"))
            colour, line = COLOURS[number % len(COLOURS)], LINES[number % len(LINES)]
            axes.errorbar(x, share, yerr=[share - low, high - share], color=colour, linestyle=line, linewidth=1.6, elinewidth=0.9, capsize=2)
            for few in (False, True):
                at = part["reference"].to_numpy(bool) == few
                axes.plot(x[at], share[at], linestyle="none", marker=MARKERS[number % len(MARKERS)], color=colour, markersize=6, markerfacecolor="white" if few else colour)
            axes.plot([], [], color=colour, linestyle=line, marker=MARKERS[number % len(MARKERS)], label=drawable(label_name(str(label), names)))
        counts = cells.drop_duplicates("year").set_index("year")["n"]
        axes.set_xticks(range(len(years)), [f"{y}\n（{counts[y]:,} 人）" for y in years])
        axes.set_xlim(-0.4, len(years) - 0.6)
        axes.set_ylim(0, min(1.0, float(table["high"].max()) * 1.1) or 1.0)
        percent(axes.yaxis)
        axes.set_ylabel("書いた人のうちの割合（95 % 区間）")
        axes.grid(axis="y", color="#E5E5E5", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        title(axes, "年ごとの割合")
        legend(axes, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return Picture(axes, table)


def interest_ranking(cells: pd.DataFrame, *, prefix: str = "topic=") -> pd.DataFrame:
    """Rank labels by the share of those who wrote, in the first and the last year.

    Parameters
    ----------
    cells : DataFrame
        The first table of :func:`textlens.compare_years`.
    prefix : str
        Only labels that begin so; ``""``: all.

    Returns
    -------
    DataFrame
        ``label`` (without the prefix), ``rank_from, rank_to`` (1 = most; ties share a rank; missing where nobody
        wrote of it), ``count_from, count_to, share_from, share_to, change`` (of the share), ``rank_change`` (positive:
        risen). The first of the last year first.

    Notes
    -----
    A rank is moved by the others too; ``change`` and its test in :func:`textlens.compare_years` tell more.
    """
    years = list(dict.fromkeys(cells["year"]))
    own = cells[cells["label"].astype(str).str.startswith(prefix)]
    old, new = (own[own["year"] == y].set_index("label") for y in (years[0], years[-1]))
    labels = list(dict.fromkeys(own["label"]))
    ranks = {name: part["share"].where(part["count"] > 0).rank(ascending=False, method="min").astype("Int64") for name, part in (("from", old), ("to", new))}
    table = pd.DataFrame(
        {
            "label": [str(name)[len(prefix) :] for name in labels],
            "rank_from": ranks["from"].reindex(labels).array, "rank_to": ranks["to"].reindex(labels).array,
            "count_from": old["count"].reindex(labels).to_numpy(), "count_to": new["count"].reindex(labels).to_numpy(),
            "share_from": old["share"].reindex(labels).to_numpy(), "share_to": new["share"].reindex(labels).to_numpy(),
        }
    )  # fmt: skip
    table["change"] = table["share_to"] - table["share_from"]
    table["rank_change"] = table["rank_from"] - table["rank_to"]
    return table.sort_values(["rank_to", "rank_from", "label"], na_position="last", ignore_index=True)[RANKING_COLUMNS]


def draw_interest(cells: pd.DataFrame, ax: Axes | None = None, *, prefix: str = "topic=", n: int = 15, names: dict[str, str] | None = None) -> Picture:
    """Draw the ranking of interest in the first and the last year, a line from rank to rank.

    Parameters
    ----------
    cells, prefix
        See :func:`interest_ranking`, whose table the picture returns.
    ax : Axes or None
    n : int
        Labels ranked lower in both years are not drawn.
    names : dict or None
        How to write labels.

    Returns
    -------
    Picture
    """
    table = interest_ranking(cells, prefix=prefix)
    years = list(dict.fromkeys(cells["year"]))
    spots = {side: _spots(table, f"rank_{side}", n) for side in ("from", "to")}
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 1.4 + 0.34 * n))
        for i, row in enumerate(table.to_dict("records")):
            a, b = spots["from"][i], spots["to"][i]
            if a > n and b > n:
                continue
            moved = 0 if pd.isna(row["rank_change"]) else int(row["rank_change"])
            fresh = pd.isna(row["rank_from"]) and not pd.isna(row["rank_to"])
            colour, width, line = (COLOURS[1], 2.2, "-") if moved > 0 or fresh else (COLOURS[0], 1.6, "--") if moved < 0 else (GREY, 1.2, "-")
            axes.plot([0, 1], [a, b], color=colour, linewidth=width, linestyle=line, marker="o", markersize=4)
            name = drawable({"0": "その他", **(names or {})}.get(row["label"], str(row["label"])) if prefix == "topic=" else label_name(str(row["label"]), names))
            if b <= n:
                mark = "　新" if fresh else "" if not moved else f"　{'▲' if moved > 0 else '▼'}{abs(moved)}"
                axes.text(1.03, b, f"{int(row['rank_to'])}　{name}（{int(row['count_to']):,}）{mark}", ha="left", va="center", fontsize=8.5)
            if a <= n:
                axes.text(-0.03, a, f"{name}（{int(row['count_from']):,}）　{int(row['rank_from'])}", ha="right", va="center", fontsize=8.5)
        for side, x, align in (("from", -0.03, "right"), ("to", 1.03, "left")):
            if any(n < own and other <= n for own, other in zip(spots[side], spots["to" if side == "from" else "from"], strict=True)):
                axes.text(x, n + 1, "これより下・なし", ha=align, va="center", fontsize=8.5, color="#555555")
        axes.set_xlim(-1.15, 2.25)
        axes.set_ylim(n + 2.0, 0.2)
        axes.set_xticks([0, 1], [str(years[0]), str(years[-1])])
        axes.xaxis.tick_top()
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.text(0.5, n + 1.75, "数字は書いた人の数。順位は割合の順。実線（橙）は上がった、破線（青）は下がった、灰は同じ。", ha="center", fontsize=7.5, color="#555555")
        title(axes, "関心の順位と変化")
    return Picture(axes, table)


def _spots(table: pd.DataFrame, rank: str, n: int) -> list[float]:
    """Give each label a line of its own, ties one under the other; those past the n-th share the place below."""
    order = table.sort_values([rank, "label"], na_position="last").index.tolist()
    place = {row: float(i) for i, row in enumerate(order, 1)}
    return [place[i] if place[i] <= n and not pd.isna(table[rank][i]) else n + 1.0 for i in table.index]
