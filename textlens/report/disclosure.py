"""Small cells: hidden together with enough others that no sum gives them back."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from textlens.report.tables import Key, Table

Equation = tuple[tuple[Key, ...], Key]


def hide_small_cells(
    tables: dict[str, Table], min_cell: int, looser: Iterable[int] = (), together: Iterable[tuple[Key, frozenset[Key]]] = ()
) -> tuple[dict[str, Table], int]:
    """Hide every number from 1 to ``min_cell - 1``, and whatever would give it back.

    All tables are treated as one system, because a reader has all of them: a number hidden in one table
    is hidden wherever it appears, and the sums of every table are used when asking what can be derived.

    Parameters
    ----------
    tables : dict of str to Table
    min_cell : int
        Smallest count that may be shown (0 is shown). 1 hides nothing.
    looser : iterable of int
        ``min_cell`` of the wider profiles, widest first: what they hide stays hidden. Partners chosen anew
        for each profile would let a reader of two of them fill in one from the other.
    together : iterable of (Key, set of Key)
        Where the first is hidden, the others are too, but for zeros (the size of a group, and all that is told of it).

    Returns
    -------
    tables : dict of str to Table
        The same tables with ``<NA>`` for hidden numbers.
    n_hidden : int
        How many distinct numbers are hidden.

    Notes
    -----
    After the small cells themselves, in each sum that has hidden parts at least two are hidden and they
    add up to ``min_cell`` or more; then linear algebra (a null space over all sums) looks for numbers
    that are still determined, and hides further ones until none is.

    Misses: bounds (a hidden number may be known to lie between two values); tables published earlier or
    elsewhere; columns that count a comment several times are hidden by size only.

    References
    ----------
    domain.md P01; complementary suppression as in Hundepool et al. (2012), Statistical Disclosure
    Control, Wiley, chapter 4.
    """
    values = {key: n for table in tables.values() for key, n in table.values().items()}
    equations = [e for table in tables.values() for e in table.equations()]
    followers = tuple((lead, frozenset(k for k in keys if values[k])) for lead, keys in together)
    hidden: set[Key] = set()
    for smallest in (*looser, min_cell):
        hidden |= {key for key, n in values.items() if 0 < n < smallest}
        hidden |= _following(followers, hidden)
        while hidden and (extra := _weak_sum(values, equations, hidden, smallest) or _determined(values, equations, hidden)):
            hidden |= extra | _following(followers, extra)
    return {name: table.without(hidden) for name, table in tables.items()}, len(hidden)


def derivable(tables: Iterable[Table]) -> list[Key]:
    """Return the hidden numbers that the shown ones give back (P01: the check of an export).

    Works on the tables as shown, whoever hid the cells.
    """
    shown = list(tables)
    equations = [e for table in shown for e in table.equations()]
    values = {key: n for table in shown for key, n in table.values().items()}
    hidden = {key for parts, total in equations for key in (*parts, total)} - set(values)
    return sorted(_fixed_by_sums(equations, hidden), key=_order)


def words_in_files(folder: Path, words: Iterable[str]) -> dict[str, int]:
    """Look through finished files, every sheet and page of them, for words that must not be there.

    Returns
    -------
    dict
        Name of the file → how many of the words it holds; files without any are left out.

    Notes
    -----
    Misses: a word in another writing than that of the comment (０９０ for 090), and pictures.
    """
    wanted = sorted({form for word in words for form in (word, html.escape(word), html.escape(word, quote=False))})
    found = {}
    for path in sorted(folder.iterdir()):
        content = _content(path)
        hits = {html.unescape(word) for word in wanted if word in content}
        if hits:
            found[path.name] = len(hits)
    return found


def _content(path: Path) -> str:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return path.read_text(encoding="utf-8", errors="replace")


def _following(together: tuple[tuple[Key, frozenset[Key]], ...], hidden: set[Key]) -> set[Key]:
    """Return what goes with the hidden numbers, and with those that go with them."""
    found: set[Key] = set()
    while more := {key for lead, keys in together if lead in hidden or lead in found for key in keys} - found:
        found |= more
    return found


def _weak_sum(values: dict[Key, int], equations: list[Equation], hidden: set[Key], min_cell: int) -> set[Key]:
    """Return a partner to hide for the first sum whose hidden parts are one, or too few together."""
    for parts, total in equations:
        inside = [k for k in parts if k in hidden]
        if not inside or total in hidden:
            continue
        if len(inside) == 1 or sum(values[k] for k in inside) < min_cell:
            return {_partner(values, (parts, total), hidden)}
    return set()


def _determined(values: dict[Key, int], equations: list[Equation], hidden: set[Key]) -> set[Key]:
    """Return a partner for the first hidden number that all sums together still give back."""
    for key in sorted(_fixed_by_sums(equations, hidden), key=_order):
        for parts, total in equations:
            if key in (*parts, total) and any(k not in hidden for k in (*parts, total)):
                return {_partner(values, (parts, total), hidden)}
    return set()


def _partner(values: dict[Key, int], equation: Equation, hidden: set[Key]) -> Key:
    """The smallest number of a sum that is not hidden; zeros and the total come last."""
    parts, total = equation
    visible = [k for k in parts if k not in hidden]
    return min(visible, key=lambda k: (values[k] == 0, values[k], _order(k)), default=total)


def _order(key: Key) -> tuple[str, list[tuple[str, str]]]:
    return key[0], sorted(key[1])


def _fixed_by_sums(equations: list[Equation], hidden: set[Key]) -> set[Key]:
    """Hidden numbers that have one value only, given the shown ones: their null-space rows are zero.

    Sums that share no hidden number are solved apart, because a null space costs the cube of its size.
    """
    fixed: set[Key] = set()
    for group in _groups(equations, hidden):
        unknown = sorted({k for line in group for k in line}, key=_order)
        place = {key: i for i, key in enumerate(unknown)}
        rows = np.zeros((len(group), len(unknown)))
        for i, line in enumerate(group):
            for key, sign in line.items():
                rows[i, place[key]] = sign
        _, singular, vectors = np.linalg.svd(rows)
        free = vectors[int((singular > 1e-9).sum()) :]
        loose = np.abs(free).max(axis=0) if len(free) else np.zeros(len(unknown))
        fixed |= {key for key, amount in zip(unknown, loose, strict=True) if amount < 1e-9}
    return fixed


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
