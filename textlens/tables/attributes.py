"""One spelling for one attribute value: ６０代, 60歳代 and 60～69歳 are the same people."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from textlens.errors import ColumnNotFoundError
from textlens.tables.read_columns import listed
from textlens.tables.read_words import Word, key, words

_KINDS = {
    "age": re.compile(r"年齢|年代|世代|^(age|age_?band|age_?group)$|歳$"),
    "gender": re.compile(r"性別|^(gender|sex)$"),
}
_WAVES = re.compile("[〜～~−–—‐―ー-]")
_KANJI_TENS = {f"{tens}十".removeprefix("一"): f"{n}0" for n, tens in enumerate("一二三四五六七八九", 1)}


def kind_of_column(heading: str) -> str:
    """Tell from a heading which values to expect: ``"age"``, ``"gender"`` or ``""`` (any).

    Examples
    --------
    >>> kind_of_column("年　齢"), kind_of_column("性別"), kind_of_column("居住地区")
    ('age', 'gender', '')
    """
    compared = key(heading)
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(compared)), "")


def _compared(value: str) -> str:
    return _WAVES.sub("-", key(value)) if re.search(r"\d", unicodedata.normalize("NFKC", value)) else key(value)


def _canonical(word: Word, match: re.Match[str]) -> str:
    if word.value == "same":
        return _WAVES.sub("～", match.group(0).replace("才", "歳"))
    if word.value == "kanji":
        return next(figures for kanji, figures in _KANJI_TENS.items() if match.group(0).startswith(kanji)) + "代"
    return match.expand(word.value).replace("才", "歳")


def normalize_value(value: str, kind: str = "") -> tuple[str, bool]:
    """Return the usual spelling of a value, and whether it is known.

    Parameters
    ----------
    value : str
        As shown in the file. A blank stays blank: it is not 無回答, which somebody wrote.
    kind : {"", "age", "gender"}

    Examples
    --------
    >>> [normalize_value(v, "age")[0] for v in ("６０代", "60歳代", "60～69歳", "六十代", "65歳", "18〜19歳")]
    ['60代', '60代', '60代', '60代', '60代', '10代']
    >>> normalize_value("⑥", "age"), normalize_value("", "age"), normalize_value("NA", "age")
    (('6', False), ('', True), ('無回答', True))
    >>> normalize_value("城北 地区"), normalize_value("男", "gender")
    (('城北 地区', True), ('男性', True))
    """
    tidy = " ".join(unicodedata.normalize("NFKC", value).split())
    if not tidy:
        return "", True
    compared = _compared(value)
    for word in words("attribute_values"):
        if word.label not in ("any", kind):
            continue
        match = word.pattern.search(compared)
        if match:
            return _canonical(word, match), True
    return tidy, not kind


def normalize_attributes(
    df: pd.DataFrame, columns: Sequence[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a copy with attribute values in one spelling, and the values that are not known.

    ``read_comments`` keeps what the file shows; this is the step before counting.

    Parameters
    ----------
    df : DataFrame
    columns : sequence of str, optional
        Columns to normalise; default all but ``text``. Headings with 年齢 or 年代 are read as age
        bands, 性別 as gender; in other columns only width, spaces and 無回答 are unified.

    Returns
    -------
    normalized : DataFrame
        Same index, same columns, same order.
    unknown : DataFrame
        Columns ``column, value, n``: values of age and gender columns that no rule knows, such as codes.

    Raises
    ------
    ColumnNotFoundError
        A column is not in ``df``.

    Notes
    -----
    Five-year bands (60～64歳) and open ends (70歳以上) are not merged into ten-year bands.

    Misses: number codes without a code table; names of districts (城北, 城北地区, 城北小学校区 stay three).

    Examples
    --------
    >>> df = pd.DataFrame({"text": ["", ""], "年代": ["６０代", "6"]}, index=["1", "2"])
    >>> normalized, unknown = normalize_attributes(df)
    >>> normalized["年代"].tolist(), unknown.to_dict("records")
    (['60代', '6'], [{'column': '年代', 'value': '6', 'n': 1}])
    """
    names = [str(name) for name in df.columns if name != "text"] if columns is None else list(columns)
    missing = [name for name in names if name not in df.columns]
    if missing:
        raise ColumnNotFoundError(
            f"列 {listed(missing)} がありません。ある列: {listed([str(name) for name in df.columns])}。")
    normalized = df.copy()
    unknown: list[dict[str, object]] = []
    for name in names:
        kind = kind_of_column(name)
        counts = Counter("" if pd.isna(value) else str(value) for value in df[name])
        known = {value: normalize_value(value, kind) for value in counts}
        normalized[name] = pd.Series(
            ["" if pd.isna(value) else known[str(value)][0] for value in df[name]], index=df.index, dtype="str")
        unknown += [{"column": name, "value": value, "n": n} for value, n in sorted(counts.items()) if not known[value][1]]
    return normalized, pd.DataFrame(unknown, columns=["column", "value", "n"])


def alike_values(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of values that differ by an ending only (城北, 城北地区): perhaps the same people, told and never merged.

    The endings are rows ``suffix`` of ``tables/group_columns.tsv``. Misses: abbreviations, old names, other spellings.

    Examples
    --------
    >>> alike_values(["城北", "城南地区", "城北地区", "2", "2人"])
    [('2', '2人'), ('城北', '城北地区')]
    """
    known = set(values)
    endings = [word.pattern for word in words("group_columns") if word.label == "suffix"]
    pairs = {(ending.sub("", value), value) for value in known for ending in endings}
    return sorted((short, long) for short, long in pairs if short != long and short in known)
