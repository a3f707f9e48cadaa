"""Polarity: from what the voice does (complains, praises, asks).

A lack or an inconvenience is negative and a wish alone is neutral (docs/labels.md), so polarity follows the kind of
voice closely: 99.8 % of the hand labels of real answers agree with "complaint: negative, praise: positive, both:
mixed, else neutral". The kinds come from :mod:`textlens.voices`, which ``intent`` reads too.
"""

from __future__ import annotations

import numpy as np

from textlens.resources import made_from
from textlens.rules import read_table
from textlens.schema import MAIN_INTENTS, POLARITIES
from textlens.tokens import Tokens
from textlens.voices.reading import read_voices

MODEL = "sentiment/polarity.tsv"
STRONGEST = ("complaint", "praise")
INPUTS = (*MAIN_INTENTS, *(f"{name} of a unit" for name in STRONGEST))
"""Log-odds of each kind, and of complaint and praise in the unit where the first reading finds them strongest (what both
readings find there instead: survey gold 0.898 right instead of 0.905, municipal 0.808 instead of 0.804)."""
PRAISED = 0.4
"""Probability of praise from which something can be mixed. The table is learnt on comments, where nothing less probable comes out
mixed (2,290 comments of gold and of sets nothing was learnt from); a unit alone did (ただ、待ち時間が長いのは不満です: 0.37)."""
_LEAST = 1e-4
"""Probabilities are kept this far from 0 and 1 before they become log-odds."""


def polarity_of(tokens: Tokens, *, by_unit: bool) -> np.ndarray:
    """Return the polarity of each text, or of each unit (object array of ``schema.POLARITIES``).

    Parameters
    ----------
    tokens : Tokens
    by_unit : bool
    """
    voices = read_voices(tokens)
    whole = voices.of_unit.intents if by_unit else voices.of_comment.intents
    strongest = voices.units_at_first if by_unit else strongest_unit(voices.units_at_first, tokens)
    if not len(whole):
        return np.empty(0, object)
    scores = polarity_scores(polarity_inputs(whole, strongest))
    scores[whole[:, MAIN_INTENTS.index("praise")] < PRAISED, POLARITIES.index("mixed")] = -np.inf
    return np.array(POLARITIES, object)[scores.argmax(axis=1)]


def strongest_unit(of_unit: np.ndarray, tokens: Tokens) -> np.ndarray:
    """Return the highest probability of each kind among the units of each text, shape (n_docs, 7)."""
    found = np.zeros((tokens.n_docs, of_unit.shape[1]))
    np.maximum.at(found, tokens.units.doc, of_unit)
    return found


def polarity_inputs(whole: np.ndarray, strongest: np.ndarray) -> np.ndarray:
    """Return the columns ``INPUTS``, from the probabilities of the kinds in the whole and in the strongest unit."""
    part = strongest[:, [MAIN_INTENTS.index(name) for name in STRONGEST]]
    kept = np.clip(np.hstack([whole, part]), _LEAST, 1 - _LEAST)
    return np.asarray(np.log(kept / (1 - kept)))


def polarity_scores(inputs: np.ndarray) -> np.ndarray:
    """Return one score per polarity, shape (n, 4); the largest decides.

    Added column by column: a matrix product would round differently for other row counts.
    """
    weights = _weights()
    total = np.tile(weights[-1], (len(inputs), 1))
    for number in range(len(INPUTS)):
        total += inputs[:, number, None] * weights[number]
    return np.asarray(total)


@made_from(MODEL)
def _weights() -> np.ndarray:
    """Shape (len(INPUTS) + 1, 4); the last row is the constant."""
    table = {row["feature"]: [float(row[name]) for name in POLARITIES] for row in read_table(MODEL)}
    return np.array([table[name] for name in (*INPUTS, "constant")])
