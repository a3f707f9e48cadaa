"""From cue words to 要確認 and 急ぎ: concepts per 意見単位, and the combinations that raise a flag.

A single word seldom tells: 子ども and 落ちそう and 側溝のふた, each harmless, together are a hazard. The
dictionary ``facets/cues.tsv`` finds concepts, ``facets/combinations.tsv`` says which of them, close to each
other, ask for which law (``facets/laws.tsv``) to be looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from textlens.errors import DictionaryError
from textlens.rules import Matches, read_table

COMBINATIONS = "facets/combinations.tsv"
LAWS = "facets/laws.tsv"
EXTRA = ("fault", "fault_weak", "actor:city", "target:city_hall", "target:staff")
"""Concepts that other facets ask for."""
SCOPES = ("unit", "near", "text")


@dataclass(frozen=True)
class Combination:
    """One row of ``facets/combinations.tsv``."""

    id: str
    laws: tuple[str, ...]
    urgent: bool
    needs: tuple[str, ...]
    without: tuple[str, ...]
    scope: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Finding labels the combination gives (``legal:<law>``, ``urgent``)."""
        legal = (f"legal:{self.laws[0]}",) if self.laws else ()
        return (*legal, "urgent") if self.urgent else legal


def load_laws() -> dict[str, tuple[str, ...]]:
    """Return the laws to look up by key, the main one first."""
    return {row["key"]: tuple(law for law in (row["law"], row["see_also"]) if law) for row in read_table(LAWS)}


def load_combinations() -> tuple[Combination, ...]:
    """Load the combinations.

    Raises
    ------
    DictionaryError
        A row names a law or a scope that does not exist.
    """
    laws = load_laws()
    found = []
    for row in read_table(COMBINATIONS):
        if row["law"] and row["law"] not in laws:
            raise DictionaryError(f"{COMBINATIONS} (id {row['id']}): law {row['law']} は {LAWS} にありません。")
        if row["scope"] not in SCOPES:
            raise DictionaryError(f"{COMBINATIONS} (id {row['id']}): scope は {'・'.join(SCOPES)} のどれかです。")
        found.append(
            Combination(
                row["id"], laws.get(row["law"], ()), row["urgent"] == "1",
                tuple(row["needs"].split()), tuple(row["without"].split()), row["scope"],
            )
        )  # fmt: skip
    return tuple(found)


class Signals:
    """Concepts of a batch by unit, and which combinations hold where.

    Parameters
    ----------
    matches : Matches
        Matches of ``facets/cues.tsv`` (labels are names of concepts).
    combinations : sequence of Combination

    Attributes
    ----------
    fired : bool array, shape (n_units, n_combinations)
        Unit ``u`` holds the first needed concept of combination ``c``, and the others stand in the same
        unit (``unit``), in it or a unit beside it in the same text (``near``), or anywhere in it (``text``).
    """

    def __init__(self, matches: Matches, combinations: tuple[Combination, ...]) -> None:
        self.matches = matches
        self.combinations = combinations
        units = matches.tokens.units
        used = {name for c in combinations for name in (*c.needs, *c.without)} | set(EXTRA)
        concepts = sorted(used)
        column = {name: i for i, name in enumerate(concepts)}
        self._of_rule = np.array([column.get(row.label, -1) for row in matches.rows], np.int32)
        self._columns = column
        here = np.zeros((len(units), len(concepts)), bool)
        if len(matches):
            concept = self._of_rule[matches.rule]
            here[matches.unit[concept >= 0], concept[concept >= 0]] = True
        self._where = {"unit": here, "near": _beside(here, units.doc), "text": _throughout(here, units.doc)}

    @cached_property
    def fired(self) -> np.ndarray:
        """See the class."""
        here = self._where["unit"]
        fired = np.zeros((len(here), len(self.combinations)), bool)
        for number, combination in enumerate(self.combinations):
            where = self._where[combination.scope]
            held = here[:, self._columns[combination.needs[0]]].copy()
            for name in combination.needs[1:]:
                held &= where[:, self._columns[name]]
            for name in combination.without:
                held &= ~where[:, self._columns[name]]
            fired[:, number] = held
        return fired

    @cached_property
    def urgent(self) -> np.ndarray:
        """Bool per unit."""
        return np.any(self.fired[:, [c.urgent for c in self.combinations]], axis=1)

    @cached_property
    def legal(self) -> np.ndarray:
        """Bool per unit."""
        return np.any(self.fired[:, [bool(c.laws) for c in self.combinations]], axis=1)

    def has(self, concept: str) -> np.ndarray:
        """Bool per unit: the concept stands in it."""
        return self._where["unit"][:, self._columns[concept]]

    def near(self, concept: str) -> np.ndarray:
        """Bool per unit: the concept stands in it or in a unit beside it."""
        return self._where["near"][:, self._columns[concept]]

    def laws(self, groups: np.ndarray, n_groups: int) -> list[tuple[str, ...]]:
        """Return the laws to look up per group of units (a unit itself, or its text), in dictionary order."""
        found: list[tuple[str, ...]] = [()] * n_groups
        legal = np.array([bool(c.laws) for c in self.combinations])
        units, numbers = np.nonzero(self.fired & legal)
        pairs = np.unique(np.stack([groups[units], numbers], axis=1), axis=0) if len(units) else np.empty((0, 2), int)
        for group, number in pairs.tolist():
            found[group] = tuple(dict.fromkeys((*found[group], *self.combinations[number].laws)))
        return found

    def findings(self, source: str) -> pd.DataFrame:
        """Return the words behind each flag: every match of a needed concept, once per label."""
        concept_of = self._of_rule[self.matches.rule]
        doc, unit = self.matches.tokens.units.doc, self.matches.unit
        by_concept = np.argsort(concept_of, kind="stable")
        bounds = np.searchsorted(concept_of[by_concept], np.arange(len(self._columns) + 1))
        reach = {"unit": self.fired, "near": _beside(self.fired, doc), "text": _throughout(self.fired, doc)}
        picked: list[np.ndarray] = []
        labels: list[str] = []
        origin: list[str] = []
        for number, combination in enumerate(self.combinations):
            if not self.fired[:, number].any():
                continue
            places = [by_concept[bounds[c] : bounds[c + 1]] for c in (self._columns[name] for name in combination.needs)]
            where = reach[combination.scope][:, number]
            first = places[0][self.fired[unit[places[0]], number]]
            rows = np.sort(np.concatenate([first, *(at[where[unit[at]]] for at in places[1:])]))
            for label in combination.labels:
                picked.append(rows)
                labels += [label] * len(rows)
                origin += [combination.id] * len(rows)
        chosen = np.concatenate(picked) if picked else np.empty(0, np.int64)
        frame = self.matches.where(chosen).to_findings(source)
        pairs = list(zip(origin, frame["rule"].tolist(), strict=True))
        names = {pair: "/".join(pair) for pair in set(pairs)}
        return frame.assign(label=np.array(labels, object), rule=[names[pair] for pair in pairs])


def _beside(here: np.ndarray, doc: np.ndarray) -> np.ndarray:
    """Let each unit also hold what stands in the unit before and after it in the same text."""
    around = here.copy()
    if len(here) > 1:
        same = (doc[1:] == doc[:-1])[:, None]
        around[1:] |= here[:-1] & same
        around[:-1] |= here[1:] & same
    return around


def _throughout(here: np.ndarray, doc: np.ndarray) -> np.ndarray:
    """Let each unit hold what stands anywhere in its text."""
    texts = np.zeros((int(doc[-1]) + 1 if len(doc) else 0, here.shape[1]), bool)
    units, columns = np.nonzero(here)
    texts[doc[units], columns] = True
    return texts[doc]
