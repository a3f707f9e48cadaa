"""Learn ``dictionaries/personal/plain_names.tsv``: which candidate is the name of a person, from what stands around it.

    TEXTLENS_DEV_DATA=… python -m benchmarks.train_names        # cross-validate, then write the weights

Rows: names marked in Wikipedia sentences (Stockmark, CC BY-SA 3.0), the invented municipal texts of the gold, and
every answer of the Fukui survey (code4fukui, CC BY 4.0), which names almost nobody: its candidates count as no names.
A feature needs ``MIN_COUNT`` candidates behind it. Texts are the units of the five folds.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.intent_rows import DATA
from benchmarks.personal import KANJI, gold_spans, overlaps
from textlens.personal.name_candidates import NameCandidates
from textlens.personal.plain_names import CONSTANT, SURE_FROM, WEIGHTS
from textlens.resources import dictionaries_root
from textlens.tokens import as_tokens

MIN_COUNT, STRENGTH, FOLDS = 5, 0.3, 5
WEIGHT = {"survey": 10.0}
SMALL = 0.03
"""Weights below it are left out of the file."""


@dataclass
class Source:
    """Candidates of one collection: text number, features, whether it is a name, fold."""

    doc: np.ndarray
    spans: list[tuple[int, int]]
    features: list[list[str]]
    name: np.ndarray
    fold: np.ndarray


def read(texts: list[str], names: list[list[tuple[int, int]]]) -> Source:
    """Find the candidates of the texts; ``names`` are spans of people."""
    tokens = as_tokens(texts)
    candidates = NameCandidates(tokens)
    doc = np.array([c.doc for c in candidates.found])
    spans = [tuple(map(int, tokens.raw_span(c.doc, int(tokens.nstarts[c.first]), int(tokens.nends[c.last])))) for c in candidates.found]
    name = np.array([any(overlaps(span, other) for other in names[d]) for d, span in zip(doc, spans, strict=True)], bool)
    fold = np.array([zlib.crc32(texts[d].encode()) % FOLDS for d in doc])
    return Source(doc, spans, candidates.features(), name, fold)


def load() -> tuple[dict[str, Source], list[list[tuple[int, int]]]]:
    """Return the collections, and the kanji names of Wikipedia (to measure recall)."""
    wiki = json.loads((DATA / "ner_wikipedia_dev.json").read_text(encoding="utf-8"))
    people = [[e for e in row["entities"] if e["type"] == "人名"] for row in wiki]
    lines = (DATA / "gold" / "municipal_gold.jsonl").read_text(encoding="utf-8").splitlines()
    town = [json.loads(line) for line in lines]
    survey = pd.read_csv(DATA / "fukui_survey_dev.csv")["text"].dropna().astype(str).tolist()
    sources = {
        "wikipedia": read([row["text"] for row in wiki], [[tuple(e["span"]) for e in found] for found in people]),
        "municipal": read([row["text"] for row in town], [[span[:2] for span in gold_spans(row) if span[2] == "person_name"] for row in town]),
        "survey": read(survey, [[] for _ in survey]),
    }
    return sources, [[tuple(e["span"]) for e in found if KANJI.fullmatch(e["name"])] for found in people]


def report(source: Source, probability: np.ndarray, kanji: list[list[tuple[int, int]]], survey: np.ndarray) -> None:
    """Print recall, precision and alarms per threshold, on rows no model had seen."""
    total = sum(map(len, kanji))
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        at = np.flatnonzero(probability >= threshold)
        found: dict[int, list[tuple[int, int]]] = {}
        for i in at.tolist():
            found.setdefault(int(source.doc[i]), []).append(source.spans[i])
        hit = sum(any(overlaps(span, name) for span in found.get(d, [])) for d, names in enumerate(kanji) for name in names)
        print(f"from {threshold}: recall of kanji names {hit / total:.3f}, precision {source.name[at].mean():.3f}, "
              f"candidates of the survey taken for names {int((survey >= threshold).sum())}")  # fmt: skip


def main() -> None:
    """Cross-validate and write."""
    sources, kanji = load()
    features = [f for source in sources.values() for f in source.features]
    y = np.concatenate([source.name for source in sources.values()])
    amount = np.concatenate([np.full(len(source.doc), WEIGHT.get(name, 1.0)) for name, source in sources.items()])
    fold = np.concatenate([source.fold for source in sources.values()])
    count = Counter(name for found in features for name in set(found))
    vectors = DictVectorizer()
    x = vectors.fit_transform([dict.fromkeys((n for n in found if count[n] >= MIN_COUNT), 1.0) for found in features])
    unseen = np.zeros(len(y))
    for k in range(FOLDS):
        fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(x[fold != k], y[fold != k], amount[fold != k])
        unseen[fold == k] = fitted.predict_proba(x[fold == k])[:, 1]
    n = len(sources["wikipedia"].doc)
    print(f"{len(y)} candidates, {len(vectors.feature_names_)} features; score 0.5 from {SURE_FROM}")
    report(sources["wikipedia"], unseen[:n], kanji, unseen[len(y) - len(sources["survey"].doc) :])
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(x, y, amount)
    rows = [(CONSTANT, float(fitted.intercept_[0])), *((n, w) for n, w in zip(vectors.feature_names_, fitted.coef_[0].tolist(), strict=True) if abs(w) >= SMALL)]
    lines = ["feature\tweight"] + [f"{name}\t{weight:.3f}" for name, weight in rows]
    (dictionaries_root() / WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
