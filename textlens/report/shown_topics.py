"""What a profile tells of the topics: no word, name or quotation that its own list of comments does not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from textlens.report.profiles import Profile
from textlens.report.tables import Table
from textlens.report.words import TOTAL


class Topic(NamedTuple):
    """One topic as shown; ``size`` is ``None`` where it is hidden. Of a topic below ``min_cell`` nothing else is told."""

    topic: str
    label: str
    words: tuple[str, ...]
    size: int | None
    representatives: tuple[object, ...]
    quotes: tuple[str, ...]


def show_topics(
    analysis: Any, tables: Mapping[str, Table], rules: Profile, masked: pd.Series, listed: pd.Series, quotes: Mapping[object, tuple[object, str]]
) -> tuple[Topic, ...]:
    """Return the topics with sizes as shown, and the words and representatives that may be told.

    Parameters
    ----------
    analysis : Analysis
    tables : mapping of str to Table
        ``topic``: comments by topic, small numbers hidden.
    rules : Profile
    masked : Series of str
        By id, the texts with what the profile replaces replaced; without those it withholds.
    listed : Series of bool
        By id (of every comment), whether the comment is in the list the profile shows.
    quotes : mapping
        Id of the analysis → id and text as shown, for the comments that can be read.

    Notes
    -----
    A word stands if somebody can read it in the list anyway, or ``min_cell`` of the masked texts have it: the
    distinctive word of a topic may be the one word of a text that is withheld (an illness, the name of a shop).
    A topic that is large enough keeps its name and words where its size is hidden for the sake of another one only.
    """
    if not len(analysis.topics):
        return ()
    free = None if rules.mask == "none" else _free_words(masked, listed.reindex(masked.index).to_numpy(bool), rules.min_cell)
    read = analysis.comments["status"].eq("ok")
    sizes = analysis.comments.loc[read, "topic"].value_counts().to_dict()
    rows = []
    for topic in analysis.topics.itertuples():
        number = str(topic.topic)
        kept = tuple(w for w in topic.words if free is None or w in free)
        label = topic.label
        if any(w in label for w in topic.words if w not in kept):
            label = "・".join(kept[:3]) or f"話題{number}"
        size = tables["topic"].number(number, TOTAL)
        told = size is not None or sizes.get(topic.topic, 0) >= rules.min_cell
        if not told:
            label, kept = f"話題{number}（少数のため内容は非表示）", ()
        shown = [quotes[i] for i in topic.representatives if i in quotes and told]
        rows.append(Topic(number, label, kept, size, tuple(i for i, _ in shown), tuple(text for _, text in shown)))
    return tuple(rows)


def _free_words(masked: pd.Series, listed: np.ndarray, min_cell: int) -> set[str]:
    """Return the words of topics that a reader of the list can see, or that ``min_cell`` texts have."""
    from textlens.tokens import as_tokens
    from textlens.topics.words import topic_words

    words = topic_words(as_tokens(masked.tolist()), themes=False)
    has = sparse.csr_matrix(words.counts > 0)
    n_listed = np.asarray(has[np.flatnonzero(listed)].sum(axis=0)).ravel()
    n_texts = np.asarray(has.sum(axis=0)).ravel()
    return set(words.terms[(n_listed > 0) | (n_texts >= min_cell)].tolist())
