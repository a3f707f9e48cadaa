"""How many topics? Stability under resampling and coherence of words, side by side; a person decides."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from textlens.checks import seed, whole_number
from textlens.errors import ParameterError
from textlens.tokens import Tokens, as_tokens
from textlens.topics.centres import distinct_rows, settled_centres
from textlens.topics.labels import topic_word_scores
from textlens.topics.space import Space, nearest
from textlens.topics.words import TopicWords, topic_words

AT_MOST = 5_000
"""More distinct comments than this are represented by an even sample."""


def suggest_n(
    texts: pd.Series | Tokens,
    candidates: Iterable[int] = (6, 8, 10, 12, 15, 18, 20, 25, 30),
    *,
    n_boot: int = 10,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare numbers of topics.

    Parameters
    ----------
    texts : Series of str, or Tokens
    candidates : iterable of int
        Numbers of topics to try; those above a fifth of the distinct comments are left out.
    n_boot : int
        Resamples (80 % of the comments, without repetition) for the stability.
    random_state : int

    Returns
    -------
    DataFrame
        One row per number: ``n_topics``; ``stability`` (mean adjusted Rand index between the topics of a
        resample and of all comments, on the shared comments), ``stability_low``, ``stability_high`` (2.5 and
        97.5 % points over the resamples); ``coherence`` (c_npmi of the ten words of each topic, gensim, −1
        … 1); ``suggested``: True for the number with the best sum of ranks of the two, the larger at a tie.

    Raises
    ------
    ParameterError
        No candidate fits the number of comments; candidates, ``n_boot`` or ``random_state`` are no whole numbers.

    Notes
    -----
    Misses: both measures say how firm the topics are, neither whether staff recognise them. Figures that
    differ by less than the interval are no reason to prefer a number.

    References
    ----------
    Ben-Hur, Elisseeff and Guyon (2002) A stability based method for discovering structure in clustered
    data; Röder, Both and Hinneburg (2015) Exploring the space of topic coherence measures.
    """
    if isinstance(candidates, str) or not isinstance(candidates, Iterable):
        raise ParameterError(f"candidates には話題の数の並びを渡してください（{type(candidates).__name__} が渡されました）。")
    wanted = [whole_number(k, "candidates の数", 0) for k in candidates]
    n_boot, random_state = whole_number(n_boot, "n_boot", 0), seed(random_state)
    tokens = as_tokens(texts)
    words = topic_words(tokens)
    rows, weight = distinct_rows(tokens, words)
    step = max(1, -(-len(rows) // AT_MOST))
    rows, weight = rows[::step], weight[::step]
    numbers = sorted({k for k in wanted if 2 <= k <= len(rows) / 5})
    if not numbers or n_boot < 2:
        raise ParameterError(f"内容語のある異なる声が {len(rows)} 件で、候補の話題数がどれも合いません。10 件以上の声と、2 以上でその 5 分の 1 以下の候補、2 以上の n_boot を渡してください。")
    place = Space.fit(words, rows, random_state).place(words)[rows]
    whole = {k: _topics(place, weight, k, random_state) for k in numbers}
    agreement: dict[int, list[float]] = {k: [] for k in numbers}
    chance = np.random.default_rng(random_state)
    for _ in range(n_boot):
        part = np.sort(chance.choice(len(rows), int(0.8 * len(rows)), replace=False))
        place_part = Space.fit(words, rows[part], random_state).place(words)[rows[part]]
        for k in numbers:
            agreement[k].append(adjusted_rand_score(whole[k][part], _topics(place_part, weight[part], k, random_state)))
    table = pd.DataFrame(
        {
            "n_topics": numbers,
            "stability": [float(np.mean(agreement[k])) for k in numbers],
            "stability_low": [float(np.quantile(agreement[k], 0.025)) for k in numbers],
            "stability_high": [float(np.quantile(agreement[k], 0.975)) for k in numbers],
            "coherence": [_coherence(words, rows, whole[k]) for k in numbers],
        }
    ).round(4)
    rank = table["stability"].rank() + table["coherence"].rank()
    best = table.index[rank == rank.max()][-1]
    return table.assign(suggested=table.index == best)


def _topics(place: np.ndarray, weight: np.ndarray, n_topics: int, random_state: int) -> np.ndarray:
    found, _ = nearest(place, settled_centres(place, weight, n_topics, random_state))
    return found


def _coherence(words: TopicWords, rows: np.ndarray, topic: np.ndarray) -> float:
    """Mean c_npmi of the ten most distinctive words of the topics, measured on the comments themselves."""
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    logging.getLogger("gensim").setLevel(logging.WARNING)
    part = TopicWords(
        sparse.csr_matrix(words.counts[rows]), sparse.csr_matrix(words.weights[rows]), words.terms, words.keys, words.tiers, words.alone, words.known
    )
    names = np.array([f"{i:06d}" for i in range(words.n_terms)], object)
    texts = [names[part.counts.indices[a:b]].tolist() for a, b in zip(part.counts.indptr[:-1], part.counts.indptr[1:], strict=True)]
    lists = [[str(names[i]) for i, _ in topic_word_scores(part, topic == k)[:10]] for k in np.unique(topic)]
    lists = [words_of for words_of in lists if len(words_of) >= 2]
    if not lists:
        return float("nan")
    model = CoherenceModel(topics=lists, texts=texts, dictionary=Dictionary(texts), coherence="c_npmi", topn=10, window_size=10_000, processes=1)
    return float(np.nanmean(model.get_coherence_per_topic()))
