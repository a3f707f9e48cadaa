"""The comparison of groups as the page shows it: tables, sentences, and a figure of small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from textlens.report import pictures
from textlens.report.group_words import NOBODY_SILENT, NOTHING, kind_notes, name_of, rate_notes, reading
from textlens.report.groups import Block, Cell, Row, in_parts, to_cells
from textlens.report.masking import printable
from textlens.report.view import View
from textlens.report.words import HIDDEN
from textlens.tables.groups import WROTE

DRAWN = ("is_complaint", "is_request", "is_praise")
MAX_DRAWN = 4
"""Attributes in a figure; all of them are in the tables."""


def groups_of(view: View) -> dict[str, Any]:
    """Return what the template shows: blocks with rows and cells as texts, notes, and a line where there is nothing."""
    groups = view.groups
    silent = any(block.found for block in groups.rates)
    return {
        "nothing": "" if groups.kinds else NOTHING,
        "kinds": [_block(part) for block in groups.kinds for part in in_parts(block)], "kind_notes": kind_notes(groups, view.profile) if groups.kinds else [],
        "rates": [_block(block) for block in groups.rates] if silent else [],
        "rate_notes": (rate_notes(groups, view.profile) if silent else [NOBODY_SILENT]) if groups.kinds else [],
        "drawn": "・".join(f"「{block.attribute}」" for block in _drawn(groups.kinds)) if len(groups.kinds) > MAX_DRAWN else "",
    }  # fmt: skip


def draw(view: View) -> Axes | None:
    """Draw who writes at all, complaints, requests and praise by attribute (at most four), or nothing."""
    blocks = _drawn(view.groups.kinds)
    names = [block.attribute for block in blocks]
    silent = any(block.found for block in view.groups.rates)
    rates = [block for block in view.groups.rates if block.attribute in names] if silent else []
    cells = pd.concat([to_cells(part) for part in (rates, blocks) if part], ignore_index=True) if blocks else to_cells([])
    labels = [label for label in (WROTE, *DRAWN) if label in set(cells["label"])]
    if not labels:
        return None
    cells = cells.sort_values("attribute", key=lambda column: column.map({name: i for i, name in enumerate(names)}), kind="stable")
    overall = {
        label: cell.share for part in (rates, blocks) for block in part[:1] for label, cell in zip(block.labels, block.rows[-1].cells, strict=True)
        if cell.share is not None
    }  # fmt: skip
    called = {WROTE: "記入率", **{label: f"{name_of(label)}を含む" for label in DRAWN}}
    axes = pictures.draw_group_rows(cells, labels, called, overall).axes
    axes.set_label("属性別の" + "・".join(called[label].removesuffix("を含む") for label in labels))
    return axes


def _drawn(blocks: Sequence[Block]) -> list[Block]:
    """Return the attributes to draw, those that differ first of all, in the order of the file."""
    first = sorted(blocks, key=lambda block: not any(f.differs for f in block.found))[:MAX_DRAWN]
    return [block for block in blocks if block in first]


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
