"""Names of people before an honorific or a title: kanji, kana, katakana, initials, ○○.

UniDic says which words are surnames and given names; honorifics and titles say which of them are
people here (森さん, not 森の手入れ). Words that take さん without being names are a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from textlens.personal.callers import is_note
from textlens.personal.marks import KANJI, RARE_KANJI, Mark, word_set
from textlens.personal.patterns import pattern
from textlens.resources import table_stamp
from textlens.rules import read_table
from textlens.tokens import Tokens, Vocabulary

_NAME, _PLACE, _NOUN, _STOP, _KATAKANA = 1, 2, 4, 8, 16
_KATAKANA_WORD = re.compile(r"[ァ-ヶー]+")
_HIRAGANA_WORD = re.compile(r"[ぁ-んー]+")
_MASKED = re.compile(r"(?:(?<![A-Za-z0-9])[A-Z](?:[.・]?[A-Z]){0,2}|[○〇△▲×●□■◯]{1,3}|[*]{2,3})$")
_PLACE_SUFFIX = r"(?:市(?!長|議)|町(?!長|内|会|議)|区(?!長|議)|駅|県(?!議|知事)|村(?!長|議))"
_KATAKANA_NAME = re.compile(r"[ァ-ヶー]{1,10}(?:[・ ][ァ-ヶー]{1,10}){1,4}$")
_KANJI_BEFORE = re.compile(rf"(?<![一-龥々ァ-ヶー{RARE_KANJI}])[一-龥々{RARE_KANJI}]{{1,4}}$")
_RARE = re.compile(f"[{RARE_KANJI}]")
_OF_GIVEN = frozenset({"くん", "ちゃん", "君"})
"""Stand behind given names: 翼くん, not 翼."""
_LEANS, _OPENS_A_NAME = ("助詞", "助動詞"), ("助詞", "補助記号", "空白", "連体詞", "接続詞")
_NEAR = 30
_WEAK_HONORIFIC = frozenset({"様", "さま", "殿", "君", "どん", "っち"})
_TITLES = "personal/honorifics.tsv"


def _titles() -> dict[str, tuple[str, str]]:
    return {row["term"]: (row["kind"], row["subject"]) for row in read_table(_TITLES)}


def _heads(titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the titles that begin with a string and go on, longest first (民生 → 民生委員)."""
    found: dict[str, list[str]] = {}
    for title in titles:
        for size in range(1, len(title)):
            found.setdefault(title[:size], []).append(title)
    return {head: tuple(sorted(several, key=len, reverse=True)) for head, several in found.items()}


def _with_surname(tokens: Tokens, flags: np.ndarray, j: int, low: int) -> int:
    """Return where a name begins whose given name is token ``j``: at a surname a blank before it (佐藤 美代さん), or at ``j``."""
    text, begin = tokens.norm[int(tokens.doc_of[j])], int(tokens.nstarts[j])
    first, edge = j, begin - 1
    while first > low and flags[j] & _NAME and tokens.nends[first - 1] == edge and flags[first - 1] & (_NAME | _PLACE) and j - first < 3:
        first -= 1
        edge = int(tokens.nstarts[first])
    if first == j:
        return begin
    written = _KANJI_BEFORE.search(text, 0, begin - 1)  # 高|野原 美代: the whole of it
    return written.start() if written else edge


def _flags(vocabulary: Vocabulary, i: int) -> int:
    """Say what a word can be inside a name (bits)."""
    norm, pos1, pos2, pos3 = vocabulary.norm[i], vocabulary.pos1[i], vocabulary.pos2[i], vocabulary.pos3[i]
    found = 0
    if pos3 == "人名":
        found |= _NAME
    elif pos3 == "地名":
        found |= _PLACE
    begins_kanji = "一" <= norm[:1] <= "龥" or bool(_RARE.match(norm))
    if begins_kanji and KANJI.fullmatch(norm):
        if pos1 not in ("代名詞", "連体詞", "副詞", "接続詞", "感動詞") and pos2 != "数詞":
            found |= _NOUN
    elif not begins_kanji and _KATAKANA_WORD.fullmatch(norm):
        found |= _KATAKANA
    elif not found:
        found |= _STOP
    return found


def _child_near(text: str, start: int, end: int) -> bool:
    """Tell whether something near speaks of children, neighbours or an accident: mascots and dishes are called ちゃん too."""
    return pattern("name-child-near").search(text, max(0, start - _NEAR), end + _NEAR) is not None


class NameFinder:
    """Find names of people in a batch.

    Notes
    -----
    Misses: hiragana names without an honorific (ゆうこが来た), surnames alone without honorific, title or
    cue (佐藤が言った), nicknames, surnames UniDic does not know when they are written like a common word.
    Wrongly found: shops and characters that take さん and are in no table.
    """

    def __init__(self) -> None:
        self.titles = _titles()
        self.heads = _heads(term for term, (kind, _) in self.titles.items() if kind == "title")
        self.not_names = word_set("personal/not_names.tsv")
        self.surnames = word_set("personal/surnames.tsv")
        self.given_nouns = word_set("personal/given_nouns.tsv")
        self.kana_surnames = word_set("personal/kana_names.tsv", "surname")
        self.kana_given = word_set("personal/kana_names.tsv", "given")
        self.kana_elders = word_set("personal/kana_names.tsv", "elder")
        self.famous = word_set("personal/famous.tsv", "historic")
        self.clans = word_set("personal/famous.tsv", "clan")

    def find(self, tokens: Tokens) -> dict[int, list[Mark]]:
        """Return the names of each text that has any."""
        vocabulary = tokens.vocabulary
        flags = vocabulary.map("personal.flags", _flags, np.int8)[tokens.ids]
        begins = vocabulary.map(("personal.title", table_stamp(_TITLES)), lambda v, i: v.norm[i] in self.titles or v.norm[i] in self.heads, bool)[tokens.ids]
        places = np.flatnonzero(begins)
        found: dict[int, list[Mark]] = {}
        last = -1
        for i, doc, entry, start in zip(*(column.tolist() for column in (places, tokens.doc_of[places], tokens.ids[places], tokens.nstarts[places])), strict=True):
            if i <= last:
                continue
            last = max(last, self._title_end(tokens, i, doc, vocabulary.norm[entry], start))
            mark = self._before_title(tokens, flags, i, last) if last >= i else None
            if mark:
                found.setdefault(doc, []).append(mark)
        return found

    def _title_end(self, tokens: Tokens, i: int, doc: int, word: str, start: int) -> int:
        """Return the last token of the longest title that begins with token ``i`` (係/長, 民生/委員); −1 if none does."""
        text = tokens.norm[doc]
        for title in self.heads.get(word, ()):
            if text.startswith(title, start):
                high = int(tokens.doc_offsets[doc + 1])
                last = i + int(np.searchsorted(tokens.nends[i:high], start + len(title)))
                if last < high and tokens.nends[last] == start + len(title):
                    return last
        return i if word in self.titles else -1

    # -- さん, 課長 --------------------------------------------------------------------------------

    def _before_title(self, tokens: Tokens, flags: np.ndarray, i: int, last: int) -> Mark | None:
        """Judge what stands before the title of the tokens ``i`` to ``last`` (both counted)."""
        doc = int(tokens.doc_of[i])
        text, norm, ids = tokens.norm[doc], tokens.vocabulary.norm, tokens.ids
        end, behind, cut = int(tokens.nstarts[i]), int(tokens.nends[last]), last > i
        title = text[end:behind]
        kind, subject = self.titles[title]
        low = int(tokens.doc_offsets[doc])
        if title == "家" and not re.search(r"(?:隣|向かい|裏|近所|本|分)の?[^。]{0,4}$", text[max(0, end - 8) : end]):
            return None
        if pattern("name-business-after").match(text, behind) or text[end - 1 : end] in "おご御":
            return None
        if title == "氏" and re.match(r"(?:の?(?:遺跡|城|館|居館|時代|一族|庭園|家臣|墓|跡)|跡|ゆかり|遺跡|に関|が(?:築|治)|によって)", text[end + 1 : end + 6]):
            return None
        masked = _MASKED.search(text, max(0, end - 5), end)
        if masked and kind == "title" and (title in ("代表", "大使") or re.fullmatch(r"[A-Z]{3}", masked[0])):  # PTA会長, A代表
            return None
        if masked and not (title in ("殿", "様", "家") or kind == "title" and not masked[0].isalpha() and subject not in ("staff", "public_figure")):
            return Mark(masked.start(), end, "person_name", subject, "name-initial", 0.8)
        foreign = _KATAKANA_NAME.search(text, max(0, end - 40), end)
        if foreign and ("・" in foreign[0] or kind == "honorific" and title not in ("様", "殿", "君")) and not re.search(r"(?:株式|有限)会社$", text[: foreign.start()]):
            return Mark(foreign.start(), end, "person_name", subject, "name-katakana", 0.8)
        j = self._run_start(tokens, flags, i, low)
        if j == i:
            given = self._given_in_hiragana(tokens, i, low) if title in _OF_GIVEN and _child_near(text, end, behind) else None
            return given or self._kana_run(tokens, flags, i, low, kind, subject)
        words = [norm[k] for k in ids[j:i].tolist()]
        skipped = self._skip_titles(words)
        j += skipped
        words = [norm[k] for k in ids[j:i].tolist()]
        while kind == "title" and len(words) > 1 and words[-1] in ("元", "前", "現", "新", "副", "事務", "総務", "営業", "編集", "工場", "兼"):
            i -= 1
            end = int(tokens.nstarts[i])
            subject = self.titles.get(words.pop() + title, (kind, subject))[1]
        run = "".join(words)
        glued = end - len(run)
        if kind == "honorific" and run in self.kana_elders and (surname := _KANJI_BEFORE.search(text, 0, glued)):
            return Mark(surname.start(), end, "person_name", subject, "name-honorific", 0.8)
        if kind == "honorific" and not skipped and glued > 0 and re.match(r"[一-龥々ァ-ヶー]", text[glued - 1]) and not re.search(r"(?:課|係|室|長|員|班|組|担当|の)$", text[:glued]):
            if pattern("name-shop-end").search(words[-1]):
                return None
            whole = _KANJI_BEFORE.search(text, 0, glued)
            return Mark(glued - 1, end, "person_name", subject, "name-honorific", 0.75) if whole and len(whole[0]) == 1 and flags[j] & flags[i - 1] & _NAME else None
        if not run or run in ("前", "元", "現", "新", "副", "旧") and kind == "title" or run in self.not_names or run in self.titles or text.startswith(("たち", "方の", "側"), behind):
            return None
        if cut and not self._can_lead(words, flags[j:i]):
            return None
        bits = flags[j:i]
        start = _with_surname(tokens, flags, j, low)
        score = self._is_name(run, words, bits, text, start, title, kind)
        if not score:
            return None
        rule = "name-honorific" if kind == "honorific" else "name-title"
        return Mark(start, end, "person_name", subject, rule, score)

    def _can_lead(self, words: list[str], bits: np.ndarray) -> bool:
        """Tell whether the last word can be the surname of somebody who leads a 課 or 係 (宮下係長, not 総務係長)."""
        return bool(bits[-1] & (_NAME | _PLACE)) or words[-1] in self.surnames

    def _run_start(self, tokens: Tokens, flags: np.ndarray, i: int, low: int) -> int:
        """First token of the run of name-like words that ends right before token ``i``."""
        j, chars = i, 0
        katakana = bool(flags[i - 1] & _KATAKANA) if i > low else False
        while j > low and tokens.nends[j - 1] == tokens.nstarts[j] and not flags[j - 1] & _STOP:
            if bool(flags[j - 1] & _KATAKANA) != katakana and not flags[j - 1] & _NAME:
                break
            chars += int(tokens.nends[j - 1] - tokens.nstarts[j - 1])
            if chars > (12 if katakana else 7):
                break
            j -= 1
        return j

    def _skip_titles(self, words: list[str]) -> int:
        """How many leading words are titles or organisations (担当/佐藤, 市民課/佐藤)."""
        skip = 0
        for k in range(len(words) - 1):
            if words[k] in self.titles or words[k] in self.not_names and len(words[k]) > 1 or (len(words[k]) > 1 and pattern("name-organisation").search(words[k])) or (
                words[k] in ("課", "係", "局", "員", "室", "部")
            ):  # fmt: skip
                skip = k + 1
        return skip

    def _is_name(self, run: str, words: list[str], bits: np.ndarray, text: str, at: int, title: str, kind: str) -> float:
        before = text[max(0, at - 8) : at]
        named = bool((bits & _NAME).any())
        place = bool((bits & _PLACE).any())
        pointed = pattern("name-person-before").search(before) is not None
        if (pattern("name-shop-end").search(words[-1]) or kind == "honorific" and pattern("name-shop-before").search(before)) and not pointed:
            return 0.0
        if len(run) == 1 and pattern("title-of-a-quarter").match(title):  # 東町内会長 leads the 東町内会
            return 0.0
        if run in self.clans and title == "氏":
            return 0.0
        if any(run[:k] in self.famous for k in range(1, len(run) + 1)):
            return 0.0
        if not (named and kind == "honorific") and re.search(re.escape(run) + _PLACE_SUFFIX, text):
            return 0.0
        if named and bits[-1] & _NAME or run in self.given_nouns and title in _OF_GIVEN:
            return 0.95
        if len(run) > 2 and run in self.surnames:
            return 0.8
        if words[-1] in self.not_names and len(words[-1]) > 1:
            return 0.0
        if len(run) > 1 and pattern("name-organisation").search(run) and not named and not pointed:
            return 0.0
        if named or pointed and len(run) <= 5 and kind == "honorific":
            return 0.85
        if place and title == "様" and len(words) == 1 and KANJI.fullmatch(run) and (pointed or is_note(text)):
            return 0.7
        if title in ("様", "氏") and len(run) in (2, 3) and bits[0] & _NOUN and pattern("name-in-note").search(before) and is_note(text):
            return 0.7
        if title in _WEAK_HONORIFIC or pattern("title-of-many").match(title):
            return 0.0
        if run in self.surnames or run in self.kana_surnames:
            return 0.8
        if bits[0] & _KATAKANA:
            return 0.7 if title in _OF_GIVEN and len(words) == 1 and 1 < len(run) <= 6 and pattern("name-opens").search(before) and _child_near(text, at, at) else 0.0
        if place and (kind == "honorific" and len(run) <= 4 or pattern("title-of-a-desk").match(title)):
            return 0.7
        if place and len(words) == 1 and KANJI.fullmatch(run) and pattern("title-of-a-person").match(title):
            return 0.7
        if len(words) > 1 and len(run) <= 4 and any(len(w) == 1 for w in words) and max(map(len, words)) <= 2:
            return 0.7
        member = title in ("議員", "先生", "主任", "市会議員", "主査", "県議", "議長", "教育長", "市議", "代議士", "医師", "保健師", "教諭", "住職")
        if member and len(words) == 1 and len(run) in (2, 3) and not pattern("name-modifier").search(run):
            return 0.6
        return 0.0

    def _given_in_hiragana(self, tokens: Tokens, i: int, low: int) -> Mark | None:
        """Find a child's name like ひまりちゃん, whatever words the parse cut it into: from where it begins, up to ``i``."""
        vocabulary, ids, end = tokens.vocabulary, tokens.ids, int(tokens.nstarts[i])
        text = tokens.norm[int(tokens.doc_of[i])]
        j = i
        while j > low and tokens.nends[j - 1] == tokens.nstarts[j] and _HIRAGANA_WORD.fullmatch(vocabulary.norm[ids[j - 1]]) and vocabulary.pos1[ids[j - 1]] not in _LEANS:
            j -= 1
        piece = text[int(tokens.nstarts[j]) : end] if j < i else ""
        opens = j == low or vocabulary.pos1[ids[j - 1]] in _OPENS_A_NAME or tokens.nends[j - 1] < tokens.nstarts[j]
        if not (opens and 2 <= len(piece) <= 4) or pattern("name-kin-in-hiragana").search(piece) or piece in self.not_names:
            return None
        return Mark(end - len(piece), end, "person_name", "private", "name-kana", 0.75)

    def _kana_run(self, tokens: Tokens, flags: np.ndarray, i: int, low: int, kind: str, subject: str) -> Mark | None:
        """Hiragana names: さとうさん is one flagged word; みぞぐちさん is cut into pieces."""
        end = int(tokens.nstarts[i])
        doc = int(tokens.doc_of[i])
        text = tokens.norm[doc]
        if kind == "honorific" and pattern("name-shop-before").search(re.sub(r"[ぁ-んー]{1,6}$", "", text[max(0, end - 14) : end])):
            return None
        for size in range(min(6, end), 1, -1):
            piece = text[end - size : end]
            if not _HIRAGANA_WORD.fullmatch(piece):
                continue
            kata = "".join(chr(ord(c) + 96) if "ぁ" <= c <= "ん" else c for c in piece)
            known = piece not in self.not_names and (piece in self.kana_given or kata in self.kana_surnames)
            if known and tokens.starts_token(np.array([doc]), np.array([end - size]))[0]:
                return Mark(end - size, end, "person_name", subject, "name-kana", 0.75)
        return None
