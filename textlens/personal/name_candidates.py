"""Where a name could stand without honorific or title, and what stands around it (for the weights of plain_names)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from textlens.personal.marks import KANJI, word_set
from textlens.personal.patterns import pattern
from textlens.tokens import Tokens, Vocabulary

_NUMERALS = frozenset("一二三四五六七八九十之ノ")
_SUMMITS = frozenset("岳峰峠嶽")
"""Also given names, but a mountain far more often (荒島岳)."""
_FUNCTION = frozenset({"助詞", "助動詞", "補助記号", "記号"})
_LOOKS_BACK = frozenset("の、・「とやには")
_CASE = frozenset("はがもにをと")
_FAMILY = frozenset({"氏", "家", "宅"})
_POLITE = frozenset({"です", "ます"})
_SHORT = 25
"""Tokens below which a text is a note more than a story."""
_REACH = 12
"""Tokens behind the particle among which the predicate is looked for."""

NO_NAME, SURNAME, GIVEN, SOME_NAME, PLACE = range(5)
_SIGNS = "x姓名般地"


class Candidate(NamedTuple):
    """Tokens ``first`` to ``last`` (both counted) of text ``doc``."""

    doc: int
    first: int
    last: int


def kind_of(vocabulary: Vocabulary, i: int) -> int:
    """Say what UniDic takes the word for: surname, given name, some name, place, or no name."""
    if vocabulary.pos3[i] == "人名":
        return {"姓": SURNAME, "名": GIVEN}.get(vocabulary.pos4[i], SOME_NAME)
    return PLACE if vocabulary.pos3[i] == "地名" else NO_NAME


def _can_be_given(vocabulary: Vocabulary, i: int) -> bool:
    kinds = ("名詞", "接尾辞", "接頭辞", "形状詞", "動詞", "形容詞")
    return KANJI.fullmatch(vocabulary.norm[i]) is not None and vocabulary.pos1[i] in kinds and vocabulary.pos2[i] != "数詞"


class NameCandidates:
    """Candidates of a batch and their features.

    Left out: historic persons and words that only look like names (tables), a place name that stands alone and is in
    ``place_surnames.tsv``, one character alone, and what stands before さん or a title (:mod:`textlens.personal.names` judges those).

    Attributes
    ----------
    found : list of Candidate
    """

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.given = word_set("personal/given_kanji.tsv")
        self.places = word_set("personal/place_surnames.tsv")
        self.titles = word_set("personal/honorifics.tsv")
        self._judged_elsewhere = self.titles - _FAMILY
        self.famous, self.not_names = word_set("personal/famous.tsv"), word_set("personal/not_names.tsv")
        self.kin, self.occupations = word_set("personal/kin.tsv"), word_set("personal/occupations.tsv")
        vocabulary = tokens.vocabulary
        self.kind = vocabulary.map("personal.kind", kind_of, np.int8)[tokens.ids]
        self.kanji_noun = vocabulary.map("personal.given", _can_be_given, bool)[tokens.ids]
        kanji = vocabulary.map("personal.kanji", lambda v, i: KANJI.fullmatch(v.norm[i]) is not None, bool)[tokens.ids]
        kana = (self.kind == SURNAME) | (self.kind == GIVEN)
        surnames, self.continental = word_set("personal/surnames.tsv"), word_set("personal/surnames.tsv", "continental")
        plain = vocabulary.map("personal.plain_surname", lambda v, i: v.norm[i] in surnames, bool)[tokens.ids] & (self.kind == NO_NAME)
        self.found: list[Candidate] = []
        done = -1
        goes_on = self._may_go_on(kanji)
        for i in np.flatnonzero((self.kind > NO_NAME) & (kanji | kana) | plain & goes_on).tolist():
            if i > done:
                doc = int(tokens.doc_of[i])
                done = self._last(i, int(tokens.doc_offsets[doc + 1])) if goes_on[i] and self.kind[i] != GIVEN else i
                candidate = Candidate(doc, i, done)
                if self._possible(candidate):
                    self.found.append(candidate)
        full = {(c.doc, self.word(c.first)) for c in self.found if c.last > c.first}
        self.found = [c for c in self.found if not self._is_lone_place(c, full)]
        polite = vocabulary.map("personal.polite", lambda v, i: v.lemma[i] in _POLITE, bool)[tokens.ids]
        self._polite = np.bincount(tokens.doc_of[polite], minlength=tokens.n_docs) > 0
        self._short = np.diff(tokens.doc_offsets) < _SHORT
        self._n_names = np.bincount(tokens.doc_of[(self.kind > NO_NAME) & (self.kind < PLACE)], minlength=tokens.n_docs)

    def _may_go_on(self, kanji: np.ndarray) -> np.ndarray:
        """Tell for each token whether a given name could stand behind it (a quick look; :meth:`_last` decides)."""
        tokens = self.tokens
        behind = kanji | self.kanji_noun | (self.kind == SURNAME) | (self.kind == GIVEN)
        out = np.zeros(len(tokens.ids), bool)
        out[:-1] = behind[1:] & (tokens.doc_of[1:] == tokens.doc_of[:-1])
        return out

    def _is_lone_place(self, c: Candidate, full: set[tuple[int, str]]) -> bool:
        """Tell whether a place name stands alone: no 氏 behind it, and no given name behind it elsewhere in the text."""
        name, behind = self.word(c.first), c.last + 1
        if c.last > c.first or self.kind[c.first] != PLACE or name not in self.places or (c.doc, name) in full or self.pointer(c):
            return False
        return behind >= self.tokens.doc_offsets[c.doc + 1] or self.word(behind) not in _FAMILY

    def pointer(self, c: Candidate) -> tuple[str, str] | None:
        """Return the rule by which what stands beside a lone surname makes it a person's, and whose it then is.

        A title before it (市議の田原は), an elder or a spouse behind it (飯塚のじいさまは), an age (手塚(53・女)), a writer
        who gives their name (三丁目の藤村です), the end of an office's note (記:生駒).
        """
        if c.last > c.first or self.kind[c.first] not in (SURNAME, PLACE):
            return None
        text, start, end = self.tokens.norm[c.doc], int(self.tokens.nstarts[c.first]), int(self.tokens.nends[c.first])
        before = text[max(0, start - 8) : start]
        if pattern("name-record-before").search(before):
            return "name-introduced", "staff"
        if pattern("name-lives-before").search(before) and pattern("name-lives-after").match(text, end):
            return "name-introduced", "self"
        if self.kind[c.first] == SURNAME and (  # 大阪のおばさん lives in Osaka, 大阪(60) may be a number of people
            pattern("name-before-elder").match(text, end) or pattern("name-record-after").match(text, end)
        ):
            return "name-bare", ""
        if text[end : end + 1] in tuple("はがもをに、") and pattern("name-behind-title").search(before):
            return "name-bare", ""
        return None

    def _possible(self, c: Candidate) -> bool:
        tokens = self.tokens
        start, end = int(tokens.nstarts[c.first]), int(tokens.nends[c.last])
        spelt = tokens.norm[c.doc][start:end]
        name = spelt.replace(" ", "")
        if name in self.famous or name in self.not_names or pattern("name-place-behind").match(tokens.norm[c.doc], end):
            return False
        behind = c.last + 1
        if behind < tokens.doc_offsets[c.doc + 1] and tokens.nstarts[behind] == end and self.word(behind) in self._judged_elsewhere:
            return False
        if not KANJI.search(name):
            return c.last > c.first and (len(name) >= 4 or len(spelt) > len(name))
        if c.last > c.first:
            return self.kind[c.first] != NO_NAME or len(name) > 2
        return len(name) > 1 and self.kind[c.first] != NO_NAME

    def word(self, i: int) -> str:
        """Return the normalised form of token ``i``."""
        return self.tokens.vocabulary.norm[self.tokens.ids[i]]

    def features(self) -> list[list[str]]:
        """Return for each candidate what it is made of and what stands around it.

        Notes
        -----
        Kinds of the words, length, lists (places, characters of given names); the word before and behind with
        its part of speech; the word behind の、・「 or before the particle; the predicate of the particle;
        whether the name comes again, and how many other names the text has.
        """
        first: dict[tuple[int, str], list[int]] = {}
        for c in self.found:
            seen = first.setdefault((c.doc, self.word(c.first)), [0, 0])
            seen[0] += 1
            seen[1] += c.last > c.first
        return [self._features(c, *first[c.doc, self.word(c.first)]) for c in self.found]

    def _features(self, c: Candidate, times: int, times_full: int) -> list[str]:
        tokens, (doc, i, last) = self.tokens, c
        low, high = int(tokens.doc_offsets[doc]), int(tokens.doc_offsets[doc + 1])
        name = "".join(map(self.word, range(i, last + 1)))
        shape = "".join(_SIGNS[self.kind[k]] for k in range(i, last + 1))
        base = shape[0] + ("+" if last > i else "")
        others = min(3, int(self._n_names[doc]) - sum(sign in "姓名般" for sign in shape))
        out = [f"shape {shape}", f"shape {shape} {min(len(name), 5)}", f"others {others}", f"others {others} {base}"]
        full, common = last > i, last > i and self._is_common(last)
        told = (
            (f"polite {base}", self._polite[doc]), (f"short {base}", self._short[doc]),
            ("place list", name in self.places), ("repeated", times > 1),
            (f"given {min(len(name) - len(self.word(i)), 4)} {base[0]}", full),
            ("given common", common), (f"given common {base[0]}", common),
            ("full elsewhere", not full and times_full > 0),
            ("given chars", base == "地" and all(char in self.given for char in name)),
        )  # fmt: skip
        out += [feature for feature, holds in told if holds]
        if i > low and tokens.nends[i - 1] == tokens.nstarts[i]:
            out += self._word_features("-1", i - 1, base)
            if i - 2 >= low and self.word(i - 1) in _LOOKS_BACK:
                out += self._word_features(f"-2{self.word(i - 1)}", i - 2, base)
        else:
            out += ["-1 open", f"-1 open {base}"]
        if last + 1 < high and tokens.nstarts[last + 1] == tokens.nends[last]:
            out += self._word_features("+1", last + 1, base)
            out += self._behind_particle(last + 1, high, base)
        else:
            out += ["+1 open", f"+1 open {base}"]
        return out

    def _behind_particle(self, i: int, high: int, base: str) -> list[str]:
        vocabulary, ids, particle = self.tokens.vocabulary, self.tokens.ids, self.word(i)
        if i + 1 >= high or vocabulary.pos1[ids[i]] != "助詞":
            return []
        out = self._word_features(f"+2{particle}", i + 1, base)
        if particle in _CASE:
            for k in range(i + 1, min(high, i + 1 + _REACH)):
                if self.word(k) == "。":
                    break
                if vocabulary.pos1[ids[k]] == "動詞":
                    lemma = vocabulary.lemma[ids[k]]
                    return [*out, f"verb {particle} {lemma}", f"verb {lemma}"]
        return out

    def _word_features(self, tag: str, i: int, base: str) -> list[str]:
        vocabulary, word = self.tokens.vocabulary, self.word(i)
        pos = vocabulary.pos1[self.tokens.ids[i]]
        if pos in _FUNCTION:
            return [f"{tag} {pos[:2]} {word}", f"{tag} {pos[:2]} {word} {base}"]
        out = [f"{tag} {pos} {vocabulary.pos3[self.tokens.ids[i]]}", f"{tag} {pos} {base}", f"{tag} w {word}"]
        lists = (("title", self.titles), ("kin", self.kin), ("occ", self.occupations))
        out += [f"{tag} {name}" for name, words in lists if word in words]
        return [*out, f"{tag} end {word[-1]}"] if len(word) > 1 and pos in ("名詞", "接尾辞") else out

    def _is_common(self, i: int) -> bool:
        """Tell whether the word has an entry of its own that is no name (真理)."""
        return self.kind[i] == NO_NAME and len(self.word(i)) > 1 and bool(self.tokens.vocabulary.lemma[self.tokens.ids[i]])

    def _last(self, i: int, high: int) -> int:
        """Last token of the given name behind the surname ``i``; ``i`` itself if there is none."""
        tokens, kind = self.tokens, self.kind
        j = i + 1
        if j >= high:
            return i
        gap = int(tokens.nstarts[j] - tokens.nends[i])
        if gap > 1 or gap == 1 and tokens.norm[int(tokens.doc_of[i])][tokens.nends[i]] != " ":
            return i
        chars, last = "", i
        if kind[j] in (SURNAME, GIVEN):
            chars, last = self.word(j), j
            if not KANJI.fullmatch(chars):
                return j
            j += 1
        while j < high and (self.kanji_noun[j] or self.word(j) in _NUMERALS) and len(chars) < 3 and (j == i + 1 or tokens.nstarts[j] == tokens.nends[j - 1]):
            word = self.word(j)
            if word in self.titles or word in self.not_names or any(c not in self.given for c in word):
                break
            if len(word) > 1 and (last > i or self._is_common(j) and j + 1 < high and self.kanji_noun[j + 1]):
                break
            chars += word
            last = j
            j += 1
        if last > i and (kind[last] != GIVEN and pattern("name-place-end").search(chars) or chars in _SUMMITS):
            return i
        whole = len(chars) > 1 or len(self.word(i)) > 1 or (kind[i], kind[last]) == (SURNAME, GIVEN)
        return last if 1 <= len(chars) <= 3 and whole else self._last_continental(i, high)

    def _last_continental(self, i: int, high: int) -> int:
        """Last token of a Chinese or Korean name: one or two characters behind the surname, and no more kanji."""
        tokens, j, chars = self.tokens, i + 1, ""
        if self.word(i) not in self.continental:
            return i
        while j < high and tokens.nstarts[j] == tokens.nends[j - 1] and KANJI.fullmatch(self.word(j)) and self.word(j) not in self.titles:
            chars += self.word(j)
            j += 1
        return j - 1 if 1 <= len(chars) <= 2 and not pattern("name-place-end").search(chars) else i
