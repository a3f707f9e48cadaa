"""The report as one HTML file: opens anywhere, asks the network for nothing, prints."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.axes import Axes

from textlens.files import whole_file
from textlens.report import figures, html_groups, pictures
from textlens.report.attributes import RARE
from textlens.report.canvas import free_axes, to_svg
from textlens.report.display import YES, cell_text, plain_value, row_names, shown_columns
from textlens.report.pictures.base import free_figure
from textlens.report.pictures.topic_map import REST
from textlens.report.sheets_numbers import key_figures
from textlens.report.tables import Table
from textlens.report.view import View, apply_profile
from textlens.report.words import HIDDEN, TOTAL
from textlens.tables.attributes import kind_of_column, normalize_value

_LIST = ("id", "text", "status", "kinds", "polarity", "demand", "legal_check", "urgent", "legal_basis", "department", "held", "topic", "intent", "attributes")
_FILTERS = ("intent", "polarity", "demand", "legal_check", "urgent", "held", "department", "topic")
_CARDS = {"急ぎの候補（通）": "urgent", "法的対応の要確認（通）": "legal_check", "担当を保留（通）": "held"}
MAX_CHOICES = 40
"""An attribute with more values (dates, free words) is no filter."""
_FIRST = {"intent": "種別", "own": "自分の市の種別", "polarity": "極性", "topic": "話題", "department": "課"}


def write_html(analysis: Any, path: str | Path, *, profile: str = "担当内") -> Path:
    """Write the result as one self-contained HTML file.

    Summary, figures with their tables, topics, departments, what must be looked at, a searchable list of
    the comments with the evidence marked in the text, method, and the sentences every report carries.

    Parameters
    ----------
    analysis : Analysis or View
    path : path
        The file is written whole or not at all.
    profile : {"担当内", "庁内共有", "公表"}

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ParameterError, DisclosureError
        See :func:`textlens.report.view.apply_profile`.

    Notes
    -----
    Comments travel as JSON and are put on the page as text nodes, fifty at a time, so a comment is never
    read as HTML or script. A content security policy forbids the page every connection.
    """
    view = analysis if isinstance(analysis, View) else apply_profile(analysis, profile)
    topic_map = _topic_map(view)
    html = _environment().get_template("report.html.j2").render(
        view=view, profile=view.profile, cards=_cards(view), accounting=view.accounting,
        figures=_figures(view, topic_map), tables=_tables(view), topics=_topics(view), data=_json(_comments(view, topic_map)), has_topics="topic" in view.tables,
        groups=html_groups.groups_of(view),
    )  # fmt: skip
    with whole_file(path) as draft:
        draft.write_text(html, encoding="utf-8", newline="\n")
    return Path(path)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folder = Path(__file__).resolve().parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _cards(view: View) -> list[dict[str, Any]]:
    """The first figures; pressing one that calls for a look shows its comments."""
    found = []
    for name, value, where in key_figures(view):
        column = _CARDS.get(name)
        wanted = {column: YES if column != "legal_check" else view.labels("legal", "check")} if column and value else {}
        found.append({"name": name, "shown": _with_commas(value), "where": where, "filter": json.dumps(wanted, ensure_ascii=False) if wanted else ""})
    return found


def _topic_map(view: View) -> pictures.Picture | None:
    """Draw the map of topics: one picture, and one table behind it for the map that can be touched."""
    if "topic" not in view.tables or view.profile.needs_consent or not view.counts["read"]:
        return None
    return pictures.draw_topic_map(view, _free((7.6, 7.0)))


def _figures(view: View, topic_map: pictures.Picture | None) -> dict[str, dict[str, str]]:
    """Each figure as a picture inside the page, with words for those who do not see it."""
    drawers: dict[str, Callable[..., Any]] = {
        "intent": figures.draw_intents, "intent_polarity": figures.draw_intent_polarity, "polarity": figures.draw_polarity,
        "topic": figures.draw_topics, "department": figures.draw_departments,
    }  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    if not view.counts["read"]:
        return found
    for name, draw in drawers.items():
        if name in view.tables:
            rows = min(len(view.tables[name].cells), figures.MAX_BARS)
            found[name] = _picture(draw(view, free_axes(rows)), "同じ数を下の表に示す。")
    if (axes := html_groups.draw(view)) is not None:
        found["groups"] = {**_picture(axes, ""), "alt": f"図: {axes.get_label()}。割合と 95％区間。同じ数を下の表に示す。"}
    if "topic" in view.tables:
        found["positions"] = _picture(pictures.draw_positions(view, _free((7.6, 5.6))).axes, "数は話題の表に示す。")
        if topic_map:
            found["topic_map"] = _picture(topic_map.axes, "一通ずつの中身は意見の一覧に示す。")
        if view.profile.min_cell <= 1:
            found["strengths"] = _picture(pictures.draw_strengths(view, ax=_free((7.6, 7.0))).axes, "数は話題と種別の表に示す。")
    return found


def _free(size: tuple[float, float]) -> Axes:
    return free_figure(size).add_subplot()


def _picture(axes: Axes, where: str) -> dict[str, str]:
    """One figure as a data address, with words for those who do not see it."""
    picture = base64.b64encode(to_svg(axes).encode()).decode()
    return {"src": f"data:image/svg+xml;base64,{picture}", "alt": f"図: {axes.get_title(loc='left')}。{where}"}


def _tables(view: View) -> dict[str, dict[str, Any]]:
    return {name: _table(view, table) for name, table in view.tables.items()}


def _table(view: View, table: Table) -> dict[str, Any]:
    rows = []
    for value, name in zip(table.cells.index, row_names(table, view.labels, view.topic_names), strict=True):
        cells = [{"shown": _with_commas(cell_text(table, str(value), c.name)), "filter": _cell_filter(view, table, str(value), c)} for c in table.columns]
        rows.append({"name": name, "cells": cells, "total": name == TOTAL})
    first = _FIRST.get(table.dimension, "意見／要求・法的対応")
    return {"title": table.title, "heads": [first, *(c.name for c in table.columns)], "rows": rows, "note": table.note}


def _with_commas(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _cell_filter(view: View, table: Table, row: str, column: Any) -> str:
    """Return what to filter the list by to see exactly the comments of a cell (only where 通 are counted)."""
    if column.counted != "通" or view.profile.needs_consent or table.dimension == "department":
        return ""
    wanted: dict[str, str] = {}
    own = [] if row == TOTAL else [(table.dimension, row)]
    for name, value in [*column.conditions, *own]:
        if name == "matrix":
            demand, law = value.split("|")
            wanted |= {"demand": view.labels("demand", demand), "legal_check": view.labels("legal", law)}
        else:
            wanted[name] = view.topic_names.get(value, "") if name == "topic" else view.labels(name, value)
    return json.dumps(wanted, ensure_ascii=False, sort_keys=True) if wanted and all(wanted.values()) else ""


def _topics(view: View) -> list[dict[str, Any]]:
    return [
        {"label": t.label, "words": "、".join(t.words), "size": HIDDEN if t.size is None else f"{t.size:,}", "quotes": list(zip(map(plain_value, t.representatives), t.quotes, strict=True))}
        for t in view.topics
    ]


def _comments(view: View, topic_map: pictures.Picture | None) -> dict[str, Any]:
    """The list of comments as columns; names are written once and referred to by number."""
    frame = view.comments
    if view.profile.name != "公表":
        frame = frame[~frame["status"].isin(["blank", "no_content"])]
    columns = {c.name: c for c in shown_columns(view, frame, _LIST)}
    packed: dict[str, Any] = {"n": len(frame), "columns": {}, "filters": []}
    for name, column in columns.items():
        values = ["" if v is None else str(v) for v in column.values]
        if name in view.attributes:
            values = _one_spelling(name, values)
        if name in ("id", "text"):
            packed["columns"][name] = {"heading": column.heading, "values": values}
        else:
            names = sorted(set(values))
            place = {v: i for i, v in enumerate(names)}
            packed["columns"][name] = {"heading": column.heading, "names": names, "values": [place[v] for v in values]}
    attributes = [name for name in view.attributes if 1 < len(packed["columns"].get(name, {}).get("names", ())) <= MAX_CHOICES]
    packed["columns"] = {name: column for name, column in packed["columns"].items() if name not in view.attributes or name in attributes}
    packed["attributes"] = attributes
    packed["filters"] = [*(name for name in _FILTERS if name in columns), *attributes]
    packed["map"] = _map(view, frame, topic_map.table) if topic_map and "topic" in packed["columns"] else None
    packed["spans"] = _spans(view, frame)
    return packed


def _one_spelling(name: str, values: list[str]) -> list[str]:
    """Attributes in their usual spelling (男 is 男性), so that one choice of the filter finds all of a group."""
    kind = kind_of_column(name)
    usual = {v: v if v == RARE else normalize_value(v, kind)[0] for v in set(values)}
    return [usual[v] for v in values]


def _map(view: View, frame: pd.DataFrame, table: pd.DataFrame) -> dict[str, Any]:
    """The map of topics: row of the list, and place, of each dot."""
    table = table[table.index.isin(frame.index)]
    labels = sorted(set(table["label"]))
    return {
        "rows": frame.index.get_indexer(table.index).tolist(), "x": table["x"].round(4).tolist(), "y": table["y"].round(4).tolist(),
        "number": {label: i for i, label in enumerate(labels)}, "rest": view.topic_names.get(str(REST)),
    }  # fmt: skip


def _spans(view: View, frame: pd.DataFrame) -> dict[str, Any]:
    """Evidence as offsets in UTF-16 units (JavaScript's), for the text as printed."""
    names: dict[str, int] = {}
    rows = []
    for text, raw_spans in zip(frame["text"], view.spans.loc[frame.index], strict=True):
        wide = any(ord(c) > 0xFFFF for c in text)
        row = []
        for start, end, label in raw_spans:
            number = names.setdefault(view.labels.finding(label), len(names))
            a, b = (_utf16(text[:start]), _utf16(text[:end])) if wide else (start, end)
            row.append([a, b, number])
        rows.append(row)
    return {"names": list(names), "rows": rows}


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _json(data: Any) -> str:
    """Return JSON that can stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


