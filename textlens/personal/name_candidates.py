"""Where a name could stand without honorific or title, and what stands around it (for the weights of plain_names)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from textlens.personal.marks import KANJI, word_set
from textlens.personal.name_kanji import name_kanji
from textlens.personal.name_runs import beside_mask, unknown_names
from textlens.personal.name_words import (
    CAN_BE_GIVEN,
    GIVEN,
    IS_KANJI,
    KIND,
    NO_NAME,
    PLACE,
    PLAIN_SURNAME,
    POLITE,
    SURNAME,
    traits_of,
)
from textlens.personal.patterns import pattern
from textlens.resources import table_stamp
from textlens.tokens import Tokens

_WORDS = ("personal/surnames.tsv", "personal/honorifics.tsv", "personal/given_nouns.tsv")
_NUMERALS = frozenset("一二三四五六七八九十之ノ")
_SUMMITS = frozenset("岳峰峠嶽")
"""Also given names, but a mountain far more often (荒島岳)."""
_FUNCTION = frozenset({"助詞", "助動詞", "補助記号", "記号"})
_LOOKS_BACK = frozenset("の、・「とやには")
_CASE = frozenset("はがもにをと")
_FAMILY = frozenset({"氏", "家", "宅"})
_SHORT = 25
"""Tokens below which a text is a note more than a story."""
_REACH = 12
"""Tokens behind the particle among which the predicate is looked for."""

_GIVEN_LOOK, _COMMON_GIVEN_LOOK = 10, 10
"""Least look of a word as a given name when it has characters that are rare in them, and when it is a common word."""

_SIGNS = "x姓名般地"
_LIKELY = (-20, 0, 10, 20, 30, 40, 55)
"""Steps into which the looks of a name are sorted (:mod:`textlens.personal.name_kanji`)."""


class Candidate(NamedTuple):
    """Tokens ``first`` to ``last`` (both counted) of text ``doc``."""

    doc: int
    first: int
    last: int


def _step(look: int) -> int:
    return bisect_right(_LIKELY, look)


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
        self.looks = name_kanji()
        self.frequent = word_set("personal/frequent_surnames.tsv")
        self.places = word_set("personal/place_surnames.tsv")
        self.titles = word_set("personal/honorifics.tsv")
        self._judged_elsewhere = self.titles - _FAMILY
        self.famous, self.not_names = word_set("personal/famous.tsv"), word_set("personal/not_names.tsv")
        self.kin, self.occupations = word_set("personal/kin.tsv"), word_set("personal/occupations.tsv")
        self._place_behind, self._place_end = pattern("name-place-behind").match, pattern("name-place-end").search
        vocabulary = tokens.vocabulary
        surnames, self.continental = word_set("personal/surnames.tsv"), word_set("personal/surnames.tsv", "continental")
        traits = vocabulary.map(("personal.name_words", *map(table_stamp, _WORDS)), traits_of(surnames, self.titles, word_set("personal/given_nouns.tsv", "name")), np.int16)[tokens.ids]
        self.kind, self.kanji_noun = traits & KIND, (traits & CAN_BE_GIVEN) > 0
        kanji = (traits & IS_KANJI) > 0
        kana = (self.kind == SURNAME) | (self.kind == GIVEN)
        plain = ((traits & PLAIN_SURNAME) > 0) & (self.kind == NO_NAME)
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
        runs = [Candidate(*run) for run in unknown_names(self, traits)]
        self._runs = {(c.first, c.last) for c in runs}
        self.found += runs
        full = {(c.doc, self.word(c.first)) for c in self.found if c.last > c.first}
        self.found = [c for c in self.found if not self._is_lone_place(c, full)]
        polite = (traits & POLITE) > 0
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
        if c.last > c.first or self.kind[c.first] != PLACE:
            return False
        name, behind = self.word(c.first), c.last + 1
        if name not in self.places or (c.doc, name) in full or self.pointer(c):
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
        if self.kind[c.first] == SURNAME and pattern("name-before-self").match(text, end):
            return "name-bare", ""
        if text[end : end + 1] in tuple("はがもをに、") and pattern("name-behind-title").search(before):
            return "name-bare", ""
        return None

    def _possible(self, c: Candidate) -> bool:
        tokens = self.tokens
        start, end = int(tokens.nstarts[c.first]), int(tokens.nends[c.last])
        spelt = tokens.norm[c.doc][start:end]
        name = spelt.replace(" ", "")
        if name in self.famous or name in self.not_names or self._place_behind(tokens.norm[c.doc], end):
            return False
        behind = c.last + 1
        if behind < tokens.doc_offsets[c.doc + 1] and tokens.nstarts[behind] == end and self.word(behind) in self._judged_elsewhere:
            return False
        if beside_mask(tokens.norm[c.doc], start, end):
            return False
        if " " in spelt and start and KANJI.match(tokens.norm[c.doc][start - 1]):  # 栗山沢 弘 is not 沢 弘
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
        others = min(3, int(self._n_names[doc]) - sum(sign in "姓名般" for sign in shape))
        if (i, last) in self._runs:
            shape = "u"
        base = shape[0] + ("+" if last > i and shape != "u" else "")
        out = [f"shape {shape}", f"shape {shape} {min(len(name), 5)}", f"others {others}", f"others {others} {base}"]
        full, common = last > i, last > i and self._is_common(last)
        told = (
            (f"polite {base}", self._polite[doc]), (f"short {base}", self._short[doc]),
            (f"place list {base}", name in self.places), ("repeated", times > 1),
            (f"given {min(len(name) - len(self.word(i)), 4)} {base[0]}", full),
            (f"given common {base[0]}", common),
            ("full elsewhere", not full and times_full > 0),
            ("given chars", base == "地" and all(char in self.given for char in name)),
        )  # fmt: skip
        out += [feature for feature, holds in told if holds]
        out += self._look_features(name, i, last, base)
        before = self._side(i - 1) if i > low and tokens.nends[i - 1] == tokens.nstarts[i] else "open"
        after = self._side(last + 1) if last + 1 < high and tokens.nstarts[last + 1] == tokens.nends[last] else "open"
        out += [f"between {before} {after}", f"between {before} {after} {base}"]
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

    def _look_features(self, name: str, i: int, last: int, base: str) -> list[str]:
        """Say how the characters look as a surname, as a given name, as both."""
        if not KANJI.fullmatch(name):
            return []
        first, rest = self.word(i), name[len(self.word(i)) :]
        if base == "u":
            look = self.looks.look(name)
            told = (("whole", look.whole), ("surname", look.surname), ("given", look.given))
            best = max(look)
            return [f"look u {label} {_step(value)}" for label, value in told] + [f"look u best {_step(best)}", f"look u {len(name)} {_step(best)}"]
        known = "frequent" if first in self.frequent else "rare"
        out = [f"look surname {_step(self.looks.surname(first))} {base}", f"known {known}", f"known {known} {base}"]
        if rest:
            given = _step(self.looks.given(rest))
            whole = _step(min(self.looks.surname(first), self.looks.given(rest)))
            out += [f"look whole {whole}", f"look {known} {given}", f"look given {given}", f"look given {given} {base}", f"look given {given} {len(rest)}"]
            if last > i and self._is_common(last):
                out.append(f"look given common {given}")
        elif base[0] in "名般x":
            out += [f"look given {_step(self.looks.given(first))} {base}"]
        return out

    def _side(self, i: int) -> str:
        """Name a neighbour: the word of a particle or sign, the part of speech of others."""
        vocabulary, number = self.tokens.vocabulary, self.tokens.ids[i]
        return vocabulary.norm[number] if vocabulary.pos1[number] in _FUNCTION else vocabulary.pos1[number]

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
        if kind[i] == PLACE and self.word(i) not in self.frequent and self._is_common(j):  # 関西万博
            return i
        if kind[i] == PLACE and kind[j] == SURNAME and self.word(j) in self.places:  # 越前大野
            return i
        if kind[j] in (SURNAME, GIVEN):
            chars, last = self.word(j), j
            if not KANJI.fullmatch(chars):
                return j
            j += 1
        while j < high and (self.kanji_noun[j] or self.word(j) in _NUMERALS) and len(chars) < 3 and (j == i + 1 or tokens.nstarts[j] == tokens.nends[j - 1]):
            word = self.word(j)
            if word in self.titles or word in self.not_names or not (self._is_given_part(word) or self._begins_given(j, high)):
                break
            if len(word) > 1 and (last > i or self._is_common(j) and (j + 1 < high and self.kanji_noun[j + 1] or self._is_no_given(j))):
                break
            chars += word
            last = j
            j += 1
        if last > i and (kind[last] != GIVEN and self._place_end(chars) or chars in _SUMMITS):
            return i
        if len(chars) == 1 and kind[last] == NO_NAME and self.looks.given(chars) < 0 and kind[i] != SURNAME:  # 福井城下の城
            return self._last_continental(i, high)
        whole = len(chars) > 1 or len(self.word(i)) > 1 or (kind[i], kind[last]) == (SURNAME, GIVEN)
        return last if 1 <= len(chars) <= 3 and whole else self._last_continental(i, high)

    def _is_given_part(self, word: str) -> bool:
        """Tell whether all its characters stand in given names, or it begins and ends as they do (怗一, 白雲)."""
        return all(c in self.given for c in word) or len(word) > 1 and self.looks.given(word) >= _GIVEN_LOOK

    def _is_no_given(self, j: int) -> bool:
        """Tell whether a common word is unlike a given name: by its characters, or because it names an action (観光, 延伸)."""
        look = self.looks.given(self.word(j))
        return look < (40 if self.tokens.vocabulary.pos3[self.tokens.ids[j]] == "サ変可能" else _COMMON_GIVEN_LOOK)

    def _begins_given(self, j: int, high: int) -> bool:
        """Tell whether a character rare in given names makes one with the next (数/雄)."""
        word = self.word(j)
        if len(word) > 1 or j + 1 >= high or self.tokens.nstarts[j + 1] != self.tokens.nends[j]:
            return False
        rest = self.word(j + 1)
        return len(rest) == 1 and self.kanji_noun[j + 1] and rest in self.given and self.looks.given(word + rest) >= _GIVEN_LOOK

    def _last_continental(self, i: int, high: int) -> int:
        """Last token of a Chinese or Korean name: one or two characters behind the surname, and no more kanji."""
        tokens, j, chars = self.tokens, i + 1, ""
        if self.word(i) not in self.continental:
            return i
        if j < high and self._is_common(j) and self._is_no_given(j):  # 金価格
            return i
        while j < high and tokens.nstarts[j] == tokens.nends[j - 1] and KANJI.fullmatch(self.word(j)) and self.word(j) not in self.titles:
            chars += self.word(j)
            j += 1
        return j - 1 if 1 <= len(chars) <= 2 and not self._place_end(chars) else i
