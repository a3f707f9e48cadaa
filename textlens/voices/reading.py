"""One reading of a batch for all who ask: evidence, features and what they come to, kept with the tokens.

Comments whose kind the first reading leaves in doubt are read a second time (``kind_network``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from textlens.tokens import Tokens
from textlens.voices.cues import Evidence, read_evidence
from textlens.voices.kind_network import load_kind_network
from textlens.voices.model import (
    READ,
    Decision,
    Features,
    build_features,
    decide,
    load_coefficients,
    logits_of,
)

DOUBT = 0.2
"""A comment is in doubt if complaint, request or praise is at least this probable and at least this improbable. On unread texts
0.2 gives an F1 half a point to a point above 0.28, for about a third more words read; on the gold there is no difference."""
_WATCHED = 3
"""Complaint, request, praise: the first of ``MAIN_INTENTS``."""


@dataclass(frozen=True)
class Voices:
    """What a batch says: evidence, features, and the probabilities of the shipped model.

    Attributes
    ----------
    evidence : Evidence
    features : Features
    of_comment, of_unit : Decision
    units_at_first : float array, shape (n_units, 7)
        What the first reading alone finds in each unit: a second witness for the polarity.
    """

    evidence: Evidence
    features: Features
    of_comment: Decision
    of_unit: Decision
    units_at_first: np.ndarray


def read_voices(tokens: Tokens, off: Iterable[str] = ()) -> Voices:
    """Read a batch.

    Parameters
    ----------
    tokens : Tokens
    off : iterable of str
        Ids of rules to leave out.
    """
    left_out = tuple(sorted(off))

    def read() -> Voices:
        evidence, coefficients = read_evidence(tokens, left_out), load_coefficients()
        features = build_features(tokens, evidence)
        of_comment, of_unit = decide(features.comment, coefficients), decide(features.unit, coefficients)
        units_at_first = of_unit.intents.copy()
        again = load_kind_network().read(tokens, evidence, np.flatnonzero(in_doubt(of_comment)))
        _lay(features.comment, of_comment, again.docs, again.of_doc, coefficients)
        _lay(features.unit, of_unit, again.units, again.of_unit, coefficients)
        return Voices(evidence, features, of_comment, of_unit, units_at_first)

    return tokens.remember(("voices", left_out), read)


def in_doubt(decision: Decision) -> np.ndarray:
    """Tell which comments should be read again (bool array)."""
    watched = decision.intents[:, :_WATCHED]
    return np.asarray(((watched >= DOUBT) & (watched <= 1 - DOUBT)).any(axis=1))


def _lay(features: np.ndarray, decision: Decision, rows: np.ndarray, scores: np.ndarray, coefficients: np.ndarray) -> None:
    """Write both readings of some rows into their features, and decide these rows anew."""
    first = logits_of(Decision(*(values[rows] for values in decision)))
    features[rows, -len(READ) :] = np.column_stack([np.ones(len(rows)), first, scores])
    for values, new in zip(decision, decide(features[rows], coefficients), strict=True):
        values[rows] = new
