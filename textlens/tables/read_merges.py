"""What merged cells among the answers say: one value for several rows, or a block over several columns."""

from __future__ import annotations

from collections.abc import Sequence

from textlens.tables.read_columns import Plan, listed
from textlens.tables.read_header import Header
from textlens.tables.read_rows import Rows
from textlens.tables.read_words import key, words
from textlens.tables.reading_report import row_list
from textlens.tables.sheet_grid import Grid, Merge, is_blank


def fill(grid: Grid, header: Header, columns: Sequence[int], text: int) -> dict[tuple[int, int], str]:
    """Return the values that merged cells give to the cells they hide.

    A value goes down its own column. To the other columns of a block it goes only where it says that nothing is known
    (無回答, 不明: rows ``any`` of ``tables/attribute_values.tsv``); 城北 over 地区 and 年代 is no 年代.

    Parameters
    ----------
    grid : Grid
    header : Header
    columns : sequence of int
        Attributes and the id.
    text : int
        The text column. Nothing is copied out of it, into it, or from a block that reaches over it: a comment would be
        copied into the rows of other people.
    """
    filled: dict[tuple[int, int], str] = {}
    for merge in _among_answers(grid, header):
        if merge.left <= text <= merge.right:
            continue
        value = grid.rows[merge.top][merge.left]
        reached = range(merge.left, merge.right + 1) if _unknown(value) else (merge.left,)
        for column in set(columns).intersection(reached):
            for row in range(merge.top, min(merge.bottom + 1, len(grid.rows))):
                if is_blank(grid.rows[row][column]):
                    filled[row, column] = value
    return filled


def _among_answers(grid: Grid, header: Header) -> list[Merge]:
    return [merge for merge in grid.merges if header.body <= merge.top < len(grid.rows) and merge.left < grid.width]


def _unknown(value: str) -> bool:
    return any(word.label == "any" and word.hits(key(value)) for word in words("attribute_values"))


def merged(grid: Grid, header: Header, plan: Plan, rows: Rows) -> list[str]:
    """Return warnings about merged cells whose value was not given to every cell a reader sees it in."""
    names = {column.number: column.name for column in header.columns}
    text = plan.text.column.number
    answers = set(rows.kept)
    down: list[int] = []
    blocks: dict[tuple[int, ...], list[Merge]] = {}
    for merge in _among_answers(grid, header):
        over = tuple(column for column in names if merge.left <= column <= merge.right)
        if not over or not answers.intersection(range(merge.top, merge.bottom + 1)):
            continue
        if over == (text,) and merge.bottom > merge.top:
            down.append(merge.top + 1)
        value = grid.rows[merge.top][merge.left]
        wide = over[0] == text and merge.bottom == merge.top  # a comment written over the columns beside it
        if len(over) > 1 and not wide and not is_blank(value) and (text in over or not _unknown(value)):
            blocks.setdefault(over, []).append(merge)
    found: list[str] = []
    if down:
        found.append(f"本文の列に縦の結合セルがあります（{row_list(sorted(down))} 行目から）。本文は最初の行だけに入れ、下の行は空欄にしました。")
    for over, merges in blocks.items():
        places = row_list(sorted({row + 1 for merge in merges for row in range(merge.top, merge.bottom + 1) if row in answers}))
        if text == over[0]:
            done = "値は最初の行の本文にだけ入れ、ほかは空欄にしました。"
        elif text in over:
            done = f"値は最初の行の「{names[over[0]]}」にだけ入れ、本文は空欄にしました。本文が書かれていれば、回答として数えられません。"
        else:
            done = f"値は左の「{names[over[0]]}」にだけ入れ、ほかは空欄にしました。"
        found.append(f"{listed([names[column] for column in over])}にまたがる結合セルが {len(merges)} か所あります（{places} 行目）。{done}"
                     "Excel で結合を解き、列ごとに値を入れてから読むと確かです。")
    return found
