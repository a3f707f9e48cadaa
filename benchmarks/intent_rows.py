"""What the recipes for intent and polarity learn from: gold rows, our own labels, invented texts, the rest of the survey."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.people import read_file
from benchmarks.word_examples import examples as word_examples
from textlens.personal import PersonalDataFinder
from textlens.personal.mask import mask
from textlens.schema import MAIN_INTENTS
from textlens.voices.model import N_INTENTS

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("TEXTLENS_DEV_DATA", HERE.parent.parent / "shared" / "data"))
GOLD = ("fukui", "municipal")
"""Sources whose labels are the yardstick."""
CODES = dict(zip("crpqton", MAIN_INTENTS, strict=True))
SATISFACTION = {"とても満足": 2.0, "満足": 1.0, "どちらでもない": -1.0, "不満": -2.0, "とても不満": -2.0}


@dataclass
class Rows:
    """Labelled or weak rows: texts, where from, labels and what the survey says about them."""

    texts: list[str]
    source: np.ndarray
    labels: np.ndarray
    implied: np.ndarray
    main: np.ndarray
    survey: np.ndarray
    origin: list[str]
    """The text before masking; it tells the fold."""


def survey_rows() -> dict[str, dict[str, str]]:
    with (DATA / "fukui_survey_dev.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["text"].strip()}


def survey_features(rows: list[dict[str, str] | None], questions: list[str]) -> np.ndarray:
    table = np.zeros((len(rows), len(questions) + 2))
    for i, row in enumerate(rows):
        if row is None:
            table[i, -1] = 1.0
        else:
            table[i, questions.index(row["question"])] = 1.0
            table[i, -2] = SATISFACTION.get(row["score"], 0.0)
    return 1.5 * table


def read_cells(path: Path) -> list[list[str]]:
    """Return the rows of one file of ``written/``: kinds, flags, polarity, 課, third parties, text (line breaks restored)."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [[*codes, text.replace("\\n", "\n")] for *codes, text in rows]


def written_cells(without: Container[str] = ()) -> list[list[str]]:
    """Return the rows of ``written/``.

    Parameters
    ----------
    without : container of str
        Names of sets to leave out (``writer12``).
    """
    paths = sorted((HERE / "written").glob("*.tsv"))
    return [row for path in paths if path.stem not in without for row in read_cells(path)]


def written_rows() -> list[tuple[str, str, str, None]]:
    """Return the invented comments of ``written/`` (text, source, code, no survey row)."""
    return [(text, "invented", intent + ("i" if "i" in flags else ""), None) for intent, flags, _, _, _, text in written_cells()]


def people_rows() -> list[tuple[str, str, str, None]]:
    """Return the invented comments of ``people/`` of which a reader gave the kinds (text, source, code, no survey row)."""
    read = pd.read_csv(HERE / "kinds" / "people.tsv", sep="\t", dtype=str)
    place = read["comment"].str.extract(r"(?P<writer>.+):(?P<number>\d+)")
    texts = {writer: [row.text for row in read_file(HERE / "people" / f"{writer}.tsv")] for writer in place["writer"].unique()}
    rows: list[tuple[str, str, str, None]] = []
    for writer, number, units, main in zip(place["writer"], place["number"].astype(int), read["units"], read["main"], strict=True):
        others = "".join(c for c in CODES if c in units and c != main[0])
        rows.append((texts[writer][number - 1], "people", main[0] + others + main[1:], None))
    return rows


def load() -> tuple[Rows, Rows]:
    """Return the labelled and the weak rows."""
    survey = survey_rows()
    questions = sorted({row["question"] for row in survey.values()})
    by_text = {row["text"]: row for row in survey.values()}
    records: list[tuple[str, str, list[str], bool, str, dict[str, str] | None]] = []
    for name in GOLD:
        for line in (DATA / "gold" / f"{name}_gold.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            records.append((row["text"], name, row["intent"], row["implied_request"], row["primary"], by_text.get(row["text"])))
    gold_texts = {record[0] for record in records}
    own = []
    for line in (HERE / "intent_fukui_labels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        number, code = line.split("\t")
        if number in survey and survey[number]["text"] not in gold_texts:
            own.append((survey[number]["text"], "own", code, survey[number]))
    for line in (HERE / "intent_examples.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        code, text = line.split("\t")
        own.append((text, "construction", code, None))
    own += [(text, "words", code, None) for code, text in word_examples()]
    own += written_rows() + people_rows()
    for text, source, code, row in own:
        labels = [CODES[c] for c in code if c != "i"]
        records.append((text, source, labels, "i" in code, labels[0], row))
    origin = [r[0] for r in records]
    masked = mask(pd.Series(origin), PersonalDataFinder().transform(pd.Series(origin)))
    for row, (text, record) in enumerate(zip(masked, list(records), strict=True)):
        if text != record[0] and record[1] not in ("fukui", "own", "people"):
            records.append((text, "masked", *record[2:]))
            origin.append(origin[row])
    labelled = Rows(
        [r[0] for r in records],
        np.array([r[1] for r in records]),
        np.array([[name in r[2] for name in MAIN_INTENTS] for r in records]),
        np.array([r[3] for r in records]),
        np.array([MAIN_INTENTS.index(r[4]) for r in records]),
        survey_features([r[5] for r in records], questions),
        origin,
    )
    known = set(labelled.texts)
    weak_rows = list({row["text"]: row for row in survey.values() if row["text"] not in known}.values())
    n = len(weak_rows)
    weak = Rows(
        [row["text"] for row in weak_rows], np.full(n, "weak"), np.zeros((n, N_INTENTS), bool), np.zeros(n, bool),
        np.zeros(n, int), survey_features(list(weak_rows), questions), [row["text"] for row in weak_rows],
    )  # fmt: skip
    return labelled, weak
