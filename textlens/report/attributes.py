"""Attribute columns beside a comment: which may stay, and in what grain; the answers to 公開同意."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from textlens.report.profiles import Profile
from textlens.rules import read_table
from textlens.text.normalize import normalize

RARE = "（少数のため非表示）"
_CONSENT = re.compile(r"(公開|公表|掲載).{0,4}(同意|承諾|可否)")
_QUASI = re.compile(r"性別|年代|年齢|地区|校区|学区|町名|居住")
_REGION = re.compile(r"地区|校区|学区|町名|居住地")
_AGE = re.compile(r"年齢")


def shown_attributes(comments: pd.DataFrame, attributes: list[str], profile: Profile) -> pd.DataFrame:
    """Return the attribute columns a profile may show, coarsened where they single people out.

    A column is kept if its heading fits ``profile.attributes`` (for 担当内: all). Ages in years become
    decades. A row whose combination of sex, age and district occurs fewer than ``min_cell`` times in the
    whole file loses these values (「少数のため非表示」); counted after the coarsening, because a
    combination can stay rare although no single column is (domain.md P08).

    Notes
    -----
    Misses: attributes that the comment itself tells (「七十で初婚」); rarity against the population (the
    count is within the file).
    """
    keep = [name for name in attributes if re.search(profile.attributes, str(name))]
    frame = comments[keep].copy()
    if profile.min_cell <= 1:
        return frame
    for name in keep:
        if _AGE.search(str(name)):
            frame[name] = pd.Series([_decade(v) for v in frame[name]], index=frame.index, dtype=object)
    quasi = [name for name in keep if _QUASI.search(str(name))]
    if quasi:
        keys = frame[quasi].astype(str).agg("\x1f".join, axis=1)
        rare = (keys.map(keys.value_counts()) < profile.min_cell).to_numpy()
        for name in quasi:
            frame[name] = np.where(rare, RARE, frame[name].astype(object).to_numpy())
    return frame


def consent(comments: pd.DataFrame, attributes: list[str]) -> pd.Series | None:
    """Return 可, 不可 or 未確認 per comment; ``None`` if no column asks for it.

    An empty answer, and one that ``report/consent.tsv`` does not know, is 未確認.
    """
    column = next((name for name in attributes if _CONSENT.search(str(name))), None)
    if column is None:
        return None
    known = {row["value"]: row["consent"] for row in read_table("report/consent.tsv")}
    answers = comments[column].map(lambda v: "" if pd.isna(v) else normalize(str(v)).text.strip())
    return answers.map(lambda v: known.get(v, "未確認"))


def speaks_ill_of_a_district(comments: pd.DataFrame, attributes: list[str]) -> pd.Series:
    """Return True where a district of the file's own list stands in a comment with a negative side (P02).

    Notes
    -----
    Misses: districts that nobody of this file lives in, old names, and nicknames of places.
    """
    names: set[str] = set()
    for column in attributes:
        if _REGION.search(str(column)):
            names |= {str(v).strip() for v in comments[column].dropna().unique()}
    places = sorted({part for n in names for part in (n, n.removesuffix("地区"), n.removesuffix("校区")) if len(part) >= 2})
    negative = comments["polarity"].isin(["negative", "mixed"])
    if not places:
        return pd.Series(False, index=comments.index)
    named = comments["text"].astype(str).str.contains("|".join(map(re.escape, places)), regex=True)
    return negative & named


def _decade(value: object) -> object:
    text = "" if pd.isna(value) else str(value).removesuffix(".0").removesuffix("歳")  # type: ignore[call-overload]
    return f"{int(text) // 10 * 10}代" if text.isdecimal() else value
