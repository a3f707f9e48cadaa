"""The first reading of ``SentimentScorer``, from the development data; ``train_ratings.py`` runs it.

Writes ``dictionaries/sentiment/weights.tsv`` (n-grams) and ``model.tsv`` (last layer): first from the early months,
to measure on the later ones, then from all months, to ship.

Figures come from: Fukui prefecture tourism survey (code4fukui, CC BY 4.0; writers' own satisfaction, 2025-05 … 10,
measured on 09 and 10), Economy Watchers Survey (Cabinet Office, CC BY 4.0; writers' own judgement, 2024, measured on
09 … 12). No row of them is written anywhere: an n-gram needs ``MIN_TEXTS`` texts behind it. A word also gets what its
word vector tells (``word_vectors.py``), so that words of no text weigh something too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import Ridge

from benchmarks.word_vectors import load_vectors
from textlens.polar import ngrams
from textlens.polar.reading import FEATURES, Reading
from textlens.resources import dictionaries_root
from textlens.tokens import Tokens, as_tokens

RATING = {"とても満足": 1.0, "満足": 0.5, "どちらでもない": -0.2, "不満": -0.8, "とても不満": -1.0}
SPREAD = {1.0: 1.0, 0.5: 0.0, -0.2: -0.5, -0.8: -1.0, -1.0: -1.0}
JUDGEMENT = {"◎": 1.0, "○": 0.7, "□": 0.0, "▲": -0.7, "×": -1.0}
MIN_TEXTS = (4, 5, 6, 6)
KEEP_ABOVE = 50
"""Thousandths; smaller weights only add to the number of known n-grams by which a sum is divided."""
ALPHA, VECTOR_SCALE = 200.0, 3.0
GRAM_SCALE, LEAST_SCALE = (3.0, 8.0), 0.2
"""How freely an n-gram may weigh, in tourists' answers and in the watchers' (their words are further from one another
and their ratings surer), times how far its good and bad texts differ; an n-gram that tells nothing keeps ``LEAST_SCALE``.
Chosen on months up to 202508, fitted on those up to 202506 (and 202404)."""
SOURCE = (
    "# 書き手自身の評価から求めた重み（1000 分の 1）。出典: 福井県観光アンケート（code4fukui, CC BY 4.0）、"
    "景気ウォッチャー調査（内閣府, CC BY 4.0）。作り方: benchmarks/train_sentiment.py"
)
RATED = ("reason", "transport_reason", "service_reason")
FUKUI_UNTIL, ECONOMY_UNTIL = "202508", "202408"


def data_folder() -> Path:
    """Return the folder of the development data."""
    return Path(os.environ["TEXTLENS_DEV_DATA"])


def read_gold(name: str) -> pd.DataFrame:
    """Return one set of hand labels."""
    lines = (data_folder() / "gold" / f"{name}_gold.jsonl").read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])


def read_rated() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the Fukui answers and the economy watchers, with ``target`` and ``fit``."""
    fukui = pd.read_csv(data_folder() / "fukui_survey_dev.csv", dtype=str)
    fukui = fukui[fukui["text"].notna() & ~fukui["id"].isin(read_gold("fukui")["id"])].reset_index(drop=True)
    fukui["target"] = fukui["score"].map(RATING)
    fukui["fit"] = fukui["month"] <= FUKUI_UNTIL
    economy = pd.read_csv(data_folder() / "economy_watchers_dev.csv", dtype=str)
    economy["target"] = economy["judgement"].map(JUDGEMENT)
    economy["fit"] = economy["month"] <= ECONOMY_UNTIL
    return fukui, economy


def frequent(keys: np.ndarray, docs: np.ndarray, least: int) -> np.ndarray:
    """Return the keys that stand in at least ``least`` texts."""
    order = np.lexsort((docs, keys))
    keys, docs = keys[order], docs[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (docs[1:] != docs[:-1])
    found, count = np.unique(keys[new], return_counts=True)
    return found[(count >= least) & (found != 0)]


def term_of(tokens: Tokens, state: np.ndarray, kind: int, at: int) -> tuple[str, int]:
    """Return an n-gram as it is written in the file."""
    words = [ngrams.word_name(tokens.vocabulary, int(i)) for i in tokens.ids[at : at + 3]]
    if kind == 0:
        return words[0], int(state[at])
    return (" ".join(words[:2]), f"{words[0]} * {words[-1]}", " ".join(words))[kind - 1], 0


class Grams:
    """The n-grams of the texts to fit on, the words that only have a vector, and the matrix of any text over both.

    Attributes
    ----------
    names : list of (str, int)
        Term and state of each column; the first ``n_learnt`` have a weight of their own.
    meaning : float array, shape (n_columns, 300)
        Vector of the columns that are a plain word, else zeros.
    """

    def __init__(self, readings: list[Reading], fit: list[np.ndarray]) -> None:
        self.names: list[tuple[str, int]] = []
        self.index: list[np.ndarray] = []
        per = [ngrams.token_keys(r.tokens, r.scope.state) for r in readings]
        for kind, least in enumerate(MIN_TEXTS):
            chosen, docs, where, first = [], [], [], 0
            for number, (reading, keys, use) in enumerate(zip(readings, per, fit, strict=True)):
                mask = use[reading.tokens.doc_of]
                chosen.append(keys[kind][mask])
                docs.append(reading.tokens.doc_of[mask] + first)
                where += [(number, i) for i in np.flatnonzero(mask).tolist()]
                first += reading.tokens.n_docs
            keys_all = np.concatenate(chosen)
            kept = frequent(keys_all, np.concatenate(docs), least)
            found, place = np.unique(keys_all, return_index=True)
            places = place[np.searchsorted(found, kept)]
            for at in places.tolist():
                number, i = where[at]
                self.names.append(term_of(readings[number].tokens, readings[number].scope.state, kind, i))
            self.index.append(kept)
        self.n_learnt = len(self.names)
        near = load_vectors()
        vectors = near.rows_of([r.tokens.vocabulary for r in readings], ngrams.word_name)
        known = {word for word, state in self.names if state == 0}
        keys = {ngrams.key_of(word): word for word in vectors if word not in known}
        self.only_near = np.array(sorted(keys), np.uint64)
        self.names += [(keys[key], 0) for key in self.only_near.tolist()]
        rows = np.array([vectors.get(word, -1) if state == 0 else -1 for word, state in self.names])
        self.meaning = np.where(rows[:, None] >= 0, near.vectors[rows], 0.0)

    def matrix(self, reading: Reading) -> sparse.csr_matrix:
        """Return counts over the square root of their number, as :class:`Reading` weighs them."""
        tokens, blocks = reading.tokens, []
        keys_of = ngrams.token_keys(tokens, reading.scope.state)
        for keys, index in zip((*keys_of, keys_of[0]), (*self.index, self.only_near), strict=True):
            at = np.minimum(np.searchsorted(index, keys), len(index) - 1)
            ok = index[at] == keys
            blocks.append(
                sparse.csr_matrix(
                    (np.ones(int(ok.sum())), (tokens.doc_of[ok], at[ok])), shape=(tokens.n_docs, len(index))
                )
            )
        counts = sparse.hstack(blocks).tocsr()
        counts.sum_duplicates()
        return sparse.diags(1 / np.sqrt(1 + np.asarray(counts.sum(axis=1)).ravel())) @ counts


def fit_all(fukui: pd.DataFrame, economy: pd.DataFrame) -> None:
    """Fit n-grams and the score, write them."""
    readings = [Reading.of(as_tokens(t["text"])) for t in (fukui, economy)]
    fit = [t["fit"].to_numpy() for t in (fukui, economy)]
    grams = Grams(readings, fit)
    left, right = (grams.matrix(r) for r in readings)
    others = [r.by_text[:, scored_columns()] for r in readings]
    weights, layer = satisfaction(fukui, economy, grams, (left, right), others, fit)
    table = np.rint(weights * ngrams.SCALE).astype(int)
    rows = [(*name, weight) for name, weight in zip(grams.names, table.tolist(), strict=True) if abs(weight) >= KEEP_ABOVE]
    lines = [SOURCE, "term\tstate\tweight", *("\t".join(map(str, row)) for row in sorted(rows))]
    (dictionaries_root() / ngrams.WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} n-grams of {len(grams.names)}")
    write_score(layer)


def telling(counts: sparse.csr_matrix, rating: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return how far the texts that hold each n-gram lean to one side of the mean rating (root mean square 1).

    The log ratio of what the n-gram holds of all that is above the mean and of all that is below it (Wang and Manning
    2012, Baselines and bigrams, ACL), with ratings in place of two classes.
    """
    away = (rating - np.average(rating, weights=weight)) * weight
    held = (counts > 0).astype(float).T
    good, bad = ((held @ np.clip(side * away, 0, None) + 1) / (np.clip(side * away, 0, None).sum() + 1) for side in (1, -1))
    ratio = np.abs(np.log(good / bad))
    return np.asarray(ratio / np.sqrt(np.mean(ratio**2)))


def satisfaction(fukui, economy, grams, counts, others, fit):  # type: ignore[no-untyped-def]
    """Ridge on the writers' own ratings of both surveys, each with an intercept of its own."""
    rated = fit[0] & fukui["target"].notna().to_numpy()
    blamed = fit[0] & (fukui["question"] == "inconvenience").to_numpy()
    n, width = grams.n_learnt, grams.meaning.shape[1]
    own, judged = fukui["target"].to_numpy()[rated], economy["target"].to_numpy()[fit[1]]
    rows = [np.r_[np.flatnonzero(rated), np.flatnonzero(blamed)], np.flatnonzero(fit[1])]
    y = [np.r_[[SPREAD[value] for value in own], np.full(blamed.sum(), -0.7)], judged]
    weight = [np.r_[np.where(own < -0.3, 1.5, 1.0), np.ones(blamed.sum())], np.where(judged == 0, 1.5, 3.0)]
    known = [counts[k][rows[k]][:, :n] for k in (0, 1)]
    often = [np.asarray((held > 0).mean(axis=0)).ravel() + 1e-9 for held in known]
    lean = [
        GRAM_SCALE[k] * (LEAST_SCALE + (1 - LEAST_SCALE) * telling(known[k], y[k], weight[k] / weight[k].mean()))
        for k in (0, 1)
    ]
    scale = (often[0] * lean[0] + often[1] * lean[1]) / (often[0] + often[1])

    def block(which: int) -> sparse.csr_matrix:
        domain = np.zeros((len(rows[which]), 2))
        domain[:, which] = 1
        found = counts[which][rows[which]] @ grams.meaning
        beside = np.hstack([VECTOR_SCALE * found, 2 * others[which][rows[which]], domain])
        return sparse.hstack([known[which] @ sparse.diags(scale), sparse.csr_matrix(beside)])

    model = Ridge(alpha=ALPHA, solver="sparse_cg", fit_intercept=False, tol=1e-4)
    model.fit(sparse.vstack([block(0), block(1)]).tocsr(), np.concatenate(y), sample_weight=np.concatenate(weight))
    print("intercepts", model.coef_[-2:])
    weights = VECTOR_SCALE * grams.meaning @ model.coef_[n : n + width]
    weights[:n] += scale * model.coef_[:n]
    return weights, np.append(2 * model.coef_[n + width : -2], model.coef_[-1])


def write_score(score: np.ndarray) -> None:
    """Write the weight of each feature and the constant."""
    weights = np.zeros(len(FEATURES) + 1)
    weights[[*scored_columns(), -1]] = score
    weights[FEATURES.index("satisfaction")] = 1.0
    lines = ["feature\tsentiment"] + [f"{name}\t{value:.5f}" for name, value in zip((*FEATURES, "constant"), weights, strict=True)]
    (dictionaries_root() / "sentiment/model.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def scored_columns() -> list[int]:
    """Features of the score beside the n-grams (not length, greetings or 特になし)."""
    left_out = {"log_length", "none", "greeting", "satisfaction", "satisfaction_alone", "satisfaction_supposed"}
    return [i for i, name in enumerate(FEATURES) if name not in left_out]


def evaluate() -> None:
    """Print the figures on months that gave no weights, beside a character n-gram ridge, and on hand labels."""
    from scipy.stats import spearmanr
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score

    from textlens.sentiment.scorer import SentimentScorer

    fukui, economy = read_rated()
    for name, table, plain in (("fukui", fukui[fukui["question"].isin(RATED)], 0.3), ("economy", economy, 0.3)):
        table = table[table["target"].notna() & table["text"].notna()]
        new, old = table[~table["fit"]], table[table["fit"]]
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=3, sublinear_tf=True)
        ridge = Ridge(alpha=2.0, solver="sparse_cg").fit(vectors.fit_transform(old["text"]), old["target"])
        found = SentimentScorer().transform(new["text"])["sentiment"]
        clear = new["target"].abs().to_numpy() > plain
        good = new["target"].to_numpy()[clear] > 0
        for who, score in (("textlens", found.fillna(0).to_numpy()), ("char ridge", ridge.predict(vectors.transform(new["text"])))):
            rho, auc = spearmanr(score, new["target"])[0], roc_auc_score(good, score[clear])
            balanced = balanced_accuracy_score(good, score[clear] > 0)
            print(f"{name} {who}: n={len(new)} rho={rho:.3f} auc={auc:.3f} balanced={balanced:.3f}")
        print(f"{name}: nothing found {found.isna().mean():.3f}")
