"""Which rows under the headings are answers, and which are totals, notes, blank or repeated headings."""

from __future__ import annotations

import re
from typing import NamedTuple

from textlens.tables.read_columns import Plan
from textlens.tables.read_header import Header
from textlens.tables.read_words import heading_weights, key, words
from textlens.tables.sheet_grid import Grid, is_blank, is_number

BLANK = "空行"
TOTAL = "合計・小計の行"
NOTE = "表の下の注記"
REPEATED = "見出しの繰り返し"
EXAMPLE = "記入例の行"
SECTION = "小見出しの行"
MARKUP = "KH Coder の見出しの行（<h1>〜<h5>）"
BELOW = "下にある別の表"
UNSAVED = "値のない数式だけの行"
OTHER_TABLE = "表題の下の別の表"
UNDER_HEADING = "見出しの説明の行（列番号・回答形式・コード）"

_HIRAGANA = re.compile(r"[ぁ-ん]")


class Rows(NamedTuple):
    """Rows kept and rows left out with a reason (0-based), and rows kept that look like notes or section titles."""

    kept: list[int]
    left_out: list[tuple[int, str]]
    doubtful: list[int]
    subtitles: list[int]


def _is(label: str, compared: str, value: str = "") -> bool:
    return any(word.hits(compared) for word in words("rows") if word.label == label and value in ("", word.value))


def select_rows(grid: Grid, header: Header, plan: Plan) -> Rows:
    """Sort the rows below the headings into answers and others.

    A row with an entry in the text column is always an answer, unless the entry is a count in a total
    row or a heading of KH Coder. A row with an id and nothing else is an answer left blank.

    Notes
    -----
    Misses: a second table under the first (a list of codes) that has no heading word of ours, or reaches
    into the text column, is read as answers.
    """
    numbers = [column.number for column in header.columns]
    text = plan.text.column.number
    number = plan.id.column.number if plan.id else None
    repeated = {c: key(grid.rows[header.rows[-1]][c]) for c in numbers
                if header.rows and not is_blank(grid.rows[header.rows[-1]][c])}
    formulas = {row for row, _ in grid.formulas}
    unread = {row for row, column in grid.formulas if column == text}
    reasons: dict[int, str] = {}
    for row in range(header.body, len(grid.rows)):
        cells = grid.rows[row]
        filled = [c for c in numbers if not is_blank(cells[c])]
        if not filled:
            reasons[row] = UNSAVED if row in formulas else BLANK
        elif len(repeated) >= 2 and all(key(cells[c]) == value for c, value in repeated.items()):
            reasons[row] = REPEATED
        elif _is_total(cells, filled, text, number):
            reasons[row] = TOTAL
        elif text in filled and _is("markup", key(cells[text])):
            reasons[row] = MARKUP
        elif row < header.body + 3 and header.rows and _explains(cells, filled, text, number):
            reasons[row] = UNDER_HEADING
        elif row < header.body + 3 and filled[0] in (number, numbers[0]) and filled[0] != text and _is(
                "example", key(cells[filled[0]])):
            reasons[row] = EXAMPLE
        elif row not in unread and filled[0] != text and len(filled) == 1 and (_is("section", key(cells[filled[0]])) or _spans_table(grid, row, filled[0], text)):
            reasons[row] = SECTION
    below = _table_below(grid, header.body, numbers, text, number)
    reasons |= {row: BELOW for row in range(below, len(grid.rows)) if row not in reasons}
    doubtful: list[int] = []
    for row in range(len(grid.rows) - 1, header.body - 1, -1):
        if row in reasons:
            continue
        cells = grid.rows[row]
        filled = [c for c in numbers if not is_blank(cells[c])]
        if text in filled:
            if len(numbers) > 1 and filled == [text] and (
                    _is("note", key(cells[text])) or _is("count", key(cells[text]))):
                doubtful.append(row)
                continue
            break
        if row in unread or not _is_note(grid, row, filled, number):
            break
        reasons[row] = NOTE
    kept = [row for row in range(header.body, len(grid.rows)) if row not in reasons]
    alone = [row for row in kept if all(is_blank(grid.rows[row][c]) for c in numbers if c != text)]
    subtitles = [row for row in alone if row not in doubtful and _is("subtitle", key(grid.rows[row][text]))]
    after = [(row, OTHER_TABLE) for row in range(len(grid.rows), len(grid.rows) + grid.after)]
    return Rows(kept, sorted(reasons.items()) + after, sorted(doubtful), subtitles)


def _is_total(cells: list[str], filled: list[int], text: int, number: int | None) -> bool:
    """A total has a total word first, no id of its own, and no words in the text column.

    Under the ids may stand how many there are: 「小計｜2｜」.
    """
    if text in filled and not _is("count", key(cells[text])):
        return False
    labels = [c for c in filled if c != text]
    if not labels or not _is("total", key(cells[labels[0]])):
        return False
    if number is None or is_blank(cells[number]) or number == labels[0]:
        return True
    return labels[0] < number and is_number(cells[number]) and _is("total", key(cells[labels[0]]), "2")


def _table_below(grid: Grid, body: int, numbers: list[int], text: int, number: int | None) -> int:
    """Return the first row of a table of its own (codes and their words) under the answers, or the number of rows.

    It stands behind a blank row, begins with headings and has nothing in the text column down to the end.
    """
    last = max((row for row in range(body, len(grid.rows)) if not is_blank(grid.rows[row][text]) or (row, text) in grid.formulas),
               default=len(grid.rows))
    for row in range(last + 2, len(grid.rows) - 1):
        filled = [grid.rows[row][c] for c in numbers if not is_blank(grid.rows[row][c])]
        before = all(is_blank(grid.rows[row - 1][c]) for c in numbers)
        if not before or len(filled) < 2 or any(is_number(cell) for cell in filled):
            continue
        if 2 * sum(bool(heading_weights(key(cell))) for cell in filled) >= len(filled):
            return row
    return len(grid.rows)


def _explains(cells: list[str], filled: list[int], text: int, number: int | None) -> bool:
    """Tell a row that explains the headings: 1, 2, 3 …; SA, MA, FA; NO, F1, Q2FA; or 「1:男 2:女」 without an answer."""
    values = [key(cells[c]) for c in filled]
    if len(filled) >= 3 and all(_is("number", value) for value in values):
        figures = [int(re.sub(r"\D", "", value)[:9]) for value in values]
        return text in filled and all(b - a == 1 for a, b in zip(figures, figures[1:], strict=False)) and figures[0] <= 1
    if len(filled) >= 3 and text in filled and all(_is("question_code", value) for value in values):
        return True
    if len(filled) >= 2 and all(_is("format", value) for value in values):
        return any(not _is("format", value, "2") for value in values)  # その他 alone is what a respondent ticked
    blank_answer = text not in filled and number not in filled
    return blank_answer and any(_is("codes", value) for value in values)


def _spans_table(grid: Grid, row: int, first: int, text: int) -> bool:
    """Tell whether the only cell of a row is merged over the text column (北地区 over its answers)."""
    return any(merge.top <= row <= merge.bottom and merge.left == first and merge.right >= text > first for merge in grid.merges)


def _is_note(grid: Grid, row: int, filled: list[int], number: int | None) -> bool:
    """Tell a note under the table from a respondent who ticked one answer and wrote nothing."""
    cells = grid.rows[row]
    if number is not None and number in filled and filled != [number]:
        return False
    if _is("note", key(cells[filled[0]])):
        return True
    if len(filled) != 1 or len(cells[filled[0]]) < 12 or _HIRAGANA.search(cells[filled[0]]) is None:
        return False
    again = any(other[filled[0]] == cells[filled[0]] for at, other in enumerate(grid.rows) if at != row)
    return not again and not _is("answer", key(cells[filled[0]]))
