"""Many fixed strings found in many texts in one pass (Aho–Corasick)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from ahocorasick_rs import AhoCorasick

_END = "\n\x00"
"""What stands between the texts of one pass: the end of a text counts as a line break, and no string crosses it."""


class FixedStrings:
    """Strings compiled for searching; a string's number is its place in the list.

    Parameters
    ----------
    strings : iterable of str
        Distinct, not empty. One that ends in a line break is also found at the end of a text.

    References
    ----------
    Aho and Corasick (1975) Efficient string matching, *CACM* 18 (6). The library is ``ahocorasick_rs``: on
    20,000 comments and 7,600 strings it takes half the time of ``pyahocorasick``.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        self.strings = tuple(strings)
        self._automaton = AhoCorasick(self.strings) if self.strings else None

    def __reduce__(self) -> tuple[type[FixedStrings], tuple[tuple[str, ...]]]:
        return FixedStrings, (self.strings,)

    def __repr__(self) -> str:
        return f"<FixedStrings {len(self.strings)}>"

    def find(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Find every string everywhere, those inside one another included.

        Returns
        -------
        doc, begin, end, number : int64 arrays
            Text, half-open offsets in it, and the string's number; by text and end.
        """
        if self._automaton is None or not len(texts):
            return (np.empty(0, np.int64),) * 4
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + len(_END)
        first = np.cumsum(lengths) - lengths
        found = self._automaton.find_matches_as_indexes(_END.join([*texts, ""]), overlapping=True)
        number, begin, end = np.fromiter(chain.from_iterable(found), np.int64).reshape(-1, 3).T
        doc = np.repeat(np.arange(len(texts)), lengths)[begin]
        return doc, begin - first[doc], end - first[doc], number

    def within(self, text: str) -> np.ndarray:
        """Return the number of each string that stands in one text (int64; more than once if it stands there more)."""
        return self.find([text])[3]
