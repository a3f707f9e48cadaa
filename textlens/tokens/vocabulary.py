"""The distinct (surface, features) pairs of a batch: a question about a word is answered here, once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

FEATURES = ("pos1", "pos2", "pos3", "pos4", "conj_type", "conj_form", "lemma", "base", "reading")
"""UniDic features kept, in this order."""

_FIELDS = (0, 1, 2, 3, 4, 5, 7, 10, 6)
"""Their places in the feature string of unidic-lite (dicrc of the package): lemma 7, orthBase 10, lForm 6."""

COLUMNS = ("surface", "norm", *FEATURES)


class Vocabulary:
    """Grow-only list of word entries.

    Attributes
    ----------
    surface : list of str
        The word as the citizen wrote it.
    norm : list of str
        The same after normalisation; ``surface`` and ``norm`` are equal for most words.
    pos1, pos2, pos3, pos4, conj_type, conj_form, lemma, base, reading : list of str
        UniDic features; ``base`` is 書字形基本形 (``orthBase``), fit for display; ``lemma`` is not
        (塵出し, 煩い). Empty string where the dictionary has none; unknown words have ``base = norm``.
    """

    __slots__ = ("_cache", "_ids", *COLUMNS)

    surface: list[str]
    norm: list[str]
    pos1: list[str]
    pos2: list[str]
    pos3: list[str]
    pos4: list[str]
    conj_type: list[str]
    conj_form: list[str]
    lemma: list[str]
    base: list[str]
    reading: list[str]

    def __init__(self) -> None:
        for name in COLUMNS:
            setattr(self, name, [])
        self._ids: dict[tuple[str, ...], int] = {}
        self._cache: dict[Hashable, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.surface)

    def __reduce__(self) -> tuple[Callable[..., Vocabulary], tuple[list[list[str]]]]:
        return Vocabulary.from_columns, ([getattr(self, name) for name in COLUMNS],)

    def __repr__(self) -> str:
        return f"<Vocabulary {len(self)} entries>"

    def add(self, entry: tuple[str, ...]) -> int:
        """Return the id of an entry (a tuple in the order of ``COLUMNS``), adding it if it is new."""
        found = self._ids.get(entry)
        if found is not None:
            return found
        number = self._ids[entry] = len(self.surface)
        for name, value in zip(COLUMNS, entry, strict=True):
            getattr(self, name).append(value)
        return number

    def add_line(self, line: str) -> int:
        """Return the id of one MeCab output line: surface, tab, the dictionary's feature string."""
        surface, _, features = line.partition("\t")
        parts = next(csv.reader([features])) if '"' in features else features.split(",")
        fields = ["" if i >= len(parts) or parts[i] == "*" else parts[i] for i in _FIELDS]
        fields[7] = fields[7] or surface
        return self.add((surface, surface, *fields))

    def entry(self, number: int) -> tuple[str, ...]:
        """Return one entry as a tuple in the order of ``COLUMNS``."""
        return tuple(getattr(self, name)[number] for name in COLUMNS)

    def map(self, key: Hashable, function: Callable[[Vocabulary, int], Any], dtype: Any = bool) -> np.ndarray:
        """Answer a question once per entry.

        Parameters
        ----------
        key : hashable
            Name under which the answers are kept; the same key must always mean the same question.
        function : callable
            ``function(vocabulary, entry_number)`` → a value of ``dtype``.
        dtype : numpy dtype
            Type of the answers.

        Returns
        -------
        ndarray, shape (len(self),)
            Gather it with ``answers[tokens.ids]``. Extended, not recomputed, when the vocabulary grew.
        """
        known = self._cache.get(key)
        have = 0 if known is None else len(known)
        if have < len(self):
            fresh = np.fromiter((function(self, i) for i in range(have, len(self))), dtype, len(self) - have)
            known = fresh if known is None else np.concatenate([known, fresh])
            self._cache[key] = known
        elif known is None:
            known = np.empty(0, dtype)
        return known

    @property
    def norm_length(self) -> np.ndarray:
        """Number of characters of each entry's normalised surface (int32)."""
        return self.map("norm_length", lambda v, i: len(v.norm[i]), np.int32)

    def column(self, name: str) -> np.ndarray:
        """Return one column as an object array."""
        return self.map(f"column:{name}", lambda v, i: getattr(v, name)[i], object)

    @classmethod
    def from_columns(cls, columns: Sequence[Sequence[str]]) -> Vocabulary:
        """Rebuild a vocabulary from its columns (in the order of ``COLUMNS``)."""
        vocabulary = cls()
        for entry in zip(*columns, strict=True):
            vocabulary.add(tuple(entry))
        return vocabulary
