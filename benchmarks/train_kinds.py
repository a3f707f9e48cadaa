"""Learn ``dictionaries/intent/reading_weights.tsv``: the second reading of comments whose kind is in doubt.

    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… TEXTLENS_LESSONS=… python -m benchmarks.train_kinds            # the weights (25 minutes)
    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… TEXTLENS_LESSONS=… python -m benchmarks.train_kinds --weigh    # and what they count for

Needs ``torch``; what runs needs only the weights. The texts are those of ``train_intent.py``, the labels those of
``kind_labels.py`` (of the gold: the gold's); to them come the lessons of a teacher (``teach_kinds.py``). A comment's score is the smooth maximum of its units', so that each unit
learns what it says even where only the comment has a label. How a word is heard, learnt and written: ``networks.py``.

What both readings of a doubtful comment count for (``read``, ``first …``, ``read …`` in ``intent/model.tsv``) is a logistic
regression on the gold, by readings that have not learnt it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from benchmarks.intent_rows import GOLD, Rows
from benchmarks.kind_labels import kind_labels
from benchmarks.lessons import Lessons
from benchmarks.networks import (
    Known,
    Size,
    Words,
    highest_and_mean,
    inside,
    learn_steps,
    reader_rows,
    run_cells,
    state_rows,
    units_of,
    word_numbers,
    write_rows,
)
from benchmarks.train_intent import Trainer, report, weights_of
from textlens.resources import dictionaries_root
from textlens.schema import MAIN_INTENTS
from textlens.tokens import Tokenizer
from textlens.voices.cues import read_evidence
from textlens.voices.kind_network import SHARPNESS, WEIGHTS, marks_of
from textlens.voices.model import MODEL, N_INTENTS, OUTPUTS, READ, Decision, from_logits, logits_of
from textlens.voices.reading import in_doubt

CELLS, TEXT_CELLS, EPOCHS, BATCH, RATE, KEPT = 64, 32, 6, 48, 4e-3, 0.998
SIZE = Size(
    {"word": 24, "pos": 12, "first": 12, "last": 12, "length": 4},
    {"word": 6, "pos": 1, "first": 30, "last": 30, "length": 1},
)
SIGN_WIDTH = 24
AMOUNT = {"fukui": 1.5, "municipal": 3.0, "construction": 5.0, "masked": 0.5, "words": 0.0}
"""What a comment counts for, by where it comes from; 1 for the rest. Constructions are few and must hold, as in the first reading: at 2,
本当にこの事業は必要なのでしょうか was taken for a question. Sentences put together from words (``word_examples.py``) are the first
reading's: with them the network took 昔はにぎやかで楽しかった for praise."""
LESSON_AMOUNT = 1.2
"""The same for a lesson."""
UNITS_COUNT, MAIN_COUNTS = 0.5, 0.15
"""What units and the main kind count for beside the kinds of the comment."""
N_SINGLE = N_INTENTS + 1
_DECIDED = ("model", "implied", "main")
"""Names in ``Trainer.out_of_fold`` of the parts of a ``Decision``."""


class Comments(NamedTuple):
    """Everything the network learns from: tokens, and per comment its units as slices, labels and weight; lessons come last."""

    numbers: torch.Tensor
    marks: torch.Tensor
    units: list[list[slice]]
    kinds: torch.Tensor
    main: torch.Tensor
    of_units: list[torch.Tensor | None]
    amount: torch.Tensor

    @classmethod
    def of(cls, rows: Rows, lessons: Lessons | None) -> tuple[Comments, Known]:
        lessons = lessons or Lessons([], np.zeros((0, len(OUTPUTS))))
        asked, lessons = lessons.of_rows([text if source == "people" else "" for text, source in zip(rows.texts, rows.source, strict=True)])
        tokens = Tokenizer().transform([*rows.texts, *lessons.texts])
        names, places, kinds = marks_of(tokens, read_evidence(tokens))
        numbers, known = word_numbers(tokens, SIZE, names)
        marks = np.zeros((len(tokens.ids), len(names)), np.uint8)
        marks[places, kinds] = 1
        taught = from_logits(lessons.scores)
        labels = np.r_[np.c_[rows.labels, rows.implied], np.c_[taught.intents, taught.implied]].astype(np.float32)
        main = np.r_[np.eye(N_INTENTS)[rows.main], taught.main].astype(np.float32)
        units, read = units_of(tokens), kind_labels()
        of_units: list[torch.Tensor | None] = [None] * len(units)
        for i, found in enumerate(map(read.get, rows.origin)):
            if found:
                labels[i], main[i] = np.r_[found.kinds, np.float32(found.implied)], found.main
                if len(found.units) == len(units[i]):
                    of_units[i] = torch.tensor(found.units)
        again = from_logits(asked.scores)  # what a reader and the teacher say of the same comment counts half each
        labels[asked.rows] = (labels[asked.rows] + np.c_[again.intents, again.implied]) / 2
        main[asked.rows] = (main[asked.rows] + again.main) / 2
        amount = np.r_[weights_of(rows.source, AMOUNT, 1.0), np.full(len(lessons.texts), LESSON_AMOUNT)].astype(np.float32)
        words, signs, kinds_said, main_said, counts = map(torch.tensor, (numbers, marks, labels, main, amount))
        return cls(words, signs, units, kinds_said, main_said, of_units, counts), known

    def batch(self, chosen: list[int]) -> Batch:
        """Put the units of some comments side by side."""
        units = [unit for i in chosen for unit in self.units[i]]
        numbers, marks = (pad_sequence([column[unit] for unit in units], batch_first=True) for column in (self.numbers, self.marks))
        return Batch(numbers, marks.float(), torch.tensor([unit.stop - unit.start for unit in units]),
                     torch.tensor([len(self.units[i]) for i in chosen]))  # fmt: skip

    def batches(self, chosen: list[int]) -> Iterator[list[int]]:
        """Return comments of about the same length together, in an order of chance."""
        words = {i: sum(unit.stop - unit.start for unit in self.units[i]) for i in chosen}
        order = sorted(chosen, key=lambda i: words[i] + 15 * random.random())
        groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        random.shuffle(groups)
        yield from groups


class Batch(NamedTuple):
    """Words and marks of units (padded), words of each unit, units of each comment."""

    numbers: torch.Tensor
    marks: torch.Tensor
    words: torch.Tensor
    units: torch.Tensor


class Reader(nn.Module):
    """The network of ``textlens.voices.kind_network`` while it learns."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.words = Words(known, SIZE, SIGN_WIDTH)
        self.cells = nn.LSTM(self.words.n_out, CELLS, bidirectional=True, batch_first=True)
        self.text_cells = nn.LSTM(4 * CELLS, TEXT_CELLS, bidirectional=True, batch_first=True)
        self.leave = nn.Linear(4 * CELLS + 2 * TEXT_CELLS, len(OUTPUTS))
        self.drop = nn.Dropout(0.4)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores of units, shape (n_comments, most units, n_outputs), and of comments."""
        states = run_cells(self.cells, self.drop(self.words(batch.numbers, batch.marks)), batch.words)
        pooled = self.drop(torch.cat(highest_and_mean(states, batch.words), -1))
        of_units = pad_sequence(list(pooled.split(batch.units.tolist())), batch_first=True)
        around = self.drop(run_cells(self.text_cells, of_units, batch.units))
        scores = self.leave(torch.cat([of_units, around], -1))
        some = scores.masked_fill(~inside(batch.units)[..., None], -1e4)
        return scores, torch.logsumexp(SHARPNESS * some, 1) / SHARPNESS


def learn(comments: Comments, known: Known, chosen: np.ndarray) -> Reader:
    """Learn from some of the comments (bool mask)."""
    torch.manual_seed(0)
    random.seed(0)
    rows = [i for i in np.flatnonzero(chosen).tolist() if comments.units[i]]
    cross = nn.functional.binary_cross_entropy_with_logits

    def loss(reader: Reader, group: list[int]) -> torch.Tensor:
        of_units, scores = reader(comments.batch(group))
        amount = comments.amount[group]
        kinds = (cross(scores[:, :N_SINGLE], comments.kinds[group], reduction="none").mean(1) * amount).mean()
        main = -((torch.log_softmax(scores[:, N_SINGLE:], 1) * comments.main[group]).sum(1) * amount).mean()
        return kinds + MAIN_COUNTS * main + UNITS_COUNT * _loss_of_units(of_units, [comments.of_units[i] for i in group])

    return learn_steps(Reader(known), lambda: comments.batches(rows), loss, len(rows) // BATCH + 1, EPOCHS, RATE, KEPT)


def _loss_of_units(scores: torch.Tensor, labels: list[torch.Tensor | None]) -> torch.Tensor:
    """Return the mean loss of the units of each comment whose units have labels, over all comments."""
    total = torch.zeros(())
    for found, truth in zip(scores, labels, strict=True):
        if truth is not None:
            given = found[: len(truth), :N_INTENTS]
            loss = nn.functional.binary_cross_entropy_with_logits(given, torch.nan_to_num(truth), reduction="none")
            total = total + (loss * ~torch.isnan(truth)).mean()
    return total / len(labels)


@torch.no_grad()
def scores_of(reader: Reader, comments: Comments, chosen: np.ndarray) -> np.ndarray:
    """Return the scores of some comments, shape (n_chosen, n_outputs); 0 where there is no word."""
    rows = np.flatnonzero(chosen)
    result = np.zeros((len(rows), len(OUTPUTS)))
    filled = [k for k, i in enumerate(rows.tolist()) if comments.units[i]]
    for start in range(0, len(filled), 128):
        part = filled[start : start + 128]
        result[part] = reader(comments.batch(rows[part].tolist()))[1].numpy()
    return result


def write(reader: Reader, known: Known) -> int:
    """Write the weights; return the number of rows."""
    enter = torch.cat([reader.text_cells.weight_ih_l0.T, reader.text_cells.weight_ih_l0_reverse.T], 1)
    return write_rows(WEIGHTS, [
        *reader_rows(reader.words, reader.cells, known),
        *(("enter text", "", weights) for weights in enter), *state_rows(reader.text_cells, " text"),
        *(("leave", "", weights) for weights in reader.leave.weight.T),
        *(("label", name, bias.reshape(1)) for name, bias in zip(OUTPUTS, reader.leave.bias, strict=True)),
    ])  # fmt: skip


def weigh_readings(trainer: Trainer, scores: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return constant and what first and second logit count for, shape (3, len(OUTPUTS)), from comments neither reading has learnt.

    Few comments are left that neither the network nor its teacher knows: the kinds share two numbers, the main kinds two others.

    Parameters
    ----------
    trainer : Trainer
    scores : float array, shape (n_rows, n_outputs)
        Of the second reading.
    chosen : bool array, shape (n_rows,)
        Rows to learn from; those in doubt are used.
    """
    first, rows = _first(trainer), trainer.rows
    doubtful = in_doubt(first) & chosen
    logits, scores = logits_of(first)[doubtful], scores[doubtful]
    truth = np.c_[rows.labels, rows.implied][doubtful]
    pairs = np.c_[logits[:, :N_SINGLE].ravel(), scores[:, :N_SINGLE].ravel()]
    found = np.zeros((3, len(OUTPUTS)))
    found[1:, :N_SINGLE] = LogisticRegression(C=10.0, fit_intercept=False).fit(pairs, truth.ravel()).coef_[0][:, None]
    found[1:, N_SINGLE:] = _fit_main(logits[:, N_SINGLE:], scores[:, N_SINGLE:], rows.main[doubtful])[:, None]
    return found


def _first(trainer: Trainer) -> Decision:
    """Return what the first reading finds in comments it has not learnt."""
    return Decision(*(trainer.out_of_fold[name] for name in _DECIDED))


def _fit_main(logits: np.ndarray, scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return what the logits of the main kind count for, the same for every kind."""

    def loss(w: np.ndarray) -> float:
        z = w[0] * logits + w[1] * scores
        z = z - z.max(axis=1, keepdims=True)
        return float((np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), truth]).sum())

    return np.asarray(minimize(loss, [0.5, 0.5], method="BFGS").x)


def read_gold(trainer: Trainer, comments: Comments, known: Known) -> np.ndarray:
    """Return :func:`scores_of` of the gold, by a network that has not learnt it; NaN elsewhere.

    Folds would not do: teacher and lessons know the other comments.
    """
    gold = np.isin(trainer.rows.source, GOLD)
    lessons = np.zeros(len(comments.units) - len(gold), bool)
    held = np.isin(trainer.rows.source, [*GOLD, "masked"])  # some of the masked are the gold in other words
    scores = np.full((len(gold), len(OUTPUTS)), np.nan)
    scores[gold] = scores_of(learn(comments, known, np.r_[~held, ~lessons]), comments, np.r_[gold, lessons])
    return scores


def read_unseen(trainer: Trainer) -> np.ndarray:
    """Return :func:`scores_of` of all rows, each by a network that has not learnt it: five folds, without lessons."""
    comments, known = Comments.of(trainer.rows, None)
    scores = np.zeros((len(comments.units), len(OUTPUTS)))
    for test in trainer.folds:
        scores[test] = scores_of(learn(comments, known, ~test), comments, test)
    return scores


def both_readings(trainer: Trainer, scores: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``trainer.out_of_fold`` as it is when doubtful comments are read twice (``strongest`` stays the first reading's).

    Rows without scores (NaN) stay as the first reading has them.
    """
    first = _first(trainer)
    again, mixed = in_doubt(first) & ~np.isnan(scores).any(axis=1), logits_of(first)
    mixed[again] = counts[0] + counts[1] * mixed[again] + counts[2] * scores[again]
    return trainer.out_of_fold | dict(zip(_DECIDED, from_logits(mixed), strict=True))


def write_counts(counts: np.ndarray) -> None:
    """Write what the readings count for into the table of coefficients (first logits stand there already, with 1)."""
    path = dictionaries_root() / MODEL
    table = np.zeros((len(READ), len(OUTPUTS)))
    table[0] = counts[0]
    for reading in (1, 2):
        rows = slice(1 + (reading - 1) * len(OUTPUTS), 1 + reading * len(OUTPUTS))
        table[rows] = np.diag(counts[reading] - (reading == 1))
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split("\t")[0] not in READ]
    lines += ["\t".join((name, *(f"{v:.4f}" for v in row))) for name, row in zip(READ, table, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weigh", action="store_true")
    arguments = parser.parse_args()
    trainer = Trainer()
    comments, known = Comments.of(trainer.rows, Lessons.load())
    if arguments.weigh:
        scores, gold = read_gold(trainer, comments, known), np.isin(trainer.rows.source, GOLD)
        counts = weigh_readings(trainer, scores, gold)
        write_counts(counts)
        for name, out in (("first reading", trainer.out_of_fold), ("both readings", both_readings(trainer, scores, counts))):
            sys.stdout.write(f"{name}\n")
            report(trainer, {"gold": gold, "model": out["model"][gold], "implied": out["implied"][gold], "main": out["main"][gold]})
    everything = np.ones(len(comments.units), bool)
    sys.stdout.write(f"{write(learn(comments, known, everything), known)} rows\n")


assert OUTPUTS[:N_INTENTS] == MAIN_INTENTS

if __name__ == "__main__":
    main()
