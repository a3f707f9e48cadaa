"""組織表: which 課 there are, what they say they do, and how last year's codes map to this year's."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from textlens.checks import whole_number
from textlens.errors import ColumnNotFoundError, InputFileError, ParameterError
from textlens.resources import dictionary_path
from textlens.rules.cells import read_lines
from textlens.schema import OUTSIDE
from textlens.tables.plain import read_table
from textlens.text.normalize import normalize

_HEADINGS = {
    "code": ("code", "コード", "課コード", "所属コード", "番号"),
    "name": ("name", "課名", "名称", "課", "所属", "所属名", "施策", "施策名"),
    "organ": ("organ", "機関", "部局", "部", "柱"),
    "keywords": ("keywords", "所管語", "キーワード", "主な語彙", "所管事務", "事務分掌", "語"),
    "since": ("since", "開始年度", "設置年度", "from"),
    "until": ("until", "終了年度", "廃止年度", "to"),
    "description": ("description", "説明", "備考"),
}
_SEPARATORS = re.compile(r"[、,，;；/／\n\t]+")
_SUFFIX = re.compile(r"(?:推進室|対策室|事務局|センター|推進課|振興課|支援課|政策課|管理課|本部|係|課|室|局|部)$")


@dataclass(frozen=True)
class Department:
    """One 課 (or one 施策) of the table, with its words in normal form."""

    code: str
    name: str
    organ: str
    keywords: tuple[str, ...]
    description: str = ""


def read_departments(source: str | Path | pd.DataFrame | None = None, *, year: int | None = None) -> tuple[Department, ...]:
    """Read an 組織表.

    Parameters
    ----------
    source : path, DataFrame or None
        A file (:mod:`textlens.tables.plain`) or a frame with the columns code, name, organ, keywords and, if
        wanted, since, until (fiscal years, both inclusive) and description; the Japanese headings
        コード, 課名, 機関 and 所管語 are read too. Keywords stand in one cell, separated by 、. ``None``
        reads the typical table that ships.
    year : int, optional
        Keep the rows that hold in this fiscal year.

    Returns
    -------
    tuple of Department

    Raises
    ------
    InputFileError, ColumnNotFoundError
        The file cannot be read, a column is missing, a code is empty, double or reserved (X0 … X4).
    ParameterError
        ``source`` is neither path nor table, or ``year`` no whole number.

    Examples
    --------
    >>> len(read_departments())
    58
    """
    year = None if year is None else whole_number(year, "year（年度、西暦）")
    frame = _frame(source)
    columns = _columns(frame)
    rows: list[Department] = []
    seen: dict[str, int] = {}
    records = frame.fillna("").astype(str).to_dict("records")
    for place, record in zip(frame.index.tolist(), records, strict=True):
        values = {name: normalize(str(record[heading])).text.strip() for name, heading in columns.items()}
        if not values["code"] and not values["name"]:
            continue
        if not _in_force(values, year, place):
            continue
        _check_code(values["code"], place, seen)
        words = tuple(dict.fromkeys(w.strip() for w in _keywords(values.get("keywords", "")) if w.strip()))
        rows.append(Department(values["code"], values["name"], values.get("organ", ""), words, values.get("description", "")))
    if not rows:
        raise InputFileError("組織表に課が 1 つもありません。コード、課名、所管語の列に値を入れてください。")
    return tuple(rows)


def stem(name: str) -> str:
    """Return the part of a 課's name that says what it does (道路維持課 → 道路維持)."""
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def map_codes(
    old: str | Path | pd.DataFrame | None, new: str | Path | pd.DataFrame | None, *, min_share: float = 0.34
) -> pd.DataFrame:
    """Map the codes of last year's 組織表 to this year's.

    Parameters
    ----------
    old, new : tables as for :func:`read_departments`
    min_share : float, default=0.34
        A 課 whose words overlap less than this with every new one counts as vanished.

    Returns
    -------
    DataFrame
        One row per old 課 and heir: ``old_code, old_name, new_code, new_name, share, change``. ``change``
        is 同じ, 名称変更, 統合, 分割, 廃止 (``new_code`` empty: a person decides); new 課 without a
        forerunner are listed with an empty ``old_code`` and 新設.

    Examples
    --------
    >>> old = pd.DataFrame({"code": ["1"], "name": ["道路課"], "organ": [""], "keywords": ["道路、舗装"]})
    >>> new = pd.DataFrame({"code": ["A"], "name": ["建設課"], "organ": [""], "keywords": ["道路、舗装、河川"]})
    >>> map_codes(old, new)[["old_code", "new_code", "change"]].values.tolist()
    [['1', 'A', '名称変更']]
    """
    before, after = read_departments(old), read_departments(new)
    pairs: list[dict[str, Any]] = []
    for one in before:
        shares = {other.code: _overlap(one, other) for other in after}
        heirs = [o for o in after if shares[o.code] >= min_share]
        heirs.sort(key=lambda o: (-shares[o.code], o.code))
        best = heirs[0] if heirs else None
        if best is not None and (shares[best.code] >= 0.8 or best.name == one.name):
            heirs = [best]
        for heir in heirs:
            pairs.append({"old_code": one.code, "old_name": one.name, "new_code": heir.code, "new_name": heir.name,
                          "share": round(shares[heir.code], 3)})  # fmt: skip
        if not heirs:
            pairs.append({"old_code": one.code, "old_name": one.name, "new_code": "", "new_name": "", "share": 0.0})
    parents = pd.Series([p["new_code"] for p in pairs if p["new_code"]], dtype=object).value_counts()
    children = pd.Series([p["old_code"] for p in pairs if p["new_code"]], dtype=object).value_counts()
    for pair in pairs:
        pair["change"] = _change(pair, parents, children)
    known = {p["new_code"] for p in pairs}
    pairs += [
        {"old_code": "", "old_name": "", "new_code": o.code, "new_name": o.name, "share": 0.0, "change": "新設"}
        for o in after if o.code not in known
    ]  # fmt: skip
    return pd.DataFrame(pairs, columns=["old_code", "old_name", "new_code", "new_name", "share", "change"])


def stale_rules(
    old: str | Path | pd.DataFrame | None, new: str | Path | pd.DataFrame | None, folder: str | Path | None = None
) -> pd.DataFrame:
    """List the rows of dictionaries and correction files that still name a vanished 課.

    Parameters
    ----------
    old, new : tables as for :func:`read_departments`
    folder : path, optional
        Folder of TSV files to look through (a municipality's own dictionaries); the shipped ones if left
        out.

    Returns
    -------
    DataFrame
        ``file, line, old_code, old_name``: one row per mention of a name, or of a code in a cell of its own.

    Notes
    -----
    Misses: a code that is also an ordinary number (``1``) is listed wherever that number has a cell.
    """
    gone = map_codes(old, new)
    gone = gone[(gone["old_code"] != "") & ~gone["change"].isin(["同じ"])]
    names = {one.name for one in read_departments(new)}
    codes = {one.code for one in read_departments(new)}
    asked = gone.drop_duplicates("old_code")[["old_code", "old_name"]].itertuples(index=False, name=None)
    wanted = [(code, name) for code, name in asked if name not in names or code not in codes]
    rows = []
    root = Path(folder) if folder is not None else dictionary_path("routing/concepts.tsv").parent
    for path in sorted(root.rglob("*.tsv")):
        if path.name == "departments.tsv":
            continue
        for number, line in enumerate(read_lines(path), 1):
            cells = [cell for part in line.split("\t") for cell in (part, *_SEPARATORS.split(part))]
            for code, name in wanted:
                if (name not in names and name in line) or (code not in codes and code in cells):
                    rows.append((path.name, number, code, name))
    return pd.DataFrame(rows, columns=["file", "line", "old_code", "old_name"])


def _change(pair: Mapping[str, Any], parents: pd.Series, children: pd.Series) -> str:
    if not pair["new_code"]:
        return "廃止"
    if children[pair["old_code"]] > 1:
        return "分割"
    if parents[pair["new_code"]] > 1:
        return "統合"
    return "同じ" if pair["old_name"] == pair["new_name"] else "名称変更"


def _overlap(one: Department, other: Department) -> float:
    """Share of the old 課's words that the new one holds (its name counts as words too)."""
    if one.name == other.name:
        return 1.0
    words = {*one.keywords, stem(one.name)}
    theirs = {*other.keywords, stem(other.name)}
    held = sum(1.0 if w in theirs else 0.5 * any(w in t or t in w for t in theirs if min(len(t), len(w)) > 1) for w in words)
    return held / len(words)


def _keywords(cell: str) -> list[str]:
    """Split a cell of keywords; words in brackets count as words of their own."""
    inner = re.findall(r"\(([^)]*)\)", cell)
    flat = re.sub(r"\([^)]*\)", "", cell)
    return [*_SEPARATORS.split(flat), *(w for part in inner for w in _SEPARATORS.split(part) if "により" not in w)]


def _frame(source: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    """Return the table; index = number of the row, as a person counts."""
    if isinstance(source, pd.DataFrame):
        return source.set_axis(range(2, len(source) + 2))
    if not (source is None or isinstance(source, str | os.PathLike)):
        raise ParameterError(f"組織表（departments）には、ファイルの場所か表（DataFrame）を渡してください（型 {type(source).__name__} が渡されました）。")
    path = dictionary_path("routing/departments.tsv") if source is None else Path(source)
    return read_table(path, "組織表", remarks=True, quotes=True)


def _columns(frame: pd.DataFrame) -> dict[str, str]:
    found = {}
    for name, headings in _HEADINGS.items():
        for column in frame.columns:
            if normalize(str(column)).text.strip().lower() in headings:
                found[name] = column
                break
    missing = [n for n in ("code", "name", "keywords") if n not in found]
    if missing:
        wanted = "、".join(f"{n}（{_HEADINGS[n][1]}）" for n in missing)
        raise ColumnNotFoundError(f"組織表に {wanted} の列がありません。見つかった列: {'、'.join(map(str, frame.columns))}。")
    return found


def _check_code(code: str, place: int, seen: dict[str, int]) -> None:
    if not code:
        raise InputFileError(f"組織表の {place} 行目にコードがありません。課ごとに別のコードを入れてください。")
    if code in OUTSIDE:
        raise InputFileError(f"組織表の {place} 行目のコード {code} は、市の外の宛先に使う決まりです。別のコードにしてください。")
    if code in seen:
        raise InputFileError(f"組織表の {seen[code]} 行目と {place} 行目のコード {code} が重なっています。別のコードにしてください。")
    seen[code] = place


def _in_force(values: Mapping[str, str], year: int | None, place: int) -> bool:
    if year is None:
        return True
    try:
        low = int(values.get("since") or -9999)
        high = int(values.get("until") or 9999)
    except ValueError:
        raise ParameterError(f"組織表の {place} 行目の年度（since / until）は西暦の数字で書いてください。") from None
    return low <= year <= high
