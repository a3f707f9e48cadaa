"""What staff corrections came to in a run: agreement with the machine, the file for next year, examples to learn from."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from textlens.analysis.result import Analysis
from textlens.errors import ParameterError
from textlens.files import whole_file
from textlens.office.corrections import NOT_APPLIED, agreement, parse_value, training_table, with_digests
from textlens.office.tables import guarded
from textlens.report.masking import left_over, mask_texts, personal_rows, to_mask, without_overlap
from textlens.report.plain_book import write_frames
from textlens.report.words import Labels, headings, label_name
from textlens.schema import OUTSIDE

SUMMARY, NEXT_YEAR, EXAMPLES = "修正のまとめ.xlsx", "修正_照合つき.tsv", "学習用_伏せた本文.csv"
_HEADS = {
    "field": "項目", "checked": "人が見た数", "agreed": "機械と同じ", "rate": "一致率", "id": "受付番号", "old": "機械の値", "new": "修正後",
    "who": "修正者", "when": "修正日", "why": "理由", "result": "結果",
}  # fmt: skip
_YES_NO = {"true": "はい", "false": "いいえ"}
_CODE = re.compile(r"[0-9A-Za-z_.-]{1,8}")


def check_codes(result: Analysis) -> None:
    """Look whether the 課 that people named are in the table of this run.

    Raises
    ------
    ParameterError
        Some are not: the table was reorganised, or the code is mistyped. Codes are named, anything longer only counted.
    """
    changes = result.corrections
    known = {*result.departments["code"].astype(str), *OUTSIDE}
    if changes is None:
        return
    rows = changes[changes["field"].isin(["department", "departments"]) & ~changes["result"].isin(NOT_APPLIED)]
    named = {code for new in rows["new"] for code in parse_value("departments", new)}
    unknown = sorted(named - known)
    if unknown:
        shown = [code for code in unknown if _CODE.fullmatch(code)][:5]
        raise ParameterError(
            f"修正ファイルの課コードのうち {len(unknown)} 種類{'（' + '、'.join(shown) + '）' if shown else ''}が、使った組織表にありません。"
            "組織が変わったときは textlens check --old-departments で変わった課を確かめて直してください。"
        )


def write_corrections(result: Analysis, folder: Path) -> list[str]:
    """Write agreement and list of corrections, the file with digests for next year, and masked examples; return what to say."""
    changes = result.corrections
    if changes is None:
        return []
    rate, listed = agreement(changes), _in_words(changes, result)
    rate["field"] = [field_name(field) for field in rate["field"]]
    with_digest = with_digests(result.comments, changes)
    texts = result.comments["text"]
    chosen = without_overlap(to_mask(personal_rows(result.findings), "all"))
    masked = mask_texts(texts, chosen)
    examples = training_table(result.comments, changes, masked)
    left = left_over(masked, texts, chosen)
    examples = examples[~examples.index.isin(left)]
    summary = {"一致率": rate.rename(columns=_HEADS), "修正の一覧": listed.rename(columns=_HEADS)}
    write_frames(summary, folder / SUMMARY, title="textlens 修正のまとめ")
    with whole_file(folder / NEXT_YEAR) as draft:
        lines = [list(with_digest.columns), *with_digest.to_numpy().tolist()]
        cells = "".join("\t".join(guarded(" ".join(str(cell).split())) for cell in line) + "\n" for line in lines)
        draft.write_text(cells, encoding="utf-8", newline="\n")
    with whole_file(folder / EXAMPLES) as draft:
        shown = examples.map(_cell).set_axis([_cell(own) for own in examples.index]).rename_axis("受付番号")
        shown.to_csv(draft, encoding="utf-8-sig", lineterminator="\n")
    counts = changes["result"].value_counts()
    said = ["修正: " + "、".join(f"{word} {n}" for word, n in counts.items())]
    said += [f"一致率 {row.field}: {row.agreed}/{row.checked}（人が見た分だけの率です）" for row in rate.itertuples()]
    return [*said, *(f"書き出しました: {folder / name}" for name in (SUMMARY, NEXT_YEAR, EXAMPLES))]


def field_name(field: str) -> str:
    """Return what a field is called in reports.

    Examples
    --------
    >>> field_name("intent"), field_name("is_request"), field_name("department")
    ('主な種別', '要望', '担当の候補（主）')
    """
    return next((h.heading for h in headings("担当内") if h.name == field), "") or label_name(field)


def _in_words(changes: pd.DataFrame, result: Analysis) -> pd.DataFrame:
    """Return the corrections with fields and values as reports call them, codes with their names."""
    codes = dict(zip(result.departments["code"].astype(str), result.departments["name"].astype(str), strict=True)) | OUTSIDE
    topics = dict(zip(result.topics["topic"].astype(str), result.topics["label"].astype(str), strict=True)) if len(result.topics) else {}
    names = Labels()

    def word(field: str, value: str) -> str:
        if field in ("department", "departments", "topic"):
            known = topics if field == "topic" else codes
            return "、".join(f"{code} {known.get(code, '')}".strip() for code in value.split("、"))
        if value in _YES_NO:
            return _YES_NO[value]
        return "、".join(names("subject" if field == "third_party" else field, part) for part in value.split("、"))

    told = {side: [word(field, str(value)) for field, value in zip(changes["field"], changes[side], strict=True)] for side in ("old", "new")}
    return changes.assign(field=[field_name(field) for field in changes["field"]], **told)


def _cell(value: object) -> object:
    """Write several values as staff do, and begin no cell like a formula."""
    text = "、".join(map(str, value)) if isinstance(value, tuple) else "" if value is None or value is pd.NA else str(value)
    return guarded(text)
