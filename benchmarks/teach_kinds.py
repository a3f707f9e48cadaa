"""What a large encoder says of texts without labels: lessons for the small network of the second reading.

    TEXTLENS_DEV_DATA=… TEXTLENS_LESSONS=…/lessons.npz python -m benchmarks.teach_kinds     # writes them, in two and a half hours

The upper layers of multilingual-e5-small (``e5.py``) learn the kinds from the writers' comments, without a text of the gold; then
the teacher gives its scores to the texts of ``lessons.py`` and to the comments of ``people/`` it has not learnt from. It cannot
ship (``torch``, 70 MB of weights, 30 comments a second); ``train_kinds.py`` teaches its judgement to the network that ships
(Hinton et al. 2015, *Distilling the Knowledge in a Neural Network*).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from benchmarks.e5 import Encoder
from benchmarks.intent_rows import Rows, load
from benchmarks.lessons import WRITERS, Lessons, lesson_texts
from benchmarks.networks import inside
from benchmarks.train_kinds import MAIN_COUNTS
from textlens.voices.model import N_INTENTS, OUTPUTS

KEPT_LAYERS, LONGEST = 6, 200
"""Layers that stay as they are, and the pieces of a text that are read."""
PEOPLE = 6_000
"""Comments of ``people/`` the teacher learns from (all are about somebody; four times as many would drown the others)."""
EPOCHS, BATCH, RATE, LAST_RATE, RISE = 2, 32, 1e-4, 1e-3, 300


class Teacher(nn.Module):
    """The upper layers; mean and highest state give one score per output."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.layers = encoder.layers[KEPT_LAYERS:]
        self.drop = nn.Dropout(0.1)
        self.leave = nn.Linear(2 * encoder.width, len(OUTPUTS))

    def forward(self, states: torch.Tensor, filled: torch.Tensor) -> torch.Tensor:
        """Return scores, shape (n_texts, n_outputs)."""
        for layer in self.layers:
            states = layer(states, filled)
        here = filled[..., None]
        mean, highest = (states * here).sum(1) / here.sum(1), states.masked_fill(~here, -1e4).amax(1)
        return self.leave(self.drop(torch.cat([mean, highest], 1)))  # type: ignore[no-any-return]


class Below:
    """States of some texts under the layers that learn, kept in half precision."""

    def __init__(self, encoder: Encoder, texts: list[str]) -> None:
        pieces = [torch.tensor(encoder.pieces(text, LONGEST)) for text in texts]
        self.lengths = np.array([len(row) for row in pieces])
        self._states: list[torch.Tensor] = [torch.empty(0)] * len(texts)
        encoder.eval()
        with torch.no_grad():
            for group in _alike(self.lengths, 64):
                numbers = pad_sequence([pieces[i] for i in group], batch_first=True, padding_value=encoder.pieces.pad)
                states, filled = encoder.enter(numbers.numpy()), self._filled(group)
                for layer in encoder.layers[:KEPT_LAYERS]:
                    states = layer(states, filled)
                for i, row in zip(group, states, strict=True):
                    self._states[i] = row[: self.lengths[i]].half()

    def batch(self, group: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return states (padded) and which places are filled."""
        return pad_sequence([self._states[i] for i in group], batch_first=True).float(), self._filled(group)

    def _filled(self, group: list[int]) -> torch.Tensor:
        return inside(torch.tensor(self.lengths[group]))


def _alike(lengths: np.ndarray, size: int) -> Iterator[list[int]]:
    """Return groups of texts of about the same length."""
    order = np.argsort(lengths, kind="stable").tolist()
    yield from (order[start : start + size] for start in range(0, len(order), size))


def learnt_from(rows: Rows) -> list[int]:
    """Return the rows the teacher learns from: all writers' comments, and some of ``people/``."""
    people = np.flatnonzero(rows.source == "people").tolist()
    others = [source for source in WRITERS if source != "people"]
    return [*np.flatnonzero(np.isin(rows.source, others)).tolist(), *random.Random(0).sample(people, PEOPLE)]


def tune(encoder: Encoder, rows: Rows, used: list[int]) -> Teacher:
    """Let the upper layers learn the kinds of some rows."""
    torch.manual_seed(0)
    random.seed(0)
    below, teacher = Below(encoder, [rows.texts[i] for i in used]), Teacher(encoder)
    kinds = torch.tensor(np.c_[rows.labels, rows.implied][used], dtype=torch.float32)
    main = torch.tensor(rows.main[used])
    optimizer = torch.optim.AdamW([{"params": teacher.layers.parameters(), "lr": RATE}, {"params": teacher.leave.parameters(), "lr": LAST_RATE}])
    n_steps = EPOCHS * (len(used) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / RISE) * max(0.02, 1 - step / n_steps))
    for _ in range(EPOCHS):
        groups = list(_alike(below.lengths + 12 * np.random.default_rng(random.getrandbits(32)).random(len(used)), BATCH))
        random.shuffle(groups)
        for group in groups:
            scores = teacher(*below.batch(group))
            loss = nn.functional.binary_cross_entropy_with_logits(scores[:, : N_INTENTS + 1], kinds[group])
            loss = loss + MAIN_COUNTS * nn.functional.cross_entropy(scores[:, N_INTENTS + 1 :], main[group])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return teacher.eval()


@torch.no_grad()
def scores_of(teacher: Teacher, encoder: Encoder, texts: list[str]) -> np.ndarray:
    """Return what the teacher says of some texts, shape (n, n_outputs)."""
    scores = np.zeros((len(texts), len(OUTPUTS)), np.float32)
    for start in range(0, len(texts), 4096):
        below = Below(encoder, texts[start : start + 4096])
        for group in _alike(below.lengths, 64):
            scores[[start + i for i in group]] = teacher(*below.batch(group)).numpy()
    return scores


def main() -> None:
    """Tune, ask and write."""
    rows, _ = load()
    encoder = Encoder()
    used = learnt_from(rows)
    teacher = tune(encoder, rows, used)
    rest = np.setdiff1d(np.flatnonzero(rows.source == "people"), used).tolist()
    texts = list(dict.fromkeys([*lesson_texts(rows), *(rows.texts[i] for i in rest)]))
    Lessons(texts, scores_of(teacher, encoder, texts)).save()
    sys.stdout.write(f"{len(texts)} lessons\n")


if __name__ == "__main__":
    main()
