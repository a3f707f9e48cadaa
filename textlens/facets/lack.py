"""欠如: "X が無い・少ない・遠い" as rows (thing, kind), what an analyst counts by 地区 (近くに公園が無い)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from textlens.errors import DictionaryError
from textlens.resources import made_from, table_stamp
from textlens.rules import read_table
from textlens.tokens import Tokens, Vocabulary, as_tokens

LACKS = "facets/lacks.tsv"
WORDS = "facets/lack_words.tsv"
_STEP_OVER = ("に", "で")
_MAX_BACK = 14
_Words = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Lacks:
    """Lacks of a batch: offsets in the normalised copy, the thing and the kind."""

    tokens: Tokens
    doc: list[int]
    start: list[int]
    thing_end: list[int]
    end: list[int]
    rule: list[str]
    kind: list[str]

    def _spans(self, ends: list[int]) -> tuple[np.ndarray, np.ndarray]:
        docs = np.array(self.doc, np.int32)
        return self.tokens.raw_spans(docs, np.array(self.start, np.int32), np.array(ends, np.int32))

    def _units(self) -> np.ndarray:
        units = self.tokens.units
        at = units.find(np.array(self.doc, np.int32), np.array(self.start, np.int32))
        return units.number[at] if len(self.doc) else np.empty(0, np.int64)

    def frame(self) -> pd.DataFrame:
        """Return the table of :func:`extract_lacks`."""
        starts, ends = self._spans(self.end)
        _, things = self._spans(self.thing_end)
        raw = self.tokens.raw
        words = [raw[d][a:b] for d, a, b in zip(self.doc, starts.tolist(), things.tolist(), strict=True)]
        return pd.DataFrame(
            {
                "id": self.tokens.index.to_numpy()[np.array(self.doc, np.int64)], "unit": self._units(),
                "start": starts, "end": ends, "thing": pd.Series(words, dtype=object), "kind": pd.Series(self.kind, dtype=object),
            }
        )  # fmt: skip

    def findings(self) -> pd.DataFrame:
        """Return rows of ``schema.FINDING_COLUMNS`` with the label ``lack``."""
        table = self.frame()
        return table.assign(label="lack", subject="", score=1.0, rule=pd.Series(self.rule, dtype=object), source=LACKS)


def extract_lacks(texts: Iterable[str] | Tokens) -> pd.DataFrame:
    """Extract what people say is missing, scarce, far or narrow.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens

    Returns
    -------
    DataFrame
        ``id``; ``unit`` (number within the comment); ``start``, ``end`` (raw characters, from the thing to
        the end of the predicate); ``thing`` (as written); ``kind`` (無い, 少ない, 足りない, 遠い, 狭い …).

    Notes
    -----
    A predicate of ``facets/lacks.tsv`` is found by its base form; the noun phrase before it (with の
    and one modifier of ところ, 場所 …) is the thing. Not lacks: 問題が無い and the other stop words of
    the row; 〜ではない, 〜しかない; 〜ことがない; double negation (少なくない); conditions (無いと困る,
    無ければ).

    **Misses**: a thing that stands after the predicate (無いのは駐車場だ) or far before it; a lack of the past (前はなかったが); 〜できる場所
    が with a long clause before it keeps only its last verb; lacks told by other verbs (バスが来ない).

    Examples
    --------
    >>> extract_lacks(["近くに公園がない。問題はない。", "バスの本数が少なすぎる。"])[["id", "thing", "kind"]].to_numpy().tolist()
    [[0, '公園', '無い'], [1, 'バスの本数', '少ない']]
    """
    return find_lacks(as_tokens(texts)).frame()


def find_lacks(tokens: Tokens) -> Lacks:
    """Find the lacks of a batch (see :func:`extract_lacks`)."""
    found = Lacks(tokens, [], [], [], [], [], [])
    predicates = _predicates()
    words = {row["role"]: frozenset(row["words"].split()) for row in read_table(WORDS)}
    vocabulary, ids = tokens.vocabulary, tokens.ids.tolist()
    if not ids:
        return found
    previous: tuple[int, tuple[int, int]] = (-1, (0, 0))
    candidate = vocabulary.map(("facets.lack_base", table_stamp(LACKS)), lambda v, i: v.base[i] in predicates and v.pos1[i] != "助動詞")
    for i in np.flatnonzero(candidate[tokens.ids]).tolist():
        doc = int(tokens.doc_of[i])
        low, high = int(tokens.doc_offsets[doc]), int(tokens.doc_offsets[doc + 1])
        low = max(low, i - _MAX_BACK)
        rule, kind, negated, stop = predicates[vocabulary.base[ids[i]]]
        last = _end(vocabulary, ids, i, high, negated, words)
        if last < 0 or (kind == "無い" and vocabulary.pos1[ids[i]] == "名詞" and i + 1 < high and vocabulary.pos1[ids[i + 1]] == "名詞"):
            continue  # ごみゼロ運動
        span = _thing(vocabulary, ids, i, low, words, reach=kind == "遠い")
        if span is None and found.end and previous[0] == doc and tokens.nstarts[i] - found.end[-1] <= 2:
            span = previous[1]  # 道が狭くて暗い: the same thing
        if span is None or vocabulary.norm[ids[span[1]]] in stop or vocabulary.base[ids[span[1]]] in stop:
            continue
        if tokens.norm[doc][tokens.nstarts[span[0]] : tokens.nends[span[1]]].endswith(tuple(s for s in stop if len(s) > 2)):
            continue
        if tokens.unit_of[span[0]] != tokens.unit_of[i]:
            continue
        found.doc.append(doc)
        found.start.append(int(tokens.nstarts[span[0]]))
        found.thing_end.append(int(tokens.nends[span[1]]))
        found.end.append(int(tokens.nends[last]))
        found.rule.append(rule)
        found.kind.append(kind)
        previous = (doc, span)
    return found


def _end(v: Vocabulary, ids: list[int], i: int, high: int, negated: bool, words: _Words) -> int:
    """Return the last token of the predicate, −1 where it is negated (again), or only a condition."""
    last = i
    if v.conj_form[ids[i]].startswith("仮定形"):  # 無ければ; but 店もなければ病院もない
        return i if i and v.norm[ids[i - 1]] == "も" and not negated else -1
    j = i + 1
    steps = 0
    hit = False
    while j < high and steps < 4:
        base, pos = v.base[ids[j]], v.pos1[ids[j]]
        if base in words["negation"] and pos in ("助動詞", "形容詞"):
            hit = True
            last = j
            if v.conj_form[ids[j]].startswith("仮定形"):
                return -1
            j += 1
            break
        if base in ("ます", "ませ", "は", "も", "過ぎる", "すぎる", "て", "いる", "です", "た", "だ", "なる") and pos != "名詞":
            if base in ("て", "だ", "です", "なる") and negated:
                return -1
            j += 1
            steps += 1
            continue
        break
    if hit != negated:
        return -1
    if not negated:
        last = i + 1 if i + 1 < high and v.base[ids[i + 1]] in ("過ぎる", "すぎる") else i
        j = last + 1
    while j < high and v.pos1[ids[j]] == "助動詞":
        j += 1
    if j + 2 < high and v.norm[ids[j]] == "こと" and v.norm[ids[j + 1]] in ("は", "も") and v.base[ids[j + 2]] in words["negation"]:
        return -1  # ないことはない
    if j < high and (_is_condition(v, ids, j, high, words) or v.norm[ids[j]] in words["not_lack"]):
        return -1
    return last


def _is_condition(v: Vocabulary, ids: list[int], j: int, high: int, words: _Words) -> bool:
    """Tell 無いと困る from 無いと思う."""
    return v.norm[ids[j]] == "と" and not (j + 1 < high and v.base[ids[j + 1]] in words["say"])


def _thing(v: Vocabulary, ids: list[int], i: int, low: int, words: _Words, *, reach: bool = False) -> tuple[int, int] | None:
    """Return first and last token of the noun phrase before the predicate at ``i``; ``reach`` also takes X まで."""
    j = i - 1
    while j >= low and (v.pos1[ids[j]] == "副詞" or v.norm[ids[j]] in words["skip"] or v.norm[ids[j]] in "、,・"):
        j -= 1
    if j - 2 >= low and v.norm[ids[j]] == "も" and v.pos2[ids[j - 2]] == "数詞" and v.pos1[ids[j - 1]] in ("接尾辞", "名詞"):
        j -= 3  # 医者が〈一人も〉いない
        while j >= low and v.norm[ids[j]] in "、,":
            j -= 1
    # 図書館が〈近くに〉ない: step over one phrase of place
    if j > low and v.norm[ids[j]] in _STEP_OVER and v.pos1[ids[j]] == "助詞" and v.pos1[ids[j - 1]] == "名詞":
        k = j - 1
        while k >= low and (v.pos1[ids[k]] == "名詞" or _is_noun(v, ids[k], words) or (v.norm[ids[k]] == "の" and v.pos1[ids[k]] == "助詞")):
            k -= 1
        if k >= low and v.norm[ids[k]] in ("が", "は", "も") and v.pos1[ids[k]] == "助詞":
            j = k
    if j < low:
        return None
    if v.pos1[ids[j]] == "助詞":
        if v.norm[ids[j]] not in words["particle"] and not (reach and v.norm[ids[j]] == "まで"):
            return None
        if j - 1 >= low and v.norm[ids[j]] in ("は", "も") and v.norm[ids[j - 1]] in ("で", "じゃ", "に", "と", "く", "から", "まで"):
            return None
        j -= 1
    if j < low or not _is_noun(v, ids[j], words):
        return None
    end = first = j
    while first - 1 >= low:
        w = ids[first - 1]
        if _is_noun(v, w, words) or v.pos1[w] == "接頭辞":
            first -= 1
        elif v.norm[w] == "の" and v.pos1[w] == "助詞" and first - 2 >= low and _is_noun(v, ids[first - 2], words):
            first -= 2
        elif v.pos1[w] == "動詞" and (v.conj_form[w].startswith("連用形") or v.norm[w] == "居") and v.pos1[ids[first]] == "名詞":
            first -= 1
        elif v.pos1[w] in ("動詞", "形容詞") and v.conj_form[w].startswith("連体形") and v.norm[ids[first]] in words["generic"]:
            first -= 1
            if first - 2 >= low and v.pos1[ids[first - 1]] == "助詞" and v.norm[ids[first - 1]] in ("て", "で") and v.pos1[ids[first - 2]] == "動詞":
                first -= 2  # 診てくれる病院
            while first - 1 >= low and v.pos1[w] == "動詞" and _is_noun(v, ids[first - 1], words):
                first -= 1
            break
        else:
            break
    return first, end


def _is_noun(v: Vocabulary, w: int, words: _Words) -> bool:
    pos = v.pos1[w]
    if pos == "名詞":
        return v.pos3[w] != "副詞可能" or v.norm[w] in words["generic"]
    return (pos == "接尾辞" and v.pos2[w] == "名詞的") or pos in ("代名詞", "形状詞")


@made_from(LACKS)
def _predicates() -> dict[str, tuple[str, str, bool, frozenset[str]]]:
    rows = [(r["id"], r["base"], r["kind"], r["negated"], r["stop"]) for r in read_table(LACKS)]
    stops = {kind: frozenset(stop.split()) for _, _, kind, _, stop in rows if not stop.startswith("=")}
    found = {}
    for rule, bases, kind, negated, stop in rows:
        if stop.startswith("=") and stop[1:] not in stops:  # an office gave the row with that kind another one
            raise DictionaryError(f"{LACKS} (id {rule}) の stop: {stop[1:]} の kind で言葉を並べた行がありません。自分の市の辞書の kind を確かめてください。")
        words = stops[stop[1:]] if stop.startswith("=") else frozenset(stop.split())
        for base in bases.split():
            found[base] = (rule, kind, negated == "1", words)
    return found
