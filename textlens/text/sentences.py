"""Sentences of a citizen's text: full stops are often missing, line breaks and emoji stand in for them."""

from __future__ import annotations

import re

_END = re.compile(
    r"""
    (?:[。.!?‼⁇⁈⁉。][。.!?)」』】~♪\s\U0001F300-\U0001FAFF\u2600-\u27BF\ufe0f\u200d]*   # a stop and what hangs on it
      (?<![0-9]\.)                                     # not 3.5, not No.1
    | (?:[\U0001F300-\U0001FAFF\u2600-\u27BF♪]\ufe0f?\s*)+                                # emoji in place of a stop
    | \s*\n\s*                                         # a line break
    )
    """,
    re.VERBOSE,
)
_QUOTE_OPEN, _QUOTE_CLOSE = "「『(【", "」』)】"
_HAS_WORD = re.compile(r"[\wぁ-んァ-ヶ一-龠々]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the sentences of one normalised text.

    The spans touch and rebuild the text; a stop inside 「 」 or ( ) does not end a sentence.

    Examples
    --------
    >>> [ "バスが少ない。増やして!"[a:b] for a, b in split_sentences("バスが少ない。増やして!") ]
    ['バスが少ない。', '増やして!']
    """
    if not text:
        return []
    cuts = []
    depth_at = _depths(text) if any(mark in text for mark in _QUOTE_OPEN) else None
    for match in _END.finditer(text):
        if match.end() >= len(text) or (depth_at is not None and depth_at[match.start()]):
            continue
        if text[match.start()] == "." and (text[match.start() - 1 : match.start()].isascii() or match.start() == 0):
            continue
        cuts.append(match.end())
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*cuts, len(text)]:
        if cut <= start:
            continue
        if spans and not _HAS_WORD.search(text, start, cut):
            spans[-1] = (spans[-1][0], cut)
        else:
            spans.append((start, cut))
        start = cut
    return spans


def _depths(text: str) -> list[int]:
    """Return how many brackets are open at each character; a bracket never closed does not count."""
    depth, depths, opened = 0, [], []
    for place, char in enumerate(text):
        if char in _QUOTE_OPEN:
            depth += 1
            opened.append(place)
        depths.append(depth)
        if char in _QUOTE_CLOSE and depth:
            depth -= 1
            opened.pop()
    for place in opened:
        depths[place:] = [d - 1 for d in depths[place:]]
    return depths
