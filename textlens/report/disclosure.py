"""Small cells: hidden together with enough others that no sum gives them back, and no more."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterable
from pathlib import Path

from textlens.report.sums import Sums, fixed_by_sums, order, told_anyway
from textlens.report.tables import Key, Table


def hide_small_cells(
    tables: dict[str, Table], min_cell: int, looser: Iterable[int] = (), together: Iterable[tuple[Key, frozenset[Key]]] = ()
) -> tuple[dict[str, Table], int]:
    """Hide every number from 1 to ``min_cell - 1``, and no more than is needed to keep others from giving it back.

    All tables are treated as one system, because a reader has all of them: a number hidden in one table
    is hidden wherever it appears, and the sums of every table are used when asking what can be derived.
    Grand totals (:func:`told_anyway`) stand in the accounting: they are never hidden, and a reader knows them.

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
    that are still determined, and hides further ones until none is. What one partner made needless is shown again.

    Misses: bounds (a hidden number may be known to lie between two values); tables published earlier or
    elsewhere; columns that count a comment several times are hidden by size only.

    References
    ----------
    domain.md P01; complementary suppression and its clean-up as in Hundepool et al. (2012), Statistical Disclosure
    Control, Wiley, chapter 4.
    """
    values = {key: n for table in tables.values() for key, n in table.values().items()}
    sums = Sums(values, [e for table in tables.values() for e in table.equations()], together)
    hidden: set[Key] = set()
    for smallest in (*looser, min_cell):
        small = {key for key, n in values.items() if 0 < n < smallest} - sums.told
        hidden = sums.hide(hidden | small, smallest) if small else hidden
    return {name: table.without(hidden) for name, table in tables.items()}, len(hidden)


def derivable(tables: Iterable[Table]) -> list[Key]:
    """Return the hidden numbers that the shown ones, and the totals of the accounting, give back (P01: the check of an export).

    Works on the tables as shown, whoever hid the cells.
    """
    shown = list(tables)
    equations = [e for table in shown for e in table.equations()]
    known = {key for table in shown for key in table.values()}
    keys = {key for parts, total in equations for key in (*parts, total)}
    return sorted(fixed_by_sums(equations, keys - known - told_anyway(equations, keys)), key=order)


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
