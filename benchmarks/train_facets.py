"""Fit the coefficients of ``concrete_model.tsv`` and ``suspicion_model.tsv`` (``dictionaries/facets/``) from hand labels.

Usage: ``python -m benchmarks.train_facets fukui_gold.jsonl municipal_gold.jsonl --negatives fukui_survey_dev.csv [--write]``.
Each row of a file has ``id``, ``text``, ``concrete``, ``legal_check`` and ``urgent``. The suspicion model also reads
the invented texts of ``written/``, the cases of ``tests/cases/facets_legal.tsv``, the shipped sample survey (labelled by the combinations) and
unlabelled tourism answers (``--negatives``, a CSV with a column ``text``; the combinations flag 0.5 % of them). Municipal rows whose id hashes to 6–9 (mod 10) are
left out of the fit and used to report; real answers are reported by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.intent_rows import written_cells
from textlens.facets.concrete import FEATURES, MODEL, concrete_features
from textlens.facets.suspicion import MODEL as SUSPICION
from textlens.facets.suspicion import SIGNS, sign_features
from textlens.facets.tagger import FacetTagger
from textlens.resources import dictionary_path
from textlens.rules import load_rules
from textlens.tokens import as_tokens

STRENGTH = 0.3
"""C of the logistic regression: the strongest regularisation within one standard error of the best."""

LATER = frozenset(f"writer{number}" for number in range(12, 48))
"""Sets the signs do not learn from: with them no more of the unread texts were found at the same precision, and the share
of tourists' answers marked 急ぎ rose from under 5 % to 6.3 %; with the last seven of them from 1.9 % to 2.6 %."""


def held_back(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 >= 6


def features(texts: list[str]) -> np.ndarray:
    tokens = as_tokens(texts)
    return concrete_features(load_rules("facets/concrete.tsv").match(tokens), tokens, tokens.units.doc, tokens.n_docs)


ROOT = Path(__file__).resolve().parent.parent
SUSPICION_STRENGTH = 0.3
SHARE_FOUND = {"legal_check": 0.92, "urgent": 0.9}
"""Share of the labelled texts that the signs alone shall find in cross-validation; it sets the intercept.

Chosen so that signs and combinations together find 95 %: on 1,190 texts of other writers, the combinations alone found 0.72
and 0.75.
"""
N_NEGATIVES = 1500


def written() -> list[dict[str, object]]:
    """Return the invented texts of ``written/`` with their flags."""
    return [{"text": text, "legal_check": "l" in flags, "urgent": "u" in flags} for _, flags, _, _, _, text in written_cells(LATER)]


def fit_suspicion(rows: list[tuple[str, dict]], negatives: Path, write: bool) -> None:
    """Fit 要確認 and 急ぎ on signs; print recall and precision on municipal rows by five-fold cross-validation."""
    families = tuple(sorted({row.label for row in load_rules(SIGNS).rows}))

    def signs(texts: list[str]) -> np.ndarray:
        tokens = as_tokens(texts)
        lengths = np.array([len(text) for text in tokens.norm])
        return sign_features(load_rules(SIGNS).match(tokens), families, tokens.units.doc, lengths)

    gold = [row for name, row in rows if name.startswith("municipal") and not held_back(row["id"])] + written()
    tourism = pd.read_csv(negatives, dtype=str, keep_default_na=False)["text"].sample(N_NEGATIVES, random_state=1)
    cases = pd.read_csv(ROOT / "tests/cases/facets_legal.tsv", sep="\t")
    sample = pd.read_csv(ROOT / "textlens/sample/survey.tsv", sep="\t", dtype=str, keep_default_na=False)["自由意見"]
    rules_only = FacetTagger(legal_threshold=1.1, urgent_threshold=1.1)
    weak = rules_only.transform(sample)
    x = [signs([r["text"] for r in gold]), signs(cases["text"].tolist()), signs(sample.tolist()), signs(tourism.tolist())]
    strong = rules_only.transform([r["text"] for r in gold])
    weak_tourism = rules_only.transform(tourism)
    others = np.concatenate([np.ones(len(cases)), np.full(len(sample), 0.5), np.ones(len(tourism))])
    table: dict[str, list[float]] = {name: [] for name in (*families, "length", "intercept")}
    for kind in ("legal_check", "urgent"):
        y = [np.array([r[kind] for r in gold]), cases[kind].to_numpy(bool), weak[kind].to_numpy(), weak_tourism[kind].to_numpy()]
        score = np.zeros(len(gold))
        for seed in range(2):
            for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x[0], y[0]):
                model = LogisticRegression(C=SUSPICION_STRENGTH, max_iter=3000)
                model.fit(np.vstack([x[0][train], *x[1:]]), np.concatenate([y[0][train], *y[1:]]), np.concatenate([np.ones(len(train)), others]))
                score[test] += model.decision_function(x[0][test]) / 2
        ranked = np.sort(score[y[0]])
        point = ranked[int((1 - SHARE_FOUND[kind]) * len(ranked))] - 0.01
        for shift in (-0.5, 0.0, 0.5, 1.0):
            alone = score >= point + shift
            found = alone | strong[kind].to_numpy()
            print(f"{kind} probability {1 / (1 + np.exp(-shift)):.2f}: signs alone recall {alone[y[0]].mean():.2f} precision {y[0][alone].mean():.2f}; "
                  f"with combinations (seen) recall {found[y[0]].mean():.2f} precision {y[0][found].mean():.2f}")
        model = LogisticRegression(C=SUSPICION_STRENGTH, max_iter=3000)
        model.fit(np.vstack(x), np.concatenate(y), np.concatenate([np.ones(len(gold)), others]))
        model.intercept_ -= point
        for name, value in zip(table, (*model.coef_[0], model.intercept_[0]), strict=True):
            table[name].append(value)
    if write:
        lines = "".join(f"{name}\t{legal:.4f}\t{urgent:.4f}\n" for name, (legal, urgent) in table.items())
        note = "# 兆しの重み（ロジスティック回帰）。作り直し方: benchmarks/train_facets.py\nfeature\tlegal\turgent\n"
        (dictionary_path(SIGNS).parent / Path(SUSPICION).name).write_text(note + lines, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--negatives", type=Path, required=True)
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
    fit_suspicion(rows, arguments.negatives, arguments.write)


if __name__ == "__main__":
    main()
