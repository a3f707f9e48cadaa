"""The workbooks come back: cell changes as changes, damage as damage, and nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError

from textlens.errors import InputFileError
from textlens.office.answers import Collected
from textlens.office.layout import CHOICE_SHEET, NEEDED, RECEIPT, RECEIPT_COLUMNS, seal, sheet_columns, states
from textlens.office.tables import is_missing, same_id

_CHANGES = ["file", "sheet", "row", "id", "department", "column", "old", "new"]
_PROBLEMS = ["file", "sheet", "row", "id", "kind", "message"]


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

    Misses: a row whose number and sealed cells were moved together to another row's answers by hand.
    """
    source = Path(folder)
    kept = _receipt(Path(receipt) if receipt is not None else source / RECEIPT)
    reader = _Reader()
    for file, rows in kept.groupby("file", sort=True):
        path = source / str(file)
        if not path.is_file():
            reader.problem(str(file), "", 0, "", "返送なし", f"{len(rows)} 行がまだ返ってきていません。")
            continue
        try:
            sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="calamine")
        except (OSError, ValueError, KeyError, CalamineError) as error:
            reader.problem(str(file), "", 0, "", "読めない", f"Excel ファイルとして読めません（{type(error).__name__}）。")
            continue
        for name, part in rows.groupby("sheet", sort=True):
            if name not in sheets:
                reader.problem(str(file), str(name), 0, "", "シートなし", f"シートがありません（{len(part)} 行分）。")
            else:
                reader.sheet(str(file), str(name), sheets[str(name)], part)
        for name in sheets:
            if name not in set(rows["sheet"]) | {CHOICE_SHEET}:
                reader.problem(str(file), str(name), 0, "", "知らないシート", "配っていないシートです。読んでいません。")
    for path in sorted(source.glob("*.xlsx")):
        if path.name not in set(kept["file"]) and not path.name.startswith("~$"):
            reader.problem(path.name, "", 0, "", "知らないファイル", "配布控えにないファイルです。読んでいません。")
    return reader.result(kept)


def _receipt(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputFileError(f"配布控え {path.name} がありません。distribute が書き出したフォルダのものを、返送ファイルと同じ場所に置いてください。")
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, encoding="utf-8")
    if list(table.columns) != list(RECEIPT_COLUMNS):
        raise InputFileError(f"{path.name} は配布控えではありません。distribute が書き出したものを指定してください。")
    return table


class _Reader:
    """Collects changes, problems and answers over all sheets."""

    def __init__(self) -> None:
        self.changes: list[tuple[Any, ...]] = []
        self.problems: list[tuple[Any, ...]] = []
        self.answers: dict[tuple[str, str, str], dict[str, str]] = {}

    def problem(self, file: str, sheet: str, row: int, key: str, kind: str, message: str) -> None:
        """Note one problem."""
        self.problems.append((file, sheet, row, key, kind, message))

    def sheet(self, file: str, sheet: str, grid: pd.DataFrame, kept: pd.DataFrame) -> None:
        """Read one sheet against its part of the receipt."""
        columns = self._headings(file, sheet, grid)
        if columns is None:
            return
        top, places = columns
        wanted = {row["id"]: row for row in kept.to_dict("records")}
        found = list(_rows(grid, top, places))
        numbers = [cells["id"] for _, cells in found]
        order = [n for n in numbers if n in wanted]
        if order != [n for n in wanted if n in set(order)] and len(set(order)) == len(order):
            self.problem(file, sheet, 0, "", "並べ替え", "行の順が変わっています。受付番号で照合したので、取り込みに支障はありません。")
        for line, cells in found:
            key = cells["id"]
            if key not in wanted:
                what = "受付番号のない行" if not key else "配っていない受付番号の行"
                self.problem(file, sheet, line, key, "行が増えた", f"{what}です。取り込んでいません。")
            elif numbers.count(key) > 1:
                self.problem(file, sheet, line, key, "番号が重複", "同じ受付番号の行が複数あります。どれも取り込んでいません。")
            elif seal(cells) != wanted[key]["seal"]:
                self.problem(file, sheet, line, key, "保護列が変わった", "本文などの列が配布時と違います。行がずれたおそれがあるので取り込んでいません。")
            else:
                self._take(file, sheet, line, cells, wanted[key])
        for key in wanted:
            if key not in set(numbers):
                self.problem(file, sheet, 0, key, "行が消えた", "配った行がありません。回答は「なし」として扱います。")

    def _headings(self, file: str, sheet: str, grid: pd.DataFrame) -> tuple[int, dict[str, int]] | None:
        names = {c.heading: c.name for c in sheet_columns()}
        for top in range(min(len(grid), 30)):
            cells = [_text(v) for v in grid.iloc[top].tolist()]
            if sum(c in names for c in cells) >= 3:
                break
        else:
            self.problem(file, sheet, 0, "", "見出しなし", "見出しの行が見つかりません。このシートは取り込んでいません。")
            return None
        places = {names[c]: j for j, c in enumerate(cells) if c in names}
        double = [c for c in names if cells.count(c) > 1]
        missing = [c.heading for c in sheet_columns() if c.name not in places]
        if double or missing:
            text = f"列が{'ありません: ' + '、'.join(missing) if missing else '重なっています: ' + '、'.join(double)}。このシートは取り込んでいません。"
            self.problem(file, sheet, top + 1, "", "列が壊れた", text)
            return None
        return top, places

    def _take(self, file: str, sheet: str, line: int, cells: dict[str, str], kept: Mapping[Any, Any]) -> None:
        editable = [c for c in sheet_columns() if c.edit]
        answer = {"id": cells["id"], "department": kept["department"], "due": kept["due"], "file": file, "sheet": sheet}
        for place, column in enumerate(editable):
            old, new = kept[f"was_{place}"], cells[column.name]
            allowed = {"needed": NEEDED, "states": tuple(states())}.get(column.choices)
            if new and allowed and new not in allowed:
                self.problem(file, sheet, line, cells["id"], "選択肢にない語", f"{column.heading} の値は選択肢にありません。取り込んでいません。")
                new = old
            if column.name == "done" and new and _as_date(new) is None:
                self.problem(file, sheet, line, cells["id"], "日付でない", f"{column.heading} は 2026-04-01 の形で書いてください。取り込んでいません。")
                new = old
            answer[column.name] = new
            if new != old:
                self.changes.append((file, sheet, line, cells["id"], kept["department"], column.heading, old, new))
        self.answers[file, sheet, cells["id"]] = answer

    def result(self, kept: pd.DataFrame) -> Collected:
        """Return everything read, one answer per row handed out."""
        names = [c.name for c in sheet_columns() if c.edit]
        rows = []
        for row in kept.to_dict("records"):
            empty = {"id": row["id"], "department": row["department"], "due": row["due"], "file": row["file"], "sheet": row["sheet"]}
            found = self.answers.get((row["file"], row["sheet"], row["id"]))
            rows.append({**empty, **dict.fromkeys(names, ""), **(found or {}), "returned": found is not None})
        answers = pd.DataFrame(rows, columns=["id", "department", "due", *names, "returned", "file", "sheet"])
        return Collected(
            pd.DataFrame(self.changes, columns=_CHANGES), pd.DataFrame(self.problems, columns=_PROBLEMS), answers
        )


def _rows(grid: pd.DataFrame, top: int, places: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    for n in range(top + 1, len(grid)):
        values = grid.iloc[n].tolist()
        cells = {name: _text(values[j]) for name, j in places.items()}
        cells["id"] = same_id(cells["id"])
        if any(cells.values()):
            yield n + 1, cells


def _text(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").strip()


def _as_date(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
