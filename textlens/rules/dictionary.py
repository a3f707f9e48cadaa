"""Loading and checking of dictionary files (TSV), with a municipality's own rows laid over ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from textlens.errors import DictionaryError
from textlens.resources import (
    Stamp,
    dictionaries_root,
    dictionary_path,
    overlay_folder,
    own_path,
    table_stamp,
)
from textlens.rules.cells import OWN, holds_cells, place, read_cells, read_lines, read_tsv

MATCH_KINDS = ("literal", "word", "regex", "base")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dictionary file; columns beyond the common ones are in ``extra``."""

    id: str
    term: str
    label: str
    match: str = "literal"
    weight: float = 1.0
    source: str = ""
    example: tuple[str, ...] = ()
    counterexample: tuple[str, ...] = ()
    known_miss: tuple[str, ...] = ()
    bound: str = ""
    pos: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    """File, line and id, as messages name them."""


COMMON = ("id", "term", "label", "match", "weight", "source", "licence", "example", "counterexample",
          "known_miss", "bound", "pos", "note")  # fmt: skip


def load_rows(relative: str) -> tuple[Row, ...]:
    """Load one TSV dictionary, such as ``"intent/cues.tsv"``, with the overlay applied.

    Raises
    ------
    DictionaryError
        A row breaks the rules, or the office's own file cannot be laid over ours; the message names file, line and row id.
    """
    return _load(relative, table_stamp(relative))


def read_table(relative: str) -> tuple[dict[str, str], ...]:
    """Load a flat TSV table that is not a list of rules (headings, codes …), one dict per row.

    An overlay file of the same name replaces rows with the same first column; it needs no column it does not fill.

    Raises
    ------
    DictionaryError
        The overlay file cannot be laid over ours (see :mod:`textlens.rules.own`); the message names file, line and column.
    """
    rows = [row for _, row in read_tsv(dictionary_path(relative))]
    overlay = own_path(relative)
    if overlay and rows:
        _refuse(relative)
        empty = dict.fromkeys(rows[0], "")
        return tuple(_laid_over(rows, [{**empty, **row} for _, row in read_tsv(overlay)], next(iter(empty))))
    return tuple(rows)


def _laid_over(rows: list[dict[str, str]], own: list[dict[str, str]], first: str) -> Iterator[dict[str, str]]:
    """Put an office's rows where ours with the same first column begin, and new ones behind."""
    left: dict[str, list[dict[str, str]]] = {}
    for row in own:
        left.setdefault(row[first], []).append(row)
    replaced = left.keys() & {row[first] for row in rows}
    for row in rows:
        if row[first] in replaced:
            yield from left.pop(row[first], [])
        else:
            yield row
    for several in left.values():
        yield from several


def read_columns(relative: str) -> dict[str, Sequence[str]]:
    """Load a flat TSV table by columns: as :func:`read_table`, for tables of tens of thousands of rows."""
    if own_path(relative):
        rows = read_table(relative)
        return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    path = dictionary_path(relative)
    heading, *lines = [line for line in read_lines(path) if holds_cells(line)] or [""]
    names = heading.split("\t")
    if not heading or any(line.count("\t") != len(names) - 1 for line in lines):  # cells left out, or too many: row by row
        lines = ["\t".join(cells) for _, cells in read_cells(path)[1]]
    cells = "\t".join(lines).split("\t") if lines else []
    return {name: cells[place :: len(names)] for place, name in enumerate(names)}


def dictionary_hashes() -> dict[str, str]:
    """Return the SHA-256 of each dictionary file in use, by its relative name (for the manifest)."""
    root = dictionaries_root()
    found = {p.relative_to(root).as_posix(): _digest(p) for p in sorted(root.rglob("*")) if p.is_file()}
    overlay = overlay_folder()
    if overlay:
        found.update({f"（上書き）{p.relative_to(overlay).as_posix()}": _digest(p)
                      for p in sorted(overlay.rglob("*")) if p.is_file()})  # fmt: skip
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _refuse(relative: str) -> None:
    from textlens.rules.own import refuse  # asked for only where an office has its own file

    refuse(relative)


@lru_cache(maxsize=128)
def _load(relative: str, _stamp: Stamp) -> tuple[Row, ...]:
    rows, overlay = _parse(dictionary_path(relative), proven=True), own_path(relative)
    if overlay:
        _refuse(relative)
        columns = dict.fromkeys(next(iter(rows.values())).extra, "") if rows else {}
        own = _parse(overlay, name=f"{OWN} {relative}", proven=True)
        rows.update({key: replace(row, extra={**columns, **row.extra}) for key, row in own.items()})
    return tuple(row for row in rows.values() if row.match != "off")


def _parse(path: Path, *, name: str = "", proven: bool = False) -> dict[str, Row]:
    """Read the rows of a file; ``proven``: its regular expressions need no trial (``textlens check`` tries ours, ``own`` an office's)."""
    rows: dict[str, Row] = {}
    name = name or path.name
    for line, values in read_tsv(path, name):
        row = read_row(place(name, line, values.get("id") or "?"), values, proven=proven)
        if row.id in rows:
            raise DictionaryError(f"{place(name, line)}: id {row.id} が重なっています。別の id にしてください。")
        rows[row.id] = row
    return rows


def read_row(where: str, values: dict[str, str], *, proven: bool = False) -> Row:
    """Make a rule of the cells of one line; ``where``: how messages call it.

    Raises
    ------
    DictionaryError
        A cell breaks the rules.
    """
    if not values.get("id") or not values.get("term"):
        raise DictionaryError(f"{where}: id と term は必ず書いてください。")
    match = values.get("match") or "literal"
    if match not in (*MATCH_KINDS, "off"):
        raise DictionaryError(f"{where}: match は {'・'.join(MATCH_KINDS)} のどれかです。")
    try:
        weight = float(values.get("weight") or 1.0)
    except ValueError:
        raise DictionaryError(f"{where}: weight は数で書いてください。") from None
    row = Row(
        id=values["id"], term=values["term"], label=values.get("label", ""), match=match, weight=weight,
        source=values.get("source", ""), example=_split(values.get("example", "")),
        counterexample=_split(values.get("counterexample", "")), known_miss=_split(values.get("known_miss", "")),
        bound=values.get("bound", ""), pos=values.get("pos", ""), note=values.get("note", ""),
        extra={k: v for k, v in values.items() if k not in COMMON}, where=where,
    )  # fmt: skip
    if match == "regex" and not proven:
        expression(row)
    return row


def expression(row: Row) -> re.Pattern[str]:
    """Return the compiled expression of a row (kept).

    Raises
    ------
    DictionaryError
        It cannot be compiled; the message names file, line and row id.
    """
    try:
        return _compiled(row.term)
    except re.error as error:
        raise DictionaryError(f"{row.where or row.id}: 正規表現が正しくありません（{error}）。term を直してください。") from None


_compiled = cache(re.compile)
"""``re`` itself keeps 512 expressions; there are twice as many."""


def parse_file(path: Path) -> tuple[Row, ...]:
    """Read one file of rules by its path (rows switched off included).

    Raises
    ------
    DictionaryError
        A row breaks the rules.
    """
    return tuple(_parse(path).values())


def read_heading(path: Path) -> list[str]:
    """Return the column names of a TSV file (empty list: no heading)."""
    return next((line.split("\t") for line in read_lines(path) if holds_cells(line)), [])


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
