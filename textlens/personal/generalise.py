"""Coarser values: a birth date becomes a decade, an address its district, an occupation its class."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

from textlens.errors import ParameterError
from textlens.rules import read_table

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019, "M": 1868, "T": 1912, "S": 1926, "H": 1989, "R": 2019}
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_NUMBER = r"(?:\d+|[〇一二三四五六七八九十百元]+)"


def read_number(text: str) -> int | None:
    """Read a whole number in figures or 漢数字 below 1000 (``元`` is 1).

    Examples
    --------
    >>> read_number("八十九"), read_number("２０"), read_number("百二"), read_number("二〇"), read_number("約")
    (89, 20, 102, 20, None)
    """
    text = unicodedata.normalize("NFKC", text)
    if text.isdecimal():
        return int(text)
    if text == "元":
        return 1
    if not text or any(c not in "〇一二三四五六七八九十百" for c in text):
        return None
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = current = 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
        else:
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
    return total + current


def age_to_decade(value: str) -> str | None:
    """Turn an age into its decade (``八十九歳`` → ``80代``); ``None`` if there is no age in it.

    Examples
    --------
    >>> age_to_decade("88"), age_to_decade("七歳"), age_to_decade("八十を越え"), age_to_decade("小4")
    ('80代', '10歳未満', '80代', None)
    """
    found = re.match(rf"(?:満|数え)?({_NUMBER})", unicodedata.normalize("NFKC", value))
    years = read_number(found[1]) if found else None
    if years is None or years > 130 or re.search("[月年]", value):
        return None
    return "10歳未満" if years < 10 else f"{years // 10 * 10}代" if years < 90 else "90歳以上"


def birth_date_to_decade(value: str) -> str | None:
    """Turn a date of birth into the decade of birth (``昭和31年5月2日`` → ``1950年代生まれ``).

    Examples
    --------
    >>> birth_date_to_decade("昭和31年5月2日"), birth_date_to_decade("1988/4/1"), birth_date_to_decade("5月2日")
    ('1950年代生まれ', '1980年代生まれ', None)
    """
    text = unicodedata.normalize("NFKC", value)
    found = re.match(rf"(明治|大正|昭和|平成|令和|[MTSHR]|西暦)? ?({_NUMBER}) ?[年./-]", text)
    number = read_number(found[2]) if found else None
    if found is None or number is None:
        return None
    year = _ERAS[found[1]] + number - 1 if found[1] in _ERAS else number
    return f"{year // 10 * 10}年代生まれ" if 1860 <= year <= 2100 else None


def address_to_district(value: str, districts: Mapping[str, str]) -> str | None:
    """Return the district of the longest place name of the table that the address holds.

    Examples
    --------
    >>> address_to_district("葛川市栄町3丁目12-5", {"栄町": "城北地区"})
    '城北地区'
    """
    text = unicodedata.normalize("NFKC", value)
    names = [name for name in districts if unicodedata.normalize("NFKC", name) in text]
    return districts[max(names, key=lambda name: (len(name), name))] if names else None


def occupation_class(value: str) -> str | None:
    """Return the class of an occupation (``occupations.tsv``, after 日本標準職業分類), ``None`` if unknown.

    Examples
    --------
    >>> occupation_class("左官"), occupation_class("医師")
    ('建設・採掘の仕事', '専門的な仕事')
    """
    rows = [row for row in read_table("personal/occupations.tsv") if row["term"] in value]
    return max(rows, key=lambda row: (len(row["term"]), row["term"]))["class"] if rows else None


def generalise(value: str, kind: str, districts: Mapping[str, str]) -> str | None:
    """Return the coarse form of one finding, ``None`` where only its category word can stand.

    Examples
    --------
    >>> generalise("88", "birth_date_age", {}), generalise("090-0000-1234", "phone", {})
    ('80代', None)
    """
    if kind == "birth_date_age":
        return birth_date_to_decade(value) or age_to_decade(value)
    if kind == "address":
        return address_to_district(value, districts)
    if kind in ("affiliation", "role"):
        return occupation_class(value)
    return None


def pseudonym(ids: pd.Series | Iterable[object], key: bytes | str, *, length: int = 12) -> pd.Series:
    """Replace ids by keyed pseudonyms (HMAC-SHA-256), the same id always by the same one.

    Parameters
    ----------
    ids : Series or iterable
        Ids; they are read as text.
    key : bytes or str
        At least 16 bytes; keep it apart from the data. Whoever has it can make the pseudonyms again.
    length : int
        Hexadecimal digits kept, 8–64.

    Returns
    -------
    Series of str
        With the index of ``ids``. The data stay personal data: a pseudonym is no anonymisation.

    Raises
    ------
    ParameterError
        The key is too short, the length out of range, or two ids got the same pseudonym.

    Examples
    --------
    >>> pseudonym(["00017", "00018", "00017"], "0123456789abcdef").nunique()
    2
    """
    secret = key.encode("utf-8") if isinstance(key, str) else bytes(key)
    if len(secret) < 16:
        raise ParameterError(f"鍵は 16 バイト以上にしてください（渡されたのは {len(secret)} バイト）。")
    if not 8 <= length <= 64:
        raise ParameterError(f"length は 8〜64 です（渡されたのは {length}）。")
    series = ids if isinstance(ids, pd.Series) else pd.Series(list(ids), dtype=object)
    known = {value: hmac.new(secret, value.encode("utf-8"), hashlib.sha256).hexdigest()[:length] for value in sorted(set(series.map(str)))}
    if len(set(known.values())) < len(known):
        raise ParameterError("違う id が同じ仮名になりました。length を大きくしてください。")
    return pd.Series([known[value] for value in series.map(str)], index=series.index, name=series.name, dtype=object)
