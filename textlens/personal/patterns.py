"""The patterns of ``dictionaries/personal/patterns.tsv``: what stands before or behind a name, a fact, an age.

``<name>`` inside a pattern stands for the row of that id (``<kin>``, ``<digits>`` …). An office may replace a row in
its own dictionary folder; the file is read once for each such folder.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from textlens.errors import DictionaryError
from textlens.resources import made_from
from textlens.rules import read_table

PATTERNS = "personal/patterns.tsv"
_PART = re.compile(r"(?<!P)<([a-z-]+)>")
_SEVERAL = re.compile(r"(?<=\|)\[([一-龥]+)\]([一-龥]+)(?=\|)")


class Pattern(NamedTuple):
    """One row: the compiled pattern, and what a match says where the row says it."""

    id: str
    group: str
    regex: re.Pattern[str]
    subject: str
    score: float
    example: str
    counterexample: str


def pattern(name: str) -> re.Pattern[str]:
    """Return the compiled pattern of a row.

    Raises
    ------
    DictionaryError
        A row cannot be compiled, or refers to one that is not there.
    KeyError
        No row has that id (a mistake in this package).
    """
    return _patterns()[name].regex


def pattern_group(*groups: str) -> tuple[Pattern, ...]:
    """Return the rows of the groups, in the order of the file (it decides where two of them match)."""
    return tuple(row for row in _patterns().values() if row.group in groups)


@made_from(PATTERNS)
def _patterns() -> dict[str, Pattern]:
    rows = read_table(PATTERNS)
    parts = {row["id"]: row["pattern"] for row in rows}
    found = {}
    for row in rows:
        try:
            regex = re.compile(_spell_out(_PART.sub(lambda match: parts[match[1]], row["pattern"])))
        except (re.error, KeyError) as error:
            raise DictionaryError(f"{PATTERNS}: {row['id']} の pattern が正しくありません（{error}）。") from None
        found[row["id"]] = Pattern(row["id"], row["group"], regex, row["subject"], float(row["score"] or 0), row["example"], row["counterexample"])
    return found


def _spell_out(pattern: str) -> str:
    """Write ``|[長次]男|`` as ``|長男|次男|``: where all words begin with one character, ``re`` skips ahead to it.

    Examples
    --------
    >>> _spell_out("(?:父|[長次]男|母)は")
    '(?:父|長男|次男|母)は'
    """
    return _SEVERAL.sub(lambda words: "|".join(first + words[2] for first in words[1]), pattern)
