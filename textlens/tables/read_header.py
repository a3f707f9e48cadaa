"""Where the headings of a sheet are, under title rows, in one, two or three rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from textlens.tables.read_words import heading_weights, key, words
from textlens.tables.sheet_grid import Grid, Merge, column_letter, is_blank, is_date, is_number

SEARCHED_ROWS = 60
TITLE_ROWS = 5
"""Rows of one cell that may stand over a heading of one cell."""
_SAMPLED_ROWS = 2000
_SENTENCE = re.compile(r"。.|[。！!]$")
_QUESTION = re.compile(r"^(問|設問|質問|q)[0-9]", re.IGNORECASE)
_ASKING = re.compile(r"(ください|下さい|ですか|ますか|か)[。？?]?\s*([(（【［\[].*[)）】］\]])?$|[(（].{0,20}[)）]$")
_SAYS = re.compile(r"(です|でした|ました|ません|(?<!し)(?<!願い)ます|たい|ない|しい|[思言]う|[っいしん]た|(?<![願払扱違使集憩救習洗問会誓])(?<=[一-鿿])い|が(ある|いる)|する|なる|(?<!につい)(?<!関し)(?<!対し)(?<!とっ)て)$")
"""How a comment without 。 ends, and a heading does not (ご意見をお願いします, お支払い are headings)."""
_WORDY = re.compile(r"[ぁ-ヿ一-鿿]|[A-Za-z]{2}")


@dataclass(frozen=True)
class Column:
    """One column: number (0-based), the name it gets, and its whole heading from all heading rows."""

    number: int
    name: str
    heading: str


@dataclass(frozen=True)
class Header:
    """Heading rows (0-based), the first data row, and the columns."""

    rows: tuple[int, ...]
    body: int
    columns: tuple[Column, ...]
    renamed: tuple[str, ...] = ()


def _is_value(compared: str) -> bool:
    return any(word.hits(compared) for word in words("attribute_values"))


def _looks_heading(compared: str) -> bool:
    return bool(heading_weights(compared)) or _QUESTION.match(compared) is not None


def _asks(cell: str, compared: str) -> bool:
    """Tell the wording of a question in a questionnaire from a citizen who asks something."""
    if not _ASKING.search(cell.strip()):
        return False
    return heading_weights(compared).get("text", 0.0) >= 3 or _QUESTION.match(compared) is not None or "あなた" in compared


def _says(cell: str, compared: str) -> bool:
    """Tell a cell that says something (市への要望です) from one that names something."""
    return _SAYS.search(cell.strip()) is not None and not _asks(cell, compared) and not _is_form(cell, compared)


def is_sentence(heading: str) -> bool:
    """Tell a heading that reads like a comment, so that messages do not quote it.

    Examples
    --------
    >>> is_sentence("道が暗い。直して。"), is_sentence("ご自由にお書きください。")
    (True, False)
    """
    return _SENTENCE.search(heading) is not None and not _asks(heading, key(heading))


def is_form(heading: str) -> bool:
    """Tell a heading that is the wording of a web form; messages may show it.

    Examples
    --------
    >>> is_form("お住まいの地区を教えてください。"), is_form("道を直してください。")
    (True, False)
    """
    return _is_form(heading, key(heading))


def _is_form(cell: str, compared: str) -> bool:
    """Tell the wording of a web form (「地区を教えてください。」), which beside a plain heading is a heading too."""
    return any(word.hits(compared) for word in words("rows") if word.label == "form") and (_looks_heading(compared) or "あなた" in compared)


def names_columns(cells: Sequence[str]) -> bool:
    """Tell by its words alone a row of headings that stands lower on a sheet.

    Examples
    --------
    >>> names_columns(["番号", "年代", "公園へのご意見"]), names_columns(["要望", "道が暗い"]), names_columns(["1", "ご意見"])
    (True, False, False)
    """
    if len(cells) < 2 or any(is_number(cell) or is_date(cell) or is_sentence(cell) for cell in cells):
        return False
    labels = [heading_weights(key(cell)) if len(cell) <= 60 and not _says(cell, key(cell)) else {} for cell in cells]
    named = [found for found in labels if found and "title" not in found]
    return 2 * len(named) >= len(cells) and (len(named) >= 2 or any("id" in found for found in named))


def _plain_heading(cell: str) -> bool:
    compared = key(cell)
    return (len(cell) <= 20 and not is_sentence(cell) and _looks_heading(compared) and "title" not in heading_weights(compared)
            and not _says(cell, compared) and not _is_value(compared) and not is_number(cell))


def _vote(cell: str, others: int, wanted: tuple[str, ...], beside: bool = False) -> float:
    """Return how much a cell looks like a heading (> 0) or like data (< 0).

    ``others`` counts the same value elsewhere in the column, in rows that are not the same as a whole
    (headings printed again on each page are); ``beside`` tells that the row holds a plain heading or other questions.
    """
    compared = key(cell)
    said = _says(cell, compared)
    if compared in wanted or (not said and not is_sentence(cell) and any(word in compared for word in wanted)):
        return 6.0
    if beside and not others and _is_form(cell, compared):
        return 3.0
    if is_sentence(cell) or (len(cell) > 60 and not _asks(cell, compared)):
        return -3.0
    if _is_value(compared):  # over a column of 0 and 1, or of texts, その他 and 20代 are headings
        return 1.0 if beside and not others else -4.0
    if is_date(cell) or "title" in heading_weights(compared):
        return -2.0
    if is_number(cell):
        return -1.0
    if _looks_heading(compared) and not said:
        return -1.0 if others else 3.0
    return -2.0 if others else 1.0


class _Votes:
    """Votes of the first rows, and where merged cells lie among them."""

    def __init__(self, grid: Grid, wanted: tuple[str, ...]) -> None:
        self.grid = grid
        self.wanted = wanted
        limit = min(len(grid.rows), grid.start + SEARCHED_ROWS)
        body = grid.rows[:grid.start + _SAMPLED_ROWS]
        columns = [Counter(row[c] for row in body if not is_blank(row[c])) for c in range(grid.width)]
        self.used = [c for c, column in enumerate(columns) if column]
        self.last = {c: max(r for r, row in enumerate(body) if not is_blank(row[c])) for c in self.used}
        same = Counter(map(tuple, body))
        self.prose = {c for c in self.used if 2 * sum(_says(cell, key(cell)) or is_sentence(cell) for cell in columns[c]) >= len(columns[c])}
        self.cells: list[dict[int, float]] = []
        for row in grid.rows[:limit]:
            once = [row[c] for c in self.used if not is_blank(row[c]) and columns[c][row[c]] == same[tuple(row)]]
            beside = any(map(_plain_heading, once)) or sum(_is_form(cell, key(cell)) for cell in once) >= 2
            self.cells.append({c: -3.0 if c in self.prose and _says(row[c], key(row[c])) else
                               _vote(row[c], columns[c][row[c]] - same[tuple(row)], wanted, beside)
                               for c in self.used if not is_blank(row[c])})
        self.merges = [merge for merge in grid.merges if merge.top < limit and merge.left < grid.width]

    def is_title(self, row: int) -> bool:
        """Tell 「回答数｜450」 above a table from headings and from data."""
        return any("title" in heading_weights(key(self.grid.rows[row][c])) for c in self.cells[row])

    def stands_alone(self, row: int) -> bool:
        """Tell whether a row of one cell can be the heading: in a list of comments many a comment holds a heading word."""
        if len(self.cells[row]) != 1:
            return True
        compared = key(self.grid.rows[row][next(iter(self.cells[row]))])
        weight = 0.0 if _says(self.grid.rows[row][next(iter(self.cells[row]))], compared) else heading_weights(compared).get("text", 0.0)
        above = sum(bool(cells) for cells in self.cells[:row])
        if compared in self.wanted:
            return True
        if not above:
            return weight >= 2 or len(self.used) > 1
        return above <= TITLE_ROWS and weight >= 4 and len(compared) <= 12

    def counts_up(self, row: int) -> bool:
        """Tell 1, 2, 3 …, the options of a question with several answers."""
        shown = [unicodedata.normalize("NFKC", self.grid.rows[row][c]).strip("()") for c in self.cells[row]]
        return len(shown) >= 2 and shown == [str(n) for n in range(1, len(shown) + 1)]

    def contrasts(self, row: int) -> bool:
        """Tell whether a column holds numbers, dates or values such as 男 below this row, and a word in it,
        or Japanese below an English word.

        Without a heading word this is the proof that the row is not the first answer.
        """
        for c in self.cells[row]:
            below = [cells[c] for cells in self.grid.rows[row + 1:self.grid.start + _SAMPLED_ROWS] if not is_blank(cells[c])]
            english = self.grid.rows[row][c].isascii()
            plain = sum(is_number(cell) or is_date(cell) or _is_value(key(cell)) or (english and not cell.isascii())
                        for cell in below)
            if below and plain >= 0.7 * len(below) and self.cells[row][c] > 0:
                return True
        return False

    def asks(self, row: int) -> bool:
        """Tell the wordings of the questions under their codes (Q1 ‖ 問1 市が好きですか。) from a first answer."""
        shown = [self.grid.rows[row][c] for c in self.cells[row]]
        if any(is_number(cell) or is_date(cell) or _is_value(key(cell)) for cell in shown):
            return False
        asked = sum(_asks(cell, key(cell)) or _is_form(cell, key(cell)) for cell in shown)
        return asked >= 2 and asked >= 0.4 * len(shown)

    def total(self, row: int) -> float:
        return sum(self.cells[row].values())

    def spans(self, row: int) -> list[Merge]:
        """Merges that start in a row and group some, but not nearly all, of the columns."""
        most = 0.8 * max(1, len(self.used))
        return [m for m in self.merges if m.top == row and m.bottom == row
                and m.right > m.left and m.right - m.left + 1 < most]

    def reaches(self, upper: int, lower: int) -> bool:
        return any(m.top <= upper and m.bottom >= lower for m in self.merges if m.top != m.bottom)

    def complements(self, row: int, lowest: int) -> bool:
        """Tell whether ``row`` has words where the rows below it, down to ``lowest``, are blank."""
        below = {c for r in range(row + 1, lowest + 1) for c in self.cells[r]}
        return any(c not in below for c in self.cells[row])


def _best_row(votes: _Votes) -> int | None:
    """Return the row with the most votes; each row above it that is as wide, or looks like data, costs two."""
    best, best_score = None, 0.0
    for row, cells in enumerate(votes.cells):
        wide_above = sum((len(above) >= 0.6 * len(cells) and len(above) > 1) or sum(above.values()) <= -2
                         for r, above in enumerate(votes.cells[:row]) if not votes.is_title(r))
        share = len(cells) / max(1, len(votes.used))
        score = votes.total(row) * (0.25 + 0.75 * share) - 2 * wide_above
        if cells and score > 0 and score >= best_score and votes.stands_alone(row):
            best, best_score = row, score
    if best is not None and max(votes.cells[best].values()) < 3 and not votes.contrasts(best):
        return None
    return best


def _heading_like(votes: _Votes, row: int) -> bool:
    cells = votes.cells[row]
    return bool(cells) and votes.total(row) > 0 and min(cells.values()) > -2


def _above(votes: _Votes, row: int, lowest: int) -> bool:
    """Tell whether a row above the headings is a heading row too, not a title."""
    cells = votes.cells[row]
    if votes.reaches(row, lowest):
        return True
    if len(cells) == 1 and not votes.spans(row):
        return False
    if votes.spans(row):
        return True
    hits = sum(vote >= 3 for vote in cells.values())
    return len(cells) >= 2 and hits >= 1 and votes.complements(row, lowest)


def _below(votes: _Votes, row: int, upper: int) -> bool:
    """Tell whether a row below the headings goes on with them (the lower row of a two-row heading)."""
    if row >= len(votes.cells):
        return False
    cells = votes.cells[row]
    if cells and (votes.reaches(upper, row) or votes.asks(row)):
        return True
    filled = votes.cells[upper]
    unnamed = [c for c in votes.used if c not in filled and votes.last[c] > row]
    if unnamed and votes.counts_up(row) and set(cells) >= set(unnamed) and len(cells) < len(filled) + len(unnamed):
        return True
    if not cells or min(cells.values()) < 0:
        return False
    if not unnamed or not all(c in cells for c in unnamed):
        return False
    if any(vote >= 3 for vote in cells.values()):
        return all(c not in filled or c + 1 in unnamed for c in cells)
    return min(cells.values()) >= 1 and any(c not in cells for c in filled)


def find_header(grid: Grid, wanted: tuple[str, ...] = ()) -> Header:
    """Find the heading rows of a sheet and name its columns.

    Parameters
    ----------
    grid : Grid
    wanted : tuple of str
        Headings the user named (any spelling); rows that hold one are preferred.

    Returns
    -------
    Header
        ``rows`` is empty where the sheet starts with data.

    Notes
    -----
    Each cell of the first 60 rows votes: heading words, unique short words for; numbers, values such
    as 男 or 60代, repeated cells, sentences against. The row with the most votes is
    a heading row; rows above join it when merged cells or blank cells below say so.

    A row without any heading word is a heading row only over a column of numbers, dates or values;
    otherwise it may be the first answer, and an answer is never taken for a heading.

    Misses: a heading row without a word of ours over texts alone is read as an answer; two tables side by side.

    Examples
    --------
    >>> grid = Grid("", [["市民の声", "", ""], ["整理番号", "年代", "ご意見"], ["001", "60代", "道が暗い。"]])
    >>> header = find_header(grid)
    >>> header.rows, header.body, [column.name for column in header.columns]
    ((1,), 2, ['整理番号', '年代', 'ご意見'])
    """
    votes = _Votes(grid, tuple(word for word in (key(item) for item in wanted) if word))
    best = _best_row(votes)
    if best is None:
        return Header((), grid.start, *_columns(grid, ()))
    top = bottom = best
    while bottom - top < 3 and _below(votes, bottom + 1, bottom):
        bottom += 1
    for upper in range(best - 1, max(best - 3, -1), -1):
        if bottom - upper > 3 or not _heading_like(votes, upper):
            break
        if _above(votes, upper, bottom):
            top = upper
    rows = tuple(range(top, bottom + 1))
    return Header(rows, bottom + 1, *_columns(grid, rows))


def clean_heading(shown: str) -> str:
    """Return a heading as a column name: line breaks and outer white space removed.

    Examples
    --------
    >>> clean_heading("　自由\\n記述 ")
    '自由記述'
    """
    return re.sub(r"\s*[\r\n]+\s*", "", shown.strip())


def _filled(grid: Grid, rows: tuple[int, ...]) -> list[list[str]]:
    """Heading rows with merged cells filled; without merges, a group name reaches to the next one."""
    cells = [[clean_heading(cell) for cell in grid.rows[row]] for row in rows]
    merged = False
    for merge in grid.merges:
        for row in range(max(merge.top, rows[0]), min(merge.bottom, rows[-1]) + 1):
            merged = True
            source = clean_heading(grid.rows[merge.top][merge.left]) if merge.left < grid.width else ""
            for column in range(merge.left, min(merge.right + 1, grid.width)):
                cells[row - rows[0]][column] = source
    if not merged:
        for upper, names in enumerate(cells[:-1]):
            for column in range(1, grid.width):
                if not names[column] and any(lower[column] for lower in cells[upper + 1:]):
                    names[column] = names[column - 1]
    return cells


def _columns(grid: Grid, rows: tuple[int, ...]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    cells = _filled(grid, rows) if rows else []
    body = grid.rows[rows[-1] + 1 if rows else 0:]
    parts: list[list[str]] = []
    for column in range(grid.width):
        own: list[str] = []
        for row in cells:
            if row[column] and (not own or own[-1] != row[column]):
                own.append(row[column])
        parts.append(own)
    unsaved = {column for row, column in grid.formulas if not rows or row > rows[-1]}
    filled = [column in unsaved or any(not is_blank(row[column]) for row in body) for column in range(grid.width)]
    continued = _continued(grid, rows)
    kept = [c for c in range(grid.width) if filled[c] or (parts[c] and c not in continued)]
    lowest = Counter(key(parts[c][-1]) for c in kept if parts[c])
    taken: Counter[str] = Counter()
    columns: list[Column] = []
    renamed: list[str] = []
    for c in kept:
        own = parts[c]
        if not own:
            name = f"列{column_letter(c)}"
        elif len(own) > 1 and (lowest[key(own[-1])] > 1 or not _WORDY.search(own[-1])):
            name = "／".join(own)
        else:
            name = own[-1]
        taken[name] += 1
        if taken[name] > 1:
            renamed.append(name)
            while f"{name}_{taken[name]}" in taken:
                taken[name] += 1
            name = f"{name}_{taken[name]}"
            taken[name] += 1
        columns.append(Column(c, name, "／".join(own) or name))
    return tuple(columns), tuple(dict.fromkeys(renamed))


def _continued(grid: Grid, rows: tuple[int, ...]) -> set[int]:
    """Columns whose heading only continues a merged cell to their left."""
    if not rows:
        return set()
    return {c for m in grid.merges if m.top <= rows[-1] <= m.bottom for c in range(m.left + 1, min(m.right + 1, grid.width))}
