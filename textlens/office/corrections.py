"""Staff corrections: one readable file that says what was changed, by whom, when and why.

The file lasts: it is applied again on every run and next year, so nobody corrects the same comment twice.
It holds ids and labels only, never a citizen's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from textlens import schema
from textlens.checks import listed
from textlens.errors import InputFileError, ParameterError
from textlens.files import one_writer, whole_file
from textlens.office.correction_steps import Steps, check_codes
from textlens.office.correction_values import (
    FIELDS,
    codes_by_name,
    field_word,
    our_fields,
    parse_value,
    write_value,
)
from textlens.office.review import text_digest
from textlens.office.tables import guarded, read_cells, same_id, unguarded

COLUMNS = ("id", "field", "old", "new", "who", "when", "why")
DIGEST = "text_sha"
"""Column that may follow: the digest of the text that was corrected. With it, a correction never falls on the comment
that has the same number next year."""
_HEADINGS = {
    "id": ("id", "受付番号", "番号"), "field": ("field", "項目"), "old": ("old", "前", "修正前"),
    "new": ("new", "後", "修正後"), "who": ("who", "修正者"), "when": ("when", "修正日"), "why": ("why", "理由"),
    DIGEST: (DIGEST, "照合"),
}  # fmt: skip
NOT_APPLIED = ("上書き済み", "番号なし", "本文が変わった")
"""Values of ``result`` of corrections that did nothing."""


def read_corrections(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Read and check a file of corrections.

    Parameters
    ----------
    source : path or DataFrame
        TSV, CSV or Excel with the columns of ``COLUMNS`` (Japanese headings 受付番号, 項目, 修正後 … are read
        too); ``old``, ``who``, ``when`` and ``why`` may be missing.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS`` and ``DIGEST``, all str, in the order of ``when`` (ties: as in the file). Fields and
        values written in Japanese (種別, 要望: ``office/corrections.tsv``) are turned into ours. A cell that
        :func:`add_corrections` kept from being a formula (``'=``) is read as it was.

    Raises
    ------
    InputFileError
        A column is missing, or a row has an unknown field or a value the field cannot take; the message
        names row, field and what is allowed, never the value.
    """
    return _checked_rows(source).reset_index(drop=True)


def _checked_rows(source: str | Path | pd.DataFrame, codes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the rows in order of time, each numbered as in the file (its first row is 2); ``codes``: see :func:`parse_value`."""
    table = read_cells(source, "修正ファイル")
    found = {name: column for name, known in _HEADINGS.items() for column in table.columns if str(column).strip() in known}
    missing = [name for name in ("id", "field", "new") if name not in found]
    if missing:
        raise InputFileError(f"修正ファイルに {'、'.join(f'{m}（{_HEADINGS[m][-1]}）' for m in missing)} の列がありません。")
    rows = pd.DataFrame({name: table[found[name]].astype(str).map(unguarded) if name in found else "" for name in (*COLUMNS, DIGEST)}, dtype=str)
    rows["field"] = [our_fields().get(cell.strip(), cell.strip()) for cell in rows["field"]]
    rows = rows.set_axis(range(2, len(rows) + 2))[(rows["id"] != "").to_numpy() | (rows["field"] != "").to_numpy()]
    for place, field, new in zip(rows.index, rows["field"], rows["new"], strict=True):
        if field not in FIELDS:
            shown = f"「{field}」" if field.isascii() and field.isidentifier() else ""
            raise InputFileError(f"修正ファイルの {place} 行目: 項目{shown}は直せません。直せる項目: {'、'.join(map(field_word, FIELDS))}。")
        parse_value(field, new, f"修正ファイルの {place} 行目")
    rows["new"] = [write_value(parse_value(field, new, codes=codes)) for field, new in zip(rows["field"], rows["new"], strict=True)]
    return rows.sort_values("when", kind="stable")


def apply_corrections(
    comments: pd.DataFrame, corrections: str | Path | pd.DataFrame, *, departments: str | Iterable[str] | Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay corrections over the labels of a run.

    Parameters
    ----------
    comments : DataFrame
        Comments with the columns of ``schema.COMMENT_COLUMNS`` (those corrected must be there); the index
        is the id. Not changed.
    corrections : path or DataFrame
    departments : mapping of str to str, iterable of str, or None
        Codes of the 組織表 of this run (X0 … X4 are known besides), with their names: corrections may then name a 課 by either.
        ``None``: codes are taken as they are written.

    Returns
    -------
    frame : DataFrame
        A copy with the corrections in it. A corrected ``intent`` sets its ``is_*`` column (``none`` clears them all); where only
        ``is_*`` columns were corrected, ``intent`` is the likeliest of the kinds that hold. A corrected ``department`` moves
        to the front of ``departments``, and either of the two ends ``held``.
    changes : DataFrame
        One row per correction: ``id, field, old`` (the machine's value now), ``new, who, when, why, result``;
        ``result`` is 適用, 確認 (the person agrees with the machine), 再確認 (applied, but the machine says
        something else than when the person decided), 上書き済み (a later correction holds), 番号なし, or 本文が変わった (the digest
        is that of another text: nothing is applied).

    Raises
    ------
    InputFileError
        See :func:`read_corrections`; or a correction that would hold names a 課 that is not in ``departments``. The message
        names row and field, and of the code only what looks like one.
    ParameterError
        The comments lack a column that is to be corrected.
    """
    names = None if departments is None else _names(departments)
    rows = _checked_rows(corrections, None if names is None else codes_by_name(names))
    place = {same_id(i): n for n, i in enumerate(comments.index)}
    frame = comments.copy()
    texts = comments["text"].tolist() if "text" in comments and rows[DIGEST].ne("").any() else []
    digests = [text_digest(str(text)) for text in texts]
    foreign = [bool(sha and digests and i in place and digests[place[i]] != sha) for i, sha in zip(map(same_id, rows["id"]), rows[DIGEST], strict=True)]
    last = {(same_id(i), f): n for n, (i, f) in enumerate(zip(rows["id"], rows["field"], strict=True)) if not foreign[n]}
    columns = {f: comments[f].tolist() for f in dict.fromkeys(rows["field"]) if f in comments}
    unknown = sorted(set(rows["field"]) - set(columns))
    if unknown:
        raise ParameterError(f"結果の表に「{'」「'.join(map(field_word, unknown))}」の列がないので、修正を当てられません。")
    before = {f: list(v) for f, v in columns.items()}
    results, olds, steps = [], [], Steps(frame, columns)
    cells = zip(map(same_id, rows["id"]), rows["field"], rows["old"], rows["new"], strict=True)
    for number, (key, field, was, new) in enumerate(cells):
        at = place.get(key)
        if at is None:
            olds.append("")
            results.append("番号なし")
            continue
        old = write_value(before[field][at])
        olds.append(old)
        if foreign[number]:
            results.append("本文が変わった")
            continue
        if last[key, field] != number:
            results.append("上書き済み")
            continue
        value = parse_value(field, new)
        if names is not None:
            check_codes(field, value, names, f"修正ファイルの {rows.index[number]} 行目")
        results.append("確認" if write_value(value) == old else "再確認" if was and was != old else "適用")
        columns[field][at] = value
        steps.follow(field, value, at)
    steps.settle()
    for field, values in columns.items():
        frame[field] = pd.Series(values, index=frame.index, dtype=_kind(comments[field], values))
    changes = rows.assign(old=olds, result=results).reset_index(drop=True)
    return frame, changes[[*COLUMNS, "result"]]


def _names(departments: str | Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    """Return code → name of the 課 that may be named; without names, empty ones."""
    given = departments if isinstance(departments, Mapping) else dict.fromkeys(map(str, listed(departments, "departments")), "")
    return {str(code): str(name) for code, name in given.items()} | schema.OUTSIDE


def _kind(column: pd.Series, values: list[Any]) -> Any:
    return object if any(isinstance(v, tuple) for v in values) else column.dtype


def agreement(changes: pd.DataFrame) -> pd.DataFrame:
    """Return how often people agreed with the machine, per field.

    Parameters
    ----------
    changes : DataFrame
        From :func:`apply_corrections`.

    Returns
    -------
    DataFrame
        ``field, checked, agreed, rate``. Only what a person looked at counts: rows where ``new`` equals
        the machine's value are agreement. Without such confirmations the rate says nothing about rows
        nobody looked at.
    """
    looked = changes[~changes["result"].isin(NOT_APPLIED)]
    table = looked.assign(agreed=looked["result"] == "確認").groupby("field", sort=True)["agreed"].agg(["size", "sum"])
    return pd.DataFrame(
        {"field": table.index, "checked": table["size"].to_numpy(), "agreed": table["sum"].to_numpy().astype(int),
         "rate": (table["sum"] / table["size"]).astype(float).round(4).to_numpy()}
    )  # fmt: skip


def with_digests(comments: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the corrections that hold, each with the digest of its text: the file to use next year.

    Parameters
    ----------
    comments : DataFrame
    changes : DataFrame
        From :func:`apply_corrections`.
    """
    kept = changes[~changes["result"].isin(NOT_APPLIED)]
    texts = {same_id(i): str(text) for i, text in zip(comments.index, comments["text"], strict=True)}
    return kept[list(COLUMNS)].assign(**{DIGEST: [text_digest(texts[same_id(i)]) for i in kept["id"]]})


def add_corrections(path: str | Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Append corrections to the file (made if it is not there); return how many were added.

    Cells that begin like a formula get a ``'`` in front, which :func:`read_corrections` takes away again.

    Raises
    ------
    ParameterError
        A row lacks ``id``, ``field``, ``new``, ``who`` or ``when``.
    """
    target = Path(path)
    fresh = []
    for number, row in enumerate(rows, 1):
        lacking = [name for name in ("id", "field", "who", "when") if not str(row.get(name, "") or "")]
        if lacking or "new" not in row:
            raise ParameterError(f"修正の {number} 件目に {'、'.join(lacking) or 'new'} がありません。誰が・いつ直したかも残してください。")
        fresh.append([guarded(_one_line(write_value(row.get(name, "")))) for name in COLUMNS])
    read_corrections(pd.DataFrame(fresh, columns=list(COLUMNS), dtype=str))
    with one_writer(target):
        kept = target.read_text(encoding="utf-8") if target.is_file() else "\t".join(COLUMNS) + "\n"
        kept += "" if kept.endswith("\n") else "\n"
        with whole_file(target) as draft:
            draft.write_text(kept + "".join("\t".join(cells) + "\n" for cells in fresh), encoding="utf-8", newline="\n")
    return len(fresh)


def differences(
    before: pd.DataFrame, after: pd.DataFrame, *, who: str, when: str, why: str = "", fields: str | Iterable[str] = FIELDS
) -> pd.DataFrame:
    """Return the corrections that turn one comments frame into another (columns ``COLUMNS``)."""
    rows = []
    theirs = {same_id(i): n for n, i in enumerate(after.index)}
    for field in [f for f in listed(fields, "fields") if f in before and f in after]:
        old, new = before[field].tolist(), after[field].tolist()
        for n, i in enumerate(before.index):
            at = theirs.get(same_id(i))
            if at is not None and write_value(old[n]) != write_value(new[at]):
                rows.append((same_id(i), field, write_value(old[n]), write_value(new[at]), who, when, why))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def training_table(comments: pd.DataFrame, changes: pd.DataFrame, masked: pd.Series) -> pd.DataFrame:
    """Return what a person decided, as examples to learn from, with masked text.

    Parameters
    ----------
    comments : DataFrame
        After :func:`apply_corrections`.
    changes : DataFrame
        Its second result.
    masked : Series
        Masked text, index as ``comments``. The original is never exported.

    Returns
    -------
    DataFrame
        Index = id; ``text`` (masked) and one column per corrected field, missing where nobody decided.

    Raises
    ------
    ParameterError
        A corrected comment has no masked text.
    """
    decided = changes[~changes["result"].isin(NOT_APPLIED)]
    place = {same_id(i): i for i in comments.index}
    ids = [place[i] for i in dict.fromkeys(map(same_id, decided["id"]))]
    if not set(ids) <= set(masked.index) or masked.reindex(ids).isna().any():
        raise ParameterError("学習用に書き出す番号に、伏せた本文がないものがあります。先に tl.mask で伏せてください。")
    table = pd.DataFrame({"text": masked.reindex(ids)}, index=pd.Index(ids, name=comments.index.name))
    for field in dict.fromkeys(decided["field"]):
        chosen = {place[same_id(i)] for i in decided.loc[decided["field"] == field, "id"]}
        table[field] = pd.Series([comments.at[i, field] if i in chosen else None for i in ids], index=table.index, dtype=object)
    return table


def _one_line(text: str) -> str:
    return " ".join(text.split())
