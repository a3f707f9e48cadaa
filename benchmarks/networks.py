"""What the recipes of the second readings share: words as a network hears them, the steps of learning, weights as a table.

Needs ``torch`` (``pip install -e '.[train]'``); what runs needs only the weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.word_vectors import load_vectors
from textlens.networks.recurrent import STEP
from textlens.networks.words import CLASSES, aspects
from textlens.resources import dictionaries_root
from textlens.rules import read_columns
from textlens.tokens import Tokens

Row = tuple[str, str, torch.Tensor]
"""Table, value and weights of one line of a file."""
FORGOTTEN = 0.1
"""Share of the words hidden in each step, so that classes and characters learn to speak for rare ones."""
_Model = TypeVar("_Model", bound=nn.Module)


class Size(NamedTuple):
    """Width of each aspect of a word, and how often a value must stand in the texts to have a row of its own."""

    width: Mapping[str, int]
    seen: Mapping[str, int]


class Known(NamedTuple):
    """Values that have a row of their own, by aspect; kinds of marks."""

    aspects: dict[str, dict[str, int]]
    signs: dict[str, int]


def word_numbers(tokens: Tokens, size: Size, signs: Iterable[str]) -> tuple[np.ndarray, Known]:
    """Return the row of each aspect of each token, and what has rows (every word class has one)."""
    vocabulary = tokens.vocabulary
    values = {name: [of(vocabulary, i) for i in range(len(vocabulary))] for name, of in aspects().items()}
    often = {name: Counter(words[i] for i in tokens.ids.tolist()) for name, words in values.items()}
    known = {name: [value for value, count in found.most_common() if count >= size.seen[name] and value] for name, found in often.items()}
    known["class"] = list(read_columns(CLASSES)["class"])
    rows = Known({name: {value: row for row, value in enumerate(found)} for name, found in known.items()},
                 {kind: row for row, kind in enumerate(signs)})  # fmt: skip
    numbers = np.array([[rows.aspects[name].get(value, len(rows.aspects[name])) for value in words] for name, words in values.items()]).T
    return numbers[tokens.ids], rows


class Words(nn.Module):
    """From the rows of a word's aspects and its marks to what the cells hear.

    A word class begins as the mean of its words' vectors, seen through a layer that is learnt; all else is learnt from nothing.
    """

    def __init__(self, known: Known, size: Size, sign_width: int) -> None:
        super().__init__()
        centres = _centres()
        self.size = size
        self.centres = nn.Parameter(torch.tensor(centres), requires_grad=False)
        self.through = nn.Linear(centres.shape[1], size.width["class"])
        self.tables = nn.ModuleDict({name: nn.Embedding(len(values) + 1, size.width[name]) for name, values in known.aspects.items() if name != "class"})
        self.sign = nn.Linear(len(known.signs), sign_width, bias=False)
        self.n_out = sum(size.width.values()) + sign_width

    def classes(self) -> torch.Tensor:
        """Return the table of the word classes."""
        return torch.tanh(self.through(self.centres))

    def forward(self, values: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        """Return what each word says, shape (…, n_out)."""
        parts = []
        for column, name in enumerate(self.size.width):
            rows = values[..., column]
            if name == "word" and self.training:
                rows = torch.where(torch.rand(rows.shape) < FORGOTTEN, self.tables[name].num_embeddings - 1, rows)
            parts.append(self.classes()[rows] if name == "class" else self.tables[name](rows))
        return torch.cat([*parts, self.sign(signs)], -1)


def learn_steps(model: _Model, batches: Callable[[], Iterable], loss: Callable, n_steps: int, epochs: int, rate: float, kept: float) -> _Model:  # type: ignore[type-arg]
    """Learn, and return the model whose weights are the running mean of the last steps (about 1 / (1 − ``kept``))."""
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(kept))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * n_steps)
    for _ in range(epochs):
        for batch in batches():
            optimizer.zero_grad()
            loss(model, batch).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
    return mean.module.eval()  # type: ignore[no-any-return]


def reader_rows(words: Words, cells: nn.LSTM, known: Known) -> Iterator[Row]:
    """Return the rows of ``textlens.networks.reader.UnitReader``."""
    entering = torch.cat([cells.weight_ih_l0.T, cells.weight_ih_l0_reverse.T], 1)
    width = sum(words.size.width.values())
    tables = {name: (words.classes() if name == "class" else words.tables[name].weight) for name in words.size.width}
    for name, table in tables.items():
        yield from ((name, value, weights) for value, weights in zip([*known.aspects[name], ""], table, strict=True))
    yield from (("enter", "", weights) for weights in entering[:width])
    yield from (("sign", kind, weights) for kind, weights in zip(known.signs, words.sign.weight.T @ entering[width:], strict=True))
    yield from state_rows(cells)


def state_rows(cells: nn.LSTM, suffix: str = "") -> Iterator[Row]:
    """Return what the gates hear anyhow, and what a state says to them, of both directions."""
    start = [getattr(cells, f"bias_ih_l0{way}") + getattr(cells, f"bias_hh_l0{way}") for way in ("", "_reverse")]
    yield f"start{suffix}", "", torch.cat(start)
    for way, table in (("forwards", cells.weight_hh_l0.T), ("backwards", cells.weight_hh_l0_reverse.T)):
        yield from ((f"state{suffix}", way, weights) for weights in table)


def write_rows(path: str, rows: Iterable[Row]) -> int:
    """Write a file of weights, rounded to whole multiples of 1/128; return the number of rows."""
    lines = ["table\tvalue\tweights"]
    with torch.no_grad():
        for table, value, weights in rows:
            numbers = np.rint(weights.detach().numpy() / STEP).astype(int).tolist()
            lines.append(f"{table}\t{value}\t{' '.join(map(str, numbers))}")
    (dictionaries_root() / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


def _centres() -> np.ndarray:
    """Return the mean vector of the words of each class, of unit length; zeros for words without a class."""
    vectors, columns = load_vectors(), read_columns(CLASSES)
    means = [vectors.vectors[[vectors.row[word] for word in words.split(" ")]].mean(axis=0) for words in columns["words"]]
    return np.array([*(mean / max(float(np.linalg.norm(mean)), 1e-9) for mean in means), np.zeros(300)], np.float32)
