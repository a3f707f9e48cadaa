"""Groups of respondents side by side: who writes at all, and the kinds of voice of those who write."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from textlens import schema
from textlens.report.attributes import RARE
from textlens.report.group_columns import BLANK, choose_columns
from textlens.report.profiles import Profile
from textlens.report.tables import Column, Key, Table
from textlens.report.words import TOTAL
from textlens.tables.attributes import alike_values
from textlens.tables.groups import WROTE, compare_groups, writing_rates, wrote
from textlens.tables.statistics import REFERENCE_N, adjust_p_values, share_intervals

LABELS = tuple(f"is_{name}" for name in schema.INTENTS)
LEVEL = 0.05
"""Below this, after the correction over all tables of the run, groups are said to differ."""
_RESIDUAL = 1.96
_SIZES = ("通", "書いた")
"""What is counted where a column of one table is the size of the groups of another."""
_LAST = ("その他", "非該当", "回答しない", "不明", "無回答", BLANK, RARE)


class Cell(NamedTuple):
    """Share of one label in one group; ``None`` where it is hidden. ``mark``: ``▲`` more, ``▼`` less than all together."""

    has: int | None
    share: float | None
    low: float | None
    high: float | None
    mark: str = ""


class Row(NamedTuple):
    """One group. ``kind``: ``group``, ``rare`` (values hidden in the list), ``rest`` (groups that are hidden), ``total``."""

    group: str
    n: int | None
    cells: tuple[Cell, ...]
    kind: str = "group"

    @property
    def reference(self) -> bool:
        """Too few for more than an indication."""
        return self.kind in ("group", "rare") and self.n is not None and self.n < REFERENCE_N


class Found(NamedTuple):
    """One test. ``exact``: no cell of its table is hidden, so that its figures give nothing back."""

    label: str
    differs: bool
    p_adjusted: float
    effect: float
    method: str
    n: int
    min_expected: float
    exact: bool


class Block(NamedTuple):
    """One attribute: the groups, and a test per label."""

    attribute: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Groups:
    """What a report shows of groups.

    Attributes
    ----------
    kinds, rates : tuple of Block
        Kinds of voice among those whose text was read; who wrote at all among all rows.
    n_tests : int
        Over so many tables the tests are corrected.
    left_out : tuple of (str, str)
        Headings of attributes that are not compared, and why.
    alike : tuple of (str, str, str)
        Heading, and two of its shown values that differ by an ending only.
    tables : dict of str to Table
        The counts behind it all, small cells hidden, for the check of sums.
    """

    kinds: tuple[Block, ...]
    rates: tuple[Block, ...]
    n_tests: int
    left_out: tuple[tuple[str, str], ...]
    alike: tuple[tuple[str, str, str], ...]
    tables: dict[str, Table]


class Counted(NamedTuple):
    """Groups before anything is hidden: ``tables`` and ``together`` go through the hiding with all other tables."""

    values: pd.DataFrame
    left_out: tuple[tuple[str, str], ...]
    tables: dict[str, Table]
    together: tuple[tuple[Key, frozenset[Key]], ...]
    cells: pd.DataFrame
    tests: pd.DataFrame
    labels: tuple[str, ...] = LABELS


def count_groups(analysis: Any, rules: Profile, own: pd.DataFrame) -> Counted:
    """Count and test every attribute that looks like groups.

    Parameters
    ----------
    analysis : Analysis
    rules : Profile
    own : DataFrame of bool
        Kinds of the office's own (:func:`textlens.report.own_kinds.own_kinds`); no columns where they may not be told.

    Returns
    -------
    Counted
        No columns where no attribute looks like groups, or nothing was read.

    Notes
    -----
    One respondent counts once per label (通), with every kind that holds, in 担当内 the office's own with them. The tests are of the exact values,
    whatever the profile hides, so that no two versions of a report contradict each other; what is told of them
    then is who differs, not the figures. Missing values are a group of their own (（空欄）).
    """
    comments = analysis.comments
    chosen = choose_columns(comments, list(analysis.attributes), rules)
    own = own.add_prefix(schema.OWN)
    labels = (*LABELS, *own.columns)
    frame = comments[list(LABELS)].fillna(False).astype(bool).join(own).assign(status=comments["status"], **{WROTE: wrote(comments["status"])})
    if not comments["status"].eq("ok").any():
        chosen = chosen._replace(exact=chosen.exact.iloc[:, :0], values=chosen.values.iloc[:, :0])
    tables: dict[str, Table] = {}
    together: list[tuple[Key, frozenset[Key]]] = []
    for name in chosen.values.columns:
        counts = _tables(str(name), frame.assign(group=chosen.values[name]), labels)
        tables |= counts
        together += _together(counts)
    cells, tests = [], []
    for name in chosen.exact.columns:
        known = frame.assign(**{str(name): chosen.exact[name]})
        for found in (compare_groups(known[known["status"].eq("ok")], str(name), labels), writing_rates(known, str(name))):
            cells.append(found[0])
            tests.append(found[1])
    joined = pd.concat(tests, ignore_index=True) if tests else pd.DataFrame(columns=["attribute", "label", "p_value"])
    joined = joined.assign(p_adjusted=adjust_p_values(joined["p_value"].to_list()))
    return Counted(chosen.values, chosen.left_out, tables, tuple(together), pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(), joined, labels)


def show_groups(counted: Counted, tables: dict[str, Table]) -> Groups:
    """Return what may be shown, from the tables after the hiding."""
    own = {name: tables[name] for name in counted.tables}
    marks = _marks(counted)
    kinds, rates, alike = [], [], []
    for name in map(str, counted.values.columns):
        kinds.append(_block(name, counted.labels, [own[_name(name, label)] for label in counted.labels], counted.tests, marks))
        named = {row.group for row in kinds[-1].rows if row.kind in ("group", "rare")}
        rates.append(_block(name, (WROTE,), [own[_name(name, WROTE)]], counted.tests, marks, named))
        shown = {row.group for row in rates[-1].rows if row.kind == "group"}
        alike += [(name, *pair) for pair in alike_values(shown)]
    return Groups(tuple(kinds), tuple(rates), len(counted.tests), counted.left_out, tuple(alike), own)


def to_cells(blocks: Sequence[Block]) -> pd.DataFrame:
    """Return blocks as the first table of :func:`textlens.compare_groups`, for the pictures; hidden groups are not in it."""
    rows = [
        {"attribute": b.attribute, "group": r.group, "label": label, "n": r.n, "count": c.has, "share": c.share, "low": c.low, "high": c.high,
         "reference": r.reference, "hidden": c.share is None}
        for b in blocks for r in b.rows if r.kind == "group" for label, c in zip(b.labels, r.cells, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["attribute", "group", "label", "n", "count", "share", "low", "high", "reference", "hidden"])


def in_parts(block: Block) -> list[Block]:
    """Return a block in parts of as many kinds as fit beside each other: ours first, then the office's own."""
    size = len(LABELS)
    return [
        Block(
            block.attribute, block.labels[i : i + size], tuple(row._replace(cells=row.cells[i : i + size]) for row in block.rows),
            tuple(f for f in block.found if f.label in block.labels[i : i + size]),
        )
        for i in range(0, len(block.labels), size)
    ]  # fmt: skip


def _name(attribute: str, label: str) -> str:
    return f"group:{attribute}:{label}"


def _tables(attribute: str, frame: pd.DataFrame, labels: Sequence[str]) -> dict[str, Table]:
    """Return the counts of one attribute, with keys that the other tables of the report share."""
    groups = _in_order(frame["group"], frame["status"].eq("ok"))
    codes = pd.Categorical(frame["group"], categories=groups).codes
    read, written = frame["status"].eq("ok").to_numpy(), frame[WROTE].to_numpy(bool)

    def table(label: str, columns: tuple[Column, ...], part: np.ndarray, whole: np.ndarray) -> None:
        has, n = (np.bincount(codes[rows], minlength=len(groups)) for rows in (part & whole, whole))
        cells = np.column_stack([has, n - has, n])
        frame = pd.DataFrame(np.vstack([cells, cells.sum(axis=0)]), index=[*groups, TOTAL], columns=[c.name for c in columns]).astype("Int64")
        found[_name(attribute, label)] = Table(_name(attribute, label), attribute, "通", f"attribute:{attribute}", columns, frame, columns[-1].name)

    found: dict[str, Table] = {}
    for label in labels:
        own = label.startswith(schema.OWN)
        kind = frozenset({("own", label.removeprefix(schema.OWN)) if own else ("intent", label.removeprefix("is_"))})
        columns = (Column("含む", "通・重複", kind), Column("含まない", "通・含まない", kind), Column("人数", "通"))
        table(label, columns, frame[label].to_numpy(bool), read)
    unread = bool((written & ~read).any())
    told = "書いた" if unread else "通"
    table(WROTE, (Column("書いた", told), Column("書いていない", "書かない"), Column("人数", "行")), written, np.ones(len(frame), bool))
    if unread:
        table("unread", (Column("読めた", "通"), Column("読めない", "読めない"), Column("人数", told)), read, written)
    return found


def _together(tables: dict[str, Table]) -> list[tuple[Key, frozenset[Key]]]:
    """Where the size of a group is hidden, all of the group is: a share beside it would give the size back.

    How many wrote is a size itself (of the tables of kinds): it stays where only the number of all rows is hidden.
    """
    return [
        (table.key(str(row), table.columns[-1]), frozenset(table.key(str(row), c) for c in table.columns[:-1] if c.counted not in _SIZES))
        for table in tables.values() for row in table.cells.index if row != TOTAL
    ]  # fmt: skip


def _in_order(groups: pd.Series, read: pd.Series) -> list[str]:
    """Return the groups in the order of their numbers (10代, 20代 …), else by size; no answer comes last."""
    size = groups.value_counts()
    written = groups[read].value_counts()

    def place(group: str) -> tuple[object, ...]:
        number = re.match(r"\d+", group.translate(_FIGURES))
        last = _LAST.index(group) + 1 if group in _LAST else 0
        if number:
            return last, 0, int(number[0]), 0 if re.match(r"\d+[^\d～~-]*(未満|以下)", group.translate(_FIGURES)) else 1, group
        return last, 1, -int(size[group]), -int(written.get(group, 0)), group

    return sorted(map(str, size.index), key=place)


_FIGURES = str.maketrans("０１２３４５６７８９", "0123456789")


def _marks(counted: Counted) -> dict[tuple[str, str, str], str]:
    """Return ▲ and ▼ of the groups, not too small, that stand out in tables that differ."""
    if counted.cells.empty:
        return {}
    differs = {(a, b) for a, b, p in zip(counted.tests["attribute"], counted.tests["label"], counted.tests["p_adjusted"], strict=True) if p < LEVEL}
    out = counted.cells[(counted.cells["residual"].abs() >= _RESIDUAL) & ~counted.cells["reference"].astype(bool)]
    rows = zip(out["attribute"], out["label"], out["group"], out["residual"], strict=True)
    return {(a, b, g): "▲" if r > 0 else "▼" for a, b, g, r in rows if (a, b) in differs}


def _block(attribute: str, labels: tuple[str, ...], tables: list[Table], tests: pd.DataFrame, marks: dict[tuple[str, str, str], str], named: Collection[str] = ()) -> Block:
    """Return the rows of one attribute; ``named``: groups that another block names, so that their size is all that is hidden."""
    rows, rest = [], False
    nothing = (Cell(None, None, None, None),) * len(labels)
    shares = [_column(table) for table in tables]
    for group in map(str, tables[0].cells.index):
        n = tables[0].number(group, "人数")
        if n is None and group in named:
            rows.append(Row(group, None, nothing, "rare" if group == RARE else "group"))
        elif n is None and group != TOTAL:
            rest = True
        elif n or group == TOTAL:
            cells = tuple(_marked(share, group, marks.get((attribute, label, group), "")) for share, label in zip(shares, labels, strict=True))
            rows.append(Row(group, n, cells, "total" if group == TOTAL else "rare" if group == RARE else "group"))
    if rest:
        rows.insert(len(rows) - 1, Row("（人数の少ない区分）", None, nothing, "rest"))
    own = tests[tests["attribute"].eq(attribute) & tests["label"].isin(labels)]
    rare = any(row.kind == "rare" for row in rows)
    whole = {label: not rare and not bool(t.cells.isna().to_numpy().any()) for t, label in zip(tables, labels, strict=True)}
    found = tuple(
        Found(t["label"], bool(t["p_adjusted"] < LEVEL), t["p_adjusted"], t["effect"], t["method"], t["n"], t["min_expected"], whole[t["label"]])
        for t in own.to_dict("records")
    )  # fmt: skip
    return Block(attribute, labels, tuple(rows), found)


def _marked(share: dict[str, Cell], group: str, mark: str) -> Cell:
    """Return a share with its mark, where it is shown and there is something to compare it with."""
    cell = share.get(group, Cell(None, None, None, None))
    return cell._replace(mark=mark) if cell.share is not None and TOTAL in share else cell


def _column(table: Table) -> dict[str, Cell]:
    """Return the shares of one label by group, as far as they are shown."""
    part, whole = (table.cells[table.columns[i].name] for i in (0, -1))
    seen = (part.notna() & whole.notna() & whole.gt(0)).fillna(False).to_numpy(bool)
    has, n = part[seen].to_numpy(np.int64), whole[seen].to_numpy(np.int64)
    low, high = share_intervals(has, n)
    rows = zip(table.cells.index[seen], has.tolist(), (has / n).tolist(), low.tolist(), high.tolist(), strict=True)
    return {str(group): Cell(*numbers) for group, *numbers in rows}
