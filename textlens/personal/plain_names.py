"""Names with neither honorific nor title: 姓＋名, and a surname or given name that stands alone (呼び捨て)."""

from __future__ import annotations

import math

from textlens.personal.marks import Mark
from textlens.personal.name_candidates import Candidate, NameCandidates
from textlens.personal.patterns import pattern
from textlens.resources import made_from
from textlens.rules import read_table
from textlens.tokens import Tokens

WEIGHTS = "personal/plain_names.tsv"
CONSTANT = "constant"
SURE_FROM = 0.17
"""Probability that becomes score 0.5, the finder's default. Out of fold: recall of Wikipedia's kanji names 0.82, precision
0.90; 25 candidates in 13,737 answers of a survey that names almost nobody, half of them real people."""
LEAST_SCORE = 0.4
"""Candidates below it are dropped, so that they do not steer whose the neighbouring facts are."""
POINTED_AT = 0.7
"""Score of a surname that its neighbours point at (``NameCandidates.pointer``)."""
SUREST = 0.88
"""A name that a cue announces (三枝木と申します, 氏名:) is surer, and the cue says whose it is."""
_OPENS = frozenset({"", "助詞", "補助記号", "接続詞", "連体詞", "副詞", "助動詞", "感動詞"})


class PlainNameFinder:
    """Find names that nothing but the words themselves and their surroundings give away.

    A logistic regression on what stands in and around each candidate (``NameCandidates.features``); its weights are
    ``dictionaries/personal/plain_names.tsv``, learnt by ``benchmarks/train_names.py``, which prints how well they do
    on text they have not seen.

    Notes
    -----
    Misses: names made of words UniDic takes for common nouns, hiragana names, one in seven kanji names of
    an encyclopaedia (historic persons among them: they are left out). Wrongly found: companies, mountains and characters named like people.
    """

    def __init__(self) -> None:
        self.weights = _load()

    def find(self, tokens: Tokens) -> dict[int, list[Mark]]:
        """Return the names of each text that has any."""
        candidates = NameCandidates(tokens)
        found: dict[int, list[Mark]] = {}
        for c, features in zip(candidates.found, candidates.features(), strict=True):
            score, full, pointer = score_of(self.probability(features)), c.last > c.first, candidates.pointer(c)
            rule, subject = pointer or ("name-full" if full else "name-bare", "")
            score = min(SUREST, max(score, POINTED_AT) if pointer else score)
            if score < LEAST_SCORE:
                continue
            start = _front(candidates, c) if full else int(tokens.nstarts[c.first])
            found.setdefault(c.doc, []).append(Mark(start, int(tokens.nends[c.last]), "person_name", subject, rule, score))
        return found

    def probability(self, features: list[str]) -> float:
        """Return how likely a candidate with these features is the name of a person."""
        total = self.weights[CONSTANT] + sum(self.weights.get(feature, 0.0) for feature in features)
        return 1 / (1 + math.exp(-total))


@made_from(WEIGHTS)
def _load() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in read_table(WEIGHTS)}


def score_of(probability: float) -> float:
    """Bend a probability so that ``SURE_FROM`` becomes 0.5.

    Examples
    --------
    >>> [round(score_of(p), 2) for p in (0.0, 0.1, 0.2, 1.0)]
    [0.0, 0.29, 0.52, 0.95]
    """
    if probability < SURE_FROM:
        return round(0.5 * probability / SURE_FROM, 3)
    return round(0.5 + 0.45 * (probability - SURE_FROM) / (1 - SURE_FROM), 3)


def _front(candidates: NameCandidates, c: Candidate) -> int:
    """Take in one short kanji word before a surname that UniDic cut in two (大豆/生田)."""
    tokens, vocabulary, j = candidates.tokens, candidates.tokens.vocabulary, c.first - 1
    start = int(tokens.nstarts[c.first])
    if j < tokens.doc_offsets[c.doc] or tokens.nends[j] != start or not candidates.kanji_noun[j]:
        return start
    word, entry = candidates.word(j), tokens.ids[j]
    if len(word) > 2 or word in candidates.titles or vocabulary.pos2[entry] == "固有名詞" or vocabulary.pos1[entry] != "名詞":
        return start
    if word in candidates.not_names or pattern("name-front-not").search(word) or vocabulary.pos3[entry] == "副詞可能":
        return start
    opens = j == tokens.doc_offsets[c.doc] or tokens.nends[j - 1] != tokens.nstarts[j] or vocabulary.pos1[tokens.ids[j - 1]] in _OPENS
    return int(tokens.nstarts[j]) if opens else start
