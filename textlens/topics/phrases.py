"""Phrases of a topic: what people say about it, in their own words (本数を増やす, 子どもが遊べる場所)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.tokens import Tokens, as_tokens, is_content, join_compounds

MAX_WORDS = 6
"""Words of a phrase, particles counted."""

SWALLOWED = 0.6
"""A phrase of which so large a part of the comments have one longer phrase of the topic is left to that one."""

_INSIDE = ("名詞", "代名詞", "動詞", "形容詞", "形状詞", "副詞", "助詞", "助動詞", "接尾辞", "接頭辞", "連体詞")
COLUMNS = ["topic", "label", "phrase", "docs", "docs_elsewhere", "score", "ids"]

_Phrase = tuple[str, ...]


def topic_phrases(texts: pd.Series | Tokens, labels: pd.Series, topics: pd.DataFrame | None = None, *, n: int = 5, min_docs: int = 3) -> pd.DataFrame:
    """Find the phrases that set each topic apart.

    A phrase is a run of up to six words inside one 意見単位 that begins and ends with a content word and is more
    than a run of nouns; compounds are one word. Runs with the same base forms (増やして, 増やす) are one phrase,
    shown as it is written most often, its last word in the base form. Each different text counts once: a form
    letter is one voice.

    Parameters
    ----------
    texts : Series of str, or Tokens
    labels : Series of int
        Topic of each text, same index (``TopicClusterer.labels_`` or what ``TopicEdits.apply`` gave); 0 and
        missing are only compared with.
    topics : DataFrame or None
        ``topics_``, for the labels.
    n : int
        Phrases per topic.
    min_docs : int
        Phrases in fewer different texts of the topic are left out.

    Returns
    -------
    DataFrame
        ``topic, label, phrase, docs, docs_elsewhere, score, ids``: different texts of the topic with the phrase, and
        of the others; p·log(p/q) as in :func:`textlens.topics.labels.topic_word_scores`; ids of the comments
        behind it. The same for any order of rows.

    Raises
    ------
    ParameterError
        The indexes differ, or ``n`` or ``min_docs`` is below 1.

    Notes
    -----
    The phrases are citizens' words: what leaves the office goes through a profile. Misses: the same thought in
    other words or another order; with fewer than about 20 comments a topic rarely has a phrase.

    Examples
    --------
    >>> texts = pd.Series(["バスの本数を増やして。", "朝のバスの本数を増やす。", "バスの本数を増やしたい。", "公園が好き。", "公園で遊ぶ。"])
    >>> topic_phrases(texts, pd.Series([1, 1, 1, 2, 2]), n=1)[["topic", "phrase", "docs"]].to_numpy().tolist()
    [[1, 'バスの本数を増やす', 3]]
    """
    if n < 1 or min_docs < 1:
        raise ParameterError(f"n と min_docs は 1 以上です（渡されたのは {n} と {min_docs}）。")
    tokens = join_compounds(as_tokens(texts))
    if not labels.index.equals(tokens.index):
        raise ParameterError("labels は声と同じ索引の列を渡してください。")
    topic = labels.fillna(0).astype(int).to_numpy()
    docs, written = _collect(tokens)
    version = {text: i for i, text in enumerate(sorted(set(tokens.norm)))}
    voice = np.array([version[text] for text in tokens.norm], np.int64)
    size = {t: len(set(voice[topic == t].tolist())) for t in sorted(set(topic.tolist()))}
    total = sum(size.values())
    names = {} if topics is None else dict(zip(topics["topic"], topics["label"], strict=True))
    counted: dict[int, list[tuple[float, int, int, _Phrase]]] = defaultdict(list)
    for phrase, rows in docs.items():
        pairs = Counter(t for t, _ in {(int(topic[row]), int(voice[row])) for row in rows})
        everywhere = sum(pairs.values())
        for t, own in pairs.items():
            score = own / size[t] * np.log(own / size[t] / ((everywhere + 0.5) / (total + 1)))
            if t and own >= min_docs and score > 0:
                counted[t].append((round(float(score), 6), own, everywhere - own, phrase))
    found = []
    for t in sorted(counted):
        for score, own, elsewhere, phrase in _longest(counted[t], n):
            ids = tuple(tokens.index[row] for row in sorted(docs[phrase], key=lambda r: (tokens.norm[r], str(tokens.index[r]))) if topic[row] == t)
            shown = min(written[phrase], key=lambda w: (-written[phrase][w], w))
            found.append((t, names.get(t, ""), shown, own, elsewhere, score, ids))
    return pd.DataFrame(found, columns=COLUMNS)


def _collect(tokens: Tokens) -> tuple[dict[_Phrase, set[int]], dict[_Phrase, Counter[str]]]:
    """Rows and spellings of every phrase, by its base forms."""
    docs: dict[_Phrase, set[int]] = defaultdict(set)
    written: dict[_Phrase, Counter[str]] = defaultdict(Counter)
    for doc, first, last in _runs(tokens):
        phrase = tuple(tokens.vocabulary.base[i] or tokens.vocabulary.norm[i] for i in tokens.ids[first : last + 1].tolist())
        docs[phrase].add(doc)
        written[phrase][tokens.norm[doc][tokens.nstarts[first] : tokens.nstarts[last]] + phrase[-1]] += 1
    return docs, written


def _runs(tokens: Tokens) -> Iterator[tuple[int, int, int]]:
    """Text, first and last token of every candidate."""
    vocabulary = tokens.vocabulary
    used = np.unique(tokens.ids)
    content, inside = np.zeros(len(vocabulary), bool), np.zeros(len(vocabulary), bool)
    content[used] = [is_content(vocabulary, i) and vocabulary.pos3[i] != "人名" for i in used.tolist()]
    inside[used] = [vocabulary.pos1[i] in _INSIDE and vocabulary.pos3[i] != "人名" for i in used.tolist()]
    counter, noun = (np.array([p == value for p in column], bool)[tokens.ids] for column, value in ((vocabulary.pos3, "助数詞可能"), (vocabulary.pos1, "名詞")))
    content, inside = content[tokens.ids], inside[tokens.ids]
    bare = noun | np.isin(np.array(vocabulary.pos1, object), ("接尾辞", "接頭辞"))[tokens.ids]
    touches = np.zeros(len(tokens.ids), bool)
    touches[1:] = (tokens.unit_of[1:] == tokens.unit_of[:-1]) & (tokens.nstarts[1:] == tokens.nends[:-1])
    for first in np.flatnonzero(content & ~counter).tolist():
        for last in range(first + 1, min(first + MAX_WORDS, len(tokens.ids))):
            if not (inside[last] and touches[last]):
                break
            if content[last] and not bare[first : last + 1].all():
                yield int(tokens.doc_of[first]), first, last


def _longest(scored: list[tuple[float, int, int, _Phrase]], n: int) -> list[tuple[float, int, int, _Phrase]]:
    """The best phrases, a piece of a longer one left out where the longer one is nearly as frequent."""
    best = sorted(scored, key=lambda s: (-s[0], s[3]))[: 20 * n]
    kept = [s for s in best if not any(_inside(s[3], o[3]) and o[1] >= SWALLOWED * s[1] for o in best if o is not s)]
    chosen: list[tuple[float, int, int, _Phrase]] = []
    for one in kept:
        if len(chosen) < n and not any(_inside(one[3], o[3]) or _inside(o[3], one[3]) for o in chosen):
            chosen.append(one)
    return chosen


def _inside(part: _Phrase, whole: _Phrase) -> bool:
    return len(part) < len(whole) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
