"""PersonalDataFinder: whose data stand in a comment, where, and how much they can hurt."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from textlens.checks import share_number
from textlens.personal import addresses, affiliations, ages, numbers, signatures
from textlens.personal.callers import is_note
from textlens.personal.closed_names import join_names, readings_of
from textlens.personal.kin import KinFinder
from textlens.personal.marks import FACTS, Mark
from textlens.personal.names import NameFinder
from textlens.personal.owners import OwnerFinder
from textlens.personal.patterns import pattern
from textlens.personal.plain_names import PlainNameFinder
from textlens.personal.readings import with_reading
from textlens.personal.resolve import CONTACTS, Resolved, settle, tell
from textlens.personal.risk import reason_of, risk_of
from textlens.personal.spans import find_spans
from textlens.rules import load_rules
from textlens.text.masks import MASKED, SURELY_MASKED
from textlens.tokens import Tokens, WorksUnfitted, as_tokens

COLUMNS = ("id", "start", "end", "text", "type", "subject", "risk_level", "score", "rule", "reason", "hearsay")
_FILES = ("personal/people.tsv", "personal/facts.tsv")
_TELLING = CONTACTS | {"person_name", "role", "kin", "cue:neighbour", "cue:official", "cue:oldfamily"}
"""Marks by which a text can speak of somebody without a learnt span."""
_HARD = CONTACTS | {"person_name"}
_GATES = (
    (numbers.GATE, numbers.find_numbers),
    (addresses.GATE, addresses.find_addresses),
    (ages.GATE, ages.find_ages),
    (affiliations.GATE, affiliations.find_affiliations),
    (signatures.GATE, signatures.find_named),
    (signatures.INLINE_GATE, signatures.find_inline),
    (signatures.WHO_GATE, signatures.find_introduced),
)


class PersonalDataFinder(WorksUnfitted, TransformerMixin, BaseEstimator):
    """Find personal data in comments and say whose they are.

    Parameters
    ----------
    min_score : float, default=0.5
        From 0 to 1. Findings below it are left out; 0.5 is where the learnt reading sets its threshold.

    Notes
    -----
    The guide of the labels is ``docs/labels.md``, section 3. A comment can speak about somebody without
    a span (``隣が二階に窓を増やし``): ask :meth:`subjects`, not only :meth:`transform`.

    Recognisers (rules and words of ``dictionaries/personal/``) mark names, kin, roles, facts, ages, numbers. Names and
    ways to reach somebody are findings as they are; where a private fact, a role or an age begins and ends, and whose it
    is, a model reads from the marks and the words around (:mod:`~textlens.personal.spans`,
    :mod:`~textlens.personal.owners`). ``rule`` is the row of the dictionary, or ``learnt-…`` where no row stands in the span.

    Misses: on 1,720 texts nothing was learnt from, one span in eight (``docs/accuracy.md``): events that tell of a private
    matter (``首にスカーフを巻く理由``), people pointed at by what they wear or drive, rare names without さん.

    References
    ----------
    個人情報の保護に関する法律 第2条第1項〜第3項; 同施行令 第1条・第2条.

    Examples
    --------
    >>> found = PersonalDataFinder().transform(["隣の葛野さんが離婚したらしい。"])
    >>> found[["text", "type", "subject", "risk_level"]].to_numpy().tolist()[0]
    ['葛野', 'person_name', 'private', 3]
    >>> PersonalDataFinder().transform(["高齢者は病院に通うのが大変です。"]).empty
    True
    """

    def __init__(self, min_score: float = 0.5) -> None:
        self.min_score = min_score

    def fit(self, texts: object = None, y: object = None) -> PersonalDataFinder:
        """Do nothing and return self (scikit-learn's contract)."""
        return self

    def transform(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return one row per finding.

        Returns
        -------
        DataFrame
            ``id``; ``start, end`` (characters of the raw text, half-open); ``text``; ``type`` (one of
            ``schema.PERSONAL_TYPES``); ``subject`` (``schema.SUBJECTS``); ``risk_level`` 0–3;
            ``score`` 0–1; ``rule``; ``reason`` (Japanese, without the citizen's words); ``hearsay`` bool.
        """
        tokens = as_tokens(texts)
        found = self._resolve(tokens)
        kept = {doc: [mark for mark in one.spans if mark.score >= self.min_score] for doc, one in found.items()}
        return self._frame(tokens, kept, {doc: one.hearsay for doc, one in found.items()})

    def mentions(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the words that speak of somebody of whom :meth:`transform` finds nothing to mask.

        Together with the subjects of :meth:`transform` they are what :meth:`subjects` tells.

        Returns
        -------
        DataFrame
            Columns of :meth:`transform`; ``type`` is ``third_party``, ``risk_level`` 1.

        Examples
        --------
        >>> PersonalDataFinder().mentions(["隣が二階に窓を増やしました。"])[["text", "subject"]].to_numpy().tolist()
        [['隣が', 'private']]
        """
        tokens = as_tokens(texts)
        return self._frame(tokens, {doc: sorted(one.mentions) for doc, one in self._resolve(tokens).items()}, {})

    def subjects(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.Series:
        """Return for each text the tuple of third parties it speaks about, in the order of the schema.

        Examples
        --------
        >>> PersonalDataFinder().subjects(["母が入院しました。", "公園が広い。"]).tolist()
        [('family',), ()]
        """
        tokens = as_tokens(texts)
        found = self._resolve(tokens)
        values = [found[d].third_parties if d in found else () for d in range(tokens.n_docs)]
        return pd.Series(values, index=tokens.index, name="third_party", dtype=object)

    def risk(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.Series:
        """Return the highest risk level of each text (0–3).

        Examples
        --------
        >>> PersonalDataFinder().risk(["公園が広い。", "隣の人が逮捕されたらしい。"]).tolist()
        [0, 3]
        """
        tokens = as_tokens(texts)
        levels = np.zeros(tokens.n_docs, np.int64)
        for doc, found in self._resolve(tokens).items():
            levels[doc] = max([1 if found.third_parties else 0, *(risk_of(mark) for mark in found.spans if mark.score >= self.min_score)])
        return pd.Series(levels, index=tokens.index, name="risk_level")

    def _resolve(self, tokens: Tokens) -> dict[int, Resolved]:
        share_number(self.min_score, "min_score")
        return tokens.remember(("personal", self.min_score), lambda: self._judge(tokens))

    def _judge(self, tokens: Tokens) -> dict[int, Resolved]:
        marks = {doc: outside_masks(tokens.norm[doc], found) for doc, found in collect(tokens).items()}
        notes = {doc for doc in marks if is_note(tokens.norm[doc])}
        masked = [doc for doc, text in enumerate(tokens.norm) if is_masked(text)]
        learnt = {doc: outside_masks(tokens.norm[doc], found) for doc, found in find_spans(tokens, marks, sorted(notes), masked).items()}
        for doc, readings in readings_of(tokens).items():
            if doc in learnt:
                learnt[doc] = [with_reading(mark, readings) for mark in learnt[doc]]
        speaking = [doc for doc in sorted({*marks, *learnt}) if doc in learnt or any(mark.kind in _TELLING for mark in marks[doc])]
        told = [tell(doc, tokens.norm[doc], marks.get(doc, []), learnt.get(doc, []), doc in notes, self.min_score) for doc in speaking]
        return {one.doc: settle(one, owners) for one, owners in zip(told, OwnerFinder(tokens).find(told), strict=True)}

    def _frame(self, tokens: Tokens, found: dict[int, list[Mark]], hearsays: dict[int, set[Mark]]) -> pd.DataFrame:
        kept = [(doc, mark) for doc, marks in found.items() for mark in marks]
        rows = []
        for (doc, mark), until in zip(kept, _word_ends(tokens, kept), strict=True):
            start, end = tokens.raw_span(doc, mark.start, until)
            hearsay = mark in hearsays.get(doc, ())
            rows.append((doc, int(start), int(end), tokens.raw[doc][start:end], mark.kind, mark.subject or "unknown",
                         risk_of(mark), float(mark.score), mark.rule, reason_of(mark, hearsay), hearsay))  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        frame["id"] = tokens.index.take(frame["id"].to_numpy(np.int64))
        return frame.astype({"text": object, "type": object, "subject": object, "rule": object, "reason": object, "start": np.int64, "end": np.int64, "risk_level": np.int64, "score": float, "hearsay": bool})


def _word_ends(tokens: Tokens, kept: list[tuple[int, Mark]]) -> list[int]:
    """Return where each mark ends; facts run to the end of their last word, so that a mask leaves no half word behind."""
    docs = np.array([doc for doc, _ in kept], np.int64)
    last = tokens.token_at(docs, np.array([mark.end - 1 for _, mark in kept], np.int64)) if kept else docs
    ends = []
    for row, ((doc, mark), token) in enumerate(zip(kept, last.tolist(), strict=True)):
        limit = kept[row + 1][1].start if row + 1 < len(kept) and kept[row + 1][0] == doc else len(tokens.norm[doc])
        word_end = int(tokens.nends[token]) if mark.kind in FACTS and token >= 0 else mark.end
        ends.append(max(mark.end, min(word_end, limit)))
    return ends


def collect(tokens: Tokens) -> dict[int, list[Mark]]:
    """Run every recogniser, and put together the names that something stands in (blanks, a reading in brackets)."""
    marks = recognise(tokens)
    join_names(tokens, marks, readings_of(tokens), recognise)
    return marks


def recognise(tokens: Tokens) -> dict[int, list[Mark]]:
    """Run every recogniser once; each looks only at the texts its gate lets through."""
    marks: dict[int, list[Mark]] = {}
    matches = load_rules(*_FILES).match(tokens)
    rows = matches.rows
    for doc, start, end, rule in zip(matches.doc.tolist(), matches.start.tolist(), matches.end.tolist(), matches.rule.tolist(), strict=True):
        row = rows[rule]
        kind = row.label if "strength" in row.extra else f"cue:{row.label}"
        mark = Mark(start, end, kind, row.extra.get("subject", ""), row.id, 1.0)
        marks.setdefault(doc, []).append(mark)
    for finder in (KinFinder(), NameFinder(), PlainNameFinder()):
        for doc, found in finder.find(tokens).items():
            marks.setdefault(doc, []).extend(found)
    joined = "\x00".join(tokens.norm)
    starts = np.concatenate([[0], np.cumsum([len(text) + 1 for text in tokens.norm])])
    for gate, find in _GATES:
        places = np.fromiter((m.start() for m in gate.finditer(joined)), np.int64)
        for doc in np.unique(np.searchsorted(starts, places, "right") - 1).tolist():
            found = find(tokens.norm[doc])
            if find is signatures.find_named:
                found = [m for m in found if m.rule != "name-signature" or _can_sign(tokens, doc, m)]
            if found:
                marks.setdefault(doc, []).extend(found)
    return marks


def _can_sign(tokens: Tokens, doc: int, mark: Mark) -> bool:
    """A last line is a signature if a name is in it, or if it follows the sentences of a letter."""
    low, high = tokens.doc_offsets[doc], tokens.doc_offsets[doc + 1]
    inside = tokens.ids[low:high][(tokens.nstarts[low:high] >= mark.start) & (tokens.nends[low:high] <= mark.end)].tolist()
    vocabulary, text = tokens.vocabulary, tokens.norm[doc]
    named = any(vocabulary.pos3[i] == "人名" for i in inside)
    letter = bool(re.search(r"(?:[。!?]|敬具|草々|かしこ|以上)\s*\n", text[: mark.start + 1]))
    if " " in text[mark.start : mark.end] or text[mark.start - 1] == " ":
        return letter and (named or mark.start > 40)
    unknown = all(not vocabulary.lemma[i] for i in inside)
    foreign = bool(re.fullmatch(r"[ァ-ヶー]{3,8}", text[mark.start : mark.end]) and re.search(r"わたし|私|ぼく|僕", text))
    shaped = pattern("surname-shape").match(text[mark.start : mark.end]) is not None
    return letter and (named or foreign or (unknown or shaped) and mark.start > 40)


def is_masked(text: str) -> bool:
    """Tell whether the text has surely been masked: it is searched only for names and ways to reach somebody.

    Its facts were judged with the people in sight, and cannot be judged again without them.
    """
    return ("【" in text or "〔" in text) and SURELY_MASKED.search(text) is not None


def outside_masks(text: str, marks: list[Mark]) -> list[Mark]:
    """Sort the marks and leave out those inside 【…】 that masking put there."""
    if "【" in text or "〔" in text:
        masked = [m.span() for m in MASKED.finditer(text)]
        if SURELY_MASKED.search(text):
            marks = [m for m in marks if m.kind in _HARD]
        marks = [m for m in marks if all(m.end <= low or m.start >= high for low, high in masked)]
    return sorted(marks)
