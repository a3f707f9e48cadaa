"""What the recognisers hand to one another: marks on the normalised copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from textlens.resources import Stamp, table_stamp
from textlens.rules import read_table

FACTS = frozenset({"health", "disability", "family_circumstance", "crime", "beliefs"})
"""Types that tell something private about a person."""
MENTION = "third_party"
"""Kind of a word that speaks of somebody of whom nothing is told that would have to be masked."""
RARE_KANJI = "龦-鿿㐀-䶿﨎-﨩\U00020000-\U0003ffff"
"""Kanji outside the common block (for a set of ``re``): they stand in names and hardly anywhere else."""
KANJI = re.compile(rf"[一-龥々〆ヶケ{RARE_KANJI}]+")


class Mark(NamedTuple):
    """One place in one text.

    ``start`` and ``end`` are offsets in the normalised copy; ``kind`` is a type of
    ``schema.PERSONAL_TYPES`` or, for context, a label of ``people.tsv``; ``subject`` is ``""`` where
    the recogniser cannot tell.
    """

    start: int
    end: int
    kind: str
    subject: str
    rule: str
    score: float


def word_set(relative: str, *kinds: str) -> frozenset[str]:
    """Return the ``term`` column of a flat table, all kinds or the ones named."""
    return _word_set(relative, kinds, table_stamp(relative))


@lru_cache(maxsize=64)
def _word_set(relative: str, kinds: tuple[str, ...], _stamp: Stamp) -> frozenset[str]:
    return frozenset(row["term"] for row in read_table(relative) if not kinds or row["kind"] in kinds)


def drop_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    """Keep the best of overlapping marks: higher score first, then longer, then earlier; in text order.

    Examples
    --------
    >>> a, b = Mark(0, 2, "role", "", "r", 0.5), Mark(1, 4, "role", "", "r", 0.9)
    >>> drop_overlaps([a, b]) == [b]
    True
    """
    marks = list(marks)
    if len(marks) < 2:
        return marks
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (-m.score, m.start - m.end, m.start, m.kind, m.rule)):
        if all(mark.end <= other.start or mark.start >= other.end for other in kept):
            kept.append(mark)
    return sorted(kept)
