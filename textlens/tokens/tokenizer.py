"""Text in, columns of tokens out: one MeCab parse per text. The only file that imports an analyser.

The cheap way through fugashi is one ``parse()`` per text and a dictionary from the whole output line
to the id of the word; offsets are then found for the whole batch at once from the lengths of words.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache

import fugashi
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from textlens.errors import TokenizerError
from textlens.text.normalize import Normalized, normalize_all
from textlens.tokens.ready import WorksUnfitted
from textlens.tokens.texts import as_text, text_series
from textlens.tokens.tokens import Tokens
from textlens.tokens.vocabulary import COLUMNS, Vocabulary

_FORMAT = r"%m\t%H\n"


BASE = COLUMNS.index("base")


class WordIds(dict[str, int]):
    """Output line → id of the word in a vocabulary that several batches may share; a line not seen before is read and added."""

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary = Vocabulary()

    def __missing__(self, line: str) -> int:
        number = self[line] = self.vocabulary.add_line(line)
        return number


@lru_cache(maxsize=1)
def _tagger() -> fugashi.Tagger:
    return fugashi.Tagger(f"-O '' -F '{_FORMAT}' -U '{_FORMAT}' -E ''")


class Tokenizer(WorksUnfitted, TransformerMixin, BaseEstimator):
    """Split texts into UniDic short units (短単位), each lying on its own characters of the raw text.

    Notes
    -----
    Stateless: every call has a vocabulary of its own, so results never depend on earlier calls.
    Normalisation happens before the parse (half-width kana and full-width digits are read as their
    ordinary forms); ``raw[start:end] == surface`` holds for every token all the same.

    Misses: dialect and kana-only writing are cut wrongly now and then (``くりょ``, ``とうちゅう``);
    words coined after UniDic 2.1 are cut into known parts.

    References
    ----------
    UniDic short units: 小椋ほか (2011) 『現代日本語書き言葉均衡コーパス』形態論情報規程集 第4版.

    Examples
    --------
    >>> tokens = Tokenizer().transform(pd.Series(["ﾊﾞｽを増やして。"], index=["00017"]))
    >>> tokens.to_frame()["surface"].tolist()
    ['ﾊﾞｽ', 'を', '増やし', 'て', '。']
    """

    def fit(self, texts: Iterable[str] | None = None, y: object = None) -> Tokenizer:
        """Do nothing and return self (scikit-learn's contract)."""
        return self

    def transform(self, texts: pd.Series | Iterable[str] | Tokens) -> Tokens:
        """Parse each text once.

        Parameters
        ----------
        texts : Series of str, iterable of str, or Tokens
            ``None`` and NaN count as an empty text. ``Tokens`` are returned as they are.

        Returns
        -------
        Tokens
            As many documents as texts, in order, with the Series' index.

        Raises
        ------
        ParameterError
            ``texts`` is no row of texts (one str, a table, a mapping …), or a value is neither text nor missing; the message
            names its place, not its content.
        TokenizerError
            A token does not lie on the text (a fault of textlens, never of the text).
        """
        if isinstance(texts, Tokens):
            return texts
        return tokenize(text_series(texts), WordIds())


def tokenize(texts: pd.Series, words: WordIds) -> Tokens:
    """Parse one batch; batches that are given the same ``words`` share one vocabulary (see :meth:`Tokenizer.transform`)."""
    raw = [as_text(value, place) for place, value in enumerate(texts.tolist())]
    copies = normalize_all(raw)
    number = words.__getitem__
    parse = _tagger().parse
    flat = array("i")
    ends = [0]
    for copy in copies:
        parsed = parse(copy.text) if copy.text else ""
        if parsed:
            flat.extend(map(number, parsed.split("\n")))
        ends.append(len(flat))
    doc_offsets = np.array(ends, np.int64)
    ids = np.array(flat, np.int32)
    nstarts, nends = _offsets(copies, ids, doc_offsets, words.vocabulary, texts.index)
    return _on_raw(texts.index, raw, copies, ids, nstarts, nends, doc_offsets, words.vocabulary)


def as_tokens(texts: pd.Series | Iterable[str] | Tokens) -> Tokens:
    """Return ``texts`` parsed; the one door through which every estimator takes its input."""
    return texts if isinstance(texts, Tokens) else Tokenizer().transform(texts)


def _offsets(
    copies: list[Normalized], ids: np.ndarray, doc_offsets: np.ndarray, vocabulary: Vocabulary, index: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """Find where each token lies in its normalised text, for all texts at once.

    MeCab leaves out spaces and line breaks and nothing else, so the n-th character of the words is
    the n-th character of the text that is not a space.
    """
    joined = "".join(copy.text for copy in copies)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    solid = np.flatnonzero((codes != 32) & (codes != 10))
    doc_chars = np.zeros(len(copies) + 1, np.int64)
    np.cumsum([len(copy.text) for copy in copies], out=doc_chars[1:])
    solid_before = np.searchsorted(solid, doc_chars)
    word_ends = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(vocabulary.norm_length[ids], out=word_ends[1:])
    words_before = word_ends[doc_offsets]
    wrong = np.flatnonzero(np.diff(words_before) != np.diff(solid_before))
    if wrong.size:
        raise TokenizerError(
            f"id {index[int(wrong[0])]!r} の文章で、語の並びが原文と一致しません。textlens の不具合です。この id を添えてお知らせください。"
        )
    if not len(ids):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    doc_of = np.repeat(np.arange(len(copies)), np.diff(doc_offsets))
    starts = solid[word_ends[:-1]] - doc_chars[doc_of]
    ends = solid[word_ends[1:] - 1] + 1 - doc_chars[doc_of]
    return starts.astype(np.int32), ends.astype(np.int32)


def _on_raw(
    index: pd.Index,
    raw: list[str],
    copies: list[Normalized],
    ids: np.ndarray,
    nstarts: np.ndarray,
    nends: np.ndarray,
    doc_offsets: np.ndarray,
    vocabulary: Vocabulary,
) -> Tokens:
    """Give each token its raw surface; join tokens that lie on one raw character."""
    starts, ends = nstarts.copy(), nends.copy()
    keep = np.ones(len(ids), bool)
    doc_of = np.repeat(np.arange(len(copies)), np.diff(doc_offsets))
    touched = _tokens_with_changed_characters(raw, copies, doc_of, nstarts, nends)
    for doc, copy in enumerate(copies):
        if copy.starts is not None and copy.ends is not None:
            own = slice(int(doc_offsets[doc]), int(doc_offsets[doc + 1]))
            starts[own], ends[own] = copy.starts[nstarts[own]], copy.ends[nends[own] - 1]
            _merge_inside_pieces(own, starts, ends, nends, keep)
            touched[own] = True
    _write_as_in_raw(raw, copies, np.flatnonzero(touched & keep), ids, doc_of, (starts, ends, nstarts, nends), vocabulary)
    if not keep.all():
        kept_before = np.concatenate([[0], np.cumsum(keep)])
        doc_offsets = kept_before[doc_offsets]
        ids, nstarts, nends = (column[keep] for column in (ids, nstarts, nends))
    maps = {d: c for d, c in enumerate(copies) if c.starts is not None}
    return Tokens(index, raw, [c.text for c in copies], maps, ids, nstarts, nends, doc_offsets, vocabulary)


def _write_as_in_raw(
    raw: list[str],
    copies: list[Normalized],
    rows: np.ndarray,
    ids: np.ndarray,
    doc_of: np.ndarray,
    places: tuple[np.ndarray, ...],
    vocabulary: Vocabulary,
) -> None:
    """Give the tokens ``rows`` an entry with the surface that stands in the raw text, where it is another one."""
    known: dict[tuple[int, str, str], int] = {}
    columns = (column[rows].tolist() for column in (ids, doc_of, *places))
    for row, number, doc, start, end, nstart, nend in zip(rows.tolist(), *columns, strict=True):
        surface, norm = raw[doc][start:end], copies[doc].text[nstart:nend]
        if surface == vocabulary.surface[number] and norm == vocabulary.norm[number]:
            continue
        key = number, surface, norm
        if key not in known:
            entry = list(vocabulary.entry(number))
            if norm != entry[1]:
                entry[BASE] = norm
            entry[0], entry[1] = surface, norm
            known[key] = vocabulary.add(tuple(entry))
        ids[row] = known[key]


def _tokens_with_changed_characters(
    raw: list[str], copies: list[Normalized], doc_of: np.ndarray, nstarts: np.ndarray, nends: np.ndarray
) -> np.ndarray:
    """Tell which tokens hold a character that normalisation changed (texts of unchanged length only)."""
    same_length = [copy.starts is None for copy in copies]
    before = "".join(text if same else copy.text for text, copy, same in zip(raw, copies, same_length, strict=True))
    after = "".join(copy.text for copy in copies)
    changed = np.frombuffer(before.encode("utf-32-le", "surrogatepass"), np.uint32) != np.frombuffer(
        after.encode("utf-32-le", "surrogatepass"), np.uint32
    )
    places = np.concatenate([[0], np.cumsum(changed)])
    first = np.cumsum([0, *(len(copy.text) for copy in copies)])[doc_of]
    return np.asarray(places[first + nends] > places[first + nstarts])


def _merge_inside_pieces(own: slice, starts: np.ndarray, ends: np.ndarray, nends: np.ndarray, keep: np.ndarray) -> None:
    """Join the tokens of one text that share one raw character (``㈱`` is read as ``(``, ``株``, ``)``)."""
    if not (starts[own][1:] < ends[own][:-1]).any():
        return
    last = own.start
    for i in range(own.start + 1, own.stop):
        if starts[i] < ends[last]:
            keep[i] = False
            ends[last] = max(ends[i], ends[last])
            nends[last] = nends[i]
        else:
            last = i
