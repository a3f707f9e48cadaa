"""Ages, school years and dates of birth of a given person."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.patterns import pattern, pattern_group

_K = "〇一二三四五六七八九十百"
_KIN = (
    "父|母|父親|母親|老父|老母|姑|舅|夫|妻|主人|家内|女房|旦那|祖父|祖母|曽祖母|曾祖母|義父|義母|義兄|義姉|義弟|義妹|叔父|叔母|伯父|伯母|孫|孫娘|娘|息子|末娘|[長次三二四]"
    "男|[長次三二四]女|末っ子|兄|姉|弟|妹|甥|姪|婿|嫁|おばあちゃん|おじいちゃん|ばあちゃん|じいちゃん|母さん|父さん|子|子ども|子供|男の子|女の子|双子"
)
GATE = re.compile(
    rf"[\d{_K}小中高校学つ代享年生誕路暦希稀寿齢](?:(?<=年齢)[は: ]|(?<=[路暦希稀寿])[をのにで]|(?<=[\d{_K}])(?:歳|才|さい|で[、す一-龥]|にして|です。|にな[るっり]|(?:近い|過ぎの|前の|代の|の)(?:{_KIN}|独|一人|ひとり|者|身|私|年寄|老)|"
    rf"を?(?:とうに|とっくに)?(?:過ぎ|越え|超え|越し|回っ|まわっ)|年生|年の|代(?:前半|後半|半ば|くらい|ぐらい)?(?:[)、・]|の?[男女])|・|年(?=[\d{_K}]+組)|[かヶカヵケ]?月の|[)、]|日? ?生|月生|日うま)|(?<=[二三四五六七八九]つ)(?:に|で|、)|(?<=享)年|(?<=[\d{_K}])(?:の[体身足手坂]|近い?[でくの])|(?<=[\d{_K}])[かヶカヵ]月[でに、。]|(?<=[\d{_K}])(?:だ[がかし。]|やから)|(?<=代)(?:で|に[な入]|、|。|だ)|(?<=校)の?[1-6{_K[1:7]}]年|(?<=学)[1-6{_K[1:7]}]年|(?<=[小中高])[1-6{_K[1:7]}]|(?<=年)[長中少]|(?<=生)(?:後|年月日|まれ)|(?<=誕)生日)"
)
_RULES = (
    "birth-date", "age-signed", "age-headed", "age-years", "age-parentheses", "age-bare", "age-beside", "age-passed", "age-named",
    "age-school-year", "age-months",
)  # fmt: skip


def find_ages(text: str) -> list[Mark]:
    """Find ages and birth dates in one normalised text; whose they are is settled later.

    Examples
    --------
    >>> [(m.rule, text[m.start:m.end]) for text in ["母(88)は", "65歳以上の方"] for m in find_ages(text)]
    [('age-parentheses', '88')]

    Notes
    -----
    Misses: an age given as a year (還暦の翌年); decades (60代) are left as they are: they single nobody out.
    """
    marks = []
    for row in pattern_group(*_RULES):
        for match in row.regex.finditer(text):
            name = next(k for k in ("v", "w", "x") if k in row.regex.groupindex and match[k])
            start, end = match.span(name)
            if pattern("age-not-before").search(text[max(0, start - 6) : start]):
                continue
            marks.append(Mark(start, end, "birth_date_age", "", row.group, row.score))
    return drop_overlaps(marks)
