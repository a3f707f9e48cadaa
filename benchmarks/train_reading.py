"""Learn ``dictionaries/personal/reading_weights.tsv``: the second reading of the units in which the first one finds something.

    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_reading
    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_reading --folds   # the gold too, in five folds

Needs ``torch``; what runs needs only the weights. The texts and labels are those of ``train_spans.py``. A word class
begins as the mean of its words' vectors, seen through a layer that is learnt; all else is learnt from nothing. What is
written is the running mean of the weights over the last thousand steps, rounded to whole multiples of 1/128.
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
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks import train_spans
from benchmarks.people import Row, read_gold, score, unread
from benchmarks.train_spans import LEARNT, labels_of
from benchmarks.word_vectors import load_vectors
from textlens.personal import span_network
from textlens.personal.callers import is_note
from textlens.personal.finder import collect
from textlens.personal.recurrent import STEP
from textlens.personal.span_model import CLASSES, NOTHING, read_signs
from textlens.personal.span_network import WEIGHTS, aspects
from textlens.resources import dictionaries_root
from textlens.rules import read_columns
from textlens.tokens import Tokens, as_tokens

CELLS, EPOCHS, BATCH, RATE, KEPT, FOLDS = 64, 10, 64, 4e-3, 0.999, 5
WIDTH = {"word": 32, "class": 48, "pos": 12, "first": 16, "last": 16, "length": 4}
SEEN = {"word": 4, "class": 0, "pos": 1, "first": 30, "last": 30, "length": 1}
"""How often a value must stand in the texts to have a row of its own (every word class has one)."""
SIGN_SEEN = 5
FORGOTTEN = 0.1
"""Share of the words hidden in each step, so that classes and characters learn to speak for rare ones."""


class Example(NamedTuple):
    """One unit: a row of each table per word, the marks on each word, the labels."""

    aspects: torch.Tensor
    signs: torch.Tensor
    labels: torch.Tensor


class Rows(NamedTuple):
    """Values that have a row of their own, by aspect; kinds of marks."""

    aspects: dict[str, dict[str, int]]
    signs: dict[str, int]


class Reader(nn.Module):
    """The network of ``textlens.personal.span_network`` while it learns."""

    def __init__(self, rows: Rows, centres: np.ndarray) -> None:
        super().__init__()
        self.centres = nn.Parameter(torch.tensor(centres), requires_grad=False)
        self.through = nn.Linear(centres.shape[1], WIDTH["class"])
        self.tables = nn.ModuleDict({name: nn.Embedding(len(values) + 1, WIDTH[name]) for name, values in rows.aspects.items() if name != "class"})
        self.sign = nn.Linear(len(rows.signs), 32, bias=False)
        self.cells = nn.LSTM(sum(WIDTH.values()) + 32, CELLS, bidirectional=True, batch_first=True)
        self.leave = nn.Linear(2 * CELLS, 1 + len(LEARNT))
        self.drop = nn.Dropout(0.4)

    def classes(self) -> torch.Tensor:
        """Return the table of the word classes."""
        return torch.tanh(self.through(self.centres))

    def forward(self, values: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        """Return the scores of the labels of each word."""
        parts = []
        for column, name in enumerate(WIDTH):
            rows = values[..., column]
            if name == "word" and self.training:
                rows = torch.where(torch.rand(rows.shape) < FORGOTTEN, self.tables[name].num_embeddings - 1, rows)
            parts.append(self.classes()[rows] if name == "class" else self.tables[name](rows))
        states, _ = self.cells(self.drop(torch.cat([*parts, self.sign(signs)], -1)))
        return self.leave(self.drop(states))


def examples(tokens: Tokens, labels: list[int]) -> tuple[list[Example], Rows]:
    """Return the units of some texts, and the values and marks that have rows of their own."""
    marks = collect(tokens)
    signs = read_signs(tokens, marks, [doc for doc in sorted(marks) if is_note(tokens.norm[doc])])
    on_token = [signs.names[kind] for kind in signs.kind.tolist()]
    in_unit = [f"unit {signs.names[kind]}" for kind in signs.unit_kind.tolist()]
    vocabulary = tokens.vocabulary
    values = {name: [of(vocabulary, i) for i in range(len(vocabulary))] for name, of in aspects().items()}
    often = {name: Counter(words[i] for i in tokens.ids.tolist()) for name, words in values.items()}
    known = {name: [value for value, count in found.most_common() if count >= SEEN[name] and value] for name, found in often.items()}
    known["class"] = list(read_columns(CLASSES)["class"])
    kinds = Counter([*on_token, *in_unit])
    rows = Rows({name: {value: row for row, value in enumerate(found)} for name, found in known.items()},
                {kind: row for row, kind in enumerate(kind for kind, count in kinds.most_common() if count >= SIGN_SEEN)})  # fmt: skip
    numbers = np.array([[rows.aspects[name].get(value, len(rows.aspects[name])) for value in words] for name, words in values.items()]).T
    marked = np.zeros((len(tokens.ids), len(rows.signs)), np.float32)
    for token, kind in zip(signs.token.tolist(), on_token, strict=True):
        if kind in rows.signs:
            marked[token, rows.signs[kind]] = 1
    first = np.searchsorted(tokens.unit_of, np.arange(len(tokens.units) + 1))
    for unit, kind in zip(signs.unit.tolist(), in_unit, strict=True):
        if kind in rows.signs:
            marked[first[unit] : first[unit + 1], rows.signs[kind]] = 1
    columns = torch.tensor(numbers[tokens.ids]), torch.tensor(marked), torch.tensor(labels)
    return [Example(*(column[a:b] for column in columns)) for a, b in zip(first, first[1:], strict=False) if b > a], rows


def batches(units: list[Example]) -> Iterator[Example]:
    """Return units of about the same length together, in an order of chance."""
    order = sorted(range(len(units)), key=lambda i: len(units[i].labels) + 8 * random.random())
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    random.shuffle(groups)
    for group in groups:
        chosen = [units[i] for i in group]
        yield Example(*(nn.utils.rnn.pad_sequence(list(column), batch_first=True, padding_value=empty)
                        for column, empty in zip(zip(*chosen, strict=True), (0, 0, -100), strict=True)))  # fmt: skip


def learn(rows: list[Row]) -> tuple[Reader, Rows]:
    """Learn from labelled texts."""
    torch.manual_seed(0)
    random.seed(0)
    tokens = as_tokens([row.text for row in rows])
    numbers = {label: number for number, label in enumerate((NOTHING, *LEARNT))}
    units, known = examples(tokens, [numbers[label] for label in labels_of(tokens, rows)])
    reader = Reader(known, _centres())
    kept = AveragedModel(reader, multi_avg_fn=get_ema_multi_avg_fn(KEPT))
    optimizer = torch.optim.AdamW([p for p in reader.parameters() if p.requires_grad], weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * (len(units) // BATCH + 1))
    for _ in range(EPOCHS):
        for batch in batches(units):
            optimizer.zero_grad()
            scores = reader(batch.aspects, batch.signs)
            nn.functional.cross_entropy(scores.flatten(0, 1), batch.labels.flatten(), ignore_index=-100).backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            kept.update_parameters(reader)
    return kept.module, known


def _centres() -> np.ndarray:
    """Return the mean vector of the words of each class, of unit length; zeros for words without a class."""
    vectors, columns = load_vectors(), read_columns(CLASSES)
    means = [vectors.vectors[[vectors.row[word] for word in words.split(" ")]].mean(axis=0) for words in columns["words"]]
    return np.array([*(mean / max(float(np.linalg.norm(mean)), 1e-9) for mean in means), np.zeros(300)], np.float32)


def write(reader: Reader, known: Rows) -> int:
    """Write the weights; return the number of rows."""
    with torch.no_grad():
        enter, inside = ([getattr(reader.cells, f"weight_{part}_l0{way}").T for way in ("", "_reverse")] for part in ("ih", "hh"))
        start = [getattr(reader.cells, f"bias_ih_l0{way}") + getattr(reader.cells, f"bias_hh_l0{way}") for way in ("", "_reverse")]
        entering, width = torch.cat(enter, 1), sum(WIDTH.values())
        tables = {name: (reader.classes() if name == "class" else reader.tables[name].weight) for name in WIDTH}
        rows = [(name, value, weights) for name, table in tables.items() for value, weights in zip([*known.aspects[name], ""], table, strict=True)]
        rows += [("enter", "", weights) for weights in entering[:width]] + [("start", "", torch.cat(start))]
        rows += [("sign", kind, weights) for kind, weights in zip(known.signs, reader.sign.weight.T @ entering[width:], strict=True)]
        rows += [("state", way, weights) for way, table in zip(("forwards", "backwards"), inside, strict=True) for weights in table]
        rows += [("leave", "", weights) for weights in reader.leave.weight.T]
        rows += [("label", label, bias.reshape(1)) for label, bias in zip((NOTHING, *LEARNT), reader.leave.bias, strict=True)]
    lines = ["table\tvalue\tweights"]
    lines += ["\t".join((table, value, " ".join(map(str, np.rint(weights.detach().numpy() / STEP).astype(int).tolist())))) for table, value, weights in rows]
    (dictionaries_root() / WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    span_network._load.cache_clear()
    return len(rows)


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
