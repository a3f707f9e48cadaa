"""Names that a cue or the place on the page gives away: 名義は○○, ○○という人, 夫、○○は, a letter's last lines."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, word_set
from textlens.personal.patterns import pattern, pattern_group

_FIRST = "長課係路木設政税務築祉護いうっ名故縫と母父夫妻娘子女男弟兄姉妹孫姑舅甥姪氏者カナリりな家校園署室"
_CUED = (
    r"(?<=[いうっ])(?:う?(?:人|者|方|男|女|職員|若|奴|やつ|係|担当))|(?<=と)(?:名乗|申しま)|(?<=名)(?:義|は?「|前は|前が|:|札|刺)|(?<=[長課係路木設政税務築祉護])の[一-龥々]{1,3}(?:とのこと|だ[。、]|という|とかいう)|(?<=[課係室署校園])の[A-Z]|(?<=[A-Z]家)[、。のはが(]|(?<=氏)名|(?<=故)・|(?<=縫)い取り|"
    r"(?<=[母父夫妻娘子女男弟兄姉妹孫姑舅甥姪])[、・(][一-龥々ぁ-んァ-ヶー]{2,8}[、はのが)]|(?<=[カナリ者]):|(?<=な)(?:る人物|る者|まえ)"
)
_SECOND = "う人者方男女職若奴や係担名申義は「前:札刺の、。が(・いるま"
"""What ``_CUED`` can begin with: most characters of ``_FIRST`` are common, and nothing else is tried behind them."""
GATE = re.compile(rf"[{_FIRST}\n](?:(?=[{_SECOND}])(?:{_CUED})|(?<=\n)[^\n。\x00]{{2,70}}(?=\s*(?:\x00|\Z)))")
_CUE_GATE = re.compile(rf"[{_FIRST}](?:{_CUED})")
"""The same without the last lines of letters: most texts that pass ``GATE`` only have more than one line."""
INLINE_GATE = re.compile(r"[ く](?:(?<=\d )[一-龥々ヶ]{2,4}(?: [一-龥々]{1,3})?\s*(?=\x00|\Z)|(?<=[一-龥] )[\w.+(-][\w.+@()-]{6,40}\s*(?=\x00|\Z)|(?<=しく)は[^。\n\x00]{2,14}まで|(?<=[。!?] ) *[一-龥々]{2,4}(?: [一-龥々]{1,3})?\s*(?=\x00|\Z))")
WHO_GATE = re.compile(r"[一-龥々](?:です。|でございます|と申)")
_SIGN_LINE = re.compile(
    r"^(?P<place>(?:[^\n。、]{0,30}? )??)(?P<v>[一-龥々ヶ]{1,4} [一-龥々ぁ-んァ-ヶ]{1,5}|[ぁ-ん]{2,5} [ぁ-ん]{1,5}|[ァ-ヶー]{2,7} [ァ-ヶー]{2,7})"
    r"(?= *$| *\(| +[\d一二三四五六七八九十]{1,3}(?:歳|才|さい)| +(?:電話|携帯|TEL|Tel|tel|FAX|連絡|住所|〒)| +[\w.+-]+@| *[\d(]{2,}| +[一-龥]{1,4}\d{2,3} )"
)
_SIGN_PLACED = re.compile(r"^(?P<place>[一-龥々ヶケノァ-ヶー0-9\-]{2,24}) +(?P<v>[一-龥々ヶ]{1,3}[一-龥々ぁ-んァ-ヶ]{2,4})(?: *\(.*)?$")
_SIGN_WORD = re.compile(r"^(?P<v>[ァ-ヶー]{3,8}|[一-龥々]{2,4}|[一-龥々]{1,4} ?[ぁ-ん]{2,3}|[ぁ-ん]{3,6})(?:より)?$")
_CUES = ("name-called", "name-introduced", "name-field", "name-tag", "name-late", "name-apposed")


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
    for cue in pattern_group(*_CUES) if _CUE_GATE.search(text) else ():
        for match in cue.regex.finditer(text):
            name = "v" if match["v"] else "w"
            value = match[name]
            if cue.group == "name-apposed" and (pattern("name-apposed-not").match(value) or len(value) < 2):
                continue
            if value in word_set("personal/not_names.tsv"):
                continue
            marks.append(Mark(*match.span(name), "person_name", cue.subject, cue.group, cue.score))
    if "\n" in text.strip("\n "):
        marks += _signature(text)
    return marks


def find_inline(text: str) -> list[Mark]:
    """Find the writer's name behind the last sentence, next to an address, a number or an e-mail.

    Examples
    --------
    >>> [text[m.start:m.end] for text in ["よろしくお願いします。桜台二丁目14-6 葛野"] for m in find_inline(text)]
    ['葛野']
    """
    marks = []
    for row in pattern_group("signature-inline"):
        match = row.regex.search(text)
        if match and not pattern("signature-not").search(match["v"]):
            marks.append(Mark(*match.span("v"), "person_name", "self", "name-signature", row.score))
            if "place" in row.regex.groupindex and match["place"]:
                marks.append(Mark(*match.span("place"), "address", "self", "address-signature", 0.7))
    return marks


def find_introduced(text: str) -> list[Mark]:
    """Find the surname of a writer who says who they are, by its shape where UniDic does not know it.

    Examples
    --------
    >>> [text[m.start:m.end] for text in ["区長の五所野です。道の件で。"] for m in find_introduced(text)]
    ['五所野']
    """
    (row,) = pattern_group("name-says-who")
    return [Mark(*match.span("v"), "person_name", row.subject, "name-introduced", row.score) for match in row.regex.finditer(text)]


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
        titled = pattern("signature-title").search(stripped)
        if titled and re.search(r"(?:会長|組合長|班長|区長|委員長|理事長)$", titled["t"]) and len(stripped) < 50:
            marks.append(Mark(shift + titled.start("t"), shift + titled.end("t"), "role", "self", "role-signature", 0.8))
        found = _SIGN_LINE.match(stripped)
        if found and not pattern("signature-not").search(found["v"]):
            marks.append(Mark(shift + found.start("v"), shift + found.end("v"), "person_name", "self", "name-signature", 0.97))
            spot = found["place"].strip()
            if re.fullmatch(r"[一-龥々ヶケ]{2,8}", spot) and not pattern("signature-not").search(spot) and not titled:
                begin = stripped.index(spot)
                marks.append(Mark(shift + begin, shift + begin + len(spot), "address", "self", "address-signature", 0.7))
        elif (placed := _SIGN_PLACED.match(stripped)) and not pattern("signature-not").search(stripped):
            marks.append(Mark(shift + placed.start("v"), shift + placed.end("v"), "person_name", "self", "name-signature", 0.96))
            marks.append(Mark(shift + placed.start("place"), shift + placed.end("place"), "address", "self", "address-signature", 0.7))
        elif last and len(stripped) <= 9 and not pattern("signature-not").search(stripped):
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
