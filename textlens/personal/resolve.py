"""From marks to findings: which spans stay, whose each one is, and which third parties a text speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from textlens.personal.marks import FACTS, MENTION, Mark, drop_overlaps
from textlens.personal.owners import Told
from textlens.personal.patterns import pattern
from textlens.personal.people import Person, Scene, read_scene
from textlens.schema import PERSONAL_TYPES, THIRD_PARTIES

HONORIFIC = "name-honorific"
"""Rule of a name with さん, 様, 氏 … (:mod:`textlens.personal.names`)."""
CONTACTS = frozenset({"phone", "email", "postal_code", "id_number", "vehicle", "account", "address"})
_SHORT = 2
"""Characters of a role that says no more than the name behind it, and of the least that is kept of a span beside a name."""


@dataclass
class Resolved:
    """What one text says about people.

    Attributes
    ----------
    spans : list of Mark
        With subjects.
    mentions : list of Mark
        Words that speak of somebody of whom no span tells anything (``kind`` is :data:`MENTION`): nothing of them is masked.
    hearsay : set of Mark
        Spans told as hearsay.
    """

    spans: list[Mark]
    mentions: list[Mark]
    hearsay: set[Mark] = field(default_factory=set)

    @property
    def third_parties(self) -> tuple[str, ...]:
        """Who is spoken about, in the order of the schema."""
        found = {mark.subject for mark in (*self.spans, *self.mentions)}
        return tuple(name for name in THIRD_PARTIES if name in found)


def tell(doc: int, text: str, marks: list[Mark], learnt: Sequence[Mark], note: bool, min_score: float) -> Told:
    """Say who is in one text, and which spans stay.

    Parameters
    ----------
    doc : int
        Its number.
    text : str
        Its normalised copy.
    marks : list of Mark
        Of the recognisers, sorted. Names and ways to reach somebody are findings; the rest tells who is there.
    learnt : sequence of Mark
        Private facts, roles, ages … as :func:`~textlens.personal.spans.find_spans` found them.
    note : bool
        An officer wrote the text about a caller.
    min_score : float
    """
    scene = read_scene(text, marks, note)
    sure = [*scene.names, *(m for m in marks if m.kind in CONTACTS or m.kind == "role")]
    learnt = [_with_row(m, marks) for m in learnt]
    return Told(doc, scene, [m for m in _beside(sure, learnt) if m.score >= min_score and m.kind in PERSONAL_TYPES])


def settle(told: Told, owners: Sequence[str]) -> Resolved:
    """Give every span its owner, and say which third parties the text speaks of."""
    owned = _never_the_writer(told, [mark._replace(subject=owner) for mark, owner in zip(told.spans, owners, strict=True)])
    return Resolved(owned, _mentions(told.scene, owned), _hearsay(told.scene, owned))


def _never_the_writer(told: Told, owned: list[Mark]) -> list[Mark]:
    """Give names with さん back to the person they name, and what is told right behind such a name in the same sentence too.

    Nobody calls themselves 佐藤さん. In an officer's note the caller may be called so, with a comma or a bracket behind it
    (``佐藤さん、七十二``) more often than a particle, which is asked for where the text does not look like a note.
    """
    if told.scene.note:
        return owned
    found: list[Mark] = []
    named: Mark | None = None
    for seen, mark in zip(told.spans, owned, strict=True):
        if mark.kind == "person_name":
            named_so = mark.rule == HONORIFIC and pattern("name-honorific-particle").match(told.scene.text, mark.end)
            wrong = bool(mark.subject == "self" and named_so and seen.subject not in ("", "self"))
            mark = mark._replace(subject=seen.subject) if wrong else mark
            named = mark if wrong else None
        elif named and mark.subject == "self" and told.scene.sentence_of(named.start) == told.scene.sentence_of(mark.start):
            mark = mark._replace(subject=named.subject)
        found.append(mark)
    return found


def _with_row(learnt: Mark, marks: list[Mark]) -> Mark:
    """Name the row of the dictionary that stands in the span, where one does."""
    rows = (m.rule for m in marks if _meet(m, learnt) and (m.kind == learnt.kind or (learnt.kind == "role" and m.kind.startswith("cue:"))))
    return learnt._replace(rule=next(rows, learnt.rule))


def _beside(sure: list[Mark], learnt: Sequence[Mark]) -> list[Mark]:
    """Put both together: what the recognisers are sure of stays whole, a learnt span gives way to it."""
    sure = drop_overlaps(sure)
    kept = list(sure)
    for mark in learnt:
        met = [other for other in sure if _meet(mark, other)]
        if any(other.kind == mark.kind for other in met) or any(_points_at(mark, other) for other in sure):
            continue
        edges = [mark.start, *(edge for other in met for edge in (other.start, other.end)), mark.end]
        start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda piece: piece[1] - piece[0])
        if end - start >= _SHORT or not met:
            kept.append(mark._replace(start=start, end=end))
    return sorted(kept)


def _points_at(role: Mark, name: Mark) -> bool:
    """Is it a word like 隣 right before a name (隣の葛野さん)? The name says it."""
    return role.kind == "role" and name.kind == "person_name" and role.end - role.start <= _SHORT and role.end + 1 == name.start


def _meet(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _mentions(scene: Scene, spans: list[Mark]) -> list[Mark]:
    """Return the first word that speaks of each third party no span belongs to."""
    known = {mark.subject for mark in spans}
    found: dict[str, Person] = {}
    for person in scene.people:
        for subject in _spoken_of(person, scene.text):
            found.setdefault(subject, person)
    return [Mark(p.start, p.end, MENTION, subject, p.rule, 1.0) for subject, p in found.items() if subject not in known]


def _spoken_of(person: Person, text: str) -> list[str]:
    """Return the third parties a mention alone speaks of."""
    found = []
    if person.label == "oldfamily" or (person.label == "kin" and person.subject == "family" and _eventful(person, text)):
        found.append("family")
    if person.subject == "deceased":
        found += ["deceased", *(["family"] if person.label.endswith(":family") else [])]
    elif person.subject in THIRD_PARTIES and person.label in ("neighbour", "official"):
        found.append(person.subject)
    return found


def _eventful(person: Person, text: str) -> bool:
    """Something is told of a grown member of the family, and it is not only that they are pleased."""
    word, after = text[person.start : person.end], re.split(r"[。\n]", text[person.end : person.end + 60])[0]
    if not pattern("kin-adult").search(word) or not re.match(r"(?:\([^)]*\))?(?:が|は|も)", after):
        return False
    return pattern("kin-pleased").search(after) is None


def _hearsay(scene: Scene, spans: list[Mark]) -> set[Mark]:
    told = {scene.sentence_of(cue.start): cue.start for cue in scene.cues["hearsay"]}
    return {m for m in spans if m.kind in FACTS and told.get(scene.sentence_of(m.start), -1) >= m.start}
