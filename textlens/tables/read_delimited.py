"""CSV, TSV and plain text → a grid, refusing files whose quotation marks would swallow rows."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from textlens.errors import InputFileError
from textlens.tables.read_words import heading_weights, key, words
from textlens.tables.sheet_grid import Grid

MAX_CELL_CHARS = 1_000_000
"""Longer cells are refused; Excel itself holds 32,767 characters in a cell."""

_CANDIDATES = (",", "\t", ";", "|")
_NONE = "\x1f"
_NAMES = {",": "カンマ", "\t": "タブ", ";": "セミコロン", "|": "縦棒", _NONE: "なし（1 行 1 件）"}
_KEPT_ZEROS = re.compile(r'="([0-9A-Za-z-]{1,40})"')
_LIMIT_LOCK = threading.Lock()
_FIX = "Excel で開いて「\"」を直し、.xlsx で保存してから渡してください。"


def delimiter_name(delimiter: str) -> str:
    """Return the Japanese name of a delimiter."""
    return _NAMES[delimiter]


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module keeps its limit for the whole process; put it back afterwards."""
    with _LIMIT_LOCK:
        before = csv.field_size_limit(MAX_CELL_CHARS)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _sample(text: str, delimiter: str, rows: int = 200) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text[:400_000], newline=""), delimiter=delimiter):
            if any(record):
                found.append(record)
            if len(found) >= rows:
                break
    except csv.Error:
        pass
    return found


def find_delimiter(text: str, *, prefer: str | None = None) -> str:
    """Return the delimiter whose rows agree best on a width of two or more.

    Examples
    --------
    >>> find_delimiter("番号\\t意見\\n1\\tよい、とても\\n")
    '\\t'
    >>> find_delimiter("道が暗い\\nバス, 電車が少ない\\n公園がほしい\\n") == _NONE
    True
    """
    best, best_score = _NONE, 0.0
    for delimiter in _CANDIDATES:
        widths = Counter(len(record) for record in _sample(text, delimiter))
        total = sum(widths.values())
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = count / total + min(width, 20) / 100 + (0.3 if delimiter == prefer else 0.0)
        if count / total >= 0.6 and score > best_score:
            best, best_score = delimiter, score
    if best != _NONE and _is_list(text, best):
        return _NONE
    return best if best != _NONE else _by_headings(text, prefer)


def _is_list(text: str, delimiter: str) -> bool:
    """Tell comments that hold a comma each, under a heading without one, from a table under its title."""
    first, second = [*(line for line in text.splitlines() if line.strip()), "", ""][:2]
    if delimiter in first or heading_weights(key(first)).get("text", 0.0) < 3:
        return False
    return not any(heading_weights(key(cell)) for cell in second.split(delimiter))


def _by_headings(text: str, prefer: str | None) -> str:
    """Rows of many widths hide the delimiter, but a row of heading words over them shows it."""
    for delimiter in sorted(_CANDIDATES, key=lambda item: item != prefer):
        records = _sample(text, delimiter)
        if sum(len(record) > 1 for record in records) < 0.6 * len(records):
            continue
        for record in records[:15]:
            named = [cell for cell in record if cell.strip()]
            labels = [heading_weights(key(cell)) if len(cell) <= 20 else {} for cell in named]
            heads = sum(map(bool, labels))
            if heads >= max(2, len(named) / 2) and any("text" in found for found in labels):
                return delimiter
    return _NONE


def _as_shown(cell: str) -> str:
    """Excel shows 001 for ``="001"``, which systems write to keep the zeros of an id."""
    found = _KEPT_ZEROS.fullmatch(cell)
    return found.group(1) if found else cell


def _mended(text: str) -> str:
    """Take away what is no cell: the end mark of DOS, and the mark before the headings of a file put behind another."""
    text = text.rstrip("\x1a")
    first = text.partition("\n")[0]
    return text.replace(f"\n\ufeff{first}", f"\n{first}") if first else text


def read_delimited(name: str, text: str) -> tuple[Grid, str]:
    """Parse delimited text.

    Returns
    -------
    tuple of Grid and str
        One row per record, which keeps its line breaks and every character; and the delimiter.

    Raises
    ------
    InputFileError
        No characters, broken quotation marks, a cell over ``MAX_CELL_CHARS``, or stray delimiters.

    Notes
    -----
    Misses: an unquoted delimiter inside a text shifts the cells after it. Where it makes the row wider
    than the others the row is reported and refused; a row that stays as wide cannot be noticed.
    """
    empty = InputFileError(f"{name} には空白と改行しかありません。元のシステムから出し直してください。")
    if not text.strip("\ufeff \t\r\n\0\u3000"):
        raise empty
    text = _mended(text)
    prefer = {"tsv": "\t", "csv": ","}.get(name.rpartition(".")[2].lower())
    delimiter = find_delimiter(text, prefer=prefer)
    records, lines = _parse(name, text, delimiter)
    while records and not any(records[-1]):
        records.pop()
    if not records:
        raise empty
    width = max(len(record) for record in records)
    _check_swallowed(name, records, lines[: len(records)], delimiter)
    notes = [] if delimiter != _NONE else ["区切り文字がないので、1 行を 1 件として読みました。"]
    notes += _check_widths(name, records, delimiter)
    rows = [[*map(_as_shown, record), *[""] * (width - len(record))] for record in records]
    return Grid("", rows, notes=notes), delimiter


def _parse(name: str, text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    if delimiter == _NONE and name.lower().endswith(".txt"):  # one line is one comment; a quotation mark is a citizen's
        return [[_unquoted(line)] if line.strip() else [] for line in text.splitlines()], list(range(1, len(text.splitlines()) + 1))
    records: list[list[str]] = []
    lines: list[int] = []
    with _long_fields():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return records, lines
            except csv.Error as error:
                if "field limit" in str(error):
                    raise InputFileError(
                        f"{name} の {line} 行目から始まるセルが {MAX_CELL_CHARS:,} 文字を超えます。"
                        f"「\"」の閉じ忘れか、文書がまるごと入っています。{_FIX}") from None
                raise InputFileError(
                    f"{name} の {line} 行目から始まる行（{len(records) + 1} 件目）で「\"」の数が合いません"
                    f"（{reader.line_num} 行目で気づきました）。本文の中の「\"」は「\"\"」と二つ書く決まりです。{_FIX}") from None
            records.append(record)
            lines.append(line)


def _unquoted(line: str) -> str:
    """Return a line without the quotation marks a system puts around all of it."""
    inner = line[1:-1]
    return inner.replace('""', '"') if len(line) > 1 and line[0] == line[-1] == '"' and '"' not in inner.replace('""', "") else line


def _check_swallowed(name: str, records: list[list[str]], lines: list[int], delimiter: str) -> None:
    """A cell whose inner lines are as wide as the table is a run of rows behind a lost quotation mark."""
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    for number, (record, line) in enumerate(zip(records, lines, strict=True), 1):
        for cell in record:
            if "\n" not in cell or delimiter not in cell:
                continue
            inner = cell.split("\n")[1:-1] or cell.split("\n")[1:]
            alike = sum(part.count(delimiter) == width - 1 for part in inner)
            if alike >= max(1, len(inner) // 2) and (len(record) != width or alike >= 2):
                raise InputFileError(
                    f"{name} の {line} 行目から始まる行（{number} 件目）のセルに、ほかの行が {alike} 行ほど飲み込まれています。"
                    f"「\"」の閉じ忘れです。{_FIX}")


def _check_widths(name: str, records: list[list[str]], delimiter: str) -> list[str]:
    """Refuse rows that are wider than the table, and tell about rows that are narrower."""
    if delimiter == _NONE:
        return []
    filled = [max((n for n, cell in enumerate(record, 1) if cell.strip()), default=0) for record in records]
    declared = Counter(len(record) for record in records if any(record))
    width = max(declared.items(), key=lambda item: (item[1], item[0]))[0]
    started = next((n for n in range(len(records)) if all(len(record) >= width for record in records[n:n + 2])), 0)
    widest = max(width, len(records[started]))  # systems leave out blank cells at the end, but not under the headings
    wide = [number for number, count in enumerate(filled, 1) if count > widest and number > started]
    if wide:
        raise InputFileError(
            f"{name} の {_places(wide)}は、ほかの行（{width} 列）より列が多く、区切り文字（{_NAMES[delimiter]}）が本文に混ざっています。"
            "その本文を「\"」で囲むか、Excel で直して .xlsx で保存してください。")
    loose = [number for number, record in enumerate(records, 1)
             if number > started + 1 and len(record) == 1 and width > 1 and _is_prose(record[0])]
    if loose:
        raise InputFileError(
            f"{name} の {_places(loose)}は、区切り文字のない文だけの行です。本文の途中の改行が「\"」で囲まれていないか、表の下の注記です。"
            "注記なら「※」で始めるか消し、本文なら Excel で直して .xlsx で保存してください。")
    narrow = [number for number, record in enumerate(records, 1)
              if number > started and any(record) and 1 < len(record) < width]
    return [f"列の数が足りない行があります（{_places(narrow)}）。列がずれていないか確かめてください。"] if narrow else []


def _is_prose(cell: str) -> bool:
    """Tell a piece of a comment from an id, a total, a section title or a marked note."""
    marked = any(word.hits(key(cell)) for word in words("rows") if word.label != "form")
    return len(cell.strip()) >= 8 and re.search("[ぁ-ん]", cell) is not None and not marked


def _places(numbers: list[int]) -> str:
    return "・".join(map(str, numbers[:5])) + " 行目" + (f"ほか {len(numbers) - 5} 行" if len(numbers) > 5 else "")
