"""What the sums of all tables give back: partners for hidden numbers, and numbers that need not be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from textlens.report.tables import Key

Equation = tuple[tuple[Key, ...], Key]
_ZERO = 1e-7
"""Numbers below this are rounding errors of the linear algebra, whose own numbers are about 1."""


class Sums:
    """The numbers of all tables and the sums over them.

    Parameters
    ----------
    values : mapping of Key to int
    equations : iterable of (parts, total)
    together : iterable of (Key, set of Key)
        Where the first is hidden, the others are too, but for zeros.
    """

    def __init__(self, values: Mapping[Key, int], equations: Iterable[Equation], together: Iterable[tuple[Key, frozenset[Key]]] = ()) -> None:
        self.values = values
        self.equations = [(parts, total) for parts, total in equations if all(key in values for key in (*parts, total))]
        self.told = told_anyway(self.equations, values)
        """Numbers that stay, because the accounting tells them."""
        self._with: dict[Key, set[Key]] = {}
        self._leads: dict[Key, set[Key]] = {}
        self._at: dict[Key, list[Equation]] = {}
        self._margins = {total for parts, total in self.equations if len(parts) > 1}
        for lead, keys in together:
            for key in keys:
                if values[key]:
                    self._with.setdefault(lead, set()).add(key)
                    self._leads.setdefault(key, set()).add(lead)
        for equation in self.equations:
            for key in dict.fromkeys((*equation[0], equation[1])):
                self._at.setdefault(key, []).append(equation)

    def hide(self, first: set[Key], min_cell: int) -> set[Key]:
        """Return the numbers to hide: the first, what goes with them, and the partners they need."""
        hidden = first | self._following(first)
        while extra := self._for_weak_sums(hidden, min_cell) or self._for_determined(hidden, min_cell):
            hidden |= extra | self._following(extra)
        fewer = self._without_needless(hidden, first, min_cell)
        return fewer if self._fixed(fewer) <= self._fixed(hidden) else hidden

    def _following(self, keys: set[Key]) -> set[Key]:
        """Return what goes with hidden numbers, and with those that go with them."""
        found: set[Key] = set()
        new = set(keys)
        while new := {key for lead in new for key in self._with.get(lead, ())} - found:
            found |= new
        return found - self.told

    def _for_weak_sums(self, hidden: set[Key], min_cell: int) -> set[Key]:
        """Return a partner to hide for each sum whose hidden parts are one, or too few together."""
        found: set[Key] = set()
        for equation in self.equations:
            if self._is_weak(equation, hidden | found, min_cell):
                found |= self._partner([equation], hidden | found, min_cell)
        return found

    def _is_weak(self, equation: Equation, hidden: set[Key], min_cell: int) -> bool:
        parts, total = equation
        inside = [key for key in parts if key in hidden]
        return bool(inside) and total not in hidden and (len(inside) == 1 or sum(self.values[key] for key in inside) < min_cell)

    def _for_determined(self, hidden: set[Key], min_cell: int) -> set[Key]:
        """Return partners for the hidden numbers that all sums together still give back, one at most for each sum."""
        found: set[Key] = set()
        for key in sorted(self._fixed(hidden), key=order):
            if not any(found.intersection((*parts, total)) for parts, total in self._at[key]):
                found |= self._partner(self._at[key], hidden | found, min_cell)
        return found

    def _fixed(self, hidden: set[Key]) -> set[Key]:
        return fixed_by_sums(self.equations, hidden)

    def _partner(self, equations: Iterable[Equation], hidden: set[Key], min_cell: int) -> set[Key]:
        """The number whose hiding costs least: what goes with it, the sums that then need a partner too, a sum itself, zeros."""
        found = []
        for key in {key for parts, total in equations for key in (*parts, total)} - hidden - self.told:
            then = hidden | {key}
            weak = sum(self._is_weak(equation, then, min_cell) for equation in self._at[key])
            n = self.values[key]
            found.append((len(self._following({key}) - hidden), weak, key in self._margins, n == 0, n, order(key), key))
        return {min(found)[-1]} if found else set()

    def _without_needless(self, hidden: set[Key], first: set[Key], min_cell: int) -> set[Key]:
        """Show again what nothing needs hidden: first what most goes with, then sums of others, then the largest.

        In the null space of the sums a hidden number is a column; shown again, it takes its direction from all
        others, and those whose column then vanishes would be known too: they are shown with it, or none is.
        """
        left = set(hidden)
        for lines in _groups(self.equations, hidden):
            keys, space = _null_space(lines)
            place = {key: i for i, key in enumerate(keys)}
            for key in sorted(set(keys) - first, key=self._first_to_show):
                column = space[:, place[key]]
                size = float(column @ column)
                if size < _ZERO:
                    continue
                projected = space - np.outer(column, column @ space) / size
                gone = {k for k in keys if k in left and np.abs(projected[:, place[k]]).max(initial=0.0) < _ZERO}
                if self._may_be_shown(gone, left - gone, first, min_cell):
                    left -= gone
                    space = projected
        return left

    def _first_to_show(self, key: Key) -> tuple[object, ...]:
        return -len(self._with.get(key, ())), key not in self._margins, -self.values[key], order(key)

    def _may_be_shown(self, keys: set[Key], hidden: set[Key], first: set[Key], min_cell: int) -> bool:
        if keys & first or any(self._leads.get(key, set()) & hidden for key in keys):
            return False
        return not any(self._is_weak(equation, hidden, min_cell) for key in keys for equation in self._at[key])


def told_anyway(equations: Iterable[Equation], keys: Iterable[Key]) -> set[Key]:
    """Return the numbers without a condition (all comments, all units, all rows), and what is the only part of one.

    The accounting of every report tells them (processed rows, comments, units): hiding them in a table hides nothing,
    and what they give back is known.
    """
    told = {key for key in keys if not key[1]}
    single = [(parts[0], total) for parts, total in equations if len(parts) == 1]
    while more := {part for part, total in single if total in told} - told:
        told |= more
    return told


def order(key: Key) -> tuple[str, list[tuple[str, str]]]:
    """Return what keys are sorted by."""
    return key[0], sorted(key[1])


def fixed_by_sums(equations: list[Equation], hidden: set[Key]) -> set[Key]:
    """Return the hidden numbers that have one value only, given the shown ones: their null-space rows are zero.

    Sums that share no hidden number are solved apart, because a null space costs the cube of its size.
    """
    fixed: set[Key] = set()
    for lines in _groups(equations, hidden):
        keys, space = _null_space(lines)
        loose = np.abs(space).max(axis=0, initial=0.0)
        fixed |= {key for key, amount in zip(keys, loose, strict=True) if amount < _ZERO}
    return fixed


def _null_space(lines: list[dict[Key, int]]) -> tuple[list[Key], np.ndarray]:
    """Return the hidden numbers of some sums, and the directions (rows) in which they can move together."""
    keys = sorted({key for line in lines for key in line}, key=order)
    place = {key: i for i, key in enumerate(keys)}
    rows = np.zeros((len(lines), len(keys)))
    for i, line in enumerate(lines):
        for key, sign in line.items():
            rows[i, place[key]] = sign
    _, singular, vectors = np.linalg.svd(rows)
    return keys, vectors[int((singular > 1e-9).sum()) :]


def _groups(equations: list[Equation], hidden: set[Key]) -> list[list[dict[Key, int]]]:
    """The hidden parts of each sum (total: -1), gathered into groups that share no hidden number."""
    lines = [{**{k: 1 for k in parts if k in hidden}, **({total: -1} if total in hidden else {})} for parts, total in equations]
    owner: dict[Key, int] = {}
    groups: dict[int, list[dict[Key, int]]] = {}
    for number, line in enumerate(line for line in lines if line):
        joined = sorted({owner[k] for k in line if k in owner})
        members = [line, *(other for old in joined for other in groups.pop(old))]
        groups[number] = members
        for member in members:
            owner.update(dict.fromkeys(member, number))
    return list(groups.values())
