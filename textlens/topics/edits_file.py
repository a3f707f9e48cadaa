"""The file of corrections to topics, as a program or a person wrote it: rows of four cells, with their place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textlens.errors import InputFileError
from textlens.rules import read_table
from textlens.tables.plain import read_plain

COLUMNS = ("action", "topic", "value", "note")
ACTIONS = ("merge", "split", "rename", "move", "seed", "freeze")


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
        A small table (:mod:`textlens.tables.plain`): ``.tsv``, ``.csv`` or a workbook (first sheet).

    Raises
    ------
    InputFileError
        The file is not there, cannot be read, or lacks a heading.

    Notes
    -----
    Blank rows and rows that begin with ``#`` are passed over. Misses: an Excel cell that lost its leading zeros
    (00017 → 17) is read as it stands; the id is then not found and named.
    """
    rows = [line for line in read_plain(path, "話題の修正ファイル", remarks=True) if any(cell.strip() for cell in line.cells)]
    ours = {word: name for name, words in _words().items() for word in words}
    heads = [ours.get(cell.strip(), cell.strip()) for cell in (rows[0].cells if rows else [])]
    missing = [name for name in COLUMNS[:3] if name not in heads]
    if missing:
        raise InputFileError(f"{Path(path).name}: 1 行目は {'、'.join(COLUMNS)}（または 操作、話題、値、メモ）の見出しにしてください。ない見出し: {'、'.join(missing)}。")
    at = {name: heads.index(name) for name in COLUMNS if name in heads}
    lines = []
    for number, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        lines.append(Line(number, ours.get(cells["action"], cells["action"]), cells["topic"], cells["value"], cells.get("note", "")))
    return lines


def action_words() -> str:
    """Return what may be written as an action, in Japanese and as ours."""
    words = _words()
    return "・".join(f"{words[name][0]}（{name}）" if name in words else name for name in ACTIONS)


def _words() -> dict[str, list[str]]:
    return {row["name"]: row["words"].split("、") for row in read_table("topics/edit_words.tsv")}
