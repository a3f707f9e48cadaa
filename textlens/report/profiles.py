"""Who may see what: 担当内, 庁内共有, 公表; each shows a subset of the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textlens import schema
from textlens.errors import DictionaryError, ParameterError
from textlens.rules import read_table

_MASKS = ("none", "identify", "all")


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of one circle of readers; the values come from ``report/profiles.tsv``.

    Attributes
    ----------
    name : str
    title, stamp : str
        Words for the head of every output.
    min_cell : int
        Smallest count shown.
    mask : {"none", "identify", "all"}
        Which findings about persons are replaced in the text.
    max_risk : int
        Comments above this risk level (0–3) are not shown in their words.
    needs_consent : bool
        Only comments whose writer agreed to publication are shown in their words.
    checks_region : bool
        Comments that speak ill of a named district are not shown in their words.
    checks_rare : bool
        Comments that tell what hardly anybody shares (市内で唯一, 離婚5回) are not shown in their words while they do.
    attributes : str
        Regular expression: headings of attributes that may stand beside a comment.
    harmless : str
        Regular expression: headings of attributes that say nothing about who somebody is (回収方法 …); every other
        one counts when combinations are looked at.
    renumber : bool
        Ids and order of the file are replaced.
    personal_list, review_lists : bool
        Whether the list of personal data, and the lists to be looked at, are written.
    """

    name: str
    title: str
    stamp: str
    min_cell: int
    mask: str
    max_risk: int
    needs_consent: bool
    checks_region: bool
    checks_rare: bool
    attributes: str
    harmless: str
    renumber: bool
    personal_list: bool
    review_lists: bool


def load_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises
    ------
    ParameterError
        There is no such profile.
    DictionaryError
        ``report/profiles.tsv`` (or what is laid over it) is wrong, or makes a profile looser than the
        one before it.

    Examples
    --------
    >>> load_profile("公表").min_cell, load_profile("公表").needs_consent
    (10, True)
    """
    if name not in schema.PROFILES:
        raise ParameterError(f"出す範囲「{name}」はありません。{'・'.join(schema.PROFILES)} のどれかを指定してください。")
    profiles = {p: _profile(p) for p in schema.PROFILES}
    for wide, narrow in zip(schema.PROFILES, schema.PROFILES[1:], strict=False):
        _check_order(profiles[wide], profiles[narrow])
    return profiles[name]


def _profile(name: str) -> Profile:
    values = {row["setting"]: row.get(name, "") for row in read_table("report/profiles.tsv")}
    try:
        profile = Profile(
            name=name, title=values["title"], stamp=values["stamp"], min_cell=int(values["min_cell"]), mask=values["mask"],
            max_risk=int(values["max_risk"]), needs_consent=_is_on(values["consent"]), checks_region=_is_on(values["region"]),
            checks_rare=_is_on(values["rare"]),
            attributes=values["attributes"], harmless=values["harmless"], renumber=_is_on(values["renumber"]),
            personal_list=_is_on(values["personal_list"]), review_lists=_is_on(values["review_lists"]),
        )  # fmt: skip
        re.compile(profile.attributes)
        re.compile(profile.harmless)
    except KeyError as error:
        raise DictionaryError(f"profiles.tsv に設定 {error} がありません。") from None
    except (ValueError, re.error):
        raise DictionaryError(f"profiles.tsv の「{name}」の列: min_cell と max_risk は整数、attributes と harmless は正規表現、consent・region・rare・renumber・personal_list・review_lists は半角の 0 か 1 で書いてください。") from None
    if profile.mask not in _MASKS or profile.min_cell < 1:
        raise DictionaryError(f"profiles.tsv の「{name}」の列: mask は {'・'.join(_MASKS)}、min_cell は 1 以上です。")
    return profile


def _is_on(cell: str) -> bool:
    if cell not in ("0", "1"):  # １ or はい taken for "off" would let out what an office meant to keep
        raise ValueError
    return cell == "1"


def _check_order(wide: Profile, narrow: Profile) -> None:
    looser = [
        setting
        for setting, is_looser in (
            ("min_cell", narrow.min_cell < wide.min_cell),
            ("mask", _MASKS.index(narrow.mask) < _MASKS.index(wide.mask)),
            ("max_risk", narrow.max_risk > wide.max_risk),
            ("consent", wide.needs_consent and not narrow.needs_consent),
            ("region", wide.checks_region and not narrow.checks_region),
            ("rare", wide.checks_rare and not narrow.checks_rare),
            ("renumber", wide.renumber and not narrow.renumber),
            ("personal_list", narrow.personal_list and not wide.personal_list),
            ("review_lists", narrow.review_lists and not wide.review_lists),
        )
        if is_looser
    ]
    if looser:
        raise DictionaryError(
            f"profiles.tsv: 「{narrow.name}」の {'・'.join(looser)} が「{wide.name}」より緩くなっています。右の列ほど厳しくしてください。"
        )
