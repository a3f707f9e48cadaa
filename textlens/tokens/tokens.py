"""Tokens: a whole batch of parsed texts as columns."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from textlens.errors import InputFileError, ParameterError
from textlens.files import whole_file
from textlens.resources import overlay_stamp
from textlens.text.normalize import Normalized, normalize, raw_span
from textlens.text.units import Units, on_whole_characters, split_units
from textlens.tokens.ids import id_kinds, id_texts, ids_from_texts
from textlens.tokens.vocabulary import COLUMNS, Vocabulary

_T = TypeVar("_T")
_BY_PLACE = "Tokens は、位置の並び（スライス、整数のリスト、真偽の配列）で切り出してください。番号（id）からは tokens.index.get_indexer(番号の並び) で位置が分かります。"


class PlaceError(ParameterError, IndexError):
    """A position that is not in the batch."""


class Tokens:
    """A batch of texts after one parse.

    Parameters are filled by :class:`~textlens.tokens.Tokenizer`; nobody else needs the constructor.

    Attributes
    ----------
    index : pandas.Index
        Ids of the texts.
    raw, norm : list of str
        The texts as written, and their normalised copies (what rules read).
    ids : int32 array, shape (n_tokens,)
        Index into ``vocabulary``.
    nstarts, nends : int32 arrays, shape (n_tokens,)
        Half-open, in characters of the normalised copy.
    starts, ends : int32 arrays, shape (n_tokens,)
        The same in the **raw** text: ``raw[start:end] == surface``.
    doc_offsets : int64 array, shape (n_docs + 1,)
        Tokens of text ``d`` are ``doc_offsets[d]:doc_offsets[d + 1]``.
    vocabulary : Vocabulary
    """

    def __init__(
        self,
        index: pd.Index,
        raw: list[str],
        norm: list[str],
        maps: Mapping[int, Normalized],
        ids: np.ndarray,
        nstarts: np.ndarray,
        nends: np.ndarray,
        doc_offsets: np.ndarray,
        vocabulary: Vocabulary,
    ) -> None:
        self.index = index
        self.raw = raw
        self.norm = norm
        self._maps = maps
        self.ids = ids
        self.nstarts = nstarts
        self.nends = nends
        self.doc_offsets = doc_offsets
        self.vocabulary = vocabulary
        self._kept: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return ``make()``, worked out once for this batch; analysers share what several calls need.

        The key must name the module and everything the answer depends on besides the tokens and the dictionaries.
        """
        key = key, overlay_stamp()
        if key not in self._kept:
            self._kept[key] = make()
        return cast(_T, self._kept[key])

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def __repr__(self) -> str:
        return f"<Tokens {self.n_docs} texts, {len(self.ids)} tokens, {len(self.vocabulary)} words>"

    @property
    def n_docs(self) -> int:
        """Number of texts."""
        return len(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def shape(self) -> tuple[int]:
        """Number of texts, as scikit-learn asks for it before it splits them."""
        return (len(self.raw),)

    @cached_property
    def doc_of(self) -> np.ndarray:
        """Number of the text each token belongs to (int32)."""
        return np.repeat(np.arange(self.n_docs, dtype=np.int32), np.diff(self.doc_offsets))

    @property
    def starts(self) -> np.ndarray:
        """See the class."""
        return self._raw_places[0]

    @property
    def ends(self) -> np.ndarray:
        """See the class."""
        return self._raw_places[1]

    @cached_property
    def _raw_places(self) -> tuple[np.ndarray, np.ndarray]:
        return self.raw_spans(self.doc_of, self.nstarts, self.nends)

    @cached_property
    def units(self) -> Units:
        """意見単位 of all texts, in offsets of the normalised copies."""
        return on_whole_characters(split_units(self.norm), self._maps)

    @cached_property
    def unit_of(self) -> np.ndarray:
        """Row of ``units`` each token belongs to (int32)."""
        return self.units.find(self.doc_of, self.nstarts)

    def raw_span(self, doc: int, start: int, end: int) -> tuple[int, int]:
        """Turn offsets in the normalised copy of text ``doc`` into offsets in the raw text."""
        copy = self._maps.get(doc)
        return (start, end) if copy is None else raw_span(copy, start, end)

    def raw_spans(self, docs: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Turn many offsets at once (see :meth:`raw_span`)."""
        if not self._maps:
            return starts, ends
        starts, ends = starts.copy(), ends.copy()
        mapped = np.zeros(self.n_docs, bool)
        mapped[list(self._maps)] = True
        for i in np.flatnonzero(mapped[docs]).tolist():
            starts[i], ends[i] = self.raw_span(int(docs[i]), int(starts[i]), int(ends[i]))
        return starts, ends

    def token_at(self, docs: np.ndarray, nstarts: np.ndarray) -> np.ndarray:
        """Return the token that covers a place of the normalised copy.

        Returns
        -------
        int64 array
            Index into ``ids``; a place in a gap (space) gives the token before it, or −1 where there
            is none in that text.
        """
        found = np.searchsorted(self._token_keys, docs.astype(np.int64) * self._width + nstarts, "right") - 1
        return np.where(found >= self.doc_offsets[docs], found, -1)

    def starts_token(self, docs: np.ndarray, nstarts: np.ndarray) -> np.ndarray:
        """Tell for each place of a normalised copy whether a token begins there (bool array)."""
        keys = docs.astype(np.int64) * self._width + nstarts
        place = np.minimum(np.searchsorted(self._token_keys, keys), max(len(self._token_keys) - 1, 0))
        return self._token_keys[place] == keys if len(self._token_keys) else np.zeros(len(keys), bool)

    @cached_property
    def _width(self) -> int:
        return max((len(text) for text in self.norm), default=0) + 2

    @cached_property
    def _token_keys(self) -> np.ndarray:
        return self.doc_of.astype(np.int64) * self._width + self.nstarts

    def surfaces(self, doc: int) -> list[str]:
        """Words of one text as written."""
        surface = self.vocabulary.surface
        return [surface[i] for i in self.ids[self.doc_offsets[doc] : self.doc_offsets[doc + 1]]]

    # -- cut and join ---------------------------------------------------------------------------

    def __getitem__(self, key: slice | Sequence[int] | np.ndarray) -> Tokens:
        """Return the texts at the given positions (slice, integer list or bool mask) as new Tokens.

        Raises
        ------
        ParameterError
            The key is something else, such as ids. Where Python expects an IndexError (a position there is not, a mask of
            another length) it is that as well.
        """
        if isinstance(key, tuple) and key[1:] == (...,):  # rows of an array, as scikit-learn asks for them
            key = key[0]
        docs = self._positions(key)
        if isinstance(key, slice) and len(docs) == self.n_docs and key.step in (None, 1):
            return Tokens(self.index, self.raw, self.norm, self._maps, self.ids, self.nstarts, self.nends, self.doc_offsets, self.vocabulary)
        if docs.ndim != 1:
            raise ParameterError(_BY_PLACE)
        lengths = np.diff(self.doc_offsets)[docs]
        first = self.doc_offsets[docs] - np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(docs) else lengths
        take = np.arange(int(lengths.sum())) + np.repeat(first, lengths)
        return Tokens(
            self.index[docs],
            [self.raw[d] for d in docs],
            [self.norm[d] for d in docs],
            {new: self._maps[int(d)] for new, d in enumerate(docs) if int(d) in self._maps},
            self.ids[take], self.nstarts[take], self.nends[take],
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            self.vocabulary,
        )  # fmt: skip

    def _positions(self, key: Any) -> np.ndarray:
        places = key if isinstance(key, slice | int | np.integer) else np.asarray(key)
        if isinstance(places, np.ndarray):
            if places.dtype.kind not in "biu" and places.size:
                raise ParameterError(_BY_PLACE)
            if places.dtype.kind == "b" and places.shape != (self.n_docs,):
                raise PlaceError(f"真偽の配列の長さは文の数（{self.n_docs}）と同じにしてください（渡された形: {places.shape}）。")
            places = places if places.size else np.empty(0, np.int64)
        try:
            return np.asarray(np.arange(self.n_docs)[places])
        except IndexError:
            raise PlaceError(f"その位置の文はありません（文は {self.n_docs} 件で、位置は 0 から数えます）。") from None
        except (TypeError, ValueError):
            raise ParameterError(_BY_PLACE) from None

    @classmethod
    def concat(cls, parts: Sequence[Tokens]) -> Tokens:
        """Join batches, one after the other; words are renumbered into one vocabulary, unless all share one."""
        if not parts:
            raise ParameterError("Tokens.concat には 1 つ以上の Tokens を渡してください。")
        shared = all(part.vocabulary is parts[0].vocabulary for part in parts)
        vocabulary = parts[0].vocabulary if shared else Vocabulary()
        ids, maps, first = [], {}, 0
        for part in parts:
            ids.append(part.ids if shared else _renumbered(part, vocabulary))
            maps.update({first + d: m for d, m in part._maps.items()})
            first += part.n_docs
        index = parts[0].index
        for part in parts[1:]:
            index = index.append(part.index)
        lengths = np.concatenate([np.diff(p.doc_offsets) for p in parts])
        nstarts, nends = (np.concatenate([getattr(p, name) for p in parts]) for name in ("nstarts", "nends"))
        return cls(
            index, [t for p in parts for t in p.raw], [t for p in parts for t in p.norm], maps,
            np.concatenate(ids), nstarts, nends,
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), vocabulary,
        )  # fmt: skip

    def replace_tokens(self, ids: np.ndarray, first: np.ndarray, last: np.ndarray) -> Tokens:
        """Return Tokens whose i-th token runs from token ``first[i]`` to token ``last[i]`` of this batch.

        Used by the joining of compounds; ``first`` must ascend and no run may cross a text.
        """
        counts = np.bincount(self.doc_of[first], minlength=self.n_docs) if len(first) else np.zeros(self.n_docs, int)
        return Tokens(
            self.index, self.raw, self.norm, self._maps, ids.astype(np.int32),
            self.nstarts[first], self.nends[last],
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), self.vocabulary,
        )  # fmt: skip

    # -- other shapes ---------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """Return the tidy table a person would look at: one row per token.

        Returns
        -------
        DataFrame
            Columns ``id, position, start, end, surface, base, lemma, pos1 … conj_form, reading``.
        """
        vocabulary = self.vocabulary
        table: dict[str, object] = {
            "id": self.index.to_numpy()[self.doc_of],
            "position": np.arange(len(self.ids)) - self.doc_offsets[self.doc_of],
            "start": self.starts,
            "end": self.ends,
        }
        for name in ("surface", "base", "lemma", "pos1", "pos2", "pos3", "pos4", "conj_type", "conj_form", "reading"):
            table[name] = vocabulary.column(name)[self.ids]
        return pd.DataFrame(table)

    def __iter__(self) -> Iterator[list[str]]:
        """Iterate over texts as lists of base forms (what gensim reads)."""
        base = self.vocabulary.base
        for doc in range(self.n_docs):
            yield [base[i] for i in self.ids[self.doc_offsets[doc] : self.doc_offsets[doc + 1]]]

    def save(self, path: str | Path) -> None:
        """Write the batch to one ``.npz`` file (no pickle). It holds the texts: treat it as personal data.

        Raises
        ------
        ParameterError
            The folder is not there, or the file is open in another program.
        """
        words = json.dumps([getattr(self.vocabulary, name) for name in COLUMNS], ensure_ascii=False)
        texts = json.dumps({"index": id_texts(self.index), "ids": id_kinds(self.index), "raw": self.raw}, ensure_ascii=True)
        with whole_file(path) as draft, draft.open("wb") as file:
            np.savez_compressed(
                file,
                ids=self.ids, nstarts=self.nstarts, nends=self.nends,
                doc_offsets=self.doc_offsets,
                words=np.frombuffer(words.encode("utf-8", "surrogatepass"), np.uint8),
                texts=np.frombuffer(texts.encode(), np.uint8),
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | Path) -> Tokens:
        """Read a batch that :meth:`save` wrote; ids come back as :func:`textlens.tokens.ids.ids_from_texts` says.

        Raises
        ------
        InputFileError
            The file is not there, or is no batch of tokens.
        """
        source = Path(path)
        if not source.is_file():
            raise InputFileError(f"トークンのファイル {source.name} がありません。")
        found = cls._read(source)
        if found is None:
            raise InputFileError(f"{source.name} は Tokens.save で保存したファイルではないか、壊れています。保存し直してください。")
        return found

    @classmethod
    def _read(cls, source: Path) -> Tokens | None:
        """Return the batch; ``None``: the file holds none (what was raised may hold a part of the texts)."""
        try:
            return cls._of_file(source)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, BadZipFile, zlib.error):
            return None

    @classmethod
    def _of_file(cls, source: Path) -> Tokens:
        with source.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        columns = json.loads(arrays["words"].tobytes().decode("utf-8", "surrogatepass"))
        texts = json.loads(arrays["texts"].tobytes())
        index = ids_from_texts(texts["index"], texts["ids"]) if "ids" in texts else pd.Index(texts["index"], name=texts["name"])
        copies = [normalize(text) for text in texts["raw"]]
        return cls(
            index, texts["raw"], [c.text for c in copies],
            {d: c for d, c in enumerate(copies) if c.starts is not None},
            arrays["ids"], arrays["nstarts"], arrays["nends"],
            arrays["doc_offsets"], Vocabulary.from_columns(columns),
        )  # fmt: skip


def _renumbered(part: Tokens, vocabulary: Vocabulary) -> np.ndarray:
    """Return the words of a batch as numbers of another vocabulary, which takes in those it lacks."""
    number = np.array([vocabulary.add(part.vocabulary.entry(i)) for i in range(len(part.vocabulary))], np.int32)
    return number[part.ids] if len(part.ids) else part.ids
