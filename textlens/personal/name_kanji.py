"""How much a string of kanji looks like a surname or a given name, by the characters it begins and ends with.

``dictionaries/personal/name_kanji.tsv`` holds, for each kanji, ten times the logarithm of how many times more often it
begins (ends) a surname (given name) of UniDic than a common noun of UniDic, and whether it is a surname (given name)
alone; ``benchmarks/personal.py --name-kanji`` counts it. So 雄 ends given names (数雄, 和雄), 沢 ends surnames, 会 neither.
"""

from __future__ import annotations

from typing import NamedTuple

from textlens.resources import made_from
from textlens.rules import read_table

NAME_KANJI = "personal/name_kanji.tsv"
_ALONE, _NOT_ALONE = 25, -10
"""Looks of a single character that is a name alone (林, 勇), and of one that is not."""


class Kanji(NamedTuple):
    """One row of the table."""

    surname_first: int
    surname_last: int
    given_first: int
    given_last: int
    alone: str


class Look(NamedTuple):
    """How a run looks: as a surname, as a given name, and as both one after the other (the worse of the two parts)."""

    surname: int
    given: int
    whole: int


_UNKNOWN = Kanji(-15, -15, -15, -15, "")


class NameKanji:
    """The table, and what was asked of it before.

    Examples
    --------
    >>> kanji = name_kanji()
    >>> kanji.given("数雄") > 20 > kanji.given("会場")
    True
    >>> kanji.surname("柴山") > 20 > kanji.surname("当日")
    True
    """

    def __init__(self, table: dict[str, Kanji]) -> None:
        self.table = table
        self._looks: dict[str, Look] = {}

    def surname(self, word: str) -> int:
        """Return how much a word looks like a surname: names mostly 7 to 70, common nouns −60 to 5."""
        first, last = self.table.get(word[0], _UNKNOWN), self.table.get(word[-1], _UNKNOWN)
        if len(word) == 1:
            return _ALONE if "姓" in first.alone else _NOT_ALONE
        return first.surname_first + last.surname_last

    def given(self, word: str) -> int:
        """Return how much a word looks like a given name."""
        first, last = self.table.get(word[0], _UNKNOWN), self.table.get(word[-1], _UNKNOWN)
        if len(word) == 1:
            return _ALONE if "名" in first.alone else _NOT_ALONE
        return first.given_first + last.given_last

    def look(self, run: str) -> Look:
        """Return how a run of kanji looks; surname and given name of a whole name have one to three characters each."""
        found = self._looks.get(run)
        if found is None:
            parts = range(max(1, len(run) - 3), min(4, len(run)))
            whole = max((min(self.surname(run[:k]), self.given(run[k:])) for k in parts), default=-99)
            found = self._looks[run] = Look(self.surname(run), self.given(run), whole)
        return found


@made_from(NAME_KANJI)
def name_kanji() -> NameKanji:
    """Return the table that is in use."""
    return NameKanji({
        row["kanji"]: Kanji(int(row["surname_first"]), int(row["surname_last"]), int(row["given_first"]), int(row["given_last"]), row["alone"])
        for row in read_table(NAME_KANJI)
    })
