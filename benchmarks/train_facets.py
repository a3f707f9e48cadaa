"""Fit the coefficients of ``dictionaries/facets/concrete_model.tsv`` from hand labels.

Usage: ``python benchmarks/train_facets.py fukui_gold.jsonl municipal_gold.jsonl [--write]``.
Each row of a file has ``id``, ``text`` and ``concrete``. Municipal rows whose id hashes to 6–9 (mod 10) are
left out of the fit and used to report; real answers are reported by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from textlens.facets_concrete import FEATURES, MODEL, concrete_features
from textlens.resources import dictionary_path
from textlens.rules import load_rules
from textlens.tokens import as_tokens

STRENGTH = 0.3
"""C of the logistic regression: the strongest regularisation within one standard error of the best."""


def held_back(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 >= 6


def features(texts: list[str]) -> np.ndarray:
    tokens = as_tokens(texts)
    return concrete_features(load_rules("facets/concrete.tsv").match(tokens), tokens, tokens.units.doc, tokens.n_docs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rows = [(path.name, json.loads(line)) for path in arguments.files for line in path.open(encoding="utf-8")]
    x = features([row["text"] for _, row in rows])
    y = np.array([row["concrete"] for _, row in rows])
    weight = np.ones(len(rows))
    held = np.array([name.startswith("municipal") and held_back(row["id"]) for name, row in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(x[~held], y[~held], sample_weight=weight[~held])
    survey = np.array([not name.startswith("municipal") for name, _ in rows])
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    crossed = cross_val_predict(model, x[~held], y[~held], cv=folds)
    part = survey[~held]
    for name, truth, guess in (
        ("real answers, 5-fold", y[~held][part], crossed[part]),
        ("municipal, 5-fold", y[~held][~part], crossed[~part]),
        ("municipal, held back", y[held], model.predict(x[held])),
    ):
        if len(truth):
            print(f"{name}: n={len(truth)} accuracy={np.mean(truth == guess):.3f} majority={max(np.mean(truth), 1 - np.mean(truth)):.3f}")
    table = "".join(f"{n}\t{w:.4f}\n" for n, w in zip((*FEATURES, "intercept"), (*model.coef_[0], model.intercept_[0]), strict=True))
    print(table)
    if arguments.write:
        note = "# 具体・抽象の重み（ロジスティック回帰）。作り直し方: benchmarks/train_facets.py\n"
        (dictionary_path("facets/concrete.tsv").parent / Path(MODEL).name).write_text(note + "feature\tweight\n" + table, encoding="utf-8")


if __name__ == "__main__":
    main()
