"""Learn ``dictionaries/personal/owner_weights.tsv``: whose a span is, from what stands around it.

    python -m benchmarks.train_owners       # five folds of the labelled texts, then learn from all and write

A multinomial logistic regression (scikit-learn, L2) over the features of ``textlens.personal.owners``; folds keep the
spans of a text together. Texts as in ``train_spans.py``, spans as labelled.
"""

from __future__ import annotations

import sys

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.people import Row, read_cases, read_gold, read_labelled, score, unread
from textlens.personal.callers import is_note
from textlens.personal.finder import collect, outside_masks
from textlens.personal.marks import Mark
from textlens.personal.owners import WEIGHTS, evidence, shared, span_words
from textlens.personal.people import read_scene
from textlens.resources import dictionaries_root
from textlens.tokens import as_tokens

STRENGTH = 0.3
"""Inverse of the L2 penalty (0.1 to 1 differ by less than 0.01 in folds)."""
SMALL = 0.02


def examples(rows: list[Row]) -> tuple[list[list[str]], np.ndarray, np.ndarray]:
    """Return features, subjects and the number of the text of every labelled span."""
    tokens = as_tokens([row.text for row in rows])
    marks = collect(tokens)
    labelled = [(doc, span) for doc, row in enumerate(rows) for span in row.spans if span.end <= len(tokens.norm[doc])]
    scenes = {
        doc: read_scene(tokens.norm[doc], outside_masks(tokens.norm[doc], marks.get(doc, [])), doc in marks and is_note(tokens.norm[doc]))
        for doc in {doc for doc, _ in labelled}
    }
    texts = np.array([doc for doc, _ in labelled])
    found = [Mark(span.start, span.end, span.kind, "", "", 1.0) for _, span in labelled]
    features = [
        [*evidence(tokens, scenes[doc], span, words), *shared(tokens, words)]
        for (doc, _), span, words in zip(labelled, found, span_words(tokens, texts, found), strict=True)
    ]
    return features, np.array([span.subject for _, span in labelled]), texts


def main() -> None:
    """Cross-validate, learn, write, and measure on what was kept unread."""
    gold = read_gold()
    features, subjects, texts = examples([*read_labelled(), *read_cases(), *gold])
    counter = CountVectorizer(analyzer=lambda one: one, min_df=2)
    table = counter.fit_transform(features)
    model = LogisticRegression(C=STRENGTH, max_iter=400)
    right = []
    for train, test in GroupKFold(5).split(table, groups=texts):
        right.append(float((model.fit(table[train], subjects[train]).predict(table[test]) == subjects[test]).mean()))
    sys.stdout.write(f"{len(subjects)} spans, five folds: {np.mean(right):.3f}\n")
    model.fit(table, subjects)
    weights = model.coef_.T.copy()
    names = counter.get_feature_names_out().tolist()
    weights[names.index("constant")] += model.intercept_
    lines = ["\t".join(("feature", *model.classes_))]
    for name, row in zip(names, weights, strict=True):
        cells = [f"{value:.2f}" if abs(value) >= SMALL else "" for value in row]
        if any(cells):
            lines.append("\t".join((name.replace("\n", " "), *cells)))
    (dictionaries_root() / WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for source, rows in {**unread(), "gold (learnt)": gold}.items():
        sys.stdout.write(f"{source}: {score(rows)}\n")


if __name__ == "__main__":
    main()
