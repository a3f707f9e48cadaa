"""The cross tables that workbook, HTML and figures share: counted once, per comment (通) and per unit (件)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.report.words import HELD, TOTAL, Labels

Key = tuple[str, frozenset[tuple[str, str]]]
"""Which number a cell is: what is counted, and the conditions. Same key, same number, in every table."""

LEGAL_CHECK = frozenset({("legal", "check")})
"""Condition of the comments that call for a look at the law: a column of the departments, and two rows of the matrix."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of counts: what is counted, under which conditions, and whether its rows add up."""

    name: str
    counted: str
    conditions: frozenset[tuple[str, str]] = frozenset()
    additive: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts.

    Attributes
    ----------
    name, title, unit : str
        ``unit`` is 通 (comments), 件 (意見単位), or both, as the headings say.
    dimension : str
        What the rows are: ``intent``, ``topic``, ``department`` …
    columns : tuple of Column
    cells : DataFrame of Int64
        Index: row values, then ``計`` if any column adds up. ``<NA>``: hidden (or, in the total of a
        column that does not add up, not meaningful).
    row_total : str or None
        Name of the column that is the sum of all others.
    sums : tuple of (parts, total)
        Sums with the numbers of other tables.
    note : str
    """

    name: str
    title: str
    unit: str
    dimension: str
    columns: tuple[Column, ...]
    cells: pd.DataFrame
    row_total: str | None = None
    note: str = ""
    sums: tuple[tuple[tuple[Key, ...], Key], ...] = ()

    def key(self, row: str, column: Column) -> Key:
        """Return which number a cell is."""
        own = frozenset() if row == TOTAL else frozenset({(self.dimension, row)})
        return column.counted, column.conditions | own

    def number(self, row: str, column: str) -> int | None:
        """Return one number, ``None`` where it is hidden or has no meaning."""
        value: Any = self.cells.at[row, column]
        return None if value is pd.NA else int(value)

    def values(self) -> dict[Key, int]:
        """Return every meaningful number by its key."""
        rows = [str(row) for row in self.cells.index]
        return {
            self.key(row, column): int(value)
            for column in self.columns
            for row, value in zip(rows, self.cells[column.name].tolist(), strict=True)
            if value is not pd.NA and (column.additive or row != TOTAL)
        }

    def equations(self) -> list[tuple[tuple[Key, ...], Key]]:
        """Return the sums a reader can do: parts, total."""
        rows = [str(r) for r in self.cells.index if r != TOTAL]
        found = list(self.sums)
        if TOTAL in self.cells.index:
            for column in self.columns:
                if column.additive:
                    found.append((tuple(self.key(r, column) for r in rows), self.key(TOTAL, column)))
        if self.row_total:
            total = next(c for c in self.columns if c.name == self.row_total)
            parts = [c for c in self.columns if c.name != self.row_total]
            for row in self.cells.index:
                found.append((tuple(self.key(str(row), c) for c in parts), self.key(str(row), total)))
        return found

    def without(self, hidden: set[Key]) -> Table:
        """Return the table with some numbers hidden."""
        cells = self.cells.copy()
        for column in self.columns:
            for row in cells.index:
                if self.key(str(row), column) in hidden:
                    cells.at[row, column.name] = pd.NA
        return replace(self, cells=cells)

    def meaningful(self, row: str, column: str) -> bool:
        """Return whether a missing number is a hidden one, not a sum that has no meaning."""
        return row != TOTAL or next(c for c in self.columns if c.name == column).additive


def _crossed(
    name: str, title: str, unit: str, frame: pd.DataFrame, rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]], label: Callable[[str], str], note: str = "",
) -> Table:  # fmt: skip
    """Cross two columns of single labels; both margins are sums."""
    (row_name, row_values), (col_name, col_values) = rows, columns
    counts = pd.crosstab(frame[row_name], frame[col_name]) if len(frame) else pd.DataFrame()
    counts = counts.reindex(index=list(row_values), columns=list(col_values)).fillna(0).astype("Int64")
    cells = counts.set_axis([label(v) for v in col_values], axis=1)
    cells[TOTAL] = cells.sum(axis=1)
    cells.loc[TOTAL] = cells.sum()
    cells = cells.astype("Int64")
    specs = [Column(label(v), unit, frozenset({(col_name, v)})) for v in col_values]
    return Table(name, title, unit, row_name, (*specs, Column(TOTAL, unit)), cells, TOTAL, note)


def _listed(
    name: str, title: str, unit: str, dimension: str, rows: Sequence[str], columns: Iterable[tuple[Column, pd.Series]], note: str = ""
) -> Table:
    """Put single counts side by side; each column adds up or not, as its Column says."""
    pairs = [(c, s.reindex(list(rows)).fillna(0).astype("Int64")) for c, s in columns]
    cells = pd.DataFrame({c.name: s for c, s in pairs}, index=list(rows)).astype("Int64")
    cells.loc[TOTAL] = [cells[c.name].sum() if c.additive else pd.NA for c, _ in pairs]
    return Table(name, title, unit, dimension, tuple(c for c, _ in pairs), cells.astype("Int64"), None, note)


def read_rows(analysis: Any) -> pd.DataFrame:
    """Return the comments that were read (status ``ok``), with the columns the tables cross.

    Added: ``demand`` (``demand``: a request in words or implied, else ``view``), ``legal`` (``check`` or
    ``none``), ``first`` (department, or ``held``).
    """
    comments = analysis.comments
    return _derived(comments[comments["status"].eq("ok")])


def _derived(frame: pd.DataFrame) -> pd.DataFrame:
    def true(name: str) -> np.ndarray:
        return frame[name].fillna(False).to_numpy(dtype=bool)

    held = true("held") if "held" in frame else np.zeros(len(frame), dtype=bool)
    department = frame["department"].fillna(HELD).to_numpy(dtype=object)
    return frame.assign(
        demand=np.where(true("is_request") | true("implied_request"), "demand", "view"),
        legal=np.where(true("legal_check"), "check", "none"),
        first=np.where(held, HELD, department),
    )


def build_tables(analysis: Any, own: pd.DataFrame | None = None) -> dict[str, Table]:
    """Count every table of the report.

    Parameters
    ----------
    analysis : Analysis
        Or anything with ``comments``, ``units``, ``topics`` and ``departments``.
    own : DataFrame or None
        Kinds of the office's own (:func:`textlens.report.own_kinds.own_kinds`), where they may be told.

    Returns
    -------
    dict of str to Table
        ``intent``, ``intent_polarity``, ``intent_polarity_units``, ``matrix``, ``matrix_units``,
        ``polarity``, ``own_polarity`` (where there are kinds of the office's own), ``topic`` (where topics were made),
        ``department``.

    Notes
    -----
    Base of every table: comments with status ``ok`` (通) and their units (件). The rows of the other
    statuses are in the accounting, so nothing is lost between the two.
    """
    comments = read_rows(analysis)
    units = _derived(analysis.units[analysis.units["id"].isin(comments.index)])
    names = dict(zip(analysis.departments["code"], analysis.departments["name"], strict=True))
    labels = Labels(names)
    found = [
        count_intents(comments, units),
        count_polarity(comments, units),
        *(cross_intent_polarity(frame, unit, labels) for frame, unit in ((comments, "通"), (units, "件"))),
        *(cross_matrix(frame, unit, labels) for frame, unit in ((comments, "通"), (units, "件"))),
        count_departments(comments, units, list(names)),
    ]
    if own is not None and len(own.columns):
        found.append(cross_own_kinds(comments, own, labels))
    if len(analysis.topics):
        found.append(count_topics(comments, [str(t) for t in analysis.topics["topic"]], labels))
    return {table.name: table for table in found}


def count_intents(comments: pd.DataFrame, units: pd.DataFrame) -> Table:
    """Count kinds of voice: main kind, every kind that holds (several per comment), and units."""
    several = pd.Series({n: int(comments[f"is_{n}"].fillna(False).sum()) for n in schema.INTENTS}, dtype="Int64")
    several[schema.NONE] = int(comments["intent"].eq(schema.NONE).sum())
    columns = [
        (Column("主な種別（通）", "通"), comments["intent"].value_counts()),
        (Column("当てはまるすべて（通・重複あり）", "通・重複", additive=False), several),
        (Column("意見単位（件）", "件"), units["intent"].value_counts()),
    ]
    return _listed("intent", "種別の件数", "通・件", "intent", schema.MAIN_INTENTS, columns,
                   "一通に苦情と要望の両方があれば、「当てはまるすべて」では両方に数えます。")  # fmt: skip


def count_polarity(comments: pd.DataFrame, units: pd.DataFrame) -> Table:
    """Count polarities, per comment and per unit."""
    columns = [(Column("通", "通"), comments["polarity"].value_counts()), (Column("件", "件"), units["polarity"].value_counts())]
    return _listed("polarity", "極性の件数", "通・件", "polarity", schema.POLARITIES, columns,
                   "「中立」には、肯定・否定の手がかりが見つからない文も入ります。")  # fmt: skip


def cross_intent_polarity(frame: pd.DataFrame, unit: str, labels: Labels) -> Table:
    """Cross the main kind with the polarity."""
    suffix, what = ("_units", "意見単位の件数") if unit == "件" else ("", "通数（主な種別）")
    return _crossed(f"intent_polarity{suffix}", f"種別×極性　{what}", unit, frame, ("intent", schema.MAIN_INTENTS),
                    ("polarity", schema.POLARITIES), lambda v: labels("polarity", v))  # fmt: skip


def cross_own_kinds(comments: pd.DataFrame, own: pd.DataFrame, labels: Labels) -> Table:
    """Cross the kinds of the office's own with the polarity; no total below: a comment may have several of them, or none."""
    flags, count = own.loc[comments.index], f"読めた {len(comments):,} 通の中で"
    parts = [(v, labels("polarity", v), comments["polarity"].eq(v).to_numpy(bool)) for v in schema.POLARITIES]
    cells = pd.DataFrame({name: [int((flags[kind].to_numpy(bool) & has).sum()) for kind in flags] for _, name, has in parts}, index=list(flags.columns))
    cells[TOTAL] = cells.sum(axis=1)
    specs = [Column(name, "通・重複", frozenset({("polarity", value)}), additive=False) for value, name, _ in parts]
    note = "学ばせたモデルの種別と、種別の列（自己申告）に書かれた種別のうち、付属の種別にないものです。一通に複数あれば、それぞれに数えます。"
    return Table("own_polarity", "自分の市の種別×極性　通数", count, "own", (*specs, Column(TOTAL, "通・重複", additive=False)), cells.astype("Int64"), TOTAL, note)


def cross_matrix(frame: pd.DataFrame, unit: str, labels: Labels) -> Table:
    """Cross 意見／要求 × 法的対応 with the polarity: the matrix the experts named first (domain.md K13)."""
    suffix, what = ("_units", "意見単位の件数") if unit == "件" else ("", "通数")
    rows = [f"{d}|{c}" for d in ("demand", "view") for c in ("check", "none")]
    keyed = frame.assign(matrix=frame["demand"].str.cat(frame["legal"], sep="|") if len(frame) else [])
    note = "要求: 要望の言葉、または言外の要望があるもの。要確認: 法令にもとづく対応が要るか、人が確かめる候補。"
    table = _crossed(f"matrix{suffix}", f"意見／要求×法的対応×極性　{what}", unit, keyed, ("matrix", rows),
                     ("polarity", schema.POLARITIES), lambda v: labels("polarity", v), note)  # fmt: skip
    checked = tuple((unit, frozenset({("matrix", f"{d}|check")})) for d in ("demand", "view"))
    return replace(table, sums=((checked, (unit, LEGAL_CHECK)),)) if unit == "通" else table


def count_departments(comments: pd.DataFrame, units: pd.DataFrame, codes: Sequence[str]) -> Table:
    """Count per 課: main candidate, any candidate, kinds and calls for a look at the law, units."""
    rows = [*codes, *(c for c in schema.OUTSIDE if c not in codes), HELD]
    rows += sorted(set(comments["first"]) - set(rows))
    any_of = comments["departments"].explode().value_counts()
    kinds = [
        (Column(heading, "通", frozenset({("intent", kind)})), comments.loc[comments["intent"].eq(kind), "first"].value_counts())
        for kind, heading in (("complaint", "うち苦情"), ("request", "うち要望"), ("praise", "うち感謝・評価"))
    ]
    columns = [
        (Column("主担当の候補（通）", "通"), comments["first"].value_counts()),
        *kinds,
        (Column("うち法的対応の要確認", "通", LEGAL_CHECK), comments.loc[comments["legal"].eq("check"), "first"].value_counts()),
        (Column("候補に挙がるすべて（通・重複あり）", "通・重複", additive=False), any_of),
        (Column("意見単位（件・重複なし）", "件", additive=True), units["department"].fillna(HELD).value_counts()),
    ]
    return _listed("department", "課別の件数", "通・件", "department", rows, columns,
                   "「うち」は主な種別で数えます。保留は機械では決めず、人が決めるものです（意見単位では候補の課に数えます）。")  # fmt: skip


def count_topics(comments: pd.DataFrame, topics: Sequence[str], labels: Labels) -> Table:
    """Cross topics with the polarity; the last column is the topic's size."""
    keyed = comments.assign(topic=comments["topic"].map(lambda t: "" if pd.isna(t) else str(int(t))))
    rows = [*topics, *sorted(set(keyed["topic"]) - set(topics))]
    return _crossed("topic", "話題の件数", "通", keyed, ("topic", rows), ("polarity", schema.POLARITIES),
                    lambda v: labels("polarity", v), "一通は一つの話題に入ります。")  # fmt: skip
