"""Linguistic cues of intent, found and set in their scope: the evidence everything else reads.

Two kinds of evidence, both from dictionaries: *cues* (``intent/cues.tsv``: 〜てほしい, 〜てくれない …) and
*evaluative words* (``intent/words.tsv``: 便利, 残念 …). A word is then read in its scope, token by token:
denied (便利ではない), wished for (あれば便利), inside a quotation. Everything is done on columns for a
whole batch; no loop over comments except where a quotation mark stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from textlens.errors import DictionaryError
from textlens.rules import Matches, RuleSet, load_rules
from textlens.schema import MAIN_INTENTS
from textlens.text.order import order_by
from textlens.tokens import Tokens, Vocabulary
from textlens.voices.clauses import (
    BREAK,
    FINITE,
    IF,
    NOT,
    PAST,
    SAY,
    STOP,
    TARA,
    TO,
    clauses_at,
    inside_quotes,
    role_of,
)

CUES = "intent/cues.tsv"
WORDS = "intent/words.tsv"
KINDS = "intent/kinds.tsv"
LABELS = (*MAIN_INTENTS, "void", "denial", "formula")
"""What a cue row may be labelled: an intent, or a helper that only changes how others are read."""

_WINDOW_AFTER, _WINDOW_BEFORE, _WINDOW_JOY = 4, 5, 24
_STRONG_DENIAL = 9
"""Characters between an evaluative word and 〜とは言えない that still deny it."""


@dataclass(frozen=True)
class Evidence:
    """Columns, one row per piece of evidence, sorted by text and place.

    Attributes
    ----------
    doc, start, end : int32 arrays
        Text number; half-open offsets in the normalised copy.
    unit : int32 array
        Row of ``tokens.units``.
    intent : int8 array
        Index into ``schema.MAIN_INTENTS``.
    kind : int16 array
        Index into :func:`kind_names`.
    weight : float64 array
        Strength in 0…1, scope applied.
    quoted : bool array
        Inside 「 」 or 『 』.
    clause : int32 array
        Number of the clause within the batch; clauses end at unit borders and at が, けど, し, から, ので.
    rule : int32 array
        Index into :func:`rule_ids`.
    turned : int64 array
        Tokens whose evaluation does not hold as it stands (denied, wished for, part of an overriding cue);
        their word does not speak for the n-grams.
    """

    doc: np.ndarray
    start: np.ndarray
    end: np.ndarray
    unit: np.ndarray
    intent: np.ndarray
    kind: np.ndarray
    weight: np.ndarray
    quoted: np.ndarray
    clause: np.ndarray
    rule: np.ndarray
    turned: np.ndarray

    def __len__(self) -> int:
        return len(self.doc)

    def where(self, mask: np.ndarray) -> Evidence:
        """Return the rows a bool mask picks."""
        return replace(self, **{name: getattr(self, name)[mask] for name in self.__dataclass_fields__ if name != "turned"})


_COMPLAINT, _REQUEST, _PRAISE = (MAIN_INTENTS.index(name) for name in ("complaint", "request", "praise"))
_DENIED = 2
_DENYING = frozenset("不無非未")
"""Prefixes that turn a word (不愉快, 無責任)."""
_WORD_KINDS = ("good", "bad", "good-denied", "bad-denied", "good-wished")


def kind_names() -> tuple[str, ...]:
    """Return the names of all kinds of evidence in a fixed order."""
    return _kinds(load_rules(CUES))


@lru_cache(maxsize=4)
def _kinds(rules: RuleSet) -> tuple[str, ...]:
    found = {f"{row.label}:{row.extra['cue']}" for row in rules.rows if row.label in MAIN_INTENTS}
    return (*_WORD_KINDS, *sorted(found))


def rule_ids() -> tuple[tuple[str, str], ...]:
    """Return (rule id, dictionary file) of each number in ``Evidence.rule``."""
    return _ids(load_rules(CUES), load_rules(WORDS))


@lru_cache(maxsize=4)
def _ids(cues: RuleSet, words: RuleSet) -> tuple[tuple[str, str], ...]:
    return (*((row.id, CUES) for row in cues.rows), *((row.id, WORDS) for row in words.rows))


def read_evidence(tokens: Tokens, off: Iterable[str] = ()) -> Evidence:
    """Find all evidence of intent in a batch.

    Parameters
    ----------
    tokens : Tokens
    off : iterable of str
        Ids of rules to leave out.

    Returns
    -------
    Evidence
    """
    rules = load_rules(CUES)
    matches = rules.match(tokens)
    table = _cue_table(rules)
    word = _words(tokens)
    n_cues = len(matches)
    doc = np.concatenate([matches.doc, word.doc])
    start = np.concatenate([matches.start, word.start])
    end = np.concatenate([matches.end, word.end])
    covers = np.concatenate([table.covers[matches.rule], np.zeros(len(word.doc), bool)])
    denial = matches.where(table.label[matches.rule] == LABELS.index("denial"))
    kind_w, intent_w, weight_w = _scope(tokens, word, denial)
    covered = _covered(doc, start, end, covers, n_cues)
    intent_c, kind_c = table.label[matches.rule], table.kind[matches.rule]
    if len(denial):
        turned = (intent_c == _PRAISE) & _near(matches.doc, matches.end, denial)
        intent_c, kind_c = np.where(turned, _COMPLAINT, intent_c), np.where(turned, _DENIED, kind_c)
    evidence = Evidence(
        doc, start, end,
        tokens.units.find(doc, np.maximum(end - 1, start)),
        np.concatenate([intent_c, intent_w]).astype(np.int8),
        np.concatenate([kind_c, kind_w]).astype(np.int16),
        np.concatenate([table.weight[matches.rule], weight_w]),
        inside_quotes(tokens, doc, start),
        clauses_at(tokens, doc, end),
        np.concatenate([matches.rule, word.rule + len(rules.rows)]).astype(np.int32),
        _turned(tokens, matches, table, word.token[(kind_w >= _DENIED) | covered[n_cues:]]),
    )  # fmt: skip
    keep = ~covered & (evidence.intent < len(MAIN_INTENTS)) & (evidence.weight > 0)
    keep[:n_cues] &= ~_is_formula(matches, table, tokens, evidence.unit[:n_cues])
    left_out = set(off)
    if left_out:
        ids = np.array([name not in left_out for name, _ in rule_ids()])
        keep &= ids[evidence.rule]
    evidence = evidence.where(keep)
    return evidence.where(order_by(evidence.doc, evidence.start, evidence.end, evidence.rule))


@dataclass(frozen=True)
class _CueTable:
    label: np.ndarray
    kind: np.ndarray
    weight: np.ndarray
    covers: np.ndarray


@lru_cache(maxsize=4)
def _cue_table(rules: RuleSet) -> _CueTable:
    rows = rules.rows
    strange = next((row for row in rows if row.label not in LABELS), None)
    if strange:
        raise DictionaryError(f"{CUES} (id {strange.id}): label は {'・'.join(LABELS)} のどれかです（書かれているのは {strange.label}）。")
    number = {name: i for i, name in enumerate(_kinds(rules))}
    return _CueTable(
        np.array([LABELS.index(row.label) for row in rows]),
        np.array([number.get(f"{row.label}:{row.extra['cue']}", 0) for row in rows]),
        np.array([row.weight for row in rows]),
        np.array([row.extra.get("over") == "1" for row in rows], bool),
    )


# -- evaluative words in their scope -----------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    token: np.ndarray
    doc: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rule: np.ndarray


def _words(tokens: Tokens) -> _Words:
    rules = load_rules(WORDS)
    number = _word_numbers(rules)
    of_word = tokens.vocabulary.map(("intent.word", rules), lambda v, i: _word_number(v, i, number), np.int32)
    rule, start = of_word[tokens.ids], tokens.nstarts.copy()
    prefix = tokens.vocabulary.map("intent:prefix", lambda v, i: v.pos1[i] == "接頭辞" and v.norm[i] in _DENYING)[tokens.ids]
    touches = (tokens.doc_of[1:] == tokens.doc_of[:-1]) & (tokens.nends[:-1] == tokens.nstarts[1:])
    norm, base, ids = tokens.vocabulary.norm, tokens.vocabulary.base, tokens.ids
    for i in np.flatnonzero(prefix[:-1] & touches).tolist():  # 不愉快 is two words to the parse, and the second is no praise
        rule[i + 1], start[i + 1] = number.get(norm[ids[i]] + base[ids[i + 1]], -1), start[i]
    at = np.flatnonzero(rule >= 0)
    return _Words(at, tokens.doc_of[at], start[at], tokens.nends[at], rule[at])


@lru_cache(maxsize=4)
def _word_numbers(rules: RuleSet) -> dict[str, int]:
    return {row.term: i for i, row in enumerate(rules.rows)}


def _word_number(vocabulary: Vocabulary, i: int, number: dict[str, int]) -> int:
    if vocabulary.pos1[i] in ("助詞", "助動詞", "補助記号"):
        return -1
    found = number.get(vocabulary.base[i])
    return number.get(vocabulary.norm[i], -1) if found is None else found


def _scope(tokens: Tokens, word: _Words, denial: Matches) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return kind, intent and weight of each evaluative word."""
    rows = load_rules(WORDS).rows
    good = np.array([row.label == "good" for row in rows], bool)[word.rule]
    weight = np.array([row.weight for row in rows])[word.rule]
    if not len(word.token):
        empty = np.empty(0, np.int64)
        return empty, empty, np.empty(0)
    role = tokens.vocabulary.map("intent:role", role_of, np.int16)[tokens.ids]
    n = len(role)

    def at(step: int) -> tuple[np.ndarray, np.ndarray]:
        place = word.token + step
        inside = (place >= 0) & (place < n)
        place = np.clip(place, 0, n - 1)
        return place, inside & (tokens.doc_of[place] == word.doc)

    denied = np.zeros(len(word.token), bool)
    past = np.zeros(len(word.token), bool)
    alive = np.ones(len(word.token), bool)
    for step in range(1, _WINDOW_AFTER + 1):
        place, same = at(step)
        alive &= same & ((role[place] & BREAK) == 0)
        denied |= alive & ((role[place] & NOT) != 0)
        if step <= 3:
            past |= alive & ((role[place] & PAST) != 0)
    wished = _wished(role, at, past, np.array([row.extra.get("wish") == "1" for row in rows], bool)[word.rule])
    if len(denial):
        denied |= _near(word.doc, word.end, denial)
    wished &= good & ~denied
    kind = np.where(wished, 4, np.where(good, 0, 1) + 2 * denied)
    intent = np.where(wished, _REQUEST, np.where(good ^ denied, _PRAISE, _COMPLAINT))
    weight = np.where(denied, np.where(good, 0.85, 0.6) * weight, weight)
    return kind, intent, np.where(wished, 0.8, weight)


def _wished(
    role: np.ndarray, at: Callable[[int], tuple[np.ndarray, np.ndarray]], past: np.ndarray, joy: np.ndarray
) -> np.ndarray:
    """Tell which good words are wished for: 〜ば, 〜なら, 〜と, and 〜たら before a word of joy (``wish`` = 1).

    A word of joy (嬉しい, 助かる …) looks back over the whole sentence: 〜があると、親も休めるので助かる.
    """
    wished = np.zeros(len(past), bool)
    alive = np.ones(len(past), bool)
    near = np.ones(len(past), bool)
    for step in range(1, _WINDOW_JOY + 1):
        place, same = at(-step)
        alive &= same & ((role[place] & STOP) == 0)
        if not alive.any():
            break
        before, same_before = at(-step - 1)
        after, _ = at(-step + 1)
        reaches = alive & (near | (joy & ~past))
        wished |= reaches & ((role[place] & IF) != 0)
        wished |= reaches & joy & (((role[place] & TARA) != 0) if step <= 4 else False)
        to = ((role[place] & TO) != 0) & same_before & ((role[before] & FINITE) != 0) & ((role[after] & SAY) == 0)
        wished |= reaches & to & (~past | joy)
        near &= (((role[place] & BREAK) == 0) | (step == 1)) & (step < _WINDOW_BEFORE)
    return wished


def _near(doc: np.ndarray, end: np.ndarray, denial: Matches) -> np.ndarray:
    """Tell for each place whether a 〜とは言えない begins within reach behind it."""
    if not len(doc):
        return np.zeros(0, bool)
    width = int(max(end.max(), denial.end.max())) + _STRONG_DENIAL + 2
    keys = np.sort(denial.doc.astype(np.int64) * width + denial.start)
    own = doc.astype(np.int64) * width + end
    place = np.searchsorted(keys, own)
    inside = place < len(keys)
    place = np.minimum(place, len(keys) - 1)
    return inside & (keys[place] - own <= _STRONG_DENIAL)


def _turned(tokens: Tokens, matches: Matches, table: _CueTable, words: np.ndarray) -> np.ndarray:
    """Tokens that do not speak for themselves: turned words, and those of greetings and closing lines."""
    helper = np.flatnonzero(table.label[matches.rule] >= len(MAIN_INTENTS))
    if not len(helper):
        return words
    first = tokens.token_at(matches.doc[helper], matches.start[helper])
    last = tokens.token_at(matches.doc[helper], matches.end[helper] - 1)
    length = np.maximum(last - first + 1, 0)
    inside = np.repeat(first - np.r_[0, np.cumsum(length)[:-1]], length) + np.arange(int(length.sum()))
    return np.unique(np.concatenate([words, inside[inside >= 0]]))


# -- what cancels evidence ---------------------------------------------------------------------


def _covered(doc: np.ndarray, start: np.ndarray, end: np.ndarray, covers: np.ndarray, n_cues: int) -> np.ndarray:
    """Tell which evidence an overriding cue takes away (頑張ってください holds てください).

    A cue goes if it lies inside the span, a word if it begins there.
    """
    if not covers.any():
        return np.zeros(len(doc), bool)
    width = int(end.max()) + 2
    first, last = doc.astype(np.int64) * width + start, doc.astype(np.int64) * width + end
    order = order_by(doc, start, width - end, ~covers)
    reach = np.maximum.accumulate(np.where(covers[order], last[order], -1))
    before = np.concatenate([[-1], reach[:-1]])
    is_word = order >= n_cues
    covered = np.zeros(len(doc), bool)
    covered[order] = np.where(is_word, first[order] < before, last[order] <= before)
    return covered


def _is_formula(matches: Matches, table: _CueTable, tokens: Tokens, unit: np.ndarray) -> np.ndarray:
    """Tell which cues are only an opening greeting or a closing line.

    Thanks in the first unit of a longer text (いつもお世話になり、ありがとうございます。さて …), when a row
    labelled ``formula`` matched there.
    """
    found = np.zeros(len(matches), bool)
    if not len(matches):
        return found
    formula = table.label[matches.rule] == LABELS.index("formula")
    if not formula.any():
        return found
    units = tokens.units
    is_long = np.diff(units.doc_offsets)[matches.doc] > 1
    greeted = np.zeros(len(units), bool)
    greeted[unit[formula & is_long]] = True
    return greeted[unit] & (table.label[matches.rule] == MAIN_INTENTS.index("praise"))
