"""Values as a reader sees them: Japanese names instead of codes, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from textlens.report.masking import printable
from textlens.report.words import HIDDEN, TOTAL, Heading, Labels, headings

if TYPE_CHECKING:
    from textlens.report.tables import Table
    from textlens.report.view import View

YES = "はい"
_OLDEST = 1900
"""Excel knows no day before this year."""
_GROUPS = {"legal_check": "legal"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a list: heading, width in characters, kind, and the values as shown."""

    name: str
    heading: str
    width: float
    kind: str
    values: Sequence[str | int | float | date | None]
    printed: bool = True


def shown_columns(view: View, frame: pd.DataFrame, names: Sequence[str] | None = None) -> list[Shown]:
    """Return the columns of a list of comments as they are read.

    Parameters
    ----------
    view : View
    frame : DataFrame
        ``view.comments`` or rows of it.
    names : sequence of str or None
        Columns wanted, in that order; ``None``: all the profile allows, attributes where
        ``headings_ja.tsv`` puts them.
    """
    known = {h.name: h for h in headings(view.profile.name)}
    topics = view.topic_names
    found: list[Shown] = []
    for name in names if names is not None else list(known):
        heading = known.get(name)
        if heading is None:
            continue
        if heading.kind == "attributes":
            found += [_attribute(frame, column, heading.width) for column in view.attributes]
        elif heading.kind == "id":
            ids = [plain_value(v) for v in frame.index]
            found.append(Shown(name, heading.heading, id_width(frame.index, ids, heading.width), "id", ids, heading.printed))
        elif name in frame:
            values = [_value(heading, v, view.labels, topics) for v in frame[name].tolist()]
            masked = name == "text" and view.profile.mask != "none"
            title = view.labels("heading", "text_masked") if masked else heading.heading
            found.append(Shown(name, title, heading.width, heading.kind, values, heading.printed))
    return found


def row_names(table: Table, labels: Labels, topics: Mapping[str, str]) -> list[str]:
    """Return the names of a table's rows (total included)."""
    return [_row_name(table.dimension, str(v), labels, topics) for v in table.cells.index]


def cell_text(table: Table, row: str, column: str) -> str | int:
    """Return one number of a table, ＊ where it is hidden, '' where a sum has no meaning."""
    value = table.number(row, column)
    if value is not None:
        return value
    return HIDDEN if table.meaningful(row, column) else ""


def _row_name(dimension: str, value: str, labels: Labels, topics: Mapping[str, str]) -> str:
    if value == TOTAL:
        return TOTAL
    if dimension == "department":
        return labels.department(value)
    if dimension == "topic":
        return topics.get(value, "（話題なし）") if value else "（話題なし）"
    if dimension == "matrix":
        demand, law = value.split("|")
        return f"{labels('demand', demand)}・{labels('legal', law)}"
    return labels(dimension, value)


def _value(heading: Heading, value: Any, labels: Labels, topics: Mapping[str, str]) -> str | int | float | None:
    if isinstance(value, tuple | list):
        group = labels.department if heading.name == "departments" else (lambda v: labels("subject", v))
        return "、".join(group(v) for v in value)
    if pd.isna(value):
        return None if heading.kind == "number" else ""
    if heading.kind == "flag":
        return YES if value else ""
    if heading.kind == "label":
        return labels(_GROUPS.get(heading.name, heading.name), value)
    if heading.kind == "dept":
        return labels.department(value)
    if heading.kind == "topic":
        return topics.get(str(value), "")
    if heading.kind == "number":
        return round(float(value), 3) if isinstance(value, float) else int(value)
    return printable(str(value))[0]


def _attribute(frame: pd.DataFrame, column: str, width: float) -> Shown:
    values = [plain_value(v) for v in frame[column].tolist()]
    heading = printable(str(column))[0]
    longest = max((len(str(v)) for v in values[:500]), default=0)
    return Shown(str(column), heading, min(max(width, 1.8 * len(heading), 1.4 * longest), 30), "attribute", values, False)


def plain_value(value: Any) -> str | int | float | date:
    """Return an id or an attribute as it is read: numbers stay numbers, days days, and a string is a string (leading zeros stay).

    The parts of an id of several (MultiIndex) are joined by a stroke. Days before 1900, times with a zone and fractions of
    seconds are text: Excel cannot hold them as times.

    Examples
    --------
    >>> plain_value("007"), plain_value(("城北", 12)), plain_value(pd.Timestamp("2026-04-01")), plain_value(pd.Timestamp("2026-04-01 9:30+09:00"))
    ('007', '城北/12', datetime.date(2026, 4, 1), '2026-04-01 09:30:00+09:00')
    """
    if isinstance(value, tuple):
        return "/".join(str(plain_value(part)) for part in value)
    if pd.isna(value):
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, date):
        return _day(value)
    return value if isinstance(value, int | float) else printable(str(value))[0]


def _day(value: date) -> str | date:
    if isinstance(value, datetime):
        if value.tzinfo is not None or value.microsecond or getattr(value, "nanosecond", 0) or value.year < _OLDEST:
            return value.isoformat(sep=" ")
        return datetime(*value.timetuple()[:6]) if (value.hour, value.minute, value.second) != (0, 0, 0) else value.date()
    return value if value.year >= _OLDEST else value.isoformat()


def id_width(ids: Iterable[object], shown: Sequence[object], width: float) -> float:
    """Return the width of the column of ids: days and ids of several parts need more than a number."""
    if not any(isinstance(value, date | tuple) for value in ids):
        return width
    return max(width, min(1.2 * max(len(str(value)) for value in shown) + 3, 30.0))
