"""On whose side a name stands: the words right before and after it."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark

_BEFORE = (
    ("deceased", re.compile(r"(?:故|故・|亡き|他界した(?:夫|妻|父|母|主人|祖父|祖母|兄|姉)、?|亡くなった[^。]{0,6})$")),
    ("public_figure", re.compile(r"(?:議員|市議|県議|市長|知事|町長|候補者?|首相|大臣)(?:の|・|、)$")),
    ("private", re.compile(r"(?:隣の|お隣の|向かいの|裏の|近所の|(?:上|下)の階の|班長の|組長の|(?:自治|町内)?会長の|公民館長の|事務局長の|世話役の|区長の|民生委員の|友人の|知人の|友だちの|知り合いの|同級生の|大家の|地主の|持ち主は|所有者は|店主の|[0-9]+号室?の|棟の|業者の|元請けの|[0-9一二三四五六七八九十]丁目の|講師の|指導の|先輩の|同僚の|さん宅の)$")),
    ("staff", re.compile(r"(?:(?:課|係|室|局|署|支所|センター|窓口|受付|担当|部|館|園|職員|電話|交換|公民館|市役所|役所|病院|学校|担任|主治医|保健師|看護師|作業|収集|対応|応対|案内|駐在|交番|相談員|司書|校長|教頭|用務員|支援員|指導員|ケアマネ|ヘルパー|消防|水道)(?:の|は|が|:|、)?(?:[一-龥]{1,2}の)?)$")),
    ("family", re.compile(r"(?:夫|妻|父|母|主人|娘|息子|長男|長女|次男|次女|孫|兄|姉|弟|妹|うち)(?:の|、)$")),
    ("self", re.compile(r"(?:(?:私|わたし|僕|俺|当方)(?:は|、)|名義は|氏名:|署名:|相談者:?)$")),
)
_STAFF_AFTER = re.compile(r"(?:さん|様|氏|先生)?(?:、|が|は|に|の|には)?[^。\n]{0,24}(?:対応|説明|応対|来てくれ|来てくださ|教えてくれ|教えてくださ|調べてくれ|手続き|窓口|笑顔|親切|担当|電話口|案内)")
_OFFICE = re.compile(r"(?:課|係|職員|市役所|役所|窓口|担当|センター|図書館|公民館|支所|水道|収集|病院|保育園|学校|給食|消防|受付)")


def subject_of_name(mark: Mark, text: str, marks: list[Mark]) -> Mark:
    """Return the mark with its subject settled."""
    if mark.rule in ("name-signature", "name-introduced", "name-late", "name-tag"):
        return mark
    before = text[max(0, mark.start - 14) : mark.start]
    if mark.rule == "name-field" and re.search(r"(?:父|母|夫|妻|息子|娘|祖父|祖母|子|孫|兄|姉|弟|妹)の(?:[^。]{0,3})?名(?:前)?(?:は|が)「?$", before):
        return mark._replace(subject="family")
    if mark.rule == "name-apposed":
        return mark._replace(subject="deceased") if re.search(r"(?:亡|他界|故)[^。]{0,8}$", before) else mark
    if mark.rule == "name-called" and not re.search(r"(?:課|市役所|窓口|職員|係)", text):
        return mark._replace(subject="private")
    for subject, pattern in _BEFORE:
        if pattern.search(before):
            if subject == "family" and mark.subject == "staff":
                break
            return mark._replace(subject=subject)
    after = text[mark.end : mark.end + 34]
    if re.match(r"(?:さん|氏)?(?:という|とおっしゃる|って)(?:[一-龥ぁ-んァ-ヶー]{0,6}の)?(?:受付|窓口|職員|担当|係|先生|看護師|保健師|女性職員|男性職員|相談員)", after):
        return mark._replace(subject="staff")
    if re.match(r"(?:さん|氏)?(?:が|は)?[^。]{0,6}(?:亡くな|他界|逝去)", after):
        return mark._replace(subject="deceased")
    if mark.subject == "staff" and re.match(r"(?:先生|講師)", after) and re.search(r"(?:教室|講座|塾|体操|サークル|クラブ)[^。]{0,8}$", before):
        return mark._replace(subject="private")
    if mark.subject:
        return mark
    sentence = text[max(text.rfind("。", 0, mark.start), text.rfind("\n", 0, mark.start)) + 1 : mark.end + 40].split("。", maxsplit=1)[0]
    if _STAFF_AFTER.match(after) and _OFFICE.search(sentence):
        return mark._replace(subject="staff")
    return mark._replace(subject="private")
