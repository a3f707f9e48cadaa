"""Builders for the tests of distribution and return: invented comments, edits, LibreOffice."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd

from textlens.office.distribute import distribute

TABLE = pd.DataFrame(
    [("K1", "道路課", "市長部局"), ("K2", "公園課", "市長部局"), ("K3", "学校課", "教育委員会")], columns=["code", "name", "organ"]
)
HANDED, DUE = date(2026, 4, 27), date(2026, 5, 20)


def comments() -> pd.DataFrame:
    rows = [
        ("0001", "=道路の穴を\n直して。", "ok", "request", ("K1",), False, False, ()),
        ("0002", "公園と道の草がひどい。", "ok", "complaint", ("K2", "K1"), False, False, ()),
        ("0003", "先生が怒鳴る。", "ok", "complaint", ("K3",), False, True, ("staff",)),
        ("0004", "住みやすい。", "ok", "praise", ("X0",), False, False, ()),
        ("0005", "信号がほしい。", "ok", "request", ("X1", "K1"), False, False, ()),
        ("0006", "バス", "ok", "none", ("X0",), True, False, ()),
        ("0007", "", "blank", "none", (), False, False, ()),
        ("0008", "特になし", "no_content", "none", (), False, False, ()),
        ("0009", "長い文。", "too_long", None, (), False, False, ()),
    ]
    names = ["id", "text", "status", "intent", "departments", "held", "legal_check", "third_party"]
    frame = pd.DataFrame(rows, columns=names).set_index("id")
    frame["department"] = [codes[0] if codes else None for codes in frame["departments"]]
    frame["is_complaint"] = [i == "complaint" for i in frame["intent"]]
    frame["is_request"] = [i == "request" for i in frame["intent"]]
    return frame


def masked() -> pd.Series:
    return comments()["text"].where(comments()["status"] != "too_long", "長い文。")


def hand_out(folder: Path, **options: object) -> pd.DataFrame:
    candidates = pd.DataFrame([("0001", 1, "K1", 0.9, "「道路の穴」＝道路の傷み")], columns=["id", "rank", "department", "score", "reason"])
    options = {"handed": HANDED} | options
    return distribute(comments(), folder, departments=TABLE, masked=masked(), due=DUE, candidates=candidates, **options)  # type: ignore[arg-type]


def heading_row(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[5]}


def fill(path: Path, edits: dict[str, dict[str, object]], sheet: str = "回答票") -> None:
    """Write answers beside 受付番号 with openpyxl, as a script of the office might."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    columns = heading_row(page)
    for row in range(6, page.max_row + 1):
        for name, value in edits.get(str(page.cell(row, columns["受付番号"]).value), {}).items():
            page.cell(row, columns[name], value)
    book.save(path)


def through_libreoffice(path: Path, soffice: str, work: Path) -> None:
    """Open and save a workbook in LibreOffice, in place."""
    out = work / "converted"
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (out / path.name).replace(path)
