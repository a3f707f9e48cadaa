"""One sheet as the reader sees it: shown strings and what the sheet says about them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

Cell = tuple[int, int]

_NUMBER = re.compile(r"[-+]?(\d[\d,]*(\.\d*)?|\.\d+)(e[-+]?\d+)?%?", re.IGNORECASE)
_EXPONENT = re.compile(r"\d(\.\d+)?[eE][+-]?\d+")
_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}[/-]\d{1,2}[/-]\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{1,2}"
    r"|\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


class Merge(NamedTuple):
    """A merged range, 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """Cells of one sheet, as strings, row by row from the first row of the sheet.

    ``rows`` is rectangular; a blank cell is ``""``. Row and column numbers are 0-based here and
    1-based in everything a person reads. ``formulas`` are blank cells that hold a formula without a saved value.
    Of a sheet with several tables, the grid of one begins at row ``start``, and ``after`` rows follow it.
    """

    name: str
    rows: list[list[str]]
    dates: set[Cell] = field(default_factory=set)
    cut_numbers: set[Cell] = field(default_factory=set)
    errors: set[Cell] = field(default_factory=set)
    formulas: set[Cell] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    start: int = 0
    after: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


def is_blank(shown: str) -> bool:
    """Tell whether a cell shows nothing (white space only counts as nothing)."""
    return not shown or shown.isspace()


def is_number(shown: str) -> bool:
    """Tell whether a cell shows a number, in full-width digits too.

    Examples
    --------
    >>> is_number("１２．５"), is_number("0012"), is_number("3丁目")
    (True, True, False)
    """
    return len(shown) <= 40 and _NUMBER.fullmatch(unicodedata.normalize("NFKC", shown).strip()) is not None


def is_exponent(shown: str) -> bool:
    """Tell whether a cell shows what Excel makes of a long number (``1.23457E+11``)."""
    return len(shown) <= 40 and _EXPONENT.fullmatch(shown.strip()) is not None


def is_date(shown: str) -> bool:
    """Tell whether a cell shows a bare date, such as Excel makes of ``3-1``.

    Examples
    --------
    >>> is_date("3月1日"), is_date("2026/3/1"), is_date("3月1日に参加しました")
    (True, True, False)
    """
    return len(shown) <= 20 and _DATE.fullmatch(unicodedata.normalize("NFKC", shown).strip()) is not None


def column_letter(column: int) -> str:
    """Return the letters Excel shows above a column (0-based).

    Examples
    --------
    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
