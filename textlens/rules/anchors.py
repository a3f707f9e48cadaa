"""Which fixed strings must a regular expression contain? They let thousands of rules run in one pass.

A rule such as ``(?:直|なお)して(?:ほ|欲)しい`` can only match where one of ``直して`` or ``なおして``
stands. One Aho–Corasick pass finds all such strings of all rules; the regular expression itself is
then tried only at those places.
"""

from __future__ import annotations

import math
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from functools import cache
from typing import Any, NamedTuple

_MAX_VARIANTS = 768
_MAX_WINDOW = 40
_EVERYWHERE, _OFTEN = set("いがの、て。しるたでなにっとかも"), set("はりくらあすまをきれーおやンこよう")
"""Characters of which a thousand hold 15 to 40, and 4 to 15 (counted in the two development corpora of NOTICE)."""


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
    """Best anchors of a sequence of items: the run of items with few enough variants that meets the text least often."""
    best: list[Anchor] | None = None
    low = high = 0
    run: list[str] = [""]
    run_low, run_high = 0, 0
    for item in [*items, None]:
        ahead = _ahead(item)
        if ahead is not None and len(ahead) * len(run) <= _MAX_VARIANTS:
            best = _better(best, [Anchor(a + b, run_low, run_high) for a in run for b in ahead])
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
    new = _without_longer(new)
    new = [a if a.high <= _MAX_WINDOW else Anchor(a.text, -1, -1) for a in new]
    if old is None or _score(new) > _score(old):
        return new
    return old


def _without_longer(anchors: list[Anchor]) -> list[Anchor]:
    """Leave out a string that begins with another one standing at the same place."""
    shortest = min(len(a.text) for a in anchors)
    if shortest == max(len(a.text) for a in anchors):
        return anchors
    known: dict[tuple[int, int], set[str]] = {}
    for text, low, high in anchors:
        known.setdefault((low, high), set()).add(text)
    return [
        a for a in anchors
        if not any(a.text[:n] in known[a.low, a.high] for n in range(shortest, len(a.text)))
    ]  # fmt: skip


def _score(anchors: list[Anchor]) -> float:
    """How good anchors are: the less often they meet a text, and the narrower the place they point to, the better."""
    window = max(a.high - a.low if a.low >= 0 else _MAX_WINDOW for a in anchors)
    return -sum(_per_thousand(a.text) for a in anchors) * (1 + window / 4) - len(anchors) / 1000


@cache
def _per_thousand(text: str) -> float:
    """About how often a string stands in a thousand characters, as if characters came three times as often together."""
    often = [25.0 if c in _EVERYWHERE else 7.0 if c in _OFTEN else 2.0 if "ぁ" <= c <= "ん" else 0.7 for c in text]
    return often[0] * math.prod(0.003 * value for value in often[1:])


def _ahead(item: Any) -> list[str] | None:
    """The strings one of which must follow at ``(?=…)``; the end of the text counts as a line break."""
    if item is None or item[0] is not op.ASSERT or item[1][0] < 0:
        return None
    return _joined(list(item[1][1]), end="\n")


def _variants(item: Any, end: str = "") -> list[str] | None:
    """All strings an item can be, if they are few; zero-width items are the empty string, ``$`` is ``end``."""
    code, value = item
    if end and code is op.AT and value is op.AT_END:
        return [end]
    if code is op.LITERAL:
        return [chr(value)]
    if code in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return [""]
    if code is op.IN:
        return _class(value)
    if code is op.SUBPATTERN:
        return _joined(list(value[3]), end)
    if code is op.BRANCH:
        found: list[str] = []
        for branch in value[1]:
            part = _joined(list(branch), end)
            if part is None:
                return None
            found += part
        return found if len(found) <= _MAX_VARIANTS else None
    if code is op.MAX_REPEAT or code is op.MIN_REPEAT:
        least, most, body = value
        if most == 1:
            part = _joined(list(body), end)
            if part is not None:
                return part if least == 1 else ["", *part]
    return None


def _joined(items: list[Any], end: str = "") -> list[str] | None:
    run = [""]
    for item in items:
        part = _variants(item, end)
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
