"""What to call a topic, and which comments to show for it: by stated rules, no hand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from textlens.rules import load_rows
from textlens.topics.words import FORMULA, GENERAL, TopicWords

UNKNOWN_SCORE = 0.75
"""A word that is in neither the theme table nor the list of compounds counts this much of one that is."""

N_LABEL_WORDS = 3
N_WORDS = 10
N_REPRESENTATIVES = 3
TIER_SCORE = np.array([0.5, 0.15, 0.25, 0.5, 1.0])
"""How much a word of each tier (formula, evaluative, verb, general noun, noun) counts in a label."""

MIN_ALONE = 0.1
"""A word that stands by itself less often than this is left to its compounds (バウンド, 自動)."""

OTHER = "その他"
FORMULAS = "定型の言葉（{}）"
"""Label of a topic whose first word is a formula: its comments are made of thanks, requests, answers."""

OTHER_AREA = "分野をまたぐ話題"
FORMULA_AREA = "定型の言葉"
COLUMNS = ("topic", "label", "words", "size", "representatives", "group", "group_label")


@dataclass(frozen=True)
class Corpus:
    """What the description of topics needs of a batch: words, places, texts, ids."""

    words: TopicWords
    place: np.ndarray
    norm: list[str]
    index: pd.Index
    core: np.ndarray
    """Bool per comment: does it lie near its topic's centre? Words of a topic are taken from these."""

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
    lists = {n: topic_word_scores(corpus.words, _clear(topic == n, corpus.core)) for n in numbers}
    labels = dict(names or {})
    taken = set(labels.values()) | {OTHER}
    for n in sorted(numbers, key=lambda n: (-int((topic == n).sum()), n)):
        if n not in labels:
            labels[n] = _label(corpus.words, lists[n], taken)
            taken.add(labels[n])
    formulaic = {n for n in numbers if lists[n] and corpus.words.tiers[lists[n][0][0]] == FORMULA}
    group, group_names = group_topics(corpus, topic, numbers, formulaic)
    rows = [
        {
            "topic": n,
            "label": labels[n],
            "words": tuple(str(corpus.words.terms[i]) for i, _ in lists[n][:N_WORDS]),
            "size": int((topic == n).sum()),
            "representatives": representatives(corpus, np.flatnonzero(topic == n), [i for i, _ in lists[n][:N_LABEL_WORDS]]),
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


def _clear(inside: np.ndarray, core: np.ndarray) -> np.ndarray:
    """Members near the centre, if there are five or more; else all members."""
    clear = inside & core
    return clear if clear.sum() >= 5 else inside


def topic_word_scores(words: TopicWords, inside: np.ndarray) -> list[tuple[int, float]]:
    """Distinctive words of some comments: column and score, best first.

    The score of a word is p·log(p/q) times the weight of its tier (three quarters of
    it for a word outside the word tables): p is the share of the topic's comments
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
    score = score * np.where(words.known, 1.0, UNKNOWN_SCORE)
    score = np.where(((own >= 2) | (n_inside < 10)) & (words.alone >= MIN_ALONE), score, 0.0)
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
    formulaic = words.tiers[scored[0][0]] == FORMULA
    pool = [(i, s) for i, s in scored if (words.tiers[i] == FORMULA) == formulaic]
    pool = [(i, s) for i, s in pool if words.tiers[i] >= GENERAL] or pool
    form = FORMULAS if formulaic else "{}"
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
    label = form.format("・".join(picked))
    if label in taken:
        for i, _ in pool:
            if str(words.terms[i]) not in picked:
                label = form.format("・".join([*picked[: N_LABEL_WORDS - 1], str(words.terms[i])]))
                if label not in taken:
                    return label
    return _unused(label, taken)


def _unused(label: str, taken: set[str]) -> str:
    number, name = 1, label
    while name in taken:
        number += 1
        name = f"{label}（{number}）"
    return name


def representatives(
    corpus: Corpus, members: np.ndarray, own_words: Sequence[int] = (), n: int = N_REPRESENTATIVES
) -> tuple[object, ...]:
    """Ids of the comments to show for a topic.

    The rule: of the comments of middling length (between the quartiles of the topic) that have one of the
    topic's first words, the nearest to the topic's centre first, each sharing less than half of its words
    with those already chosen; where that leaves too few, the remaining comments in the same order, never
    the same text twice.
    """
    if not len(members):
        return ()
    centre = corpus.place[members].mean(axis=0)
    close = np.round(corpus.place[members] @ centre, 6)
    length = np.array([len(corpus.norm[m]) for m in members])
    low, high = np.quantile(length, [0.25, 0.75])
    far = (length < low) | (length > high)
    if len(own_words):
        far |= np.diff(sparse.csr_matrix(corpus.words.counts[members][:, list(own_words)]).indptr) == 0
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


def group_topics(
    corpus: Corpus, topic: np.ndarray, numbers: list[int], formulaic: set[int]
) -> tuple[dict[int, int], dict[int, str]]:
    """Second level: the field of municipal work (分野) a topic belongs to, else its neighbours.

    A topic belongs to the field of the theme it is richest in (``themes.tsv``, ``areas.tsv``); one whose first
    word is a formula (``formulaic``) belongs to these. Where fewer than 60 % of the others have a field, or one field has more than half of them, topics are put together by
    the distance of their centres (Ward), about three to a group, and named by their words.

    Returns
    -------
    group : dict
        Topic → number of its group.
    names : dict
        Group → its name.
    """
    areas = {row.term: row.label for row in load_rows("topics/areas.tsv")}
    theme = _themes_of_topics(corpus.words, topic, numbers)
    area = {n: FORMULA_AREA if n in formulaic else areas.get(theme[n], OTHER_AREA) for n in numbers}
    with_area = [a for a in area.values() if a not in (OTHER_AREA, FORMULA_AREA)]
    largest = max((with_area.count(a) for a in set(with_area)), default=0)
    if len(with_area) >= 0.6 * (len(numbers) - len(formulaic)) and largest <= 0.5 * len(numbers):
        order: dict[str, int] = {}
        for n in numbers:
            order.setdefault(area[n], len(order) + 1)
        return {n: order[area[n]] for n in numbers}, {g: name for name, g in order.items()}
    group = _by_distance(corpus.place, topic, [n for n in numbers if n not in formulaic])
    named = sorted(set(group.values()))
    group |= dict.fromkeys(sorted(formulaic), len(named) + 1)
    names = {len(named) + 1: FORMULA_AREA} if formulaic else {}
    for g in named:
        inside = np.isin(topic, [n for n, other in group.items() if other == g])
        names[g] = _label(corpus.words, topic_word_scores(corpus.words, inside), set(names.values()))
    return group, names


def _themes_of_topics(words: TopicWords, topic: np.ndarray, numbers: list[int]) -> dict[int, str]:
    """The theme each topic is richest in; empty where no theme is in a quarter of its comments."""
    names = [str(key)[1:] for key in words.keys[words.n_terms :]]
    seen = sparse.csr_matrix(words.weights[:, words.n_terms :] > 0).astype(float)
    everywhere = (np.asarray(seen.sum(axis=0)).ravel() + 0.5) / (len(topic) + 1)
    found = {}
    for n in numbers:
        share = np.asarray(seen[np.flatnonzero(topic == n)].mean(axis=0)).ravel()
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(share >= 0.25, share * np.log(share / everywhere), 0.0)
        best = int(np.argmax(np.round(score, 9))) if len(score) else -1
        found[n] = names[best] if best >= 0 and score[best] > 0 else ""
    return found


def _by_distance(place: np.ndarray, topic: np.ndarray, numbers: list[int]) -> dict[int, int]:
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
