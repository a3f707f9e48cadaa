"""The sheet on which a person decides about personal findings: written to Excel, filled in, read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter

from textlens import schema
from textlens.errors import InputFileError
from textlens.files import whole_file
from textlens.office.review import COLUMNS, DECISIONS, keys_of, personal_rows, text_digest
from textlens.office.review_table import NAME_COLUMNS, WIDTHS, labels
from textlens.office.tables import is_missing, same_id
from textlens.tables.plain import read_sheets
from textlens.text.layout import row_height

LIST, ADD, NAMES = "個人情報の確認", "見落としの追加", "同じ名前が残る回答"
CHOICES = "選択肢"
SPARE_ROWS = 200
_STAMP = "個人情報・取扱注意　担当内に限る（原文の言葉を含みます）"
_HOW = "色のついた列だけ記入してください。判断は 採用（伏せる）・不採用（個人情報ではない）・直す（右の「正しい…」に書く）。並べ替えてもかまいません。"
_HOW_ADD = "機械が見落とした言葉を 1 行に 1 つ書いてください（本文のとおりに）。その回答の中の同じ言葉はすべて伏せます。"
_HOW_NAMES = "ある回答で氏名として伏せる言葉が、伏せていない所にもあります（地名のこともあります）。人の名なら「見落としの追加」に書いてください。"
_OPEN = ("判断", "正しい言葉", "正しい種類", "正しい「誰のこと」", "メモ")
_ADD_WIDTHS = {"番号": 10.0, "言葉（本文のとおりに）": 30, "種類": 16, "誰のこと": 16, "メモ": 30}
_LISTS = {"判断": "decisions", "種類": "types", "正しい種類": "types", "誰のこと": "subjects", "正しい「誰のこと」": "subjects"}
_CREATED = datetime(2000, 1, 1)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HEAD_ROW = 4
_DIGEST = "照合（変えない）"


class Read(NamedTuple):
    """What came back: rows for :func:`~textlens.office.review.add_decisions`, problems, and rows left blank."""

    decisions: list[dict[str, object]]
    problems: pd.DataFrame
    undecided: int


def write_review_sheet(
    table: pd.DataFrame, path: str | Path, names: pd.DataFrame | None = None, looks: Mapping[str, tuple[str, pd.DataFrame]] | None = None
) -> Path:
    """Write a table of :func:`~textlens.office.review_table.review_table` as a workbook with drop-down lists; whole or not at all.

    ``names``, of :func:`~textlens.office.review_table.same_names`, and ``looks`` (sheet → note and table, of
    :func:`~textlens.report.singled_out.singled_out`) become sheets to be read.

    Raises
    ------
    ParameterError
        The file cannot be written (it is open in Excel, or the folder is not there).
    """
    target = Path(path)
    with whole_file(target) as draft:
        _write(table, draft, names, looks or {})
    return target


def read_review_sheet(source: str | Path | pd.DataFrame, analysis: Any, *, who: str, when: str) -> Read:
    """Read a filled-in sheet.

    Parameters
    ----------
    source : path or DataFrame
        The workbook, or a table of :func:`~textlens.office.review_table.review_table` filled in in a notebook.
    analysis : Analysis
        The one the sheet was made from; words are looked up in its texts, and only offsets are kept.
    who, when : str
        Written to each decision.

    Returns
    -------
    Read
        ``problems`` has ``sheet, row, message`` (rows as seen in Excel; never words of a comment). A row with
        a problem is not taken.

    Raises
    ------
    InputFileError
        The file is not such a sheet.
    """
    sheets = {LIST: source} if isinstance(source, pd.DataFrame) else _sheets(Path(source))
    reader = _Reader(analysis, who, when)
    for line, cells in _cells(sheets[LIST], list(WIDTHS)):
        reader.judge(line, cells)
    for line, cells in _cells(sheets[ADD], list(_ADD_WIDTHS)) if ADD in sheets else ():
        reader.missed(line, cells)
    return Read(reader.found, pd.DataFrame(reader.problems, columns=["sheet", "row", "message"]), reader.undecided)


class _Reader:
    """Turns rows of the sheets into decisions, or into problems."""

    def __init__(self, analysis: Any, who: str, when: str) -> None:
        rows = personal_rows(analysis)
        self.known = set(keys_of(rows))
        self.texts = {same_id(i): str(t) for i, t in analysis.comments["text"].items()}
        self.types = {v: k for k, v in labels("personal").items()} | {t: t for t in schema.PERSONAL_TYPES}
        self.subjects = {v: k for k, v in labels("subject").items()} | {s: s for s in schema.SUBJECTS}
        self.words = {v: k for k, v in DECISIONS.items() if k != "add"}
        self.stamp = {"who": who, "when": when}
        self.found: list[dict[str, object]] = []
        self.problems: list[tuple[str, int, str]] = []
        self.undecided = 0
        self._seen: set[object] = set()

    def judge(self, line: int, cells: Mapping[str, str]) -> None:
        """Take one row of the list."""
        if not cells["判断"]:
            self.undecided += 1
            if any(cells[name] for name in _OPEN[1:4]):
                self._problem(LIST, line, "「正しい…」に記入がありますが、判断が空です。判断を「直す」にしてください。")
            return None
        parts = cells[_DIGEST].split(":")
        if len(parts) != 4 or not (parts[1].isdecimal() and parts[2].isdecimal()):
            return self._problem(LIST, line, "照合の列が変わっているので、どの箇所か分かりません。シートを作り直してください。")
        key = (same_id(cells["番号"]), parts[0], int(parts[1]), int(parts[2]), parts[3])
        if key not in self.known:
            return self._problem(LIST, line, "この結果にない箇所です（番号か照合の列が変わったか、別の結果のシートです）。")
        if key in self._seen:
            return self._problem(LIST, line, "同じ箇所の行が 2 つあります。後の行は取り込んでいません。")
        decision = self.words.get(cells["判断"])
        if decision is None:
            return self._problem(LIST, line, "判断は 採用・不採用・直す のどれかで書いてください。")
        self._seen.add(key)
        row: dict[str, object] = {**dict(zip(COLUMNS, key, strict=False)), "decision": decision, "why": cells["メモ"], **self.stamp}
        if decision == "correct" and not self._correct(line, cells, key, row):
            return None
        self.found.append(row)
        return None

    def _correct(self, line: int, cells: Mapping[str, str], key: tuple[str, str, int, int, str], row: dict[str, object]) -> bool:
        word, kind, subject = (cells[name] for name in _OPEN[1:4])
        if not (word or kind or subject):
            self._problem(LIST, line, "判断が「直す」ですが、「正しい…」がどれも空です。")
            return False
        if kind and kind not in self.types or subject and subject not in self.subjects:
            self._problem(LIST, line, "正しい種類・正しい「誰のこと」は一覧から選んでください。")
            return False
        if word:
            places = _places(self.texts[key[0]], word)
            near = min(places, key=lambda start: (not (start < key[3] and key[2] < start + len(word)), abs(start - key[2])), default=-1)
            if near < 0:
                self._problem(LIST, line, "「正しい言葉」が本文に見つかりません。本文のとおりに書いてください。")
                return False
            row |= {"new_start": near, "new_end": near + len(word)}
        row |= {"new_type": self.types.get(kind, ""), "new_subject": self.subjects.get(subject, "")}
        return True

    def missed(self, line: int, cells: Mapping[str, str]) -> None:
        """Take one row of the sheet for what the machine missed."""
        key, word = same_id(cells["番号"]), cells["言葉（本文のとおりに）"]
        text, kind, subject = self.texts.get(key), self.types.get(cells["種類"]), self.subjects.get(cells["誰のこと"] or "unknown")
        if text is None:
            return self._problem(ADD, line, "この番号の回答はありません。")
        if kind is None or subject is None:
            return self._problem(ADD, line, "種類と誰のことかは一覧から選んでください。")
        places = _places(text, word)
        if not places:
            return self._problem(ADD, line, "この言葉が本文に見つかりません。本文のとおりに書いてください。")
        for start in places:
            self.found.append({"id": key, "text_sha": text_digest(text), "start": start, "end": start + len(word), "type": kind,
                               "decision": "add", "new_subject": subject, "why": cells["メモ"], **self.stamp})  # fmt: skip
        return None

    def _problem(self, sheet: str, line: int, message: str) -> None:
        self.problems.append((sheet, line, message))


def _places(text: str, word: str) -> list[int]:
    """Return where a word stands, without overlaps."""
    return [m.start() for m in re.finditer(re.escape(word), text)] if word else []


def _sheets(path: Path) -> dict[str, pd.DataFrame]:
    sheets = read_sheets(path, "確認シート")
    if LIST not in sheets:
        raise InputFileError(f"{path.name} に「{LIST}」のシートがありません。textlens review が書き出したものを指定してください。")
    return {name: pd.DataFrame(rows, dtype=object) for name, rows in sheets.items()}


def _cells(grid: pd.DataFrame, wanted: list[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the heading as (row in Excel, cells by heading)."""
    lines = grid.to_numpy().tolist()
    if wanted[0] in grid.columns:
        heads, top = [str(c) for c in grid.columns], -1
    else:
        top = next((n for n, line in enumerate(lines[:30]) if wanted[0] in map(str, line)), len(lines))
        heads = [str(v) for v in lines[top]] if top < len(lines) else []
    missing = [name for name in wanted if name not in heads]
    if missing:
        raise InputFileError(f"確認シートに {'、'.join(f'「{m}」' for m in missing)} の列がありません。見出しを元に戻してください。")
    places = {name: heads.index(name) for name in wanted}
    found = [(n + 1, {name: _cell(line[j]) for name, j in places.items()}) for n, line in enumerate(lines) if n > top]
    return [(n, cells) for n, cells in found if any(cells.values())]


def _cell(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").strip()


def _write(table: pd.DataFrame, path: Path, names: pd.DataFrame | None, looks: Mapping[str, tuple[str, pd.DataFrame]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED, "title": "textlens 個人情報の確認", "comments": _STAMP})
    base = {"font_name": "Yu Gothic", "font_size": 10, "valign": "top", "text_wrap": True}
    edge = {**base, "border": 1, "border_color": "#9AA5B1"}
    styles = {
        "title": book.add_format({**base, "text_wrap": False, "font_size": 14, "bold": True}),
        "note": book.add_format({**base, "text_wrap": False, "font_color": "#8A1C1C"}),
        "head": book.add_format({**edge, "bold": True, "bg_color": "#E8EDF3", "align": "center"}),
        "locked": book.add_format(edge),
        "narrow": book.add_format({**edge, "text_wrap": False, "font_color": "#9AA5B1"}),
        "open": book.add_format({**edge, "locked": False, "bg_color": "#FFF9E5", "num_format": "@"}),
    }
    try:
        lists = {"decisions": [w for k, w in DECISIONS.items() if k != "add"], "types": list(labels("personal").values()),
                 "subjects": list(labels("subject").values())}  # fmt: skip
        rows = table[list(WIDTHS)].to_numpy().tolist()
        _sheet(book, styles, LIST, f"{_HOW}（{len(rows)} 件）", WIDTHS, rows, len(rows), _OPEN)
        _sheet(book, styles, ADD, _HOW_ADD, _ADD_WIDTHS, [], SPARE_ROWS, tuple(_ADD_WIDTHS))
        if names is not None and len(names):
            places = names[list(NAME_COLUMNS)].to_numpy().tolist()
            _sheet(book, styles, NAMES, _HOW_NAMES, dict(zip(NAME_COLUMNS, (10.0, 18, 90), strict=True)), places, len(places), ())
        for name, (note, frame) in looks.items():
            widths = {str(head): float(min(60, max([len(str(head)), *(len(str(v)) for v in frame[head])]) * 2 + 2)) for head in frame.columns}
            _sheet(book, styles, name, note, widths, [[str(v) for v in row] for row in frame.to_numpy().tolist()], len(frame), ())
        choices = book.add_worksheet(CHOICES)
        for column, (name, values) in enumerate(lists.items()):
            choices.write_column(0, column, values)
            letter = "ABC"[column]
            book.define_name(name, f"={CHOICES}!${letter}$1:${letter}${len(values)}")
        choices.hide()
    finally:
        book.close()


def _sheet(book: Any, styles: dict[str, Any], name: str, note: str, widths: Mapping[str, float], rows: list[list[str]], n_rows: int, editable: tuple[str, ...]) -> None:  # fmt: skip
    sheet = book.add_worksheet(name)
    for line, (text, style) in enumerate(((name, "title"), (_STAMP, "note"), (note, "note"))):
        sheet.write_string(line, 0, text, styles[style])
    for place, (heading, width) in enumerate(widths.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(_HEAD_ROW, place, heading, styles["head"])
        style = styles["narrow" if heading == _DIGEST else "open" if heading in editable else "locked"]
        for line in range(n_rows):
            value = _UNPRINTABLE.sub("〓", rows[line][place]) if line < len(rows) else ""
            if value:
                sheet.write_string(_HEAD_ROW + 1 + line, place, value, style)
            else:
                sheet.write_blank(_HEAD_ROW + 1 + line, place, None, style)
        if heading in _LISTS and heading in editable and n_rows:
            sheet.data_validation(_HEAD_ROW + 1, place, _HEAD_ROW + n_rows, place, {
                "validate": "list", "source": f"={_LISTS[heading]}", "ignore_blank": True,
                "error_title": "選択肢から選んでください", "error_message": "一覧にない語は取り込めません。",
            })  # fmt: skip
    for line, row in enumerate(rows, _HEAD_ROW + 1):
        sheet.set_row(line, row_height([(value, width) for value, (heading, width) in zip(row, widths.items(), strict=True) if heading != _DIGEST]))
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(n_rows, 1), len(widths) - 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(8 if len(widths) > len(_ADD_WIDTHS) else 9)  # A3: fifteen columns do not fit on A4 in a size one can read
    sheet.fit_to_pages(1, 0)
    if _DIGEST in widths:
        sheet.print_area(0, 0, _HEAD_ROW + max(n_rows, 1), len(widths) - 2)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C&8&P / &N ページ")
    sheet.repeat_rows(_HEAD_ROW)
    sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
