"""The workbooks come back: cell changes as changes, damage as damage, and nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from textlens.errors import InputFileError
from textlens.office.answers import Collected, contradictions
from textlens.office.layout import (
    CHOICE_SHEET,
    HANDED,
    MOVED,
    NEEDED,
    RECEIPT,
    RECEIPT_COLUMNS,
    SheetColumn,
    seal,
    sheet_columns,
    states,
)
from textlens.office.tables import is_missing, same_id
from textlens.tables.plain import read_table

_CHANGES = ["file", "sheet", "row", "id", "department", "column", "old", "new"]
_PROBLEMS = ["file", "sheet", "row", "id", "kind", "message"]
SUMMARY = "返送のまとめ.xlsx"
"""What is made of the answers; where it lies in the same folder, it is no answer."""
HARMLESS = ("並べ替え", "番号の形", "完了日が配布前")
"""Kinds of problems that are only told: every row was taken."""
_TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_REIWA = 2018


class _Sheet(NamedTuple):
    grid: list[list[Any]]
    merged: set[tuple[int, int]]
    """Cells (row, column) that are part of a merged one."""


def collect(folder: str | Path, *, receipt: str | Path | None = None) -> Collected:
    """Read the workbooks of a distribution again.

    Parameters
    ----------
    folder : path
        Folder with the files as they came back (names as handed out; ``.xlsx``).
    receipt : path, optional
        ``配布控え.tsv`` of the distribution; looked for in ``folder`` if left out.

    Returns
    -------
    Collected
        ``changes``, ``problems`` and ``answers`` (see there).

    Raises
    ------
    InputFileError
        There is no receipt, or it is not one.

    Notes
    -----
    Rows are found by 受付番号, wherever they were sorted to. A row is not taken, only reported, when its
    number is double or unknown, or when a cell a 課 may not change differs from what was handed out: then
    nobody can tell whether the answer beside it belongs to it.

    Answers that do not fit each other (不要 beside 対応中), and days before the distribution, are taken and told.

    Misses: a row whose number and sealed cells were moved together to another row's answers by hand.
    """
    source = Path(folder)
    kept = _receipt(Path(receipt) if receipt is not None else source / RECEIPT)
    reader = _Reader()
    for file, rows in kept.groupby("file", sort=True):
        path = source / str(file)
        if not path.is_file():
            reader.problem(str(file), "", None, "", "返送なし", f"{len(rows)} 行がまだ返ってきていません。")
            continue
        try:
            sheets = _sheets(path)
        except (OSError, ValueError, KeyError, CalamineError) as error:
            reader.problem(str(file), "", None, "", "読めない", f"Excel ファイルとして読めません（{type(error).__name__}）。")
            continue
        for name, part in rows.groupby("sheet", sort=True):
            if name not in sheets:
                reader.problem(str(file), str(name), None, "", "シートなし", f"シートがありません（{len(part)} 行分）。")
            else:
                choices = _choices(sheets)
                reader.names |= {code: own for code, _, own in (entry.partition(" ") for entry in choices) if own}
                reader.sheet(str(file), str(name), sheets[str(name)], part, choices)
        for name in sheets:
            if name not in set(rows["sheet"]) | {CHOICE_SHEET}:
                reader.problem(str(file), str(name), None, "", "知らないシート", "配っていないシートです。読んでいません。")
    for path in sorted(p for p in source.iterdir() if p.suffix.lower() in _TABLES):
        if path.name not in {*kept["file"], SUMMARY} and not path.name.startswith("~$"):
            reader.problem(path.name, "", None, "", "知らないファイル", "配布控えにないファイルです。読んでいません。回答なら、配ったときの名前の .xlsx に戻してください。")
    return reader.result(kept)


def _sheets(path: Path) -> dict[str, _Sheet]:
    book = CalamineWorkbook.from_path(path)
    found = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        merged = {(r, c) for (top, left), (low, right) in sheet.merged_cell_ranges or () for r in range(top, low + 1) for c in range(left, right + 1)}
        found[name] = _Sheet(sheet.to_python(skip_empty_area=False), merged)
    return found


def _choices(sheets: Mapping[str, _Sheet]) -> list[str]:
    """Return the 課 of the drop-down list as it came back."""
    rows = sheets[CHOICE_SHEET].grid if CHOICE_SHEET in sheets else []
    return [text for text in (_text(row[2]) for row in rows if len(row) > 2) if text]


def _receipt(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputFileError(f"配布控え {path.name} がありません。distribute が書き出したフォルダのものを、返送ファイルと同じ場所に置いてください。")
    table = read_table(path, "配布控え", quotes=True)
    if list(table.columns) not in (list(RECEIPT_COLUMNS), [*RECEIPT_COLUMNS, HANDED]):  # before it told the day
        raise InputFileError(f"{path.name} は配布控えではありません。distribute が書き出したものを指定してください。")
    return table


class _Reader:
    """Collects changes, problems and answers over all sheets."""

    def __init__(self) -> None:
        self.changes: list[tuple[Any, ...]] = []
        self.problems: list[tuple[Any, ...]] = []
        self.answers: dict[tuple[str, str, str], dict[str, str]] = {}
        self.names: dict[str, str] = {}
        self.written: set[str] = set()
        """Files in which somebody wrote something."""
        self.impossible = contradictions()

    def problem(self, file: str, sheet: str, row: int | None, key: str, kind: str, message: str) -> None:
        """Note one problem; ``row`` is ``None`` where the file or the sheet is meant."""
        self.problems.append((file, sheet, row, key, kind, message))

    def sheet(self, file: str, sheet: str, page: _Sheet, kept: pd.DataFrame, departments: Collection[str]) -> None:
        """Read one sheet against its part of the receipt; ``departments`` is the list for 移送先の課."""
        columns = self._headings(file, sheet, page.grid)
        if columns is None:
            return
        top, places = columns
        wanted = {row["id"]: row for row in kept.to_dict("records")}
        found = list(_rows(page.grid, top, places))
        if _give_zeros_back(found, wanted):
            self.problem(file, sheet, None, "", "番号の形", "受付番号の頭の 0 が消えています。本文などの列が配布時と同じ行は、番号を補って取り込みました。")
        numbers = [cells["id"] for _, cells in found]
        order = [n for n in numbers if n in wanted]
        if order != [n for n in wanted if n in set(order)] and len(set(order)) == len(order):
            self.problem(file, sheet, None, "", "並べ替え", "行の順が変わっています。受付番号で照合したので、取り込みに支障はありません。")
        for line, cells in found:
            key = cells["id"]
            if any(cells[c.name] != wanted.get(key, {}).get(f"was_{place}", "") for place, c in enumerate(_editable())):
                self.written.add(file)
            if key not in wanted:
                what = "受付番号のない行" if not key else "配っていない受付番号の行"
                self.problem(file, sheet, line, key, "行が増えた", f"{what}です。取り込んでいません。")
            elif numbers.count(key) > 1:
                self.problem(file, sheet, line, key, "番号が重複", "同じ受付番号の行が複数あります。どれも取り込んでいません。")
            elif seal(cells) != wanted[key]["seal"]:
                self.problem(file, sheet, line, key, "保護列が変わった", "本文などの列が配布時と違います。行がずれたおそれがあるので取り込んでいません。")
            else:
                shared = {name for name, place in places.items() if (line - 1, place) in page.merged}
                self._take(file, sheet, line, cells, wanted[key], shared, departments)
        for key in wanted:
            if key not in set(numbers):
                self.problem(file, sheet, None, key, "行が消えた", "配った行がありません。回答は「なし」として扱います。")

    def _headings(self, file: str, sheet: str, grid: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
        names = {c.heading: c.name for c in sheet_columns()}
        for top in range(min(len(grid), 30)):
            cells = [_text(v) for v in grid[top]]
            if sum(c in names for c in cells) >= 3:
                break
        else:
            self.problem(file, sheet, None, "", "見出しなし", "見出しの行が見つかりません。このシートは取り込んでいません。")
            return None
        places = {names[c]: j for j, c in enumerate(cells) if c in names}
        double = [c for c in names if cells.count(c) > 1]
        missing = [c.heading for c in sheet_columns() if c.name not in places]
        if double or missing:
            text = f"列が{'ありません: ' + '、'.join(missing) if missing else '重なっています: ' + '、'.join(double)}。このシートは取り込んでいません。"
            self.problem(file, sheet, top + 1, "", "列が壊れた", text)
            return None
        return top, places

    def _take(
        self, file: str, sheet: str, line: int, cells: dict[str, str], kept: Mapping[Any, Any], shared: set[str], departments: Collection[str]
    ) -> None:  # fmt: skip
        """Take the answers of one row; ``shared`` columns are merged with those of other rows or columns."""
        answer = {"id": cells["id"], "department": kept["department"], "due": kept["due"], "file": file, "sheet": sheet}

        def tell(kind: str, message: str) -> None:
            self.problem(file, sheet, line, cells["id"], kind, f"{message}取り込んでいません。")

        for place, column in enumerate(_editable()):
            old, new = kept[f"was_{place}"], cells[column.name]
            allowed = {"needed": NEEDED, "states": tuple(states())}.get(column.choices)
            if column.name in shared:
                tell("結合セル", f"{column.heading} のセルが結合されていて、どの行の答えか分かりません。結合を解いて行ごとに書いてください。")
                new = old
            elif new and allowed and new not in allowed:
                tell("選択肢にない語", f"{column.heading} の値は選択肢にありません。")
                new = old
            elif new and column.choices == "departments":
                new = _department(new, departments)
                if not new:
                    tell("選択肢にない語", f"{column.heading} の値は選択肢にありません。一覧から選んでください。")
                    new = old
            elif new and column.name == "done":
                day = _as_date(new)
                if day is None:
                    tell("日付でない", f"{column.heading} は 2026-04-01 の形で書いてください。")
                new = old if day is None else day.isoformat()
                handed = _as_date(kept.get(HANDED, ""))
                if day is not None and handed is not None and day < handed:
                    text = f"{column.heading}が、配った日（{handed.isoformat()}）より前です。年月日を確かめてください。答えはそのまま取り込みました。"
                    self.problem(file, sheet, line, cells["id"], "完了日が配布前", text)
            answer[column.name] = new
            if new != old:
                self.changes.append((file, sheet, line, cells["id"], kept["department"], column.heading, old, new))
        if answer.get("needed") == MOVED and not answer.get("moved_to"):
            self.problem(file, sheet, line, cells["id"], "移す先なし", f"対応要否が「{MOVED}」ですが、移送先の課がありません。ほかの答えは取り込みました。")
        said = answer.get("needed", ""), answer.get("state", "")
        if said in self.impossible:
            text = f"対応要否が「{said[0]}」ですが、状態は「{said[1]}」です。どちらが正しいか、課に確かめてください。答えはそのまま取り込みました。"
            self.problem(file, sheet, line, cells["id"], "答えが合わない", text)
        self.answers[file, sheet, cells["id"]] = answer

    def result(self, kept: pd.DataFrame) -> Collected:
        """Return everything read, one answer per row handed out."""
        names = [c.name for c in _editable()]
        rows = []
        for row in kept.to_dict("records"):
            empty = {"id": row["id"], "department": row["department"], "due": row["due"], "file": row["file"], "sheet": row["sheet"]}
            found = self.answers.get((row["file"], row["sheet"], row["id"]))
            rows.append({**empty, **dict.fromkeys(names, ""), **(found or {}), "returned": found is not None and row["file"] in self.written})
        answers = pd.DataFrame(rows, columns=["id", "department", "due", *names, "returned", "file", "sheet"])
        return Collected(
            pd.DataFrame(self.changes, columns=_CHANGES), pd.DataFrame(self.problems, columns=_PROBLEMS).astype({"row": "Int64"}), answers,
            self.names | _named_by_files(kept),
        )


def _editable() -> list[SheetColumn]:
    return [c for c in sheet_columns() if c.edit]


def _named_by_files(kept: pd.DataFrame) -> dict[str, str]:
    """Return the name of each 課 as its workbook is called (D44_道路課.xlsx)."""
    pairs = zip(kept["department"], kept["file"].map(lambda name: Path(name).stem), strict=True)
    return {code: stem.removeprefix(f"{code}_") for code, stem in pairs if code and stem.startswith(f"{code}_")}


def _rows(grid: list[list[Any]], top: int, places: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    for n in range(top + 1, len(grid)):
        cells = {name: _text(grid[n][j]) for name, j in places.items()}
        cells["id"] = same_id(cells["id"])
        if any(cells.values()):
            yield n + 1, cells


def _give_zeros_back(found: list[tuple[int, dict[str, str]]], wanted: Mapping[str, Mapping[Any, Any]]) -> bool:
    """Write the number handed out where Excel made 20 of 0020, if the sealed cells are those of that row."""
    bare: dict[str, list[str]] = {}
    for key in wanted:
        if key.isdecimal():
            bare.setdefault(key.lstrip("0"), []).append(key)
    given = False
    for _, cells in found:
        whole = bare.get(cells["id"].lstrip("0"), []) if cells["id"].isdecimal() and cells["id"] not in wanted else []
        if len(whole) == 1 and seal(cells) == wanted[whole[0]]["seal"]:
            cells["id"], given = whole[0], True
    return given


def _department(said: str, departments: Collection[str]) -> str:
    """Return the entry of the list that is meant: as it stands there, or its code or name alone; '' if none or several."""
    word = unicodedata.normalize("NFKC", said)
    found = [entry for entry in departments if word == entry or word in entry.split(" ", 1)]
    return found[0] if len(found) == 1 else ""


def _text(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").strip()


def _as_date(text: str) -> date | None:
    """Read a day as people write it (2026-07-09, 2026/7/9, 2026年7月9日, R8.7.9, 令和8年7月9日)."""
    parts = re.fullmatch(r"(令和|[Rr])?\s*(\d+|元)\s*[-/.年]\s*(\d+)\s*[-/.月]\s*(\d+)\s*日?", unicodedata.normalize("NFKC", text))
    if parts is None or (not parts[1] and len(parts[2]) != 4):
        return None
    year = 1 if parts[2] == "元" else int(parts[2])
    try:
        return date(year + (_REIWA if parts[1] else 0), int(parts[3]), int(parts[4]))
    except ValueError:
        return None
