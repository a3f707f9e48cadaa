"""What a large encoder says of texts without labels: lessons for the small network of the second reading.

    TEXTLENS_DEV_DATA=… TEXTLENS_LESSONS=…/lessons.npz python -m benchmarks.teach_kinds     # writes them, in two and a half hours

The upper layers of multilingual-e5-small (``e5.py``) learn the kinds from the writers' comments, without a text of the gold; then
the teacher gives its scores to the texts of ``lessons.py``. It cannot ship (``torch``, 70 MB of weights, 30 comments a
second); ``train_kinds.py`` teaches its judgement to the network that ships (Hinton et al. 2015,
*Distilling the Knowledge in a Neural Network*).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from benchmarks.e5 import Encoder, side_by_side
from benchmarks.intent_rows import Rows, load
from benchmarks.lessons import WRITERS, Lessons, lesson_texts
from textlens.voices.model import N_INTENTS, OUTPUTS

KEPT_LAYERS, LONGEST = 6, 200
"""Layers that stay as they are, and the pieces of a text that are read."""
PEOPLE = 6_000
"""Comments of ``people/`` the teacher learns from (all are about somebody; four times as many would drown the others)."""
EPOCHS, BATCH, RATE, LAST_RATE, RISE = 2, 32, 1e-4, 1e-3, 300
MAIN_COUNTS = 0.15


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
        inside = filled[..., None]
        mean, highest = (states * inside).sum(1) / inside.sum(1), states.masked_fill(~inside, -1e4).amax(1)
        return self.leave(self.drop(torch.cat([mean, highest], 1)))  # type: ignore[no-any-return]


class Below:
    """States of some texts under the layers that learn, kept in half precision."""

    def __init__(self, encoder: Encoder, texts: list[str]) -> None:
        pieces = [np.array(encoder.pieces(text, LONGEST)) for text in texts]
        self.lengths = np.array([len(row) for row in pieces])
        self._states: list[np.ndarray] = [np.empty(0)] * len(texts)
        encoder.eval()
        with torch.no_grad():
            for group in _alike(self.lengths, 64):
                numbers, filled = side_by_side([pieces[i] for i in group], encoder.pieces.pad)
                states = encoder.enter(numbers)
                for layer in encoder.layers[:KEPT_LAYERS]:
                    states = layer(states, filled)
                for i, row in zip(group, states.numpy(), strict=True):
                    self._states[i] = row[: self.lengths[i]].astype(np.float16)

    def batch(self, group: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return states (padded) and which places are filled."""
        filled = np.arange(self.lengths[group].max()) < self.lengths[group][:, None]
        states = np.zeros((*filled.shape, self._states[group[0]].shape[1]), np.float32)
        states[filled] = np.concatenate([self._states[i] for i in group])
        return torch.tensor(states), torch.tensor(filled)


def _alike(lengths: np.ndarray, size: int) -> Iterator[list[int]]:
    """Return groups of texts of about the same length."""
    order = np.argsort(lengths, kind="stable").tolist()
    yield from (order[start : start + size] for start in range(0, len(order), size))


def tune(encoder: Encoder, rows: Rows) -> Teacher:
    """Let the upper layers learn the kinds of the writers' comments."""
    torch.manual_seed(0)
    random.seed(0)
    used = [i for i in np.flatnonzero(np.isin(rows.source, WRITERS)).tolist() if rows.source[i] != "people"]
    used += random.sample(np.flatnonzero(rows.source == "people").tolist(), PEOPLE)
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
    teacher = tune(encoder, rows)
    texts = lesson_texts(rows)
    Lessons(texts, scores_of(teacher, encoder, texts)).save()
    sys.stdout.write(f"{len(texts)} lessons\n")


if __name__ == "__main__":
    main()
