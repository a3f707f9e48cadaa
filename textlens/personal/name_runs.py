"""Runs of kanji that UniDic does not know as names but that are built like one (階猛, 酉澤, 平忠常)."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from textlens.personal.name_kanji import NameKanji
from textlens.personal.name_words import IS_KANJI, PART, STRANGE, TITLE
from textlens.personal.patterns import pattern
from textlens.text.masks import MASKED
from textlens.tokens import Tokens

_LEAST, _MOST = 2, 5
"""Characters of a run."""
_LOOKS = 15
"""Least look of the best reading of a run (as a surname, as a given name, as both)."""
_LISTED = -10
"""The same beside a name in a list."""
_SIGNS = frozenset("・、,")


class Names(Protocol):
    """What is known of the names of a batch so far (``NameCandidates``)."""

    tokens: Tokens
    kind: np.ndarray
    looks: NameKanji
    famous: frozenset[str]
    not_names: frozenset[str]
    found: list[Any]

    def word(self, i: int) -> str:
        """Return the word of a token."""


def unknown_names(names: Names, traits: np.ndarray) -> list[tuple[int, int, int]]:
    """Return text, first and last token of the runs between other writing that no candidate touches.

    All their words are parts of names (``name_words``), at least one is a single character or unknown to UniDic.
    """
    tokens = names.tokens
    kanji = ((traits & IS_KANJI) > 0) & ((traits & TITLE) == 0)
    if not kanji.any():
        return []
    joined = np.zeros(len(kanji) + 1, bool)
    joined[1:-1] = kanji[1:] & kanji[:-1] & (tokens.nstarts[1:] == tokens.nends[:-1]) & (tokens.doc_of[1:] == tokens.doc_of[:-1])
    first, last = np.flatnonzero(kanji & ~joined[:-1]), np.flatnonzero(kanji & ~joined[1:])
    size = tokens.nends[last] - tokens.nstarts[first]
    likely = (size >= _LEAST) & (size <= _MOST) & ((traits[first] & PART) > 0) & ((traits[last] & PART) > 0)
    taken = {k for c in names.found for k in range(c.first, c.last + 1)}
    found = []
    for i, j in zip(first[likely].tolist(), last[likely].tolist(), strict=True):
        inside = traits[i : j + 1].tolist()
        if not all(bits & PART for bits in inside) or not any(bits & STRANGE for bits in inside) or not taken.isdisjoint(range(i, j + 1)):
            continue
        doc = int(tokens.doc_of[i])
        run = tokens.norm[doc][tokens.nstarts[i] : tokens.nends[j]]
        if run in names.famous or run in names.not_names or beside_mask(tokens.norm[doc], int(tokens.nstarts[i]), int(tokens.nends[j])):
            continue
        least = _LISTED if _listed(names, i, j) else _LOOKS
        if max(names.looks.look(run)) >= least and not pattern("name-place-end").search(run):
            found.append((doc, i, j))
    return found


def _listed(names: Names, i: int, j: int) -> bool:
    """Tell whether the run stands in a list beside a name (中塚一宏・階猛・黄川田徹)."""
    tokens = names.tokens
    low, high = tokens.doc_offsets[tokens.doc_of[i]], tokens.doc_offsets[tokens.doc_of[i] + 1]
    before = i - 2 >= low and names.word(i - 1) in _SIGNS and 0 < names.kind[i - 2] < 4
    return bool(before or j + 2 < high and names.word(j + 1) in _SIGNS and 0 < names.kind[j + 2] < 4)


def beside_mask(text: str, start: int, end: int) -> bool:
    """Tell whether a mask touches the place: what is left beside it was judged together with what it hides."""
    if "【" not in text and "〔" not in text:
        return False
    return any(start == match.end() or end == match.start() for match in MASKED.finditer(text))
