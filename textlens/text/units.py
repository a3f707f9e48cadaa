"""意見単位: where one matter ends and the next begins.

A unit is a run of sentences about one matter; today every sentence is a unit of its own, and a
fragment that says nothing by itself (a lone mark, an emoji) stays with the sentence before it.
Offsets are in the normalised copy and rebuild it: units touch, and cover the text from end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textlens.text.sentences import split_sentences


@dataclass(frozen=True)
class Units:
    """Columns of the units of a batch.

    Attributes
    ----------
    doc : int32 array
        Number of the text.
    start, end : int32 arrays
        Half-open offsets in the normalised copy; ``end`` of a unit is ``start`` of the next.
    doc_offsets : int64 array, shape (n_docs + 1,)
        Units of text ``d`` are rows ``doc_offsets[d]:doc_offsets[d + 1]``. An empty text has none.
    """

    doc: np.ndarray
    start: np.ndarray
    end: np.ndarray
    doc_offsets: np.ndarray

    def __len__(self) -> int:
        return len(self.doc)

    @property
    def number(self) -> np.ndarray:
        """Number of each unit within its text, from 0."""
        return np.arange(len(self)) - self.doc_offsets[self.doc]

    def find(self, docs: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return the row of the unit that holds each place (text number, offset in its copy)."""
        if not len(self):
            return np.zeros(len(docs), np.int32)
        width = int(self.end.max()) + 2
        keys = self.doc.astype(np.int64) * width + self.start
        row = np.searchsorted(keys, docs.astype(np.int64) * width + np.minimum(places, width - 1), "right") - 1
        return np.clip(row, self.doc_offsets[docs], self.doc_offsets[docs + 1] - 1).astype(np.int32)


def split_units(texts: Sequence[str]) -> Units:
    """Split normalised texts into 意見単位.

    Parameters
    ----------
    texts : sequence of str
        Normalised copies (``tokens.norm``).

    Returns
    -------
    Units
    """
    doc: list[int] = []
    start: list[int] = []
    end: list[int] = []
    offsets = np.zeros(len(texts) + 1, np.int64)
    for number, text in enumerate(texts):
        for low, high in split_sentences(text):
            doc.append(number)
            start.append(low)
            end.append(high)
        offsets[number + 1] = len(doc)
    return Units(np.array(doc, np.int32), np.array(start, np.int32), np.array(end, np.int32), offsets)
