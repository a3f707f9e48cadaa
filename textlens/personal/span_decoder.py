"""From how probable each label is for each word to spans: where one begins and ends, and of which type it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from textlens.personal.marks import FACTS, Mark
from textlens.personal.patterns import pattern
from textlens.personal.span_model import NOTHING
from textlens.tokens import Tokens, Vocabulary

THRESHOLD = 0.35
"""A word is inside a span where both readings together find it this probable. Chosen for recall: on 1,720 texts nothing was
learnt from, 0.30 finds 0.88 of the spans at a precision of 0.82, 0.35 finds 0.88 at 0.84, 0.40 finds 0.87 at 0.86; on gold of which
the other half was learnt 0.40 loses two to three spans in a hundred for one point of precision."""
SURER = {"person_name": 0.93, "address": 0.8}
"""Kinds with a recogniser of their own: the learnt reading adds only what it is surer of. Names: 19 alarms
on 9,429 survey answers not learnt at 0.93, 23 at 0.85, for two spans in a thousand of the 1,720 texts.
Addresses: places where something is broken (``早渡川の右岸``) are nobody's home; on gold of which the other half was learnt, texts
with a third party are found at a precision of 0.90 instead of 0.87, with the same recall."""
_FRINGE = 0.5
"""A span begins and ends with a word at least so probable as its most probable one (share of it)."""
_LEANS = frozenset({"助詞", "助動詞", "補助記号", "空白"})
"""Parts of speech (UniDic) of words that no span begins with: they lean on the word before."""
_SAYS_NOTHING = _LEANS | {"連体詞", "接頭辞"}
"""Those of words that alone are no span; neither are words that often only help another one and stand in kana
(非自立可能: いる, ない, なる; 切られる stands for itself)."""
_KANA = re.compile("[ぁ-ん]+")
_FOREIGN = re.compile(r"[A-Za-z]{2,}(?:[ ,.']+[A-Za-z]+){2}")
"""Three Latin words: sentences of other languages were not learnt, and are not read."""
RULE = "learnt"


def spans_of(tokens: Tokens, labels: Sequence[str], chosen: np.ndarray, probable: np.ndarray) -> dict[int, list[Mark]]:
    """Join neighbouring words of one label, or of any private fact, to spans.

    Parameters
    ----------
    tokens : Tokens
    labels : sequence of str
        ``none`` first, then types of ``schema.PERSONAL_TYPES``.
    chosen : int array, shape (n_chosen,)
        Tokens that were read: whole units, in order.
    probable : float array, shape (n_chosen, n_labels)

    Returns
    -------
    dict of int → list of Mark
        By number of the text; the score is 0.5 at the threshold and 1 where no doubt is left.
    """
    if not len(chosen):
        return {}
    inside = 1 - probable[:, labels.index(NOTHING)]
    bound, counted = pattern("age-bound"), pattern("age-amount")  # 75歳以上 is nobody's age, 六十万 none
    telling = tokens.vocabulary.map("personal.telling", _tells)
    leaning, number = tokens.vocabulary.map("personal.leaning", lambda v, i: v.pos1[i] in _LEANS), tokens.vocabulary.map("personal.number", _is_number)
    solid = tokens.vocabulary.map("personal.solid", lambda v, i: v.pos1[i] not in ("補助記号", "空白"))
    found: dict[int, list[Mark]] = {}
    for a, b, kind in _runs(labels, tokens.unit_of[chosen], probable, inside >= THRESHOLD):
        words = tokens.ids[chosen[a:b]]
        sure = float(inside[a:b].max())
        within = np.flatnonzero((inside[a:b] >= _FRINGE * sure) & solid[words])
        if not (telling[words[within]] & ~(number[words[within]] & (kind in FACTS))).any():  # 二 is an age, but no illness
            continue
        first, last = int(within[~leaning[words[within]]][0]), int(within[-1])
        a, b = _whole_number(tokens, chosen, a + first), a + last + 1
        doc, start, end = int(tokens.doc_of[chosen[a]]), int(tokens.nstarts[chosen[a]]), int(tokens.nends[chosen[b - 1]])
        text = tokens.norm[doc]
        amount = kind == "birth_date_age" and (bound.match(text, end) or counted.search(text, start, end))
        if sure < SURER.get(kind, THRESHOLD) or amount or _FOREIGN.search(text, start, end):
            continue
        score = 0.5 + 0.5 * (sure - THRESHOLD) / (1 - THRESHOLD)
        found.setdefault(doc, []).append(Mark(start, end, kind, "", f"{RULE}-{kind}", round(score, 3)))
    return found


def _runs(labels: Sequence[str], unit: np.ndarray, probable: np.ndarray, inside: np.ndarray) -> Iterator[tuple[int, int, str]]:
    """Return where words of one label follow each other in a unit; private facts of several kinds are one, of the kind with most weight."""
    fact = np.array([name in FACTS for name in labels])
    label = np.where(inside, 1 + probable[:, 1:].argmax(axis=1), 0)
    joined = np.where(fact[label], len(labels), label)
    first = np.flatnonzero(np.r_[True, (joined[1:] != joined[:-1]) | (unit[1:] != unit[:-1])])
    for a, b in zip(first.tolist(), [*first[1:].tolist(), len(label)], strict=True):
        if fact[label[a]]:
            yield a, b, labels[int(np.where(fact, probable[a:b].sum(axis=0), -1).argmax())]
        elif label[a]:
            yield a, b, labels[int(label[a])]


def _whole_number(tokens: Tokens, chosen: np.ndarray, a: int) -> int:
    """Return where a span begins that may begin inside a number (70 and 代 are one)."""
    number = tokens.vocabulary.map("personal.number", _is_number)
    while a and number[tokens.ids[chosen[a - 1]]] and tokens.unit_of[chosen[a - 1]] == tokens.unit_of[chosen[a]] and tokens.nends[chosen[a - 1]] == tokens.nstarts[chosen[a]]:
        a -= 1
    return a


def _tells(vocabulary: Vocabulary, i: int) -> bool:
    helping = "非自立可能" in vocabulary.pos2[i] and _KANA.fullmatch(vocabulary.norm[i]) is not None
    return vocabulary.pos1[i] not in _SAYS_NOTHING and not helping


def _is_number(vocabulary: Vocabulary, i: int) -> bool:
    return vocabulary.pos2[i] == "数詞"
