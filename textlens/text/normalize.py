"""A copy of the text in one writing, and the way back to the characters the citizen wrote.

Rules and the tokenizer read the copy: NFKC (half-width kana, full-width digits, ㈱ …), one dash, one
wave dash, control characters as spaces, and the usual form of the kanji that names are also written with
(髙橋, 﨑山, 𠮷田, 辻 with a variation selector), which UniDic does not know. Citations always use the original, so each copy carries a
map of offsets. NFKC changes lengths (``㈱`` 1→3, ``ｶﾞ`` 2→1); nine texts in ten need no map at all,
and that fast way is one ``str.translate``, or for a whole batch one look-up of all its characters in an array.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

_SENTINEL = "\ue0ff"
_DASHES = "‐‑‒–—―−﹘﹣－"
_WAVES = "〜～∼"
_VARIANTS = dict(zip(
    "髙﨑嵜𠮷𡈽圡邉邊𣘺德濵濱瀨栁桺桒冨靑淸黑增橫內緖賴郞吳關鄕寬溫黃顏昻愼隨晉歷淚狀巢戾",
    "高崎崎吉土土辺辺橋徳浜浜瀬柳柳桑富青清黒増横内緒頼郎呉関郷寛温黄顔昂慎随晋歴涙状巣戻",
    strict=True,
))  # fmt: skip
"""Kanji that UniDic knows rarely or not at all, and the form it knows. Those it knows as well (澤, 嶋, 齋) stay as written."""
_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE03), *range(0xE0100, 0xE01F0)]))
"""Variation selectors of kanji: each only says how the character before it is drawn (the one of emoji, U+FE0F, stays)."""


class Normalized(NamedTuple):
    """The copy and, where lengths changed, the map back.

    ``starts[i]`` and ``ends[i]`` are the raw offsets of the piece that gave character ``i`` of
    ``text``; both are ``None`` where offsets are the same in the copy and in the original.
    """

    text: str
    starts: np.ndarray | None
    ends: np.ndarray | None


def _single(char: str) -> str:
    """Return the normal form of one character, or the sentinel where length or order may change."""
    if char in _DASHES:
        return "-"
    if char in _WAVES:
        return "~"
    if char in _VARIANTS:
        return _VARIANTS[char]
    if char == "\n":
        return "\n"
    category = unicodedata.category(char)
    if category in ("Cc", "Zs", "Zl", "Zp") or char in "\u200b\ufeff":
        return " "
    if category == "Cs":
        return "\ufffd"
    if unicodedata.combining(char) or char in "ﾞﾟ" or char in _SELECTORS or "\u1100" <= char <= "\u11ff":
        return _SENTINEL
    form = unicodedata.normalize("NFKC", char)
    form = _VARIANTS.get(form, form)
    return form if len(form) == 1 and form not in " " else (" " if form == " " else _SENTINEL)


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        form = self[code] = _single(chr(code))
        return form


_TABLE = _Table()
_UNKNOWN = 0xFFFFFFFF


@cache
def _forms() -> np.ndarray:
    """The same as an array: the normal form of each code point, ``_UNKNOWN`` until it was met."""
    return np.full(sys.maxunicode + 1, _UNKNOWN, np.uint32)


def normalize_all(texts: Sequence[str]) -> list[Normalized]:
    """Return the normalised copy of each text: as :func:`normalize`, a batch at a time."""
    forms = _forms_of("".join(texts))
    copy = forms.tobytes().decode("utf-32-le")
    cuts = np.cumsum([0, *map(len, texts)])
    changes = np.diff(np.searchsorted(np.flatnonzero(forms == ord(_SENTINEL)), cuts))
    copies = [copy[a:b] for a, b in pairwise(cuts.tolist())]
    found = [Normalized(text if own == text else own, None, None) for text, own in zip(texts, copies, strict=True)]  # one string, not two
    for row in np.flatnonzero(changes).tolist():
        found[row] = _by_pieces(texts[row], copies[row])
    return found


def _forms_of(text: str) -> np.ndarray:
    """Return the code point of the normal form of each character."""
    known = _forms()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    forms = known[codes]
    new = np.unique(codes[forms == _UNKNOWN])
    if len(new):
        known[new] = [ord(_TABLE[code]) for code in new.tolist()]
        forms = known[codes]
    return forms


def normalize(text: str) -> Normalized:
    """Return the normalised copy of one text with its offset map.

    Parameters
    ----------
    text : str
        Any text, as written.

    Returns
    -------
    Normalized
        ``text`` and the int32 arrays ``starts``, ``ends`` (``None`` where offsets are unchanged).

    Notes
    -----
    Not plain NFKC: variants of kanji, dashes, wave dashes and control characters are unified too (NFKC leaves
    ``‐ − ― –`` apart), and a line break stays a line break.

    Examples
    --------
    >>> normalize("ﾊﾞｽが１０分おくれ").text
    'バスが10分おくれ'
    >>> normalize("㈱葛川").starts.tolist()
    [0, 0, 0, 1, 2]
    >>> normalize("髙橋さん").text
    '高橋さん'
    """
    copy = text.translate(_TABLE)
    if _SENTINEL not in copy:
        return Normalized(copy, None, None)
    return _by_pieces(text, copy)


def _by_pieces(text: str, copy: str) -> Normalized:
    """Normalise the pieces that change their length; the characters between them stand one for one."""
    parts: list[str] = []
    starts: list[np.ndarray] = []
    ends: list[np.ndarray] = []

    def keep(low: int, high: int) -> None:
        if low < high:
            parts.append(copy[low:high])
            starts.append(np.arange(low, high, dtype=np.int32))
            ends.append(np.arange(low + 1, high + 1, dtype=np.int32))

    done = 0
    place = copy.find(_SENTINEL)
    while place >= 0:
        begin = place - 1 if place > done and _joins_previous(text[place]) else place
        stop = place + 1
        while stop < len(text) and _joins_previous(text[stop]):
            stop += 1
        keep(done, begin)
        form = _piece(text[begin:stop])
        parts.append(form)
        starts.append(np.full(len(form), begin, np.int32))
        ends.append(np.full(len(form), stop, np.int32))
        done = stop
        place = copy.find(_SENTINEL, stop)
    keep(done, len(text))
    return Normalized("".join(parts), np.concatenate(starts), np.concatenate(ends))


def _joins_previous(char: str) -> bool:
    return char in "ﾞﾟ" or char in _SELECTORS or unicodedata.combining(char) != 0 or "\u1160" <= char <= "\u11ff"


def _piece(piece: str) -> str:
    single = _TABLE[ord(piece)] if len(piece) == 1 else _SENTINEL
    if single != _SENTINEL:
        return single
    return unicodedata.normalize("NFKC", piece).translate(_PLAIN) or " "


_PLAIN = (
    {code: " " for code in range(32) if code != 10} | {ord(c): "-" for c in _DASHES} | {ord(c): "~" for c in _WAVES}
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | str.maketrans(_VARIANTS) | {ord(c): "" for c in _SELECTORS}
)  # fmt: skip


def raw_span(normalized: Normalized, start: int, end: int) -> tuple[int, int]:
    """Return the raw offsets of ``normalized.text[start:end]`` (widened to whole raw characters)."""
    if normalized.starts is None or normalized.ends is None:
        return start, end
    if start >= end:
        edge = int(normalized.starts[start]) if start < len(normalized.starts) else int(normalized.ends[-1])
        return edge, edge
    return int(normalized.starts[start]), int(normalized.ends[end - 1])
