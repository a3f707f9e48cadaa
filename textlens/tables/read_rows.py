"""Which rows under the headings are answers, and which are totals, notes, blank or repeated headings."""

from __future__ import annotations

import re
from typing import NamedTuple

from textlens.tables.read_columns import Plan
from textlens.tables.read_header import Header
from textlens.tables.read_words import key, words
from textlens.tables.sheet_grid import Grid, is_blank

BLANK = "空行"
TOTAL = "合計・小計の行"
NOTE = "表の下の注記"
REPEATED = "見出しの繰り返し"
EXAMPLE = "記入例の行"
SECTION = "小見出しの行"
UNDER_HEADING = "見出しの説明の行（列番号・回答形式・コード）"

_HIRAGANA = re.compile(r"[ぁ-ん]")


class Rows(NamedTuple):
    """Rows kept and rows left out with a reason (0-based), and rows kept that look like notes."""

    kept: list[int]
    left_out: list[tuple[int, str]]
    doubtful: list[int]


def _is(label: str, compared: str) -> bool:
    return any(word.hits(compared) for word in words("rows") if word.label == label)


def select_rows(grid: Grid, header: Header, plan: Plan) -> Rows:
    """Sort the rows below the headings into answers and others.

    A row with an entry in the text column is always an answer, unless the entry is a count in a total
    row. A row with an id and nothing else is an answer left blank.

    Notes
    -----
    Misses: a second table under the first (a list of codes) is read as answers left blank.
    """
    numbers = [column.number for column in header.columns]
    text = plan.text.column.number
    number = plan.id.column.number if plan.id else None
    repeated = {c: key(grid.rows[header.rows[-1]][c]) for c in numbers
                if header.rows and not is_blank(grid.rows[header.rows[-1]][c])}
    reasons: dict[int, str] = {}
    for row in range(header.body, len(grid.rows)):
        cells = grid.rows[row]
        filled = [c for c in numbers if not is_blank(cells[c])]
        if not filled:
            reasons[row] = BLANK
        elif len(repeated) >= 2 and all(key(cells[c]) == value for c, value in repeated.items()):
            reasons[row] = REPEATED
        elif _is_total(cells, filled, text, number):
            reasons[row] = TOTAL
        elif row < header.body + 3 and header.rows and _explains(cells, filled, text, number):
            reasons[row] = UNDER_HEADING
        elif row < header.body + 3 and filled[0] in (number, numbers[0]) and filled[0] != text and _is(
                "example", key(cells[filled[0]])):
            reasons[row] = EXAMPLE
        elif filled[0] != text and len(filled) == 1 and _is("section", key(cells[filled[0]])):
            reasons[row] = SECTION
    doubtful: list[int] = []
    for row in range(len(grid.rows) - 1, header.body - 1, -1):
        if row in reasons:
            continue
        cells = grid.rows[row]
        filled = [c for c in numbers if not is_blank(cells[c])]
        if text in filled:
            if len(numbers) > 1 and filled == [text] and _is("note", key(cells[text])):
                doubtful.append(row)
                continue
            break
        if not _is_note(cells, filled, number):
            break
        reasons[row] = NOTE
    kept = [row for row in range(header.body, len(grid.rows)) if row not in reasons]
    return Rows(kept, sorted(reasons.items()), sorted(doubtful))


def _is_total(cells: list[str], filled: list[int], text: int, number: int | None) -> bool:
    """A total has a total word first, no id of its own, and no words in the text column."""
    if text in filled and not _is("count", key(cells[text])):
        return False
    labels = [c for c in filled if c != text]
    if not labels or not _is("total", key(cells[labels[0]])):
        return False
    return number is None or is_blank(cells[number]) or number == labels[0]


def _explains(cells: list[str], filled: list[int], text: int, number: int | None) -> bool:
    """Tell a row that explains the headings: 1, 2, 3 …; SA, MA, FA; or 「1:男 2:女」 without an answer."""
    values = [key(cells[c]) for c in filled]
    if len(filled) >= 3 and all(_is("number", value) for value in values):
        figures = [int(re.sub(r"\D", "", value)[:9]) for value in values]
        return text in filled and all(b - a == 1 for a, b in zip(figures, figures[1:], strict=False)) and figures[0] <= 1
    if len(filled) >= 2 and all(_is("format", value) for value in values):
        return True
    blank_answer = text not in filled and number not in filled
    return blank_answer and any(_is("codes", value) for value in values)


def _is_note(cells: list[str], filled: list[int], number: int | None) -> bool:
    if number is not None and number in filled and filled != [number]:
        return False
    if _is("note", key(cells[filled[0]])):
        return True
    return len(filled) == 1 and len(cells[filled[0]]) >= 12 and _HIRAGANA.search(cells[filled[0]]) is not None


def fill_down(grid: Grid, header: Header, columns: list[int]) -> dict[tuple[int, int], str]:
    """Return the values that vertically merged cells give to the cells below their first one.

    Only for the columns named: attributes and the id, never the text (a comment would be copied into
    the rows of other people).
    """
    filled: dict[tuple[int, int], str] = {}
    for merge in grid.merges:
        if merge.bottom <= max(merge.top, header.body - 1) or merge.left not in columns or merge.top < header.body:
            continue
        value = grid.rows[merge.top][merge.left] if merge.top < len(grid.rows) else ""
        for row in range(merge.top + 1, min(merge.bottom + 1, len(grid.rows))):
            if is_blank(grid.rows[row][merge.left]):
                filled[row, merge.left] = value
    return filled
