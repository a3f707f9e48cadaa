"""Where a private fact, a role or an age stands: the learnt reading of the words of each unit, in two steps.

Every unit that may hold something goes through a linear-chain model (``span_model``, ``chain``); where that finds
anything, a recurrent network (``span_network``) reads the unit again, and both count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from textlens.networks.words import word_of
from textlens.personal.chain import label_probabilities
from textlens.personal.marks import Mark
from textlens.personal.span_decoder import spans_of
from textlens.personal.span_model import (
    REACH,
    Signs,
    SpanModel,
    load_span_model,
    read_signs,
)
from textlens.personal.span_network import load_span_network
from textlens.tokens import Tokens

_WORTH_A_LOOK = 0.4
"""Units are read where a mark stands, or a word alone says at least this much more for a span than against one."""
SECOND_COUNTS = 0.6
"""Weight of the second reading (a recurrent network) in the mean of both."""
_LOOK_AGAIN = 0.1
"""Units are read a second time where the first reading finds a word inside a span at least so probable."""


def find_spans(tokens: Tokens, marks: dict[int, list[Mark]], notes: Sequence[int], skipped: Sequence[int]) -> dict[int, list[Mark]]:
    """Return the spans of each text as marks; ``marks`` are those of the recognisers.

    Parameters
    ----------
    tokens : Tokens
    marks : dict of int → list of Mark
        By number of the text, offsets in the normalised copy.
    notes : sequence of int
        Texts that an officer wrote about a caller.
    skipped : sequence of int
        Texts that are not read (masked ones).

    Returns
    -------
    dict of int → list of Mark
        Without subject; the score is 0.5 at the threshold and 1 where no doubt is left.

    Notes
    -----
    Misses: facts told by an event alone (``首にスカーフを巻く理由``), and people pointed at by what they wear or drive.
    """
    model = load_span_model()
    signs = read_signs(tokens, marks, notes)
    by_word = model.word_scores(tokens.vocabulary)
    units = _worth_reading(tokens, model, by_word, signs, skipped)
    chosen = np.flatnonzero(units[tokens.unit_of])
    if not len(chosen):
        return {}
    scores = _scores(tokens, model, by_word, signs, chosen)
    lengths = np.bincount(tokens.unit_of[chosen], minlength=len(units))
    lengths = lengths[lengths > 0]
    first = label_probabilities(scores.astype(float), model.transition, lengths)
    again = _worth_reading_again(first, lengths)
    second = load_span_network().probabilities(tokens, signs, chosen[again])
    return spans_of(tokens, model.labels, chosen[again], (1 - SECOND_COUNTS) * first[again] + SECOND_COUNTS * second)


def _worth_reading(tokens: Tokens, model: SpanModel, by_word: np.ndarray, signs: Signs, skipped: Sequence[int]) -> np.ndarray:
    """Tell which units may hold a span (bool array)."""
    alone = by_word[:, REACH["word"]] + model.bias
    telling = alone[:, 1:].max(axis=1) - alone[:, 0] > _WORTH_A_LOOK
    found = np.zeros(len(tokens.units), bool)
    found[tokens.unit_of[telling[tokens.ids]]] = True
    found[tokens.unit_of[signs.token]] = True
    found[np.isin(tokens.units.doc, np.asarray(skipped, np.int64))] = False
    return found


def _worth_reading_again(first: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the places that lie in units (of these lengths) where the first reading takes some word for a span to some degree."""
    highest = np.maximum.reduceat(1 - first[:, 0], np.cumsum(lengths) - lengths)
    return np.flatnonzero(np.repeat(highest >= _LOOK_AGAIN, lengths))


def _scores(tokens: Tokens, model: SpanModel, by_word: np.ndarray, signs: Signs, chosen: np.ndarray) -> np.ndarray:
    """Sum the evidence of the chosen tokens (whole units, in order), shape (n_chosen, n_labels)."""
    ids, unit = tokens.ids[chosen], tokens.unit_of[chosen]
    scores = _by_neighbours(model, by_word, ids, unit)
    _add_pairs(tokens, model, ids, unit, scores)
    place = np.full(len(tokens.ids), -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    _add_signs(model, signs, place, unit, scores)
    rows = model.rows["unit"]
    by_unit = np.zeros((len(tokens.units), scores.shape[1]), np.float32)
    np.add.at(by_unit, signs.unit, model.tables["unit"][[rows.get(name, -1) for name in signs.names], 0][signs.unit_kind])
    return np.asarray(scores + by_unit[unit])


def _by_neighbours(model: SpanModel, by_word: np.ndarray, ids: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Sum what each word and its neighbours in the unit say; between units stand places that say nothing."""
    reach, edge, nothing = REACH["word"], REACH["edge"], len(by_word)
    number = np.cumsum(np.r_[0, unit[1:] != unit[:-1]])
    place = np.arange(len(ids)) + reach * (number + 1)
    padded = np.full(len(ids) + reach * (int(number[-1]) + 2), nothing)
    padded[place] = ids
    says = np.concatenate([by_word, np.zeros((1, *by_word.shape[1:]), np.float32)])
    for step in range(1, edge + 1):
        says[nothing, reach - step], says[nothing, reach + step] = model.tables["edge"][0, edge - step], model.tables["edge"][0, edge + step]
    middle = slice(reach, len(padded) - reach)
    scores = np.tile(model.bias, (len(padded) - 2 * reach, 1))
    for offset in range(-reach, reach + 1):
        scores += says[:, offset + reach][padded[middle.start + offset : middle.stop + offset]]
    return np.asarray(scores[place - reach])


def _add_pairs(tokens: Tokens, model: SpanModel, ids: np.ndarray, unit: np.ndarray, scores: np.ndarray) -> None:
    """Add what a word says together with the one behind it."""
    first, second = (
        tokens.vocabulary.map(("personal.pairs", part, model), lambda v, i, known=known: known.get(word_of(v, i), -1), np.int64)[ids]  # type: ignore[misc]
        for part, known in enumerate((model.pairs.first, model.pairs.second))
    )
    behind = np.where(unit[:-1] == unit[1:], second[1:], -1)
    at, row = model.pairs.find(first[:-1], behind)
    scores[at] += model.pairs.weights[row]


def _add_signs(model: SpanModel, signs: Signs, place: np.ndarray, unit: np.ndarray, scores: np.ndarray) -> None:
    """Add what the marks on a word and on its neighbours say."""
    reach, rows = REACH["sign"], model.rows["sign"]
    at = place[signs.token]
    row = np.array([rows.get(name, -1) for name in signs.names], np.int64)[signs.kind]
    known = (at >= 0) & (row >= 0)
    at, row = at[known], row[known]
    for offset in range(-reach, reach + 1):
        target = at - offset
        fits = (target >= 0) & (target < len(unit))
        fits[fits] = unit[target[fits]] == unit[at[fits]]
        np.add.at(scores, target[fits], model.tables["sign"][row[fits], offset + reach])
