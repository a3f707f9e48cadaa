"""特徴語: words that one group uses more than the others, with a prior that tames small counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from textlens.checks import beside, real_number, whole_number
from textlens.errors import ParameterError
from textlens.tokens import Tokens
from textlens.words.tables import Words, find_words

REFERENCE_N = 30
"""Groups with fewer comments are marked 参考."""


def characteristic_words(
    texts: pd.Series | Tokens | Words, groups: pd.Series | Sequence[Any], *, prior: float = 500.0, min_docs: int = 3, top: int | None = 10
) -> pd.DataFrame:
    """Compare each group with all other comments.

    Parameters
    ----------
    texts : Series of str, Tokens, or Words
    groups : Series, list or array
        Group of each comment (age band, topic …), same index (a list: same order); missing: the comment is not used.
    prior : float
        Weight of the informative Dirichlet prior, in words: every group starts as if it had said this
        many words in the proportions of all comments.
    min_docs : int
        Words in fewer comments are left out.
    top : int or None
        Words per group; ``None``: all.

    Returns
    -------
    DataFrame
        ``group, n, reference, word, docs_in, docs_out, share_in, share_out, log_odds, z``: comments of the
        group; True where ``n`` is under 30; comments with the word inside and outside and their shares;
        log-odds ratio with prior, and the same over its standard error. Largest ``z`` first in a group.

    Raises
    ------
    ParameterError
        The indexes or lengths differ, there are fewer than two groups, ``prior`` is not positive, or a number is not whole.

    Notes
    -----
    A word counts once per comment: nobody makes a word characteristic by repeating it. ``z`` orders words;
    it is no test of one word among hundreds, and says nothing about causes.

    References
    ----------
    Monroe, Colaresi and Quinn (2008) Fightin' Words, equations 16, 20 and 22.

    Examples
    --------
    >>> texts = pd.Series(["公園の遊具", "公園が好き", "バスの運賃", "バスが遅い"])
    >>> found = characteristic_words(texts, pd.Series(["若", "若", "老", "老"]), min_docs=2, top=1)
    >>> found[["group", "word", "docs_in", "docs_out"]].to_numpy().tolist()
    [['老', 'バス', 2, 0], ['若', '公園', 2, 0]]
    """
    words = texts if isinstance(texts, Words) else find_words(texts)
    groups = beside(groups, words.tokens.index, "groups")
    prior, min_docs = real_number(prior, "prior", 0), whole_number(min_docs, "min_docs")
    top = None if top is None else whole_number(top, "top")
    values = sorted(groups.dropna().unique().tolist(), key=str)
    if len(values) < 2:
        raise ParameterError(f"比べるには 2 つ以上のグループが要ります（グループは {len(values)}）。")
    used = np.flatnonzero(groups.notna().to_numpy())
    seen = (words.matrix()[used] > 0).astype(float)
    mine = groups.iloc[used].to_numpy()
    total = np.asarray(seen.sum(axis=0)).ravel()
    keep = np.flatnonzero(total >= min_docs)
    seen, total, names = seen[:, keep], total[keep], words.names[keep]
    parts = []
    for value in values:
        inside = np.flatnonzero(mine == value)
        own = np.asarray(seen[inside].sum(axis=0)).ravel()
        log_odds, z = log_odds_with_prior(own, total - own, prior * total / max(total.sum(), 1))
        n, others = len(inside), len(used) - len(inside)
        part = pd.DataFrame(
            {
                "group": value, "n": n, "reference": n < REFERENCE_N, "word": names,
                "docs_in": own.astype(int), "docs_out": (total - own).astype(int),
                "share_in": own / max(n, 1), "share_out": (total - own) / max(others, 1), "log_odds": log_odds, "z": z,
            }
        ).round({"share_in": 6, "share_out": 6, "log_odds": 6, "z": 6})  # fmt: skip
        part = part[part["z"] > 0].sort_values(["z", "word"], ascending=[False, True])
        parts.append(part if top is None else part.head(top))
    return pd.concat(parts, ignore_index=True)


def log_odds_with_prior(inside: np.ndarray, outside: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds ratio of words in two corpora with a Dirichlet prior, and its z-score.

    Parameters
    ----------
    inside, outside, prior : float arrays, shape (n_words,)
        Counts in the two corpora, and prior counts.

    Returns
    -------
    log_odds, z : float arrays, shape (n_words,)

    Examples
    --------
    >>> log_odds, z = log_odds_with_prior(np.array([8.0, 2]), np.array([2.0, 8]), np.array([1.0, 1]))
    >>> round(float(log_odds[0]), 6) == round(2 * float(np.log(3)), 6)
    True
    """
    n_in, n_out, n_prior = inside.sum(), outside.sum(), prior.sum()
    one, two = inside + prior, outside + prior
    log_odds = np.log(one / (n_in + n_prior - one)) - np.log(two / (n_out + n_prior - two))
    return log_odds, log_odds / np.sqrt(1 / one + 1 / two)
