"""語の図: the co-occurrence network and the correspondence map, drawn from their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from textlens.report.canvas import font_families, style
from textlens.report.pictures.base import (
    COLOURS,
    GREY,
    MARKERS,
    Picture,
    label_points,
    say_empty,
    start,
    title,
)
from textlens.words.map import Correspondence
from textlens.words.network import Network

if TYPE_CHECKING:
    import networkx as nx

_WORD_MARKS = MARKERS.replace("s", "")
"""Squares are attribute values."""


def draw_network(network: Network, ax: Axes | None = None, *, tree_only: bool = False) -> Picture:
    """Draw a co-occurrence network: size = comments with the word, thickness = Jaccard, mark and colour = community.

    Parameters
    ----------
    network : Network
        From :func:`textlens.cooccurrence`.
    ax : Axes or None
    tree_only : bool
        Only the edges of the maximum spanning tree.

    Returns
    -------
    Picture
        Table: the nodes with their places, ``word, kind, docs, degree, community, x, y``; ``table.attrs["edges"]``
        has the edges.

    Notes
    -----
    Edges of the spanning tree are drawn full, the others dashed. Where a word lies means little; which words
    are joined means something. Attribute values stand in squares.
    """
    graph = network.to_networkx(tree_only=tree_only)
    places = _places(graph)
    nodes = network.nodes.assign(
        x=[places[w][0] for w in network.nodes["word"]], y=[places[w][1] for w in network.nodes["word"]]
    ) if len(network.nodes) else network.nodes.assign(x=pd.Series(dtype=float), y=pd.Series(dtype=float))  # fmt: skip
    nodes.attrs["edges"] = network.edges[network.edges["in_tree"]] if tree_only else network.edges
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 7.0))
        title(axes, f"語のつながり（同じ意見に出る語）　語 {len(nodes)}・線 {graph.number_of_edges()}")
        if nodes.empty:
            say_empty(axes, "つながりのある語がありません（min_docs・min_both を下げられます）。")
            return Picture(axes, nodes)
        for a, b, edge in graph.edges(data=True):
            (x0, y0), (x1, y1) = places[a], places[b]
            axes.plot([x0, x1], [y0, y1], color=GREY, linewidth=0.6 + 4 * edge["jaccard"], linestyle="-" if edge["in_tree"] else (0, (3, 2)), zorder=1)
        size = 30 + 420 * nodes["docs"].to_numpy(float) / max(nodes["docs"].max(), 1)
        for i, (kind, community) in enumerate(zip(nodes["kind"], nodes["community"], strict=True)):
            attribute = kind != "word"
            axes.scatter(nodes["x"].iloc[i], nodes["y"].iloc[i], s=size[i], marker="s" if attribute else _WORD_MARKS[(community - 1) % len(_WORD_MARKS)],
                         color="white" if attribute else COLOURS[(community - 1) % len(COLOURS)],
                         edgecolors="#222222" if attribute else "white", linewidths=1.0, alpha=0.9, zorder=2)  # fmt: skip
        axes.set_axis_off()
        axes.margins(0.12)
        order = np.argsort(-nodes["docs"].to_numpy(), kind="stable")
        label_points(axes, nodes[["x", "y"]].to_numpy()[order], nodes["word"].iloc[order].tolist(), room=np.sqrt(size[order]) / 2)
    return Picture(axes, nodes)


def _places(graph: nx.Graph) -> dict[str, tuple[float, float]]:
    """Place each part of the graph by Kamada and Kawai, and the parts side by side, the largest first."""
    import networkx as nx

    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda p: (-len(p), p))
    found: dict[str, tuple[float, float]] = {}
    left = top = height = 0.0
    width_of_row = 2.0 * np.sqrt(len(parts[0])) if parts else 1.0
    for part in parts:
        whole = nx.Graph()
        whole.add_nodes_from(part)
        whole.add_edges_from(sorted(tuple(sorted(e)) for e in graph.subgraph(part).edges()))
        place = nx.kamada_kawai_layout(whole) if len(part) > 2 else {word: np.array([i - 0.5, 0.0]) * (len(part) > 1) for i, word in enumerate(part)}
        radius = 0.8 * np.sqrt(len(part))
        if left + 2 * radius > 2 * width_of_row and left:
            left, top, height = 0.0, top - height, 0.0
        for word in part:
            x, y = place[word]
            found[word] = (round(float(left + radius + x * radius), 6), round(float(top - radius + y * radius), 6))
        left += 2 * radius + 0.5
        height = max(height, 2 * radius + 0.3)
    return found


def draw_correspondence(found: Correspondence, ax: Axes | None = None) -> Picture:
    """Draw words (dots) and groups (squares) of a correspondence analysis on its first two dimensions.

    Parameters
    ----------
    found : Correspondence
        From :func:`textlens.words.word_map` or :func:`textlens.words.correspondence`.
    ax : Axes or None

    Returns
    -------
    Picture
        Table: ``name, kind`` (``word``/``group``), ``x, y, mass, quality``. Points whose ``quality`` is under 0.3 are
        drawn pale: the map shows little of them.

    Notes
    -----
    Groups that lie near each other use words alike; words far from the middle are used more by the groups
    in that direction. The distance between one word and one group is not to be read off.
    """
    parts = []
    for kind, points in (("word", found.rows), ("group", found.columns)):
        second = points["dim2"] if "dim2" in points else pd.Series(0.0, index=points.index)
        parts.append(pd.DataFrame({"name": [str(n) for n in points.index], "kind": kind, "x": points["dim1"].to_numpy(), "y": second.to_numpy(),
                                   "mass": points["mass"].to_numpy(), "quality": points["quality"].to_numpy()}))  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    share = found.inertia / found.total if found.total > 0 else found.inertia * 0
    with style(new_figure=ax is None):
        axes = start(ax, (7.6, 6.6))
        words, groups = table[table["kind"] == "word"], table[table["kind"] == "group"]
        pale = words["quality"].to_numpy() < 0.3
        size = 14 + 160 * words["mass"].to_numpy() / max(words["mass"].max(), 1e-9)
        for dim in (True, False):
            at = pale == dim
            axes.scatter(words["x"][at], words["y"][at], s=size[at], marker="o", color=COLOURS[0], alpha=0.25 if dim else 0.75, linewidths=0)
        axes.scatter(groups["x"], groups["y"], s=70, marker="s", facecolors="white", edgecolors=COLOURS[1], linewidths=1.6, zorder=3)
        axes.axhline(0, color="#CCCCCC", linewidth=0.8, zorder=0)
        axes.axvline(0, color="#CCCCCC", linewidth=0.8, zorder=0)
        axes.margins(0.1)
        axes.set_xlabel(f"次元 1（{share.iloc[0]:.0%}）", fontfamily=font_families())
        axes.set_ylabel(f"次元 2（{share.iloc[1]:.0%}）" if len(share) > 1 else "", fontfamily=font_families())
        title(axes, f"語とグループの対応（□ グループ {len(groups)}、● 語 {len(words)}）")
        order = pd.concat([groups, words.assign(far=words["x"].abs() + words["y"].abs()).sort_values(["far", "name"], ascending=[False, True])])
        room = np.r_[np.full(len(groups), 5.0), np.full(len(words), 3.0)]
        label_points(axes, order[["x", "y"]].to_numpy(), order["name"].tolist(), fontsize=8, room=room)
    return Picture(axes, table)


