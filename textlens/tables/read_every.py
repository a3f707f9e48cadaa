"""All sheets of one survey (a sheet per 地区) as one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from textlens.errors import ColumnNotFoundError, InputFileError, TextColumnError
from textlens.tables.read_columns import listed
from textlens.tables.read_words import key
from textlens.tables.reading_report import Reading

EVERY = "全部"
"""What ``sheet=`` says to read every sheet of the survey, unless a sheet has that very name."""
SHEET = "シート"
"""Column that says from which sheet a row came."""


def read_every(names: Sequence[str], best: pd.DataFrame, read: Callable[[str], pd.DataFrame],
               read_text: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Join the sheets whose text column has the heading of the best sheet's.

    Parameters
    ----------
    names : sequence of str
        Sheets that can be seen, in the order of the tabs.
    best : DataFrame
        The sheet that would have been read alone.
    read : callable
        Reads one sheet by name, with the id and attributes that were named.
    read_text : callable
        Reads it without them: tells a sheet of the survey that lacks one of these columns from another kind of sheet.

    Returns
    -------
    DataFrame
        As of :func:`textlens.tables.reading.read_comments`, with a column 「シート」. Ids that repeat over the sheets
        become ``城北/12``.

    Notes
    -----
    Misses: a sheet whose text column has another heading, or that lacks a named column, is left out and told.
    """
    heading = key(best.attrs["reading"].text_column)
    frames: list[pd.DataFrame] = []
    other: list[str] = []
    refused: dict[str, str] = {}
    for name in names:
        try:
            frame = read(name)
        except ColumnNotFoundError as error:
            rows = _answers(name, heading, read_text)
            if rows:
                why = str(error).removeprefix(f"{best.attrs['reading'].file}: ")
                refused[name] = (f"（{rows} 行）は、本文の見出しは同じですが読んでいません。{why}"
                                 "見出しをほかのシートとそろえるか、その指定をやめると、合わせて読めます。")
            else:
                other.append(name)
            continue
        except TextColumnError:
            other.append(name)
            continue
        except InputFileError as error:
            refused[name] = f"は読んでいません: {error}"
            continue
        if key(frame.attrs["reading"].text_column) == heading:
            frames.append(frame)
        else:
            other.append(name)
    readings: list[Reading] = [frame.attrs["reading"] for frame in frames]
    column = SHEET
    while any(column in frame for frame in frames):
        column += "_2"
    ids = [name for frame in frames for name in frame.index]
    numbered = len({reading.id_column for reading in readings}) == 1 and readings[0].id_column != ""
    kept = numbered and len(set(ids)) == len(ids)
    parts: list[pd.DataFrame] = []
    for frame, reading in zip(frames, readings, strict=True):
        part = frame.copy()
        part.attrs = {}
        part.insert(1, column, pd.Series(reading.sheet, index=part.index, dtype="str"))
        parts.append(part if kept else part.set_axis([f"{reading.sheet}/{name}" for name in part.index]))
    table = pd.concat(parts).fillna("").astype("str")
    table.index = pd.Index(table.index, name="id", dtype=object).astype("str")
    table.attrs["reading"] = _joined(readings, table, readings[0].id_column if numbered else "", kept, other, refused)
    return table


def _answers(name: str, heading: str, read_text: Callable[[str], pd.DataFrame]) -> int:
    """Return how many rows a sheet has under the heading of the survey, 0 for another kind of sheet."""
    try:
        reading = read_text(name).attrs["reading"]
    except InputFileError:
        return 0
    return reading.rows_read if key(reading.text_column) == heading else 0


def _joined(readings: list[Reading], table: pd.DataFrame, id_column: str, kept: bool, other: list[str],
            refused: dict[str, str]) -> Reading:
    first = readings[0]
    warnings = [f"{len(readings)} 枚のシートを合わせて読みました: " + "、".join(f"{listed([r.sheet])}（{r.rows_read} 行）" for r in readings) + "。"]
    if other:
        warnings.append(f"本文の見出しが違うか、回答のないシートは読んでいません: {listed(other)}。")
    warnings += [f"シート{listed([name])}{why}" for name, why in refused.items()]
    if not kept:
        warnings.append("番号がシートの間で重なるので、「シート名/番号」を番号にしました。")
    alone = ("ほかのシートにも", "同じくらい自由記述らしいシート", "非表示のシート")
    warnings += [f"シート「{r.sheet}」: {warning}" for r in readings for warning in r.warnings if not warning.startswith(alone)]
    if first.hidden_sheets:
        warnings.append(f"非表示のシートは読んでいません: {listed(list(first.hidden_sheets))}。")
    return first._replace(
        sheet="、".join(r.sheet for r in readings),
        id_column=id_column,
        attributes=tuple(str(name) for name in table.columns if name != "text"),
        other_sheets=(*other, *refused),
        rows_below_headings=sum(r.rows_below_headings for r in readings),
        rows_read=len(table),
        rows_with_text=sum(r.rows_with_text for r in readings),
        left_out=tuple((row, f"{reason}（{r.sheet}）") for r in readings for row, reason in r.left_out),
        hidden_rows=tuple(row for r in readings for row in r.hidden_rows),
        warnings=tuple(warnings),
    )
