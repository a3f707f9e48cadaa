"""Words: how often, in how many comments, and where — every count leads back to the comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from textlens.checks import listed, whole_number
from textlens.errors import ParameterError
from textlens.rules import load_rows
from textlens.tokens import Tokens, Vocabulary, as_tokens, join_compounds

POS = ("名詞", "動詞", "形容詞", "形状詞")


@dataclass(frozen=True)
class Words:
    """The counted words of a batch.

    Attributes
    ----------
    tokens : Tokens
        With compounds joined.
    column : int64 array, shape (n_tokens,)
        Which word each token is; −1: not counted.
    names, pos : object arrays, shape (n_words,)
    """

    tokens: Tokens
    column: np.ndarray
    names: np.ndarray
    pos: np.ndarray

    def matrix(self, unit: str = "comment") -> sparse.csr_matrix:
        """Count words by comment or by 意見単位 (``unit="unit"``), shape (n_comments or n_units, n_words)."""
        if unit not in ("comment", "unit"):
            raise ParameterError(f"unit は comment か unit です（渡されたのは {unit!r}）。")
        rows = self.tokens.doc_of if unit == "comment" else self.tokens.unit_of
        n_rows = self.tokens.n_docs if unit == "comment" else len(self.tokens.units.doc)
        keep = self.column >= 0
        counts = sparse.csr_matrix((np.ones(int(keep.sum())), (rows[keep], self.column[keep])), shape=(n_rows, len(self.names)))
        counts.sum_duplicates()
        return counts


def find_words(
    texts: pd.Series | Tokens,
    *,
    pos: Iterable[str] | None = POS,
    compounds: Iterable[str] = (),
    synonyms: Mapping[str, str] | None = None,
    stopwords: Iterable[str] | None = None,
) -> Words:
    """Find the words that are counted.

    Parameters
    ----------
    texts : Series of str, or Tokens
    pos : str, iterable of str or None
        A plain string is one item here and below. UniDic parts of speech; ``None``: every word, ない and other function words too.
    compounds : str or iterable of str
        Words to keep whole, besides ``dictionaries/topics/compounds.tsv`` and runs of nouns (強制抽出).
    synonyms : mapping or None
        Spelling → word under which it is counted, over the rows of ``dictionaries/topics/synonyms.tsv``.
    stopwords : str, iterable of str or None
        Words left out; ``None``: the rows marked ``stopword`` of ``dictionaries/topics/stopwords.tsv``.

    Returns
    -------
    Words
        In code-point order. Names of persons are never counted.

    Raises
    ------
    ParameterError
        A list is neither a string nor a list of strings, or ``synonyms`` is no mapping.
    """
    merged = {row.term: row.label for row in load_rows("topics/synonyms.tsv")} | _merged(synonyms)
    shipped = {row.term for row in load_rows("topics/compounds.tsv")}
    known = {row.term for row in load_rows("topics/themes.tsv")}
    stop = {r.term for r in load_rows("topics/stopwords.tsv") if r.label == "stopword"} if stopwords is None else set(listed(stopwords, "stopwords"))
    kinds = None if pos is None else tuple(listed(pos, "pos"))
    joined = join_compounds(as_tokens(texts), [*shipped, *listed(compounds, "compounds"), *merged, *merged.values()])
    vocabulary = joined.vocabulary
    used = np.unique(joined.ids)
    word_of = {int(i): merged.get(vocabulary.base[i], vocabulary.base[i]) for i in used if _counts(vocabulary, i, kinds, known)}
    word_of = {i: word for i, word in word_of.items() if word not in stop and vocabulary.base[i] not in stop}
    names = sorted(set(word_of.values()))
    place = {name: n for n, name in enumerate(names)}
    number = np.full(len(vocabulary), -1, np.int64)
    part = [""] * len(names)
    for i, word in word_of.items():
        number[i] = place[word]
        part[place[word]] = max(part[place[word]], vocabulary.pos1[i])
    return Words(joined, number[joined.ids] if len(joined.ids) else np.empty(0, np.int64), np.array(names, object), np.array(part, object))


def _merged(synonyms: Mapping[str, str] | None) -> dict[str, str]:
    try:
        return dict(synonyms or {})
    except (TypeError, ValueError):
        raise ParameterError(f"synonyms には、つづりから語への対応（辞書）を渡してください（型 {type(synonyms).__name__} が渡されました）。") from None


def _counts(vocabulary: Vocabulary, i: int, pos: tuple[str, ...] | None, known: set[str]) -> bool:
    if pos is not None and (vocabulary.pos1[i] not in pos or vocabulary.pos2[i] in ("数詞", "非自立可能", "助動詞語幹")):
        return False
    if vocabulary.pos3[i] == "人名" and vocabulary.base[i] not in known:
        return False
    return any(char.isalpha() for char in vocabulary.norm[i])


def word_counts(texts: pd.Series | Tokens, *, min_docs: int = 1, **options: object) -> pd.DataFrame:
    """Count words.

    Parameters
    ----------
    texts : Series of str, or Tokens
    min_docs : int
        Words in fewer comments are left out.
    **options
        As in :func:`find_words`.

    Returns
    -------
    DataFrame
        ``word, pos, count, docs, share``, most comments first: occurrences; comments that have the word;
        their share of all comments.

    Raises
    ------
    ParameterError
        ``min_docs`` is no whole number from 0, or an option cannot be used.

    Notes
    -----
    Misses: one word in two meanings (橋 of a road, 箸) is told apart only by its spelling; a compound counts
    as itself and not for its parts.

    Examples
    --------
    >>> table = word_counts(pd.Series(["公園の遊具と公園のトイレ", "公園が好き", "待機児童"]))
    >>> table.head(2)[["word", "count", "docs"]].to_numpy().tolist()
    [['公園', 3, 2], ['トイレ', 1, 1]]
    """
    min_docs = whole_number(min_docs, "min_docs")
    words = find_words(texts, **options)  # type: ignore[arg-type]
    counts = words.matrix()
    docs = np.asarray((counts > 0).sum(axis=0)).ravel()
    table = pd.DataFrame(
        {
            "word": words.names,
            "pos": words.pos,
            "count": np.asarray(counts.sum(axis=0)).ravel().astype(int),
            "docs": docs.astype(int),
            "share": np.round(docs / max(words.tokens.n_docs, 1), 6),
        }
    )
    table = table[table["docs"] >= min_docs]
    return table.sort_values(["docs", "count", "word"], ascending=[False, False, True]).reset_index(drop=True)


def kwic(texts: pd.Series | Tokens, word: str, *, width: int = 20, **options: object) -> pd.DataFrame:
    """Show a word in its surroundings (Key Word In Context).

    Parameters
    ----------
    texts : Series of str, or Tokens
    word : str
        As it stands in :func:`word_counts`; its spellings of the synonym table are found with it.
    width : int
        Characters on each side.
    **options
        As in :func:`find_words`.

    Returns
    -------
    DataFrame
        ``id, start, end, left, word, right``: offsets in the raw text; ``left + word + right`` is a
        substring of it, line breaks included.

    Raises
    ------
    ParameterError
        ``word`` is no string, ``width`` no whole number from 0, or an option cannot be used.

    Examples
    --------
    >>> kwic(pd.Series(["ゴミの日を増やして"], index=["007"]), "ごみ", width=4).to_numpy().tolist()
    [['007', 0, 2, '', 'ゴミ', 'の日を増']]
    """
    width = whole_number(width, "width")
    if not isinstance(word, str):
        raise ParameterError(f"word には語を 1 つ、文字列で渡してください（型 {type(word).__name__} が渡されました）。")
    words = find_words(texts, stopwords=(), **options)  # type: ignore[arg-type]
    tokens = words.tokens
    place = {name: n for n, name in enumerate(words.names)}.get(word)
    at = np.flatnonzero(words.column == place) if place is not None else np.empty(0, np.int64)
    docs, starts, ends = tokens.doc_of[at], tokens.starts[at], tokens.ends[at]
    raw = tokens.raw
    rows = [
        (raw[d][max(s - width, 0) : s], raw[d][s:e], raw[d][e : e + width])
        for d, s, e in zip(docs.tolist(), starts.tolist(), ends.tolist(), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["left", "word", "right"], dtype=object)
    table.insert(0, "id", tokens.index.to_numpy()[docs])
    table.insert(1, "start", starts.astype(np.int64))
    table.insert(2, "end", ends.astype(np.int64))
    return table
