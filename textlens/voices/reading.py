"""One reading of a batch for all who ask: evidence, features and what they come to, kept with the tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textlens.polar.reading import CUES as POLAR_CUES
from textlens.rules import load_rules
from textlens.rules.dictionary import table_stamp
from textlens.tokens import Tokens
from textlens.voices.cues import Evidence, read_evidence, rule_ids
from textlens.voices.model import MODEL, Decision, Features, build_features, decide, load_coefficients


@dataclass(frozen=True)
class Voices:
    """What a batch says: evidence, features, and the probabilities of the shipped model.

    Attributes
    ----------
    evidence : Evidence
    features : Features
    of_comment, of_unit : Decision
    """

    evidence: Evidence
    features: Features
    of_comment: Decision
    of_unit: Decision


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
        return Voices(evidence, features, decide(features.comment, coefficients), decide(features.unit, coefficients))

    return tokens.remember(("voices", left_out, rule_ids(), load_rules(*POLAR_CUES), table_stamp(MODEL)), read)
