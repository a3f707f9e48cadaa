"""Texts without labels from which the second reading learns what a teacher says of them (``teach_kinds.py``).

Unlabelled answers of the survey, and comments put together from units (意見単位) of the writers' comments: where one comment praises,
complains and asks in turn, the labelled texts are few.
"""

from __future__ import annotations

import csv
import os
import random
from typing import NamedTuple

import numpy as np

from benchmarks.intent_rows import DATA, GOLD, Rows, survey_rows
from textlens.schema import MAIN_INTENTS
from textlens.tokens import as_tokens

WRITERS = ("invented", "own", "construction", "people")
COMPOSED, ECONOMY = 24_000, 3_000
LENGTHS, LONGEST = (4, 120), 300
"""Characters of a unit that is used, and of a comment put together."""
HOW_MANY = {2: 6, 3: 3, 4: 1}
KINDS = dict(zip(MAIN_INTENTS, (3, 3, 4, 1, 1, 1, 0.5), strict=True))
"""How often a unit is drawn from the comments of a kind."""
JOINS = ("。", "。", "。", "。", "\n", "。ただ、", "。また、", "。でも、", "。それと、", "が、", "けど、", "。なお、")


class Asked(NamedTuple):
    """Labelled rows the teacher was asked about, and what it says of each (as in :class:`Lessons`)."""

    rows: np.ndarray
    scores: np.ndarray


class Lessons(NamedTuple):
    """Texts, and what the teacher says of each: scores (logits), shape (n, n_outputs)."""

    texts: list[str]
    scores: np.ndarray

    @classmethod
    def load(cls) -> Lessons:
        """Read what :meth:`save` wrote to ``TEXTLENS_LESSONS``."""
        with np.load(os.environ["TEXTLENS_LESSONS"]) as held:
            return cls(held["texts"].tolist(), held["scores"])

    def of_rows(self, texts: list[str]) -> tuple[Asked, Lessons]:
        """Take out the lessons on texts that are labelled too (``texts``: one per row, "" for those that are not wanted)."""
        row = {text: i for i, text in enumerate(texts) if text}
        mine = np.array([text in row for text in self.texts], bool)
        rows = np.array([row[text] for text in self.texts if text in row], np.int64)
        return Asked(rows, self.scores[mine]), Lessons([text for text in self.texts if text not in row], self.scores[~mine])

    def save(self) -> None:
        """Write to ``TEXTLENS_LESSONS``: a file beside the development data, never one of the project (it holds answers of the survey)."""
        np.savez_compressed(os.environ["TEXTLENS_LESSONS"], texts=np.array(self.texts), scores=self.scores.astype(np.float32))


def lesson_texts(rows: Rows) -> list[str]:
    """Return the texts the teacher is asked about; none is a text of the gold."""
    gold = {text for i in np.flatnonzero(np.isin(rows.source, GOLD)) for text in (rows.texts[i], rows.origin[i])}
    answers = [text for row in survey_rows().values() if len(text := row["text"].strip()) >= LENGTHS[0] and text not in gold]
    return list(dict.fromkeys([*answers, *composed(rows, COMPOSED), *_watchers(ECONOMY)]))


def composed(rows: Rows, count: int) -> list[str]:
    """Put comments together from units of the writers' comments, each unit from a comment of a kind drawn by ``KINDS``."""
    chance = random.Random(3)
    used = np.flatnonzero(np.isin(rows.source, WRITERS)).tolist()
    tokens = as_tokens([rows.texts[i] for i in used])
    units: dict[int, list[str]] = {}
    for doc, start, end in zip(tokens.units.doc.tolist(), tokens.units.start.tolist(), tokens.units.end.tolist(), strict=True):
        text = tokens.norm[doc][start:end].strip(" \n・、")
        if LENGTHS[0] <= len(text) <= LENGTHS[1]:
            units.setdefault(doc, []).append(text)
    by_kind = [[doc for doc in units if rows.labels[used[doc], kind]] for kind in range(len(KINDS))]
    found: list[str] = []
    while len(found) < count:
        number = chance.choices(list(HOW_MANY), list(HOW_MANY.values()))[0]
        kinds = chance.choices(by_kind, list(KINDS.values()), k=number)
        text = _joined([chance.choice(units[chance.choice(docs)]) for docs in kinds], chance)
        if len(text) <= LONGEST:
            found.append(text)
    return found


def _joined(parts: list[str], chance: random.Random) -> str:
    text = parts[0]
    for part in parts[1:]:
        join, text = chance.choice(JOINS), text.rstrip("。")
        text += (join.lstrip("。") if text[-1:] in "！？!?」" else join) + part
    return text if text[-1] in "。！？!?" else f"{text}。"


def _watchers(count: int) -> list[str]:
    with (DATA / "economy_watchers_dev.csv").open(encoding="utf-8", newline="") as file:
        texts = list(dict.fromkeys(row["text"].strip() for row in csv.DictReader(file)))
    return random.Random(3).sample(texts, count)
