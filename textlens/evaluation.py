"""How good is a classifier on an office's labels: precision, recall, F1 with intervals, beside baselines.

Every figure stands beside simple baselines (the commonest label for all; a list of keywords; a linear SVM over
character n-grams in the same folds), and texts that are the same never stand on both sides of a fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from textlens.checks import listed, whole_number
from textlens.errors import ParameterError
from textlens.rules import read_table
from textlens.tables.statistics import share_interval

KEYWORDS = "intent/keywords.tsv"
_COLUMNS = ("label", "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high",
            "f1", "f1_low", "f1_high", "n_true", "n_given", "n_labels")  # fmt: skip


def wilson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson interval of a share; (0, 1) where there is nothing to count.

    References
    ----------
    Wilson (1927), JASA 22: 209-212.

    Examples
    --------
    >>> tuple(round(x, 3) for x in wilson(9, 10))
    (0.596, 0.982)
    """
    return share_interval(hits, n, level=level) if n else (0.0, 1.0)


def class_report(
    truth: pd.DataFrame, given: pd.DataFrame, *, n_bootstrap: int = 500, level: float = 0.95, random_state: int = 0
) -> pd.DataFrame:
    """Measure each label.

    Parameters
    ----------
    truth, given : bool DataFrames
        One row per text, one column per label. Labels of ``truth`` that ``given`` does not have cannot be measured: their
        figures are NaN.
    n_bootstrap : int
        Resamples of the texts for the interval of F1 (precision and recall have Wilson's).

    Returns
    -------
    DataFrame
        One row per label (columns ``label, precision …, f1, f1_low, f1_high, n_true, n_given``) and a last row
        ``macro`` with the mean F1 of the labels that occur and could be measured (NaN: none); ``n_labels`` says over how many.

    Raises
    ------
    ParameterError
        The frames have different numbers of rows, there is no label, or ``n_bootstrap`` is no whole number from 0.
    """
    n_bootstrap = whole_number(n_bootstrap, "n_bootstrap")
    if len(truth) != len(given):
        raise ParameterError(f"正解が {len(truth)} 件、判定が {len(given)} 件です。同じ件数にしてください。")
    if not len(truth.columns):
        raise ParameterError("正解にラベルの列がありません。")
    measured = np.isin(truth.columns.to_numpy(object), given.columns.to_numpy(object))
    t = truth.to_numpy(bool)
    g = given.reindex(columns=truth.columns, fill_value=False).to_numpy(bool)
    rng = np.random.default_rng(random_state)
    picks = rng.integers(0, max(len(t), 1), (n_bootstrap, len(t)))
    resampled = np.array([_f1(t[pick], g[pick]) for pick in picks]).reshape(n_bootstrap, t.shape[1])
    f1 = _f1(t, g)
    tail = (1 - level) / 2
    rows: list[tuple[object, ...]] = []
    for i, name in enumerate(truth.columns):
        hits, n_given, n_true = int((t[:, i] & g[:, i]).sum()), int(g[:, i].sum()), int(t[:, i].sum())
        if not measured[i]:
            rows.append((name, *[np.nan] * 9, n_true, 0, 0))
            continue
        low, high = np.quantile(resampled[:, i], [tail, 1 - tail]) if n_bootstrap else (np.nan, np.nan)
        rows.append((name, hits / n_given if n_given else np.nan, *wilson(hits, n_given, level),
                     hits / n_true if n_true else np.nan, *wilson(hits, n_true, level),
                     f1[i], low, high, n_true, n_given, 1))  # fmt: skip
    mean = t.any(axis=0) & measured
    macro = resampled[:, mean].mean(axis=1) if mean.any() else np.full(n_bootstrap, np.nan)
    low, high = np.quantile(macro, [tail, 1 - tail]) if n_bootstrap else (np.nan, np.nan)
    rows.append(("macro", *[np.nan] * 6, float(f1[mean].mean()) if mean.any() else np.nan, low, high,
                 int(t[:, measured].sum()), int(g.sum()), int(mean.sum())))  # fmt: skip
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _f1(t: np.ndarray, g: np.ndarray) -> np.ndarray:
    both = (t & g).sum(axis=0)
    return np.asarray(2 * both / np.maximum(t.sum(axis=0) + g.sum(axis=0), 1))


def majority_baseline(truth: pd.DataFrame) -> pd.DataFrame:
    """Return what a classifier gives that gives every text the commonest label and nothing else."""
    table = pd.DataFrame(False, index=truth.index, columns=truth.columns)
    if len(truth.columns):
        table[truth.sum().idxmax()] = True
    return table


def keyword_baseline(texts: pd.Series, keywords: Mapping[str, str | Sequence[str]] | None = None) -> pd.DataFrame:
    """Return what a short list of keywords gives: a label wherever one of its words stands.

    Parameters
    ----------
    texts : Series of str
    keywords : mapping of label → word or words, optional
        By default ``dictionaries/intent/keywords.tsv``.

    Examples
    --------
    >>> keyword_baseline(pd.Series(["道が狭くて困る", "直してください"]))[["complaint", "request"]].values.tolist()
    [[True, False], [False, True]]
    """
    chosen: dict[str, list[str]] = {} if keywords is None else {label: listed(words, f"keywords の「{label}」") for label, words in keywords.items()}
    if keywords is None:
        for row in read_table(KEYWORDS):
            chosen.setdefault(row["label"], []).append(row["term"])
    values = texts.fillna("").astype(str).tolist()
    return pd.DataFrame(
        {label: [any(word in text for word in words) for text in values] for label, words in chosen.items()},
        index=texts.index,
    )


def svm_baseline(train: pd.Series, labels: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
    """Return what a linear SVM over TF-IDF of character n-grams gives, learnt from the training texts alone.

    What anybody would build in ten lines: one support vector machine per label, or one for all where each text has exactly one.
    For :func:`cross_predict`.

    Parameters
    ----------
    train, labels : Series of str, bool DataFrame
    test : Series of str

    Returns
    -------
    bool DataFrame
        Index of ``test``, columns of ``labels``; a label that all training texts have, or none, is given to all, or none.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # 0.5 s to import, for evaluate alone
    from sklearn.svm import LinearSVC

    given = pd.DataFrame(False, index=test.index, columns=labels.columns)
    given.loc[:, labels.all()] = True
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known, asked = vectorizer.fit_transform(train.astype(str)), vectorizer.transform(test.astype(str))
    learnable = labels.columns[labels.any() & ~labels.all()]
    if len(learnable) > 1 and bool((labels.sum(axis=1) == 1).all()):
        chosen = LinearSVC(random_state=0).fit(known, labels.to_numpy(bool).argmax(axis=1)).predict(asked)
        return pd.DataFrame(chosen[:, None] == np.arange(len(labels.columns)), index=test.index, columns=labels.columns)
    for name in learnable:
        given[name] = LinearSVC(random_state=0, class_weight="balanced").fit(known, labels[name].to_numpy(bool)).predict(asked)
    return given.astype(bool)


def group_folds(texts: Sequence[str] | pd.Series, n_folds: int = 5, random_state: int = 0) -> np.ndarray:
    """Number the folds so that equal texts (but for spaces) share one.

    Returns
    -------
    int array, shape (n_texts,)
        Folds of nearly equal size.

    Raises
    ------
    ParameterError
        Fewer different texts than folds, or ``n_folds`` is no whole number of at least 2.

    Examples
    --------
    >>> folds = group_folds(["あ", "い", "あ ", "う"], n_folds=2)
    >>> bool(folds[0] == folds[2])
    True
    """
    n_folds = whole_number(n_folds, "n_folds", 2)
    group = pd.factorize(pd.Series(["".join(str(text).split()) for text in listed(texts, "texts")]))[0]
    sizes = np.bincount(group)
    if len(sizes) < n_folds:
        raise ParameterError(f"異なる文章が {len(sizes)} 件しかなく、{n_folds} 分割できません。分割の数を減らしてください。")
    order = np.random.default_rng(random_state).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold_of, load = np.zeros(len(sizes), int), np.zeros(n_folds, int)
    for one in order:
        fold_of[one] = int(np.argmin(load))
        load[fold_of[one]] += sizes[one]
    return fold_of[group]


@dataclass(frozen=True)
class Fold:
    """Positions of one fold."""

    train: np.ndarray
    test: np.ndarray


def each_fold(folds: np.ndarray) -> Iterator[Fold]:
    """Yield the training and test positions of each fold."""
    for number in range(int(folds.max()) + 1):
        yield Fold(np.flatnonzero(folds != number), np.flatnonzero(folds == number))


def cross_predict(
    texts: pd.Series, labels: pd.DataFrame, fit_predict: Callable[[pd.Series, pd.DataFrame, pd.Series], pd.DataFrame],
    *, n_folds: int = 5, random_state: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Return predictions for every text by a model that did not see it or its duplicates.

    Parameters
    ----------
    texts, labels : Series, DataFrame
    fit_predict : callable
        ``fit_predict(train_texts, train_labels, test_texts)`` → DataFrame with the columns of ``labels``.
    """
    parts = [
        fit_predict(texts.iloc[fold.train], labels.iloc[fold.train], texts.iloc[fold.test]).set_axis(fold.test, axis=0)
        for fold in each_fold(group_folds(texts, n_folds, random_state))
    ]
    return pd.concat(parts).sort_index().set_axis(texts.index, axis=0)


def label_conflicts(texts: pd.Series, labels: pd.DataFrame) -> list[list[object]]:
    """Return the ids of equal texts (but for spaces) whose labels differ, one list per text: no model can be right about both.

    Examples
    --------
    >>> label_conflicts(pd.Series(["あ", "い", "あ "], index=[7, 8, 9]), pd.DataFrame({"a": [True, True, False]}))
    [[7, 9]]
    """
    plain = ["".join(str(text).split()) for text in texts]
    rows = pd.Series(list(map(tuple, labels.to_numpy(bool).tolist())))
    found = [group for _, group in rows.groupby(plain, sort=False) if group.nunique() > 1]
    return [texts.index[group.index].tolist() for group in found]


def calibration_error(probability: np.ndarray, truth: np.ndarray, n_bins: int = 10) -> float:
    """Return the expected calibration error: mean gap between probability and share, over equal bins.

    Raises
    ------
    ParameterError
        ``n_bins`` is no whole number of at least 1.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015), AAAI.

    Examples
    --------
    >>> round(calibration_error(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1, 1, 0, 0])), 3)
    0.1
    """
    n_bins = whole_number(n_bins, "n_bins", 1)
    p, y = np.asarray(probability, float).ravel(), np.asarray(truth, float).ravel()
    if not len(p):
        return float("nan")
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)
    size = np.bincount(bins, minlength=n_bins)
    gap = np.abs(np.bincount(bins, p, n_bins) - np.bincount(bins, y, n_bins))
    return float(gap.sum() / size.sum())


def confusion_table(truth: pd.Series, given: pd.Series) -> pd.DataFrame:
    """Return counts of main labels: rows the truth, columns what was given, both in one order.

    Examples
    --------
    >>> confusion_table(pd.Series(["a", "b", "b"]), pd.Series(["a", "a", "b"])).to_numpy().tolist()
    [[1, 0], [1, 1]]
    """
    if len(truth) != len(given):
        raise ParameterError(f"正解が {len(truth)} 件、判定が {len(given)} 件です。同じ件数にしてください。")
    names = sorted({*truth.tolist(), *given.tolist()})
    number = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(names), len(names)), int)
    np.add.at(table, ([number[x] for x in truth], [number[x] for x in given]), 1)
    return pd.DataFrame(table, index=pd.Index(names, name="truth"), columns=pd.Index(names, name="given"))
