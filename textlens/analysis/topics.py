"""Topics of a run: found, laid beside the labels, and corrected as staff wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from textlens.duplicates.finder import group_duplicates
from textlens.errors import ParameterError
from textlens.tokens import Tokens
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.edits import TopicEdits


def read_topic_edits(edits: str | Path | TopicEdits | None, n_topics: int | None) -> TopicEdits | None:
    """Take the corrections to topics before any work is done.

    Raises
    ------
    InputFileError
        The file is not there, or a line cannot be understood.
    ParameterError
        Something else than a file or :class:`~textlens.topics.edits.TopicEdits`; or no topics are wanted.
    """
    if edits is None:
        return None
    if not isinstance(edits, str | Path | TopicEdits):
        raise ParameterError(f"topic_edits には話題の修正ファイルか TopicEdits を渡してください（{type(edits).__name__} が渡されました）。")
    if n_topics == 0:
        raise ParameterError("話題を作らない（n_topics=0、--topics 0）ときは、話題の修正を当てられません。どちらかを外してください。")
    return edits if isinstance(edits, TopicEdits) else TopicEdits.load(edits)


def add_topics(
    frame: pd.DataFrame, tokens: Tokens, n_topics: int | None, random_state: int, edits: TopicEdits | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``frame`` with ``topic`` and ``duplicate_group``, and the table of topics.

    Raises
    ------
    ParameterError
        A correction does not fit the topics that were found; the message names its line.
    """
    groups = group_duplicates(tokens).reindex(frame.index)
    if n_topics == 0 or not tokens.n_docs:
        empty = pd.DataFrame(columns=["topic", "label", "words", "size", "representatives"])
        return frame.assign(topic=pd.array([None] * len(frame), "Int64"), duplicate_group=groups), empty
    found = TopicClusterer(n_topics, random_state).fit(tokens)
    labels, topics = (found.labels_, found.topics_) if edits is None else edits.apply(found)
    return frame.assign(topic=labels.astype("Int64").reindex(frame.index), duplicate_group=groups), topics
