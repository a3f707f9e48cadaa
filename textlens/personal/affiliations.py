"""Schools and workplaces that belong to a given person: ○○中学校二年の娘, ○○工業に勤める夫."""

from __future__ import annotations

import re

from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.patterns import pattern_group

_N = "[1-6一二三四五六]"
_SECOND = "(?=[のにへでを勤じめいっし年0-6一-五四六]|(?<=[園所])[ぁ-んァ-ヶー])"
"""What can stand behind the first character of the gate; nothing else is tried."""
GATE = re.compile(
    rf"[苑荘ム里家スク同勤働通話校園学小中高所科師員官手電鉄長大士家工察者社場院行役業店務事運送局署協会設ム庁医議侶職の入]{_SECOND}(?:(?<=[校園学小中高])の?{_N}年|(?:に|へ|で)(?:通|在籍|進学|入学|入園|勤|働|搬送|運ば|転院|入院|入所)|"
    rf"を(?:退|定年|辞|務め|勤め)|(?<=[所庁局校行場院])勤め|(?<=[員士師官長家工])(?:で(?:す|し|、)|をして)|(?<=[校学])の[一-龥]{{1,6}}(?:科|部)|(?<=[園所])の?(?:年[長中少]|[0-5一-五]歳児|[ぁ-んァ-ヶー]{{2,5}}組)|"
    rf"(?:に|で)[^。、\n]{{0,8}}?(?:勤め|勤務|勤続|働|奉職|就職|採用)|(?:(?<=[苑荘ム里家])|(?<=ビス)|(?<=ック)|(?<=医院)|(?<=病院))(?:に|へ|を)(?:い[まるた]|お[りる]|入|移|預|かか|世話|退)|(?<=と同)じ[保幼こ学小中高大ク組職会施病班町団]|(?<=[勤働通院所話])[めいっしに](?:な?っ)?て?い?[たる][一-龥ァ-ヶー])"
)


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
    marks = [Mark(*match.span("v"), "affiliation", "", row.id, row.score) for row in pattern_group("affiliation") for match in row.regex.finditer(text)]
    return drop_overlaps(marks)
