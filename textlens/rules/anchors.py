"""Which fixed strings must a regular expression contain? They let thousands of rules run in one pass.

A rule such as ``(?:直|なお)して(?:ほ|欲)しい`` can only match where one of ``直して`` or ``なおして``
stands. One Aho–Corasick pass finds all such strings of all rules; the regular expression itself is
then tried only at those places.
"""

from __future__ import annotations

import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from typing import Any, NamedTuple

_MAX_VARIANTS = 96
_MAX_WINDOW = 40


class Anchor(NamedTuple):
    """A string every match contains, beginning ``low`` to ``high`` characters after the match's start.

    ``low = -1``: it may stand anywhere, so the expression is tried on the whole text.
    """

    text: str
    low: int
    high: int


def find_anchors(pattern: str) -> list[Anchor] | None:
    """Return strings of which every match of ``pattern`` holds at least one; ``None`` if there are none.

    Examples
    --------
    >>> [a.text for a in find_anchors("(?:直|なお)して(?:ほ|欲)しい")]
    ['なおしてほしい', 'なおして欲しい', '直してほしい', '直して欲しい']
    >>> find_anchors(".{3}") is None
    True
    """
    found = _sequence(list(parser.parse(pattern)))
    return None if found is None else sorted(set(found))


def _sequence(items: list[Any]) -> list[Anchor] | None:
    """Best anchors of a sequence of items: the longest run of items with few enough variants."""
    best: list[Anchor] | None = None
    low = high = 0
    run: list[str] = [""]
    run_low, run_high = 0, 0
    for item in [*items, None]:
        variants = _variants(item) if item is not None else None
        if variants is not None and len(variants) * len(run) <= _MAX_VARIANTS:
            run = [a + b for a in run for b in variants]
        else:
            best = _better(best, [Anchor(text, run_low, run_high) for text in run])
            if item is None:
                break
            inner = _inside(item)
            if inner is not None:
                best = _better(best, [Anchor(a.text, a.low + low, a.high + high) if a.low >= 0 else a for a in inner])
            run = [""]
            if variants is not None and len(variants) <= _MAX_VARIANTS:
                run = variants
                width = _width(item)
                run_low, run_high = low, high
                low, high = low + width[0], high + width[1]
                continue
            width = _width(item)
            low, high = low + width[0], high + width[1]
            run_low, run_high = low, high
            continue
        width = _width(item)
        low, high = low + width[0], high + width[1]
    return best


def _better(old: list[Anchor] | None, new: list[Anchor]) -> list[Anchor] | None:
    new = [a for a in new if a.text] if all(a.text for a in new) else []
    if not new:
        return old
    new = [a if a.high <= _MAX_WINDOW else Anchor(a.text, -1, -1) for a in new]
    if old is None or _score(new) > _score(old):
        return new
    return old


def _score(anchors: list[Anchor]) -> tuple[float, int]:
    """How good anchors are: long and rare strings at one place beat short ones, and ones that may float.

    A lone hiragana stands in every sentence; each six places an anchor may float cost as much as a character.
    """
    window = max(a.high - a.low if a.low >= 0 else _MAX_WINDOW for a in anchors)
    length = min(0.3 if len(a.text) == 1 and "ぁ" <= a.text <= "ん" else min(len(a.text), 3) for a in anchors)
    return (length - min(window, 12) / 6, -len(anchors))


def _variants(item: Any) -> list[str] | None:
    """All strings an item can be, if they are few; zero-width items are the empty string."""
    code, value = item
    if code is op.LITERAL:
        return [chr(value)]
    if code in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return [""]
    if code is op.IN:
        return _class(value)
    if code is op.SUBPATTERN:
        return _joined(list(value[3]))
    if code is op.BRANCH:
        found: list[str] = []
        for branch in value[1]:
            part = _joined(list(branch))
            if part is None:
                return None
            found += part
        return found if len(found) <= _MAX_VARIANTS else None
    if code is op.MAX_REPEAT or code is op.MIN_REPEAT:
        least, most, body = value
        if most == 1:
            part = _joined(list(body))
            if part is not None:
                return part if least == 1 else ["", *part]
    return None


def _joined(items: list[Any]) -> list[str] | None:
    run = [""]
    for item in items:
        part = _variants(item)
        if part is None or len(part) * len(run) > _MAX_VARIANTS:
            return None
        run = [a + b for a in run for b in part]
    return run


def _class(members: list[Any]) -> list[str] | None:
    found: list[str] = []
    for code, value in members:
        if code is op.LITERAL:
            found.append(chr(value))
        elif code is op.RANGE and value[1] - value[0] < 16:
            found += [chr(c) for c in range(value[0], value[1] + 1)]
        else:
            return None
    return found if len(found) <= 32 else None


def _inside(item: Any) -> list[Anchor] | None:
    """Anchors inside an item that is not itself a short list of strings."""
    code, value = item
    if code is op.SUBPATTERN:
        return _sequence(list(value[3]))
    if code is op.BRANCH:
        found: list[Anchor] = []
        for branch in value[1]:
            part = _sequence(list(branch))
            if part is None:
                return None
            found += part
        return found
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] >= 1:
        return _sequence(list(value[2]))
    return None


def _width(item: Any) -> tuple[int, int]:
    low, high = parser.SubPattern(parser.State(), [item]).getwidth()
    return int(low), int(min(high, 10_000))
