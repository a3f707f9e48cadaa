"""意見単位: where one matter ends and the next begins.

A unit is a run of sentences about one matter. Sentences are the base; a sentence that only gives the
reason or the consequence of the one before (``そのため…``, ``なぜなら…``, ``せめて…``) joins it, and a sentence
is cut where the writer says that another matter follows (``〜ですが、また…``, ``〜してほしいし、あと…``).
Offsets are in the normalised copy and rebuild it: units touch, and cover the text from end to end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from textlens.text.normalize import Normalized
from textlens.text.sentences import split_sentences

_JOINS = re.compile(
    r"\s*(?:そのため|そのせい|そのおかげ|ですから|なので|だから|したがって|従って|よって|なぜなら|というのも|理由は|つまり|"
    r"要するに|そうすれば|そうすると|そうしないと|そうでないと|せめて[^。]{0,12}(?:だけ|くらい|ぐらい)|例えば|たとえば|具体的には|以上(?:です)?。?$)"
)
"""What a sentence begins with that only goes on with the matter before it."""
_NEXT_MATTER = re.compile(
    r"(?:です|ます|ました|ません|でした|ほしい|欲しい|たい|ない|だ)(?:が|けれども|けれど|けど|し)、?"
    r"(?=(?:また|あと|それと|それから|加えて|さらに|更に|ほかにも|他にも|もう一つ|もうひとつ|もう1つ|ついでに)、?[^、。]{4})"
)
"""Where a sentence says that another matter follows."""


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

    Notes
    -----
    Misses: two matters in one sentence without such a word (``道が狭いし図書館も遠い``) stay one unit; a
    matter told over several sentences without a connective is counted once per sentence.

    Examples
    --------
    >>> units = split_units(["道が狭いです。そのため車がすれ違えません。図書館は好きです。", ""])
    >>> units.start.tolist(), units.end.tolist(), units.doc_offsets.tolist()
    ([0, 21], [21, 30], [0, 2, 2])
    """
    start: list[int] = []
    end: list[int] = []
    offsets = np.zeros(len(texts) + 1, np.int64)
    for number, text in enumerate(texts):
        spans = split_sentences(text)
        first = len(start)
        for low, high in spans:
            if len(start) > first and _JOINS.match(text, low, high):
                end[-1] = high
                continue
            for cut in _NEXT_MATTER.finditer(text, low, high) if high - low > 24 else ():
                start.append(low)
                end.append(cut.end())
                low = cut.end()
            start.append(low)
            end.append(high)
        offsets[number + 1] = len(start)
    doc = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(offsets))
    return Units(doc, np.array(start, np.int32), np.array(end, np.int32), offsets)


def on_whole_characters(units: Units, maps: Mapping[int, Normalized]) -> Units:
    """Move a cut that falls inside what one character of the raw text became (``￣`` is two in the copy) behind it.

    Parameters
    ----------
    units : Units
    maps : dict of int → Normalized
        Copies whose lengths changed, by number of the text.
    """
    end = units.end.copy()
    for doc, copy in maps.items():
        first, last = units.doc_offsets[doc], units.doc_offsets[doc + 1] - 1
        if copy.starts is None or last <= first:
            continue
        begins = np.r_[True, copy.starts[1:] != copy.starts[:-1], True]
        end[first:last] = np.searchsorted(np.cumsum(begins), np.cumsum(begins)[end[first:last] - 1] + 1)
    start = units.start.copy()
    goes_on = np.flatnonzero(units.doc[1:] == units.doc[:-1]) + 1
    start[goes_on] = end[goes_on - 1]
    kept = start < end
    return Units(units.doc[kept], start[kept], end[kept], np.r_[0, np.cumsum(kept)][units.doc_offsets])
