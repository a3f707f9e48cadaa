"""On whose side a name stands: the words right before and after it."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark
from textlens.personal.patterns import pattern, pattern_group


def subject_of_name(mark: Mark, text: str, marks: list[Mark]) -> Mark:
    """Return the mark with its subject settled."""
    if mark.rule in ("name-signature", "name-introduced", "name-late", "name-tag"):
        return mark
    before = text[max(0, mark.start - 14) : mark.start]
    if mark.rule == "name-field" and re.search(r"(?:父|母|夫|妻|息子|娘|祖父|祖母|子|孫|兄|姉|弟|妹)の(?:[^。]{0,3})?名(?:前)?(?:は|が)「?$", before):
        return mark._replace(subject="family")
    if mark.rule == "name-apposed":
        return mark._replace(subject="deceased") if re.search(r"(?:亡|他界|故)[^。]{0,8}$", before) else mark
    if mark.rule == "name-called" and mark.subject != "staff" and not re.search(r"(?:課|市役所|窓口|職員|係)", text):
        return mark._replace(subject="private")
    for row in pattern_group("whose"):
        if row.regex.search(before):
            if row.subject == "family" and mark.subject == "staff":
                break
            return mark._replace(subject=row.subject)
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
    if pattern("name-private-after").match(after):
        return mark._replace(subject="private")
    if pattern("name-staff-after").match(after) and pattern("text-office").search(sentence):
        return mark._replace(subject="staff")
    return mark._replace(subject="private")


def same_name_same_person(names: list[Mark], text: str) -> list[Mark]:
    """Give a name that comes again the subject a cue gave it elsewhere (窓口の小林さん … 小林さんのお顔)."""
    told = {text[m.start : m.end]: m.subject for m in reversed(names) if m.subject != "private"}
    return [m._replace(subject=told.get(text[m.start : m.end], m.subject)) if m.subject == "private" else m for m in names]
