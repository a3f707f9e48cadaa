"""Names with neither honorific nor title: 姓＋名, and surnames that stand alone (呼び捨て)."""

from __future__ import annotations

import re

import numpy as np

from textlens.personal.marks import Mark, word_set
from textlens.tokens import Tokens, Vocabulary

_KANJI = re.compile(r"[一-龥々ヶケ]+")
_PLACE_AFTER = re.compile(
    r"(?:[岳岬峠滝島市町村区県郡駅橋川湖城線港寺駐]|公園|通り|神社|大社|記念館|美術館|資料館|病院|医院|歯科|クリニック|商店|食堂|酒造|小学校|中学校|高校|大学|"
    r"地区|地域|方面|団地|支所|流域|街道|海岸|温泉|パン|の館|の駅|マラソン|エリア|登山|らし|ホール|スタジアム|ゼミ|モデル|建設|建興|興業|組|産業|工業|商事|"
    r"運輸|観光|屋|店|館|園|産|社|杯|賞|式|流|藩|幕府|時代|跡|古墳|遺跡|平野|盆地|半島|家(?!の(?:奥|主|嫁|息))|氏)"
)
_PARTICLES = ("助詞", "補助記号", "助動詞")
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "之", "ノ")
_OPENS = ("", "助詞", "補助記号", "接続詞", "連体詞", "副詞", "助動詞", "感動詞")
_ACTS = re.compile(
    r"(?:は|が|も|に)[^。\n]{0,16}(?:言[いうっわえ]|話[しす]|怒|叫|笑|泣[いく]|書[いく]|述べ|語[っりる]|頼[ん]|辞[めし]|断[っわ]|黙[っ]|約束|嘘|来た|来て|"
    r"住[んむ]|働|呼[んば]|殴|飲[んみ]|酔|威張|謝|認め|渡し|貸し|返[しさ]|威圧|出てこな|居留守|引退|就任|出演)"
)
_SURNAME, _GIVEN, _OTHER, _KANJI_NOUN = 1, 2, 4, 8


def _flags(vocabulary: Vocabulary, i: int) -> int:
    norm, found = vocabulary.norm[i], 0
    if vocabulary.pos3[i] == "人名":
        found = {"姓": _SURNAME, "名": _GIVEN}.get(vocabulary.pos4[i], _OTHER)
    if _KANJI.fullmatch(norm) and vocabulary.pos1[i] in ("名詞", "接尾辞", "接頭辞", "形状詞", "動詞", "形容詞") and vocabulary.pos2[i] != "数詞":
        found |= _KANJI_NOUN
    return found


class PlainNameFinder:
    """Find names that nothing but the words themselves gives away.

    Notes
    -----
    A surname alone counts only if it is no place name (``place_surnames.tsv``), is longer than one
    character and has a particle or a mark behind it. Historic persons are a table. Misses: one-character
    surnames alone, hiragana names, given names the analyser does not know; wrongly found: companies and
    mountains named like people.
    """

    def __init__(self) -> None:
        self.famous = word_set("personal/famous.tsv")
        self.places = word_set("personal/place_surnames.tsv")
        self.given = word_set("personal/given_kanji.tsv")
        self.not_names = word_set("personal/not_names.tsv")
        self.titles = word_set("personal/honorifics.tsv")

    def find(self, tokens: Tokens) -> dict[int, list[Mark]]:
        """Return the names of each text that has any."""
        flags = tokens.vocabulary.map("personal.plain", _flags, np.int8)[tokens.ids]
        found: dict[int, list[Mark]] = {}
        done = -1
        for i in np.flatnonzero(flags & (_SURNAME | _GIVEN)).tolist():
            if i <= done:
                continue
            mark, last = self._judge(tokens, flags, i)
            if mark:
                done = last
                found.setdefault(int(tokens.doc_of[i]), []).append(mark)
        return found

    def _judge(self, tokens: Tokens, flags: np.ndarray, i: int) -> tuple[Mark | None, int]:
        doc = int(tokens.doc_of[i])
        high = int(tokens.doc_offsets[doc + 1])
        text, norm = tokens.norm[doc], tokens.vocabulary.norm
        last = self._given_part(tokens, flags, i, high) if flags[i] & _SURNAME else i
        start, end = int(tokens.nstarts[i]), int(tokens.nends[last])
        name = text[start:end].replace(" ", "")
        if name in self.famous or name in self.not_names or _PLACE_AFTER.match(text, end):
            return None, i
        next_pos = tokens.vocabulary.pos1[tokens.ids[last + 1]] if last + 1 < high else "補助記号"
        if last > i:
            gap = end - start > len(name)
            if len(name) < 3 and not gap or not _KANJI.search(name) and len(name) < 4 and not gap:
                return None, i
            follower = norm[tokens.ids[last + 1]] if last + 1 < high and tokens.nstarts[last + 1] == end else ""
            if _KANJI.fullmatch(follower) and follower not in self.titles and len(follower) == 1:
                return None, i
            return Mark(self._front(tokens, flags, i, doc), end, "person_name", "", "name-full", 0.85), last
        if len(name) < 2 or not _KANJI.fullmatch(name) or name in self.places or next_pos not in _PARTICLES:
            return None, i
        touches = i > tokens.doc_offsets[doc] and tokens.nends[i - 1] == start
        before = tokens.vocabulary.pos1[tokens.ids[i - 1]] if touches else ""
        if before not in _OPENS or text.startswith(("の町", "の街", "の駅", "まで", "~", "-", "方面", "で", "があ", "がな"), end):
            return None, i
        acts = _ACTS.match(text, end) is not None
        return Mark(start, end, "person_name", "", "name-bare", 0.55 if acts else 0.45), i

    def _given_part(self, tokens: Tokens, flags: np.ndarray, i: int, high: int) -> int:
        """Last token of the given name behind the surname ``i``; ``i`` itself if there is none."""
        doc_text = tokens.norm[int(tokens.doc_of[i])]
        j = i + 1
        if j >= high:
            return i
        gap = int(tokens.nstarts[j] - tokens.nends[i])
        if gap > 1 or gap == 1 and doc_text[tokens.nends[i]] != " ":
            return i
        chars, last = "", i
        if flags[j] & (_GIVEN | _SURNAME):
            chars, last = tokens.vocabulary.norm[tokens.ids[j]], j
            if not _KANJI.fullmatch(chars):
                return j
            j += 1
        while j < high and (flags[j] & _KANJI_NOUN or tokens.vocabulary.norm[tokens.ids[j]] in _NUMERALS) and len(chars) < 3 and (j == i + 1 or tokens.nstarts[j] == tokens.nends[j - 1]):
            word = tokens.vocabulary.norm[tokens.ids[j]]
            known_word = len(word) > 1 and bool(tokens.vocabulary.lemma[tokens.ids[j]])
            if last > i and len(word) > 1 or known_word or word in self.titles or any(c not in self.given for c in word):
                break
            chars += word
            last = j
            j += 1
        if last > i and not flags[last] & _GIVEN and re.search(r"[川山島湖沢橋港城岳浜津池町村市小中高寺線駅園校館]$|建.$", chars):
            return i
        return last if 1 <= len(chars) <= 3 and (len(chars) > 1 or int(tokens.nends[i] - tokens.nstarts[i]) > 1) else i

    def _front(self, tokens: Tokens, flags: np.ndarray, i: int, doc: int) -> int:
        """Take in one short kanji word before a surname that UniDic cut in two (大豆/生田)."""
        j = i - 1
        if j < tokens.doc_offsets[doc] or tokens.nends[j] != tokens.nstarts[i] or not flags[j] & _KANJI_NOUN:
            return int(tokens.nstarts[i])
        word, vocabulary = tokens.vocabulary.norm[tokens.ids[j]], tokens.vocabulary
        if len(word) > 2 or word in self.titles or vocabulary.pos2[tokens.ids[j]] == "固有名詞" or vocabulary.pos1[tokens.ids[j]] != "名詞":
            return int(tokens.nstarts[i])
        if word in self.not_names or re.search(r"[長員者課係社会人家氏々師士手官生役夫妻子]$", word) or vocabulary.pos3[tokens.ids[j]] == "副詞可能":
            return int(tokens.nstarts[i])
        opens = j == tokens.doc_offsets[doc] or tokens.nends[j - 1] != tokens.nstarts[j] or vocabulary.pos1[tokens.ids[j - 1]] in _OPENS
        return int(tokens.nstarts[j]) if opens else int(tokens.nstarts[i])
