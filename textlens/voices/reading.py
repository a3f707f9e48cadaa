"""One reading of a batch for all who ask: evidence and features, worked out once and kept with the tokens."""

from __future__ import annotations

from collections.abc import Iterable

from textlens.polar.reading import CUES as POLAR_CUES
from textlens.rules import load_rules
from textlens.tokens import Tokens
from textlens.voices.cues import Evidence, read_evidence, rule_ids
from textlens.voices.model import Features, build_features


def read_voices(tokens: Tokens, off: Iterable[str] = ()) -> tuple[Evidence, Features]:
    """Return the evidence of a batch and its features per comment and per unit.

    Parameters
    ----------
    tokens : Tokens
    off : iterable of str
        Ids of rules to leave out.
    """
    left_out = tuple(sorted(off))

    def read() -> tuple[Evidence, Features]:
        evidence = read_evidence(tokens, left_out)
        return evidence, build_features(tokens, evidence)

    return tokens.remember(("voices", left_out, rule_ids(), load_rules(*POLAR_CUES)), read)
