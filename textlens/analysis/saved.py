"""A folder that holds an analysis: tables as CSV, and a manifest that says what type everything was."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.analysis.cells import TUPLE, kind_of, typed
from textlens.errors import InputFileError
from textlens.files import check_folder, whole_file
from textlens.tokens.ids import id_kinds, id_texts, ids_from_texts

TABLES = ("comments", "units", "findings", "topics", "departments")
OPTIONAL = ("corrections", "disagreements")
"""Tables that not every analysis has; without a file they are ``None``."""

MANIFEST = "manifest.json"
_TUPLES = {"comments": schema.LIST_COLUMNS, "topics": ("words", "representatives"), "disagreements": ("predicted_kinds",)}
_WITH_IDS = ("units", "findings", "disagreements")
"""Tables whose column ``id`` holds ids of comments (corrections hold what staff wrote)."""


def write_tables(folder: str | Path, tables: Mapping[str, pd.DataFrame | None], run: Mapping[str, Any], attributes: list[str]) -> Path:
    """Write tables and manifest to a folder (see :meth:`textlens.Analysis.save`).

    Raises
    ------
    ParameterError
        The folder cannot be made or written to, or a file of it is open in another program.
    """
    target = Path(folder)
    check_folder(target)
    target.mkdir(parents=True, exist_ok=True)
    index = tables["comments"].index  # type: ignore[union-attr]
    texts = id_texts(index)
    types: dict[str, dict[str, Any]] = {}
    empty: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        path = target / f"{name}.csv"
        if table is None:
            path.unlink(missing_ok=True)
            continue
        plain = _with_plain_ids(table, name, index, texts)
        types[name] = {str(c): TUPLE if c in _TUPLES.get(name, ()) else kind_of(table[c]) for c in table}
        empty[name] = _missing(table, texts if name == "comments" else None)
        for column in _TUPLES.get(name, ()):
            plain[column] = [json.dumps(list(v), ensure_ascii=False) if isinstance(v, tuple) else "" for v in plain[column]]
        if name == "comments":
            plain.insert(0, _id_heading(plain), texts)
        # a line end of two characters makes the writer quote both of them: a lone one in a comment is no new row
        _write(path, plain.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "surrogatepass"))
    manifest = {**run, "attributes": attributes, "types": types, "empty": empty, "ids": id_kinds(index)}
    _write(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "surrogatepass"))
    return target


def read_tables(folder: str | Path) -> tuple[dict[str, pd.DataFrame | None], dict[str, Any], list[str]]:
    """Read tables, manifest and names of the attributes (see :func:`textlens.load`).

    Raises
    ------
    InputFileError
        A file is not there, is not what was saved, or does not fit the others; the message names it.
    """
    source = Path(folder)
    run = _manifest(source)
    types, empty, ids = run.pop("types"), run.pop("empty", {}), run.pop("ids", None)
    kinds = ids or {"names": ["id"], "levels": [{"type": run["index"]}], "parts": False}
    run.pop("index", None)  # written by versions before 0.2
    attributes = run.pop("attributes")
    tables: dict[str, pd.DataFrame | None] = dict.fromkeys(OPTIONAL)
    index = pd.Index([])
    for name in (name for name in (*TABLES, *OPTIONAL) if name in TABLES or name in types):
        path = source / f"{name}.csv"
        cells = _cells(path)
        if name == "comments":
            index = _ids(cells.iloc[:, 0], kinds, path.name)
            heading = cells.columns[0]
            table = cells.drop(columns=heading).set_axis(index, axis=0)
        else:
            heading = None
            table = cells
        absent = [column for column in types[name] if column not in table]
        if absent:
            raise InputFileError(f"{path.name} に列「{absent[0]}」がありません（ない列は全部で {len(absent)}）。保存し直してください。")
        for column, kind in types[name].items():
            kind = TUPLE if column in _TUPLES.get(name, ()) else kind
            if column == "id" and name in _WITH_IDS:
                table[column] = _ids_of_comments(table[column], index, kinds, kind, path.name)
                continue
            table[column] = typed(table[column], kind, path.name, column)
            _put_missing(table, column, empty.get(name, {}).get(column), None if heading is None else cells[heading])
        if name == "topics":
            table["representatives"] = _representatives(table["representatives"], kinds, path.name)
        tables[name] = table
    return tables, run, attributes


def _with_plain_ids(table: pd.DataFrame, name: str, index: pd.Index, texts: list[str]) -> pd.DataFrame:
    """Return a copy in which ids of comments are written as in ``comments.csv``."""
    plain = table.copy()
    if name in _WITH_IDS and len(table):
        plain["id"] = _texts_of(table["id"].tolist(), index, texts)
    if name == "topics":
        flat = _texts_of([one for ids in table["representatives"] for one in ids], index, texts)
        cuts = np.cumsum([0, *(len(ids) for ids in table["representatives"])]).tolist()
        plain["representatives"] = pd.Series([tuple(flat[a:b]) for a, b in zip(cuts[:-1], cuts[1:], strict=True)], index=table.index, dtype=object)
    return plain


def _texts_of(ids: list[Any], index: pd.Index, texts: list[str]) -> list[str]:
    known = dict(zip(index.tolist(), texts, strict=True))
    return [known.get(one, str(one)) for one in ids]


def _id_heading(table: pd.DataFrame) -> str:
    """Return the heading of the column of ids; an attribute that is called ``id`` keeps its name."""
    heading = "id"
    while heading in table:
        heading += "_"
    return heading


def _missing(table: pd.DataFrame, texts: list[str] | None) -> dict[str, Any]:
    """Tell of each column of text what its empty cells mean: ``"missing"``, or the ids of those that are missing; else they are ``""``."""
    found: dict[str, Any] = {}
    for column in (c for c in table if _is_text(table[c])):
        missing = table[column].isna()
        if missing.any():
            mixed = bool((table[column][~missing].astype(str) == "").any())
            found[str(column)] = [text for text, gone in zip(texts, missing, strict=True) if gone] if mixed and texts is not None else "missing"
    return found


def _put_missing(table: pd.DataFrame, column: str, empty: Any, ids: pd.Series | None) -> None:
    if empty and _is_text(table[column]):
        gone = (table[column] == "").to_numpy(bool)
        if isinstance(empty, list) and ids is not None:
            gone = gone & ids.isin(empty).to_numpy(bool)
        table[column] = table[column].mask(gone)


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_object_dtype(column.dtype) or isinstance(column.dtype, pd.StringDtype)


def _manifest(source: Path) -> dict[str, Any]:
    path = source / MANIFEST
    if not path.is_file():
        raise InputFileError(f"フォルダ {source.name} に {MANIFEST} がありません。Analysis.save で保存したフォルダを指定してください。")
    found = _parsed(path.read_bytes())
    if not isinstance(found, dict) or not {"types", "attributes", "counts"} <= set(found) or not ({"ids", "index"} & set(found)):
        raise InputFileError(f"{MANIFEST} が壊れているか、書き換えられています。Analysis.save で保存し直してください。")
    return found


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except ValueError:
        return None


def _cells(path: Path) -> pd.DataFrame:
    """Return the cells of a CSV file as text."""
    if not path.is_file():
        raise InputFileError(f"フォルダ {path.parent.name} に {path.name} がありません。保存し直してください。")
    try:
        cells = pd.read_csv(
            io.BytesIO(path.read_bytes()), dtype=object, keep_default_na=False, index_col=False, encoding="utf-8-sig", encoding_errors="surrogatepass"
        )
    except ValueError:  # its object may hold the comments: the error to be raised must not lead to it
        cells = None
    if cells is None or cells.columns.empty:
        raise InputFileError(
            f"{path.name} が空か、UTF-8 の CSV ではありません。Excel で開いたときは「CSV UTF-8（コンマ区切り）」で保存するか、保存し直してください。"
        )
    return cells


def _ids(cells: pd.Series, kinds: dict[str, Any], file: str) -> pd.Index:
    found = _attempt(cells.tolist(), kinds)
    if found is None or not found.is_unique:
        raise InputFileError(f"{file} の番号（id）の列が、保存したときの形ではないか、重なっています。Excel で直したときは、保存し直してください。")
    return found


def _attempt(texts: list[str], kinds: dict[str, Any]) -> pd.Index | None:
    try:
        return ids_from_texts(texts, kinds)
    except (ValueError, KeyError, TypeError):
        return None


def _ids_of_comments(cells: pd.Series, index: pd.Index, kinds: dict[str, Any], kind: Any, file: str) -> pd.Series:
    ids = _attempt(cells.tolist(), kinds)
    places = None if ids is None else index.get_indexer(ids) if len(ids) else np.empty(0, np.int64)
    if places is None or (places < 0).any():
        raise InputFileError(
            f"{file} の番号（id）が comments.csv にありません。Excel は番号の先頭の 0 を消します。保存したときのファイルに戻すか、分析し直してください。"
        )
    found = pd.Series(index.to_numpy()[places], dtype=object)
    return found if kind == "object" else found.astype(kind)


def _representatives(cells: pd.Series, kinds: dict[str, Any], file: str) -> pd.Series:
    flat = [str(one) for ids in cells for one in ids]
    found = _attempt(flat, kinds)
    if found is None:
        raise InputFileError(f"{file} の列「representatives」が、保存したときの形ではありません。保存し直してください。")
    ids = iter(found.tolist())
    return pd.Series([tuple(next(ids) for _ in one) for one in cells], index=cells.index, dtype=object)


def _write(path: Path, data: bytes) -> None:
    with whole_file(path) as draft:
        draft.write_bytes(data)
