"""Schools and workplaces that belong to a given person: ○○中学校二年の娘, ○○工業に勤める夫."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, drop_overlaps

_SCHOOL = r"(?:小学校|中学校|高校|高等学校|大学|短大|専門学校|保育園|保育所|幼稚園|こども園|支援学校|学園|小|中|高)"
_WORK = r"(?:会社|工場|病院|製作所|銀行|信金|役場|市役所|工業|建設|工務店|商事|運輸|運送|郵便局|消防署|警察署|農協|医院|クリニック|県庁|施設|事業所|ホーム)"
_WORKER = r"(?:教師|教員|教諭|警察官|消防士|看護師|公務員|銀行員|国鉄|役場|寮母|校長|大工|職員|消防|警察|運転手|医者|医師|議員|僧侶|住職)"
_N = "[1-6一二三四五六]"
GATE = re.compile(
    rf"[校園学小中高所科師員官手電鉄長大士家工察者社場院行役業店務事運送局署協会設ム庁医議侶職の入](?:(?<=[校園学小中高])の?{_N}年|(?:に|へ|で)(?:通|在籍|進学|入学|入園|勤|働|搬送|運ば|転院|入院|入所)|"
    rf"を(?:退|定年|辞|務め|勤め)|(?<=[員士師官長家工])(?:で(?:す|し|、)|をして)|(?<=[校学])の[一-龥]{{1,6}}(?:科|部))"
)
_PATTERNS = (
    (re.compile(rf"(?P<v>[一-龥々ヶァ-ヶー]{{1,12}}{_SCHOOL}の?{_N}年(?:生)?(?:の?[1-9一二三四五六A-E]組)?)"), "affiliation-class", 0.8),
    (re.compile(r"(?P<v>(?:[県市国私]立)?[一-龥々ヶノァ-ヶー]{1,10}(?:高校|高等学校|大学|中学校|小学校)の[一-龥]{1,6}(?:科|部|学部|学科))"), "affiliation-course", 0.65),
    (re.compile(r"(?P<v>(?<![一-龥])[一-龥々ヶノァ-ヶー]{2,12}(?:小学校|中学校|高校|高等学校|大学|保育園|幼稚園|こども園|支援学校))(?=(?:に|へ)(?:通|在籍|進学|入学|入園))"), "affiliation-school", 0.65),
    (re.compile(rf"(?P<v>(?<![一-龥])[一-龥々ヶノァ-ヶーA-Za-z]{{2,12}}{_WORK})(?=(?:に|で)(?:勤|働))"), "affiliation-work", 0.65),
    (re.compile(r"(?P<v>(?<![一-龥])[一-龥々ヶノァ-ヶー]{2,10}(?:病院|医院|クリニック|苑|荘|ホーム|園))(?=(?:に|へ)(?:入院|入所|搬送|運ばれ|転院))"), "affiliation-care", 0.6),
    (re.compile(r"(?<=[がはも])(?P<v>(?:市|県|町|国|[一-龥]{1,6})の?(?:職員|保育士|教員|教師|看護師|消防士|警察官|会長|会?議員|医師|社員|農家|漁師|大工|保健師|校長))(?=で(?:す|し|、)|をして)"), "affiliation-job", 0.65),
    (re.compile(rf"(?P<v>(?:[一-龥々ヶノァ-ヶー]{{2,10}}の)?(?:[一-龥ァ-ヶー]{{2,10}}の)?{_WORKER}を(?:退|定年|辞|務め|勤め))"), "affiliation-career", 0.65),
)  # fmt: skip


def find_affiliations(text: str) -> list[Mark]:
    """Find schools, workplaces and wards said of somebody; whose they are is settled later.

    Examples
    --------
    >>> [text[m.start:m.end] for text in ["葛川中学校二年の娘です"] for m in find_affiliations(text)]
    ['葛川中学校二年']

    Notes
    -----
    Only counts where the sentence speaks of a given person, or names the class. Misses: a workplace named
    without 勤める or 働く (夫の富士工業では).
    """
    marks = [Mark(*match.span("v"), "affiliation", "", rule, score) for pattern, rule, score in _PATTERNS for match in pattern.finditer(text)]
    return drop_overlaps(marks)
