"""Ways out of an analysis: workbook, HTML, figures; each through the gate of a profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def write_workbook(analysis: Any, path: str | Path, *, profile: str = "担当内") -> Path:
    """Write the Excel workbook. See :func:`textlens.report.workbook.write_workbook`."""
    from textlens.report import workbook

    return workbook.write_workbook(analysis, path, profile=profile)


def write_html(analysis: Any, path: str | Path, *, profile: str = "担当内") -> Path:
    """Write the one-file HTML report. See :func:`textlens.report.html.write_html`."""
    from textlens.report import html

    return html.write_html(analysis, path, profile=profile)
