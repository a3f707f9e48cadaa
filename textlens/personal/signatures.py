"""Names that a cue or the place on the page gives away: 名義は○○, ○○という人, 夫、○○は, a letter's last lines."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark

_NAME = r"(?:[一-龥々ヶ]{1,4}(?: ?[一-龥々ぁ-ん]{1,4}|[ぁ-ん]{2,3})?|[ァ-ヶー]{2,7}(?: [ァ-ヶー]{2,6})?|[ァ-ヶー]+(?:・[ァ-ヶー]+)+|[ぁ-ん]{2,5} [ぁ-ん]{2,4})"
GATE = re.compile(
    r"[いうっ名故縫と母父夫妻娘子女男弟兄姉妹孫姑舅甥姪氏者カナリりな\n](?:(?<=[いうっ])(?:う?(?:人|者|方|男|女|職員|若|奴|やつ|係|担当))|(?<=と)(?:名乗|申しま)|(?<=名)(?:義|は?「|前は|前が|:|札)|(?<=氏)名|(?<=故)・|(?<=縫)い取り|"
    r"(?<=[母父夫妻娘子女男弟兄姉妹孫姑舅甥姪])[、・(][一-龥々ぁ-んァ-ヶー]{2,8}[、はのが)]|(?<=[カナリ者]):|(?<=な)(?:る人物|る者|まえ)|(?<=\n)[^\n。\x00]{2,70}(?=\s*(?:\x00|\Z)))"
)
_CUES = (
    (re.compile(r"(?:担当|相手|受付|窓口|対応)(?:は|が|の)(?P<v>[一-龥々ヶ]{2,4})という(?:人|者|方|男|女|職員)"), "", 0.85, "name-called"),
    (re.compile(r"(?<![一-龥々])(?P<v>[一-龥々ヶ]{2,4})(?:とかいう|とやらいう|っていう|なる)(?:若造|若い|男|女|奴|やつ|者|人|職員|係|担当)"), "", 0.75, "name-called"),
    (re.compile(r"(?P<v>[一-龥々ヶ]{2,4}|[ァ-ヶー]{3,7})(?:という(?:人|者|男の人|女の人)|と名乗)(?!工|手|材)"), "private", 0.7, "name-called"),
    (re.compile(rf"(?<![一-龥ぁ-んァ-ヶー])(?P<v>{_NAME})と申し(?:ます|まして)"), "self", 0.9, "name-introduced"),
    (re.compile(rf"(?:名義(?:人)?|カナ|氏名|フリガナ|ふりがな|名前):[ 「]?(?P<v>{_NAME})"), "", 0.96, "name-field"),
    (re.compile(r"(?:名義(?:人)?|氏名|名前)(?:は|が)[ 「]?(?P<v>[一-龥々ヶ]{2,4}(?: ?[一-龥々]{1,3})?|[ァ-ヶー]{2,6}(?:[ ・][ァ-ヶー]{2,6})?)(?=[」、。)\n]|です|でし|と(?:い|申)|さん|\Z)"), "", 0.96, "name-field"),
    (re.compile(r"「(?P<v>[一-龥々ヶ]{2,4})」と(?:縫い取り|名札|刺繍|書かれた名札|名乗)|名札(?:は|に|には)「?(?P<w>[一-龥々ヶ]{2,4})(?=」|と)"), "staff", 0.96, "name-tag"),
    (re.compile(r"故(?:・|人・| )(?P<v>[一-龥々ヶ]{1,4} ?[一-龥々ぁ-んァ-ヶ]{1,4}?)(?=の|が|は|氏|さん|、)"), "deceased", 0.96, "name-late"),
    (re.compile(r"(?:夫|妻|父|母|主人|娘|息子|長男|長女|次男|次女|三男|三女|孫|兄|姉|弟|妹|祖父|祖母|姑|舅|義父|義母|叔父|叔母|伯父|伯母|甥|姪)(?:・|\()(?P<v>[一-龥々ヶ]{1,4} ?[一-龥々ぁ-んァ-ヶー]{1,4})(?=[、の)はが])"), "family", 0.96, "name-apposed"),
    (re.compile(r"(?:受けた者|受付者|担当|担当者|記録|記録者|報告者|対応者?|聞き取り|作成|文責)[: ]{1,2}(?:[一-龥]{1,8}(?:課|係|室|センター) ?)?(?P<v>[一-龥々ヶ]{2,4})(?=\s*$|\n|\(|、|。)"), "staff", 0.96, "name-tag"),
    (re.compile(r"(?:名|名前|氏名|下の名|本名|旧姓)は?「(?P<v>[一-龥々ぁ-んァ-ヶー ]{2,8})」"), "", 0.75, "name-field"),
    (re.compile(r"(?:夫|妻|父|母|主人|娘|息子|長男|長女|次男|次女|三男|三女|孫|兄|姉|弟|妹|祖父|祖母)(?:の|、)(?P<v>[一-龥々ヶ]{2,6}|[ぁ-んァ-ヶー]{2,4})(?=(?:は|が|の(?:母|父|親|姉|兄|祖父|祖母)|と申|、))"), "family", 0.9, "name-apposed"),
)
_APPOSED_NOT = re.compile(r"[一-龥々ヶ]*(?:[歳才日年月時分課校院園所場車家宅話心身体顔手足目口気介護入退通会社仕事病障世同面様方葬声姿思存在]|[ぁ-ん]*[いうくすつぬむる]$)")
_SIGN_LINE = re.compile(
    r"^(?P<place>(?:[^\n。、]{0,30}? )??)(?P<v>[一-龥々ヶ]{1,4} [一-龥々ぁ-んァ-ヶ]{1,5}|[ぁ-ん]{2,5} [ぁ-ん]{1,5}|[ァ-ヶー]{2,7} [ァ-ヶー]{2,7})"
    r"(?= *$| *\(| +[\d一二三四五六七八九十]{1,3}(?:歳|才|さい)| +(?:電話|携帯|TEL|Tel|tel|FAX|連絡|住所|〒)| +[\w.+-]+@| *[\d(]{2,}| +[一-龥]{1,4}\d{2,3} )"
)
_SIGN_PLACED = re.compile(r"^(?P<place>[一-龥々ヶケノァ-ヶー0-9\-]{2,24}) +(?P<v>[一-龥々ヶ]{1,3}[一-龥々ぁ-んァ-ヶ]{2,4})(?: *\(.*)?$")
_SIGN_WORD = re.compile(r"^(?P<v>[ァ-ヶー]{3,8}|[一-龥々]{2,4}|[一-龥々]{1,4} ?[ぁ-ん]{2,3}|[ぁ-ん]{3,6})(?:より)?$")
_NO_SIGN = re.compile(r"(?:係|課|御中|様|殿|各位|会$|会員|団体|一同|敬具|草々|以上|かしこ|早々|敬白|謹言|追伸|代表$|保護者|市民$|住民$|匿名|お願い|件|について|相談|面接|来所|来庁|来電|電話口|回目|担当$|至急|共有|返信|ありがと|なし|ください|です|ます|要望|意見|市役所|記録|報告|通報|連絡$|投稿)")
_TITLED = re.compile(r"(?P<t>(?:[一-龥ァ-ヶー]{0,12})(?:会長|組合長|班長|区長|代表|理事長|店主|住職|部長|委員長|世話人|事務局|司法書士|行政書士|弁護士|民生委員|元[一-龥]{1,6}|自営業|農業|主婦|無職|会社員)) ")


def find_named(text: str) -> list[Mark]:
    """Find names given away by a cue, or standing alone in the last lines of a letter.

    Examples
    --------
    >>> [(m.subject, text[m.start:m.end]) for text in ["草刈りのお願い\\nよろしくお願いします。\\n栄町 葛野 花代"] for m in find_named(text)]
    [('self', '葛野 花代'), ('self', '栄町')]

    Notes
    -----
    Misses: a signature on the same line as the last sentence; a pen name that looks like a word.
    """
    marks = []
    for pattern, subject, score, rule in _CUES:
        for match in pattern.finditer(text):
            name = "v" if match["v"] else "w"
            value = match[name]
            if rule == "name-apposed" and (_APPOSED_NOT.match(value) or len(value) < 2):
                continue
            if value in ("要らない", "そう", "どう", "こう", "担当", "本人", "職員", "そちら", "男性", "女性", "代表", "業者"):
                continue
            marks.append(Mark(*match.span(name), "person_name", subject, rule, score))
    if "\n" in text.strip("\n "):
        marks += _signature(text)
    return marks


def _signature(text: str) -> list[Mark]:
    lines = []
    place = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((place, line))
        place += len(line) + 1
    marks = []
    for number, (offset, line) in enumerate(lines[1:][-3:]):
        last = number == len(lines[1:][-3:]) - 1
        stripped = line.strip()
        shift = offset + len(line) - len(line.lstrip())
        if len(stripped) > 70 or stripped.endswith(("。", "?", "!", "」")) or "。" in stripped and len(stripped) > 40:
            continue
        titled = _TITLED.search(stripped)
        if titled and re.search(r"(?:会長|組合長|班長|区長|委員長|理事長)$", titled["t"]) and len(stripped) < 50:
            marks.append(Mark(shift + titled.start("t"), shift + titled.end("t"), "role", "self", "role-signature", 0.8))
        found = _SIGN_LINE.match(stripped)
        if found and not _NO_SIGN.search(found["v"]):
            marks.append(Mark(shift + found.start("v"), shift + found.end("v"), "person_name", "self", "name-signature", 0.97))
            spot = found["place"].strip()
            if re.fullmatch(r"[一-龥々ヶケ]{2,8}", spot) and not _NO_SIGN.search(spot) and not titled:
                begin = stripped.index(spot)
                marks.append(Mark(shift + begin, shift + begin + len(spot), "address", "self", "address-signature", 0.7))
        elif (placed := _SIGN_PLACED.match(stripped)) and not _NO_SIGN.search(stripped):
            marks.append(Mark(shift + placed.start("v"), shift + placed.end("v"), "person_name", "self", "name-signature", 0.96))
            marks.append(Mark(shift + placed.start("place"), shift + placed.end("place"), "address", "self", "address-signature", 0.7))
        elif last and len(stripped) <= 9 and not _NO_SIGN.search(stripped):
            word = _SIGN_WORD.match(stripped)
            if word:
                marks.append(Mark(shift + word.start("v"), shift + word.end("v"), "person_name", "self", "name-signature", 0.6))
    return _split_place(marks, text)


def _split_place(marks: list[Mark], text: str) -> list[Mark]:
    """A line of 字 and surname (栄沢 葛野) is a place and a name, not a surname and a given name."""
    done = []
    for mark in marks:
        first, _, second = text[mark.start : mark.end].partition(" ")
        if mark.rule == "name-signature" and second and re.search(r"(?:町|沢|坪|台|丘|原|新田|地区|市|村|区|ヶ丘|開|堀|瀬)$", first) and len(first) >= 3:
            done.append(Mark(mark.start, mark.start + len(first), "address", "self", "address-signature", 0.7))
            done.append(Mark(mark.end - len(second), mark.end, "person_name", "self", "name-signature", 0.7))
        else:
            done.append(mark)
    return done
