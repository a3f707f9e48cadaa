"""Facets staff act on: 要確認 with the law to look up, 急ぎ, 具体・抽象, who can act, what is criticised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from textlens.checks import real_number
from textlens.facets.concrete import concrete_features, concrete_probability
from textlens.facets.lack import find_lacks
from textlens.facets.signals import COMBINATIONS, Signals, load_combinations
from textlens.facets.suspicion import KINDS, SIGNS, Suspicion
from textlens.rules import Matches, load_rules
from textlens.schema import ACTORS, FINDING_COLUMNS, TARGETS
from textlens.text.order import order_by
from textlens.tokens import Tokens, WorksUnfitted, as_tokens

RULE_FILES = ("facets/cues.tsv", "facets/actors.tsv", "facets/targets.tsv", "facets/fault.tsv", "facets/concrete.tsv", SIGNS)

_ADDRESSEE = 1.0
"""What speaks for the city before any word does, in a concrete text: people write to the city they want to act."""


class FacetTagger(WorksUnfitted, TransformerMixin, BaseEstimator):
    """Tag each comment, or each 意見単位, with the facets staff act on.

    Works at once: what it needs ships as dictionaries (``dictionaries/facets/``), which an office may
    overlay. ``legal_check`` means 要確認 ("look it up"), and its absence means only that no cue was
    found: never 対応不要.

    Parameters
    ----------
    concrete_threshold : float, default=0.5
        Probability from which a text counts as concrete.
    legal_threshold, urgent_threshold : float, default=0.55
        Score from which many weak signs alone raise the flag (:mod:`textlens.facets.suspicion`); lower finds more
        and flags more, 1.1 leaves the combinations of ``facets/combinations.tsv`` alone: fewer flags, most
        of them right, and a quarter of the voices missed. The defaults put recall first: on 200 plain texts that nothing was
        learnt from they find 21 of 22 of 要確認 and 16 of 17 of 急ぎ, with 0.42 and 0.38 of the flags right (0.5: 22 and 16, with
        0.39 and 0.33); on 320 that only tell stories 56 of 64 and 31 of 35.

    Notes
    -----
    ``transform`` returns, per text (index as given):

    ========================  ==================================================================
    ``concrete``              bool: a thing, and an act, a place or a fact [1]_
    ``urgent``                bool: danger to life or body, hints of abuse or suicide, threats,
                              defects that may cause an accident
    ``legal_check``           bool: a duty under a law should be looked up (要確認)
    ``legal_basis``           tuple of laws to look up; empty where no cue was found
    ``actor``                 who can act, one of ``schema.ACTORS``; ``unknown`` without a cue
    ``target``                what is spoken about, one of ``schema.TARGETS``
    ``city_fault``            bool: an error of the city is alleged, whether or not in anger
    ========================  ==================================================================

    In ``findings`` a flag from a combination has the score 1, one from weak signs alone its score, so a
    list can begin with the sure ones.

    **Misses**: in surveys six of ten flags are false alarms at the defaults. Hints that live in the story and not in a word or a pair of words (a child who is
    always the last to be fetched); irony; a hazard told as the past (already mended) is flagged all the
    same; quotations of other people's threats or of news are flagged (recall before precision);
    ``target`` is the thing named most strongly, which need not be the one that is blamed.

    References
    ----------
    .. [1] Definitions: docs/labels.md §4. Laws: e-Gov 法令検索, article numbers to be reviewed yearly.

    Examples
    --------
    >>> import pandas as pd
    >>> tags = FacetTagger().transform(pd.Series(["側溝のふたが外れていて、子どもが落ちそうです。", "毎日が楽しい。"]))
    >>> tags[["urgent", "legal_check"]].to_numpy().tolist()
    [[True, True], [False, False]]
    >>> tags["legal_basis"].tolist()
    [('国家賠償法2条', '道路法42条'), ()]
    """

    def __init__(self, concrete_threshold: float = 0.5, legal_threshold: float = 0.55, urgent_threshold: float = 0.55) -> None:
        self.concrete_threshold = concrete_threshold
        self.legal_threshold = legal_threshold
        self.urgent_threshold = urgent_threshold

    def fit(self, texts: Any = None, y: Any = None) -> FacetTagger:
        """Do nothing (nothing is learnt) and return self."""
        return self

    def transform(self, texts: Iterable[str] | Tokens) -> pd.DataFrame:
        """Return one row per text; see the class for the columns.

        Raises
        ------
        ParameterError
            A threshold is no number, or ``texts`` is no row of texts.
        """
        tokens = as_tokens(texts)
        return self._of_texts(tokens).copy()

    def transform_units(self, texts: Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the same columns with one row per row of ``tokens.units``."""
        tokens = as_tokens(texts)
        self._check()
        n_units = len(tokens.units)
        return self._table(tokens, np.arange(n_units), n_units, pd.RangeIndex(n_units))

    def findings(self, texts: Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the words behind the tags.

        Returns
        -------
        DataFrame
            Columns of ``schema.FINDING_COLUMNS``. Labels: ``legal:<law>``, ``urgent``, ``actor:…`` and
            ``target:…`` (those of the actor or target that was chosen for the comment),
            ``city_fault``, ``lack``.
        """
        tokens = as_tokens(texts)
        matches, signals, _ = _read(tokens)
        tags = self._of_texts(tokens)
        actor, target = ("actor:" + tags["actor"]).to_numpy(object), ("target:" + tags["target"]).to_numpy(object)
        chosen = matches.where((matches.label == actor[matches.doc]) | (matches.label == target[matches.doc]))
        fault = self._fault(signals)
        blamed = matches.where(np.isin(matches.label, ("fault", "fault_weak")) & fault[matches.unit])
        frames = [
            signals.findings(COMBINATIONS),
            chosen.to_findings("facets/actors.tsv・targets.tsv"),
            blamed.to_findings("facets/fault.tsv").assign(label="city_fault"),
            find_lacks(tokens).findings(),
            *self._weak_findings(tokens, tags),
        ]
        found = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
        return _once_in_order(found[list(FINDING_COLUMNS)], tokens.index)

    def explain(self, text: str) -> pd.DataFrame:
        """Return the findings of one text with the words themselves in a column ``text``."""
        found = self.findings([text])
        return found.assign(text=[text[a:b] for a, b in zip(found["start"], found["end"], strict=True)])

    # -- inside ---------------------------------------------------------------------------------

    def _check(self) -> None:
        for name in ("concrete_threshold", "legal_threshold", "urgent_threshold"):
            real_number(getattr(self, name), name)

    def _of_texts(self, tokens: Tokens) -> pd.DataFrame:
        self._check()
        key = ("facets.table", self.concrete_threshold, self.legal_threshold, self.urgent_threshold)
        return tokens.remember(key, lambda: self._table(tokens, tokens.units.doc, tokens.n_docs, tokens.index))

    def _table(self, tokens: Tokens, group: np.ndarray, n_groups: int, index: pd.Index) -> pd.DataFrame:
        matches, signals, suspicion = _read(tokens)
        weak_legal, weak_urgent = self._weak(tokens, signals, suspicion)
        if group is not tokens.units.doc:
            suspicion = Suspicion(matches, group, _lengths(tokens, group, n_groups))
            weak_legal = _strongest_unit(weak_legal, suspicion.probability[:, 0], tokens.units.doc)
            weak_urgent = _strongest_unit(weak_urgent, suspicion.probability[:, 1], tokens.units.doc)
        laws = signals.laws(group, n_groups)
        alone = np.flatnonzero(weak_legal)
        for row, basis in zip(alone.tolist(), suspicion.laws(alone), strict=True):
            laws[row] = basis
        features = concrete_features(matches, tokens, group, n_groups)
        concrete = (concrete_probability(features) >= self.concrete_threshold) & (features.sum(axis=1) > 0)
        return pd.DataFrame(
            {
                "concrete": concrete,
                "urgent": _any(signals.urgent, group, n_groups) | weak_urgent,
                "legal_check": _any(signals.legal, group, n_groups) | weak_legal,
                "legal_basis": pd.Series(laws, index=index, dtype=object),
                "actor": _strongest(matches, "actor:", ACTORS, group, n_groups, concrete * _ADDRESSEE),
                "target": _strongest(matches, "target:", TARGETS, group, n_groups),
                "city_fault": _any(self._fault(signals), group, n_groups),
            },
            index=index,
        )

    def _weak(self, tokens: Tokens, signals: Signals, suspicion: Suspicion) -> tuple[np.ndarray, np.ndarray]:
        """Bool per text: no combination holds, but the weak signs together pass the threshold (要確認, 急ぎ)."""
        doc, n_docs = tokens.units.doc, tokens.n_docs
        probability = suspicion.probability
        legal = (probability[:, 0] >= self.legal_threshold) & ~_any(signals.legal, doc, n_docs)
        return legal, (probability[:, 1] >= self.urgent_threshold) & ~_any(signals.urgent, doc, n_docs)

    def _weak_findings(self, tokens: Tokens, tags: pd.DataFrame) -> list[pd.DataFrame]:
        """Words of the heaviest families, for comments that only their many weak signs flagged."""
        matches, signals, suspicion = _read(tokens)
        family = suspicion.of_matches(matches)
        frames = []
        for number, (kind, weak) in enumerate(zip(KINDS, self._weak(tokens, signals, suspicion), strict=True)):
            top = suspicion.heaviest(kind)[matches.doc]
            found = matches.where(weak[matches.doc] & (family >= 0) & (top == family[:, None]).any(axis=1))
            first = np.array(["legal:" + basis[0] if basis else "" for basis in tags["legal_basis"]], object)
            label = first[found.doc] if kind == "legal" else "urgent"
            frames.append(found.to_findings(SIGNS, score=suspicion.probability[found.doc, number]).assign(label=label))
        return frames

    @staticmethod
    def _fault(signals: Signals) -> np.ndarray:
        """Bool per unit: an error is alleged, and the city or its staff stand near it."""
        city = signals.near("target:city_hall") | signals.near("target:staff")
        return (signals.has("fault") & (city | signals.near("actor:city"))) | (signals.has("fault_weak") & city)


def _read(tokens: Tokens) -> tuple[Matches, Signals, Suspicion]:
    """Match the rules once per batch: units, comments and findings ask for the same."""

    def read() -> tuple[Matches, Signals, Suspicion]:
        matches, doc = load_rules(*RULE_FILES).match(tokens), tokens.units.doc
        return matches, Signals(matches, load_combinations()), Suspicion(matches, doc, _lengths(tokens, doc, tokens.n_docs))

    return tokens.remember("facets", read)


def _once_in_order(found: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Sort findings by comment, place, label and rule, and leave out what stands there twice; comments without ids of their own stay as they are."""
    if not index.is_unique:
        return found.drop_duplicates(["id", "start", "end", "label", "rule"]).reset_index(drop=True)
    label, rule = (pd.factorize(found[name], sort=True)[0] for name in ("label", "rule"))
    keys = index.get_indexer(pd.Index(found["id"])), found["start"].to_numpy(), found["end"].to_numpy(), label, rule
    order = order_by(*keys)
    new = np.ones(len(order), bool)
    new[1:] = np.any([key[order[1:]] != key[order[:-1]] for key in keys], axis=0)
    return found.take(order[new]).reset_index(drop=True)


def _lengths(tokens: Tokens, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Characters per group of units."""
    units = tokens.units
    return np.bincount(group, weights=units.end - units.start, minlength=n_groups)[:n_groups] if len(units) else np.zeros(n_groups)


def _strongest_unit(weak: np.ndarray, probability: np.ndarray, doc: np.ndarray) -> np.ndarray:
    """Bool per unit: of each text that only weak signs flagged, the unit with the highest probability."""
    found = np.zeros(len(doc), bool)
    order = np.lexsort((np.arange(len(doc)), -probability, doc))
    first = order[np.concatenate([[True], np.diff(doc[order]) > 0])] if len(doc) else order
    found[first] = weak[doc[first]]
    return found


def _any(flags: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    found = np.zeros(n_groups, bool)
    found[group[flags]] = True
    return found


def _strongest(
    matches: Matches, prefix: str, names: tuple[str, ...], group: np.ndarray, n_groups: int, first: np.ndarray | None = None
) -> np.ndarray:
    """Return the name with the largest sum of weights per group, each rule once per unit; else ``unknown``.

    ``first`` is what the first name has from the start.
    """
    column = {prefix + name: i for i, name in enumerate(names)}
    of_rule = np.array([column.get(row.label, -1) for row in matches.rows], np.int32)
    score = np.zeros((n_groups, len(names)))
    score[:, names.index("unknown")] = 1e-9
    if first is not None:
        score[:, 0] += first
    if len(matches):
        use = np.flatnonzero(of_rule[matches.rule] >= 0)
        unit, rule = np.divmod(np.unique(matches.unit[use].astype(np.int64) * len(of_rule) + matches.rule[use]), len(of_rule))
        weight = np.array([row.weight for row in matches.rows])
        np.add.at(score, (group[unit], of_rule[rule]), weight[rule])
    return np.array(names, object)[score.argmax(axis=1)]
