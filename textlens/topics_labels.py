"""What to call a topic, and which comments to show for it: by stated rules, no hand in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from textlens.topics_words import GENERAL, TopicWords

N_LABEL_WORDS = 3
N_WORDS = 10
N_REPRESENTATIVES = 3
TIER_SCORE = np.array([0.15, 0.25, 0.5, 1.0])
"""How much a word of each tier (evaluative, verb, general noun, noun) counts in a label."""

OTHER = "その他"
COLUMNS = ("topic", "label", "words", "size", "representatives", "group", "group_label")


@dataclass(frozen=True)
class Corpus:
    """What the description of topics needs of a batch: words, places, texts, ids."""

    words: TopicWords
    place: np.ndarray
    norm: list[str]
    index: pd.Index

    def sort_key(self, row: int) -> tuple[str, str]:
        """Order of rows that does not depend on where they stand."""
        return self.norm[row], str(self.index[row])


def describe(corpus: Corpus, topic: np.ndarray, names: dict[int, str] | None = None) -> pd.DataFrame:
    """Describe every topic.

    Parameters
    ----------
    corpus : Corpus
    topic : int array
        Topic of each comment, 0 = その他.
    names : dict or None
        Labels given by a person, by topic number; they are kept as they are.

    Returns
    -------
    DataFrame
        Columns ``topic, label, words, size, representatives, group, group_label``, by number, その他 last.
    """
    numbers = [int(n) for n in np.unique(topic) if n > 0]
    lists = {n: topic_word_scores(corpus.words, topic == n) for n in numbers}
    labels = dict(names or {})
    taken = set(labels.values()) | {OTHER}
    for n in sorted(numbers, key=lambda n: (-int((topic == n).sum()), n)):
        if n not in labels:
            labels[n] = _label(corpus.words, lists[n], taken)
            taken.add(labels[n])
    group = group_topics(corpus.place, topic, numbers)
    group_names = _group_labels(corpus.words, topic, group)
    rows = [
        {
            "topic": n,
            "label": labels[n],
            "words": tuple(str(corpus.words.terms[i]) for i, _ in lists[n][:N_WORDS]),
            "size": int((topic == n).sum()),
            "representatives": representatives(corpus, np.flatnonzero(topic == n)),
            "group": group[n],
            "group_label": group_names[group[n]],
        }
        for n in numbers
    ]
    rest = np.flatnonzero(topic == 0)
    if len(rest):
        rows.append(
            {"topic": 0, "label": OTHER, "words": (), "size": len(rest), "group": 0, "group_label": OTHER,
             "representatives": representatives(corpus, rest)}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def topic_word_scores(words: TopicWords, inside: np.ndarray) -> list[tuple[int, float]]:
    """Distinctive words of some comments: column and score, best first.

    The score of a word is p·log(p/q) times the weight of its tier: p is the share of the topic's comments
    that have the word, q the share of all comments (the word's part in the Kullback–Leibler divergence;
    a class-based TF-IDF whose idf is measured against the other topics). A part of a compound that
    hardly stands without it is left to the compound.
    """
    seen = (words.counts > 0).astype(float)
    n_inside = max(int(inside.sum()), 1)
    own = np.asarray(seen[np.flatnonzero(inside)].sum(axis=0)).ravel()
    everywhere = np.asarray(seen.sum(axis=0)).ravel()
    share, base = own / n_inside, (everywhere + 0.5) / (len(inside) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(own > 0, share * np.log(share / base), 0.0) * TIER_SCORE[words.tiers]
    score = np.where((own >= 2) | (n_inside < 10), score, 0.0)
    best = np.argsort(-np.round(score, 9), kind="stable")[: 6 * N_WORDS]
    chosen = [int(i) for i in best if score[i] > 0]
    kept = [i for i in chosen if not _swallowed(i, chosen, own, words.terms)]
    return [(i, float(score[i])) for i in kept]


def _swallowed(i: int, chosen: list[int], own: np.ndarray, terms: np.ndarray) -> bool:
    """Is a word little else than a part of a longer one (バウンド of インバウンド), or a rare longer one of it?"""
    for j in chosen:
        if j == i:
            continue
        if terms[i] in terms[j] and own[j] >= 0.6 * own[i]:
            return True
        if terms[j] in terms[i] and own[i] < 0.25 * own[j]:
            return True
    return False


def _label(words: TopicWords, scored: list[tuple[int, float]], taken: set[str]) -> str:
    if not scored:
        return _unused("内容語の少ない声", taken)
    nouns = [(i, s) for i, s in scored if words.tiers[i] >= GENERAL]
    pool = nouns or scored
    head = pool[0][1]
    picked: list[str] = []
    for i, score in pool:
        term = str(words.terms[i])
        if score < 0.2 * head and len(picked) > 0:
            break
        if any(term in other or other in term for other in picked):
            continue
        picked.append(term)
        if len(picked) == N_LABEL_WORDS:
            break
    label = "・".join(picked)
    if label in taken:
        for i, _ in pool:
            if str(words.terms[i]) not in picked:
                label = "・".join([*picked[: N_LABEL_WORDS - 1], str(words.terms[i])])
                if label not in taken:
                    return label
    return _unused(label, taken)


def _unused(label: str, taken: set[str]) -> str:
    number, name = 1, label
    while name in taken:
        number += 1
        name = f"{label}（{number}）"
    return name


def representatives(corpus: Corpus, members: np.ndarray, n: int = N_REPRESENTATIVES) -> tuple[object, ...]:
    """Ids of the comments to show for a topic.

    The rule: of the comments of middling length (between the quartiles of the topic), the nearest to the
    topic's centre first, each sharing less than half of its words with those already chosen; where that
    leaves too few, the remaining comments in the same order, never the same text twice.
    """
    if not len(members):
        return ()
    centre = corpus.place[members].mean(axis=0)
    close = np.round(corpus.place[members] @ centre, 6)
    length = np.array([len(corpus.norm[m]) for m in members])
    low, high = np.quantile(length, [0.25, 0.75])
    far = (length < low) | (length > high)
    near = np.lexsort((-close, far))[:200] if len(members) > 200 else np.arange(len(members))
    edge = (bool(far[near[-1]]), -close[near[-1]]) if len(members) > 200 else None
    if edge is not None:  # comments equal to the last one must not be cut off by their place in the file
        near = np.flatnonzero([(bool(f), -c) <= edge for f, c in zip(far, close, strict=True)])
    order = sorted(near.tolist(), key=lambda k: (bool(far[k]), -close[k], corpus.sort_key(int(members[k]))))[:200]
    chosen: list[int] = []
    for strict in (True, False):
        for k in order:
            row = int(members[k])
            if len(chosen) == n:
                break
            if row not in chosen and not any(_alike(corpus, row, other, strict) for other in chosen):
                chosen.append(row)
    return tuple(corpus.index[row] for row in chosen)


def _alike(corpus: Corpus, a: int, b: int, strict: bool) -> bool:
    if corpus.norm[a] == corpus.norm[b]:
        return True
    if not strict:
        return False
    counts = corpus.words.counts
    mine = set(counts.indices[counts.indptr[a] : counts.indptr[a + 1]].tolist())
    other = set(counts.indices[counts.indptr[b] : counts.indptr[b + 1]].tolist())
    return len(mine & other) >= 0.5 * max(len(mine | other), 1)


def group_topics(place: np.ndarray, topic: np.ndarray, numbers: list[int]) -> dict[int, int]:
    """Put neighbouring topics together (average linkage on the centres), about three to a group."""
    if len(numbers) < 4:
        return {n: k + 1 for k, n in enumerate(numbers)}
    centres = np.array([place[topic == n].mean(axis=0) for n in numbers])
    length = np.linalg.norm(centres, axis=1, keepdims=True)
    tree = linkage(np.round(centres / np.maximum(length, 1e-9), 6), "ward")
    found = fcluster(tree, max(2, round(len(numbers) / 3)), "maxclust")
    order: dict[int, int] = {}
    for g in found.tolist():
        order.setdefault(int(g), len(order) + 1)
    return {n: order[int(g)] for n, g in zip(numbers, found, strict=True)}


def _group_labels(words: TopicWords, topic: np.ndarray, group: dict[int, int]) -> dict[int, str]:
    """Name a group by the themes of the word table that it is richest in, else by its words."""
    names: dict[int, str] = {}
    themes = words.keys[words.n_terms :]
    seen = sparse.csr_matrix(words.weights[:, words.n_terms :] > 0).astype(float)
    everywhere = (np.asarray(seen.sum(axis=0)).ravel() + 0.5) / (len(topic) + 1)
    for g in sorted(set(group.values())):
        inside = np.isin(topic, [n for n, other in group.items() if other == g])
        share = np.asarray(seen[np.flatnonzero(inside)].sum(axis=0)).ravel() / max(int(inside.sum()), 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(share >= 0.2, share * np.log(share / everywhere), 0.0)
        best = [int(i) for i in np.argsort(-np.round(score, 9), kind="stable")[:3] if score[i] > 0]
        best = [i for i in best if score[i] >= 0.4 * score[best[0]]][:2]
        label = "／".join(str(themes[i])[1:] for i in best)
        if not label:
            label = _label(words, topic_word_scores(words, inside), set())
        names[g] = _unused(label, set(names.values()))
    return names
