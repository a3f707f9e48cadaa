"""Kinds of each comment and of each of its units as two readers gave them (``kinds/``), as numbers from 0 to 1."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.intent_rows import CODES, HERE, survey_rows, written_cells
from benchmarks.people import read_file
from textlens.schema import MAIN_INTENTS

LETTERS = "".join(CODES)
SHARED = "crpq"
"""Kinds on which readers and writers agree (F1 0.94 to 0.98); for the others the writer's word stands."""


class KindLabels(NamedTuple):
    """What two readers found in one comment.

    Attributes
    ----------
    kinds, main : float32 arrays, shape (7,)
        Mean of both, in the order of ``MAIN_INTENTS``.
    implied : float
    units : float32 array, shape (n_units, 7)
        NaN where it is not known which unit holds a kind.
    """

    kinds: np.ndarray
    main: np.ndarray
    implied: float
    units: np.ndarray


def kind_labels() -> dict[str, KindLabels]:
    """Return what is known of each comment, by its text."""
    codes, texts = _writers()
    placed = {row.comment: _table(row.units) for row in _rows(HERE / "kinds" / "placed.tsv")}
    found = {}
    for row in _rows(HERE / "kinds" / "read.tsv"):
        if row.comment in texts:
            own, other = codes[row.comment], set(row.units)
            kinds = np.array([((c in own) + (c in other if c in SHARED else c in own)) / 2 for c in LETTERS], np.float32)
            main = np.array([((c == own[0]) + (c == row.main[0])) / 2 for c in LETTERS], np.float32)
            units = _both(own, _table(row.units), placed.get(row.comment))
            found[texts[row.comment]] = KindLabels(kinds, main, (("i" in own) + ("i" in row.main)) / 2, units)
    for comment, units in placed.items():
        if comment in texts and texts[comment] not in found:
            own = codes[comment]
            kinds, main = (np.array([test(c) for c in LETTERS], np.float32) for test in (own.__contains__, own[0].__eq__))
            found[texts[comment]] = KindLabels(kinds, main, float("i" in own), units)
    return found | dict(people_labels())


def people_labels(path: Path = HERE / "kinds" / "people.tsv") -> list[tuple[str, KindLabels]]:
    """Return the texts of ``people/`` of which one reader gave the kinds, and what the reader found."""
    texts: dict[str, list[str]] = {}
    found = []
    for row in _rows(path):
        writer, _, number = row.comment.partition(":")
        if writer not in texts:
            texts[writer] = [one.text for one in read_file(HERE / "people" / f"{writer}.tsv")]
        kinds, main = (np.array([c in letters for c in LETTERS], np.float32) for letters in (row.units, row.main[0]))
        found.append((texts[writer][int(number) - 1], KindLabels(kinds, main, float("i" in row.main), _table(row.units))))
    return found


def _both(own: str, read: np.ndarray, placed: np.ndarray | None) -> np.ndarray:
    """Return the units of a kind both gave as the mean of both, of a kind one gave at half."""
    units = read.copy()
    if placed is not None and len(placed) != len(read):
        placed = None
    for i, kind in enumerate(LETTERS):
        writer, reader = kind in own, bool(read[:, i].any())
        part = 0.5 if kind in SHARED else 1.0
        if writer and reader and placed is not None:
            units[:, i] = (read[:, i] + placed[:, i]) / 2
        elif writer and not reader:
            units[:, i] = np.nan if placed is None else placed[:, i] * part
        elif reader and not writer:
            units[:, i] = read[:, i] * 0.5 if kind in SHARED else np.nan
    return units


def _table(units: str) -> np.ndarray:
    return np.array([[c in unit for c in LETTERS] for unit in units.split("/")], np.float32)


def _rows(path: Path) -> list:  # type: ignore[type-arg]
    return list(pd.read_csv(path, sep="\t", dtype=str).itertuples())


def _writers() -> tuple[dict[str, str], dict[str, str]]:
    """Return the codes of the first label and the text of each comment."""
    codes, texts = {}, {}
    for path in sorted((HERE / "written").glob("*.tsv")):
        others = {other.stem for other in path.parent.glob("*.tsv")} - {path.stem}
        for number, (kinds, flags, *_, text) in enumerate(written_cells(others), 1):
            codes[f"{path.stem}:{number}"], texts[f"{path.stem}:{number}"] = kinds + ("i" if "i" in flags else ""), text
    for number, (kinds, text) in enumerate(_lines(HERE / "intent_examples.tsv"), 1):
        codes[f"ex:{number}"], texts[f"ex:{number}"] = kinds, text
    survey = survey_rows()
    for comment, kinds in _lines(HERE / "intent_fukui_labels.tsv"):
        if comment in survey:
            codes[comment], texts[comment] = kinds, survey[comment]["text"]
    return codes, texts


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


assert tuple(CODES.values()) == MAIN_INTENTS
