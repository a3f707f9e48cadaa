"""Which attributes of a file are groups that can be compared, and in which spelling."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import pandas as pd

from textlens import schema
from textlens.report.attributes import RARE, decade, is_region, shown_attributes
from textlens.report.own_kinds import declared_columns
from textlens.report.profiles import Profile, load_profile
from textlens.report.value_checks import FREE_TEXT, MAX_GROUPS, names_people
from textlens.tables.attributes import kind_of_column, normalize_attributes
from textlens.tables.read_columns import LEAST_WORDS
from textlens.tables.read_words import heading_weights, is_written, key, words

BLANK = "（空欄）"
MAX_COLUMNS = 8
"""More attributes than these are not compared in one report; which ones is told."""
_MOST_RAW = 400
_LEAST_FILLED = 0.2
_MOST_RARE = 0.5
_ROWS_PER_GROUP = 2
_DATE = re.compile(r"^((19|20)\d{2}(0[1-9]|1[0-2])(\d{2})?|((19|20)\d{2}|[RHSrhs令平昭]\w?\d{1,2})[-/.年]\d{1,2}([-/.月]\d{1,2})?.*)$")
_WHY = {
    "declared": "自分で選んだ種別の列です", "date": "日付の列です", "batch": "入力の作業の列です", "consent": "公開の同意を尋ねた列です",
    "office": "役所が付けた列です", "id": "番号の列です", "personal": "個人を示す列です", "answer": "役所が付けた列です",
    "written": "見出しが自由記述の列です", "names": "人の名前らしい値が多いため、この範囲では出していません",
    "region": "地区の風評を避けるため、この範囲では出していません", "free": "自由に書かれた文の列です", "empty": "ほとんどの行が空欄です",
    "rare": "属性の組合せの少ない人が多く、この範囲では値をほとんど伏せています", "one": "値が一つしかありません", "many": f"値の種類が {MAX_GROUPS} を超えるか、人数のわりに多すぎます", "more": f"一度に比べるのは {MAX_COLUMNS} 列までです",
}  # fmt: skip
"""Why a column is left out, as the report says it."""


class Chosen(NamedTuple):
    """Attributes to compare.

    ``exact``: one column per attribute, of the usual spelling (index: id), for the tests; ``values``: the same
    as far as the profile may tell it; ``left_out``: heading and reason of every attribute that is not in ``values``.
    """

    exact: pd.DataFrame
    values: pd.DataFrame
    left_out: tuple[tuple[str, str], ...]


def choose_columns(comments: pd.DataFrame, attributes: list[str], rules: Profile) -> Chosen:
    """Return the attributes that look like groups, at most eight, in the order of the file.

    Left out, each with its reason: declared kinds, dates, numbers of records, consent, what the office wrote,
    staff and other persons, free text (by heading too: a few short answers many gave look like groups), nearly empty columns, one value only, too many values; in 庁内共有 and 公表 columns
    whose values are mostly names of persons; districts where the profile keeps them from being spoken ill of. Of more than eight, those that the dictionary calls basic (性別, 年代 …) come first.

    Notes
    -----
    Values that the list of comments hides because their combination is rare are hidden here too: exact
    tables beside that list would give them back by subtraction. Numbers of years become decades.

    Misses: number codes whose meaning stands elsewhere (1, 2, 3) are compared as they are.
    """
    found: dict[str, pd.Series] = {}
    left_out: dict[str, str] = {}
    declared = declared_columns(attributes)
    for name in attributes:
        why = "declared" if name in declared else _by_heading(name)
        column = comments[name]
        if not why and column.nunique() > _MOST_RAW and not kind_of_column(name):
            why = "free" if column.astype(str).str.len().mean() > FREE_TEXT else "many"
        if not why:
            column = _usual(column, name)
            why = _by_values(column, str(name))
        if why:
            left_out[name] = why
        else:
            found[name] = column
    basic = _basic(found)
    for name in [*basic, *(n for n in found if n not in basic)][MAX_COLUMNS:]:
        left_out[name] = "more"
        del found[name]
    exact = pd.DataFrame(found, index=comments.index)
    for profile in _profiles(rules):
        shown = shown_attributes(comments, attributes, profile)
        found |= {n: found[n].mask(shown[n].eq(RARE), RARE) for n in found if n in shown}
    for name, column in list(found.items()):
        why = _by_profile(exact[name], column, is_region(name), rules)
        if why:
            left_out[name] = why
            del found[name]
    return Chosen(exact, pd.DataFrame(found, index=comments.index), tuple((n, _WHY[left_out[n]]) for n in attributes if n in left_out))


def _by_profile(exact: pd.Series, shown: pd.Series, region: bool, rules: Profile) -> str:
    """Return why a profile does not compare a column that others do."""
    if rules.checks_region and region:
        return "region"
    if rules.mask != "none" and names_people(exact[exact.ne(BLANK)], region=region):
        return "names"
    return "rare" if shown.eq(RARE).mean() > _MOST_RARE else ""


def _profiles(rules: Profile) -> list[Profile]:
    """Return the profiles that hide something, up to this one: who has a wider list has the stricter tables too."""
    if rules.name not in schema.PROFILES:
        return [rules]
    wider = schema.PROFILES[: schema.PROFILES.index(rules.name)]
    return [p for p in (*(load_profile(name) for name in wider), rules) if p.min_cell > 1]


def _by_heading(name: str) -> str:
    heading = key(str(name))
    for word in words("group_columns"):
        label = word.label.partition("-")[0]
        if label in ("date", "batch", "consent", "office", "personal") and word.hits(heading):
            return label
    weights = heading_weights(heading)
    if weights.get("id", 0) >= 3:
        return "id"
    return next((label for label in ("personal", "answer") if weights.get(label, 0) <= -3), "")


def _usual(column: pd.Series, name: str) -> pd.Series:
    plain = column.astype(object).where(column.notna(), "").astype(str)
    if column.dtype.kind == "f":
        plain = plain.str.removesuffix(".0")
    counts = plain.value_counts()
    usual = normalize_attributes(pd.DataFrame({name: counts.index}, index=counts.index))[0][name]
    names = _as_written(counts, usual)
    if kind_of_column(name) == "age":
        names = {v: str(decade(w)) if w.isdecimal() and 10 <= int(w) < 120 else w for v, w in names.items()}
    return plain.map({raw: names[value] or BLANK for raw, value in usual.items()}).astype(object)


def _as_written(counts: pd.Series, usual: pd.Series) -> dict[str, str]:
    """Return for each usual spelling the commonest one of the file, where they differ in width only (10～20年, not 10~20年)."""
    names = {value: value for value in usual.unique()}
    for _, raw, value in sorted(zip(counts.tolist(), map(str, counts.index), usual, strict=True)):
        tidy = " ".join(unicodedata.normalize("NFKC", raw).split())
        if tidy == value:
            names[value] = value if raw.strip().isdecimal() else " ".join(raw.split())
    return names


def _by_values(column: pd.Series, name: str) -> str:
    filled = column[column.ne(BLANK)]
    if len(filled) < _LEAST_FILLED * len(column) or not len(filled):
        return "empty"
    values = filled.unique()
    if len(values) < 2:
        return "one"
    if filled.map({v: _DATE.match(v) is not None for v in values}).mean() > 0.5:
        return "date"
    if len(values) > MAX_GROUPS or len(values) * _ROWS_PER_GROUP > len(filled):
        return "free" if filled.str.len().mean() > FREE_TEXT else "many"
    answers = filled[~filled.str.isdecimal()]
    if is_written(name) and 2 * len(answers) >= len(filled) and answers.str.len().mean() >= LEAST_WORDS:
        return "written"
    return ""


def _basic(names: dict[str, pd.Series]) -> list[str]:
    first = [word for word in words("group_columns") if word.label == "first"] + list(words("channel_headings"))
    return [name for name in names if any(word.hits(key(str(name))) for word in first)]
