"""Columns, choices and colours of the sheets that go to the 課, from ``dictionaries/office/``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from textlens.resources import made_from
from textlens.rules import read_table

MOVED = "他課へ"
NEEDED = ("要", "不要", MOVED)
RECEIPT = "配布控え.tsv"
"""Kept by the office that hands out; without it nothing can be taken back."""
HANDED = "handed"
"""Last column of the receipt: the day of the distribution (receipts of before do not tell it)."""
RECEIPT_COLUMNS = ("file", "sheet", "id", "department", "due", "seal", *(f"was_{n}" for n in range(6)))
COLUMNS = "office/columns.tsv"
LIST_SHEET, CHOICE_SHEET = "回答票", "選択肢"


@dataclass(frozen=True)
class SheetColumn:
    """One column of a 課's sheet."""

    name: str
    heading: str
    width: float
    edit: bool
    choices: str


@made_from(COLUMNS)
def sheet_columns() -> tuple[SheetColumn, ...]:
    """Return the columns of a 課's sheet, left to right."""
    return tuple(SheetColumn(r["name"], r["heading"], float(r["width"]), r["edit"] == "yes", r["choices"]) for r in read_table(COLUMNS))


def states() -> dict[str, tuple[str, bool]]:
    """Return state → (group it is counted in, is the matter closed?)."""
    return {row["state"]: (row["group"], row["closed"] == "yes") for row in read_table("office/states.tsv")}


def seal(cells: dict[str, str]) -> str:
    """Return a short digest of the cells a 課 may not change (no text can be read from it).

    Line ends and outer spaces do not count: office programs change them on saving.
    """
    parts = [" ".join(cells.get(c.name, "").split()) for c in sheet_columns() if not c.edit and c.name != "id"]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
