"""Read citizens' comments from the workbooks and text files that offices really have."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.errors import ColumnNotFoundError, InputFileError, ParameterError, TextColumnError
from textlens.tables.encoding import decode
from textlens.tables.read_columns import Plan, choose
from textlens.tables.read_delimited import MAX_CELL_CHARS, delimiter_name, read_delimited
from textlens.tables.read_every import EVERY, read_every
from textlens.tables.read_formulas import check_text, hint
from textlens.tables.read_guard import kind_of, load
from textlens.tables.read_header import Header, find_header
from textlens.tables.read_merges import fill
from textlens.tables.read_rows import Rows, select_rows
from textlens.tables.read_sheets import pick_sheet
from textlens.tables.read_tables import pick_table
from textlens.tables.read_warnings import collect
from textlens.tables.reading_report import Reading
from textlens.tables.sheet_grid import Grid, is_blank
from textlens.tables.sheet_workbook import read_xlsx
from textlens.tables.sheet_xls import read_xls

_LOG = logging.getLogger("textlens")


FILE_DIGEST = "file_sha256"
"""Name in ``DataFrame.attrs`` of the SHA-256 of the bytes of the file, as ``sha256sum`` tells it."""


class _Source(NamedTuple):
    name: str
    kind: str
    grids: list[Grid]
    encoding: str
    delimiter: str
    notes: list[str]
    digest: str


def read_comments(
    path: str | os.PathLike[str],
    *,
    text: str | None = None,
    id: str | None = None,
    attributes: Sequence[str] = (),
    sheet: str | int | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Read comments from an Excel workbook or a CSV, TSV or text file.

    The sheet, the heading rows, the text column and the id column are found where they are not named.
    What was taken and what was left out is in ``df.attrs["reading"]`` and in the log, the SHA-256 of the file in ``df.attrs["file_sha256"]``.

    Parameters
    ----------
    path : str or path
        ``.xlsx``, ``.xlsm``, ``.xls``, ``.csv``, ``.tsv``, ``.txt``. The content decides, not the name.
    text, id : str, optional
        Heading of the text and id column: the name, the name in other width or spacing, or a part of
        it that only one heading has. On a sheet with several tables, ``text`` may be a part of the title of one.
    attributes : sequence of str
        Headings to keep. Empty: every column that is neither hidden, empty, personal (氏名, 電話)
        nor free text.
    sheet : str or int, optional
        Name, or number of the tab counted from 1 over the tabs that can be seen. ``"全部"`` joins all sheets whose
        text column has the same heading (a sheet per 地区), with a column 「シート」.
    encoding : str, optional
        Codec of a text file. ``shift_jis`` means CP932, as in Excel.

    Returns
    -------
    DataFrame
        Index ``id`` (str, unique), column ``text`` (str, exactly what the cell holds; a blank cell is
        ``""``), then the attributes as shown in the file (str). One row per row of the file, in order.
        Without an id column, or where its values repeat, ids are ``行12``: the row of the file.

    Raises
    ------
    InputFileError
        The file cannot be read, or holds no rows.
    EncodingError, ColumnNotFoundError, TextColumnError
        Kinds of InputFileError.
    ParameterError
        An argument has the wrong type.

    Notes
    -----
    Vertically merged attribute cells are filled down; the text column never is. Of several tables on one sheet one is
    read. Formulas without a saved value are blank. All of this is told.

    Misses: the meaning of cell colours; a file with one sheet per case; a text cut by the program that wrote the file (noticed only at 255 and 32,767
    characters); two tables side by side; a second table without a title of its own (told, and read as answers).

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "回答.csv"
    >>> _ = file.write_bytes("整理番号,年代,ご意見\\r\\n001,60代,街灯が㈱前だけ暗い。\\r\\n002,30代,\\r\\n".encode("cp932"))
    >>> df = read_comments(file)
    >>> df["text"].to_dict()
    {'001': '街灯が㈱前だけ暗い。', '002': ''}
    >>> df.attrs["reading"].encoding, df.attrs["reading"].rows_read
    ('cp932', 2)
    >>> read_comments(file, text="自由記述")
    Traceback (most recent call last):
    ...
    textlens.errors.ColumnNotFoundError: 回答.csv: text='自由記述' という列がありません。ある列: 「整理番号」、「年代」、「ご意見」。見出しの一部だけでも指定できます。
    >>> folder.cleanup()
    """
    _check_arguments(text, id, attributes, sheet, encoding)
    named = [attributes] if isinstance(attributes, str) else list(attributes)
    source = _open(path, encoding)
    every = sheet == EVERY and all(grid.name != EVERY for grid in source.grids)
    frame = _read(source, text, id, named, None if every else sheet)
    if every and len(source.grids) > 1:
        names = [grid.name for grid in source.grids if grid.rows and not grid.hidden]
        frame = read_every(names, frame, lambda name: _read(source, text, id, named, name),
                           lambda name: _read(source, text, None, [], name))
    frame.attrs[FILE_DIGEST] = source.digest
    _LOG.info("%s", frame.attrs["reading"].summary())
    return frame


def _read(source: _Source, text: str | None, id: str | None, named: list[str], sheet: str | int | None) -> pd.DataFrame:
    try:
        grid, header, plan, notes = _choose_sheet(source, text, id, named, sheet)
    except (ColumnNotFoundError, TextColumnError) as error:
        raise type(error)(f"{source.name}: {error}") from None
    rows = select_rows(grid, header, plan)
    where = f"{source.name}" + (f" のシート「{grid.name}」" if grid.name else "")
    check_text(where, grid, header, plan, rows)
    if not rows.kept:
        raise InputFileError(f"{where} には、見出しの下に回答の行がありません（0 行）。シートと見出しの位置を確かめてください。")
    frame, id_column, id_notes = _frame(grid, header, plan, rows, where)
    warnings = [*source.notes, *notes, *id_notes, *collect(grid, header, plan, rows, frame["text"].tolist())]
    reading = _reading(source, grid, header, plan, rows, frame, id_column, warnings)
    frame.attrs["reading"] = reading
    return frame


def _check_arguments(text: object, id: object, attributes: object, sheet: object, encoding: object) -> None:
    for option, value in (("text", text), ("id", id), ("encoding", encoding)):
        if value is not None and not isinstance(value, str):
            raise ParameterError(f"{option}= には文字列を指定してください（{type(value).__name__} が渡されました）。")
    if isinstance(sheet, bool) or not (sheet is None or isinstance(sheet, str | int)):
        raise ParameterError(f"sheet= にはシートの名前か番号（1 から）を指定してください（{type(sheet).__name__} が渡されました）。")
    if not isinstance(attributes, str | list | tuple) or not all(isinstance(item, str) for item in attributes):
        raise ParameterError("attributes= には列の見出しを並べてください（例: attributes=['年代', '地区']）。")


def _open(path: str | os.PathLike[str], encoding: str | None) -> _Source:
    name, data = load(path)
    kind, digest = kind_of(name, data), hashlib.sha256(data).hexdigest()
    suffix = Path(name).suffix.lower()
    notes: list[str] = []
    if kind == "text":
        if suffix in (".xlsx", ".xlsm", ".xls"):
            notes.append(f"拡張子は {suffix} ですが、中身は文字のファイルなので、そのように読みました。")
        decoded = decode(data, encoding=encoding, name=name)
        grid, delimiter = read_delimited(name, decoded.text)
        return _Source(name, suffix.lstrip(".") if suffix in (".csv", ".tsv", ".txt") else "text", [grid],
                       decoded.encoding, delimiter_name(delimiter), [*notes, *decoded.notes], digest)
    if encoding is not None:
        notes.append("Excel のブックなので、encoding= の指定は使いません。")
    if suffix not in (".xlsx", ".xlsm", ".xls"):
        notes.append(f"拡張子は {suffix or 'なし'} ですが、中身は Excel のブックなので、そのように読みました。")
    return _Source(name, kind, (read_xlsx if kind == "xlsx" else read_xls)(name, data), "", "", notes, digest)


def _choose_sheet(source: _Source, text: str | None, id: str | None, attributes: list[str],
                  sheet: str | int | None) -> tuple[Grid, Header, Plan, list[str]]:
    def plan(table: Grid, text: str | None) -> tuple[Header, Plan]:
        header = find_header(table, tuple(item for item in (text, id, *attributes) if item))
        return header, choose(table, header, text=text, id=id, attributes=attributes)

    def table(grid: Grid) -> tuple[Grid, Header, Plan]:
        try:
            return pick_table(grid, text, plan)
        except (ColumnNotFoundError, TextColumnError) as error:
            raise type(error)(f"{error}{hint(grid)}") from None

    return pick_sheet(source.name, source.kind, source.grids, sheet, table)


def _frame(grid: Grid, header: Header, plan: Plan, rows: Rows, where: str) -> tuple[pd.DataFrame, str, list[str]]:
    """Build the table; ids that repeat or are missing give way to row numbers."""
    text = plan.text.column.number
    attributes = list(plan.attributes)
    columns = [item.column.number for item in attributes] + ([plan.id.column.number] if plan.id else [])
    down = fill(grid, header, columns, text)

    def values(number: int) -> list[str]:
        return [down.get((row, number), grid.rows[row][number]) for row in rows.kept]

    own = [f"行{row + 1}" for row in rows.kept]
    ids, id_column, notes = own, "", []
    if plan.id:
        shown = [value.strip() for value in values(plan.id.column.number)]
        missing = sum(not value for value in shown)
        ids = [value or fallback for value, fallback in zip(shown, own, strict=True)]
        name = plan.id.column.name
        if len(set(ids)) == len(ids):
            id_column = name
            if missing:
                notes.append(f"番号の列「{name}」が空の行が {missing} 行あり、その行だけ「行12」のような元の行番号にしました。"
                             "前の回答の続きではないか確かめてください。")
        else:
            notes.append(f"番号の列「{name}」に同じ値が {len(ids) - len(set(ids))} 行あるので、元の行番号を番号にし、"
                         f"「{name}」は属性として残しました。")
            ids = own
            if plan.id not in attributes:
                attributes.insert(0, plan.id)
    table: dict[str, list[str]] = {"text": values(text)}
    too_long = next((n for n, value in enumerate(table["text"]) if len(value) > MAX_CELL_CHARS), None)
    if too_long is not None:
        raise InputFileError(f"{where} の {rows.kept[too_long] + 1} 行目の本文が {MAX_CELL_CHARS:,} 文字を超えます。"
                             "文書がまるごと入っていないか確かめ、分けてください。")
    for item in attributes:
        name = item.column.name
        while name in table or name == "id":
            name = f"{name}_2"
        table[name] = values(item.column.number)
    frame = pd.DataFrame(table, index=pd.Index(ids, name="id", dtype=object).astype("str"), dtype="str")
    return frame, id_column, notes


def _reading(source: _Source, grid: Grid, header: Header, plan: Plan, rows: Rows, frame: pd.DataFrame,
             id_column: str, warnings: list[str]) -> Reading:
    others = [other for other in source.grids if other.name != grid.name]
    first = header.rows[0] if header.rows else 0
    return Reading(
        file=source.name, format=source.kind, encoding=source.encoding, delimiter=source.delimiter, sheet=grid.name,
        title_rows=tuple(row + 1 for row in range(first) if any(not is_blank(cell) for cell in grid.rows[row])),
        heading_rows=tuple(row + 1 for row in header.rows),
        text_column=plan.text.column.name, id_column=id_column,
        attributes=tuple(str(name) for name in frame.columns if name != "text"),
        other_text_columns=tuple(item.column.name for item in plan.other_texts),
        skipped_columns=plan.skipped,
        hidden_columns=tuple(c.name for c in header.columns if c.number in grid.hidden_columns),
        hidden_rows=tuple(row + 1 for row in rows.kept if row in grid.hidden_rows),
        other_sheets=tuple(other.name for other in others if not other.hidden),
        hidden_sheets=tuple(other.name for other in others if other.hidden),
        rows_below_headings=len(grid.rows) + grid.after - header.body, rows_read=len(frame),
        rows_with_text=sum(not is_blank(value) for value in frame["text"]),
        left_out=tuple((row + 1, reason) for row, reason in rows.left_out),
        warnings=tuple(warnings),
    )
