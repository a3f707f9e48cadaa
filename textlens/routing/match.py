"""One pass over a batch: which words of the lexicon stand where, and what each means in its company."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.routing.lexicon import NO_GROUP, Lexicon
from textlens.tokens import Tokens, Vocabulary
from textlens.tokens.ranges import ranges

IN_UNIT, IN_CONTEXT, IN_TEXT, ALONE = 3, 2, 1, 0
_LEVEL = np.array([1.0, 0.7, 0.8, 1.0])
"""A meaning fixed by a word elsewhere in the comment counts less than by one in the same unit."""
_AFTER = {"は": 1.15, "が": 1.15, "を": 1.15, "も": 1.1, "へ": 1.0, "に": 1.0, "の": 1.0,
          "で": 0.85, "まで": 0.7, "から": 0.75, "より": 0.6, "と": 0.9, "や": 0.95}  # fmt: skip
"""What follows a word tells topic (は, が, を) from place (で) and way (から, まで): 益岡・田窪 (1992)
『基礎日本語文法』on 主題 and 格助詞. The figures are ours."""
_BESIDE = 0.3
_TITLE = 1.6
"""A word that is addressed (道路課 御中, 農地相談) or announced (ごみ袋について) in the first 意見単位."""
_FIRST = 1.3
"""The first matter of a comment: Japanese puts the topic first."""


@dataclass(frozen=True)
class Evidence:
    """Columns, one row per word with one meaning, sorted by place.

    ``doc``, ``unit`` (row of ``tokens.units``), ``start``, ``end`` (normalised copy), ``sense`` (row of the
    lexicon's senses), ``concept``, ``weight``, ``level`` (which company fixed the meaning); ``request_units`` and
    ``greeting_units`` (bool over units): does the unit ask for something, is it a greeting?
    """

    doc: np.ndarray
    unit: np.ndarray
    start: np.ndarray
    end: np.ndarray
    term: np.ndarray
    sense: np.ndarray
    concept: np.ndarray
    weight: np.ndarray
    level: np.ndarray
    request_units: np.ndarray
    greeting_units: np.ndarray

    def __len__(self) -> int:
        return len(self.doc)


def find_evidence(tokens: Tokens, lexicon: Lexicon, context_groups: list[frozenset[int]] | None = None) -> Evidence:
    """Find every word of the lexicon and settle its meaning.

    Parameters
    ----------
    tokens : Tokens
    lexicon : Lexicon
    context_groups : list of frozenset of int, optional
        Groups that the question wording or heading of each text holds.
    """
    units = tokens.units
    lengths = np.fromiter(map(len, tokens.norm), np.int64, tokens.n_docs) + 1
    begin = np.cumsum(lengths) - lengths
    text, low, high, term = lexicon.strings.find(tokens.norm)
    start, end = low + begin[text], high + begin[text]
    token_start, token_end = tokens.nstarts + begin[tokens.doc_of], tokens.nends + begin[tokens.doc_of]
    keep = _on_boundaries(int(lengths.sum()), token_start, token_end, start, end, term, lexicon) & ~_in_a_name(tokens, token_start, token_end, start, end, lexicon)
    term, start, end = term[keep], start[keep], end[keep]
    unit_start = units.start + begin[units.doc] if len(units) else np.zeros(0, np.int64)
    unit = np.searchsorted(unit_start, start, "right") - 1
    doc = units.doc[unit].astype(np.int64) if len(unit) else unit
    held = _company(doc, unit, term, lexicon, context_groups)
    longest = _longest(start, end, np.diff(lexicon.sense_offsets)[term] > 0)
    doc, unit, term, start, end = (a[longest] for a in (doc, unit, term, start, end))
    row, sense, level = _meanings(doc, unit, term, lexicon, held)
    opens = unit == units.doc_offsets[doc] if len(doc) else np.zeros(0, bool)
    factor = _place_factor(tokens, token_start, end, doc, opens, lexicon)
    weight = lexicon.sense_weight[sense] * _LEVEL[level] * factor[row]
    return Evidence(
        doc[row], unit[row], (start - begin[doc] if len(doc) else start)[row], (end - begin[doc] if len(doc) else end)[row],
        term[row], sense, lexicon.sense_concept[sense], weight, level,
        _units_with(held, lexicon, "!request", len(units)), _units_with(held, lexicon, "!greeting", len(units)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Company:
    unit_keys: np.ndarray
    doc_keys: np.ndarray
    context_keys: np.ndarray
    width: int


def _on_boundaries(
    length: int,
    token_start: np.ndarray,
    token_end: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    term: np.ndarray,
    lexicon: Lexicon,
) -> np.ndarray:
    """Drop short words that are a part of another word (バス in バスケット)."""
    begins, ends = np.zeros(length + 1, bool), np.zeros(length + 1, bool)
    begins[token_start] = True
    ends[token_end] = True
    return (begins[start] | ~lexicon.whole_start[term]) & (ends[end] | ~lexicon.whole_end[term])


def _in_a_name(tokens: Tokens, token_start: np.ndarray, token_end: np.ndarray, start: np.ndarray, end: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """Tell which words are a part of somebody's name (ヨシ in 佐々木ヨシ子様) or cut the name of a place (市長 in 葛川市長谷)."""
    if not len(token_start):
        return np.zeros(len(start), bool)
    vocabulary, ids = tokens.vocabulary, tokens.ids
    proper = vocabulary.map("routing:proper", lambda v, i: v.pos2[i] == "固有名詞")[ids]
    person = vocabulary.map("routing:person", lambda v, i: v.pos3[i] == "人名")[ids]
    touches = token_start[1:] == token_end[:-1]
    beside = np.zeros(len(ids), bool)
    beside[1:] |= touches & person[:-1]
    beside[:-1] |= touches & (person[1:] | _words_in(vocabulary, lexicon.honorific)[ids][1:])
    first, last = np.searchsorted(token_start, start, "right") - 1, np.searchsorted(token_start, end - 1, "right") - 1
    cut = proper[first] & (token_start[first] < start) | proper[last] & (token_end[last] > end)
    return np.asarray(cut | person[first] & beside[first] & (first == last))


def _company(
    doc: np.ndarray, unit: np.ndarray, term: np.ndarray, lexicon: Lexicon, context: list[frozenset[int]] | None
) -> _Company:
    width = len(lexicon.groups) + 1
    count = np.diff(lexicon.group_offsets)[term]
    row = np.repeat(np.arange(len(term)), count)
    group = lexicon.group_of[ranges(lexicon.group_offsets[term], count)]
    unit_keys = np.unique(unit[row] * width + group)
    doc_keys = np.unique(doc[row] * width + group)
    found = [d * width + g for d, groups in enumerate(context or ()) for g in sorted(groups)]
    return _Company(unit_keys, doc_keys, np.array(found, np.int64), width)


def _holds(keys: np.ndarray, asked: np.ndarray) -> np.ndarray:
    if not len(keys):
        return np.zeros(len(asked), bool)
    return keys[np.minimum(np.searchsorted(keys, asked), len(keys) - 1)] == asked


def _longest(start: np.ndarray, end: np.ndarray, meant: np.ndarray) -> np.ndarray:
    """Of words that lie inside one another keep the longest (学校のプール beats プール)."""
    which = np.flatnonzero(meant)
    order = which[np.lexsort((-end[which], start[which]))]
    if not len(order):
        return order
    reach = np.maximum.accumulate(end[order])
    inside = np.concatenate([[False], end[order][1:] <= reach[:-1]])
    return order[~inside]


def _meanings(
    doc: np.ndarray, unit: np.ndarray, term: np.ndarray, lexicon: Lexicon, held: _Company
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose, for each word, the meanings whose company is nearest."""
    count = np.diff(lexicon.sense_offsets)[term]
    row = np.repeat(np.arange(len(term)), count)
    sense = ranges(lexicon.sense_offsets[term], count)
    group = lexicon.sense_group[sense]
    level = np.full(len(row), -1, np.int64)
    level[group == NO_GROUP] = ALONE
    asked = np.flatnonzero(group != NO_GROUP)
    if len(asked):
        in_doc = _holds(held.doc_keys, doc[row[asked]] * held.width + group[asked])
        level[asked[in_doc]] = IN_TEXT
        in_context = _holds(held.context_keys, doc[row[asked]] * held.width + group[asked])
        level[asked[in_context]] = IN_CONTEXT
        in_unit = _holds(held.unit_keys, unit[row[asked]] * held.width + group[asked])
        level[asked[in_unit]] = IN_UNIT
    best = np.full(len(term), -1, np.int64)
    np.maximum.at(best, row, level)
    keep = (level == best[row]) & (level >= 0)
    return row[keep], sense[keep], level[keep]


def _place_factor(
    tokens: Tokens, token_start: np.ndarray, end: np.ndarray, doc: np.ndarray, opens: np.ndarray, lexicon: Lexicon
) -> np.ndarray:
    """Weigh each word by what follows it: topic, object, place, or mere landmark (公園の横)."""
    factor = np.ones(len(end))
    if not len(end) or not len(token_start):
        return factor
    vocabulary = tokens.vocabulary
    after = vocabulary.map("routing:after", _after, np.float64)
    beside, title = _words_in(vocabulary, lexicon.beside), _words_in(vocabulary, lexicon.title)
    genitive = vocabulary.map("routing:の", _is_genitive, bool)
    last = len(token_start) - 1
    place = np.minimum(np.searchsorted(token_start, end), last)
    near = (token_start[place] >= end) & (tokens.doc_of[place] == doc) & (token_start[place] <= end + 1)
    word = tokens.ids[place]
    factor = np.where(near, after[word], 1.0)
    second = np.minimum(place + 1, last)
    same = tokens.doc_of[second] == doc
    mark = near & genitive[word] & same & beside[tokens.ids[second]]
    mark |= near & beside[word]
    factor[mark] = _BESIDE
    factor[opens & near & (title[word] | same & title[tokens.ids[second]]) & ~mark] *= _TITLE
    factor[np.unique(doc, return_index=True)[1]] *= _FIRST
    return factor


def _words_in(vocabulary: Vocabulary, words: frozenset[str]) -> np.ndarray:
    """Tell for each word of the vocabulary whether it is one of ``words``."""

    def listed(known: Vocabulary, i: int) -> bool:
        return known.norm[i] in words

    return vocabulary.map("routing:in:" + "、".join(sorted(words)), listed, bool)


def _after(words: Vocabulary, i: int) -> float:
    return _AFTER.get(words.norm[i], 1.0) if words.pos1[i] == "助詞" else 1.0


def _is_genitive(words: Vocabulary, i: int) -> bool:
    return words.norm[i] == "の" and words.pos1[i] == "助詞"


def _units_with(held: _Company, lexicon: Lexicon, group: str, n_units: int) -> np.ndarray:
    found = np.zeros(n_units, bool)
    number = lexicon.groups.index(group)
    found[held.unit_keys[held.unit_keys % held.width == number] // held.width] = True
    return found
