"""What a word can be inside a name, asked once per word of the vocabulary (all questions in one pass: it is the slow part)."""

from __future__ import annotations

from collections.abc import Callable

from textlens.personal.marks import KANJI
from textlens.tokens import Vocabulary

NO_NAME, SURNAME, GIVEN, SOME_NAME, PLACE = range(5)
"""What UniDic takes a word for."""
KIND = 7
"""Mask of the bits that hold the kind."""
IS_KANJI, CAN_BE_GIVEN, PLAIN_SURNAME, POLITE, PART, STRANGE, TITLE = (8 << bit for bit in range(7))
_POLITE = frozenset({"です", "ます"})
_GIVEN_POS = frozenset({"名詞", "接尾辞", "接頭辞", "形状詞", "動詞", "形容詞"})
_PART_POS = frozenset({"名詞", "動詞", "形容詞", "形状詞", "記号", "補助記号"})
_NO_PART = frozenset({"地名", "助数詞可能", "副詞可能", "助数詞"})
_OLD_VERBS = frozenset("也哉乃之")
"""Particles and verbs of old that now stand in names only (惇/也)."""
_NO_SUFFIX = "子郎朗太夫"
"""Suffixes that are also parts of given names."""
_NAMES = {"姓": SURNAME, "名": GIVEN}


def traits_of(surnames: frozenset[str], titles: frozenset[str], given: frozenset[str]) -> Callable[[Vocabulary, int], int]:
    """Return the function that says what a word can be (kind and bits)."""

    def traits(vocabulary: Vocabulary, i: int) -> int:
        norm, pos1, pos3 = vocabulary.norm[i], vocabulary.pos1[i], vocabulary.pos3[i]
        if norm in given:  # 太郎, 和子: nouns to UniDic
            found = GIVEN
        elif pos3 == "人名":
            found = _NAMES.get(vocabulary.pos4[i], SOME_NAME)
        else:
            found = PLACE if pos3 == "地名" else NO_NAME
        if norm and ("一" <= norm[0] <= "龥" or norm[0] in "々〆ヶケ") and KANJI.fullmatch(norm):
            numeral = vocabulary.pos2[i] == "数詞"
            found |= IS_KANJI
            if (pos1 in _GIVEN_POS or norm in _OLD_VERBS) and not numeral:
                found |= CAN_BE_GIVEN
            if not numeral and _is_part(norm, pos1, pos3, vocabulary.lemma[i]):
                found |= PART
            if len(norm) == 1 or not vocabulary.lemma[i]:
                found |= STRANGE
            elif norm in titles:
                found |= TITLE
            if norm in surnames:
                found |= PLAIN_SURNAME
        elif vocabulary.lemma[i] in _POLITE:
            found |= POLITE
        return found

    return traits


def _is_part(norm: str, pos1: str, pos3: str, lemma: str) -> bool:
    """Tell a part of a name UniDic does not know: no common word (倉庫/群), counter, suffix (県, 者, 内), adverb or place."""
    if len(norm) > 1 and lemma and pos3 != "人名" or pos3 in _NO_PART:
        return False
    return pos1 in _PART_POS or pos1 == "接尾辞" and norm in _NO_SUFFIX
