"""Words of kinship: 主人 is the writer's own, ご主人 and 娘さん are somebody else's."""

from __future__ import annotations

import re

import numpy as np

from textlens.personal.marks import Mark, word_set
from textlens.personal.patterns import pattern
from textlens.resources import table_stamp
from textlens.tokens import Tokens


class KinFinder:
    """Find words of kinship and say on whose side they stand.

    Notes
    -----
    お母さん and おばあちゃん can be either; they count as the writer's own only behind うちの and the like.
    Misses: kin words in kana-only writing; a speaker inside 「」 who is not the writer.
    """

    def __init__(self) -> None:
        self.own = word_set("personal/kin.tsv", "own")
        self.child = word_set("personal/kin.tsv", "child")
        self.other = word_set("personal/kin.tsv", "other")

    def find(self, tokens: Tokens) -> dict[int, list[Mark]]:
        """Return kin words of each text that has any (``kind`` is ``kin``)."""
        codes = tokens.vocabulary.map(("personal.kin", table_stamp("personal/kin.tsv")), lambda v, i: (v.norm[i] in self.own) + 2 * (v.norm[i] in self.child) + 4 * (v.norm[i] in self.other), np.int8)
        found: dict[int, list[Mark]] = {}
        for i in np.flatnonzero(codes[tokens.ids]).tolist():
            mark = self._judge(tokens, i, int(codes[tokens.ids[i]]))
            if mark:
                found.setdefault(int(tokens.doc_of[i]), []).append(mark)
        return found

    def _judge(self, tokens: Tokens, i: int, code: int) -> Mark | None:
        doc = int(tokens.doc_of[i])
        text, start, end = tokens.norm[doc], int(tokens.nstarts[i]), int(tokens.nends[i])
        before = text[max(0, start - 8) : start]
        own, other = bool(pattern("kin-own-before").search(before)), bool(pattern("kin-other-before").search(before))
        if pattern("kin-generic-after").match(text, end) or (start and "一" <= text[start - 1] <= "龥" and i and tokens.nends[i - 1] == start
                                               and tokens.vocabulary.pos1[tokens.ids[i - 1]] not in ("名詞", "副詞", "接頭辞")):  # fmt: skip
            return None
        word = text[start:end]
        if re.search(r"(?:児|[0-9一二三四五六七八九十]人|子|名|生|組|校)の$", before) and re.match(r"(?:です|である|として|だ[。が])", text[end : end + 4]):
            return None
        if word in ("母親", "父親", "親", "夫婦", "親子") and re.search(r"(?:若い|ある|その|どこかの|見知らぬ|よその|多くの|世の|お)$", before):
            return None
        if word == "嫁" and text.startswith(("に来", "に行", "いで", "ぎ"), end):
            return None
        after_honorific = text.startswith(("さん", "様", "さま", "君", "くん"), end)
        if code == 4 and not after_honorific:
            return None
        before_honorific = before.endswith(("お", "ご", "御"))
        if code == 2 and not after_honorific:
            told = before.endswith("の") and re.match(r"[をにがはと]", text[end:]) and re.search(r"^[^。\n]{0,40}(?:まし|られた|でした)", text[end:])
            if not (pattern("kin-child-before").search(before) or own or told or not before.endswith(("の", "る", "な")) and re.match(r"(?:が|は|も|、)", text[end:])):
                return None
            return Mark(start, end, "kin", "private" if other else "family", "kin-child", 0.7)
        if after_honorific or before_honorific:
            low = start - 1 if before_honorific else start
            high = end + 2 if after_honorific else end
            both = before_honorific and word in ("母", "父", "ばあ", "じい", "兄", "姉", "婆", "爺")
            if own:
                return Mark(low, high, "kin", "family", "kin-own", 0.8)
            return Mark(low, high, "kin", "private", "kin-unclear" if both else "kin-honorific", 0.5 if both else 0.8)
        return Mark(start, end, "kin", "private" if other and not own else "family", "kin-other" if other else "kin-own", 0.8)
