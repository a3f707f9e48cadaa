"""The comparison of groups as the page shows it: tables, sentences, and two figures of small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from textlens.report import pictures
from textlens.report.group_words import NOBODY_SILENT, NOTHING, kind_notes, name_of, rate_notes, reading
from textlens.report.groups import Block, Cell, Row, to_cells
from textlens.report.masking import printable
from textlens.report.pictures.base import free_figure
from textlens.report.pictures.groups import panel_columns, panel_size
from textlens.report.view import View
from textlens.report.words import HIDDEN

DRAWN = ("is_complaint", "is_request", "is_praise")
MAX_DRAWN = 4
"""Attributes in a figure; all of them are in the tables."""


def groups_of(view: View) -> dict[str, Any]:
    """Return what the template shows: blocks with rows and cells as texts, notes, and a line where there is nothing."""
    groups = view.groups
    silent = any(block.found for block in groups.rates)
    return {
        "nothing": "" if groups.kinds else NOTHING,
        "kinds": [_block(block) for block in groups.kinds], "kind_notes": kind_notes(groups, view.profile) if groups.kinds else [],
        "rates": [_block(block) for block in groups.rates] if silent else [],
        "rate_notes": (rate_notes(groups, view.profile) if silent else [NOBODY_SILENT]) if groups.kinds else [],
        "drawn": "・".join(f"「{block.attribute}」" for block in _drawn(groups.kinds)) if len(groups.kinds) > MAX_DRAWN else "",
    }  # fmt: skip


def draw_kinds(view: View) -> Axes | None:
    """Draw complaints, requests and praise by attribute (those that differ first, at most four), or nothing."""
    return _draw(_drawn(view.groups.kinds), DRAWN, "属性別の苦情・要望・感謝")


def draw_rates(view: View) -> Axes | None:
    """Draw who writes at all by attribute, or nothing where nobody is silent."""
    blocks = view.groups.rates
    return _draw(_drawn(blocks), blocks[0].labels, "属性別の記入率") if any(block.found for block in blocks) else None


def _drawn(blocks: Sequence[Block]) -> list[Block]:
    """Return the attributes to draw, in the order of the file."""
    first = sorted(blocks, key=lambda block: not any(f.differs for f in block.found))[:MAX_DRAWN]
    return [block for block in blocks if block in first]


def _draw(blocks: Sequence[Block], labels: Sequence[str], name: str) -> Axes | None:
    cells = to_cells(blocks)
    cells = cells[cells["label"].isin(labels)]
    if cells.empty:
        return None
    columns = panel_columns(len(labels), cells["attribute"].nunique() * len(labels))
    sizes = cells.groupby("attribute", sort=False)["group"].nunique().repeat(len(labels)).tolist()
    figure = free_figure(panel_size(columns, [max(sizes[i : i + columns]) for i in range(0, len(sizes), columns)]))
    axes = pictures.draw_groups(cells, list(labels), figure, {label: f"{name_of(label)}を含む" for label in DRAWN}).axes
    axes.set_label(name)
    return axes


def _block(block: Block) -> dict[str, Any]:
    heads = [name_of(label) for label in block.labels]
    return {
        "attribute": printable(block.attribute)[0], "reading": reading(block), "heads": heads,
        "rows": [_row(row, heads) for row in block.rows],
    }  # fmt: skip


def _row(row: Row, heads: Sequence[str]) -> dict[str, Any]:
    name = "全体" if row.kind == "total" else printable(row.group)[0]
    return {
        "name": name, "n": HIDDEN if row.n is None else f"{row.n:,}", "total": row.kind == "total", "reference": row.reference,
        "cells": [_cell(cell, head) for cell, head in zip(row.cells, heads, strict=True)],
    }  # fmt: skip


def _cell(cell: Cell, head: str) -> dict[str, str]:
    if cell.share is None or cell.has is None:
        return {"head": head, "shown": HIDDEN, "has": "", "interval": "", "mark": "", "look": ""}
    look = {"▲": "more", "▼": "less", "": ""}[cell.mark]
    return {"head": head, "shown": f"{cell.share:.1%}", "has": f"{cell.has:,}", "interval": f"{cell.low:.1%}～{cell.high:.1%}", "mark": cell.mark, "look": look}
