"""Evidence → numbers: one row of features per comment, or per 意見単位, by the same recipe.

A unit is read as a comment of its own, so one model serves both. Columns are named
(:func:`feature_names`), so that shipped coefficients are a table a person can read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.schema import MAIN_INTENTS
from textlens.tokens import Tokens
from textlens.voices.cues import Evidence, kind_names

_REQUEST = MAIN_INTENTS.index("request")
QUOTED_SHARE = 0.4
"""What evidence inside 「 」 counts for: mostly somebody else's words (domain.md B6, rule 4)."""


@dataclass(frozen=True)
class Groups:
    """Which pieces of a batch are read together: the texts, or the units.

    Attributes
    ----------
    n : int
        Number of groups.
    of_evidence, of_token : int arrays
        Group of each piece of evidence and of each token.
    last : bool array
        Does each piece of evidence stand in the last unit of its group?
    length : int array
        Characters of each group.
    n_units : int array
        Units of each group.
    """

    n: int
    of_evidence: np.ndarray
    of_token: np.ndarray
    last: np.ndarray
    length: np.ndarray
    n_units: np.ndarray


def by_comment(tokens: Tokens, evidence: Evidence) -> Groups:
    """Group a batch by text."""
    units = tokens.units
    n_units = np.diff(units.doc_offsets)
    last_unit = units.doc_offsets[1:] - 1
    length = np.fromiter(map(len, tokens.norm), np.int64, tokens.n_docs)
    return Groups(
        tokens.n_docs, evidence.doc, tokens.doc_of, evidence.unit == last_unit[evidence.doc], length, n_units
    )


def by_unit(tokens: Tokens, evidence: Evidence) -> Groups:
    """Group a batch by 意見単位."""
    units = tokens.units
    n = len(units)
    return Groups(
        n, evidence.unit, tokens.unit_of, np.ones(len(evidence), bool), (units.end - units.start).astype(np.int64),
        np.ones(n, np.int64),
    )  # fmt: skip


def rule_scores(evidence: Evidence, groups: Groups) -> np.ndarray:
    """Return the strongest evidence of each intent.

    Returns
    -------
    float array, shape (n_groups, len(MAIN_INTENTS))
        0 where nothing was found.
    """
    scores = np.zeros((groups.n, len(MAIN_INTENTS)))
    strength = evidence.weight * np.where(evidence.quoted, QUOTED_SHARE, 1.0)
    np.maximum.at(scores, (groups.of_evidence, evidence.intent), strength)
    return scores


_APART = ("complaint", "praise", "report")
"""Intents that may stand beside a request: what counts is evidence outside the requesting clause or unit."""


def feature_names() -> list[str]:
    """Return the names of the columns of :func:`cue_features`."""
    kinds = kind_names()
    return [
        *kinds,
        *(f"last {name}" for name in kinds),
        *(f"rules {name}" for name in MAIN_INTENTS),
        *(f"last rules {name}" for name in MAIN_INTENTS),
        *(f"sum {name}" for name in MAIN_INTENTS),
        *(f"other clause {name}" for name in _APART),
        *(f"other unit {name}" for name in _APART),
        "one", "several", "log_length", "short",
    ]  # fmt: skip


def cue_features(evidence: Evidence, groups: Groups, table: np.ndarray | None = None) -> np.ndarray:
    """Return the cue features.

    Parameters
    ----------
    evidence : Evidence
    groups : Groups
    table : float array of zeros, shape (n_groups, len(feature_names())), optional
        Where to write them: part of a wider table.

    Returns
    -------
    float array, shape (n_groups, len(feature_names()))
    """
    n_kinds, n_intents = len(kind_names()), len(MAIN_INTENTS)
    table = np.zeros((groups.n, len(feature_names()))) if table is None else table
    strength = evidence.weight * np.where(evidence.quoted, QUOTED_SHARE, 1.0)
    rows, last = groups.of_evidence, groups.last
    np.maximum.at(table, (rows, evidence.kind), strength)
    np.maximum.at(table, (rows[last], n_kinds + evidence.kind[last]), strength[last])
    base = 2 * n_kinds
    np.maximum.at(table, (rows, base + evidence.intent), strength)
    base += n_intents
    np.maximum.at(table, (rows[last], base + evidence.intent[last]), strength[last])
    base += n_intents
    np.add.at(table, (rows, base + evidence.intent), strength)
    table[:, base : base + n_intents] = np.log1p(table[:, base : base + n_intents])
    base += n_intents
    asks = (evidence.intent == _REQUEST) & (strength >= 0.5)
    for place in (evidence.clause, evidence.unit):
        asking = np.zeros(int(place.max()) + 1 if len(place) else 0, bool)
        asking[place[asks]] = True
        for name in _APART:
            apart = (evidence.intent == MAIN_INTENTS.index(name)) & ~asking[place]
            np.maximum.at(table, (rows[apart], np.full(int(apart.sum()), base)), strength[apart])
            base += 1
    table[:, -4] = 1.0
    table[:, -3] = groups.n_units > 1
    table[:, -2] = np.log1p(groups.length) / 5.0
    table[:, -1] = groups.length <= 8
    return table
