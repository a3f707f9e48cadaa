"""Numbers that lead to a person: phones, mail, post codes, 個人番号, plates, accounts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from textlens.errors import DictionaryError
from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.validators import VALIDATORS
from textlens.resources import dictionary_path

_KANJI_DIGITS = "〇一二三四五六七八九"
GATE = re.compile(
    rf"[\d@hI〇](?:(?<=\d)[-\d() A-Zぁ-んー・.\n]{{2,}}\d|(?<=@)[A-Za-z0-9]|(?<=h)ttps?://|(?<=I)D[は: ]|(?<=〇)[{_KANJI_DIGITS}ー・ -]{{9}})"
)
_LONG_VOWEL = re.compile(r"(?<=\d)ー(?=\n?\d)")
"""A long vowel mark between figures is typed for a hyphen: both are one key in Japanese input."""
_BROKEN = re.compile(r"(?<=\d-)\n(?=\d)")
_IN_KANJI = re.compile(rf"(?<![{_KANJI_DIGITS}])〇(?:[-ー・ ]?[{_KANJI_DIGITS}]){{9,10}}(?![{_KANJI_DIGITS}])")
_FIGURES = str.maketrans(_KANJI_DIGITS + "ー・", "0123456789--")
_NEAR = 24


@dataclass(frozen=True, slots=True)
class NumberKind:
    """One row of ``numbers.toml``."""

    id: str
    type: str
    pattern: re.Pattern[str]
    score: float
    context: tuple[str, ...]
    refuse: tuple[str, ...]
    needs_context: bool
    validator: str


def load_numbers() -> tuple[NumberKind, ...]:
    """Load ``personal/numbers.toml``.

    Raises
    ------
    DictionaryError
        A row names a check that does not exist, or its pattern is no regular expression.
    """
    path = dictionary_path("personal/numbers.toml")
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, _stamp: int) -> tuple[NumberKind, ...]:
    kinds = []
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["number"]:
        validator = row.get("validator", "")
        if validator and validator not in VALIDATORS:
            raise DictionaryError(f"{path.name} (id {row['id']}): validator {validator} はありません。{'・'.join(VALIDATORS)} のどれかにしてください。")
        try:
            pattern = re.compile(row["pattern"])
        except re.error as error:
            raise DictionaryError(f"{path.name} (id {row['id']}): 正規表現が正しくありません（{error}）。") from None
        kinds.append(NumberKind(row["id"], row["type"], pattern, float(row["score"]), tuple(row.get("context", ())),
                                tuple(row.get("refuse", ())), row.get("needs") == "context", validator))  # fmt: skip
    return tuple(kinds)


def in_figures(text: str) -> str:
    """Return the text as long as before, with its numbers in figures and hyphens (〇九〇ー一二三四, 090ー1234, a line broken inside).

    Examples
    --------
    >>> in_figures("〇九〇-一二三四-五六七八、090ー1234-\\n5678、サーバー2台")
    '090-1234-5678、090-1234- 5678、サーバー2台'
    """
    if "ー" in text:
        text = _LONG_VOWEL.sub("-", text)
    if "-\n" in text:
        text = _BROKEN.sub(" ", text)
    return _IN_KANJI.sub(lambda number: number[0].translate(_FIGURES), text) if "〇" in text else text


def find_numbers(text: str) -> list[Mark]:
    """Find every kind of number in one normalised text.

    Examples
    --------
    >>> [(m.kind, m.rule) for m in find_numbers("電話は0537-00-1234、メールは a.b@example.jp です")]
    [('phone', 'num-phone'), ('email', 'num-email')]
    >>> find_numbers("2024-10-15に100円で3回、国道1号で")
    []

    Notes
    -----
    Misses: numbers in words; numbers in kanji that are no whole phone number; a phone number without its area code
    and without 電話.
    """
    text = in_figures(text)
    marks = []
    for kind in load_numbers():
        for match in kind.pattern.finditer(text):
            start, end = match.span("v") if "v" in kind.pattern.groupindex and match["v"] else match.span()
            near = text[max(0, start - _NEAR) : start] + text[end : end + 6]
            has_context = any(word in near for word in kind.context)
            score = kind.score
            if kind.needs_context and not has_context or any(word in near for word in kind.refuse):
                continue
            if kind.validator:
                verdict = VALIDATORS[kind.validator](text[start:end])
                bare = text[start:end].isdecimal()
                if verdict is False or (verdict is None and bare and not has_context):
                    continue
                if verdict is None and not has_context:
                    score -= 0.15
            while start < end and text[start] == " ":
                start += 1
            marks.append(Mark(start, end, kind.type, "", kind.id, score))
    return drop_overlaps(marks)
