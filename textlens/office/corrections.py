"""Staff corrections: one readable file that says what was changed, by whom, when and why.

The file lasts: it is applied again on every run and next year, so nobody corrects the same comment twice.
It holds ids and labels only, never a citizen's words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from textlens import schema
from textlens.checks import listed
from textlens.errors import InputFileError, ParameterError
from textlens.files import one_writer, whole_file
from textlens.office.review import text_digest
from textlens.office.tables import guarded, is_missing, read_cells, same_id, unguarded
from textlens.rules import read_table

COLUMNS = ("id", "field", "old", "new", "who", "when", "why")
DIGEST = "text_sha"
"""Column that may follow: the digest of the text that was corrected. With it, a correction never falls on the comment
that has the same number next year."""
_HEADINGS = {
    "id": ("id", "受付番号", "番号"), "field": ("field", "項目"), "old": ("old", "前", "修正前"),
    "new": ("new", "後", "修正後"), "who": ("who", "修正者"), "when": ("when", "修正日"), "why": ("why", "理由"),
    DIGEST: (DIGEST, "照合"),
}  # fmt: skip
_BOOLS = (*(f"is_{name}" for name in schema.INTENTS), "implied_request", "concrete", "urgent", "legal_check", "held")
_CHOICES = {"intent": schema.MAIN_INTENTS, "polarity": schema.POLARITIES, "actor": schema.ACTORS, "target": schema.TARGETS}
_TUPLES = ("departments", "third_party")
_ALLOWED: Mapping[str, tuple[str, ...]] = {**_CHOICES, "third_party": schema.THIRD_PARTIES}
_NUMBERS = {"risk_level": int, "sentiment": float, "topic": int}
FIELDS = (*_CHOICES, *_BOOLS, "department", *_TUPLES, *_NUMBERS)
"""Columns a person may correct; ``text`` and ``status`` never."""
NOT_APPLIED = ("上書き済み", "番号なし", "本文が変わった")
"""Values of ``result`` of corrections that did nothing."""
_CODE = re.compile(r"[0-9A-Za-z_.-]{1,8}")
_YES, _NO = ("true", "はい", "1", "○", "yes"), ("false", "いいえ", "0", "×", "no", "")


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


def _checked_rows(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Return the rows in order of time, each numbered as in the file (its first row is 2)."""
    table = read_cells(source, "修正ファイル")
    found = {name: column for name, known in _HEADINGS.items() for column in table.columns if str(column).strip() in known}
    missing = [name for name in ("id", "field", "new") if name not in found]
    if missing:
        raise InputFileError(f"修正ファイルに {'、'.join(f'{m}（{_HEADINGS[m][-1]}）' for m in missing)} の列がありません。")
    rows = pd.DataFrame({name: table[found[name]].astype(str).map(unguarded) if name in found else "" for name in (*COLUMNS, DIGEST)}, dtype=str)
    rows["field"] = [_ours().get(cell.strip(), cell.strip()) for cell in rows["field"]]
    rows = rows.set_axis(range(2, len(rows) + 2))[(rows["id"] != "").to_numpy() | (rows["field"] != "").to_numpy()]
    for place, field, new in zip(rows.index, rows["field"], rows["new"], strict=True):
        if field not in FIELDS:
            shown = f"「{field}」" if field.isascii() and field.isidentifier() else ""
            raise InputFileError(f"修正ファイルの {place} 行目: 項目{shown}は直せません。直せる項目: {'、'.join(FIELDS)}（または 種別、極性、担当課 など報告の見出し）。")
        parse_value(field, new, f"修正ファイルの {place} 行目")
    rows["new"] = [write_value(parse_value(field, new)) for field, new in zip(rows["field"], rows["new"], strict=True)]
    return rows.sort_values("when", kind="stable")


def parse_value(field: str, value: str, where: str = "修正") -> Any:
    """Turn the written form of a label into its value.

    Codes of 課 are not checked here: the 組織表 is not known (see :func:`apply_corrections`).

    Raises
    ------
    InputFileError
        The field cannot take the value; the message begins with ``where`` and names what is allowed, never the value.

    Examples
    --------
    >>> parse_value("departments", "D44、D23"), parse_value("is_request", "はい")
    (('D44', 'D23'), True)
    """
    words = _values(field)
    cell = words.get(value.strip(), value.strip())
    if field in _BOOLS:
        if cell.lower() in _YES or cell.lower() in _NO:
            return cell.lower() in _YES
        raise InputFileError(f"{where}: {field} は true か false（はい・いいえ）で書いてください。")
    if field in _CHOICES:
        return _one_of(field, cell, words, where)
    if field in _TUPLES:
        parts = [part.strip() for part in cell.replace(",", "、").split("、") if part.strip()]
        return tuple(dict.fromkeys(_code(part) if field == "departments" else _one_of(field, words.get(part, part), words, where) for part in parts))
    if field in _NUMBERS:
        try:
            return _NUMBERS[field](cell)
        except ValueError:
            raise InputFileError(f"{where}: {field} は数で書いてください。") from None
    if not cell:
        raise InputFileError(f"{where}: {field} が空です。課のコードを書いてください。")
    return _code(cell)


def _one_of(field: str, cell: str, words: Mapping[str, str], where: str) -> str:
    if cell not in _ALLOWED[field]:
        several = "（いくつもあるときは「、」で区切る）" if field in _TUPLES else ""
        raise InputFileError(f"{where}: {field} は {'、'.join(words) or '、'.join(_ALLOWED[field])} のどれかで書いてください{several}。")
    return cell


def _code(cell: str) -> str:
    """Return the code of 「D44 水道課」 as reports write it."""
    return next(iter(cell.split(maxsplit=1)), cell)


@lru_cache(maxsize=1)
def _known(rows: tuple[tuple[str, str, str], ...], names: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    ours = {word: field for field, words, _ in rows for word in words.split("、")}
    values = {field: {label: key.split(".", 1)[1] for key, label in names if group and key.startswith(f"{group}.")} for field, _, group in rows}
    return ours, {field: {w: v for w, v in found.items() if field not in _ALLOWED or v in _ALLOWED[field]} for field, found in values.items()}


def _tables() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    rows = tuple((row["field"], row["words"], row.get("group", "")) for row in read_table("office/corrections.tsv"))
    return _known(rows, tuple((row["id"], row["label"]) for row in read_table("report/labels_ja.tsv") if "." in row["id"]))


def _ours() -> dict[str, str]:
    """Return Japanese name of a field → field."""
    return _tables()[0]


def _values(field: str) -> dict[str, str]:
    """Return Japanese value → value of a field."""
    return _tables()[1].get(field, {})


def write_value(value: object) -> str:
    """Return the written form of a label (the way back of :func:`parse_value`)."""
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    if is_missing(value):
        return ""
    return str(value).lower() if str(value) in ("True", "False") else str(value)


def apply_corrections(
    comments: pd.DataFrame, corrections: str | Path | pd.DataFrame, *, departments: str | Iterable[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay corrections over the labels of a run.

    Parameters
    ----------
    comments : DataFrame
        Comments with the columns of ``schema.COMMENT_COLUMNS`` (those corrected must be there); the index
        is the id. Not changed.
    corrections : path or DataFrame
    departments : iterable of str or None
        Codes of the 組織表 of this run (X0 … X4 are known besides); ``None``: codes are taken as they are written.

    Returns
    -------
    frame : DataFrame
        A copy with the corrections in it. A corrected ``intent`` sets its ``is_*`` column, a corrected
        ``department`` moves to the front of ``departments``, and both end ``held``.
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
    rows = _checked_rows(corrections)
    known = None if departments is None else {*map(str, listed(departments, "departments")), *schema.OUTSIDE}
    place = {same_id(i): n for n, i in enumerate(comments.index)}
    frame = comments.copy()
    texts = comments["text"].tolist() if "text" in comments and rows[DIGEST].ne("").any() else []
    digests = [text_digest(str(text)) for text in texts]
    foreign = [bool(sha and digests and i in place and digests[place[i]] != sha) for i, sha in zip(map(same_id, rows["id"]), rows[DIGEST], strict=True)]
    last = {(same_id(i), f): n for n, (i, f) in enumerate(zip(rows["id"], rows["field"], strict=True)) if not foreign[n]}
    columns = {f: comments[f].tolist() for f in dict.fromkeys(rows["field"]) if f in comments}
    unknown = sorted(set(rows["field"]) - set(columns))
    if unknown:
        raise ParameterError(f"結果の表に {'、'.join(unknown)} の列がないので、修正を当てられません。")
    before = {f: list(v) for f, v in columns.items()}
    results, olds = [], []
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
        if known is not None:
            _check_codes(field, value, known, f"修正ファイルの {rows.index[number]} 行目")
        results.append("確認" if write_value(value) == old else "再確認" if was and was != old else "適用")
        columns[field][at] = value
        _follow(frame, columns, field, value, at)
    for field, values in columns.items():
        frame[field] = pd.Series(values, index=frame.index, dtype=_kind(comments[field], values))
    changes = rows.assign(old=olds, result=results).reset_index(drop=True)
    return frame, changes[[*COLUMNS, "result"]]


def _check_codes(field: str, value: Any, known: Collection[str], where: str) -> None:
    named = (value,) if field == "department" else value if field == "departments" else ()
    unknown = [code for code in named if code not in known]
    if unknown:
        shown = "、".join(code for code in unknown if _CODE.fullmatch(code))  # anything longer may be a citizen's words
        raise InputFileError(
            f"{where}: {field} の課コード{f'（{shown}）' if shown else ''}が、使った組織表にありません。組織表のコードか {'・'.join(schema.OUTSIDE)} を書いてください。"
            "組織が変わったときは textlens check --old-departments で変わった課を確かめて直してください。"
        )


def _follow(frame: pd.DataFrame, columns: dict[str, list[Any]], field: str, value: Any, at: int) -> None:
    """Keep the columns that hang on a corrected one in step."""

    def column(name: str) -> list[Any]:
        if name not in columns and name in frame:
            columns[name] = frame[name].tolist()
        return columns.get(name, [None] * len(frame))

    if field == "intent" and value != schema.NONE:
        column(f"is_{value}")[at] = True
    elif field == "department":
        others = () if value == "X0" else column("departments")[at] or ()
        column("departments")[at] = (value, *(code for code in others if code not in (value, "X0")))
        column("held")[at] = False
    elif field == "departments" and value:
        column("department")[at] = value[0]
        column("held")[at] = False


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
