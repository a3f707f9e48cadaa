"""Several tables on one sheet, each under its title (【問2 公園について】): one is read, the others are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from textlens.errors import ColumnNotFoundError, TextColumnError
from textlens.tables.read_columns import Plan, listed
from textlens.tables.read_formulas import written
from textlens.tables.read_header import Header, names_columns
from textlens.tables.read_rows import select_rows
from textlens.tables.read_words import heading_weights, key, words
from textlens.tables.reading_report import row_list
from textlens.tables.sheet_grid import Grid, is_blank, is_number

STRONG = 3.0
"""Weight of a heading that says free text: of tables with such a heading the first is read."""
AHEAD = 3
"""Rows under a title among which the headings of its table are looked for."""
_LONGEST = 80
_SHOWN = 20

Planner = Callable[[Grid, str | None], tuple[Header, Plan]]


@dataclass
class _Part:
    """A table: its first row (the title), the row behind the title, the row behind its last (0-based)."""

    first: int
    start: int
    title: str
    end: int
    joined: list[int] = field(default_factory=list)


def pick_table(grid: Grid, text: str | None, plan: Planner) -> tuple[Grid, Header, Plan]:
    """Return the table of a sheet to read, as a grid in which its rows keep their numbers.

    Tables begin at a title in brackets, or one that names a question, over a row of headings. Under other titles the
    same headings go on with the same table (a list for each 地区); under another question they do not.

    Parameters
    ----------
    grid : Grid
        A sheet.
    text : str, optional
        A heading, or words of one title: the table to read. Without it: the first table with a heading that says free
        text, or else the one whose text column is most like it.
    plan : callable
        Finds headings and columns of a grid, given what ``text=`` says.

    Raises
    ------
    ColumnNotFoundError, TextColumnError
        No table has the columns.

    Notes
    -----
    Misses: a table whose title stands in no brackets and names no question; one whose headings hold no word of ours.
    """
    parts = _parts(grid, plan)
    tables = [_cut(grid, part) if len(parts) > 1 else _told(grid, part) for part in parts]
    if len(parts) == 1:
        return tables[0], *plan(tables[0], text)
    found: list[tuple[int, Header, Plan]] = []
    failures: list[Exception] = []
    for n, table in enumerate(tables):
        try:
            found.append((n, *plan(table, text)))
        except (ColumnNotFoundError, TextColumnError) as error:
            failures.append(error)
    if not found and text and key(text):
        titled = [n for n, part in enumerate(parts) if key(text) in key(part.title)]
        found = [(n, *plan(tables[n], None)) for n in titled if len(titled) == 1]
    if not found:
        names = "、".join(_name(part) for part in parts[:_SHOWN])
        raise type(failures[0])(f"{failures[0]}このシートには表が {len(parts)} つあります: {names}。表題の言葉でも選べます（1 つの表題だけにある言葉を text= に）。")
    strong = [item for item in found if item[2].text.labels.get("text", 0.0) >= STRONG and written(tables[item[0]], *item[1:])]
    chosen, header, chosen_plan = strong[0] if strong else max(found, key=lambda item: (item[2].text.rank, -item[0]))
    others = [(part, tables[n]) for n, part in enumerate(parts) if n != chosen]
    unread = "、".join(f"{_name(part)}（{_rows(grid, part)} 行目、{_answers(table, plan)}）" for part, table in others[:_SHOWN])
    more = f" ほか {len(others) - _SHOWN} つ" if len(others) > _SHOWN else ""
    tables[chosen].notes.append(
        f"シートに表が {len(parts)} つあり、読んだのは{_name(parts[chosen])}だけです。読んでいない表: {unread}{more}。"
        "読むには text= に、その表題の言葉か本文の見出しを書いてください（コマンドでは --text）。")
    return tables[chosen], header, chosen_plan


def _name(part: _Part) -> str:
    return listed([part.title]) if part.title else f" {part.first + 1} 行目からの表"


def _rows(grid: Grid, part: _Part) -> str:
    last = max((row for row in range(part.first, part.end) if _filled(grid, row)), default=part.first)
    return row_list(list(range(part.first + 1, last + 2)))


def _answers(table: Grid, plan: Planner) -> str:
    try:
        header, found = plan(table, None)
    except ColumnNotFoundError:
        return "指定した列なし"
    except TextColumnError:
        return "自由記述らしい列なし"
    column = found.text.column.number
    return f"{sum(not is_blank(table.rows[row][column]) for row in select_rows(table, header, found).kept)} 件"


def _parts(grid: Grid, plan: Planner) -> list[_Part]:
    parts = [_Part(0, 0, "", len(grid.rows))]
    for row, headings in _starts(grid):
        now, title = parts[-1], _filled(grid, row)[0]
        if not _is_table(grid, now, row, len(_filled(grid, headings)), plan):
            now.start, now.title = row + 1, title
            continue
        names = [key(cell) for cell in grid.rows[headings]]
        first = _first(grid, headings)
        same = any(key(cells[first]) == names[first] and [key(cell) for cell in cells] == names for cells in grid.rows[now.start:row])
        again = _bare(title) == _bare(now.title)
        if same and (again or not _is("question", title)):
            now.joined += [] if again else [row]
            continue
        now.end = row
        parts.append(_Part(row, row + 1, title, len(grid.rows)))
    top = next((row for row in range(parts[0].end) if _filled(grid, row)), 0)
    if len(parts) > 1 and not parts[0].title and _is_title(_filled(grid, top)):
        parts[0].start, parts[0].title = top + 1, _filled(grid, top)[0]
    return parts


def _starts(grid: Grid) -> list[tuple[int, int]]:
    """Return the rows of titles, each with the row of headings under it."""
    found: list[tuple[int, int]] = []
    for row in range(len(grid.rows)):
        cells = _filled(grid, row)
        headings = _headings(grid, row, cells[0]) if _is_title(cells) else 0
        if headings and _first(grid, row) <= _first(grid, headings) and (not found or found[-1][1] != headings):
            found.append((row, headings))
    return found


def _is_title(cells: list[str]) -> bool:
    """Tell the cells of a title: its words, and perhaps how many answers follow (【問2】｜450件)."""
    if not 1 <= len(cells) <= 3 or len(cells[0]) > _LONGEST or not (_is("title", cells[0]) or _is("question", cells[0])):
        return False
    return all(is_number(cell) or any(word.hits(key(cell)) for word in words("rows") if word.label == "count") for cell in cells[1:])


def _headings(grid: Grid, title: int, shown: str) -> int:
    """Return the row of headings under a title, or 0."""
    for row in range(title + 1, min(title + 1 + AHEAD, len(grid.rows) - 1)):
        cells = _filled(grid, row)
        if names_columns(cells):
            return row
        if len(cells) > 1:
            return 0
        if cells and _is("question", shown) and heading_weights(key(cells[0])).get("text", 0.0) >= 3 and any(
                _filled(grid, above) == cells for above in range(title)):
            return row
    return 0


def _is_table(grid: Grid, part: _Part, end: int, columns: int, plan: Planner) -> bool:
    """Tell a table from the title rows of a sheet, which may have two cells too (実施期間｜6月)."""
    rows = [cells for row in range(part.start, end) if (cells := _filled(grid, row))]
    if any(names_columns(cells) for cells in rows[:-1]):
        return True
    try:
        header, found = plan(_cut(grid, replace(part, end=end)), None)
    except (ColumnNotFoundError, TextColumnError):
        return False
    return bool(header.rows) and found.text.filled > 0 and len(header.columns) >= min(2, columns)


def _filled(grid: Grid, row: int) -> list[str]:
    return [cell for cell in grid.rows[row] if not is_blank(cell)]


def _first(grid: Grid, row: int) -> int:
    return next((column for column, cell in enumerate(grid.rows[row]) if not is_blank(cell)), 0)


def _is(label: str, shown: str) -> bool:
    return any(word.hits(key(shown)) for word in words("table_titles") if word.label == label)


def _bare(title: str) -> str:
    """Return a title without the words that say that it goes on (続き)."""
    compared = key(title)
    for word in words("table_titles"):
        if word.label == "continued":
            compared = word.pattern.sub("", compared)
    return compared


def _told(grid: Grid, part: _Part) -> Grid:
    if not part.joined:
        return grid
    rows = row_list([row + 1 for row in part.joined])
    return replace(grid, notes=[*grid.notes, f"小見出しの下に同じ見出しの表が続くので、1 つの表として読みました（{rows} 行目から）。"
                                "小見出しの言葉は属性になりません。分けて読むには、表ごとにシートを分けてください。"])


def _cut(grid: Grid, part: _Part) -> Grid:
    """Return a grid of one table; the rows above it are blank, so that rows keep their numbers."""
    told = _told(grid, part)
    rows = [[""] * grid.width] * part.start + grid.rows[part.start:part.end]
    return replace(
        told, rows=rows, start=part.start, after=len(grid.rows) - part.end, notes=list(told.notes),
        merges=[merge for merge in grid.merges if part.start <= merge.top < part.end],
        formulas={cell for cell in grid.formulas if part.start <= cell[0] < part.end},
    )
