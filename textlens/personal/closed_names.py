"""Names with something in between: blanks between the characters (田 中 太 郎さん), a reading before さん (東(あずま)さん).

Texts that hold such a thing are closed, read once more by the same recognisers, and the names that lie where they were
closed are brought back to their places: a name is one finding, with its blanks or its reading.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from textlens.personal.marks import Mark
from textlens.personal.patterns import pattern
from textlens.personal.readings import Reading, find_readings, with_reading
from textlens.tokens import Tokens, as_tokens

_PLAIN_RULES = frozenset({"name-bare", "name-full"})
_FEWEST = 3
"""Characters of a spaced-out name that has neither honorific nor cue."""
Marks = dict[int, list[Mark]]


def join_names(tokens: Tokens, marks: Marks, readings: dict[int, list[Reading]], read: Callable[[Tokens], Marks]) -> None:
    """Put the names of closed texts into ``marks``, in place of what was found of them in pieces.

    Parameters
    ----------
    tokens : Tokens
    marks : dict of int → list of Mark
        By number of the text, offsets in the normalised copy; changed in place.
    readings : dict of int → list of Reading
    read : callable
        The recognisers.

    Notes
    -----
    Misses: kana spaced out (た な か), a name partly spaced out (田中 太 郎), two characters without honorific or cue.
    """
    spaced = {doc: [m.span() for m in pattern("name-spaced").finditer(tokens.norm[doc])] for doc in _docs_with_runs(tokens)}
    docs = sorted({*spaced, *readings})
    closed = [_close(tokens.norm[doc], spaced.get(doc, []), readings.get(doc, [])) for doc in docs]
    texts = as_tokens(pd.Series([text for text, _ in closed], dtype=object)) if docs else None
    for number, found in (read(texts) if texts else {}).items():
        doc, places = docs[number], closed[number][1]
        names = []
        for mark in found:
            if mark.kind == "person_name" and texts:
                start, end = texts.raw_span(number, mark.start, mark.end)
                names.append(mark._replace(start=int(places[start]), end=int(places[end - 1]) + 1))
        _replace(marks, doc, [m for m in names if _lies_on(m, tokens.norm[doc], spaced.get(doc, []))])
        _replace(marks, doc, [r for m in names if (r := with_reading(m, readings.get(doc, []))) != m])
    for doc, own in readings.items():
        marks[doc] = [with_reading(mark, own) for mark in marks.get(doc, [])]
        _replace(marks, doc, [Mark(r.written, r.end, "person_name", "", "name-reading", 0.9) for r in own if r.written >= 0])


def readings_of(tokens: Tokens) -> dict[int, list[Reading]]:
    """Return the texts with brackets that may hold the reading of a name, and where (asked once for each batch)."""
    return tokens.remember("personal.readings", lambda: _readings(tokens))


def _readings(tokens: Tokens) -> dict[int, list[Reading]]:
    gate = pattern("name-reading-gate")
    found = {doc: find_readings(tokens, doc) for doc, text in enumerate(tokens.norm) if "(" in text and gate.search(text)}
    return {doc: several for doc, several in found.items() if several}


def _docs_with_runs(tokens: Tokens) -> list[int]:
    joined = "\x00".join(tokens.norm)
    starts = np.cumsum([0, *(len(text) + 1 for text in tokens.norm)])
    places = np.fromiter((m.start() for m in pattern("name-spaced").finditer(joined)), np.int64)
    return np.unique(np.searchsorted(starts, places, "right") - 1).tolist()  # type: ignore[no-any-return]


def _close(text: str, runs: list[tuple[int, int]], readings: list[Reading]) -> tuple[str, np.ndarray]:
    """Return a text without the blanks of the runs and without the readings, and the place of each character that is left."""
    kept = np.ones(len(text), bool)
    for start, end in runs:
        kept[start:end] = [char != " " for char in text[start:end]]
    for one in readings:
        if one.written < 0:
            kept[one.start + text[one.start : one.end].index("(") : one.end] = False
    places = np.flatnonzero(kept)
    return "".join(text[place] for place in places.tolist()), places


def _lies_on(mark: Mark, text: str, runs: list[tuple[int, int]]) -> bool:
    """Tell whether a name lies on a run of spaced-out characters (the whole of it, where nothing else says that it is a name)."""
    for start, end in runs:
        if mark.start < end and mark.end > start and " " in text[mark.start : mark.end]:
            whole = (mark.start, mark.end) == (start, end) and len(text[start:end].replace(" ", "")) >= _FEWEST
            return whole or mark.rule not in _PLAIN_RULES
    return False


def _replace(marks: Marks, doc: int, names: list[Mark]) -> None:
    """Put names in place of the pieces of names they meet."""
    if names:
        others = marks.get(doc, [])
        marks[doc] = names + [m for m in others if m.kind != "person_name" or all(m.end <= n.start or m.start >= n.end for n in names)]
