"""Which sheet of a workbook holds the comments."""

from __future__ import annotations

from collections.abc import Callable

from textlens.errors import ColumnNotFoundError, InputFileError, TextColumnError
from textlens.tables.read_columns import Plan, listed
from textlens.tables.read_formulas import CURE, written
from textlens.tables.read_header import Header
from textlens.tables.read_rows import select_rows
from textlens.tables.read_words import key
from textlens.tables.sheet_grid import Grid, is_blank

EQUAL = 1.0
"""Sheets whose text columns differ by less than this in rank are called equally good."""

SHOWN = 20


def _named(name: str, grids: list[Grid], sheet: str | int) -> Grid:
    shown = [grid for grid in grids if not grid.hidden]
    names = listed([grid.name for grid in grids])
    if isinstance(sheet, int):
        if 1 <= sheet <= len(shown):
            return shown[sheet - 1]
        raise InputFileError(f"{name} に {sheet} 番目のシートはありません。番号は 1 から {len(shown)} までです。シート: {names}。")
    exact = [g for g in grids if g.name == sheet], [g for g in grids if key(g.name) == key(sheet)]
    if sheet.isascii() and sheet.isdigit() and not any(exact):
        return _named(name, grids, int(sheet))
    for same in (*exact, [g for g in grids if key(sheet) and key(sheet) in key(g.name)]):
        if len(same) == 1:
            return same[0]
    raise InputFileError(f"{name} にシート「{sheet}」はありません。あるシート: {names}。名前か番号（1 から）で指定してください。")


def _answers(item: tuple[Grid, Header, Plan]) -> bool:
    """Tell sentences from the words of a code table, which also stand under 「内容」."""
    text = item[2].text
    return text.filled >= 3 and text.mean_chars >= 12


def pick_sheet(name: str, kind: str, grids: list[Grid], sheet: str | int | None,
               plan: Callable[[Grid], tuple[Grid, Header, Plan]]) -> tuple[Grid, Header, Plan, list[str]]:
    """Pick the sheet with the best text column among the sheets that can be seen.

    Of sheets that are equally good the first is taken, unless one with another heading has twice as many answers
    (抜粋 before 全件).

    Parameters
    ----------
    name, kind : str
    grids : list of Grid
    sheet : str or int, optional
    plan : callable
        Finds the table of a sheet, its headings and columns.

    Returns
    -------
    tuple
        Grid, header, plan, and notes about the other sheets.

    Raises
    ------
    InputFileError
        No cells, or no such sheet.
    ColumnNotFoundError, TextColumnError
        No sheet has the columns.
    """
    notes: list[str] = []
    if sheet is not None and kind not in ("xlsx", "xls"):
        notes.append("文字のファイルにシートはないので、sheet= の指定は使いません。")
        sheet = None
    if sheet is not None:
        grid = _named(name, grids, sheet)
        if not grid.rows:
            raise InputFileError(f"{name} のシート「{grid.name}」には何も書かれていません。あるシート: {listed([g.name for g in grids])}。")
        return *plan(grid), notes
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise InputFileError(f"{name} のどのシートにも何も書かれていません。保存したファイルか確かめてください。")
    found: list[tuple[Grid, Header, Plan]] = []
    failures: list[tuple[Grid, Exception]] = []
    for grid in [g for g in filled if not g.hidden] or filled:
        try:
            found.append(plan(grid))
        except (ColumnNotFoundError, TextColumnError) as error:
            failures.append((grid, error))
    if not found:
        raise _none(failures)
    best = max(item[2].text.rank for item in found)
    good = [item for item in found if item[2].text.rank > best - EQUAL]
    chosen = _first_or_fullest(good)
    heading = key(chosen[2].text.column.name)
    good = [item for item in good if item is not chosen]
    rest = [item for item in found if item is not chosen and item not in good]
    alike = [item for item in rest if _answers(item) or (key(item[2].text.column.name) == heading and item[2].text.filled)]
    for others, words in ((good, "同じくらい自由記述らしいシートがほかにもあります"), (alike, "ほかのシートにも自由記述らしい列があります")):
        if others:
            unread = "、".join(f"{listed([item[0].name])}（{_count(item)} 件）" for item in others[:SHOWN])
            more = f" ほか {len(others) - SHOWN} 枚" if len(others) > SHOWN else ""
            notes.append(f"{words}: {unread}{more}。読んだのは「{chosen[0].name}」だけです。ほかは sheet= で選べ、"
                         "「全部」とすると同じ見出しのシートを合わせて読みます（コマンドでは --sheet 全部）。")
    empty = [grid for grid, _ in failures] + [item[0] for item in found if not item[2].text.filled]
    unsaved = [grid for grid in empty if grid.formulas and grid.name != chosen[0].name]
    if unsaved:
        counts = "、".join(f"{listed([grid.name])}（{len(grid.formulas)} 個）" for grid in unsaved[:SHOWN])
        notes.append(f"読まなかったシートに、値が保存されていない数式のセルがあります: {counts}。回答のシートなら、{CURE}")
    hidden = [grid.name for grid in grids if grid.hidden and grid.name != chosen[0].name]
    if hidden:
        notes.append(f"非表示のシートは読んでいません: {listed(hidden)}。")
    return *chosen, notes


def _first_or_fullest(good: list[tuple[Grid, Header, Plan]]) -> tuple[Grid, Header, Plan]:
    """Sheets with the same heading are parts of one survey; under other headings the first may be a selection of the second."""
    first = good[0]
    heading = key(first[2].text.column.name)
    other = [item for item in good if key(item[2].text.column.name) != heading]
    fullest = max(other, key=lambda item: written(*item), default=first)
    return fullest if written(*fullest) >= 2 * written(*first) else first


def _count(item: tuple[Grid, Header, Plan]) -> int:
    grid, _, plan = item
    return sum(not is_blank(grid.rows[row][plan.text.column.number]) for row in select_rows(*item).kept)


def _none(failures: list[tuple[Grid, Exception]]) -> Exception:
    grid, first = failures[0]
    if len(failures) == 1:
        return type(first)(f"シート「{grid.name}」: {first}" if grid.name else str(first))
    kind = ColumnNotFoundError if all(isinstance(e, ColumnNotFoundError) for _, e in failures) else TextColumnError
    return kind("どのシートにも、求める列がありません。" + " ／ ".join(f"シート「{g.name}」: {e}" for g, e in failures[:5]))
