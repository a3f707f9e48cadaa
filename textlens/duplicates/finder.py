"""定型文・コピペ: the same text sent in by many. Grouped and counted, never thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from textlens.checks import share_number
from textlens.duplicates.near import near_leaders
from textlens.text.normalize import normalize
from textlens.tokens import Tokens
from textlens.tokens.texts import as_text, text_series

MIN_CHARS = 20
"""Shorter texts that are alike (特になし, バスを増やして) are coincidence, not a form letter."""

MIN_NEAR_CHARS = 30
"""Near-duplicates are looked for only from this length: below it, one word is the whole message."""

THRESHOLD = 0.7
"""Least share of common character 4-grams (Jaccard) of a copy and the version it is grouped with."""

_IGNORED = re.compile(r"[\s、。,.!?・「」『』()\-~]+")


@dataclass(frozen=True)
class Duplicates:
    """What :func:`find_duplicates` found.

    Attributes
    ----------
    groups : Series of Int64
        Group of each text, 1 = the largest; ``<NA>`` for texts that stand alone.
    table : DataFrame
        One row per group: ``group, size, distinct, representative, similarity``: number of texts; number
        of different versions; id of a text with the most frequent version; the least similarity of a
        version to it (1.0: all the same but for spaces and punctuation).
    n_texts, n_distinct : int
        All texts, and the texts that remain when each group counts once. Report both.
    """

    groups: pd.Series
    table: pd.DataFrame
    n_texts: int
    n_distinct: int


def find_duplicates(texts: pd.Series | Tokens, *, threshold: float = THRESHOLD) -> Duplicates:
    """Find texts that are copies of each other, word for word or nearly.

    Identical texts are put together first (a campaign of 200,000 letters with 8,000 versions costs no
    more than 8,000 texts); the versions are compared by MinHash over character 4-grams, and every pair
    kept has its true Jaccard similarity checked.

    Parameters
    ----------
    texts : Series of str, or Tokens
    threshold : float
        Least Jaccard similarity, above 0 and up to 1; ``1`` finds identical texts only.

    Returns
    -------
    Duplicates
        The same groups with the same numbers in any order of rows.

    Raises
    ------
    ParameterError
        ``threshold`` is outside its range, or the texts are no row of texts (a table, one str …).

    Notes
    -----
    A text joins the group of the most frequent version it is similar to, never of a copy of a copy: groups
    do not drift. Misses: texts under 20 characters are never grouped, near-copies under 30 neither; a
    copy with an addition longer than about 0.4 of itself stands alone; a pair exactly at the threshold is
    missed once in forty times (MinHash). Two form letters that differ in one place name are one group.

    References
    ----------
    Broder (1997) On the resemblance and containment of documents; Leskovec, Rajaraman and Ullman,
    *Mining of Massive Datasets*, ch. 3 (banding).

    Examples
    --------
    >>> letter = "市民会館の建て替えは税金の無駄遣いです。計画を白紙に戻し、学校の修繕を先にしてください。"
    >>> found = find_duplicates(pd.Series([letter, letter + "お願いします。", "公園が好き", letter], index=list("abcd")))
    >>> found.groups.tolist(), found.n_texts, found.n_distinct
    ([1, 1, <NA>, 1], 4, 2)
    >>> found.table[["size", "distinct", "representative"]].to_numpy().tolist()
    [[3, 2, 'a']]
    """
    threshold = share_number(threshold, "threshold", open_below=True)
    norm, index = _normalized(texts)
    keys = np.array([_IGNORED.sub("", text) for text in norm], object)
    long = np.array([len(key) >= MIN_CHARS for key in keys.tolist()], bool)
    versions, counts = _versions(keys[long].tolist())
    leader, similarity = np.arange(len(versions)), np.ones(len(versions))
    if threshold < 1:
        near = np.array([v for v in range(len(versions)) if len(versions[v]) >= MIN_NEAR_CHARS], np.int64)
        found, likeness = near_leaders([versions[v] for v in near.tolist()], threshold)
        leader[near], similarity[near] = near[found], likeness
    return _assemble(index, keys, long, versions, counts, leader, similarity)


def group_duplicates(texts: pd.Series | Tokens) -> pd.Series:
    """Number the groups of texts that are copies of each other (see :func:`find_duplicates`).

    Returns
    -------
    Series of Int64
        Group number from 1 (the largest group), ``<NA>`` for texts that stand alone.

    Examples
    --------
    >>> group_duplicates(pd.Series(["庁舎の建て替えに反対します。白紙に戻してください。"] * 2 + ["公園"])).tolist()
    [1, 1, <NA>]
    """
    return find_duplicates(texts).groups


def _normalized(texts: pd.Series | Tokens) -> tuple[list[str], pd.Index]:
    """Return normalised copies and ids; a Series is not parsed, copies are found without words."""
    if isinstance(texts, Tokens):
        return texts.norm, texts.index
    series = text_series(texts)
    values = [as_text(value, place) for place, value in enumerate(series.tolist())]
    once = {value: normalize(value).text for value in set(values)}
    return [once[value] for value in values], series.index


def _versions(keys: list[str]) -> tuple[list[str], np.ndarray]:
    """Distinct texts, the most frequent first, then in code-point order."""
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    versions = sorted(counts, key=lambda key: (-counts[key], key))
    return versions, np.array([counts[key] for key in versions], np.int64)


def _assemble(
    index: pd.Index,
    keys: np.ndarray,
    long: np.ndarray,
    versions: list[str],
    counts: np.ndarray,
    leader: np.ndarray,
    similarity: np.ndarray,
) -> Duplicates:
    n_versions = np.bincount(leader, minlength=len(versions))
    size = np.bincount(leader, weights=counts, minlength=len(versions)).astype(np.int64)
    least = np.ones(len(versions))
    np.minimum.at(least, leader, similarity)
    heads = np.flatnonzero(size > 1)
    heads = heads[np.lexsort((heads, -size[heads]))]
    number = np.zeros(len(versions), np.int64)
    number[heads] = np.arange(1, len(heads) + 1)
    place = {key: v for v, key in enumerate(versions)}
    version_of = np.array([place[key] for key in keys[long].tolist()], np.int64)
    groups = np.zeros(len(keys), np.int64)
    groups[long] = number[leader[version_of]]
    first: dict[int, object] = {}
    ids = index[long]
    for v, name in zip(version_of.tolist(), ids.tolist(), strict=True):
        if number[v] and (v not in first or (str(name), name) < (str(first[v]), first[v])):
            first[v] = name
    table = pd.DataFrame(
        {
            "group": np.arange(1, len(heads) + 1),
            "size": size[heads],
            "distinct": n_versions[heads],
            "representative": [first[int(v)] for v in heads],
            "similarity": np.round(least[heads], 3),
        }
    )
    values = pd.array(groups, "Int64")
    values[groups == 0] = pd.NA
    alone = int((groups == 0).sum())
    return Duplicates(pd.Series(values, index=index, name="duplicate_group"), table, len(keys), alone + len(heads))
