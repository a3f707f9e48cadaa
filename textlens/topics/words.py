"""Which words say what a comment is about: nouns first, compounds whole, spellings merged."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from textlens.rules import load_rows
from textlens.tokens import Tokens, Vocabulary, is_content, join_compounds

NOUN, GENERAL, VERB, EVALUATIVE, FORMULA = 4, 3, 2, 1, 0
"""Tiers of words: a label takes from the highest tier that has anything to say. ``FORMULA`` are the words of
comments without any other (お願いします, ありがとうございました, はい)."""

TIER_WEIGHT = {NOUN: 1.0, GENERAL: 0.45, VERB: 0.4, EVALUATIVE: 0.35, FORMULA: 1.0}
PART_WEIGHT = 0.6
"""A word inside a compound (物価 in 物価高騰対策) counts this much beside the compound itself."""

THEME_WEIGHT = 1.5
"""Weight of the theme of the word table (``dictionaries/topics/themes.tsv``) beside its words."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|\w+://[^\s、。「」（）]+")
FORMULA_POS = ("感動詞", "副詞", "名詞", "動詞", "形容詞", "形状詞")


@dataclass(frozen=True)
class TopicWords:
    """Words of a batch of texts.

    Attributes
    ----------
    counts : csr_matrix, shape (n_docs, n_terms)
        How often each word stands in each text, by itself or inside a compound.
    weights : csr_matrix, shape (n_docs, n_terms + n_themes)
        Damped counts times the weight of the word's tier, before any idf; themes are the last columns.
    terms : object array, shape (n_terms,)
        Words in the spelling most common in the batch.
    keys : object array, shape (n_terms + n_themes,)
        What a column means whatever the spelling; the same in next year's batch.
    tiers : int8 array, shape (n_terms,)
    alone : float array, shape (n_terms,)
        Share of a word's occurrences in which it stands by itself and not inside a compound.
    known : bool array, shape (n_terms,)
        Is the word in the theme table or the list of compounds, that is, a word of municipal work?
    """

    counts: sparse.csr_matrix
    weights: sparse.csr_matrix
    terms: np.ndarray
    keys: np.ndarray
    tiers: np.ndarray
    alone: np.ndarray
    known: np.ndarray

    @property
    def n_terms(self) -> int:
        """Number of words (themes not counted)."""
        return len(self.terms)

    def of_keys(self, keys: list[str]) -> sparse.csr_matrix:
        """Return ``weights`` with exactly the given columns; a key that is absent is a column of zeros."""
        place = {key: i for i, key in enumerate(self.keys)}
        wanted = [(place[key], j) for j, key in enumerate(keys) if key in place]
        rows = np.array([w[0] for w in wanted], np.int64)
        columns = np.array([w[1] for w in wanted], np.int64)
        choose = sparse.csr_matrix((np.ones(len(wanted)), (rows, columns)), shape=(len(self.keys), len(keys)))
        return sparse.csr_matrix(self.weights @ choose)


class _Tables:
    """The word tables, read once per call so that an office's overlay always counts."""

    def __init__(self) -> None:
        self.stopwords, self.compounds, self.synonyms, self.themes, self.formulas = (
            {row.term: row.label for row in load_rows(f"topics/{name}.tsv")}
            for name in ("stopwords", "compounds", "synonyms", "themes", "formulas")
        )
        self.canonical = frozenset(self.synonyms.values())


def topic_words(tokens: Tokens, *, themes: bool = True) -> TopicWords:
    """Count the words that can carry a topic.

    Compounds are joined first (``compounds.tsv`` and runs of nouns); the nouns inside a compound count
    too, with less weight, so 物価高騰 and 物価上昇 stay neighbours. Spellings with the same UniDic lemma
    and reading are one word (蕎麦・ソバ, 子供・こども), and so are the rows of ``synonyms.tsv``. Names of
    persons (unless the theme table has the word: クマ), e-mail and web addresses, and words of ``stopwords.tsv`` are left out.

    A comment that has no word left is not without sense: thanks, requests and answers are made of the words
    left out. For such a comment, and only for it, they count (``FORMULA``), but for mere grammar (する, ある; rows
    ``grammar`` of ``formulas.tsv``, which also merges spellings).

    Returns
    -------
    TopicWords
        Columns in the order of their keys, formulas after words: the same texts give the same columns in any
        order of rows.
    """
    tables = _Tables()
    known = [*tables.compounds, *tables.synonyms, *tables.canonical, *(t for t in tables.themes if len(t) > 2)]
    joined = join_compounds(tokens, known)
    vocabulary, spoken, whole_words = tokens.vocabulary, ~_in_address(tokens), ~_in_address(joined)
    used = np.unique(np.concatenate([tokens.ids[spoken], joined.ids[whole_words]]))
    tier = np.full(len(vocabulary), -1, np.int8)
    tier[used] = [_tier(vocabulary, i, tables) for i in used.tolist()]
    used = used[tier[used] >= 0]
    number = np.full(len(vocabulary), -1, np.int64)
    key_of = {i: _key(vocabulary, i, tables) for i in used.tolist()}
    keys = sorted(set(key_of.values()))
    place = {key: i for i, key in enumerate(keys)}
    for i, key in key_of.items():
        number[i] = place[key]
    whole = _count(np.where(whole_words, number[joined.ids], -1), joined.doc_of, tokens.n_docs, len(keys))
    inside = spoken & _inside_compound(tokens, joined, tables) & (tier[tokens.ids] >= GENERAL) & (vocabulary.norm_length[tokens.ids] > 1)
    parts = _count(number[tokens.ids[inside]], tokens.doc_of[inside], tokens.n_docs, len(keys))
    tiers = np.zeros(len(keys), np.int8)
    np.maximum.at(tiers, number[used], tier[used])
    terms = _spellings(joined, tokens, number, keys, tables)
    scale = sparse.diags_array(np.array([TIER_WEIGHT[int(t)] for t in tiers], float))
    damped = (_damp(whole) + PART_WEIGHT * _damp(parts)) @ scale
    all_keys = [*keys]
    if themes:
        theme, names = _themes(whole + parts, keys, terms, tables)
        damped = sparse.hstack([damped, THEME_WEIGHT * theme])
        all_keys += [f"#{name}" for name in names]
    n_whole, n_parts = (np.asarray(counts.sum(axis=0)).ravel() for counts in (whole, parts))
    alone = n_whole / np.maximum(n_whole + n_parts, 1)
    counts = sparse.csr_matrix(whole + parts)
    known_words = np.array([k in tables.themes or t in tables.themes or t in tables.compounds for k, t in zip(keys, terms, strict=True)], bool)
    found = TopicWords(counts, sparse.csr_matrix(damped), terms, np.array(all_keys, object), tiers, alone, known_words)
    return _with_formulas(found, joined, tables)


def _in_address(tokens: Tokens) -> np.ndarray:
    """Tell which words are a part of an e-mail or web address: they name people and machines, no matter."""
    found = np.zeros(len(tokens.ids), bool)
    for doc, text in enumerate(tokens.norm):
        for match in _ADDRESS.finditer(text) if "@" in text or "://" in text else ():
            low, high = tokens.doc_offsets[doc], tokens.doc_offsets[doc + 1]
            found[low:high] |= (tokens.nstarts[low:high] < match.end()) & (tokens.nends[low:high] > match.start())
    return found


def _with_formulas(words: TopicWords, joined: Tokens, tables: _Tables) -> TopicWords:
    """Add the words of the comments that have none of the topic words (columns between words and themes)."""
    vocabulary = joined.vocabulary
    at = np.flatnonzero((np.diff(words.weights.indptr) == 0)[joined.doc_of])
    key_of = {i: "~" + tables.formulas.get(vocabulary.base[i], _key(vocabulary, i, tables)) for i in np.unique(joined.ids[at]).tolist() if _is_formula(vocabulary, i, tables)}
    keys = sorted(set(key_of.values()))
    if not keys:
        return words
    place = {key: n for n, key in enumerate(keys)}
    number = np.full(len(vocabulary), -1, np.int64)
    number[list(key_of)] = [place[key] for key in key_of.values()]
    counts = _count(number[joined.ids[at]], joined.doc_of[at], joined.n_docs, len(keys))
    only = joined[np.unique(joined.doc_of[at])]
    listed = {f"~{word}": word for word in tables.formulas.values()}
    shown = [listed.get(key, base) for key, base in zip(keys, _spellings(only, only, number, keys, tables), strict=True)]
    n = words.n_terms
    weights = [words.weights[:, :n], TIER_WEIGHT[FORMULA] * _damp(counts), words.weights[:, n:]]
    return TopicWords(
        counts=sparse.csr_matrix(sparse.hstack([words.counts, counts])),
        weights=sparse.csr_matrix(sparse.hstack(weights)),
        terms=np.concatenate([words.terms, np.array(shown, object)]),
        keys=np.concatenate([words.keys[:n], np.array(keys, object), words.keys[n:]]),
        tiers=np.concatenate([words.tiers, np.full(len(keys), FORMULA, np.int8)]),
        alone=np.concatenate([words.alone, np.ones(len(keys))]),
        known=np.concatenate([words.known, np.zeros(len(keys), bool)]),
    )


def _is_formula(vocabulary: Vocabulary, i: int, tables: _Tables) -> bool:
    """Can a word be what a comment without topic words says? No names, no numerals, no mere grammar."""
    base = vocabulary.base[i]
    if not base or vocabulary.pos1[i] not in FORMULA_POS or vocabulary.pos2[i] in ("固有名詞", "数詞"):
        return False
    if vocabulary.pos3[i] == "助数詞可能" or tables.formulas.get(base) == "grammar":
        return False
    return any(char.isalpha() for char in vocabulary.norm[i])


def _tier(vocabulary: Vocabulary, i: int, tables: _Tables) -> int:
    """Tier of a word, −1 for words that carry no topic."""
    pos1, pos2, pos3 = vocabulary.pos1[i], vocabulary.pos2[i], vocabulary.pos3[i]
    base = vocabulary.base[i]
    if pos1 not in ("名詞", "動詞", "形容詞", "形状詞"):
        return -1
    if pos3 == "人名" and base not in tables.themes:
        return -1
    if not is_content(vocabulary, i) or not base:
        return -1
    listed = tables.stopwords.get(base)
    if listed == "stopword" or (pos3 == "助数詞可能" and len(base) == 1 and base not in tables.themes):
        return -1
    if _is_kana(base) and len(base) == 1:
        return -1
    if listed == "evaluative":
        return EVALUATIVE
    if pos1 in ("動詞", "形容詞", "形状詞"):
        return VERB if pos1 == "動詞" else EVALUATIVE
    weak = listed == "general" or pos3 == "副詞可能" or len(base) == 1 or (pos2 == "固有名詞" and pos3 == "地名")
    if weak and (listed == "general" or base not in tables.themes):
        return GENERAL
    return NOUN


def _is_kana(text: str) -> bool:
    return all("ぁ" <= char <= "ヿ" for char in text)


def _key(vocabulary: Vocabulary, i: int, tables: _Tables) -> str:
    base = tables.synonyms.get(vocabulary.base[i], vocabulary.base[i])
    if base in tables.canonical:
        return base
    lemma = vocabulary.lemma[i]
    return f"{lemma}/{vocabulary.reading[i]}/{vocabulary.pos1[i][:1]}" if lemma else base


def _count(columns: np.ndarray, docs: np.ndarray, n_docs: int, n_terms: int) -> sparse.csr_matrix:
    keep = columns >= 0
    counts = sparse.csr_matrix((np.ones(int(keep.sum())), (docs[keep], columns[keep])), shape=(n_docs, n_terms))
    counts.sum_duplicates()
    return counts


def _damp(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    damped = counts.copy()
    damped.data = 1.0 + np.log(damped.data)
    return damped


def _inside_compound(tokens: Tokens, joined: Tokens, tables: _Tables) -> np.ndarray:
    """Tell for each token of the parse whether it became part of a compound (one with a synonym excepted)."""
    if not len(joined.ids):
        return np.zeros(0, bool)
    at = joined.token_at(tokens.doc_of, tokens.nstarts)
    compound = np.fromiter(
        (two == "複合" and base not in tables.synonyms for two, base in zip(tokens.vocabulary.pos2, tokens.vocabulary.base, strict=True)),
        bool,
        len(tokens.vocabulary),
    )
    return compound[joined.ids[at]]


def _spellings(joined: Tokens, tokens: Tokens, number: np.ndarray, keys: list[str], tables: _Tables) -> np.ndarray:
    """The spelling shown for each key: the one in the synonym table, else the most common in the batch."""
    base = tokens.vocabulary.base
    seen = np.bincount(joined.ids, minlength=len(base)) * 1000 + np.bincount(tokens.ids, minlength=len(base))
    votes: list[dict[str, int]] = [{} for _ in keys]
    for i in np.flatnonzero((number >= 0) & (seen > 0)).tolist():
        spelling = votes[int(number[i])]
        spelling[base[i]] = spelling.get(base[i], 0) + int(seen[i])
    shown = [
        key if key in tables.canonical else min(vote, key=lambda s: (-vote[s], s))  # noqa: B023
        for key, vote in zip(keys, votes, strict=True)
    ]
    return np.array(shown, object)


def _themes(
    counts: sparse.csr_matrix, keys: list[str], terms: np.ndarray, tables: _Tables
) -> tuple[sparse.csr_matrix, list[str]]:
    """Columns of themes: 1 + log of the number of a text's words that the theme table lists."""
    names = sorted(set(tables.themes.values()))
    place = {name: i for i, name in enumerate(names)}
    pairs = []
    for n, (key, term) in enumerate(zip(keys, terms, strict=True)):
        name = tables.themes.get(key) or tables.themes.get(term)
        if name:
            pairs.append((n, place[name]))
    listed = sparse.csr_matrix(
        (np.ones(len(pairs)), ([p[0] for p in pairs], [p[1] for p in pairs])), shape=(len(keys), len(names))
    )
    return _damp(sparse.csr_matrix((counts > 0).astype(float) @ listed)), names
