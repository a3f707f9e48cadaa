"""Evidence → scores per 課 → who gets the comment, and what a person must decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from textlens.routing.lexicon import Lexicon
from textlens.routing.match import ALONE, Evidence
from textlens.tokens import Tokens, Vocabulary

REPEAT = 0.5
"""The second, third … word for one matter adds this share of its weight."""
REQUEST, GREETING, OPENING = 1.1, 0.5, 1.25
LEAST = 1.4
"""Below this score no 課 is named (a weak word at best)."""
SURE = 3.0
"""Below this score a person decides."""
WORDS, SHARED, NAMED = 0.3, 0.07, 0.2
"""A further 課 is named if its share of the best score, and so much for the logarithm of its number of words and for the
weight of matters it shares with another 課 by duty, come to this. A 課 met in one word in passing stays out of a long letter.
The first two figures follow a logistic regression over the candidates of 1,600 labelled texts, alike on each set;
NAMED was then chosen by hand on the same texts, as low as precision allowed, so what they score is no independent test."""
RELATED = 2.2
"""… and it needs at least this score."""
FIRM = 0.4
"""A 課 that takes a matter less than this (it is only named like it) gains no word by it."""
MOST = 5
"""Longest list of 課 for one comment."""
UNSURE = 0.5
"""Below this share several 課 are as likely: on comments not used for tuning 6 in 10 of these are right,
9 in 10 of those above 0.7."""
TIE = 0.93
SHORT_CHARS = 10


@dataclass(frozen=True)
class Routes:
    """What was decided for each text: ``order`` (n, MOST) numbers of codes, −1 = none; ``score``; ``held``."""

    order: np.ndarray
    score: np.ndarray
    held: np.ndarray


def unit_factor(tokens: Tokens, evidence: Evidence) -> np.ndarray:
    """Weigh units: the opening and a wish count more, a greeting less."""
    units = tokens.units
    factor = np.ones(len(units))
    factor[evidence.request_units] *= REQUEST
    size = units.end - units.start
    factor[evidence.greeting_units & ~evidence.request_units & (size < 40)] *= GREETING
    several = np.diff(units.doc_offsets) > 1
    factor[units.doc_offsets[:-1][several]] *= OPENING
    return factor


def concept_scores(rows: np.ndarray, n_rows: int, evidence: Evidence, weight: np.ndarray, lexicon: Lexicon) -> sparse.csr_matrix:
    """Return a matrix (texts or units) × matters: the strongest word, and a share of the others."""
    n = len(lexicon.concepts)
    if not len(evidence):
        return sparse.csr_matrix((n_rows, n))
    key = rows.astype(np.int64) * n + evidence.concept
    order = np.lexsort((-weight, key))
    key, weight, term = key[order], weight[order], evidence.term[order]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    again = np.concatenate([[False], (key[1:] == key[:-1]) & (term[1:] == term[:-1])])
    value = np.where(first, weight, np.where(again, 0.0, REPEAT * weight))
    place = np.flatnonzero(first)
    total = np.add.reduceat(value, place)
    return sparse.csr_matrix((total, (key[place] // n, key[place] % n)), (n_rows, n))


def code_scores(concepts: sparse.csr_matrix, affinity: np.ndarray) -> np.ndarray:
    """Return a dense matrix (texts or units) × codes.

    Matters of one 課 add up as a Euclidean norm: several weak words never outvote one that decides.
    """
    squared = concepts.copy()
    squared.data = squared.data**2
    return np.sqrt(np.asarray(squared @ (affinity**2)))


def worth(evidence: Evidence, scores: np.ndarray, affinity: np.ndarray) -> np.ndarray:
    """Tell how much speaks for naming each code of each text beside the first one."""
    place, shape = (evidence.doc, evidence.concept), (len(scores), len(affinity))
    firm = np.where(affinity >= FIRM, affinity, 0.0)
    words = np.asarray(sparse.csr_matrix((np.ones(len(evidence)), place), shape) @ (firm > 0).astype(float))
    shared = np.asarray(sparse.csr_matrix((evidence.weight, place), shape) @ np.where(firm < 1.0, firm, 0.0))
    top = np.maximum(scores.max(axis=1, keepdims=True, initial=0.0), 1e-9)
    return scores / top + WORDS * np.log(np.maximum(words, 1.0)) + SHARED * shared


def decide(
    tokens: Tokens, lexicon: Lexicon, evidence: Evidence, scores: np.ndarray, affinity: np.ndarray, asked: np.ndarray | None = None
) -> Routes:
    """Choose the codes of each text and mark those a person must decide.

    ``asked`` tells which texts answer a question that points to somebody: few words are enough there.
    """
    n_docs, n_codes = scores.shape
    nothing = lexicon.codes.index("X0")
    top = scores.max(axis=1) if n_codes else np.zeros(n_docs)
    named = (worth(evidence, scores, affinity) >= NAMED) & (scores >= RELATED) | (scores >= top[:, None]) & (scores > 0)
    wanted = np.where(named, scores, 0.0)
    wanted[:, nothing] = 0
    best = scores.argmax(axis=1)
    asked = np.zeros(n_docs, bool) if asked is None else asked
    bare = _bare(tokens) & ~asked
    none = (top < LEAST) | (best == nothing) | bare
    ranked = np.argsort(-wanted, axis=1, kind="stable")[:, :MOST]
    order = np.where(np.take_along_axis(wanted, ranked, 1) > 0, ranked, -1)
    order[order[:, 0] < 0, 0] = best[order[:, 0] < 0]
    order[none] = -1
    order[none, 0] = nothing
    score = _confidence(scores, order[:, 0], none)
    held = bare | _held(tokens, evidence, scores, top, none, best == nothing, asked) | ((score < UNSURE) & ~none)
    return Routes(order, score, held)


def _bare(tokens: Tokens) -> np.ndarray:
    """Find comments that are one or two nouns and say nothing about them (バス。): no matter is put."""
    quiet = tokens.vocabulary.map("routing:quiet", _is_quiet, bool)
    length = np.diff(tokens.doc_offsets)
    loud = np.bincount(tokens.doc_of[~quiet[tokens.ids]], minlength=tokens.n_docs)
    return (length > 0) & (length <= 3) & (loud == 0)


def _is_quiet(words: Vocabulary, i: int) -> bool:
    return words.pos1[i] in ("名詞", "接頭辞", "接尾辞", "補助記号", "記号", "空白")


def _confidence(scores: np.ndarray, main: np.ndarray, none: np.ndarray) -> np.ndarray:
    rows = np.arange(len(scores))
    value = scores[rows, main]
    total = np.sqrt((scores**2).sum(axis=1))
    share = np.divide(value, total, out=np.zeros_like(value), where=total > 0)
    found = share * value / (value + 2.0)
    return np.round(np.where(none & (value <= 0), 0.0, found), 4)


def _held(
    tokens: Tokens, evidence: Evidence, scores: np.ndarray, top: np.ndarray, none: np.ndarray, general: np.ndarray, asked: np.ndarray
) -> np.ndarray:
    """Short, ambiguous, equally likely, or nothing known: a person decides."""
    length = np.fromiter((len(text.strip()) for text in tokens.norm), np.int64, tokens.n_docs)
    ordered = np.sort(scores, axis=1)[:, ::-1]
    second = ordered[:, 1] if scores.shape[1] > 1 else np.zeros(len(scores))
    tied = (second >= TIE * top) & (top < 6)
    short = (length < SHORT_CHARS) & (np.bincount(evidence.doc, minlength=len(scores)) <= 1) & (length > 0) & ~asked
    only_alone = ~asked
    only_alone[evidence.doc[(evidence.level != ALONE) | (evidence.weight >= SURE)]] = False
    unknown = none & ~general & (length >= SHORT_CHARS)
    weak = (top < SURE) & ~none
    return np.where(general & (top >= LEAST), False, tied | short | weak | unknown | (only_alone & ~none)) & (length > 0)


def with_context(scores: np.ndarray, context: np.ndarray, nothing: int) -> np.ndarray:
    """Let the question's wording speak where the comment itself says little; cheering stays with nobody."""
    top = scores.max(axis=1, keepdims=True, initial=0.0)
    share = np.where(top < SURE, 0.8, 0.25)
    cheers = (top >= LEAST) & (scores.argmax(axis=1) == nothing)[:, None]
    return scores + np.where(cheers, 0.0, share * np.minimum(context, 6.0))
