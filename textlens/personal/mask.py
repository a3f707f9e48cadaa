"""Masking at the exit: category words instead of ■■, so that the text can still be read and routed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from textlens.errors import ParameterError
from textlens.personal.generalise import address_to_district, generalise
from textlens.personal.mask_input import check_findings
from textlens.personal.patterns import pattern
from textlens.text.masks import DELETED, PEOPLE, WORDS
from textlens.tokens.texts import text_series

STYLES = ("category", "generalise", "delete")
_NUMBERED = ("近隣住民", "住民", "人物")
"""Words that are numbered even where only one stands in a text."""


class _Row(NamedTuple):
    start: int
    end: int
    text: str
    type: str
    subject: str


def mask(
    texts: pd.Series | Iterable[str],
    findings: pd.DataFrame,
    *,
    style: str = "category",
    districts: Mapping[str, str] | None = None,
    keep_public_figures: bool = True,
) -> pd.Series:
    """Replace the findings of each text.

    Parameters
    ----------
    texts : Series of str
        The original texts; its index is the ``id`` of ``findings``.
    findings : DataFrame
        From :meth:`PersonalDataFinder.transform`, perhaps after a person's review.
    style : {"category", "generalise", "delete"}
        ``category``: 【近隣住民1】【職員】【住所】; the same person keeps the same number within a text.
        ``generalise``: what can be coarsened stays as a coarse value (80代, 城北地区). ``delete``: the
        span is taken out and 〔削除〕 stands in its place.
    districts : mapping, optional
        Place name → district (``{"栄町": "城北地区"}``), for addresses.
    keep_public_figures : bool
        Leave names of public figures as they are: their public deeds are not hidden.

    Returns
    -------
    Series
        Same index; characters outside the findings are untouched.

    Raises
    ------
    ParameterError
        The style is unknown; findings are not those of the texts (an id that is not among them or stands there twice,
        a place that does not lie on its text); a column, type or subject is not as the finder writes it.

    Notes
    -----
    The result is still personal data. Misses: what the finder missed; a person named once by surname and
    once by given name gets two numbers.

    Examples
    --------
    >>> from textlens.personal import PersonalDataFinder
    >>> texts = pd.Series(["隣の葛野さんに会費を渡した。葛野さんは忘れたという。"], index=["a"])
    >>> mask(texts, PersonalDataFinder().transform(texts)).tolist()
    ['隣の【近隣住民1】さんに会費を渡した。【近隣住民1】さんは忘れたという。']
    """
    if style not in STYLES:
        raise ParameterError(f"style は {'・'.join(STYLES)} のどれかです（渡されたのは {style!r}）。")
    series = text_series(texts)
    check_findings(series, findings, ["id", *_Row._fields])
    table = findings[["id", *_Row._fields]]
    rows: dict[object, list[_Row]] = {}
    for key, *values in table.itertuples(index=False, name=None):
        rows.setdefault(key, []).append(_Row(*values))
    out = [
        _mask_one(key, text, rows[key], style, districts or {}, keep_public_figures) if key in rows else text
        for key, text in zip(series.index, series.tolist(), strict=True)
    ]
    return pd.Series(out, index=series.index, name=series.name, dtype=object)


def _mask_one(key: object, text: str, rows: list[_Row], style: str, districts: Mapping[str, str], keep_public: bool) -> str:
    chosen: list[_Row] = []
    for row in sorted(rows, key=lambda row: (row.start, -row.end)):
        if not isinstance(text, str) or row.start < 0 or text[row.start : row.end] != row.text:
            raise ParameterError(
                f"id {key!r} の検出結果（{row.start}〜{row.end} 文字目）が原文と合いません。検出に使った文章をそのまま渡してください。"
            )
        open_office = keep_public and row.subject == "public_figure" and row.type in ("person_name", "role")
        if open_office:
            continue
        before = chosen.pop() if chosen and row.start < chosen[-1].end else None
        chosen.append(row if before is None else _joined(before, row, text))
    people = _number_people(text, chosen)
    pieces, place = [], 0
    for row in chosen:
        if style == "delete":
            word = DELETED
        else:
            coarse = generalise(row.text, row.type, districts) if style == "generalise" else None
            word = f"【{coarse}】" if coarse and row.type in ("role", "affiliation") else coarse or _word(row, people, districts)
        if text.startswith(word, row.start):
            continue  # 90歳以上 says no more than it did
        pieces += [text[place : row.start], word]
        place = row.end
    return "".join([*pieces, text[place:]])


def _joined(one: _Row, other: _Row, text: str) -> _Row:
    """Return one finding for two that overlap, called as the longer one: no end of either stays readable."""
    longer, end = max(one, other, key=lambda row: len(row.text)), max(one.end, other.end)
    return longer._replace(start=one.start, end=end, text=text[one.start : end])


def _word(row: _Row, people: dict[_Row, str], districts: Mapping[str, str]) -> str:
    if row in people:
        office = pattern("mask-office-before").match(row.text) if row.type == "role" and row.subject == "staff" else None
        return f"{office[0] if office else ''}【{people[row]}】"
    if row.type == "address":
        district = address_to_district(row.text, districts)
        return f"【住所→{district}】" if district else "【住所】"
    return f"【{WORDS[row.type]}】"


def _number_people(text: str, rows: list[_Row]) -> dict[_Row, str]:
    """Give each person of one text a word and a number; the same name (or surname) is the same person."""
    labels: dict[_Row, str] = {}
    known: dict[str, list[tuple[str, str]]] = {}
    numbers: dict[_Row, int] = {}
    for row in rows:
        if row.type not in ("person_name", "role"):
            continue
        if row.subject == "self":
            labels[row] = "氏名" if row.type == "person_name" else "役職"
            continue
        if row.type == "role" and any(0 <= other.start - row.end <= 1 for other in rows if other.type == "person_name"):
            labels[row] = "居所" if row.subject == "private" and pattern("mask-home").search(row.text) else "役職"
            continue
        name = "".join(unicodedata.normalize("NFKC", row.text).split())
        same = [(n, who, label) for label, people in known.items() for n, (who, subject) in enumerate(people, 1)
                if subject == row.subject and (who.startswith(name) or name.startswith(who))]  # fmt: skip
        if same:
            numbers[row], _, labels[row] = same[0]
            continue
        near = pattern("mask-neighbour").search(text[max(0, row.start - 6) : row.start] + row.text)
        labels[row] = "近隣住民" if row.subject == "private" and near else PEOPLE[row.subject]
        known.setdefault(labels[row], []).append((name, row.subject))
        numbers[row] = len(known[labels[row]])
    for row, number in numbers.items():
        if labels[row] in _NUMBERED or len(known[labels[row]]) > 1:
            labels[row] += str(number)
    return labels
