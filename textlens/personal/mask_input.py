"""Whether findings and texts belong together, asked before anything is masked: what is not masked would be passed on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from textlens.errors import ParameterError
from textlens.schema import PERSONAL_TYPES, SUBJECTS


def check_findings(texts: pd.Series, findings: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse findings that cannot be laid on the texts; messages name counts and columns, never words of a text.

    Raises
    ------
    ParameterError
        The findings are no table, a column is missing, an id is not among the texts or names two of them, a place is no whole number, a type or
        subject is none of the schema.

    Examples
    --------
    >>> check_findings(pd.Series(["母"], index=["00016"]), pd.DataFrame({"id": [16]}), ["id"])
    Traceback (most recent call last):
    ...
    textlens.errors.ParameterError: 検出結果の id のうち 1 種類（1 行）が、渡された文章の id にありません。このまま伏せると個人情報が残ります。文章の index と検出結果の id を同じ値・同じ型にしてください（CSV から読むと、00016 が 16 になります）。
    """
    if not isinstance(findings, pd.DataFrame):
        raise ParameterError(f"findings には PersonalDataFinder.transform の表（DataFrame）を渡してください（渡された型: {type(findings).__name__}）。")
    if missing := [name for name in columns if name not in findings.columns]:
        raise ParameterError(f"検出結果に列 {'・'.join(missing)} がありません。PersonalDataFinder.transform の表を、列を減らさずに渡してください。")
    if twice := int(texts.index[texts.index.duplicated()].nunique()):
        raise ParameterError(f"文章の id が重複しています（{twice} 種類）。どの文章の検出結果か分からないので、index を 1 件ずつ違う値にしてください。")
    known = set(texts.index)
    if unknown := [key for key in findings["id"].tolist() if key not in known]:
        raise ParameterError(
            f"検出結果の id のうち {len(set(map(str, unknown)))} 種類（{len(unknown)} 行）が、渡された文章の id にありません。"
            "このまま伏せると個人情報が残ります。文章の index と検出結果の id を同じ値・同じ型にしてください（CSV から読むと、00016 が 16 になります）。"
        )
    for name in ("start", "end"):
        if name in columns and len(findings) and not pd.api.types.is_integer_dtype(findings[name].infer_objects()):
            raise ParameterError(f"検出結果の列 {name} が整数ではありません（型 {findings[name].dtype}）。空欄の行を除き、整数に直してから渡してください。")
    for name, allowed in (("type", PERSONAL_TYPES), ("subject", SUBJECTS)):
        if name in columns and (wrong := int((~findings[name].isin(allowed)).sum())):
            raise ParameterError(f"検出結果の列 {name} に、空欄か知らない値の行が {wrong} 行あります。{'・'.join(allowed)} のどれかにしてください。")
