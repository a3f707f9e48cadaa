"""Words that say what a heading or a row is, read from ``dictionaries/tables/*.tsv``."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from textlens.errors import DictionaryError
from textlens.resources import dictionary_path

_SPACES = re.compile(r"\s+")


def key(shown: str) -> str:
    """Return the form in which headings are compared: NFKC, no white space, lower case.

    Examples
    --------
    >>> key("年　代"), key("Ｎｏ．"), key("自由\\n記述")
    ('年代', 'no.', '自由記述')
    """
    return _SPACES.sub("", unicodedata.normalize("NFKC", shown)).lower()


class Word(NamedTuple):
    """One dictionary row: a pattern, the label it gives, and its weight or canonical value."""

    id: str
    pattern: re.Pattern[str]
    label: str
    value: str
    example: str
    counterexample: str

    def hits(self, compared: str) -> bool:
        """Tell whether the row matches a heading or value that went through :func:`key`."""
        return self.pattern.search(compared) is not None


def _compile(term: str, match: str) -> re.Pattern[str]:
    if match == "part":
        return re.compile(re.escape(term))
    if match == "full":
        return re.compile(rf"\A(?:{term})\Z")
    return re.compile(term)


@lru_cache(maxsize=8)
def words(name: str) -> tuple[Word, ...]:
    """Read ``dictionaries/tables/<name>.tsv``.

    Raises
    ------
    DictionaryError
        A row is broken; the message names file, line and row id.
    """
    path = dictionary_path(f"tables/{name}.tsv")
    found: list[Word] = []
    with path.open(encoding="utf-8", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            try:
                value = row["value"] if "value" in row else row["weight"]
                found.append(Word(row["id"], _compile(row["term"], row["match"]), row["label"], value,
                                  row["example"], row["counterexample"]))
            except (KeyError, TypeError, re.error) as error:
                raise DictionaryError(f"辞書 tables/{name}.tsv の {line} 行目が読めません（{error}）。") from error
    return tuple(found)


def is_written(heading: str) -> bool:
    """Tell whether a heading asks for an answer in one's own words (rows ``written`` of ``tables/group_columns.tsv``).

    Examples
    --------
    >>> [is_written(h) for h in ("問30 その他ご意見", "転入の理由", "自由記述欄", "意見の種別", "転入の理由（○は1つ）")]
    [True, True, True, False, False]
    """
    compared = key(heading)
    return any(word.label == "written" and word.hits(compared) for word in words("group_columns"))


@lru_cache(maxsize=4096)
def heading_weights(compared: str) -> dict[str, float]:
    """Return, for a heading that went through :func:`key`, the strongest weight of each label.

    Examples
    --------
    >>> heading_weights("整理番号")
    {'id': 4.0}
    >>> sorted(heading_weights(key("問15　ご意見・ご要望をご自由にお書きください")))
    ['text']
    """
    weights: dict[str, float] = {}
    for word in words("headings"):
        if word.hits(compared):
            weight = float(word.value)
            if abs(weight) >= abs(weights.get(word.label, 0.0)):
                weights[word.label] = weight
    return weights
