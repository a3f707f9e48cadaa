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
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from textlens.networks.pooled import MEAN
from textlens.networks.recurrent import STEP
from textlens.networks.words import VECTOR_WIDTH, aspects, vectors_of
from textlens.resources import dictionaries_root
from textlens.tokens import Tokens

Row = tuple[str, str, torch.Tensor]
"""Table, value and weights of one line of a file."""
FORGOTTEN = 0.1
"""Share of the words hidden in each step, so that vectors and characters learn to speak for rare ones."""
_Model = TypeVar("_Model", bound=nn.Module)


class Size(NamedTuple):
    """Width of each aspect of a word, and how often a value must stand in the texts to have a row of its own."""

    width: Mapping[str, int]
    seen: Mapping[str, int]


class Known(NamedTuple):
    """Values that have a row of their own, by aspect; vectors of the words of the texts; kinds of marks."""

    aspects: dict[str, dict[str, int]]
    vectors: np.ndarray
    signs: dict[str, int]


def word_numbers(tokens: Tokens, size: Size, signs: Iterable[str]) -> tuple[np.ndarray, Known]:
    """Return the row of each aspect of each token and (last column) of its vector, and what has rows."""
    vocabulary = tokens.vocabulary
    values = {name: [of(vocabulary, i) for i in range(len(vocabulary))] for name, of in aspects().items()}
    often = {name: Counter(words[i] for i in tokens.ids.tolist()) for name, words in values.items()}
    known = {name: [value for value, count in found.most_common() if count >= size.seen[name] and value] for name, found in often.items()}
    rows = {name: {value: row for row, value in enumerate(found)} for name, found in known.items()}
    numbers = [[rows[name].get(value, len(rows[name])) for value in words] for name, words in values.items()]
    vectors = vectors_of(vocabulary, range(len(vocabulary)))
    columns = np.array([*numbers, range(len(vocabulary))]).T
    return columns[tokens.ids], Known(rows, vectors, {kind: row for row, kind in enumerate(signs)})


class Words(nn.Module):
    """From the rows of a word's aspects, its vector and its marks to what the cells hear; vectors stay as they are."""

    def __init__(self, known: Known, size: Size, sign_width: int) -> None:
        super().__init__()
        self.size = size
        self.vectors = nn.Parameter(torch.tensor(known.vectors), requires_grad=False)
        self.tables = nn.ModuleDict({name: nn.Embedding(len(values) + 1, size.width[name]) for name, values in known.aspects.items()})
        self.sign = nn.Linear(len(known.signs), sign_width, bias=False)
        self.n_out = sum(size.width.values()) + VECTOR_WIDTH + sign_width

    def forward(self, values: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        """Return what each word says, shape (…, n_out)."""
        parts = []
        for column, name in enumerate(self.size.width):
            rows = values[..., column]
            if name == "word" and self.training:
                rows = torch.where(torch.rand(rows.shape) < FORGOTTEN, self.tables[name].num_embeddings - 1, rows)
            parts.append(self.tables[name](rows))
        return torch.cat([*parts, self.vectors[values[..., -1]], self.sign(signs)], -1)


def units_of(tokens: Tokens) -> list[list[slice]]:
    """Return the units of each text that hold a word, as slices of the tokens."""
    first = np.flatnonzero(np.r_[True, np.diff(tokens.unit_of) != 0, True]).tolist()
    found: list[list[slice]] = [[] for _ in range(tokens.n_docs)]
    for start, stop in zip(first, first[1:], strict=False):
        found[tokens.doc_of[start]].append(slice(start, stop))
    return found


def inside(lengths: torch.Tensor) -> torch.Tensor:
    """Tell which places of padded sequences are filled."""
    return torch.arange(int(lengths.max()))[None] < lengths[:, None]


def run_cells(cells: nn.LSTM, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the states of cells that read padded sequences."""
    packed: PackedSequence = pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(cells(packed)[0], batch_first=True)[0]


def highest_and_mean(states: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the highest and the mean states of padded sequences, as ``textlens.networks.pooled`` has them."""
    filled = inside(lengths)[..., None]
    return states.masked_fill(~filled, -9.0).max(1)[0], (states * filled).sum(1) / (MEAN * lengths[:, None] ** 0.5)


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
    width = sum(words.size.width.values()) + VECTOR_WIDTH
    for name in words.size.width:
        yield from ((name, value, weights) for value, weights in zip([*known.aspects[name], ""], words.tables[name].weight, strict=True))
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
