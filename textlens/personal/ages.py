"""Ages, school years and dates of birth of a given person."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, drop_overlaps

_K = "〇一二三四五六七八九十百"
_KIN = (
    "父|母|父親|母親|老父|老母|姑|舅|夫|妻|主人|家内|女房|旦那|祖父|祖母|曽祖母|曾祖母|義父|義母|義兄|義姉|義弟|義妹|叔父|叔母|伯父|伯母|孫|孫娘|娘|息子|末娘|[長次三二四]"
    "男|[長次三二四]女|末っ子|兄|姉|弟|妹|甥|姪|婿|嫁|おばあちゃん|おじいちゃん|ばあちゃん|じいちゃん|母さん|父さん|子|子ども|子供|男の子|女の子|双子"
)
GATE = re.compile(
    rf"[\d{_K}小中高年生誕](?:(?<=[\d{_K}])(?:歳|才|さい|で[、す]|です。|にな[るっり]|(?:近い|過ぎの|前の|代の|の)(?:{_KIN}|独|一人|ひとり|者|身|私|年寄|老)|"
    rf"を?(?:とうに|とっくに)?(?:過ぎ|越え|超え|越し|回っ|まわっ)|年生|年の|年(?=[\d{_K}]+組)|[かヶカヵケ]?月の|[)、]|日 ?生|月生|日うま)|(?<=[小中高])[1-6{_K[1:7]}]|(?<=年)[長中少]|(?<=生)(?:後|年月日|まれ)|(?<=誕)生日)"
)
_AGE = re.compile(
    rf"(?P<v>(?:満|数え)?(?:\d{{1,3}}|[{_K}]{{1,4}})(?:歳|才|さい)(?:\d{{1,2}}(?:か|ヶ|カ|ヵ)月)?)"
    r"(?!以上|以下|未満|まで|から|児|代|以降|前後|くらいまで|を対象|人口|の壁|以前|時点|健診|検診|になる(?:と|ま|年)|になれば|になったら|に引き|へ引き|台|定年|以内|若|と[0-9]|・|~|-|です(?:か|よね))"
)
_DECADE = re.compile(rf"(?P<v>(?:\d{{2}}|[{_K}]{{1,3}})を?(?:とうに|とっくに)?(?:過ぎ|越え|超え|越し|回っ|まわっ)(?:て|た|ま|ました)?)(?!る(?:人|世帯|台数))")
_PARENTHESES = re.compile(rf"(?<=[一-龥々ぁ-んァ-ヶー])\((?P<v>\d{{1,2}}|1[01]\d|[{_K}]{{1,4}})(?:歳|才|、[^()]{{0,16}}|)\)")
_YEAR = re.compile(rf"(?P<v>(?<![一-龥大中小])[小中高](?:[1-6]|[{_K[1:7]}](?![一-龥]))(?!校|型|時|人|月|番|回|つ|-|対)|(?:小学|中学|高校|大学)(?:校)?の?[1-6{_K[1:7]}]年(?:生)?|(?<![毎今去前昨来再一二三数])年[長中少](?!さん組|組|者|から|さんの部)|[1-6{_K[1:7]}]年生)")
_BARE = re.compile(rf"(?:{_KIN}|私)(?:は|も|が|、)(?:、)?(?:今年|もう|来年|来月|この春|ともに|共に|じき|まもなく)?(?:で)?(?P<v>\d{{2,3}}|[{_K}]{{2,4}})(?=で[、す]|です|になり|になる|に(?:手が|近)|、|。)")
_BESIDE = re.compile(rf"(?P<v>(?:\d{{2,3}}|[{_K}]{{2,4}}|\d?[2-9]0代|[二三四五六七八九]十代)(?:歳|才)?)(?=(?:になる|になった|近い|の|過ぎの|前の|を過ぎた|を越えた|がらみの)(?:私の|うちの|我が)?(?:{_KIN}|独り暮らし|一人暮らし|ひとり暮らし|者|身|私|年寄り|老人|老婆|老爺|老夫婦|主婦)(?!供|育|が多|以|たち))|(?<=[祖義]父)(?P<w>\d{{2,3}})(?=歳|才|、)")
_MONTHS = re.compile(rf"(?P<v>生後(?:\d{{1,2}}|[{_K}]{{1,3}})(?:か月|ヶ月|カ月|ヵ月|日|週|年)|(?:\d{{1,2}}|[{_K}]{{1,3}})(?:か|ヶ|カ|ヵ|ケ)?月(?=の(?:{_KIN}|赤ちゃん|赤ん坊|乳児)(?!育|供)))")
_BIRTH = re.compile(
    r"(?P<v>(?:明治|大正|昭和|平成|令和|[MTSHR]|西暦)? ?(?:\d{1,4}|元|[一二三四五六七八九十]{1,3}) ?[年./-] ?(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?[月./-] ?(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?日?)(?= ?(?:生(?!産|活|徒)|うまれ))"
    r"|(?:生年月日|誕生日)(?:は|が|:| )*(?P<w>(?:明治|大正|昭和|平成|令和|[MTSHR]|西暦)? ?\d{1,4} ?[年./-] ?\d{1,2} ?[月./-]? ?\d{0,2}日?|\d{1,2}月\d{1,2}日)"
    r"|(?P<x>(?:明治|大正|昭和)(?:\d{1,2}|元)年(?:\d{1,2}月)?(?:の)?(?:生まれ|うまれ))"
)
_SIGNED = re.compile(rf"(?:^|[\n (])(?P<v>(?:満)?(?:\d{{1,3}}|[{_K}]{{1,4}})(?:歳|才|さい))(?=\)?\s*$)")
_HEADED = re.compile(rf"^[^。\n]{{0,24}}?(?P<v>(?<!\d)(?:\d{{1,3}}|[{_K}]{{1,4}})(?:歳|才))(?=(?:の)?(?:女性|男性|女|男|主婦|会社員|無職|学生))")
_NOT_BEFORE = re.compile(r"(?:平均(?:年齢)?(?:は|が)?|満年齢|対象は|上限(?:は)?|以上|寿命は?|推定|[~-]|第)$")


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
    for pattern, rule, score in (
        (_BIRTH, "birth-date", 0.95), (_SIGNED, "age-signed", 0.9), (_HEADED, "age-headed", 0.85), (_AGE, "age-years", 0.8), (_PARENTHESES, "age-parentheses", 0.8),
        (_BARE, "age-bare", 0.8), (_BESIDE, "age-beside", 0.8), (_DECADE, "age-passed", 0.7), (_YEAR, "age-school-year", 0.6), (_MONTHS, "age-months", 0.8),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            name = next(k for k in ("v", "w", "x") if k in pattern.groupindex and match[k])
            start, end = match.span(name)
            if _NOT_BEFORE.search(text[max(0, start - 6) : start]):
                continue
            marks.append(Mark(start, end, "birth_date_age", "", rule, score))
    return drop_overlaps(marks)
