"""The file of corrections to topics, as a program or a person wrote it: rows of four cells, with their place."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.errors import InputFileError
from textlens.rules import read_table

COLUMNS = ("action", "topic", "value", "note")
ACTIONS = ("merge", "split", "rename", "move", "seed", "freeze")
_EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
_WHOLE = ".0"


class Line(NamedTuple):
    """One row: number as a person counts (the heading is 1), and the cells of ``COLUMNS``."""

    number: int
    action: str
    topic: str
    value: str
    note: str


def read_lines(path: str | Path) -> list[Line]:
    """Read a table with the headings ``action, topic, value, note`` (or 操作、話題、値、メモ); actions become our words.

    Parameters
    ----------
    path : path
        ``.tsv`` (UTF-8, or as Excel saves it: Shift_JIS, UTF-16), ``.csv`` or an Excel file (first sheet).

    Raises
    ------
    InputFileError
        The file is not there, cannot be read, or lacks a heading.

    Notes
    -----
    Blank rows and rows that begin with ``#`` are passed over. Misses: an Excel cell that lost its leading zeros
    (00017 → 17) is read as it stands; the id is then not found and named.
    """
    source = Path(path)
    if not source.is_file():
        raise InputFileError(f"話題の修正ファイル {source.name} がありません。")
    rows = _excel(source) if source.suffix.lower() in _EXCEL else _delimited(source)
    ours = {word: name for name, words in _words().items() for word in words}
    heads = [ours.get(cell.strip(), cell.strip()) for cell in (rows[0] if rows else [])]
    missing = [name for name in COLUMNS[:3] if name not in heads]
    if missing:
        raise InputFileError(f"{source.name}: 1 行目は {'、'.join(COLUMNS)}（または 操作、話題、値、メモ）の見出しにしてください。ない見出し: {'、'.join(missing)}。")
    at = {name: heads.index(name) for name in COLUMNS if name in heads}
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row) or row[0].startswith("#"):
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        lines.append(Line(number, ours.get(cells["action"], cells["action"]), cells["topic"], cells["value"], cells.get("note", "")))
    return lines


def action_words() -> str:
    """Return what may be written as an action, in Japanese and as ours."""
    words = _words()
    return "・".join(f"{words[name][0]}（{name}）" if name in words else name for name in ACTIONS)


def _words() -> dict[str, list[str]]:
    return {row["name"]: row["words"].split("、") for row in read_table("topics/edit_words.tsv")}


def _excel(source: Path) -> list[list[str]]:
    try:
        frame = pd.read_excel(source, header=None, dtype=str, engine="calamine", keep_default_na=False)
    except Exception:  # noqa: BLE001  (whatever the reader of a broken workbook raises)
        raise InputFileError(f"{source.name}: Excel のファイルとして読めません。開けるか確かめ、.xlsx か .tsv で保存し直してください。") from None
    return [[cell[: -len(_WHOLE)] if cell.endswith(_WHOLE) and cell[: -len(_WHOLE)].isdigit() else cell for cell in map(str, row)] for row in frame.to_numpy().tolist()]


def _delimited(source: Path) -> list[list[str]]:
    data = source.read_bytes()
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if source.suffix.lower() == ".csv":
            return list(csv.reader(text.splitlines()))
        return [line.split("\t") for line in text.splitlines()]
    raise InputFileError(f"{source.name}: 文字コードが分かりません。UTF-8 のタブ区切り（.tsv）か .xlsx で保存し直してください。")
