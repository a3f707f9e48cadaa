"""The reading in brackets that belongs to a name: 吉野(よしの), 大石太郎(おおいしたろう), Takahashiさん(髙橋).

Left behind, it gives a masked name back. Whether the brackets hold a reading is told by the reading UniDic gives the
words before them, by the table of kana names, and by their words: (パート), (うち) and (窓口の人) are none.
"""

from __future__ import annotations

from typing import NamedTuple

from textlens.personal.marks import Mark, word_set
from textlens.personal.patterns import pattern
from textlens.tokens import Tokens

_MOST_WORDS = 6
"""Words of a name whose reading is asked for."""
_LONG_WORD = 3
"""Characters from which a common word in kana is taken for a word (ホール), not for a piece of a reading (よし|の)."""


class Reading(NamedTuple):
    """Where a reading stands: a name that touches ``start`` to ``end`` goes on to ``end``.

    ``written`` is where the name in kana or Latin letters begins when the brackets hold its kanji; −1 otherwise.
    """

    start: int
    end: int
    written: int
    sure: bool


def find_readings(tokens: Tokens, doc: int) -> list[Reading]:
    """Return the brackets of one text that can hold the reading (or the kanji) of a name."""
    text = tokens.norm[doc]
    found = []
    for match in pattern("name-reading").finditer(text):
        agrees = _agrees(tokens, doc, match.start(), katakana(match["kana"])) if match["kana"] else False
        after_kanji = pattern("name-reading-behind").search(text, 0, match.start()) is not None
        if agrees or after_kanji and _can_be_reading(tokens, doc, match.span("kana"), bool(match["honorific"])):
            found.append(Reading(match.start(), match.end(), -1, agrees))
    for match in pattern("name-written").finditer(text):
        written = _written_from(tokens, doc, match.start(), match.span("kanji"), bool(match["honorific"] or match["behind"]))
        if written >= 0:
            found.append(Reading(match.start(), match.end() - len(match["behind"] or ""), written, True))
    return found


def with_reading(mark: Mark, readings: list[Reading]) -> Mark:
    """Return the mark of a name with the reading it touches, in one."""
    for one in readings:
        if mark.kind != "person_name":
            break
        if one.written >= 0 and mark.start < one.end and mark.end > one.written:
            mark = mark._replace(start=min(mark.start, one.written), end=max(mark.end, one.end))
        elif one.written < 0 and mark.start < one.start <= mark.end < one.end:
            mark = mark._replace(end=one.end)
    return mark


def katakana(kana: str) -> str:
    """Return a name as the readings of UniDic are written: katakana, no blank, no dot."""
    return "".join(chr(ord(c) + 96) if "ぁ" <= c <= "ゖ" else c for c in kana if c not in " ・")


def _reading_of(tokens: Tokens, token: int) -> str:
    vocabulary, number = tokens.vocabulary, tokens.ids[token]
    return vocabulary.reading[number] or katakana(vocabulary.norm[number])


def _tokens_in(tokens: Tokens, doc: int, start: int, end: int) -> range:
    """Return the tokens that lie wholly in a place of the normalised copy."""
    low, high = int(tokens.doc_offsets[doc]), int(tokens.doc_offsets[doc + 1])
    first = low + int(tokens.nstarts[low:high].searchsorted(start))
    return range(first, low + int(tokens.nends[low:high].searchsorted(end, "right")))


def _agrees(tokens: Tokens, doc: int, end: int, kana: str) -> bool:
    """Tell whether the words that end at ``end`` are read like this."""
    words = _tokens_in(tokens, doc, 0, end)
    if not words or tokens.nends[words[-1]] != end:
        return False
    read = ""
    for token in reversed(words[-_MOST_WORDS:]):
        read = _reading_of(tokens, token) + read
        if len(read) >= len(kana):
            break
    return read == kana


def _can_be_reading(tokens: Tokens, doc: int, span: tuple[int, int], strict: bool) -> bool:
    """Tell whether what stands in brackets behind kanji can be their reading; ``strict``: there is an honorific between."""
    if span[0] < 0:
        return True  # Latin letters that spell Japanese
    kana = tokens.norm[doc][span[0] : span[1]]
    if katakana(kana) in word_set("personal/kana_names.tsv", "surname") or kana in word_set("personal/kana_names.tsv", "given"):
        return True
    if strict or kana in word_set("personal/not_names.tsv"):
        return False
    vocabulary = tokens.vocabulary
    numbers = [int(tokens.ids[token]) for token in _tokens_in(tokens, doc, *span)]
    common = [bool(vocabulary.lemma[n]) and vocabulary.pos2[n] != "固有名詞" for n in numbers]
    return not all(common) or len(numbers) > 1 and all(len(vocabulary.norm[n]) < _LONG_WORD for n in numbers)


def _written_from(tokens: Tokens, doc: int, end: int, span: tuple[int, int], honoured: bool) -> int:
    """Return where the name in kana or Latin letters begins whose kanji stand in the brackets behind ``end``; −1 if there is none."""
    text = tokens.norm[doc]
    words = _tokens_in(tokens, doc, *span)
    kanji = katakana("".join(_reading_of(tokens, token) for token in words))
    named = honoured or any(tokens.vocabulary.pos3[tokens.ids[token]] == "人名" for token in words)
    before = pattern("name-written-behind").search(text, 0, end)
    if before is None or not named:
        return -1
    if before["latin"]:
        return before.start() if honoured else -1
    kana = katakana(before[0])
    if len(kanji) > 1 and kana.endswith(kanji) and len(kana) == end - before.start():
        return end - len(kanji)
    return before.start() if honoured and kana in word_set("personal/kana_names.tsv", "surname") else -1
