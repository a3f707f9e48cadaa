"""Who is in a text: the people it mentions, the words that tell on whose side they are, and who the caller of a note is."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from textlens.personal.callers import find_callers, name_of_caller
from textlens.personal.marks import Mark, drop_overlaps
from textlens.personal.patterns import pattern
from textlens.personal.whose import same_name_same_person, subject_of_name

CUES = ("self", "generic", "hearsay", "dead", "died")
"""Labels of ``people.tsv`` that are no people."""
_CUE_KINDS = frozenset(f"cue:{label}" for label in CUES)
_MEMBERS = {
    "sisters": ("姉", "妹"), "brothers": ("兄", "弟"), "couple": ("夫", "妻"), "household": ("父", "母", "父親", "母親", "息子", "娘"),
}  # fmt: skip
_SENTENCE_END = re.compile(r"[。\n?!？！]+")
_FAR = 1 << 60


@dataclass
class Person:
    """Somebody a text mentions, by name, by kinship or by a word of ``people.tsv`` (``label``)."""

    start: int
    end: int
    subject: str
    label: str
    rule: str


@dataclass
class Scene:
    """What one text (its normalised copy) says about people.

    Attributes
    ----------
    people : list of Person
        In the order of the text.
    names : list of Mark
        Names, with the subject their surroundings give them.
    cues : dict of str → list of Mark
        By label (``CUES``); the caller of a note counts as a cue of ``self``.
    sentences : list of (int, int)
    callers : list of (int, int)
        Where a note names who called.
    note : bool
        An officer wrote the text.
    """

    text: str
    people: list[Person]
    names: list[Mark]
    cues: dict[str, list[Mark]]
    sentences: list[tuple[int, int]]
    callers: list[tuple[int, int]] = field(default_factory=list)
    note: bool = False

    def sentence_of(self, place: int) -> int:
        """Return the number of the sentence a place belongs to."""
        return bisect_right(self.sentences, (place, _FAR)) - 1


def read_scene(text: str, marks: list[Mark], note: bool) -> Scene:
    """Settle who is in a text from the marks of the recognisers (sorted); ``note``: an officer wrote it."""
    cues: dict[str, list[Mark]] = {label: [] for label in CUES}
    for mark in marks:
        if mark.kind in _CUE_KINDS:
            cues[mark.kind.removeprefix("cue:")].append(mark)
    names = [subject_of_name(m, text, marks) for m in marks if m.kind == "person_name"]
    callers: list[tuple[int, int]] = []
    if note:
        callers = find_callers(text)
        names = [name_of_caller(m, text, callers) for m in names]
        cues["self"] += [Mark(low, high, "cue:self", "self", "caller", 0.8) for low, high in callers]
    names = same_name_same_person(drop_overlaps(names), text)
    people = _people(marks, names, text)
    for person in people:
        if any(low <= person.start and person.end <= high for low, high in callers):
            person.subject = "self"
    _mark_dead(people, cues["dead"] + cues["died"], text)
    if pattern("text-about-child").search(text):
        for person in people:
            person.subject = "private" if person.subject == "family" else person.subject
    return Scene(text, people, names, cues, _sentences(text), callers, note)


def _sentences(text: str) -> list[tuple[int, int]]:
    found, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        found.append((begin, match.end()))
        begin = match.end()
    if begin < len(text) or not found:
        found.append((begin, len(text)))
    return found


def _people(marks: list[Mark], names: list[Mark], text: str) -> list[Person]:
    people = []
    for mark in marks:
        label = mark.kind.removeprefix("cue:")
        if mark.kind == "kin":
            people.append(Person(mark.start, mark.end, mark.subject, "kin", mark.rule))
        elif mark.kind.startswith("cue:") and label not in CUES:
            people.append(Person(mark.start, mark.end, mark.subject, label, mark.rule))
    people += [Person(m.start, m.end, m.subject, "name", m.rule) for m in names]
    signed = [m for m in marks if m.kind == "role" and m.subject == "self"]
    people = [p for p in people if all(p.end <= m.start or p.start >= m.end for m in signed)]
    people.sort(key=lambda p: (p.start, -p.end))
    kept: list[Person] = []
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


def _of_a_stranger(person: Person, word: str, kept: list[Person]) -> bool:
    """A 母親 or a 子ども behind a neighbour is the neighbour's, as long as nobody of the writer's own has come up."""
    near = any(k.subject == "private" and (k.label == "kin" or k.label in ("neighbour", "address_person", "resident")) for k in kept)
    return near and (word in ("母親", "父親") or person.rule == "kin-child") and all(k.label != "kin" or k.subject != "family" for k in kept)


def _mark_dead(people: list[Person], dead: list[Mark], text: str) -> None:
    for cue in dead:
        before_cue = [p for p in people if p.end <= cue.start and cue.start - p.end <= 14 and not re.search(r"[。\n]", text[p.end : cue.start])]
        after_cue = [p for p in people if 0 <= p.start - cue.end <= 4]
        chosen: Person | None = None
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
