"""Rules × tokens → matches: all rules of a set in one pass over each text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from textlens.resources import Stamp, table_stamp
from textlens.rules.anchors import Anchor, find_anchors
from textlens.rules.dictionary import Row, expression, load_rows
from textlens.rules.strings import FixedStrings
from textlens.text.order import order_by
from textlens.tokens import Tokens

Try = tuple[int, re.Pattern[str], int, int]
"""A rule, its expression, and how far before the string that was met it may begin (least, most)."""


@dataclass(frozen=True)
class Matches:
    """Where rules matched, as columns sorted by text, start, end, rule.

    Attributes
    ----------
    doc, start, end, rule : int32 arrays
        Text number, half-open offsets in the **normalised copy**, index into ``rows``.
    rows : tuple of Row
        The rules.
    tokens : Tokens
        What was searched.
    """

    doc: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rule: np.ndarray
    rows: tuple[Row, ...]
    tokens: Tokens

    def __len__(self) -> int:
        return len(self.doc)

    @cached_property
    def unit(self) -> np.ndarray:
        """Row of ``tokens.units`` that holds the end of each match."""
        return self.tokens.units.find(self.doc, np.maximum(self.end - 1, self.start))

    @cached_property
    def label(self) -> np.ndarray:
        """Label of each match (object array)."""
        return np.array([row.label for row in self.rows], object)[self.rule] if len(self) else np.empty(0, object)

    @cached_property
    def weight(self) -> np.ndarray:
        """Weight of each match (float array)."""
        return np.array([row.weight for row in self.rows])[self.rule] if len(self) else np.empty(0)

    def where(self, mask: np.ndarray) -> Matches:
        """Return the matches a bool mask (or an index array) picks."""
        return Matches(self.doc[mask], self.start[mask], self.end[mask], self.rule[mask], self.rows, self.tokens)

    def labelled(self, *labels: str) -> np.ndarray:
        """Tell which matches carry one of the labels (bool array); asked of the rules, not of every match."""
        return np.array([row.label in labels for row in self.rows], bool)[self.rule]

    def docs_with(self, *labels: str) -> np.ndarray:
        """Return a bool array over texts: does any match carry one of the labels?"""
        found = np.zeros(self.tokens.n_docs, bool)
        found[self.doc[self.labelled(*labels)]] = True
        return found

    def units_with(self, *labels: str) -> np.ndarray:
        """Return a bool array over units: does any match carry one of the labels?"""
        found = np.zeros(len(self.tokens.units), bool)
        found[self.unit[self.labelled(*labels)]] = True
        return found

    def to_findings(self, source: str, *, score: np.ndarray | None = None) -> pd.DataFrame:
        """Return one row per match with raw offsets (columns of ``schema.FINDING_COLUMNS``)."""
        starts, ends = self.tokens.raw_spans(self.doc, self.start, self.end)
        units = self.tokens.units
        return pd.DataFrame(
            {
                "id": self.tokens.index.to_numpy()[self.doc],
                "unit": units.number[self.unit] if len(self) else np.empty(0, np.int64),
                "start": starts,
                "end": ends,
                "label": self.label,
                "subject": np.full(len(self), "", object),
                "score": self.weight if score is None else score,
                "rule": np.array([row.id for row in self.rows], object)[self.rule] if len(self) else [],
                "source": np.array([source], object).repeat(len(self)),  # one string, not one for each row
            }
        )


class RuleSet:
    """Rules compiled for matching.

    Parameters
    ----------
    rows : sequence of Row
        ``match`` is ``literal`` (the term in the normalised text), ``word`` (the same, on token
        boundaries), ``regex`` (Python syntax, on the normalised text) or ``base`` (base forms of
        successive tokens, separated by spaces: ``腹 が 立つ`` finds 腹が立ちます).
        ``bound`` = ``start``, ``end`` or ``both`` asks for token boundaries; ``pos`` = UniDic parts of
        speech, separated by ``|``, one of which the first token's ``pos1-pos2-pos3`` must begin with.

    Notes
    -----
    Matches of one rule do not overlap (leftmost first, as ``re.finditer``). Regular expressions must
    hold at least one fixed character; one that does not is tried on every text, which is slow.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._everywhere: list[tuple[int, re.Pattern[str]]] = []
        self._bases: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        literal: dict[str, list[int]] = {}
        tries: dict[str, list[tuple[int, int, int]]] = {}
        for number, row in enumerate(self.rows):
            if row.match == "base":
                first, *rest = row.term.split()
                self._bases.setdefault(first, []).append((number, tuple(rest)))
            elif row.match == "regex":
                found = _anchors_of(row)
                if found is None:
                    self._everywhere.append((number, expression(row)))
                for anchor in found or ():
                    tries.setdefault(anchor.text, []).append((number, anchor.low, anchor.high))
            else:
                literal.setdefault(row.term, []).append(number)
        anchors = sorted({*literal, *tries})
        self._anchors = FixedStrings(anchors)
        self._asking = [tries.get(text, []) for text in anchors]
        self._has_tries = np.array([bool(found) for found in self._asking], bool)
        self._tries: dict[int, list[Try]] = {}
        of_anchor = [literal.get(text, []) for text in anchors]
        self._literals = np.array([number for numbers in of_anchor for number in numbers], np.int64)
        self._literal_offsets = np.cumsum([0, *map(len, of_anchor)])
        self._bound_start = np.array([r.match == "word" or r.bound in ("start", "both") for r in self.rows], bool)
        self._bound_end = np.array([r.match == "word" or r.bound in ("end", "both") for r in self.rows], bool)

    def __repr__(self) -> str:
        return f"<RuleSet {len(self.rows)} rules>"

    def match(self, tokens: Tokens) -> Matches:
        """Find every match of every rule."""
        parts = [*self._match_texts(tokens.norm), np.array(self._match_bases(tokens), np.int32).reshape(-1, 4)]
        table = np.concatenate(parts)
        table = self._on_tokens(table, tokens)
        table = _without_overlaps(table)
        return Matches(table[:, 0], table[:, 1], table[:, 2], table[:, 3], self.rows, tokens)

    def _match_texts(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Tables of (text, start, end, rule): of the fixed strings, and of the expressions tried where one stands."""
        hits: list[int] = []
        for number, pattern in self._everywhere:
            for place, text in enumerate(texts):
                for found in pattern.finditer(text):
                    if found.end() > found.start():
                        hits.extend((place, *found.span(), number))
        doc, begin, last, anchor = self._anchors.find(texts)
        count = np.diff(self._literal_offsets)[anchor]
        row = np.repeat(np.arange(len(anchor)), count)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count - self._literal_offsets[anchor], count)
        fixed = np.stack([doc[row], begin[row], last[row], self._literals[nth]], axis=1).astype(np.int32)
        asked = self._has_tries[anchor]
        met = anchor[asked].tolist()
        for a in set(met) - self._tries.keys():  # compiled when met: in a short file most expressions never are
            self._tries[a] = [(number, expression(self.rows[number]), low, high) for number, low, high in self._asking[a]]
        _try_out(texts, doc[asked].tolist(), begin[asked].tolist(), [self._tries[a] for a in met], hits)
        return [fixed, np.array(hits, np.int32).reshape(-1, 4)]

    def _match_bases(self, tokens: Tokens) -> list[int]:
        vocabulary, bases = tokens.vocabulary, self._bases
        starts_rule = vocabulary.map(("rules.begins", self), lambda words, i: words.base[i] in bases)
        hits: list[int] = []
        base, ids, doc_of = vocabulary.base, tokens.ids, tokens.doc_of
        for i in np.flatnonzero(starts_rule[tokens.ids]).tolist():
            doc = int(doc_of[i])
            stop = int(tokens.doc_offsets[doc + 1])
            for rule, rest in bases[base[ids[i]]]:
                last = i + len(rest)
                if last < stop and all(base[ids[i + 1 + k]] == word for k, word in enumerate(rest)):
                    hits.extend((doc, int(tokens.nstarts[i]), int(tokens.nends[last]), rule))
        return hits

    def _on_tokens(self, table: np.ndarray, tokens: Tokens) -> np.ndarray:
        """Drop matches that break a wish about token boundaries or parts of speech."""
        if not len(table):
            return table
        keep = np.ones(len(table), bool)
        need = self._bound_start[table[:, 3]]
        if need.any():
            keep[need] &= tokens.starts_token(table[need, 0], table[need, 1])
        need = self._bound_end[table[:, 3]]
        if need.any():
            last = tokens.token_at(table[need, 0], table[need, 2] - 1)
            keep[need] &= (last >= 0) & (tokens.nends[last] <= table[need, 2])
        for rule in np.unique(table[:, 3]):
            wanted = tuple(self.rows[rule].pos.split("|")) if self.rows[rule].pos else ()
            if wanted:
                rows = np.flatnonzero(table[:, 3] == rule)
                at = tokens.token_at(table[rows, 0], table[rows, 1])
                full = tokens.vocabulary.map("pos123", _pos123, object)[tokens.ids[at]]
                keep[rows] &= np.array([a >= 0 and p.startswith(wanted) for a, p in zip(at, full, strict=True)], bool)
        return table[keep]


def _anchors_of(row: Row) -> list[Anchor] | None:
    try:
        return find_anchors(row.term)
    except re.error:
        expression(row)  # it says where the row stands
        raise


def _try_out(texts: Sequence[str], docs: list[int], begins: list[int], tries: list[list[Try]], hits: list[int]) -> None:
    """Try expressions at the places where a string they must hold begins; add what matches to ``hits``."""
    add = hits.extend
    done: dict[int, int] = {}
    for doc, begin, candidates in zip(docs, begins, tries, strict=True):
        text = texts[doc]
        for rule, pattern, low, high in candidates:
            if low < 0:
                if done.get(rule) != doc:
                    done[rule] = doc
                    for found in pattern.finditer(text):
                        if found.end() > found.start():
                            add((doc, *found.span(), rule))
                continue
            first = begin - high if begin > high else 0
            if first == begin - low:
                match = pattern.match(text, first)
                if match and match.end() > first:
                    add((doc, first, match.end(), rule))
                continue
            match = pattern.search(text, first)
            while match and match.start() <= begin - low:
                if match.end() > match.start():
                    add((doc, match.start(), match.end(), rule))
                if match.end() > begin:
                    break
                match = pattern.search(text, max(match.end(), match.start() + 1))


def _pos123(vocabulary: object, number: int) -> str:
    return "-".join((vocabulary.pos1[number], vocabulary.pos2[number], vocabulary.pos3[number]))  # type: ignore[attr-defined]


def _without_overlaps(table: np.ndarray) -> np.ndarray:
    """Keep, of the matches of one rule in one text, the leftmost ones that do not overlap; sort."""
    if len(table) < 2:
        return table
    table = table[order_by(table[:, 3], table[:, 0], table[:, 1], table[:, 2].max() - table[:, 2])]
    same = (table[1:, 3] == table[:-1, 3]) & (table[1:, 0] == table[:-1, 0])
    clash = same & (table[1:, 1] < table[:-1, 2])
    if clash.any():
        group = np.concatenate([[0], np.cumsum(~same)])
        rows = np.flatnonzero(np.isin(group, group[1:][clash]))
        keep, last, reach = np.ones(len(table), bool), -1, -1
        for i, start, end, own in zip(rows.tolist(), table[rows, 1].tolist(), table[rows, 2].tolist(), group[rows].tolist(), strict=True):
            if own != last:
                last, reach = own, -1
            if start < reach:
                keep[i] = False
            else:
                reach = end
        table = table[keep]
    return table[order_by(*table.T)]


def load_rules(*relatives: str) -> RuleSet:
    """Load TSV dictionaries as one compiled rule set (kept until a file changes)."""
    return _rule_set(relatives, tuple(map(table_stamp, relatives)))


@lru_cache(maxsize=64)
def _rule_set(relatives: tuple[str, ...], _stamps: tuple[Stamp, ...]) -> RuleSet:
    return RuleSet(row for name in relatives for row in load_rows(name))
