"""Words of residents → matters → 課 of one 組織表: the three tables compiled into arrays.

A resident never says 道路維持課. The shipped tables know some thousands of everyday words and which
matter (事柄) they speak of; a matter knows the words an 組織表 would use for it (``anchors``); so any
municipality's table takes its own matters over, whatever its codes and however its 課 are cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from textlens.errors import DictionaryError
from textlens.resources import made_from
from textlens.routing.table import Department, stem
from textlens.rules import read_table
from textlens.rules.strings import FixedStrings
from textlens.schema import OUTSIDE
from textlens.text.normalize import normalize

_TABLES = ("concepts", "matters", "senses", "company", "variants", "cues")
NO_GROUP = -1
_ANCHOR_STEP = 0.94
"""Each anchor counts a little less than the one before it: 道路維持 before 道路 before 土木."""
_PASSES_ON, _RELATED = 0.6, 0.58
"""Share of a matter for the 課 that passes an outside matter on, and for 関係課."""
_FIRST = 0.82
"""A 課 within this share of the best one for a matter is a candidate too."""


@dataclass(frozen=True)
class Concept:
    """One matter: its name, the words of 組織表 it hangs on, and where it goes outside the city."""

    name: str
    anchors: tuple[str, ...]
    outside: str
    pass_to: str
    related: tuple[str, ...]


@dataclass(eq=False)
class Lexicon:
    """Compiled words; numbers index the lists.

    Attributes
    ----------
    terms : list of str
        Words searched for, in normal form.
    whole_start, whole_end : bool arrays over terms
        The word must begin (end) at a token boundary.
    sense_offsets, sense_group, sense_concept, sense_weight, sense_row
        Meanings of term ``t`` are rows ``sense_offsets[t]:sense_offsets[t + 1]``; ``sense_group`` is the
        company asked for, or −1.
    group_offsets, group_of : int arrays
        Groups that term ``t`` belongs to, in the same form.
    concepts : list of Concept
    affinity : float array, shape (n_concepts, n_codes)
        1 for the 課 in charge, less for a candidate or related 課.
    codes, names : list of str
        Codes of the table, then X0 … X4.
    honorific : frozenset of str
        Words behind somebody's name.
    asking : frozenset of int
        Matters that, in a question's wording, only tell how one was asked (市長への手紙).
    whole : frozenset of str
        Words of a wording that asks about everything (市政全般).
    """

    terms: list[str]
    whole_start: np.ndarray
    whole_end: np.ndarray
    sense_offsets: np.ndarray
    sense_group: np.ndarray
    sense_concept: np.ndarray
    sense_weight: np.ndarray
    sense_row: list[str]
    group_offsets: np.ndarray
    group_of: np.ndarray
    groups: list[str]
    concepts: list[Concept]
    affinity: np.ndarray
    codes: list[str]
    names: list[str]
    strings: FixedStrings
    beside: frozenset[str]
    title: frozenset[str]
    honorific: frozenset[str]
    asking: frozenset[int]
    whole: frozenset[str]
    unmatched: list[str] = field(default_factory=list)

    @property
    def n_codes(self) -> int:
        """Number of codes, those outside the city included."""
        return len(self.codes)


@made_from(*(f"routing/{name}.tsv" for name in _TABLES))
def compile_lexicon(departments: tuple[Department, ...]) -> Lexicon:
    """Compile the shipped words for one 組織表."""
    concept_rows, matters, senses, company, variant_rows, cues = (list(read_table(f"routing/{name}.tsv")) for name in _TABLES)
    variants = {row["term"]: _words(row["variants"]) for row in variant_rows}
    concepts = [
        Concept(r["concept"], _words(r["anchors"]), r["outside"], r["pass_to"], _words(r["related"])) for r in concept_rows
    ]
    number = {concept.name: i for i, concept in enumerate(concepts)}
    after = {row["cue"]: frozenset(_words(row["terms"])) for row in cues}
    company += [{"group": f"!{cue}", "terms": "、".join(sorted(after[cue]))} for cue in ("request", "greeting")]
    if not after["asking"] <= number.keys():
        raise DictionaryError("routing/cues.tsv の cue が asking の行の terms: concepts.tsv にない事柄があります。名前を確かめてください。")
    cued = (after["beside"], after["title"], after["honorific"], frozenset(number[name] for name in after["asking"]), after["whole"])
    groups = [row["group"] for row in company]
    meanings: dict[str, dict[tuple[int, int], tuple[float, str]]] = {}

    def add(term: str, group: int, concept: str, weight: float, row: str) -> None:
        if concept not in number:
            raise DictionaryError(f"routing の {row}: 事柄「{concept}」が concepts.tsv にありません。名前を確かめてください。")
        for form in _forms(term, variants):
            known = meanings.setdefault(form, {})
            key = (group, number[concept])
            if key not in known or known[key][0] < weight:
                known[key] = (weight, row)

    for row in senses:
        wanted = _words(row["company"])
        unknown = [g for g in wanted if g not in groups]
        if unknown:
            raise DictionaryError(f"senses.tsv の {row['id']}: 仲間「{unknown[0]}」が company.tsv にありません。")
        for term in _words(row["terms"]):
            for group in [groups.index(g) for g in wanted] or [NO_GROUP]:
                add(term, group, row["concept"], float(row["weight"]), row["id"])
    settled = {term for term, known in meanings.items() if any(group == NO_GROUP for group, _ in known)}
    for row in matters:
        for term in _words(row["terms"]):
            if term not in settled:
                add(term, NO_GROUP, row["concept"], float(row["weight"]), row["id"])
    affinity, unmatched = attach(concepts, departments)
    _add_own_keywords(departments, concepts, affinity, meanings, variants)
    membership: dict[str, list[int]] = {}
    for g, row in enumerate(company):
        for term in _words(row["terms"]):
            for form in _forms(term, variants):
                membership.setdefault(form, []).append(g)
    affinity = np.vstack([affinity, np.zeros((len(concepts) - len(affinity), affinity.shape[1]))])
    for i, concept in enumerate(concepts):
        if concept.name.startswith("課:"):
            code = concept.outside
            affinity[i, _codes(departments).index(code)] = 1.0
    return _arrays(meanings, membership, groups, concepts, affinity, departments, unmatched, cued)


def _add_own_keywords(
    departments: tuple[Department, ...],
    concepts: list[Concept],
    affinity: np.ndarray,
    meanings: dict[str, dict[tuple[int, int], tuple[float, str]]],
    variants: dict[str, tuple[str, ...]],
) -> None:
    """Keywords of the table that no shipped row knows become words of their own 課; so do the names of 課."""
    holders: dict[str, list[Department]] = {}
    for one in departments:
        for word in (*one.keywords, one.name, *([stem(one.name)] if len(stem(one.name)) > 2 else [])):
            holders.setdefault(word, []).append(one)
    for word, owners in holders.items():
        for one in owners:
            label = f"課:{one.name}"
            place = next((i for i, c in enumerate(concepts) if c.name == label and c.outside == one.code), -1)
            if place < 0:
                concepts.append(Concept(label, (), one.code, "", ()))
                place = len(concepts) - 1
            for form in _forms(word, variants):
                known = meanings.setdefault(form, {})
                if word == one.name:
                    known[NO_GROUP, place] = (5.0, f"組織表:{one.code}")
                elif not known or all(row.startswith("組織表") for _, row in known.values()):
                    weight = (1.0 if len(word) == 1 else 2.0 if len(word) == 2 else 3.0) / len(owners)
                    known[NO_GROUP, place] = (weight, f"組織表:{one.code}")


def attach(concepts: list[Concept], departments: tuple[Department, ...]) -> tuple[np.ndarray, list[str]]:
    """Find the 課 in charge of each matter.

    Returns
    -------
    affinity : float array, shape (n_concepts, n_departments + 5)
    unmatched : list of str
        Matters for which the table has no 課: they are held for a person.
    """
    codes = _codes(departments)
    own = np.zeros((len(concepts), len(codes)))
    unmatched = []
    for i, concept in enumerate(concepts):
        scores = np.array([_fit(concept.anchors, one) for one in departments])
        best = scores.max(initial=0.0)
        if best > 0:
            share = scores / best
            own[i, : len(departments)] = np.where(share >= 0.999, 1.0, np.where(share >= _FIRST, share**8 * 0.4, 0.0))
        if concept.outside:
            own[i] *= _PASSES_ON
            own[i, codes.index(concept.outside)] = 1.0
        elif best <= 0:
            unmatched.append(concept.name)
    names = {concept.name: i for i, concept in enumerate(concepts)}
    affinity = own.copy()
    for i, concept in enumerate(concepts):
        for rank, other in enumerate(concept.related):
            affinity[i] = np.maximum(affinity[i], own[names[other]] * (_RELATED - 0.03 * rank))
    return affinity, unmatched


def _fit(anchors: tuple[str, ...], one: Department) -> float:
    """How well a 課's words take a matter's anchors (0 … 1)."""
    best, step = 0.0, 1.0
    for anchor in anchors:
        value = 0.0
        for place, word in enumerate(one.keywords):
            if word == anchor:
                value = max(value, 1.0 - 0.004 * min(place, 10))
            elif len(anchor) > 1 and anchor in word:
                value = max(value, 0.80 + 0.1 * len(anchor) / len(word))
            elif len(word) > 1 and word in anchor:
                value = max(value, 0.55 + 0.25 * len(word) / len(anchor))
        if len(anchor) > 1 and anchor in one.name:
            value = max(value, 0.93 + 0.06 * len(anchor) / len(one.name))
        best = max(best, value * step)
        step *= _ANCHOR_STEP
    return best


def _codes(departments: tuple[Department, ...]) -> list[str]:
    return [one.code for one in departments] + list(OUTSIDE)


def _words(cell: str) -> tuple[str, ...]:
    return tuple(normalize(word).text.strip() for word in cell.split("、") if word.strip())


def _forms(term: str, variants: dict[str, tuple[str, ...]]) -> Iterable[str]:
    """Return the term with each known spelling exchanged."""
    forms = [term]
    for known, others in variants.items():
        if known in term:
            forms += [term.replace(known, other) for other in others]
    return dict.fromkeys(forms)


def _whole(term: str) -> tuple[bool, bool]:
    """Must the word begin and end at token boundaries? Short ones must: 穴, バス, 本."""
    kana = all("ぁ" <= c <= "ヶ" or c == "ー" for c in term)
    if term.isascii() or len(term) == 1:
        return True, True
    if kana and len(term) <= 3:
        return True, True
    return len(term) <= 2, False


def _arrays(
    meanings: dict[str, dict[tuple[int, int], tuple[float, str]]],
    membership: dict[str, list[int]],
    groups: list[str],
    concepts: list[Concept],
    affinity: np.ndarray,
    departments: tuple[Department, ...],
    unmatched: list[str],
    cued: tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[int], frozenset[str]],
) -> Lexicon:
    terms = sorted(set(meanings) | set(membership))
    offsets, group_offsets = [0], [0]
    group, concept, weight, row, member = [], [], [], [], []
    for term in terms:
        for (g, c), (w, r) in sorted(meanings.get(term, {}).items()):
            group.append(g)
            concept.append(c)
            weight.append(w)
            row.append(r)
        offsets.append(len(group))
        member += sorted(set(membership.get(term, [])))
        group_offsets.append(len(member))
    whole = np.array([_whole(term) for term in terms], bool).reshape(-1, 2)
    return Lexicon(
        terms, whole[:, 0], whole[:, 1], np.array(offsets), np.array(group, np.int64), np.array(concept, np.int64),
        np.array(weight), row, np.array(group_offsets), np.array(member, np.int64), groups, concepts, affinity,
        _codes(departments), [one.name for one in departments] + list(OUTSIDE.values()), FixedStrings(terms), *cued, unmatched,
    )  # fmt: skip
