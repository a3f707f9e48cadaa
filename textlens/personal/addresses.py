"""Addresses: from 都道府県 down to 号室, or any tail of that, in figures or 漢数字."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.patterns import pattern

_KANJI_FIGURES = "一二三四五六七八九十百千〇"
_N = rf"(?:\d{{1,5}}|[{_KANJI_FIGURES}]{{1,6}})"
_H = "[-ー]"
_PREF = (
    "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県|"
    "福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県|"
    "山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県"
)
_CITY = r"(?:(?:さいたま|つくば|つくばみらい|いわき|むつ|みよし|みどり|あきる野|ひたちなか|かすみがうら|うるま|えびの|いちき串木野|たつの|あわら|かほく|いなべ|にかほ|つがる|うきは|みやま|あま|[一-龥ヶケァ-ヶ]{1,6}?)[市区郡町村])"
_TOWN = r"(?:字|大字|小字)?[一-龥々ヶケノァ-ヶー]{1,12}(?:[のがつい][一-龥々]{1,6}|[ぁ-ん]{1,8}[一-龥]{0,6}(?=\d|[一二三四五六七八九十]+丁目))?"
_TAIL = (
    rf"(?:{_N}丁目(?: ?{_N}(?:番地?(?: ?の? ?{_N}号?)?|(?:{_H}{_N}){{0,3}}号?))?|{_N}番地(?: ?の? ?{_N})?(?:{_H}{_N})?|\d{{1,2}}丁{_N}(?:{_H}{_N}){{0,2}}|{_N}番町?{_N}?号?(?:{_H}{_N})?|"
    rf"\d{{1,5}}(?:{_H}\d{{1,5}}){{1,3}}号?|{_N}の{_N}(?:の{_N})?(?=[、。 \nにで]|番|$)|{_N}号(?!線|車|棟|室|館|被)|\d{{1,5}})"
)
_HOUSE = r"(?:[ 、]?[一-龥ァ-ヶーA-Za-z]{0,12}(?:団地|マンション|アパート|コーポ|ハイツ|ハイム|荘|メゾン|レジデンス|ビル|住宅|寮|コート|パレス)[一-龥ァ-ヶーA-Za-z]{0,8} ?)?(?: ?\d{1,3}(?:号棟|棟))?(?: ?\d{1,4}(?:号室|号|室)| ?\d{2,4}(?!\d|円|人|年|-))?"
_LOOK_AHEAD = rf"(?=[一-龥々〇ヶケノァ-ヶーさつあいむみひかうえたに\d、 ])(?=[^\d{_KANJI_FIGURES}。\n、]{{0,54}}+[、 ]?[\d{_KANJI_FIGURES}])"
"""True wherever ``_NUMBERED`` can match: a figure is near (its places have at most 54 characters). Only saves time."""
_NUMBERED = re.compile(
    rf"{_LOOK_AHEAD}(?P<pref>{_PREF})?(?P<city>{_CITY}{{0,3}})(?P<town>{_TOWN})?(?:[、 ])?(?P<tail>{_TAIL})(?P<house>{_HOUSE})"
)
_BUILDING = re.compile(
    r"(?:コーポ|メゾン|ハイツ|ハイム|サンハイツ|グリーンハイツ|シャトー|ヴィラ|グラン)[一-龥ァ-ヶーA-Za-z]{1,8} ?\d{2,4}(?:号室|号)?(?!円|人|年)|"
    r"(?:(?<![ぁ-ん])[ぁ-ん]{2,4}(?=[一-龥]))?[一-龥ァ-ヶー]{1,12}(?:団地|マンション|アパート|コーポ|ハイツ|ハイム|荘|メゾン|レジデンス|住宅|寮)[一-龥ァ-ヶーA-Za-z]{0,6} ?(?:の)?"
    r"(?:[0-9A-Z一二三四五六七八九十]{1,3}(?:号棟|棟)(?: ?の?[0-9]{1,4}(?:号室|号|室)?)?|[0-9]{1,3}-[0-9]{2,4}|[0-9]{1,4}(?:号室|号|室)|[0-9]{3,4})"
)
_AZA = re.compile(rf"(?:大字|小字|字)[一-龥々ヶケノァ-ヶー]{{1,8}}(?: ?{_N}(?:番地?)?(?:[-の]{_N})?|番地)?|[一-龥々ヶケ]{{2,8}}(?:地先|地内)?{_N}番(?:地{_N}?|{_N})号?")
GATE = re.compile(
    r"[\d一二三四五六七八九十字沿見](?:(?<=[\d一二三四五六七八九十])(?:丁目|番|号|-\d|ー\d|の\d|棟|丁\d)|(?<=字)[一-龥]{1,6}\d|(?<=沿)いの(?:田|畑)|(?<=見)える[0-9一二三四五六七八九十]+階|"
    r"(?<=[市区町村郡一-龥ァ-ヶ]\d)\d{0,4}(?![\d年月日時分円人回件個枚台本歳才%割軒名つ代号線ヶか点度倍次期億万千])|(?<=\d)(?:反|坪|畝|町歩|筆)|(?<=[一二三四五六七八九十])(?:反|坪|畝|町歩|筆))"
)


def find_addresses(text: str) -> list[Mark]:
    """Find addresses in one normalised text.

    Examples
    --------
    >>> [text[m.start:m.end] for text in ["葛川市栄町3丁目12-5に住んでいます"] for m in find_addresses(text)]
    ['葛川市栄町3丁目12-5']
    >>> [text[m.start:m.end] for text in ["〒000-0024 葛川市新開五丁目11-2 コーポ白樺203"] for m in find_addresses(text)]
    ['葛川市新開五丁目11-2 コーポ白樺203']
    >>> find_addresses("国道1号の渋滞、県道38号の穴、3番窓口")
    []

    Notes
    -----
    A 丁目 alone is an address only where somebody lives there by the words around it (若柳3丁目の角の平屋);
    若柳3丁目のバス停 is a public place. Misses: places named only by a landmark (郵便局の裏の家).
    """
    marks = []
    for match in _NUMBERED.finditer(text):
        score = _judge(match, text)
        if score:
            start, end = _trim(match, text)
            marks.append(Mark(start, end, "address", "", "address-number", score))
    for match in _BUILDING.finditer(text):
        begun = next((row for row, mark in enumerate(marks) if mark.start <= match.start() < mark.end), None)
        if begun is None:
            marks.append(Mark(match.start(), match.end(), "address", "", "address-building", 0.85))
        else:  # the house the number leads to: one address
            marks[begun] = marks[begun]._replace(end=max(marks[begun].end, match.end()))
    for match in _AZA.finditer(text):
        plot = re.search(r"\d|番地|[一二三四五六七八九十]番", match[0])
        if plot and not pattern("address-not-after").match(text, match.end()) and not re.search("[数文漢名活赤太黒]$", text[: match.start()]):
            marks.append(Mark(match.start(), match.end(), "address", "", "address-aza", 0.8))
    for rule in ("address-land", "address-view"):
        for match in pattern(rule).finditer(text):
            marks.append(Mark(*match.span("v"), "address", "", rule, 0.7))
    return drop_overlaps(marks)


def _judge(match: re.Match[str], text: str) -> float:
    tail, pref, city, town, house = (match[k] or "" for k in ("tail", "pref", "city", "town", "house"))
    number_end = match.end("tail")
    if pattern("address-not-after").match(text, match.end()) or (not house and pattern("address-not-after").match(text, number_end)):
        return 0.0
    if not (pref or city or town) or pattern("address-not-before").search(text[max(0, match.start("tail") - 5) : match.start("tail")]):
        return 0.0
    plain = tail.isdecimal()
    if plain and text[match.start("tail") - 1] in "、 在":
        return 0.0
    if pref and city and (town or city.endswith("町")):
        return 0.95
    if plain or re.fullmatch(r"[一二三四五六七八九十百千〇]+", tail):
        return 0.8 if (city and town and len(tail) <= 5 and re.search("[市区町村]$", city) and plain and not re.search(r"(?:平成|令和|昭和|第|全|約)$", town)) else 0.0
    if "丁目" in tail and re.fullmatch(rf"{_N}丁目", tail):
        return 0.75 if house.strip() or pattern("address-lives").match(text, match.end()) else 0.0
    if "番地" in tail or "丁目" in tail:
        return 0.92
    if re.match(rf"{_N}番", tail):
        return 0.85 if re.search(r"番.*\d|番[一二三四五六七八九十]|号", tail) else 0.0
    if tail.endswith("号"):
        return 0.0
    if "の" in tail:
        return 0.75 if city or re.search("[町字]$", town) else 0.0
    return 0.8 if city or pref or re.search(r"(?:町|字|[一-龥]{2,})$", town) and tail.count("-") >= 1 and not _date_like(tail, text, match) else 0.0


def _date_like(tail: str, text: str, match: re.Match[str]) -> bool:
    """スコア 3-1, 第1-2回, 10-15時, 1-2月 and the like."""
    numbers = [int(part) for part in re.findall(r"\d+", tail)]
    before = text[max(0, match.start("tail") - 6) : match.start("tail")]
    return bool(len(numbers) == 2 and (re.search(r"(?:対|で|に|は|が|勝|敗|試合|前半|後半|営業|時間|期間|室温|気温)$", before) or "ス" in before[-2:]))


def _trim(match: re.Match[str], text: str) -> tuple[int, int]:
    """Leave out words that are no part of the place (``私は``, ``実家の``) and blanks at the end."""
    start, end = match.span()
    if not match["pref"]:
        lead = re.match(r"(?:住所|自宅|現住所|実家|場所|宛先|転居先|旧住所|本籍|勤務先|会社|当方|私|隣家|隣)(?:は|の|:|、)?", text[start:end])
        if lead and lead.end() < match.start("tail") - start:
            start += lead.end()
        lead = re.match(r"(?:[一-龥]{1,4}[ぁ-ん]{0,3}?|[ぁ-ん]{2,6})(?:は|を|も|、|:)", text[start:end])
        if lead and _NUMBERED.match(text, start + lead.end()):
            start += lead.end()
    while end > start and text[end - 1] in " 、":
        end -= 1
    return start, end
