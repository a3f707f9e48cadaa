"""Learn ``dictionaries/personal/reading_weights.tsv``: the second reading of the units in which the first one finds something.

    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_reading
    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_reading --folds   # the gold too, in five folds

Needs ``torch``; what runs needs only the weights. The texts and labels are those of ``train_spans.py``; how a word is
heard, learnt and written: ``networks.py``.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from benchmarks import train_spans
from benchmarks.networks import Known, Size, Words, learn_steps, reader_rows, word_numbers, write_rows
from benchmarks.people import Row, read_gold, score, unread
from benchmarks.train_spans import LEARNT, labels_of
from textlens.personal.callers import is_note
from textlens.personal.finder import collect
from textlens.personal.span_model import NOTHING, read_signs
from textlens.personal.span_network import WEIGHTS
from textlens.tokens import Tokens, as_tokens

CELLS, EPOCHS, BATCH, RATE, KEPT, FOLDS = 64, 10, 64, 4e-3, 0.999, 5
SIZE = Size(
    {"word": 32, "pos": 12, "first": 16, "last": 16, "length": 4},
    {"word": 4, "pos": 1, "first": 30, "last": 30, "length": 1},
)
SIGN_SEEN, SIGN_WIDTH = 5, 32


class Example(NamedTuple):
    """One unit: a row of each table per word, the marks on each word, the labels."""

    aspects: torch.Tensor
    signs: torch.Tensor
    labels: torch.Tensor


class Reader(nn.Module):
    """The network of ``textlens.personal.span_network`` while it learns."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.words = Words(known, SIZE, SIGN_WIDTH)
        self.cells = nn.LSTM(self.words.n_out, CELLS, bidirectional=True, batch_first=True)
        self.leave = nn.Linear(2 * CELLS, 1 + len(LEARNT))
        self.drop = nn.Dropout(0.4)

    def forward(self, values: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        """Return the scores of the labels of each word."""
        states, _ = self.cells(self.drop(self.words(values, signs)))
        return self.leave(self.drop(states))


def examples(tokens: Tokens, labels: list[int]) -> tuple[list[Example], Known]:
    """Return the units of some texts, and the values and marks that have rows of their own."""
    marks = collect(tokens)
    signs = read_signs(tokens, marks, [doc for doc in sorted(marks) if is_note(tokens.norm[doc])])
    on_token = [signs.names[kind] for kind in signs.kind.tolist()]
    in_unit = [f"unit {signs.names[kind]}" for kind in signs.unit_kind.tolist()]
    kinds = Counter([*on_token, *in_unit])
    numbers, known = word_numbers(tokens, SIZE, (kind for kind, count in kinds.most_common() if count >= SIGN_SEEN))
    marked = np.zeros((len(tokens.ids), len(known.signs)), np.float32)
    for token, kind in zip(signs.token.tolist(), on_token, strict=True):
        if kind in known.signs:
            marked[token, known.signs[kind]] = 1
    first = np.searchsorted(tokens.unit_of, np.arange(len(tokens.units) + 1))
    for unit, kind in zip(signs.unit.tolist(), in_unit, strict=True):
        if kind in known.signs:
            marked[first[unit] : first[unit + 1], known.signs[kind]] = 1
    columns = torch.tensor(numbers), torch.tensor(marked), torch.tensor(labels)
    return [Example(*(column[a:b] for column in columns)) for a, b in zip(first, first[1:], strict=False) if b > a], known


def batches(units: list[Example]) -> Iterator[Example]:
    """Return units of about the same length together, in an order of chance."""
    order = sorted(range(len(units)), key=lambda i: len(units[i].labels) + 8 * random.random())
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    random.shuffle(groups)
    for group in groups:
        chosen = [units[i] for i in group]
        yield Example(*(nn.utils.rnn.pad_sequence(list(column), batch_first=True, padding_value=empty)
                        for column, empty in zip(zip(*chosen, strict=True), (0, 0, -100), strict=True)))  # fmt: skip


def learn(rows: list[Row]) -> tuple[Reader, Known]:
    """Learn from labelled texts."""
    torch.manual_seed(0)
    random.seed(0)
    tokens = as_tokens([row.text for row in rows])
    numbers = {label: number for number, label in enumerate((NOTHING, *LEARNT))}
    units, known = examples(tokens, [numbers[label] for label in labels_of(tokens, rows)])

    def loss(reader: Reader, batch: Example) -> torch.Tensor:
        scores = reader(batch.aspects, batch.signs)
        return nn.functional.cross_entropy(scores.flatten(0, 1), batch.labels.flatten(), ignore_index=-100)

    n_steps = len(units) // BATCH + 1
    return learn_steps(Reader(known), lambda: batches(units), loss, n_steps, EPOCHS, RATE, KEPT), known


def write(reader: Reader, known: Known) -> int:
    """Write the weights; return the number of rows."""
    leave = [("leave", "", weights) for weights in reader.leave.weight.T]
    labels = [("label", label, bias.reshape(1)) for label, bias in zip((NOTHING, *LEARNT), reader.leave.bias, strict=True)]
    return write_rows(WEIGHTS, [*reader_rows(reader.words, reader.cells, known), *leave, *labels])


def measure_folds(gold: list[Row]) -> dict[str, float]:
    """Return how both readings, learnt without a fifth of the gold, do on that fifth (owners have seen it); an hour."""
    gold = random.Random(1).sample(gold, len(gold))
    found = []
    for fold in range(FOLDS):
        rows = train_spans.all_texts([row for i, row in enumerate(gold) if i % FOLDS != fold])
        train_spans.write(train_spans.learn(rows))
        write(*learn(rows))
        found.append(score(gold[fold::FOLDS]))
    return {name: round(float(np.mean([one[name] for one in found])), 3) for name in found[0]}


def main() -> None:
    """Learn, write, and measure on what was kept unread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", action="store_true")
    gold = read_gold()
    if parser.parse_args().folds:
        sys.stdout.write(f"gold, five folds: {measure_folds(gold)}\n")
        train_spans.write(train_spans.learn(train_spans.all_texts(gold)))
    sys.stdout.write(f"{write(*learn(train_spans.all_texts(gold)))} rows\n")
    for name, texts in {**unread(), "gold (learnt)": gold}.items():
        sys.stdout.write(f"{name}: {score(texts)}\n")


if __name__ == "__main__":
    main()
