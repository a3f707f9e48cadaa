"""What a profile shows of a text, and where the evidence lies in what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from textlens import schema
from textlens.rules import read_table

DIRECT = ("person_name", "address", "phone", "email", "postal_code", "id_number", "birth_date_age", "vehicle", "account")
"""Kinds that name or reach a person by themselves (domain.md C4, 直接識別)."""

OTHERS = ("family", "private", "deceased", "unknown")
_PUBLIC_ROLE = ("person_name", "role", "affiliation", "birth_date_age")
PICTURE = "〓"
"""Stands for a character that office files cannot hold; every Japanese font has it (␇ is □ in most)."""

_UNPRINTABLE = {
    **{code: PICTURE for code in (*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n"},
    **dict.fromkeys(range(0xD800, 0xE000), PICTURE),
}


def personal_rows(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings about persons, with the columns :func:`textlens.personal.mask` takes."""
    rows = findings[findings["label"].isin(schema.PERSONAL_TYPES) & findings["source"].isin(schema.PERSONAL_SOURCES)]
    return rows.rename(columns={"label": "type"}).assign(risk_level=rows["score"])


def to_mask(personal: pd.DataFrame, style: str) -> pd.DataFrame:
    """Choose which findings a profile replaces.

    Parameters
    ----------
    personal : DataFrame
        From :func:`personal_rows`.
    style : {"none", "identify", "all"}
        ``identify``: what identifies directly, whoever it is, and everything about persons other than
        writer and staff, and whatever a person decided about (:data:`textlens.schema.DECIDED`). ``all``: everything.
        Neither touches name and office of public figures.
    """
    if style == "none":
        return personal.iloc[:0]
    public = personal["subject"].eq("public_figure") & personal["type"].isin(_PUBLIC_ROLE)
    if style == "all":
        return personal[~public]
    return personal[~public & (personal["type"].isin(DIRECT) | personal["subject"].isin(OTHERS) | personal["source"].eq(schema.DECIDED))]


def districts() -> dict[str, str]:
    """Return place name → district, from ``report/districts.tsv`` and what the office lays over it."""
    return {row["place"]: row["district"] for row in read_table("report/districts.tsv")}


def mask_texts(texts: pd.Series, masked: pd.DataFrame, districts: Mapping[str, str] | None = None) -> pd.Series:
    """Return the texts with the chosen findings replaced by the word for their kind (区分語), addresses by their district."""
    from textlens.personal import mask

    raw = texts.to_dict()
    with_text = masked.assign(text=[raw[i][a:b] for i, a, b in zip(masked["id"], masked["start"], masked["end"], strict=True)])
    touched = texts[texts.index.isin(masked["id"])]
    result = texts.copy()
    if len(touched):
        result.loc[touched.index] = mask(touched, with_text, style="category", districts=districts).to_numpy()
    return result


def without_overlap(masked: pd.DataFrame) -> pd.DataFrame:
    """Cut findings where the one before already covers them, so that no end of one stays readable."""
    rows = masked.sort_values(["start", "end"], ascending=[True, False], kind="stable")
    covered: dict[object, int] = {}
    starts = []
    for row_id, start, end in zip(rows["id"], rows["start"], rows["end"], strict=True):
        starts.append(max(start, covered.get(row_id, 0)))
        covered[row_id] = max(end, covered.get(row_id, 0))
    rows = rows.assign(start=starts)
    return rows[rows["start"] < rows["end"]]


def left_over(shown: pd.Series, texts: pd.Series, masked: pd.DataFrame) -> set[object]:
    """Return the ids whose shown text still holds something that should have been replaced (P01)."""
    raw, out = texts.to_dict(), shown.to_dict()
    found = set()
    for row_id, start, end in zip(masked["id"], masked["start"], masked["end"], strict=True):
        word = raw[row_id][start:end]
        if len(word) >= 2 and word in out[row_id]:
            found.add(row_id)
    return found


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join overlapping spans; spans that only touch stay two.

    Examples
    --------
    >>> merge_spans([(5, 7), (0, 3), (2, 4)])
    [(0, 4), (5, 7)]
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def move_spans(
    raw: str, shown: str, masked: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Move spans of the raw text to the text with replacements 【…】.

    The pieces between the replaced spans stand unchanged in the shown text; where that does not hold, no
    span is returned rather than a wrong one. Spans that touch a replaced one are left out.

    Examples
    --------
    >>> move_spans("隣の大石さんの声がうるさい", "隣の【氏名】の声がうるさい", [(2, 6)], [(9, 13, "complaint")])
    [(9, 13, 'complaint')]
    """
    pieces, at, raw_at = [], 0, 0
    for start, end in [*merge_spans(masked), (len(raw), len(raw))]:
        size = start - raw_at
        if shown[at : at + size] != raw[raw_at:start]:
            return []
        pieces.append((raw_at, start, at - raw_at))
        at += size
        if start < len(raw):
            close = shown.find("】", at)
            if not shown.startswith("【", at) or close < 0:
                return []
            at = close + 1
        raw_at = end
    if at != len(shown):
        return []
    return [(a + shift, b + shift, kind) for a, b, kind in spans for low, high, shift in pieces if low <= a and b <= high]


def printable(text: str) -> tuple[str, bool]:
    """Return a text that office files and HTML can hold, and whether a character was replaced by 〓.

    Line ends become ``\\n``; control characters and halves of surrogate pairs 〓.

    Examples
    --------
    >>> printable("電話\\x07番号\\r\\n次")
    ('電話〓番号\\n次', True)
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = text.translate(_UNPRINTABLE)
    return clean, clean != text


def without_returns(text: str, spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Move spans to the text in which ``\\r\\n`` is one character, as :func:`printable` makes it.

    Examples
    --------
    >>> without_returns("あ\\r\\nいう", [(3, 5, "complaint")])
    [(2, 4, 'complaint')]
    """
    if "\r\n" not in text:
        return list(spans)
    return [(a - text.count("\r\n", 0, a), b - text.count("\r\n", 0, b), kind) for a, b, kind in spans]


def words_by_id(findings: pd.DataFrame, texts: Mapping[object, str], names: Mapping[str, str]) -> dict[object, str]:
    """Return, per comment, the words of the evidence: ``苦情: 遅い、来ない／要望: てほしい``.

    Parameters
    ----------
    findings : DataFrame
        Rows with ``id, start, end, label``.
    texts : mapping
        Id → raw text.
    names : mapping
        Label → Japanese name; findings with other labels are left out.
    """
    found: dict[object, dict[str, dict[str, None]]] = {}
    for row_id, start, end, label in zip(findings["id"], findings["start"], findings["end"], findings["label"], strict=True):
        if label in names:
            word = texts[row_id][start:end]
            if word.strip():
                found.setdefault(row_id, {}).setdefault(label, {})[" ".join(word.split())] = None
    order = {label: i for i, label in enumerate(names)}
    return {
        row_id: "／".join(f"{names[label]}: {'、'.join(words)}" for label, words in sorted(kinds.items(), key=lambda p: order[p[0]]))
        for row_id, kinds in found.items()
    }
