"""The learnt weights that tell private facts, roles and ages: what each word, each neighbour and each mark says.

A conditional random field over the words of a unit (意見単位). Its evidence: the word and its neighbours, their parts of
speech, their word class (words of near meaning share one), the marks the recognisers set on them, and which people and
cues the unit holds. The weights were learnt; see ``benchmarks/train_spans.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from textlens.networks.words import class_reader, pos_of, word_of
from textlens.personal.marks import Mark
from textlens.resources import made_from
from textlens.rules import read_columns
from textlens.tokens import Tokens, Vocabulary
from textlens.tokens.ranges import pairs_once, ranges

WEIGHTS = "personal/span_weights.tsv"
NOTHING = "none"
REACH = {"word": 4, "pos": 2, "class": 3, "sign": 4, "edge": 2}
"""How many words before and behind a kind of evidence is looked at."""
UNIT_SIGNS = frozenset({"self", "generic", "hearsay", "kin", "neighbour", "dead", "died"})
"""Marks that count for every word of the unit they stand in."""
NOTE = "note"
"""Sign of every unit of a text an officer wrote."""


@dataclass(frozen=True, eq=False)
class Signs:
    """What stands on the words beside themselves, as pairs.

    Attributes
    ----------
    names : tuple of str
        Kinds of marks, sorted, and ``NOTE``.
    token : int64 array
        A token that a mark covers.
    kind : int64 array
        The mark's kind (a place in ``names``), one for each of ``token``.
    unit : int64 array
        A unit.
    unit_kind : int64 array
        A kind of ``UNIT_SIGNS`` in it, or ``NOTE``; one for each of ``unit``.
    """

    names: tuple[str, ...]
    token: np.ndarray
    kind: np.ndarray
    unit: np.ndarray
    unit_kind: np.ndarray


def read_signs(tokens: Tokens, marks: dict[int, list[Mark]], notes: Sequence[int]) -> Signs:
    """Lay the marks of the recognisers on the words (``notes``: numbers of the texts officers wrote)."""
    flat = [(doc, mark.start, mark.end - 1, mark.kind.removeprefix("cue:")) for doc, found in marks.items() for mark in found]
    names = tuple(sorted({NOTE, *(kind for *_, kind in flat)}))
    number = {name: i for i, name in enumerate(names)}
    docs, starts, ends, kinds = np.array([(doc, start, end, number[kind]) for doc, start, end, kind in flat], np.int64).reshape(-1, 4).T
    first, last = np.maximum(tokens.token_at(docs, starts), 0), tokens.token_at(docs, ends)
    token, kind = pairs_once(*_spread(first, last + 1, kinds), len(names))
    counts = np.isin(kind, [number[name] for name in UNIT_SIGNS if name in number])
    noted = np.array(notes, np.int64)
    offsets = tokens.units.doc_offsets
    of_note, note = _spread(offsets[noted], offsets[noted + 1], np.full(len(noted), number[NOTE]))
    units = pairs_once(np.r_[tokens.unit_of[token[counts]], of_note], np.r_[kind[counts], note], len(names))
    return Signs(names, token, kind, *units)


def _spread(first: np.ndarray, stop: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return every place from ``first`` up to ``stop``, with the kind of its row."""
    count = np.maximum(stop - first, 0)
    return ranges(first, count), np.repeat(kinds, count)


@dataclass(frozen=True, eq=False)
class PairTable:
    """Weights of a word together with the one behind it.

    Attributes
    ----------
    first, second : dict of str → int
        The words that can stand first and second, numbered.
    keys : int64 array, shape (n_pairs,)
        Sorted: ``first * (number of second words) + second``.
    weights : float32 array, shape (n_pairs, n_labels)
    """

    first: dict[str, int]
    second: dict[str, int]
    keys: np.ndarray
    weights: np.ndarray

    @classmethod
    def build(cls, pairs: Sequence[str], weights: np.ndarray) -> PairTable:
        """Make a table from ``"word word"`` and the weights of each."""
        parts = [tuple(pair.split(" ")) for pair in pairs]
        first, second = ({word: i for i, word in enumerate(dict.fromkeys(part[k] for part in parts))} for k in (0, 1))
        keys = np.array([first[a] * len(second) + second[b] for a, b in parts], np.int64)
        order = np.argsort(keys)
        return cls(first, second, keys[order], weights[order])

    def find(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which places hold a known pair, and its row (−1 in ``first`` or ``second``: no such word)."""
        at = np.flatnonzero((first >= 0) & (second >= 0)) if len(self.keys) else np.zeros(0, np.int64)
        wanted = first[at] * len(self.second) + second[at]
        row = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        hit = self.keys[row] == wanted if len(at) else np.zeros(0, bool)
        return at[hit], row[hit]


@dataclass(frozen=True, eq=False)
class SpanModel:
    """Weights by kind of evidence: rows of ``tables[kind]`` by value, then offset, then label.

    Attributes
    ----------
    labels : tuple of str
        ``none`` first, then types of ``schema.PERSONAL_TYPES``.
    rows : dict of str → dict of str → int
        Kind of evidence → value (a word, a class …) → row; the row behind the last is zero.
    tables : dict of str → float32 array, shape (n_values + 1, 2 · reach + 1, n_labels)
    pairs : PairTable
    bias : float32 array, shape (n_labels,)
    transition : float64 array, shape (n_labels, n_labels)
    """

    labels: tuple[str, ...]
    rows: dict[str, dict[str, int]]
    tables: dict[str, np.ndarray]
    pairs: PairTable
    bias: np.ndarray
    transition: np.ndarray

    def word_scores(self, vocabulary: Vocabulary) -> np.ndarray:
        """Return what each word of a vocabulary says about itself and its neighbours, shape (n_words, 9, n_labels)."""
        scores = self._gather("word", vocabulary, word_of)
        for kind, value_of in (("pos", pos_of), ("class", class_reader())):
            side = REACH["word"] - REACH[kind]
            scores[:, side : scores.shape[1] - side] += self._gather(kind, vocabulary, value_of)
        return scores

    def _gather(self, kind: str, vocabulary: Vocabulary, value_of: Callable[[Vocabulary, int], str]) -> np.ndarray:
        rows = self.rows[kind]
        number = vocabulary.map(("personal.spans", kind, self), lambda v, i: rows.get(value_of(v, i), len(rows)), np.int32)
        return self.tables[kind][number]


@made_from(WEIGHTS)
def load_span_model() -> SpanModel:
    """Load the shipped weights."""
    columns = read_columns(WEIGHTS)
    labels = tuple(list(columns)[3:])
    weights = np.array([[float(cell or 0) for cell in columns[label]] for label in labels], np.float32).T.copy()
    kinds, offsets, values = columns["evidence"], columns["offset"], columns["value"]
    of_kind: dict[str, list[int]] = {}
    for row, kind in enumerate(kinds):
        of_kind.setdefault(kind, []).append(row)
    rows: dict[str, dict[str, int]] = {}
    tables = {}
    for kind in (*REACH, "unit"):
        reach = REACH.get(kind, 0)
        mine = of_kind.get(kind, [])
        rows[kind] = {value: number for number, value in enumerate(dict.fromkeys(values[row] for row in mine))}
        table = np.zeros((len(rows[kind]) + 1, 2 * reach + 1, len(labels)), np.float32)
        table[[rows[kind][values[row]] for row in mine], [int(offsets[row]) + reach for row in mine]] = weights[mine]
        tables[kind] = table
    transition = np.zeros((len(labels), len(labels)))
    for row in of_kind.get("after", []):
        transition[labels.index(values[row])] = weights[row]
    bias = weights[of_kind["bias"][0]] if "bias" in of_kind else np.zeros(len(labels), np.float32)
    mine = of_kind.get("pair", [])
    return SpanModel(labels, rows, tables, PairTable.build([values[row] for row in mine], weights[mine]), bias, transition)
