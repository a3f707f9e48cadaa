"""Loading and checking of dictionary files (TSV), with a municipality's own rows laid over ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from textlens.errors import DictionaryError
from textlens.resources import dictionary_path

MATCH_KINDS = ("literal", "word", "regex", "base")
_OVERLAY: ContextVar[Path | None] = ContextVar("textlens_overlay", default=None)


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


_COMMON = ("id", "term", "label", "match", "weight", "source", "licence", "example", "counterexample",
           "known_miss", "bound", "pos", "note")  # fmt: skip


def use_dictionaries(folder: str | Path | None) -> None:
    """Lay a municipality's own dictionary folder over the one that ships.

    Parameters
    ----------
    folder : path or None
        Folder with the same layout as ``dictionaries/``; a row with a known ``id`` replaces ours, a row
        whose ``match`` is ``off`` switches ours off, a new ``id`` is added. ``None``: ours alone.

    Raises
    ------
    DictionaryError
        The folder is not there.
    """
    path = None if folder is None else Path(folder)
    if path is not None and not path.is_dir():
        raise DictionaryError(f"辞書フォルダ {path.name} がありません。フォルダ名を確かめてください。")
    _OVERLAY.set(path)


def overlay_folder() -> Path | None:
    """Return the folder that :func:`use_dictionaries` set."""
    return _OVERLAY.get()


def load_rows(relative: str) -> tuple[Row, ...]:
    """Load one TSV dictionary, such as ``"intent/cues.tsv"``, with the overlay applied.

    Raises
    ------
    DictionaryError
        A row breaks the rules; the message names file, line and row id.
    """
    overlay = _overlay_path(relative)
    path = dictionary_path(relative)
    return _load(path, path.stat().st_mtime_ns, overlay, overlay.stat().st_mtime_ns if overlay else 0)


def read_table(relative: str) -> tuple[dict[str, str], ...]:
    """Load a flat TSV table that is not a list of rules (headings, codes …), one dict per row.

    An overlay file of the same name replaces rows with the same first column; it needs no column it does not fill.

    Raises
    ------
    DictionaryError
        The overlay file lacks the first column, or has one that the shipped file has not (misspelt: what it meant would be lost).
    """
    rows = _read_tsv(dictionary_path(relative))
    overlay = _overlay_path(relative)
    if overlay and rows:
        first, empty = next(iter(rows[0][1])), dict.fromkeys(rows[0][1], "")
        merged = {r[first]: r for _, r in rows}
        for _, row in _read_tsv(overlay):
            if first not in row:
                raise DictionaryError(f"自分の市の辞書 {relative}: 見出しに「{first}」の列がありません。付属の {overlay.name} と同じ見出しで書いてください。")
            if unknown := [name for name in row if name not in empty]:
                raise DictionaryError(f"自分の市の辞書 {relative}: 知らない列「{unknown[0]}」があります。見出しは {'・'.join(empty)} のどれかです。")
            merged[row[first]] = {**empty, **row}
        return tuple(merged.values())
    return tuple(row for _, row in rows)


def read_columns(relative: str) -> dict[str, Sequence[str]]:
    """Load a flat TSV table by columns: as :func:`read_table`, for tables of tens of thousands of rows."""
    if _overlay_path(relative):
        rows = read_table(relative)
        return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    path = dictionary_path(relative)
    heading, *lines = [line for line in _lines(path) if _holds_cells(line)] or [""]
    names = heading.split("\t")
    if not heading or any(line.count("\t") != len(names) - 1 for line in lines):  # cells left out, or too many: row by row
        lines = ["\t".join(cells) for _, cells in _read_cells(path)[1]]
    cells = "\t".join(lines).split("\t") if lines else []
    return {name: cells[place :: len(names)] for place, name in enumerate(names)}


def table_stamp(relative: str) -> tuple[str, int, str, int]:
    """Return what tells one state of a dictionary table from another: files and their times (a key for what is kept)."""
    path, own = dictionary_path(relative), _overlay_path(relative)
    return str(path), path.stat().st_mtime_ns, str(own or ""), own.stat().st_mtime_ns if own else 0


def dictionary_hashes() -> dict[str, str]:
    """Return the SHA-256 of each dictionary file in use, by its relative name (for the manifest)."""
    from textlens.resources import dictionaries_root

    root = dictionaries_root()
    found = {p.relative_to(root).as_posix(): _digest(p) for p in sorted(root.rglob("*")) if p.is_file()}
    overlay = overlay_folder()
    if overlay:
        found.update({f"（上書き）{p.relative_to(overlay).as_posix()}": _digest(p)
                      for p in sorted(overlay.rglob("*")) if p.is_file()})  # fmt: skip
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _overlay_path(relative: str) -> Path | None:
    overlay = _OVERLAY.get()
    return overlay / relative if overlay and (overlay / relative).is_file() else None


@lru_cache(maxsize=128)
def _load(path: Path, _stamp: int, overlay: Path | None, _overlay_stamp: int) -> tuple[Row, ...]:
    rows = _parse(path, proven=True)
    if overlay:
        columns = dict.fromkeys(next(iter(rows.values())).extra, "") if rows else {}
        rows.update({key: replace(row, extra={**columns, **row.extra}) for key, row in _parse(overlay).items()})
    return tuple(row for row in rows.values() if row.match != "off")


def _parse(path: Path, *, proven: bool = False) -> dict[str, Row]:
    """Read the rows of a file; ``proven``: its regular expressions need no trial, ours are tried by ``textlens check``."""
    rows: dict[str, Row] = {}
    for line, values in _read_tsv(path):
        row = _row(path, line, values, proven)
        if row.id in rows:
            raise DictionaryError(f"{path.name} {line} 行目: id {row.id} が重なっています。別の id にしてください。")
        rows[row.id] = row
    return rows


def _read_tsv(path: Path) -> list[tuple[int, dict[str, str]]]:
    heading, lines = _read_cells(path)
    return [(number, dict(zip(heading, cells, strict=True))) for number, cells in lines]


def _read_cells(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading, and the number and the cells of each line (as many as the heading has)."""
    content = [(number, line.split("\t")) for number, line in enumerate(_lines(path), 1) if _holds_cells(line)]
    if not content:
        raise DictionaryError(f"{path.name}: 見出しの行がありません。")
    heading = content.pop(0)[1]
    for number, cells in content:
        if len(cells) != len(heading):
            if len(cells) > len(heading):
                raise DictionaryError(f"{path.name} {number} 行目: 列が {len(cells)} あります（見出しは {len(heading)} 列）。タブの数を確かめてください。")
            cells += [""] * (len(heading) - len(cells))
    return heading, content


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DictionaryError(f"{path.name}: UTF-8 で書かれていません（{error.start} バイト目）。UTF-8 で保存し直してください。") from None


def _holds_cells(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _row(path: Path, line: int, values: dict[str, str], proven: bool) -> Row:
    where = f"{path.name} {line} 行目 (id {values.get('id', '?')})"
    if not values.get("id") or not values.get("term"):
        raise DictionaryError(f"{where}: id と term は必ず書いてください。")
    match = values.get("match") or "literal"
    if match not in (*MATCH_KINDS, "off"):
        raise DictionaryError(f"{where}: match は {'・'.join(MATCH_KINDS)} のどれかです（書かれているのは {match}）。")
    try:
        weight = float(values.get("weight") or 1.0)
    except ValueError:
        raise DictionaryError(f"{where}: weight は数で書いてください。") from None
    row = Row(
        id=values["id"], term=values["term"], label=values.get("label", ""), match=match, weight=weight,
        source=values.get("source", ""), example=_split(values.get("example", "")),
        counterexample=_split(values.get("counterexample", "")), known_miss=_split(values.get("known_miss", "")),
        bound=values.get("bound", ""), pos=values.get("pos", ""), note=values.get("note", ""),
        extra={k: v for k, v in values.items() if k not in _COMMON}, where=where,
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
        raise DictionaryError(f"{row.where or row.id}: 正規表現が正しくありません（{error}）。") from None


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
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((line.split("\t") for line in lines if line.strip() and not line.startswith("#")), [])


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
