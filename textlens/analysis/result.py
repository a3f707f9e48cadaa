"""What analyze() gives back: tables, and the ways out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from textlens import schema
from textlens.analysis.packed import Packed
from textlens.analysis.saved import OPTIONAL, TABLES, read_tables, write_tables
from textlens.errors import ParameterError
from textlens.text.highlight import Explained


@dataclass(repr=False, kw_only=True)
class Analysis:
    """Labels of every comment, with the reasons.

    Attributes
    ----------
    comments : DataFrame
        One row per comment (columns of ``schema.COMMENT_COLUMNS``, then the attributes).
    units : DataFrame
        One row per 意見単位.
    findings : DataFrame
        One row per piece of evidence (columns of ``schema.FINDING_COLUMNS``); ``start`` and ``end`` point
        into ``comments["text"]``. Kept packed until first asked for.
    topics : DataFrame
    departments : DataFrame
        The 組織表 in use.
    attributes : list of str
    run : dict
        The manifest.
    corrections : DataFrame or None
        What staff corrections changed.
    disagreements : DataFrame or None
        Comments whose self-declared kind is not among the kinds that were read.
    """

    comments: pd.DataFrame
    units: pd.DataFrame
    findings: Packed = Packed()
    topics: pd.DataFrame
    departments: pd.DataFrame
    attributes: list[str]
    run: dict[str, Any] = field(default_factory=dict)
    corrections: pd.DataFrame | None = None
    disagreements: pd.DataFrame | None = None

    def __repr__(self) -> str:
        counts = "、".join(f"{name} {n}" for name, n in self.run["counts"]["by_status"].items() if n)
        return f"<Analysis {len(self.comments)} 通（{counts}） {len(self.units)} 件 話題 {len(self.topics)}>"

    @property
    def accounting(self) -> pd.DataFrame:
        """全件収支: rows read, by status; the sum is the number of rows read."""
        counts = self.comments["status"].value_counts()
        rows = [{"status": s, "rows": int(counts.get(s, 0))} for s in schema.STATUSES]
        return pd.DataFrame([*rows, {"status": "total", "rows": len(self.comments)}])

    def explain(self, id: object) -> Explained:
        """Return the evidence of one comment: its words, what they led to and why, in Japanese, and the rule.

        Returns
        -------
        Explained
            A DataFrame, one row per piece of evidence: ``unit, words, means, why, label, subject, score, rule, source, start, end``.
            In a notebook it shows the comment with the words marked.

        Raises
        ------
        ParameterError
            There is no comment with this id, or several.
        """
        from textlens.report.explanation import explain_comment

        if id not in self.comments.index:
            raise ParameterError(f"その受付番号は結果にありません（{len(self.comments)} 件の中に）。")
        rows = self.comments.loc[[id]]
        if len(rows) > 1:
            raise ParameterError(f"その受付番号は {len(rows)} 件あります。番号を一つずつ違うものにして分析し直してください。")
        names = dict(zip(self.departments["code"], self.departments["name"], strict=True))
        return explain_comment(str(rows["text"].iloc[0]), self.findings[self.findings["id"] == id], rows.iloc[0], names)

    def to_excel(self, path: str | Path, *, profile: str = "担当内") -> Path:
        """Write the workbook. See :func:`textlens.report.write_workbook`."""
        from textlens.report import write_workbook

        return write_workbook(self, Path(path), profile=profile)

    def to_html(self, path: str | Path, *, profile: str = "担当内") -> Path:
        """Write the one-file HTML report. See :func:`textlens.report.write_html`."""
        from textlens.report import write_html

        return write_html(self, Path(path), profile=profile)

    def save(self, folder: str | Path) -> Path:
        """Write all tables (CSV, UTF-8 with BOM so that Excel opens them) and ``manifest.json`` to a folder.

        The folder holds the comments as written: treat it as personal data. Read it with
        :func:`textlens.load`, which says what comes back as it was.

        Raises
        ------
        ParameterError
            The folder cannot be made or written to, or a file of it is open in another program.
        """
        return write_tables(folder, {name: getattr(self, name) for name in (*TABLES, *OPTIONAL)}, self.run, self.attributes)


def load(folder: str | Path) -> Analysis:
    """Read what :meth:`Analysis.save` wrote.

    Everything comes back that was saved: ids with their name and type (text, numbers, dates, periods, several parts; any
    other type as text, in all tables alike), attributes with theirs, missing values as missing. A table may have been
    saved again by Excel as 「CSV UTF-8」: TRUE and 1 are read as True.

    Raises
    ------
    InputFileError
        The folder does not hold a saved analysis; a file of it is empty, in another encoding, or holds a value that cannot be
        read (the message names file, column and row); ids of one table are not in ``comments.csv``.

    Notes
    -----
    Misses: attributes of mixed values (numbers beside words) come back as text; rows taken out of ``comments.csv`` are
    noticed only where another table speaks of them.
    """
    tables, run, attributes = read_tables(folder)
    return Analysis(**tables, attributes=attributes, run=run)  # type: ignore[arg-type]
