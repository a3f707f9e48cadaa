"""What kind of voice a comment is: 苦情・要望・感謝・質問・通報・意見, several at once.

Linguistic cues come from dictionaries (``intent/cues.tsv``, ``intent/words.tsv``); a linear model with
shipped coefficients weighs them. Label definitions: ``docs/labels.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from textlens.errors import ParameterError
from textlens.intent_cues import KINDS, Evidence, kind_names, read_evidence, rule_ids
from textlens.intent_features import Groups, by_comment, by_unit, rule_scores
from textlens.rules import read_table
from textlens.schema import FINDING_COLUMNS, INTENTS, MAIN_INTENTS
from textlens.tokens import Tokens, as_tokens

_NONE = MAIN_INTENTS.index("none")
_OPINION = MAIN_INTENTS.index("opinion")


class IntentClassifier(BaseEstimator):
    """Tell the kinds of voice in each comment, with probabilities and the words that decided.

    Parameters
    ----------
    threshold : float
        A label is given where its probability is at least this.
    off_rules : tuple of str
        Ids of dictionary rows to leave out (to see what a rule does).
    random_state : int
        Seed of what is learnt by :meth:`fit`.
    """

    def __init__(self, threshold: float = 0.5, off_rules: tuple[str, ...] = (), random_state: int = 0) -> None:
        self.threshold = threshold
        self.off_rules = off_rules
        self.random_state = random_state

    # -- comments -------------------------------------------------------------------------------

    def predict(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the labels of each comment."""
        tokens = as_tokens(texts)
        evidence = self._evidence(tokens)
        return self._labels(self._probabilities(tokens, by_comment(tokens, evidence), evidence), tokens.index)

    def predict_proba(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the probability of each intent for each comment (columns ``complaint … opinion``)."""
        tokens = as_tokens(texts)
        evidence = self._evidence(tokens)
        table = self._probabilities(tokens, by_comment(tokens, evidence), evidence)
        return pd.DataFrame(table[:, : len(INTENTS)], index=tokens.index, columns=list(INTENTS))

    # -- units ----------------------------------------------------------------------------------

    def predict_units(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the labels of each 意見単位 (index = row of ``tokens.units``)."""
        tokens = as_tokens(texts)
        evidence = self._evidence(tokens)
        labels = self._labels(
            self._probabilities(tokens, by_unit(tokens, evidence), evidence), pd.RangeIndex(len(tokens.units))
        )
        table = {"intent": labels["primary"]}
        table.update({f"is_{name}": labels[name] for name in INTENTS})
        table["implied_request"] = labels["implied_request"]
        return pd.DataFrame(table, index=labels.index)

    def predict_proba_units(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the probability of each intent for each 意見単位."""
        tokens = as_tokens(texts)
        evidence = self._evidence(tokens)
        table = self._probabilities(tokens, by_unit(tokens, evidence), evidence)
        return pd.DataFrame(table[:, : len(INTENTS)], columns=list(INTENTS))

    # -- reasons --------------------------------------------------------------------------------

    def findings(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the words behind the labels (columns of ``schema.FINDING_COLUMNS``)."""
        tokens = as_tokens(texts)
        evidence = self._evidence(tokens)
        starts, ends = tokens.raw_spans(evidence.doc, evidence.start, evidence.end)
        rules = rule_ids()
        table = {
            "id": tokens.index.to_numpy()[evidence.doc],
            "unit": tokens.units.number[evidence.unit],
            "start": starts,
            "end": ends,
            "label": np.array(MAIN_INTENTS, object)[evidence.intent],
            "subject": np.full(len(evidence), "", object),
            "score": evidence.weight,
            "rule": np.array([name for name, _ in rules], object)[evidence.rule],
            "source": np.array([source for _, source in rules], object)[evidence.rule],
        }
        return pd.DataFrame(table, columns=list(FINDING_COLUMNS))

    def explain(self, text: str) -> pd.DataFrame:
        """Return why one comment got its labels, in words a clerk understands.

        Raises
        ------
        ParameterError
            ``text`` is not one text.
        """
        if not isinstance(text, str):
            raise ParameterError(f"explain には文章を 1 つ渡してください（渡された型: {type(text).__name__}）。")
        tokens = as_tokens([text])
        evidence = self._evidence(tokens)
        table = self.findings(tokens)
        table.insert(2, "text", [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)])
        why = {row["kind"]: row["text"] for row in read_table(KINDS)}
        names = kind_names()
        table["why"] = [
            why.get(names[k], names[k]) + ("（引用の中なので弱く読む）" if q else "")
            for k, q in zip(evidence.kind, evidence.quoted, strict=True)
        ]
        return table

    # -- inside ---------------------------------------------------------------------------------

    def _evidence(self, tokens: Tokens) -> Evidence:
        key = tuple(sorted(self.off_rules))
        kept = _READ.setdefault(tokens, {})
        if key not in kept:
            kept[key] = read_evidence(tokens, self.off_rules)
        return kept[key]

    def _probabilities(self, tokens: Tokens, groups: Groups, evidence: Evidence) -> np.ndarray:
        return np.minimum(rule_scores(evidence, groups), 0.99)

    def _labels(self, table: np.ndarray, index: pd.Index) -> pd.DataFrame:
        given = table >= self.threshold
        several = given[:, :_OPINION].any(axis=1)
        given[:, _OPINION] &= ~several
        given[:, _NONE] = ~given[:, :_NONE].any(axis=1)
        primary = np.argmax(np.where(given, table + 1.0, table), axis=1)
        columns: dict[str, Any] = {name: given[:, i] for i, name in enumerate(MAIN_INTENTS)}
        columns["implied_request"] = given[:, 0] & ~given[:, 1]
        columns["primary"] = np.array(MAIN_INTENTS, object)[primary]
        return pd.DataFrame(columns, index=index)


_READ: WeakKeyDictionary[Tokens, dict[tuple[str, ...], Evidence]] = WeakKeyDictionary()
