"""Compounds: 待機児童, マイナンバーカード and 放課後児童クラブ are one word to staff, three to UniDic.

They are joined after the parse, from a dictionary (KH Coder's 強制抽出) and by rule (runs of nouns);
the parse itself is never retrained, and both can be seen and edited.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from textlens.tokens.tokens import Tokens
from textlens.tokens.vocabulary import Vocabulary

_NEVER = {"こと", "もの", "ため", "よう", "方", "今", "今回", "等", "など", "中", "時", "所", "点", "感じ", "とき", "ほう"}


def join_compounds(tokens: Tokens, terms: Iterable[str] = (), *, by_rule: bool = True, max_words: int = 6) -> Tokens:
    """Return the same texts with compounds as single tokens.

    Parameters
    ----------
    tokens : Tokens
    terms : iterable of str
        Words to keep whole, in normalised form; they win over the rule, longest first.
    by_rule : bool
        Also join runs of nouns (``名詞``, with prefixes before and noun suffixes after them).
    max_words : int
        Longer runs are left apart: they are lists or titles, not words.

    Returns
    -------
    Tokens
        Offsets of a joined token run from its first to its last part, so ``raw[start:end] == surface``
        still holds. Its ``pos1`` is ``名詞``, ``pos2`` is ``複合``, ``pos3`` is ``人名`` where all its parts are names
        of persons, or the first two of three are and the last is one character (佐々木ヨシ子); ``lemma`` is the parts' lemmas, so spellings of one compound share it.

    Notes
    -----
    Misses: a run of nouns that is two phrases without a particle (``公園遊具設置要望``) is joined when
    it is no longer than ``max_words``; a verb stem and a noun (``待ち時間``) and a compound with a particle inside (``子どもの居場所``) are joined only if they are in ``terms``.

    Examples
    --------
    >>> from textlens.tokens import as_tokens
    >>> join_compounds(as_tokens(["待機児童と子どもの居場所"]), ["子どもの居場所"]).surfaces(0)
    ['待機児童', 'と', '子どもの居場所']
    """
    ids = tokens.ids
    if not len(ids):
        return tokens
    first_of_run = np.ones(len(ids), bool)
    if by_rule:
        _join_runs(tokens, first_of_run, max_words)
    _join_terms(tokens, set(terms), first_of_run, max_words)
    first = np.flatnonzero(first_of_run)
    last = np.concatenate([first[1:], [len(ids)]]) - 1
    new_ids = ids[first].copy()
    vocabulary = tokens.vocabulary
    known: dict[tuple[int, ...], int] = {}
    for k in np.flatnonzero(last > first).tolist():
        parts = tuple(ids[first[k] : last[k] + 1].tolist())
        doc = int(tokens.doc_of[first[k]])
        start, end = tokens.raw_span(doc, int(tokens.nstarts[first[k]]), int(tokens.nends[last[k]]))
        surface = tokens.raw[doc][start:end]
        number = known.get(parts) if surface == "".join(vocabulary.surface[p] for p in parts) else None
        if number is None:
            number = vocabulary.add(_entry(vocabulary, parts, surface))
            known[parts] = number
        new_ids[k] = number
    return tokens.replace_tokens(new_ids, first, last)


def _entry(vocabulary: Vocabulary, parts: tuple[int, ...], surface: str) -> tuple[str, ...]:
    norm = "".join(vocabulary.norm[p] for p in parts)
    base = norm[: len(norm) - len(vocabulary.norm[parts[-1]])] + vocabulary.base[parts[-1]]
    lemma = "+".join(vocabulary.lemma[p] or vocabulary.norm[p] for p in parts)
    reading = "".join(vocabulary.reading[p] or vocabulary.norm[p] for p in parts)
    names = [vocabulary.pos3[p] == "人名" for p in parts]
    person = "人名" if all(names) or all(names[:2]) and len(parts) == 3 and len(vocabulary.norm[parts[2]]) == 1 else ""
    return (surface, norm, "名詞", "複合", person, "", "", "", lemma, base, reading)


def _kind(vocabulary: Vocabulary, i: int) -> int:
    """1 = may begin or go on, 2 = may only go on (suffix), 3 = may only begin (prefix), 0 = breaks a run."""
    pos1, pos2 = vocabulary.pos1[i], vocabulary.pos2[i]
    if vocabulary.base[i] in _NEVER or not vocabulary.norm[i][:1].isalpha():
        return 0
    if pos1 == "名詞":
        if pos2 not in ("普通名詞", "固有名詞") or vocabulary.pos3[i] == "副詞可能":
            return 0
        return 2 if vocabulary.pos3[i] == "助数詞可能" else 1
    if pos1 == "接尾辞" and pos2 == "名詞的":
        return 2 if vocabulary.norm[i] not in ("さん", "様", "氏", "君", "ちゃん", "達", "たち", "等", "ら") else 0
    if pos1 == "接頭辞" and vocabulary.norm[i] not in ("お", "ご", "御"):
        return 3
    return 0


def _join_runs(tokens: Tokens, first_of_run: np.ndarray, max_words: int) -> None:
    kind = tokens.vocabulary.map("compounds.kind", _kind, np.int8)[tokens.ids]
    touches = np.zeros(len(kind), bool)
    touches[1:] = (tokens.doc_of[1:] == tokens.doc_of[:-1]) & (tokens.nstarts[1:] == tokens.nends[:-1])
    goes_on = touches & np.isin(kind, (1, 2))
    goes_on[1:] &= np.isin(kind[:-1], (1, 2, 3))
    heads = np.flatnonzero(~goes_on)
    lengths = np.diff(np.concatenate([heads, [len(kind)]]))
    has_noun = np.add.reduceat((kind == 1).astype(int), heads) > 0
    for head, length in zip(heads[(lengths > 1) & has_noun].tolist(), lengths[(lengths > 1) & has_noun].tolist(), strict=True):
        if length <= max_words:
            first_of_run[head + 1 : head + length] = False


def _join_terms(tokens: Tokens, terms: set[str], first_of_run: np.ndarray, max_words: int) -> None:
    """Mark the words of ``terms`` as runs: at each place the longest one, from left to right."""
    if not terms:
        return
    vocabulary, ids, offsets = tokens.vocabulary, tokens.ids, tokens.doc_offsets
    begins = {term[:length] for term in terms for length in range(1, len(term) + 1)}
    may_begin = np.fromiter((norm in begins for norm in vocabulary.norm), bool, len(vocabulary))
    norm = vocabulary.norm
    starts, ends = tokens.nstarts.tolist(), tokens.nends.tolist()
    taken = 0
    for i in np.flatnonzero(may_begin[ids]).tolist():
        if i < taken:
            continue
        stop = min(int(offsets[tokens.doc_of[i] + 1]), i + 3 * max_words)
        text, best = "", 0
        for j in range(i, stop):
            if j > i and starts[j] != ends[j - 1]:
                break
            text += norm[ids[j]]
            if text not in begins:
                break
            if text in terms:
                best = j + 1
        if best > i + 1:
            taken = best
            first_of_run[i] = True
            first_of_run[i + 1 : best] = False
            if best < stop:
                first_of_run[best] = True
