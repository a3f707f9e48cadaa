"""What the commands that hand something out share: who does it, the log, and the result folder."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from textlens.analysis.result import Analysis, load
from textlens.errors import InputFileError, ParameterError
from textlens.office.access_log import Entry, append

LOG, DECISIONS = "操作記録.jsonl", "判断.tsv"
TELLING = "番号の列に、氏名などのおそれがあるもの（ほかの番号にない日本語の語、@、電話番号）が {} 件あります。何も書き出していません。\n"


def add_record_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who does it and where it is noted."""
    parser.add_argument("--user", metavar="名前", help="操作する人（書かなければ端末の利用者名）")
    parser.add_argument("--log", type=Path, metavar="ファイル", help="操作記録（書かなければ結果フォルダの 操作記録.jsonl）")


def load_result(folder: Path) -> Analysis:
    """Read the tables of a result folder.

    Raises
    ------
    InputFileError
        There are none: only a run with the profile 担当内 has them.
    """
    if not (folder / "表").is_dir():
        raise InputFileError(f"{folder.name} に「表」フォルダがありません。analyze を範囲「担当内」で実行したフォルダを指定してください。")
    return load(folder / "表")


def decisions_file(folder: Path) -> Path:
    """Return where the decisions of a result are kept if nothing else is said."""
    return folder / DECISIONS


def user_name(given: str | None) -> str:
    """Return who does it.

    Raises
    ------
    ParameterError
        Nobody was named and the machine does not know either.
    """
    try:
        name = (given if given is not None else getpass.getuser()).strip()
    except (OSError, KeyError):
        name = ""
    if not name:
        raise ParameterError("誰が操作したかを記録できません。--user に名前を書いてください。")
    return name


def source_of(result: Analysis) -> tuple[str, str]:
    """Return name (never the folder) and SHA-256 of the file that was analysed."""
    source = result.run.get("input") or {}
    reading = source.get("reading") or {}
    name = next((str(reading[k]) for k in ("file", "name", "path", "source") if reading.get(k)), "")
    return name.replace("\\", "/").rsplit("/", 1)[-1], str(source.get("sha256") or "")


def add_line(arguments: argparse.Namespace, who: str, operation: str, result: Analysis, *, rows: int, profile: str = "担当内", reason: str = "") -> Entry:  # fmt: skip
    """Add a line to the log of a result."""
    name, digest = source_of(result)
    purpose = str((result.run.get("parameters") or {}).get("purpose") or "")
    return append(arguments.log or arguments.result / LOG, who=who, operation=operation, purpose=purpose, file=name, sha256=digest,
                  rows=rows, profile=profile, reason=reason)  # fmt: skip
