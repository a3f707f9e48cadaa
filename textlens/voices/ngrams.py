"""Word n-grams as weak witnesses of intent: what the cues do not list, the vocabulary may still tell.

One table of weights (``intent/ngrams.tsv``: a word or two successive words, and a weight per intent) is
summed over clauses, units and comments, on columns. The weights were learnt; see
``benchmarks/train_intent.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textlens.polar.masks import masked_tokens
from textlens.resources import made_from
from textlens.rules import read_columns
from textlens.schema import INTENTS
from textlens.tokens import Tokens, Vocabulary
from textlens.tokens.ranges import ranges
from textlens.voices.clauses import token_clauses
from textlens.voices.cues import Evidence

NGRAMS = "intent/ngrams.tsv"
BIAS = "(bias)"


@dataclass(frozen=True, eq=False)
class NgramTable:
    """Weights of single words and of pairs.

    Attributes
    ----------
    words : dict of str → int
        Every word of the table; its number is the row of ``single``.
    single : float64 array, shape (n_words + 1, n_intents)
        Weights of single words; the last row is of zeros (unknown words).
    pairs : int64 array
        Sorted keys ``first * (n_words + 1) + second``.
    double : float64 array, shape (n_pairs, n_intents)
    bias : float64 array, shape (n_intents,)
    """

    words: dict[str, int]
    single: np.ndarray
    pairs: np.ndarray
    double: np.ndarray
    bias: np.ndarray

    @classmethod
    def build(cls, terms: Sequence[str], weights: np.ndarray, bias: np.ndarray) -> NgramTable:
        """Make a table from terms (``"word"`` or ``"word word"``) and their weights."""
        parts = [term.split(" ") for term in terms]
        words = {word: i for i, word in enumerate(sorted({word for part in parts for word in part}))}
        n = len(words)
        single = np.zeros((n + 1, weights.shape[1]))
        keys, rows = [], []
        for i, part in enumerate(parts):
            if len(part) == 1:
                single[words[part[0]]] = weights[i]
            else:
                keys.append(words[part[0]] * (n + 1) + words[part[1]])
                rows.append(i)
        order = np.argsort(keys) if keys else np.empty(0, np.int64)
        return cls(
            words, single, np.asarray(keys, np.int64)[order],
            weights[np.asarray(rows, np.int64)[order]], np.asarray(bias, float),
        )  # fmt: skip


@made_from(NGRAMS)
def load_ngrams() -> NgramTable:
    """Load the shipped table."""
    columns = read_columns(NGRAMS)
    weights = np.array([[float(cell or 0) for cell in columns[name]] for name in INTENTS]).T.copy()
    rows = [i for i, term in enumerate(columns["term"]) if term != BIAS]
    bias = weights[columns["term"].index(BIAS)] if len(rows) < len(weights) else np.zeros(len(INTENTS))
    return NgramTable.build([columns["term"][i] for i in rows], weights[rows], bias)


@dataclass(frozen=True)
class NgramScores:
    """Scores per clause, unit and text, each of shape (n, n_intents), and where clauses belong."""

    clause: np.ndarray
    unit: np.ndarray
    doc: np.ndarray
    unit_of_clause: np.ndarray
    doc_of_clause: np.ndarray

    def features(self, tokens: Tokens, *, per_unit: bool) -> np.ndarray:
        """Return [score, highest clause, highest unit, last unit] of each unit or text."""
        units = tokens.units
        if per_unit:
            top = _highest(self.clause, self.unit_of_clause, len(units))
            return np.hstack([self.unit, top, self.unit, self.unit])
        top = _highest(self.clause, self.doc_of_clause, tokens.n_docs)
        top_unit = _highest(self.unit, units.doc, tokens.n_docs)
        last = np.zeros_like(self.doc)
        some = np.flatnonzero(np.diff(units.doc_offsets))
        last[some] = self.unit[units.doc_offsets[some + 1] - 1]
        return np.hstack([self.doc, top, top_unit, last])


def _highest(values: np.ndarray, group: np.ndarray, n: int) -> np.ndarray:
    """Maximum of the rows of each group (groups ascend); zeros where a group has none."""
    out = np.zeros((n, values.shape[1]))
    if len(group):
        first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        out[group[first]] = np.maximum.reduceat(values, first, axis=0)
    return out


def word_key(vocabulary: Vocabulary, i: int) -> str:
    """Return the word under which an entry is counted; empty for marks, numbers and names."""
    if vocabulary.pos1[i] in ("補助記号", "空白", "記号") and vocabulary.norm[i] not in ("!", "?"):
        return ""
    if vocabulary.pos2[i] in ("固有名詞", "数詞"):
        return ""
    return vocabulary.base[i]


def score_ngrams(tokens: Tokens, evidence: Evidence, table: NgramTable) -> NgramScores:
    """Sum the weights of the words and pairs of each clause, unit and text.

    A sum is divided by the square root of the number of n-grams, so that long texts do not shout.
    """
    n_words = len(table.words)
    silent = _silent(tokens, evidence)
    number = _numbers(tokens, silent, table)
    counted = tokens.vocabulary.map("intent:counted", lambda v, i: bool(word_key(v, i)), bool)[tokens.ids]
    counted[silent] = False
    values = table.single[number]
    amount = counted.astype(float)
    unit = tokens.unit_of
    if len(number) > 1:
        beside = counted[1:] & counted[:-1] & (unit[1:] == unit[:-1])
        amount[1:] += beside
        at = np.flatnonzero(beside & (number[1:] < n_words) & (number[:-1] < n_words))
        if len(at) and len(table.pairs):
            keys = number[at].astype(np.int64) * (n_words + 1) + number[at + 1]
            place = np.minimum(np.searchsorted(table.pairs, keys), len(table.pairs) - 1)
            hit = table.pairs[place] == keys
            values[at[hit] + 1] += table.double[place[hit]]
    return _by_level(tokens, values, amount, table.bias)


def telling_clauses(tokens: Tokens, evidence: Evidence, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the clause whose words speak most for each intent asked about.

    Parameters
    ----------
    tokens, evidence
    wanted : bool array, shape (n_docs, n_intents)

    Returns
    -------
    first, last : int64 arrays
        Tokens that begin and end the clause; sorted by ``first``.
    intent : int64 array
    score : float64 array, 0 … 1
        s / (1 + s), where s is the sum of the words' weights over the root of their number; above 0.
    """
    table = load_ngrams()
    docs = np.flatnonzero(wanted.any(axis=1) & (np.diff(tokens.doc_offsets) > 0))
    at = ranges(tokens.doc_offsets[docs], np.diff(tokens.doc_offsets)[docs])
    if not len(at):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    clause = token_clauses(tokens)[at]
    start = np.flatnonzero(np.r_[True, clause[1:] != clause[:-1]])
    count = np.diff(np.r_[start, len(at)])
    scores = np.add.reduceat(table.single[_numbers(tokens, _silent(tokens, evidence), table)[at]], start, axis=0) / np.sqrt(count)[:, None]
    doc = tokens.doc_of[at[start]]
    group = np.flatnonzero(np.r_[True, doc[1:] != doc[:-1]])
    size = np.diff(np.r_[group, len(doc)])
    most = (scores == np.repeat(np.maximum.reduceat(scores, group, axis=0), size, axis=0)) & wanted[doc] & (scores > 0)
    place, intent = np.nonzero(most)
    _, once = np.unique(doc[place] * wanted.shape[1] + intent, return_index=True)  # the first of equals
    place, intent = place[np.sort(once)], intent[np.sort(once)]
    first, last = at[start[place]], at[start[place] + count[place] - 1]
    first = first + ((first < last) & tokens.vocabulary.map("intent:mark", _is_mark, bool)[tokens.ids[first]])  # a comma before it
    score = scores[place, intent]
    return first, last, intent, score / (1 + score)


def _is_mark(vocabulary: Vocabulary, i: int) -> bool:
    return vocabulary.pos1[i] in ("補助記号", "空白")


def _numbers(tokens: Tokens, silent: np.ndarray, table: NgramTable) -> np.ndarray:
    """Return the row of ``table.single`` of each token; the last one where a word does not speak."""
    n_words = len(table.words)
    number = tokens.vocabulary.map(
        ("intent.ngram", table), lambda v, i: table.words.get(word_key(v, i), n_words), np.int32
    )[tokens.ids]
    number[silent] = n_words
    return number


def _silent(tokens: Tokens, evidence: Evidence) -> np.ndarray:
    """Tell which tokens say nothing: masks, and words whose evaluation does not hold as it stands."""
    silent = masked_tokens(tokens).copy()
    silent[evidence.turned] = True
    return np.asarray(silent)


def _by_level(tokens: Tokens, values: np.ndarray, amount: np.ndarray, bias: np.ndarray) -> NgramScores:
    width = values.shape[1]
    units = tokens.units
    if not len(values):
        return NgramScores(
            np.zeros((0, width)), np.zeros((len(units), width)), np.zeros((tokens.n_docs, width)),
            np.zeros(0, np.int64), np.zeros(0, np.int64),
        )  # fmt: skip
    clause = token_clauses(tokens)
    first = np.flatnonzero(np.r_[True, clause[1:] != clause[:-1]])
    sums, counts = np.add.reduceat(values, first, axis=0), np.add.reduceat(amount, first)
    unit_of, doc_of = tokens.unit_of[first].astype(np.int64), tokens.doc_of[first].astype(np.int64)

    def level(group: np.ndarray, n: int) -> np.ndarray:
        starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        out = np.zeros((n, width))
        some = np.add.reduceat(counts, starts)
        out[group[starts]] = np.add.reduceat(sums, starts, axis=0) / np.sqrt(np.maximum(some, 1))[:, None] + bias
        return out

    per_clause = sums / np.sqrt(np.maximum(counts, 1))[:, None] + bias
    return NgramScores(per_clause, level(unit_of, len(units)), level(doc_of, tokens.n_docs), unit_of, doc_of)
