"""表記ゆれ: spellings of one word, laid open in a table that a person accepts."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from textlens.checks import whole_number
from textlens.tokens import Tokens
from textlens.words.tables import Words, find_words


def spelling_variants(texts: pd.Series | Tokens | Words, *, min_count: int = 1) -> pd.DataFrame:
    """List the words that are written in more than one way (美味しい, おいしい), and what to count them under.

    Two spellings belong together if UniDic gives them the same lemma, reading and part of speech. What
    ``dictionaries/topics/synonyms.tsv`` merges already is one spelling.

    Parameters
    ----------
    texts : Series of str, Tokens, or Words
    min_count : int
        Spellings that occur less often are left out.

    Returns
    -------
    DataFrame
        ``spelling, word, count, word_count``, the most frequent words first: a spelling; the most frequent one
        of its word; occurrences of each. Look at it, take out what is two words, and give the rest to
        ``synonyms`` of :func:`find_words`, :func:`word_counts` and :func:`kwic`, or keep it in the office's own
        ``synonyms.tsv``.

    Raises
    ------
    ParameterError
        ``min_count`` is no whole number from 0.

    Notes
    -----
    Misses: UniDic joins words that sound alike and share an origin (止める・辞める, 乗せる・載せる): that is why a
    person accepts the rows.

    Examples
    --------
    >>> texts = pd.Series(["蕎麦が美味しい", "そばがおいしい", "とても美味しい"])
    >>> table = spelling_variants(texts)
    >>> table.head(1).to_numpy().tolist()
    [['おいしい', '美味しい', 1, 2]]
    >>> from textlens.words import word_counts
    >>> word_counts(texts, synonyms=dict(zip(table["spelling"], table["word"], strict=True))).head(2)[["word", "count"]].to_numpy().tolist()
    [['美味しい', 3], ['そば', 2]]
    """
    min_count = whole_number(min_count, "min_count")
    words = texts if isinstance(texts, Words) else find_words(texts)
    vocabulary = words.tokens.vocabulary
    counted = words.column >= 0
    pairs, numbers = np.unique(np.column_stack([words.tokens.ids[counted], words.column[counted]]), axis=0, return_counts=True)
    spellings: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for (i, column), n in zip(pairs.tolist(), numbers.tolist(), strict=True):
        if vocabulary.lemma[i]:
            spellings[vocabulary.lemma[i], vocabulary.reading[i], vocabulary.pos1[i]][str(words.names[column])] += n
    rows = []
    for found in spellings.values():
        kept = sorted((s for s, n in found.items() if n >= min_count), key=lambda s: (-found[s], s))
        rows += [(spelling, kept[0], found[spelling], found[kept[0]]) for spelling in kept[1:]]
    table = pd.DataFrame(rows, columns=["spelling", "word", "count", "word_count"]).drop_duplicates("spelling")
    return table.sort_values(["word_count", "word", "count", "spelling"], ascending=[False, True, False, True], ignore_index=True)
