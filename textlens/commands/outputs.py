"""The folder a command writes to: everything is made beside it first, so nothing is ever half-written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textlens.analysis.result import Analysis
from textlens.files import check_folder, whole_folder
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
        check_folder(path)

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
            names = sorted(item.name for item in draft.iterdir())
        return [self.path / name for name in names]
