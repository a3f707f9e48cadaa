"""How well textlens does on the texts of ``unlearnt/``, from which nothing is learnt.

    python -m benchmarks.measure_unlearnt [--out benchmarks/results/unlearnt.json]

Without ``--out`` the tables of docs/accuracy.md are written anew too.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.intent_rows import CODES, read_cells
from benchmarks.kind_labels import people_labels
from benchmarks.people import read_file, read_json, read_not_learnt, score
from benchmarks.readme import write_unlearnt
from benchmarks.train_polarity import SIGNS
from textlens.facets.tagger import FacetTagger
from textlens.intent.classifier import IntentClassifier
from textlens.routing.router import DepartmentRouter
from textlens.schema import MAIN_INTENTS
from textlens.sentiment.scorer import SentimentScorer

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results/unlearnt.json"
TABLE = HERE.parent / "dictionaries/routing/departments.tsv"


def share(part: float, whole: float) -> float:
    """Return a share to three places."""
    return round(float(part) / max(float(whole), 1.0), 3)


def scores(want: np.ndarray, got: np.ndarray) -> dict[str, float]:
    """Return F1, recall and precision of a yes/no label."""
    hits = int((want & got).sum())
    return {"f1": share(2 * hits, want.sum() + got.sum()), "recall": share(hits, want.sum()), "precision": share(hits, got.sum()), "n": int(want.sum())}


def routing(rows: pd.DataFrame) -> dict[str, float]:
    """Return how often the first 課 is one a clerk could choose, and how many of the further ones are named."""
    router = DepartmentRouter(TABLE)
    first, named = router.predict(rows["text"]), router.route(rows["text"])["departments"]
    ranked = router.rank(rows["text"], n=3).groupby("id")["department"].agg(set)
    top = three = further = n_further = 0
    for number, row in rows.iterrows():
        wanted = row["departments"] or ["X0"]
        fit = {wanted[0], *row["acceptable"]}
        top, three = top + (first[number] in fit), three + bool(fit & (ranked[number] | {first[number]}))
        further, n_further = further + len(set(wanted[1:]) & set(named[number])), n_further + len(wanted) - 1
    return {"first": share(top, len(rows)), "first_three": share(three, len(rows)), "further": share(further, n_further), "n_further": n_further}


def intents(texts: list[str], wanted: np.ndarray, main: list[str]) -> dict[str, Any]:
    """Measure the kinds (bool array, shape (n_texts, n_main_intents)) and the main one of some texts."""
    found = IntentClassifier().predict(texts)
    report: dict[str, Any] = {"texts": len(texts)}
    for name in ("complaint", "request", "praise", "question", "report"):
        report[name] = scores(wanted[:, MAIN_INTENTS.index(name)], found[name].to_numpy(bool))
    report["macro_f1"] = round(float(np.mean([report[name]["f1"] for name in ("complaint", "request", "praise")])), 3)
    report["primary_right"] = share((found["primary"].to_numpy() == np.array(main, object)).sum(), len(texts))
    return report


def read_kinds(path: Path) -> dict[str, Any]:
    """Measure the kinds a reader gave to texts of ``people/``."""
    texts, labels = zip(*people_labels(path), strict=True)
    main = [MAIN_INTENTS[int(one.main.argmax())] for one in labels]
    return intents(list(texts), np.array([one.kinds > 0 for one in labels]), main)


def read_year(path: Path) -> dict[str, Any]:
    """Measure kinds and polarity of texts in the form of ``written/``."""
    rows = read_cells(path)
    kinds, _, signs, _, _, texts = (list(column) for column in zip(*rows, strict=True))
    report = intents(texts, np.array([[letter in found for letter in CODES] for found in kinds]), [CODES[found[0]] for found in kinds])
    report["polarity_right"] = share((SentimentScorer().transform(pd.Series(texts))["polarity"] == [SIGNS[sign] for sign in signs]).sum(), len(rows))
    return report


def measure(path: Path) -> dict[str, Any]:
    """Measure one file."""
    rows = pd.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    texts = rows["text"]
    facets = FacetTagger().transform(texts)
    wanted = np.array([[name in kinds for name in MAIN_INTENTS] for kinds in rows["intent"]])
    report = intents(texts.tolist(), wanted, rows["primary"].tolist())
    report["polarity_right"] = share((SentimentScorer().transform(texts)["polarity"] == rows["polarity"]).sum(), len(rows))
    for name in ("urgent", "legal_check"):
        report[name] = scores(rows[name].to_numpy(bool), facets[name].to_numpy(bool))
    report["people"] = score(read_json(path, path.stem))
    report["routing"] = routing(rows)
    return report


def main() -> None:
    """Measure every set and write one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    report = {path.stem: measure(path) for path in sorted((HERE / "unlearnt").glob("*.jsonl"))}
    report |= {path.stem: {"people": score(read_file(path))} for path in sorted((HERE / "unlearnt").glob("people*.tsv"))}
    report["people57-62"] = {"people": score(read_not_learnt())}
    report["kinds"] = read_kinds(HERE / "unlearnt/kinds.tsv")
    report["year"] = read_year(HERE / "unlearnt/year.tsv")
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    arguments.out.write_text(text, encoding="utf-8")
    if arguments.out == RESULTS:
        write_unlearnt(report)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
