"""Attribute columns beside a comment: which may stay, and in what grain; the answers to 公開同意."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from textlens.report.profiles import Profile
from textlens.report.value_checks import why_dropped
from textlens.rules import read_table
from textlens.tables.attributes import normalize_attributes
from textlens.tables.read_words import key, words
from textlens.text.normalize import normalize

RARE = "（少数のため非表示）"
UNKNOWN_HEADING = "一覧に付けてよい属性の見出し（profiles.tsv の attributes）ではありません"
_CONSENT = {"consent-choice": "choice", "consent-denied": "denied", "consent": "consent"}
"""Label of a heading that asks for consent → the column of ``report/consent.tsv`` that reads its answers."""
_REGION = re.compile(r"地区|校区|学区|町名|居住地")
_AGE = re.compile(r"年齢")


def shown_attributes(comments: pd.DataFrame, attributes: list[str], profile: Profile) -> pd.DataFrame:
    """Return the attribute columns a profile may show, coarsened where they single people out.

    A column is kept if its whole heading is one of ``profile.attributes`` (:func:`known_heading`; for 担当内: all, as
    written) and its values are no free text and no persons (:func:`left_out_attributes`). All but the
    harmless ones get their usual spelling (６０代 is 60代: not two small groups), ages in years become decades.
    A row whose combination of the kept attributes (but ``profile.harmless`` ones) occurs fewer than
    ``min_cell`` times in the whole file loses these values (「少数のため非表示」); counted after the coarsening,
    because a combination can stay rare although no single column is (domain.md P08). If these rows are fewer
    than ``min_cell`` themselves, the next smallest combination goes with them: one row without values beside
    full ones is the person whom everybody knows to be rare.

    Notes
    -----
    Misses: attributes that the comment itself tells (「七十で初婚」); rarity against the population (the
    count is within the file).
    """
    left = left_out_attributes(comments, attributes, profile)
    keep = [name for name in attributes if name not in left]
    if profile.min_cell <= 1:
        return comments[keep].copy()
    quasi = quasi_identifiers(keep, profile)
    frame = normalize_attributes(comments[keep], quasi)[0]
    for name in keep:
        if _AGE.search(str(name)):
            frame[name] = pd.Series([decade(v) for v in frame[name]], index=frame.index, dtype=object)
    if quasi:
        keys = pd.Series(["\x1f".join(row) for row in frame[quasi].astype(str).to_numpy().tolist()], index=frame.index, dtype=object)
        rare = keys.isin(_rare_keys(keys, profile.min_cell)).to_numpy()
        for name in quasi:
            frame[name] = np.where(rare, RARE, frame[name].astype(object).to_numpy())
    return frame


def left_out_attributes(comments: pd.DataFrame, attributes: list[str], profile: Profile) -> dict[str, str]:
    """Return the attributes a profile keeps out of the list, each with the reason: its heading, or its values."""
    left = {name: UNKNOWN_HEADING for name in attributes if known_heading(name, profile) is None}
    if profile.min_cell <= 1:
        return left
    for name in attributes:
        column = comments[name].map(decade) if _AGE.search(str(name)) else comments[name]
        why = "" if name in left else why_dropped(column, profile.min_cell, region=is_region(name))
        if why:
            left[name] = why
    return left


def known_heading(heading: object, profile: Profile) -> str | None:
    """Return the form of a heading that is whole one of ``profile.attributes``, ``None`` if there is none.

    What usually stands before and after (問1, お住まいの, ご, （SA）, 別: rows ``affix`` of
    ``tables/group_columns.tsv``) does not count; 種別（その他） and 地区長 are other headings than 種別 and 地区.

    Examples
    --------
    >>> from textlens.report.profiles import load_profile
    >>> shared = load_profile("庁内共有")
    >>> [known_heading(h, shared) for h in ("問1 性別（SA）", "お住まいの地区", "ご年齢", "年代別", "種別（その他）", "地区長", "公開同意の備考")]
    ['性別', '地区', '年齢', '年代', None, None, None]
    """
    forms = [str(heading), key(str(heading))]
    for word in (w for w in words("group_columns") if w.label == "affix"):
        forms += [plain for form in forms if (plain := word.pattern.sub("", form)) and plain not in forms]
    return next((form for form in forms if re.fullmatch(profile.attributes, form, re.DOTALL)), None)


def quasi_identifiers(attributes: list[str], profile: Profile) -> list[str]:
    """Return the attributes that help to tell who somebody is (問1 性別 is 性別, not a question that says nothing)."""
    return [name for name in attributes if not re.search(profile.harmless, known_heading(name, profile) or str(name))]


def _rare_keys(keys: pd.Series, min_cell: int) -> set[str]:
    """Return the combinations to hide: those below ``min_cell``, and the next ones while all hidden rows are too few."""
    counts = keys.value_counts()
    ordered = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    hidden, n_rows = set(), 0
    for combination, n in ordered:
        if n >= min_cell and not 0 < n_rows < min_cell:
            break
        hidden.add(str(combination))
        n_rows += int(n)
    return hidden


def consent(comments: pd.DataFrame, attributes: list[str]) -> pd.Series | None:
    """Return 可, 不可 or 未確認 per comment; ``None`` if no column asks for it.

    An empty answer, and one that ``report/consent.tsv`` does not know, is 未確認. A heading that denies
    (公開に同意しない) turns a ○ into 不可 and never gives 可; under one that names both answers (公開（可・不可）)
    a bare ○ is 未確認. Where several columns ask (comment and name apart), the least willing answer holds.

    Notes
    -----
    Misses: of two columns for one answer (公開に同意する, 公開に同意しない) the empty one makes it 未確認; headings
    that do not speak of 公開・公表・掲載 (広報に載せてよい) ask for nothing, so that nothing is published for them.

    Examples
    --------
    >>> told = pd.DataFrame({"公開に同意しない": ["○", "", "×"], "公開同意": ["○", "○", "×"]})
    >>> consent(told, ["公開に同意しない"]).tolist(), consent(told, ["公開同意"]).tolist()
    (['不可', '未確認', '未確認'], ['可', '可', '不可'])
    """
    columns = [(name, reads) for name in attributes if (reads := asks_consent(name))]
    if not columns:
        return None
    answers = pd.DataFrame({n: _answers(comments[name], reads) for n, (name, reads) in enumerate(columns)}, index=comments.index)
    least = [next(word for word in ("不可", "未確認", "可") if word in row) for row in answers.to_numpy().tolist()]
    return pd.Series(least, index=comments.index, dtype=object)


def asks_consent(heading: object) -> str:
    """Return how the answers below a heading about publication are read: ``consent``, ``denied``, ``choice``; else ''."""
    compared = key(str(heading))
    found = {word.label for word in words("group_columns") if word.label in _CONSENT and word.hits(compared)}
    return next((reads for label, reads in _CONSENT.items() if label in found), "")


def _answers(column: pd.Series, reads: str) -> list[str]:
    known = {row["value"]: row.get(reads) or "未確認" for row in read_table("report/consent.tsv")}
    return ["未確認" if pd.isna(v) else known.get(normalize(str(v)).text.strip(), "未確認") for v in column]


def speaks_ill_of_a_district(comments: pd.DataFrame, attributes: list[str]) -> pd.Series:
    """Return True where a district of the file's own list stands in a comment with a negative side (P02).

    Notes
    -----
    Misses: districts that nobody of this file lives in, old names, and nicknames of places.
    """
    names: set[str] = set()
    for column in attributes:
        if is_region(column):
            names |= {str(v).strip() for v in comments[column].dropna().unique()}
    places = sorted({part for n in names for part in (n, n.removesuffix("地区"), n.removesuffix("校区")) if len(part) >= 2})
    negative = comments["polarity"].isin(["negative", "mixed"])
    if not places:
        return pd.Series(False, index=comments.index)
    named = comments["text"].astype(str).str.contains("|".join(map(re.escape, places)), regex=True)
    return negative & named


def is_region(heading: object) -> bool:
    """Return whether a heading says where somebody lives."""
    return _REGION.search(str(heading)) is not None


def decade(value: object) -> object:
    """Return the decade of an age in years (34 → 30代); anything else as it is."""
    text = "" if pd.isna(value) else str(value).removesuffix(".0").removesuffix("歳")  # type: ignore[call-overload]
    return f"{int(text) // 10 * 10}代" if text.isdecimal() else value
