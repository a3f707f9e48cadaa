"""Compare ways to find topics on texts whose categories are known; prints a Markdown table.

Usage: python -m benchmarks.topics DATA_FOLDER [--runs 5] [--texts 1500] [--half 1|2]
       python -m benchmarks.topics DATA_FOLDER --stability
       python -m benchmarks.topics --speed      (made comments; medians of three, with the load of the machine)
Each run draws its own texts and its own seed; the interval is the 2.5 and 97.5 % points of the mean
over 2,000 bootstrap draws of the runs; differences are taken run by run. Changes are decided on half 1 of
each data set and reported on half 2. Only figures are printed, never texts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from gensim.corpora import Dictionary
from gensim.matutils import Sparse2Corpus, corpus2dense
from gensim.models import LdaModel, LsiModel
from scipy import sparse
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from benchmarks.texts import made_comments
from textlens.sample import load_master
from textlens.status import row_status
from textlens.tokens import Tokens, as_tokens, term_matrix
from textlens.topics import words as topics_words
from textlens.topics.clusterer import TopicClusterer

Labels = np.ndarray


def datasets(folder: Path) -> dict[str, pd.DataFrame]:
    """Texts with a known category (columns ``text, category``), categories of some size only."""
    asdc = pd.read_csv(folder / "asdc_dialog_act.tsv", sep="\t", dtype=str, keep_default_na=False)
    fukui = pd.read_csv(folder / "fukui_survey_dev.csv", dtype=str, keep_default_na=False)
    watch = pd.read_csv(folder / "economy_watchers_dev.csv", dtype=str, keep_default_na=False)
    gold = pd.DataFrame(json.loads(line) for line in (folder / "gold" / "municipal_gold.jsonl").open(encoding="utf-8"))
    gold = gold[gold.departments.str.len() > 0]
    organ = gold.departments.str[0]
    trade = watch.trade.map(lambda t: re.sub("[［（].*", "", t))
    return {
        "asdc 対話行為": asdc.rename(columns={"utterance": "text", "speech_act": "category"})[["text", "category"]],
        "福井 設問": fukui.rename(columns={"question": "category"})[["text", "category"]],
        "景気 業種": _common(pd.DataFrame({"text": watch.text, "category": trade}), 200),
        "景気 分野": watch.rename(columns={"sector": "category"})[["text", "category"]],
        "自治体 担当課": _common(pd.DataFrame({"text": gold.text, "category": organ}), 4),
    }


def _common(table: pd.DataFrame, at_least: int) -> pd.DataFrame:
    counts = table.category.value_counts()
    return table[table.category.isin(counts.index[counts >= at_least])]


def half_of(data: pd.DataFrame, half: int) -> pd.DataFrame:
    """The whole, or one of two halves drawn once and for all."""
    if not half:
        return data
    order = np.random.default_rng(12345).permutation(len(data))
    middle = len(data) // 2
    return data.iloc[np.sort(order[:middle] if half == 1 else order[middle:])]


def plain(tokens: Tokens) -> sparse.csr_matrix:
    counts, _ = term_matrix(tokens, min_docs=2)
    return counts


def tfidf_kmeans(tokens: Tokens, k: int, seed: int) -> Labels:
    return KMeans(k, n_init=4, random_state=seed).fit_predict(TfidfTransformer(sublinear_tf=True).fit_transform(plain(tokens)))


def _lsa(tokens: Tokens, seed: int) -> np.ndarray:
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(plain(tokens))
    return normalize(TruncatedSVD(min(100, min(weights.shape) - 1), random_state=seed).fit_transform(weights))


def lsa_kmeans(tokens: Tokens, k: int, seed: int) -> Labels:
    return KMeans(k, n_init=4, random_state=seed).fit_predict(_lsa(tokens, seed))


def lsa_ward(tokens: Tokens, k: int, seed: int) -> Labels:
    return AgglomerativeClustering(k).fit_predict(_lsa(tokens, seed))


def nmf(tokens: Tokens, k: int, seed: int) -> Labels:
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(plain(tokens))
    return NMF(k, init="nndsvd", max_iter=200, random_state=seed, tol=1e-3).fit_transform(weights).argmax(axis=1)


def _bags(tokens: Tokens) -> tuple[list[list[tuple[int, int]]], Dictionary, int]:
    counts = plain(tokens)
    corpus = [list(zip(row.indices.tolist(), row.data.astype(int).tolist(), strict=True)) for row in counts]
    return corpus, {i: str(i) for i in range(counts.shape[1])}, counts.shape[1]


def gensim_lda(tokens: Tokens, k: int, seed: int) -> Labels:
    corpus, words, _ = _bags(tokens)
    model = LdaModel(corpus, num_topics=k, id2word=words, passes=5, random_state=seed)
    return corpus2dense(model.get_document_topics(corpus, minimum_probability=0), k, len(corpus)).argmax(axis=0)


def gensim_lsi(tokens: Tokens, k: int, seed: int) -> Labels:
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(plain(tokens))
    corpus = Sparse2Corpus(weights, documents_columns=False)
    model = LsiModel(corpus, num_topics=k, id2word={i: str(i) for i in range(weights.shape[1])}, random_seed=seed)
    return np.abs(corpus2dense(model[corpus], k, weights.shape[0])).argmax(axis=0)


def ours(tokens: Tokens, k: int, seed: int) -> Labels:
    return TopicClusterer(k, random_state=seed).fit_predict(tokens).to_numpy()


def without_themes(tokens: Tokens, k: int, seed: int) -> Labels:
    """What the word table of municipal themes is worth: the same with its weight at zero."""
    kept = topics_words.THEME_WEIGHT
    topics_words.THEME_WEIGHT = 0.0
    try:
        return ours(tokens, k, seed)
    finally:
        topics_words.THEME_WEIGHT = kept


METHODS: dict[str, Callable[[Tokens, int, int], Labels]] = {
    "KMeans, TF-IDF": tfidf_kmeans,
    "KMeans, LSA 100": lsa_kmeans,
    "Ward, LSA 100": lsa_ward,
    "NMF": nmf,
    "gensim LDA": gensim_lda,
    "gensim LSI": gensim_lsi,
    "textlens without themes": without_themes,
    "textlens": ours,
}
SCORES = {"ARI": adjusted_rand_score, "NMI": normalized_mutual_info_score}
"""The V-measure is the same number as NMI with the arithmetic mean (scikit-learn's default)."""


def compare(data: pd.DataFrame, runs: int, n_texts: int, methods: dict[str, Callable[[Tokens, int, int], Labels]]) -> pd.DataFrame:
    """Scores of every method on ``runs`` samples; as many topics as there are categories."""
    rows = []
    for run in range(runs):
        size = min(n_texts, int(len(data) * 0.8))
        sample = data.sample(size, random_state=run)
        tokens = as_tokens(sample.text.reset_index(drop=True))
        k = sample.category.nunique()
        for name, method in methods.items():
            start = time.perf_counter()
            found = method(tokens, k, run)
            seconds = time.perf_counter() - start
            rows.append({"method": name, "run": run, "s": seconds} | {s: f(sample.category, found) for s, f in SCORES.items()})
    return pd.DataFrame(rows)


def interval(values: pd.Series) -> str:
    """Mean with a bootstrap interval."""
    draws = np.random.default_rng(0).choice(values.to_numpy(), (2000, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def differences(scores: pd.DataFrame, others: list[str], own: str = "textlens") -> str:
    """Ours less each other method, run by run, with intervals: one row of a table per method."""
    mine = scores[scores.method == own].set_index("run")
    lines = []
    for name in others:
        other = scores[scores.method == name].set_index("run")
        lines.append(f"| {own} − {name} | " + " | ".join(interval((mine[s] - other[s]).dropna()) for s in SCORES) + " | |")
    return "\n".join(lines)


def stability(data: dict[str, pd.DataFrame], draws: int = 8) -> None:
    """Print how far topics of 80 % of the texts agree (ARI) with those of all, on the shared texts."""
    sample = load_master()["自由意見"].fillna("")
    sets = {"sample survey": sample[row_status(sample) == "ok"]}
    sets |= {name: part.text.sample(min(1200, len(part)), random_state=0) for name, part in data.items() if len(part) >= 1000}
    print("| texts | topics | ARI with 80 % of them |\n|---|---|---|")
    for name, texts in sets.items():
        tokens = as_tokens(texts.reset_index(drop=True))
        whole = TopicClusterer().fit_predict(tokens).to_numpy()
        found = []
        for draw in range(draws):
            part = np.sort(np.random.default_rng(draw).choice(tokens.n_docs, int(0.8 * tokens.n_docs), replace=False))
            less = TopicClusterer(len(np.unique(whole[whole > 0]))).fit_predict(tokens[part])
            found.append(adjusted_rand_score(whole[part], less))
        print(f"| {name} ({len(texts)}) | {whole.max()} | {interval(pd.Series(found))} |", flush=True)


def speed(sizes: tuple[int, ...] = (2_500, 100_000), rounds: int = 3) -> None:
    """Print seconds of the parse and of the topics (fit, labels, representatives), one process."""
    print("| comments | parse s | topics s | load before | cores |\n|---|---|---|---|---|")
    for size in sizes:
        texts = made_comments(size)
        load, spent = os.getloadavg()[0], []
        for _ in range(rounds):
            start = time.perf_counter()
            tokens = as_tokens(texts)
            parsed = time.perf_counter()
            TopicClusterer().fit(tokens)
            spent.append((parsed - start, time.perf_counter() - parsed))
        parse, topics = np.median(spent, axis=0)
        print(f"| {size:,} | {parse:.1f} | {topics:.1f} | {load:.1f} | {os.cpu_count()} |", flush=True)


def main() -> None:
    """Print one table per data set, or the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--only", default="")
    parser.add_argument("--half", type=int, choices=(0, 1, 2), default=0)
    parser.add_argument("--stability", action="store_true")
    args = parser.parse_args()
    if args.speed or args.folder is None:
        speed()
        return
    sets = {name: half_of(data.reset_index(drop=True), args.half) for name, data in datasets(args.folder).items()}
    if args.stability:
        stability(sets)
        return
    methods = {name: m for name, m in METHODS.items() if any(only in name for only in args.only.split("|"))}
    for name, data in sets.items():
        scores = compare(data, args.runs, args.texts, methods)
        print(f"\n### {name} ({min(args.texts, int(len(data) * 0.8))} texts, {data.category.nunique()} categories)\n")
        print("| method | ARI | NMI = V | s |\n|---|---|---|---|")
        for method in methods:
            part = scores[scores.method == method]
            print(f"| {method} | " + " | ".join(interval(part[s]) for s in SCORES) + f" | {part.s.median():.2f} |")
        if "textlens" in methods:
            print(differences(scores, [m for m in ("KMeans, TF-IDF", "gensim LDA") if m in methods]), flush=True)


if __name__ == "__main__":
    main()
