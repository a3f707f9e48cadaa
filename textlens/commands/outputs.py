"""The folder a command writes to: everything is made beside it first, so nothing is ever half-written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from textlens.analysis.result import Analysis
from textlens.errors import ParameterError
from textlens.files import whole_folder
from textlens.report import write_html, write_workbook
from textlens.report.view import apply_profile


class OutputFolder:
    """Where results go.

    Raises
    ------
    ParameterError
        The path is a file, or its parent cannot be written to. Raised before any work is done.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise ParameterError(f"書き出し先 {path.name} はファイルです。フォルダを指定してください。")

    def write(self, result: Analysis, profile: str, progress: Callable[[str, int, int], None]) -> list[Path]:
        """Write workbook, HTML, tables and manifest; return their paths.

        With a profile other than 担当内 the tables with the comments as written are left out.
        """
        with whole_folder(self.path) as draft:
            progress("書き出し", 0, 3)
            view = apply_profile(result, profile)
            write_workbook(view, draft / f"結果_{profile}.xlsx")
            progress("書き出し", 1, 3)
            write_html(view, draft / f"報告_{profile}.html")
            progress("書き出し", 2, 3)
            if profile == "担当内":
                result.save(draft / "表")
            progress("書き出し", 3, 3)
            self.path.mkdir(exist_ok=True)
            return [self._move(item) for item in sorted(draft.iterdir())]

    def _move(self, item: Path) -> Path:
        target = self.path / item.name
        if target.is_dir():
            shutil.rmtree(target)
        try:
            item.replace(target)
        except PermissionError:
            raise ParameterError(f"{target.name} に書き込めません。Excel などで開いていたら閉じてから、もう一度実行してください。") from None
        return target
