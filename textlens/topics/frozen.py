"""Topics that stay the same over years: next year's comments are laid into this year's topics."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from textlens.checks import seed, whole_number_or_none
from textlens.errors import InputFileError, ParameterError
from textlens.files import whole_file
from textlens.tokens import Tokens, as_tokens
from textlens.topics.centres import MIN_FIT, default_n_topics, distinctive_words
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.labels import OTHER, Corpus, describe
from textlens.topics.space import Space, nearest
from textlens.topics.words import topic_words

FORMAT = 2
MIN_NEW, NEW_SHARE = 3, 0.003
"""A new topic has at least so many comments, and so large a part of the year."""

MIN_MEAN_SIZE = 10
"""New topics are as many as in a first year of that size, but no more than one for ten comments."""


@dataclass(frozen=True)
class Assignment:
    """What became of new comments among frozen topics.

    Attributes
    ----------
    labels : Series of int
        Frozen topic of each comment; numbers above the frozen ones are new topics, 0 fits nowhere.
    topics : DataFrame
        As ``TopicClusterer.topics_`` with ``is_new`` and ``size`` of the new comments; a frozen topic
        without a comment is listed with size 0.
    fit : Series of float
        Cosine to the nearest frozen centre (of the first year).
    frozen : FrozenTopics
        The frozen topics and after them the new ones, under the same numbers: the yardstick of the year after.
    """

    labels: pd.Series
    topics: pd.DataFrame
    fit: pd.Series
    frozen: FrozenTopics


class FrozenTopics:
    """Topics of one year, held fast: words, idf, dimensions, centres, labels.

    The file holds words, labels and figures, no comments; words can still be telling, so treat it as
    internal.

    Parameters
    ----------
    space : Space
    centres : float array, shape (n_topics, depth)
    labels : list of str
    own_words : list of list of str
        Keys of the distinctive words of each topic.
    later : FrozenTopics or None
        Topics that a later year added: what fits none of these is laid into those.

    Notes
    -----
    Misses: a matter that nobody raised in the first year has no words in the space; such comments fit
    nowhere, and that is what makes a new topic visible. New meanings of old words are not seen.

    Examples
    --------
    >>> first = pd.Series(["バスの本数を増やして。", "バス停が遠い。", "公園の遊具が古い。", "公園の遊具で遊ぶ。"])
    >>> frozen = FrozenTopics.of(TopicClusterer(n_topics=2).fit(first))
    >>> later = frozen.assign(pd.Series(["公園の遊具を直して。", "クマが出た。", "クマの駆除を急いで。", "クマが怖い。"]))
    >>> later.labels.tolist()
    [1, 3, 3, 3]
    >>> later.topics[["label", "size", "is_new"]].to_numpy().tolist()
    [['公園・遊具', 1, False], ['バス・本数', 0, False], ['クマ', 3, True]]
    """

    def __init__(
        self, space: Space, centres: np.ndarray, labels: list[str], own_words: list[list[str]], later: FrozenTopics | None = None
    ) -> None:
        self.space = space
        self.centres = centres
        self.labels = labels
        self.own_words = own_words
        self.later = later

    def __repr__(self) -> str:
        return f"<FrozenTopics {len(self.all_labels)} topics>"

    @property
    def all_labels(self) -> list[str]:
        """Labels of all topics, those of later years last; topic ``n`` is called ``all_labels[n - 1]``."""
        return self.labels + (self.later.all_labels if self.later else [])

    @classmethod
    def of(
        cls, found: TopicClusterer, labels: pd.Series | None = None, topics: pd.DataFrame | None = None
    ) -> FrozenTopics:
        """Freeze what a clusterer found, or what corrections made of it (both results of ``TopicEdits.apply``).

        Raises
        ------
        ParameterError
            The clusterer found nothing, or used an encoder (its space is not ours to freeze).
        """
        if getattr(found, "space_", None) is None:
            raise ParameterError("固定できる話題がありません。encoder なしで fit した TopicClusterer を渡してください。")
        corpus, space = found.corpus_, found.space_
        topic = (found.labels_ if labels is None else labels).to_numpy()
        table = found.topics_ if topics is None else topics
        numbers = [n for n in table["topic"].tolist() if n]
        renumbered = np.array([numbers.index(n) + 1 if n else 0 for n in topic.tolist()], np.int64)
        centres = []
        for n in numbers:
            centre = corpus.place[topic == n].mean(axis=0)
            centres.append(centre / max(float(np.linalg.norm(centre)), 1e-12))
        moved = np.flatnonzero((renumbered > 0) & (topic != found.labels_.to_numpy()))
        core = corpus.core.copy()  # a comment that staff moved is near, or not, to the topic it is in now
        core[moved] = [float(corpus.place[i] @ centres[renumbered[i] - 1]) >= MIN_FIT for i in moved]
        own_words = distinctive_words(corpus.words, renumbered, core, len(numbers))
        own = [[str(corpus.words.keys[i]) for i in columns] for columns in own_words]
        names = table.set_index("topic")["label"]
        return cls(space, np.round(np.array(centres), 6), [str(names[n]) for n in numbers], own)  # type: ignore[arg-type]

    def assign(self, texts: pd.Series | Tokens, *, min_new: int | None = None, random_state: int = 0) -> Assignment:
        """Lay comments into the frozen topics; those that fit none are grouped among themselves.

        A comment belongs to the nearest frozen topic if its cosine is at least 0.2 *and* it has one of the
        topic's distinctive words; the frozen topics are never changed.

        Parameters
        ----------
        texts : Series of str, or Tokens
        min_new : int or None
            A new topic has at least this many comments; smaller ones stay in その他. ``None``: three in a thousand
            of the comments, and three at least.
        random_state : int

        Returns
        -------
        Assignment
            Of no comments: no labels, every frozen topic with size 0, and the same frozen topics.

        Raises
        ------
        ParameterError
            ``min_new`` is no whole number of at least 1, ``random_state`` none of at least 0.
        """
        min_new, random_state = whole_number_or_none(min_new, "min_new", 1), seed(random_state)
        tokens = as_tokens(texts)
        topic, fit = self._lay(tokens)
        least = max(MIN_NEW, math.ceil(NEW_SHARE * tokens.n_docs)) if min_new is None else min_new
        new = self._new_topics(tokens, topic, least, random_state)
        table = self._table(tokens, topic)
        if new is not None:
            new.labels = table.set_index("topic")["label"].reindex(range(len(self.all_labels) + 1, len(self.all_labels) + 1 + len(new.labels))).tolist()
        return Assignment(
            pd.Series(topic, index=tokens.index, name="topic"), table, pd.Series(fit, index=tokens.index, name="topic_fit"), self._followed_by(new)
        )

    def lay(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.Series:
        """Return the topic of each text among these alone (0: その他): the same words always come to the same topic."""
        tokens = as_tokens(texts)
        return pd.Series(self._lay(tokens)[0], index=tokens.index, name="topic")

    def _lay(self, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
        """Topic of each comment (0: fits none of this year and of later ones), and cosine to the nearest centre."""
        words = topic_words(tokens)
        at, fit = nearest(self.space.place(words), self.centres)
        seen = words.counts > 0
        column = {str(key): i for i, key in enumerate(words.keys[: words.n_terms])}
        topic = np.zeros(tokens.n_docs, np.int64)
        for k, own in enumerate(self.own_words):
            known = [column[key] for key in own if key in column]
            shares = np.diff(seen[:, known].tocsr().indptr) > 0 if known else np.zeros(tokens.n_docs, bool)
            topic[(at == k) & (fit >= MIN_FIT) & shares] = k + 1
        rest = np.flatnonzero(topic == 0)
        if self.later is not None and len(rest):
            later, _ = self.later._lay(tokens[rest])
            topic[rest] = np.where(later > 0, later + len(self.labels), 0)
        return topic, fit

    def _new_topics(self, tokens: Tokens, topic: np.ndarray, min_new: int, random_state: int) -> FrozenTopics | None:
        """Group what fits nowhere, number the groups on in ``topic``, and freeze them."""
        rest = np.flatnonzero(topic == 0)
        if not len(rest) or len(rest) < min_new:
            return None
        n_topics = max(1, min(default_n_topics(len(rest)), len(rest) // MIN_MEAN_SIZE))
        found = TopicClusterer(n_topics, random_state).fit(tokens[rest])
        kept = found.topics_[(found.topics_["topic"] > 0) & (found.topics_["size"] >= min_new)]
        while len(kept):
            new = FrozenTopics.of(found, found.labels_.where(found.labels_.isin(kept["topic"]), 0), kept)
            laid, _ = new._lay(tokens[rest])  # as every other year will be laid into them
            enough = np.bincount(laid, minlength=len(kept) + 1)[1:] >= min_new
            if enough.all():
                topic[rest] = np.where(laid > 0, laid + len(self.all_labels), 0)
                return new
            kept = kept[enough]
        return None

    def _followed_by(self, new: FrozenTopics | None) -> FrozenTopics:
        later = new if self.later is None or new is None else self.later._followed_by(new)
        return FrozenTopics(self.space, self.centres, self.labels, self.own_words, self.later if new is None else later)

    def _table(self, tokens: Tokens, topic: np.ndarray) -> pd.DataFrame:
        words = topic_words(tokens)
        corpus = Corpus(words, self.space.place(words), tokens.norm, tokens.index, np.ones(tokens.n_docs, bool))
        names = dict(enumerate(self.all_labels, 1))
        table = describe(corpus, topic, names)
        empty = [
            {"topic": n, "label": label, "words": (), "size": 0, "representatives": (), "group": 0, "group_label": OTHER}
            for n, label in names.items()
            if n not in set(table["topic"])
        ]
        table = pd.concat([table, pd.DataFrame(empty, columns=table.columns)], ignore_index=True) if empty else table
        table = table.sort_values("topic", key=lambda t: t.where(t > 0, np.inf), kind="stable").reset_index(drop=True)
        return table.assign(is_new=table["topic"] > len(self.all_labels))

    def save(self, path: str | Path) -> Path:
        """Write one JSON file."""
        target = Path(path)
        with whole_file(target) as draft:
            draft.write_text(json.dumps({"format": FORMAT, **self._content()}, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        return target

    def _content(self) -> dict[str, Any]:
        return {
            "labels": self.labels, "own_words": self.own_words, "keys": self.space.keys,
            "idf": np.round(self.space.idf, 6).tolist(), "components": self.space.components.tolist(),
            "centres": self.centres.tolist(), "later": self.later._content() if self.later else None,
        }  # fmt: skip

    @classmethod
    def _of_content(cls, content: dict[str, Any]) -> FrozenTopics:
        space = Space(content["keys"], np.array(content["idf"]), np.array(content["components"]))
        later = content.get("later")
        return cls(space, np.array(content["centres"]), content["labels"], content["own_words"], cls._of_content(later) if later else None)

    @classmethod
    def load(cls, path: str | Path) -> FrozenTopics:
        """Read what :meth:`save` wrote.

        Raises
        ------
        InputFileError
            The file is not there or is something else.
        """
        source = Path(path)
        if not source.is_file():
            raise InputFileError(f"固定した話題のファイル {source.name} がありません。")
        try:
            return cls._of_content(json.loads(source.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputFileError(f"{source.name} は textlens の固定した話題のファイルではありません。") from None
