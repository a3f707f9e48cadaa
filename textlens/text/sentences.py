"""Sentences of a citizen's text: full stops are often missing, line breaks and emoji stand in for them.

bunkai (Hayashibe and Mitsuzawa 2020), which comes with oseti, was the model for the exceptions (a stop
inside brackets, before と言う, in a number). It is not used: on 600 answers of a real survey (Fukui, 2025) both put a
cut in the same 478 places, bunkai had 5 that are not ours and left out 61 of ours, nearly all of them line
breaks (its own model for those must be downloaded), and it took 1.7 ms a text against 9 µs.
"""

from __future__ import annotations

import re

_EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf"
_STOPS = "。.!?‼⁇⁈⁉"
_PLAIN = rf"""
      [{_STOPS}{_EMOJI}♪\n](?:                                    # one class of characters to begin with: re skips ahead to it
          (?<=[{_STOPS}])(?P<stop>[{_STOPS}.)」』】~♪\s{_EMOJI}\ufe0f\u200d]*)(?<![0-9]\.)  # a stop and what hangs on it
        | (?<=[{_EMOJI}♪])(?P<emoji>\ufe0f?\u200d?\s*(?:[{_EMOJI}♪]\ufe0f?\u200d?\s*)*)   # emoji in place of a stop
        | (?<=\n)(?P<line>\s*)                                     # a line break
      )
"""
_END = re.compile(_PLAIN, re.VERBOSE)
_END_WITH_LISTS = re.compile(
    _PLAIN + r"""
    | (?P<list>(?=[\u2460-\u2473]|\((?:[0-9]{1,2}|[ア-オ])\)))                # a list inside a line
    | (?P<dot>(?=・[^・\n]{6}))
    | (?P<number>(?<![0-9.])(?=(?P<count>[1-9][0-9]?)(?P<sign>[.)、])[^0-9\n]))
    | (?P<space>(?<=です|ます|した|せん|しい|ない|たい|った|いる|ある)[ ]+)       # 〜です 〜ます
    """,
    re.VERBOSE,
)
_LIST_MARKS = re.compile(r"[ (・\u2460-\u2473]|2[.)、]")
_ITEM_BEGINS = re.compile(r"(?:^|[\n。.:!?」』)])\s*$")
"""What stands before the first item of a list inside a line: nothing, or the end of something."""
_LAST_LETTERS = 12
"""So far back is looked for it."""
_MIN_ITEM = 7
"""A dot and at least six letters: shorter ones (バス・電車) are one name."""
_TOLD = re.compile(r"・[^・\n]{5,}[いるたてすん]・")
"""An item that is a sentence: no name goes on like that."""
_GOES_ON = re.compile(r"\s*(?:と(?:、|か|も|は|の|思|おも|言|い[うっわ]|感|考|書|聞|お[っ])|って(?:[、思言い感]|$)|など|とか|の(?!で)|で(?:す|し|、))")
"""What follows a stop that only ends something said or thought (「増えるといいなあ。と思う」)."""
_WRAPPED = tuple("がをにへのとはもでやし、,")
"""A line that ends in a particle or a comma was wrapped, not ended."""
_LIST = re.compile(r"\s*(?:[・●○◎■□◆◇※*\-]|[\u2460-\u2473]|\(?[0-9]{1,2}[).、]|\([ア-オ]\))")
_QUOTE_OPEN = "「『(【"
_BRACKET = re.compile("[「『(【」』)】]")
_HAS_WORD = re.compile(r"[\wぁ-んァ-ヶ一-龠々]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the sentences of one normalised text.

    The spans touch and rebuild the text. A stop inside 「 」 or ( ), in a number, or before と思う does
    not end a sentence; a line break does, unless the line ends in a particle or a comma; an item of a
    list begins one. A fragment without a word stays with the sentence before it.

    Notes
    -----
    Misses: full stops left out in mid-line without a space (``暗いです街灯がない``); a bracket that is never
    closed is taken as no bracket.

    References
    ----------
    林部・光澤 (2020) bunkai: 日本語文境界判定器, 言語処理学会第26回年次大会.

    Examples
    --------
    >>> [ "バスが少ない。増やして!"[a:b] for a, b in split_sentences("バスが少ない。増やして!") ]
    ['バスが少ない。', '増やして!']
    >>> len(split_sentences("「来年は直します。」と言われました。"))
    1
    """
    if not text:
        return []
    cuts = []
    quoted = _quoted(text)
    length = len(text)
    items = _Items(text) if _LIST_MARKS.search(text) else None
    for match in (_END_WITH_LISTS if items else _END).finditer(text):
        begin, end = match.span()
        kind = match.lastgroup
        if items and kind in ("dot", "number") and not items.begins(match):
            continue
        if end >= length or end == 0:
            continue
        if quoted:
            place = begin if begin < end else begin - 1
            if any(low <= place <= high for low, high in quoted):
                continue
        if kind == "stop":
            if text[begin] == "." and (text[begin - 1 : begin].isascii() or begin == 0):
                continue
            if _GOES_ON.match(text, end) and "\n" not in text[begin:end]:
                continue
        elif kind == "line" and text[:begin].rstrip(" ").endswith(_WRAPPED) and not _is_new_block(text, begin, end):
            continue
        cuts.append(end)
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*cuts, length]:
        if cut <= start:
            continue
        if spans and not _HAS_WORD.search(text, start, cut):
            spans[-1] = (spans[-1][0], cut)
        else:
            spans.append((start, cut))
        start = cut
    return spans


class _Items:
    """The list inside a line, as far as it is read: ・… goes on after ・…, and 2. after 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._dot, self._number = -1, 0

    def begins(self, mark: re.Match[str]) -> bool:
        """Tell whether an item begins at a dot or a number."""
        begin = mark.start()
        fresh = _ITEM_BEGINS.search(self._text[max(0, begin - _LAST_LETTERS) : begin]) is not None
        if mark.lastgroup == "dot":
            goes_on = self._dot >= 0 and begin - self._dot >= _MIN_ITEM and "\n" not in self._text[self._dot : begin]
            if not (fresh or goes_on or _TOLD.match(self._text, begin)):
                return False
            self._dot = begin
            return True
        number = int(mark["count"])
        if number == 1 and (fresh or mark["sign"] != "、"):
            self._number = 1
            return fresh
        if number < 2 or number != self._number + 1:
            return False
        self._number = number
        return True


def _is_new_block(text: str, begin: int, end: int) -> bool:
    """Tell whether what follows a line break stands by itself: after an empty line, or a list item."""
    return text.count("\n", begin, end) > 1 or _LIST.match(text, end) is not None


def _quoted(text: str) -> list[tuple[int, int]]:
    """Return the outermost stretches inside brackets (offsets of both brackets); one never closed does not count."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        place = match.start()
        if text[place] in _QUOTE_OPEN:
            opened.append(place)
        elif opened:
            begin = opened.pop()
            while spans and spans[-1][0] > begin:
                spans.pop()
            spans.append((begin, place))
    return spans
