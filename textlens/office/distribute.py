"""One workbook per 課: what it may read, and what it is asked to decide, with drop-down lists.

「自由回答部分は各課に分けて配って、対応の要否を検討してもらっている」 (domain knowledge of 広聴 offices). The text handed
out is the masked one; the original never enters these files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from textlens.errors import ParameterError
from textlens.office.layout import (
    CHOICE_SHEET,
    HANDED,
    LIST_SHEET,
    NEEDED,
    RECEIPT,
    RECEIPT_COLUMNS,
    SheetColumn,
    seal,
    sheet_columns,
    states,
)
from textlens.office.plan import NOT_NEEDED, NOT_READ, plan_distribution
from textlens.office.tables import is_missing, same_id
from textlens.rules import read_table
from textlens.schema import OUTSIDE
from textlens.text.layout import row_height

UNASSIGNED_FILE = "広聴_課のない声.xlsx"
_CREATED = datetime(2000, 1, 1)
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\t', "_"))
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CELL = 32_000
_STAMP = "個人情報を含みます（伏せた後も個人情報のままです。匿名加工情報・仮名加工情報ではありません）"
_HOW = "色のついた列だけ記入してください。並べ替えはかまいませんが、行や列を足したり消したりしないでください。"


_NO_REASON = "言葉の根拠は出せません（職員の修正など）"


def distribute(
    comments: pd.DataFrame,
    folder: str | Path,
    *,
    departments: pd.DataFrame,
    masked: pd.Series,
    due: date,
    candidates: pd.DataFrame | None = None,
    own_organ: str = "市長部局",
    send_held: bool = False,
    related: bool = True,
    handed: date | None = None,
) -> pd.DataFrame:
    """Write one workbook per 課, one for what no 課 has, and the receipt ``配布控え.tsv``.

    Parameters
    ----------
    comments : DataFrame
        Comments with the columns of ``schema.COMMENT_COLUMNS``; index = 受付番号. Its ``text`` is not used.
    folder : path
        Made if it is not there; files of an earlier distribution in it are refused.
    departments : DataFrame
        ``code, name, organ``.
    masked : Series
        Masked text, same index (``tl.mask``).
    due : date
        When the 課 send it back (:func:`~textlens.office.due.due_date`).
    candidates : DataFrame, optional
        ``DepartmentRouter.rank``: its reasons are shown; a 課 that is no candidate (staff moved the comment) is told so.
    own_organ : str
        Organ that hands out; rows that go to another one are marked.
    send_held, related : bool
        See :func:`~textlens.office.plan.plan_distribution`.
    handed : date, optional
        Day of the distribution, kept in the receipt; today if left out.

    Returns
    -------
    DataFrame
        The receipt: one row per sheet row.

    Raises
    ------
    ParameterError
        The folder holds an earlier distribution.
    """
    target = Path(folder)
    if (target / RECEIPT).exists():
        raise ParameterError(f"フォルダ「{target.name}」には前の配布控えがあります。別のフォルダに書き出してください。")
    plan = plan_distribution(comments, departments, masked, send_held=send_held, related=related)
    target.mkdir(parents=True, exist_ok=True)
    writer = _Writer(comments, departments, masked, due, candidates, own_organ)
    receipt: list[tuple[str, ...]] = []
    for code, ids in plan.departments.items():
        if ids:
            name = f"{code}_{writer.names[code]}.xlsx".translate(_FORBIDDEN)
            receipt += writer.workbook(target / name, code, {LIST_SHEET: ids})
    if any(plan.others.values()):
        receipt += writer.workbook(target / UNASSIGNED_FILE, "", {writer.sheet_name(k): v for k, v in plan.others.items() if v})
    table = pd.DataFrame(receipt, columns=list(RECEIPT_COLUMNS), dtype=str).assign(**{HANDED: (handed or date.today()).isoformat()})
    table.to_csv(target / RECEIPT, sep="\t", index=False, lineterminator="\n", encoding="utf-8")
    return table


class _Writer:
    """Cells of the sheets of one distribution."""

    def __init__(
        self,
        comments: pd.DataFrame,
        departments: pd.DataFrame,
        masked: pd.Series,
        due: date,
        candidates: pd.DataFrame | None,
        own_organ: str,
    ) -> None:
        self.rows = comments
        self.masked = masked
        self.due = due
        self.own_organ = own_organ
        self.labels = {row["id"]: row["label"] for row in read_table("report/labels_ja.tsv")}
        self.outside = {code: self.labels.get(f"outside.{code}", name) for code, name in OUTSIDE.items()}
        self.names = {**self.outside, **dict(zip(departments["code"].astype(str), departments["name"].astype(str), strict=True))}
        organs = departments["organ"] if "organ" in departments else pd.Series("", index=departments.index)
        self.organs: dict[str, str] = dict(zip(departments["code"].astype(str), organs.fillna("").astype(str), strict=True))
        self.reasons: dict[tuple[str, str], str] = {}
        if candidates is not None:
            keys = zip(map(same_id, candidates["id"]), candidates["department"].astype(str), strict=True)
            self.reasons = dict(zip(keys, candidates["reason"].astype(str), strict=True))
        self.place = {key: n for n, key in enumerate(comments.index)}
        self.columns = {c: comments[c].tolist() for c in comments.columns}

    def sheet_name(self, part: str) -> str:
        """Return what a sheet is called: what needs no 課 as the report calls it."""
        return _NO_SHEET_NAME.sub("_", self.outside["X0"])[:31] if part == NOT_NEEDED else part

    def value(self, key: object, column: str) -> Any:
        """Return one label of a comment, ``None`` where there is none."""
        found = self.columns.get(column)
        value = None if found is None else found[self.place[key]]
        return None if is_missing(value) else value

    def cells(self, key: object, code: str, sheet: str) -> dict[str, str]:
        """Return what the sheet of a 課 shows about one comment."""
        codes = [str(c) for c in self.value(key, "departments") or ()]
        main = str(self.value(key, "department") or "")
        role = "（主管）" if codes[:1] == [code] or not code else "（関係）"
        shown = code or main
        others = [f"{c} {self.names.get(c, '')}".strip() for c in codes if c != shown]
        text = self.masked.get(key)
        plain = text if isinstance(text, str) and sheet != NOT_READ else "（分析していません。担当内の一覧で読んでください）"
        found = {
            "id": same_id(key), "text": plain, "intent": self._intents(key),
            "department": f"{shown} {self.names.get(shown, '')}{role if code else ''}",
            "reason": self.reasons.get((same_id(key), shown), _NO_REASON if self.reasons and shown and sheet != NOT_READ else ""), "others": "、".join(others),
            "mark": "／".join(self._marks(key, code)), "due": self.due.isoformat(),
        }  # fmt: skip
        return {name: _UNPRINTABLE.sub("〓", cell)[:_MAX_CELL] for name, cell in found.items()}

    def _intents(self, key: object) -> str:
        kinds = [k for k in ("complaint", "request", "praise", "question", "report", "opinion") if self.value(key, f"is_{k}") is True]
        main = self.value(key, "intent")
        ordered = dict.fromkeys([*([main] if main else []), *kinds])
        return "・".join(self.labels.get(f"intent.{k}", str(k)) for k in ordered)

    def _marks(self, key: object, code: str) -> list[str]:
        marks = []
        organ = self.organs.get(code, "")
        if organ and organ != self.own_organ:
            marks.append(f"他機関（{organ}）: 提供に当たるか要確認")
        if self.value(key, "urgent") is True:
            marks.append("急ぎ")
        if self.value(key, "legal_check") is True:
            marks.append("法的対応の要否を確認")
        if self.value(key, "third_party"):
            marks.append("第三者の記述あり")
        if str(self.value(key, "held")) == "True":
            marks.append("振り分け保留（人が決める）")
        return marks

    def workbook(self, path: Path, code: str, sheets: Mapping[str, Sequence[object]]) -> list[tuple[str, ...]]:
        """Write one workbook; return its rows of the receipt."""
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": _CREATED, "comments": _STAMP})
        styles = _styles(book)
        receipt: list[tuple[str, ...]] = []
        title = f"{code} {self.names[code]}" if code else "課のない声"
        for name, ids in sheets.items():
            sheet = book.add_worksheet(name)
            _head(sheet, styles, f"市民の声　{title}　{name}", self.due)
            for line, key in enumerate(ids, 5):
                cells = self.cells(key, code, name)
                _row(sheet, styles, line, cells)
                receipt.append((path.name, name, cells["id"], code or str(self.value(key, "department") or ""),
                                cells["due"], seal(cells), *[""] * 6))  # fmt: skip
            _finish(sheet, len(ids))
        self._choices(book)
        book.close()
        return receipt

    def _choices(self, book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(CHOICE_SHEET)
        own = [f"{code} {name}" for code, name in self.names.items() if code != "X0"]
        for column, values in enumerate((NEEDED, tuple(states()), own)):
            for line, value in enumerate(values):
                sheet.write_string(line, column, value)
            letter = "ABC"[column]
            book.define_name(("needed", "states", "departments")[column], f"={CHOICE_SHEET}!${letter}$1:${letter}${len(values)}")
        sheet.hide()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": "Yu Gothic", "font_size": 10, "valign": "top", "text_wrap": True}
    edge = {**base, "border": 1, "border_color": "#9AA5B1"}
    return {
        "title": book.add_format({**base, "text_wrap": False, "font_size": 14, "bold": True}),
        "note": book.add_format({**base, "text_wrap": False, "font_color": "#8A1C1C"}),
        "head": book.add_format({**edge, "bold": True, "bg_color": "#E8EDF3", "align": "center"}),
        "locked": book.add_format(edge),
        "open": book.add_format({**edge, "locked": False, "bg_color": "#FFF9E5", "num_format": "@"}),
    }


def _head(sheet: Any, styles: dict[str, Any], title: str, due: date) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    sheet.set_row(0, 22)
    sheet.write_string(1, 0, _STAMP, styles["note"])
    sheet.write_string(2, 0, f"返送期限 {due.isoformat()}　{_HOW}", styles["note"])
    for place, column in enumerate(sheet_columns()):
        sheet.set_column(place, place, column.width)
        sheet.write_string(4, place, column.heading, styles["head"])


def _row(sheet: Any, styles: dict[str, Any], line: int, cells: dict[str, str]) -> None:
    sheet.set_row(line, row_height([(cells.get(c.name, ""), c.width) for c in sheet_columns()]))
    for place, column in enumerate(sheet_columns()):
        value = cells.get(column.name, "")
        style = styles["open" if column.edit else "locked"]
        if value:
            sheet.write_string(line, place, value, style)
        else:
            sheet.write_blank(line, place, None, style)


def _finish(sheet: Any, n_rows: int) -> None:
    columns: tuple[SheetColumn, ...] = sheet_columns()
    for place, column in enumerate(columns):
        if column.choices:
            sheet.data_validation(5, place, 4 + n_rows, place, {
                "validate": "list", "source": f"={column.choices}", "error_title": "選択肢から選んでください",
                "error_message": "一覧にない語は取り込めません。", "ignore_blank": True,
            })  # fmt: skip
    sheet.autofilter(4, 0, 4 + n_rows, len(columns) - 1)
    sheet.freeze_panes(5, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: fourteen columns do not fit on A4 in a size one can read
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C&8&P / &N ページ")
    sheet.repeat_rows(4)
    sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
