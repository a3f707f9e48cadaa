"""Words of kinship: 主人 is the writer's own, ご主人 and 娘さん are somebody else's."""

from __future__ import annotations

import re

import numpy as np

from textlens.personal.marks import Mark, word_set
from textlens.tokens import Tokens

_OWN = re.compile(r"(?:うちの|私の|わたしの|我が家の|わが家の|我が|わが|僕の|俺の|自分の|実家の|同居の|義理の|実の)$")
_OTHER = re.compile(r"(?:その|あの|この子の|本人の|相手の|彼の|彼女の|よその|よそ様の|隣の|友人の|知人の|友だちの|友達の|お宅の|(?:あの|その|隣の|知らない|別の|近所の|友|知|他|本)人の|あの方の|その方の|さんの|氏の|員の|長の|者の)$")
_GENERIC_AFTER = re.compile(r"(?:の日|たち|達|世代|同士|一般|なら(?!な)|に(?:とって|なる人|なった人)|という(?:もの|の)|や(?:子|妻|夫|父|母|祖父|孫))")
_CHILD_OWN = re.compile(r"(?:うちの|我が|わが|私の|上の|下の|末の|一番下の|一番上の|歳の|才の|さいの|か月の|月の|[小中高][1-6一二三四五六]の|年生の|年長の|年中の|年少の|[二三四2-4]人の|孫の|この|産まれた|生まれた)$")


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
        codes = tokens.vocabulary.map("personal.kin", lambda v, i: (v.norm[i] in self.own) + 2 * (v.norm[i] in self.child) + 4 * (v.norm[i] in self.other), np.int8)
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
        own, other = bool(_OWN.search(before)), bool(_OTHER.search(before))
        if _GENERIC_AFTER.match(text, end) or (start and "一" <= text[start - 1] <= "龥" and i and tokens.nends[i - 1] == start
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
            if not (_CHILD_OWN.search(before) or own or told or not before.endswith(("の", "る", "な")) and re.match(r"(?:が|は|も|、)", text[end:])):
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
