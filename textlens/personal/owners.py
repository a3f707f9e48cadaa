"""Whose it is: the learnt choice between the writer, the family, private people, staff, public figures and the dead.

Japanese leaves the subject out, so the evidence is what stands around: the people before and behind in the sentence and
in the sentences before, the particle behind them, the words next to the span, in its unit and in the text, first persons and generalities, and
whether an officer wrote the text. Weights: ``benchmarks/train_owners.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from textlens.personal.marks import Mark
from textlens.personal.patterns import pattern
from textlens.personal.people import CUES, Person, Scene
from textlens.resources import made_from
from textlens.rules import read_columns
from textlens.tokens import Tokens

WEIGHTS = "personal/owner_weights.tsv"
NEAR = 10
"""Characters up to a person behind a span that count as the same phrase."""
_PARTICLE = re.compile("[ぁ-ん、(]")
_NAMED_AGAIN = 0.5
"""What the surroundings of a name count where it comes again: whose it is, is mostly told where it first stands."""
_STEPS = (1, 4, 10, 25)
"""Distances in characters: next to it, near, in the phrase, in the sentence, far."""


class Told(NamedTuple):
    """A text that speaks of people: its number, who is in it, and the spans whose owners are asked for."""

    doc: int
    scene: Scene
    spans: Sequence[Mark]


class OwnerFinder:
    """Choose owners in one batch; what the words of a text and of a unit say is summed once for all its spans."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._subjects, self._rows, self._weights = _load()

    def find(self, texts: Sequence[Told]) -> list[list[str]]:
        """Return the subject (one of ``schema.SUBJECTS`` but ``unknown``) of each span of each text."""
        flat = [(text, span) for text in texts for span in text.spans]
        if not flat:
            return [[] for _ in texts]
        docs = np.array([text.doc for text, _ in flat])
        words = span_words(self._tokens, docs, [span for _, span in flat])
        rows: list[int] = []
        first: list[int] = []
        for (text, span), place in zip(flat, words, strict=True):
            first.append(len(rows))
            rows += [self._rows[one] for one in evidence(self._tokens, text.scene, span, place) if one in self._rows]
        scores = np.add.reduceat(self._weights[rows], first, axis=0)  # "constant" is always there: no span without a row
        scores += self._sums("unit", self._tokens.unit_of, len(self._tokens.units))[self._tokens.unit_of[[place.first for place in words]]]
        person = np.array(_same_person(flat))
        scores[person != np.arange(len(person))] *= _NAMED_AGAIN
        together = np.zeros_like(scores)
        np.add.at(together, person, scores)
        best = (together[person] + self._sums("text", self._tokens.doc_of, self._tokens.n_docs)[docs]).argmax(axis=1).tolist()
        subjects = iter(self._subjects[number] for number in best)
        return [[next(subjects) for _ in text.spans] for text in texts]

    def _sums(self, place: str, group: np.ndarray, n: int) -> np.ndarray:
        """Sum the weights of the words of each text or unit, shape (n, n_subjects)."""
        vocabulary, nothing = self._tokens.vocabulary, len(self._weights)
        row = vocabulary.map(
            ("personal.owners", place, id(self._rows)), lambda v, i: self._rows.get(f"{place}={v.base[i]}", nothing), np.int64
        )[self._tokens.ids]
        known = row < nothing
        row, group = row[known], group[known]
        sums = np.zeros((n, self._weights.shape[1]))
        if len(row):
            first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
            sums[group[first]] = np.add.reduceat(self._weights[row], first, axis=0)
        return sums


class SpanWords(NamedTuple):
    """The tokens of a span: the first and the last; and the borders of its text."""

    first: int
    last: int
    low: int
    high: int


def span_words(tokens: Tokens, docs: np.ndarray, spans: Sequence[Mark]) -> list[SpanWords]:
    """Return where each span lies among the tokens (``docs``: the number of its text)."""
    low, high = tokens.doc_offsets[docs], tokens.doc_offsets[docs + 1]
    places = [span.start for span in spans], [span.end - 1 for span in spans]
    first, last = (np.maximum(tokens.token_at(docs, np.array(one, np.int64)), low) for one in places)
    return list(map(SpanWords, first.tolist(), last.tolist(), low.tolist(), high.tolist()))


def _same_person(spans: Sequence[tuple[Told, Mark]]) -> list[int]:
    """Number the spans; the same name in one text has the number of its first place."""
    named: dict[tuple[int, str], int] = {}
    return [
        named.setdefault((text.doc, text.scene.text[span.start : span.end]), number) if span.kind == "person_name" else number
        for number, (text, span) in enumerate(spans)
    ]


def evidence(tokens: Tokens, scene: Scene, span: Mark, words: SpanWords) -> list[str]:
    """Return what speaks for an owner of a span, as names of features (the words of its unit and text: :func:`shared`)."""
    base, ids = tokens.vocabulary.base, tokens.ids[max(words.first - 3, words.low) : words.last + 4].tolist()
    first = min(3, words.first - words.low)
    last = first + words.last - words.first
    inside = min(len(ids), first + words.high - words.first)
    around = [*_people_around(scene, span), *_cues_around(scene, span)]
    found = ["constant", f"kind={span.kind}", "note" if scene.note else "letter", *around, *(f"{one} {span.kind}" for one in around)]
    found += [f"word{step}={base[ids[first + step]] if first + step >= 0 else ''}" for step in (-3, -2, -1)]
    found += [f"word+{step}={base[ids[last + step]] if last + step < inside else ''}" for step in (1, 2, 3)]
    found += {f"in={base[word]}" for word in ids[first : last + 1]}
    return list(dict.fromkeys(found))


def shared(tokens: Tokens, words: SpanWords) -> list[str]:
    """Return the words of the unit and of the text of a span, as names of features."""
    base, unit = tokens.vocabulary.base, tokens.unit_of[words.first]
    text = range(words.low, words.high)
    return [*(f"unit={base[tokens.ids[t]]}" for t in text if tokens.unit_of[t] == unit), *(f"text={base[tokens.ids[t]]}" for t in text)]


def _people_around(scene: Scene, span: Mark) -> Iterator[str]:
    text, people = scene.text, scene.people
    is_topic, is_topic_or_end = pattern("person-topic"), pattern("person-topic-or-end")
    begin, end = scene.sentences[scene.sentence_of(span.start)]
    for person in people:
        if person.start < span.end and span.start < person.end:
            yield f"on={person.subject}"
            yield f"on={_named(person)}"
    before = [person for person in people if begin <= person.start and person.end <= span.start]
    behind = [person for person in people if span.end <= person.start < end]
    yield f"before={before[-1].subject if before else ''}"
    if before:
        last = before[-1]
        particle = text[last.end : last.end + 3].removeprefix("さん")[:1]
        yield f"before={_named(last)}"
        yield f"before={last.subject} {_step(span.start - last.end)}"
        yield f"before={last.subject} {particle if _PARTICLE.match(particle) else 'x'}"
        topics = [person for person in before if is_topic.match(text, person.end)]
        if topics:
            yield f"topic={topics[-1].subject}"
    if len(before) > 1:
        yield f"before-that={before[-2].subject}"
    yield f"behind={behind[0].subject + ' ' + _step(behind[0].start - span.end) if behind else ''}"
    if behind:
        yield f"behind={_named(behind[0])}"
        if behind[0].start - span.end <= NEAR:
            yield f"modifies={text[span.end : behind[0].start][:4]} {behind[0].subject}"
    earlier = [person for person in people if person.end <= begin]
    yield f"earlier={earlier[-1].subject if earlier else ''}"
    topics = [person for person in earlier if is_topic_or_end.match(text, person.end)]
    if topics:
        yield f"earlier-topic={topics[-1].subject}"
    everybody = sorted({person.subject for person in people})
    yield f"all={'+'.join(everybody)}"
    if len(everybody) == 1:
        yield f"only={everybody[0]}"


def _cues_around(scene: Scene, span: Mark) -> Iterator[str]:
    here = scene.sentence_of(span.start)
    begin, end = scene.sentences[here]
    for label in CUES:
        if any(begin <= cue.start < end for cue in scene.cues[label]):
            yield f"cue={label}"
        elif scene.cues[label]:
            yield f"cue elsewhere={label}"
    if any(low <= span.start and span.end <= high for low, high in scene.callers):
        yield "caller"
    if any(cue.start < span.start for cue in scene.cues["self"]):
        yield "self before"
    yield "sentence=first" if here == 0 else "sentence=last" if here == len(scene.sentences) - 1 else "sentence=middle"


def _named(person: Person) -> str:
    return f"{person.label.split(':')[0]}:{person.subject}"


def _step(distance: int) -> str:
    return str(next((number for number, limit in enumerate(_STEPS) if distance <= limit), len(_STEPS)))


@made_from(WEIGHTS)
def _load() -> tuple[tuple[str, ...], dict[str, int], np.ndarray]:
    columns = read_columns(WEIGHTS)
    subjects = tuple(list(columns)[1:])
    weights = np.array([[float(cell or 0) for cell in columns[subject]] for subject in subjects]).T.copy()
    return subjects, {feature: row for row, feature in enumerate(columns["feature"])}, weights
