"""Learn the sentiment from writers' own ratings: both readings, measured on later months, then from all months.

    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_ratings     # 15 minutes

Needs ``torch``; what runs needs only the weights. The first reading is that of ``train_sentiment.py``; the second, a network
(``textlens/sentiment/network.py``), learns from the same answers and ratings. Writes ``weights.tsv``, ``model.tsv`` and
``reading_weights.tsv`` in ``dictionaries/sentiment``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from benchmarks.networks import (
    Known,
    Size,
    Words,
    highest_and_mean,
    learn_steps,
    reader_rows,
    run_cells,
    units_of,
    word_numbers,
    write_rows,
)
from benchmarks.train_sentiment import SPREAD, evaluate, fit_all, read_rated
from textlens.polar.reading import Reading
from textlens.sentiment.network import MARKS, WEIGHTS, marks_of
from textlens.tokens import as_tokens

CELLS, EPOCHS, BATCH, RATE, KEPT = 64, 6, 48, 4e-3, 0.998
SIZE = Size(
    {"word": 24, "pos": 12, "first": 12, "last": 12, "length": 4},
    {"word": 6, "pos": 1, "first": 30, "last": 30, "length": 1},
)
SIGN_WIDTH = 8
BLAMED = -0.7
"""Rating of an answer to the question what was inconvenient."""
AMOUNT = (1.0, 1.5, 3.0)
"""What a tourist's answer counts for, a watcher's □, and a watcher's ◎○▲×."""


class Answers(NamedTuple):
    """What the network learns from: words and marks of all tokens, units, and per answer the rating 0 … 1 and its weight."""

    numbers: torch.Tensor
    marks: torch.Tensor
    units: list[list[slice]]
    watcher: torch.Tensor
    rating: torch.Tensor
    amount: torch.Tensor
    learnt: list[int]

    @classmethod
    def of(cls, fukui: pd.DataFrame, economy: pd.DataFrame) -> tuple[Answers, Known]:
        """Read both surveys; ``learnt``: the rows to fit on that hold a word and a rating."""
        tokens = as_tokens(pd.concat([fukui["text"], economy["text"]], ignore_index=True))
        numbers, known = word_numbers(tokens, SIZE, MARKS)
        marks = np.zeros((len(tokens.ids), len(MARKS)), np.uint8)
        marks[marks_of(Reading.of(tokens))] = 1
        rating = np.r_[fukui["target"].map(SPREAD).where(fukui["question"] != "inconvenience", BLAMED), economy["target"]]
        watcher = np.arange(len(rating)) >= len(fukui)
        units = units_of(tokens)
        fit = np.r_[fukui["fit"], economy["fit"]].astype(bool) & ~np.isnan(rating) & np.array([bool(found) for found in units])
        amount = np.where(watcher, np.where(rating == 0, AMOUNT[1], AMOUNT[2]), AMOUNT[0])
        return cls(
            torch.tensor(numbers), torch.tensor(marks), units, torch.tensor(watcher, dtype=torch.float32),
            torch.tensor((np.nan_to_num(rating) + 1) / 2, dtype=torch.float32), torch.tensor(amount, dtype=torch.float32),
            np.flatnonzero(fit).tolist(),
        ), known  # fmt: skip

    def batches(self) -> Iterator[list[int]]:
        """Return answers of about the same length together, in an order of chance."""
        order = sorted(self.learnt, key=lambda i: sum(unit.stop - unit.start for unit in self.units[i]) + 15 * random.random())
        groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        random.shuffle(groups)
        yield from groups


class Reader(nn.Module):
    """The network of ``textlens.sentiment.network`` while it learns; watchers have a constant of their own."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.words = Words(known, SIZE, SIGN_WIDTH)
        self.cells = nn.LSTM(self.words.n_out, CELLS, bidirectional=True, batch_first=True)
        self.leave = nn.Linear(4 * CELLS, 1)
        self.watchers = nn.Parameter(torch.zeros(()))
        self.drop = nn.Dropout(0.5)

    def forward(self, answers: Answers, group: list[int]) -> torch.Tensor:
        """Return the logit of a good rating of some answers."""
        units = [unit for i in group for unit in answers.units[i]]
        numbers, marks = (pad_sequence([column[unit] for unit in units], batch_first=True) for column in (answers.numbers, answers.marks))
        words = torch.tensor([unit.stop - unit.start for unit in units])
        states = run_cells(self.cells, self.drop(self.words(numbers, marks.float())), words)
        of_words = [state[:n] for state, n in zip(states, words.tolist(), strict=True)]
        counts = [len(answers.units[i]) for i in group]
        starts = np.cumsum([0, *counts]).tolist()
        whole = [torch.cat(of_words[a:b]) for a, b in zip(starts, starts[1:], strict=False)]
        pooled = highest_and_mean(pad_sequence(whole, batch_first=True), torch.tensor([len(one) for one in whole]))
        return self.leave(self.drop(torch.cat(pooled, -1)))[:, 0] + self.watchers * answers.watcher[group]


def learn(answers: Answers, known: Known) -> Reader:
    """Learn from the answers to fit on."""
    torch.manual_seed(0)
    random.seed(0)
    cross = nn.functional.binary_cross_entropy_with_logits

    def loss(reader: Reader, group: list[int]) -> torch.Tensor:
        return (cross(reader(answers, group), answers.rating[group], reduction="none") * answers.amount[group]).mean()

    return learn_steps(Reader(known), answers.batches, loss, len(answers.learnt) // BATCH + 1, EPOCHS, RATE, KEPT)


def write(reader: Reader, known: Known) -> int:
    """Write the weights; return the number of rows. A watcher's own constant is left out, as in the first reading."""
    leave = [("leave", "", weight) for weight in reader.leave.weight.T]
    return write_rows(WEIGHTS, [*reader_rows(reader.words, reader.cells, known), *leave, ("label", "sentiment", reader.leave.bias)])


def fit_both(fukui: pd.DataFrame, economy: pd.DataFrame) -> None:
    """Learn and write both readings."""
    fit_all(fukui, economy)
    answers, known = Answers.of(fukui, economy)
    sys.stdout.write(f"{write(learn(answers, known), known)} rows\n")


def main() -> None:
    """Measure what early months teach about later ones, then ship what all months teach."""
    fukui, economy = read_rated()
    fit_both(fukui, economy)
    evaluate()
    fit_both(fukui.assign(fit=True), economy.assign(fit=True))


if __name__ == "__main__":
    main()
