"""Whose is it? Ties facts, ages and names to the people a text mentions.

Japanese leaves the subject out, so the order of the looks matters: words that stand right before a
person (認知症の母), the nearest person before in the sentence, the topic of the sentence before, and
only then the writer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from textlens.personal.callers import find_callers, is_note, name_of_caller
from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.patterns import pattern
from textlens.personal.whose import same_name_same_person, subject_of_name
from textlens.schema import PERSONAL_TYPES, THIRD_PARTIES

FACTS = frozenset({"health", "disability", "family_circumstance", "crime", "beliefs"})
_LOOSE = frozenset({"birth_date_age", "affiliation"})
_ALWAYS = frozenset({"phone", "email", "postal_code", "id_number", "vehicle", "account", "address"})
_SENTENCE_END = re.compile(r"[。\n?!？！]+")
_FAR = 1 << 60
_SINGLED_OUT = frozenset({"neighbour", "shop", "address_person", "household", "teacher", "kid", "other_family", "visa", "chief", "nurse", "driver",
                          "distance", "oldfamily", "resident", "habitual", "holder", "faraway", "partner"})  # fmt: skip
"""Labels of ``people.tsv`` whose words are enough to tell one person."""
_MEMBERS = {
    "sisters": ("姉", "妹"), "brothers": ("兄", "弟"), "couple": ("夫", "妻"), "household": ("父", "母", "父親", "母親", "息子", "娘"),
}  # fmt: skip
_CUES = ("self", "generic", "hearsay", "dead", "died")
_CUE_KINDS = frozenset(f"cue:{label}" for label in _CUES)
_BIRTHS = ("双子", "子", "三つ子", "赤ちゃん", "子ども", "子供")


@dataclass
class Resolved:
    """What one text says about people: spans with subjects, third parties, spans told as hearsay."""

    spans: list[Mark]
    third_parties: tuple[str, ...]
    hearsay: set[Mark] = field(default_factory=set)


@dataclass
class _Person:
    start: int
    end: int
    subject: str
    label: str
    rule: str
    span: bool
    facts: int = 0


def resolve(text: str, marks: list[Mark], min_score: float) -> Resolved:
    """Settle the marks of one text (offsets in its normalised copy)."""
    sentences = _sentences(text)
    cues: dict[str, list[Mark]] = {label: [] for label in _CUES}
    for mark in marks:
        if mark.kind in _CUE_KINDS:
            cues[mark.kind.removeprefix("cue:")].append(mark)
    names = [subject_of_name(m, text, marks) for m in marks if m.kind == "person_name"]
    callers: list[tuple[int, int]] = []
    if is_note(text):
        callers = find_callers(text)
        names = [name_of_caller(m, text, callers) for m in names]
        cues["self"] += [Mark(low, high, "cue:self", "self", "caller", 0.8) for low, high in callers]
    names = same_name_same_person(drop_overlaps(names), text)
    people = _people(marks, names, text)
    for person in people:
        if any(low <= person.start and person.end <= high for low, high in callers):
            person.subject, person.span = "self", person.span and person.label == "community"
    _mark_dead(people, cues["dead"] + cues["died"], text)
    if pattern("text-about-child").search(text):
        for person in people:
            person.subject = "private" if person.subject == "family" else person.subject
    spans = list(names)
    spans += [Mark(p.start, p.end, "role", p.subject, p.rule, 0.82) for p in people if p.span]
    spans += [m for m in marks if m.kind == "role"]
    for mark in marks:
        if mark.kind in FACTS or mark.kind in _LOOSE:
            owner, subject = _owner(mark, people, cues, sentences, text)
            if subject:
                spans.append(mark._replace(subject=subject))
                if owner:
                    owner.facts += 1
        elif mark.kind in _ALWAYS:
            spans.append(mark._replace(subject=mark.subject or _contact_owner(mark, people, names, callers, text)))
    for mark in cues["died"]:
        near = [p for p in people if p.subject == "deceased" and 0 <= mark.start - p.end <= 14]
        if near:
            spans.append(Mark(mark.start, mark.end, "family_circumstance", "deceased", mark.rule, 0.6))
            near[0].facts += 1
    spans = _merge_facts(text, drop_overlaps(m for m in spans if m.score >= min_score and m.kind in PERSONAL_TYPES))
    return Resolved(spans, _third_parties(people, spans, text), _hearsay(spans, cues["hearsay"], sentences))


def _sentences(text: str) -> list[tuple[int, int]]:
    found, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        found.append((begin, match.end()))
        begin = match.end()
    if begin < len(text) or not found:
        found.append((begin, len(text)))
    return found


def _sentence_of(place: int, sentences: list[tuple[int, int]]) -> int:
    return bisect_right(sentences, (place, _FAR)) - 1


def _people(marks: list[Mark], names: list[Mark], text: str) -> list[_Person]:
    people = []
    for mark in marks:
        label = mark.kind.removeprefix("cue:")
        if mark.kind == "kin":
            told = mark.rule == "kin-honorific" and mark.subject == "private" and pattern("kin-told-after").match(text, mark.end) is not None
            people.append(_Person(mark.start, mark.end, mark.subject, "kin", mark.rule, told))
        elif mark.kind.startswith("cue:") and label not in _CUES:
            specific = mark.score > 0.5 and _specific(mark, label, text, names)
            people.append(_Person(mark.start, mark.end, mark.subject, label, mark.rule, specific))
    people += [_Person(m.start, m.end, m.subject, "name", m.rule, False) for m in names]
    signed = [m for m in marks if m.kind == "role" and m.subject == "self"]
    people = [p for p in people if all(p.end <= m.start or p.start >= m.end for m in signed)]
    people.sort(key=lambda p: (p.start, -p.end))
    kept: list[_Person] = []
    others: set[str] = set()
    strangers = any(p.subject == "private" and p.label != "kin" for p in people)
    for person in people:
        inside = next((k for k in kept if k.label != "works" and person.start < k.end and person.end <= k.end), None)
        if inside:
            continue
        if kept and person.label == "kin" and kept[-1].subject == "private" and pattern("kin-of-person").match(text[kept[-1].end : person.start]):
            person.subject = "private"
        word = text[person.start : person.end]
        if person.label == "faraway" and not word.endswith("さん") and not pattern("text-owner").search(text[: person.start]):
            person.subject = "family"
        if person.rule == "kin-unclear" and not strangers:
            person.subject = "family"
        topic = next((k for k in reversed(kept) if k.label in ("name", "acquaint", "neighbour") and k.subject == "private"), None)
        if topic and person.rule == "kin-own" and re.match(r"(?:さん)?は[^。\n]*$", text[topic.end : person.start]) and not re.search(r"(?:うち|私|わが|我が)[^。]{0,2}の?$", text[: person.start]):
            person.subject = "private"
        if person.label == "kin" and person.subject == "family" and (word in others or _of_a_stranger(person, word, kept)):
            person.subject = "private"
        if person.label == "other_family":
            others.add(re.sub(r".*の", "", word))
        group = pattern("kin-group").search(word) if person.subject == "private" else None
        others.update(_MEMBERS[group.lastgroup] if group and group.lastgroup else ())
        kept.append(person)
    return kept


def _of_a_stranger(person: _Person, word: str, kept: list[_Person]) -> bool:
    """A 母親 or a 子ども behind a neighbour is the neighbour's, as long as nobody of the writer's own has come up."""
    near = any(k.subject == "private" and (k.label == "kin" or k.label in ("neighbour", "address_person", "resident")) for k in kept)
    return near and (word in ("母親", "父親") or person.rule == "kin-child") and all(k.label != "kin" or k.subject != "family" for k in kept)


def _specific(mark: Mark, label: str, text: str, names: list[Mark]) -> bool:
    """Does the role single somebody out here, or is the office meant?"""
    after = text[mark.end : mark.end + 14]
    before = text[max(0, mark.start - 12) : mark.start]
    if label == "community" and re.match(r"(?:を(?:して|務め|やって|なさって|引き受けて)|である|だった|で)[^。、]{0,6}", after) and any(0 <= n.start - mark.end <= 10 for n in names):
        return True
    if label in _SINGLED_OUT:
        return True
    named = re.match("の?【", after) or any(0 <= n.start - mark.end <= 1 or n.end == mark.start for n in names)
    if named:
        return label not in ("staff", "neighbour")
    if label == "staff" and pattern("role-teaching").search(text[mark.start : mark.end]):
        return not pattern("role-office-meant").match(after)
    if label == "staff" and (mark.end - mark.start > 5 or re.search(r"(?:の|た|い)$", before)):
        return not pattern("role-office-meant").match(after)
    if pattern("role-office-meant").match(after):
        return False
    if label == "community" and "の" in text[mark.start : mark.end]:
        return True
    if re.search(r"(?:うちの|この|今の|前の|元|現|新しい|地区の|町内の|自治会の|班の|組の|団地の|町の|小の|校の|園の|息子の|娘の|子の|孫の|[0-9一二三四五六七八九十]丁目の|通りの|隣の)$", before):
        return True
    return bool(re.match(r"(?:さん)?(?:が|は|から|に(?!は)|の(?:態度|対応|一存|独断|息子|家|奥さん|親族|自宅|車|言|発言|勝手))", after)) and (
        after.startswith("さん") or bool(re.search(r"(?:ました|ている|ています|った|んだ|れた|した|てくれ|ており|てい)", text[mark.end : mark.end + 40]))
    )


def _mark_dead(people: list[_Person], dead: list[Mark], text: str) -> None:
    for cue in dead:
        before_cue = [p for p in people if p.end <= cue.start and cue.start - p.end <= 14 and not re.search(r"[。\n]", text[p.end : cue.start])]
        after_cue = [p for p in people if 0 <= p.start - cue.end <= 4]
        chosen: _Person | None = None
        if cue.kind == "cue:dead" and after_cue:
            chosen = after_cue[0]
        elif cue.kind == "cue:died":
            direct = [p for p in before_cue if re.match(r"(?:さん)?(?:が|は|も|の|を|に|、)", text[p.end : p.end + 3]) or p.end == cue.start]
            chosen = direct[-1] if direct else after_cue[0] if after_cue else None
            family = [p for p in people if p.label == "kin" and p.subject == "family" and p.end <= cue.start]
            if chosen is None and re.search(r"(?:二人|両方|三人|皆)とも[^。\n]{0,14}$", text[: cue.start]):
                for person in family[-3:]:
                    person.label, person.subject = "kin:family", "deceased"
            if chosen is None and len({text[p.start : p.end] for p in family}) == 1 and cue.start - family[0].end < 80:
                chosen = family[0]
        if chosen and chosen.subject in ("family", "private", "unknown", "self"):
            chosen.label = f"{chosen.label}:{chosen.subject}" if chosen.subject == "family" else chosen.label
            chosen.subject = "deceased"


def _owner(mark: Mark, people: list[_Person], cues: dict[str, list[Mark]], sentences: list[tuple[int, int]], text: str) -> tuple[_Person | None, str]:
    """Find whose fact it is: the person and the subject, or ``(None, "")`` where it is nobody's."""
    here = _sentence_of(mark.start, sentences)
    low, high = sentences[here]
    inside = [p for p in people if low <= p.start < high and not (p.label in ("landlord",) and not p.span)]
    after = text[mark.end : mark.end + 14]
    is_fact = mark.kind in FACTS
    weak = mark.score < 0.7
    within = next((p for p in inside if p.label == "kin" and mark.start <= p.start and (p.end == mark.end or p.end < mark.end and text[p.end] in "がはもの")), None)
    if within and is_fact:
        return within, within.subject
    called = next((c for c in cues["self"] if c.rule == "caller" and c.start <= mark.start and mark.end <= c.end), None)
    if called:
        return None, "self"
    if mark.rule == "age-parentheses":
        if re.search(r"(?:名義人|申請者|請求者|届出人|来庁者|申出者)\(?$", text[max(0, mark.start - 6) : mark.start]):
            return None, "self"
        if re.match(r"\) ?(?:が|より|から|、)?(?:来所|来庁|来電|電話|来館)", text[mark.end : mark.end + 10]) or "本人" in text[max(0, mark.start - 5) : mark.start]:
            return None, "self"
        holder = next((p for p in people if p.end in (mark.start - 1, mark.start - 3)), None)
        if holder:
            return holder, holder.subject
        if pattern("age-of-caller").search(text[max(0, mark.start - 9) : mark.start - 1]):
            return None, "self"
        if re.search(r"[一-龥]{1,4}$", text[max(0, mark.start - 5) : mark.start - 1]):
            return None, "private" if re.match(r"[^()]{0,8}\)(?:[のがはを]|さん)", text[mark.end :]) else "self"
        return None, ""
    if mark.rule in ("age-signed", "age-headed"):
        return None, "self"
    following = [p for p in inside if 0 <= p.start - mark.end <= 10 and pattern("fact-modifies-person").match(text[mark.end : p.start])]
    preceding = [p for p in inside if p.end <= mark.start]
    if pattern("fact-parted").match(text, mark.start) and any(p.subject == "family" and pattern("kin-parted").match(text[p.end : mark.start]) for p in preceding[-1:]):
        preceding = preceding[:-1]
        if not preceding:
            return None, "self"
    if following and not re.search(r"[はがも、]", text[mark.end : following[0].start]):
        return following[0], following[0].subject
    program = pattern("fact-program").match(after) is not None and not re.match(r"(?:患者|障害者|者)(?:です|の私|である|として|手帳)", after)
    if is_fact and pattern("fact-of-somebody").match(after) and not any(low <= c.start < high for c in cues["generic"]):
        return None, "private"
    if is_fact and (pattern("fact-supposed").match(after) or pattern("fact-referred").match(after)):
        return None, ""
    if is_fact and program and not preceding:
        return None, ""
    if preceding:
        if text.startswith(("妊娠", "出産", "流産", "授乳"), mark.start):
            preceding = [p for p in preceding if text[p.start : p.end] not in _BIRTHS]
        if mark.kind in ("health", "disability"):
            preceding = [p for p in preceding if p.subject != "staff" or re.match(r"(?:さん|先生)?[がは]", text[p.end : p.end + 3])]
    if preceding:
        topics = [p for p in preceding if re.match(r"(?:さん|様|氏|先生)?(?:\([^)]*\))?(?:が|は|も|の|、|に|を)", text[p.end : p.end + 14])]
        chosen = (topics or preceding)[-1]
        if mark.kind == "crime" and chosen.subject == "family" and re.search(r"(?:さ|られ|まれ|まし)", text[mark.start : mark.end + 3]) is None and not re.match(r"[がは]", text[chosen.end :]):
            return None, ""
        if mark.kind == "family_circumstance" and chosen.subject in ("staff", "public_figure"):
            return None, ""
        return chosen, chosen.subject
    if any(low <= c.start < high for c in cues["generic"]) and weak:
        return None, ""
    me = any(low <= c.start < high for c in cues["self"])
    if me and mark.kind not in ("crime",) and not program:
        return None, "self"
    if mark.kind == "affiliation":
        if mark.rule == "affiliation-class":
            return None, "staff" if any(p.subject == "staff" for p in people) and not cues["self"] else "self"
        return None, ""
    if mark.kind == "birth_date_age":
        if here <= 1 and re.search(r"(?:女性|男性|女|男|本人)[・、 (]?$", text[max(0, mark.start - 4) : mark.start]):
            return None, "self"
        if re.match(r"(?:です|になり|の(?:母|父|男|女|主婦|会社員)|で(?:す|、)|、(?:女|男|主婦|無職))", after) and mark.rule == "age-years":
            return None, "self"
        if mark.rule in ("age-school-year", "age-named") and (me or re.match(r"です|の女|の男|になり|を迎え", after)) and here <= 1:
            return None, "self"
        if mark.rule == "birth-date":
            return None, "self"
        if mark.rule == "age-months":
            return None, "family"
        earlier = [p for p in people if here and _sentence_of(p.start, sentences) in (here - 1, here - 2) and p.label in ("name", "kin", "teacher", "neighbour")]
        if mark.rule in ("age-years", "age-passed") and earlier and earlier[-1].subject != "public_figure":
            return earlier[-1], earlier[-1].subject
        if mark.rule == "age-passed" and re.match(r"(?:、|て|ま|た|に)", after):
            return None, "self"
        return (None, "")
    earlier = [p for p in people if here and _sentence_of(p.start, sentences) in (here - 1, here - 2)]
    topical = [p for p in earlier if re.match(r"(?:さん|様|氏|先生)?(?:\([^)]*\))?(?:が|は|も|です|、|。)", text[p.end : p.end + 14])]
    dead = [p for p in earlier if p.subject == "deceased"]
    if mark.kind == "health" and dead and not topical and re.match(r"[^。\n]{0,4}でした", after):
        return dead[-1], "deceased"
    if topical and mark.kind == "family_circumstance":
        topical = [p for p in topical if p.subject not in ("staff", "public_figure")]
    if topical and not program:
        return topical[-1], topical[-1].subject
    told = [p for p in people if p.label in ("name", "kin", "neighbour", "acquaint") and p.subject in ("private", "family") and p.end <= mark.start]
    if told and not program and len({p.subject for p in told}) == 1 and here - _sentence_of(told[-1].start, sentences) <= 4 and not me:
        return told[-1], told[-1].subject
    if is_fact and weak and all(p.subject == "self" for p in people) and (pattern("text-is-record").match(text) or is_note(text)) and not program and mark.kind != "crime":
        return None, "self"
    if not weak and not program and not any(low <= c.start < high and not mark.start - 2 <= c.start < mark.end for c in cues["generic"]) and mark.kind != "crime" and not pattern("fact-plea").match(after):
        return None, "self"
    return None, ""


def _contact_owner(mark: Mark, people: list[_Person], names: list[Mark], callers: list[tuple[int, int]], text: str) -> str:
    if re.search(r"(?:私|わたし|当方|自宅|連絡先|我が家|うち|拙宅)[^。\n]{0,12}$", text[: mark.start]):
        return "self"
    if pattern("caller-address").search(text[: mark.start]) or any(low <= mark.start < high for low, high in callers):
        return "self"
    alone = re.split(r"[。\n?!]", text[: mark.start])[-1]
    if mark.kind in ("phone", "email", "id_number") and not text[mark.end :].strip(" 。)") and not any(p.subject != "self" and p.start >= mark.start - len(alone) and p.end <= mark.start for p in people):
        return "self"
    if re.match(r" ?の(?:方|人|男|女)|さん", text[mark.end : mark.end + 4]):
        return "private"
    addressee = next((n for n in names if n.subject == "private" and 0 <= n.start - mark.end < 26 and text.startswith(("様", "さん", "氏"), n.end)), None)
    if addressee:
        return "private"
    names = [n for n in names if not (n.subject == "staff" and text[: n.start].count("\n") == 0 and "\n" in text and text[n.end : n.end + 6].rstrip().endswith(("様", "殿")))]
    people = [p for p in people if not (p.subject == "staff" and re.match(r"[^。\n]{0,5}(?:様|殿)\s*\n", text[p.end :]))]
    if mark.kind == "vehicle" and re.search(r"公用車[^。]{0,6}$", text[: mark.start]):
        return "staff"
    if mark.rule == "address-land":
        return "self" if any(p.label.startswith("kin") for p in people) else "private"
    signature = [n for n in names if n.subject == "self"]
    before = [p for p in people if p.end <= mark.start and mark.start - p.end < (90 if mark.kind == "id_number" else 40) and p.subject not in ("public_figure",)]
    after = [p for p in people if 0 <= p.start - mark.end < 12]
    if mark.kind == "vehicle" and not signature:
        if re.search(r"(?:私の|うちの車|自分の|当方|愛車|標識は|譲)", text):
            return "self"
        return next((p.subject for p in reversed(before) if p.label == "kin" and p.subject == "private"), "private")
    if signature and min(abs(n.start - mark.end) for n in signature) < 30:
        return "self"
    if mark.kind in ("address", "vehicle", "account") and after and text[mark.end : after[0].start] in ("の", "に住む", "", " "):
        return after[0].subject
    if before and mark.kind != "address":
        return before[-1].subject
    owners = [n for n in names if n.subject in ("private", "staff") and n.end <= mark.start]
    if owners and not signature and mark.kind in ("phone", "email", "vehicle", "account"):
        return owners[-1].subject
    if mark.kind == "address":
        if re.match(r"(?:の(?:者|[^。]{0,4}住んで)|に(?:住んで|住む者|居住|転居|引っ越)|在住)", text[mark.end : mark.end + 10]):
            return "self"
        return "private" if re.match(r"の(?:角|家|平屋|お宅|空き?家|[一-龥]{1,4}さん)|の[^。]{0,8}(?:さん|宅)", text[mark.end : mark.end + 12]) or before else "self"
    return "self"


def _merge_facts(text: str, spans: list[Mark]) -> list[Mark]:
    """Join facts of one kind about one person that stand next to one another."""
    merged: list[Mark] = []
    for mark in spans:
        last = merged[-1] if merged else None
        if last and mark.kind in FACTS and (last.kind, last.subject) == (mark.kind, mark.subject) and mark.start - last.end <= 5 and not re.search(r"[。\n]", text[last.end : mark.start]):
            merged[-1] = last._replace(end=mark.end, score=max(last.score, mark.score))
        else:
            merged.append(mark)
    return merged


def _third_parties(people: list[_Person], spans: list[Mark], text: str) -> tuple[str, ...]:
    found = {m.subject for m in spans if m.subject in THIRD_PARTIES}
    for person in people:
        if person.label == "kin" and person.subject == "family" and _eventful(person, text):
            found.add("family")
        if person.label == "oldfamily":
            found.add("family")
        if person.subject == "deceased":
            found.add("deceased")
            if person.label.endswith(":family"):
                found.add("family")
        elif person.subject in THIRD_PARTIES and person.label in ("neighbour", "official") or person.span or person.facts:
            found.add(person.subject)
    return tuple(name for name in THIRD_PARTIES if name in found)


def _eventful(person: _Person, text: str) -> bool:
    """Something is told of a grown member of the family, and it is not only that they are pleased."""
    word, after = text[person.start : person.end], re.split(r"[。\n]", text[person.end : person.end + 60])[0]
    if not pattern("kin-adult").search(word) or not re.match(r"(?:\([^)]*\))?(?:が|は|も)", after):
        return False
    return pattern("kin-pleased").search(after) is None


def _hearsay(spans: list[Mark], cues: list[Mark], sentences: list[tuple[int, int]]) -> set[Mark]:
    told = {_sentence_of(c.start, sentences): c.start for c in cues}
    return {m for m in spans if m.kind in FACTS and told.get(_sentence_of(m.start, sentences), -1) >= m.start}
