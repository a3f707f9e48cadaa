"""What analyze() gives back: tables, and the ways out of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from textlens import schema
from textlens.analysis.packed import Packed
from textlens.errors import InputFileError, ParameterError
from textlens.files import whole_file
from textlens.text.highlight import Explained

_TABLES = ("comments", "units", "findings", "topics", "departments")
_TUPLES = {"comments": ("third_party", "departments"), "topics": ("words", "representatives")}


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
        :func:`textlens.load`.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name in _TABLES:
            frame = getattr(self, name).copy()
            for column in _TUPLES.get(name, ()):
                frame[column] = [json.dumps(list(v), ensure_ascii=False) if isinstance(v, tuple) else "" for v in frame[column]]
            if name == "comments":
                frame.insert(0, "id", frame.index)
            _write(target / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig", "surrogatepass"))
        types = {name: {str(k): str(v) for k, v in getattr(self, name).dtypes.items()} for name in _TABLES}
        manifest = {**self.run, "attributes": self.attributes, "types": types, "index": str(self.comments.index.dtype)}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        _write(target / "manifest.json", text.encode("utf-8", "surrogatepass"))
        return target


def load(folder: str | Path) -> Analysis:
    """Read what :meth:`Analysis.save` wrote.

    Raises
    ------
    InputFileError
        The folder does not hold a saved analysis.
    """
    source = Path(folder)
    if not (source / "manifest.json").is_file():
        raise InputFileError(f"フォルダ {source.name} に manifest.json がありません。Analysis.save で保存したフォルダを指定してください。")
    run = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    types, index = run.pop("types"), run.pop("index")
    tables: dict[str, pd.DataFrame] = {}
    for name in _TABLES:
        path = source / f"{name}.csv"
        if not path.is_file():
            raise InputFileError(f"フォルダ {source.name} に {name}.csv がありません。保存し直してください。")
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if name == "comments":
            frame = frame.set_index(frame.pop("id").astype(index))
        for column, kind in types[name].items():
            if column in _TUPLES.get(name, ()):
                frame[column] = pd.Series([tuple(json.loads(v)) if v else None for v in frame[column]], index=frame.index, dtype=object)
            else:
                frame[column] = _typed(frame[column], kind)
        tables[name] = frame
    return Analysis(**tables, attributes=run.pop("attributes"), run=run)


def _typed(column: pd.Series, kind: str) -> pd.Series:
    if kind in ("bool", "boolean"):
        values = column.map({"True": True, "False": False, "": None})
        return values.astype("boolean") if kind == "boolean" else values.astype(bool)
    if kind.lower().startswith(("int", "float", "uint")):
        return pd.to_numeric(column.replace("", None)).astype(pd.api.types.pandas_dtype(kind))
    return column


def _write(path: Path, data: bytes) -> None:
    with whole_file(path) as draft:
        draft.write_bytes(data)
