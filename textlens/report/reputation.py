"""風評: comments that name a district, a group of people or a firm beside something negative, for a person to read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from textlens.facets.tagger import FacetTagger
from textlens.report.view import UNREAD, WITHHELD, View
from textlens.rules import load_rules
from textlens.sentiment.scorer import SentimentScorer
from textlens.tokens import Tokens, as_tokens

KINDS = {"place": "地域", "group": "国籍・出自", "company": "企業・店・団体"}
COLUMNS = ("番号", "種類", "名前・言葉", "同じ箇所に否定", "意見（区分語に置換）")
_RULES = "report/reputation.tsv"
_BAD = ("negative", "mixed")


def reputation(view: View) -> pd.DataFrame:
    """List the comments of a view that may harm the name of a district, a group or a firm.

    Works on what the view shows (masked text, ids as shown), so the list tells nothing beyond the view.

    Parameters
    ----------
    view : View

    Returns
    -------
    DataFrame
        One row per comment and kind, columns ``COLUMNS``: the names as they stand in the text, and ○ where
        the name and the negative side are in one 意見単位; these come first.

    Notes
    -----
    A name is what the rules of ``report/reputation.tsv`` match, a place name of the tokenizer that is not
    the name of the city or prefecture itself, or a negative 意見単位 whose target is a company. It is a list to be
    read, made for recall: public facilities and harmless remarks are on it.

    Misses: nicknames of places and firms, firms with names of everyday words (イオン), and ill said
    without a negative word.

    References
    ----------
    domain.md P02, K71, D8.
    """
    shown = view.comments["text"]
    shown = shown[~shown.isin([WITHHELD, UNREAD]) & shown.str.strip().ne("")]
    if not len(shown):
        return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    tokens = as_tokens(shown)
    bad_unit = SentimentScorer().transform_units(tokens)["polarity"].isin(_BAD).to_numpy()
    bad_doc = view.comments.loc[shown.index, "polarity"].isin(_BAD).to_numpy().copy()
    np.logical_or.at(bad_doc, tokens.units.doc[bad_unit], True)
    found: dict[tuple[int, str], dict[str, bool]] = {}
    for doc, unit, kind, words in [*_named(tokens), *_places(tokens), *_firms(tokens, bad_unit)]:
        if bad_doc[doc]:
            seen = found.setdefault((doc, kind), {})
            seen[words] = seen.get(words, False) or bool(bad_unit[unit])
    rows = [
        (shown.index[doc], KINDS[kind], "、".join(w for w in words if w) or "（企業・店の話）", "○" if any(words.values()) else "", shown.iloc[doc])
        for (doc, kind), words in sorted(found.items(), key=lambda item: (not any(item[1].values()), item[0]))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _named(tokens: Tokens) -> list[tuple[int, int, str, str]]:
    matches = load_rules(_RULES).match(tokens)
    columns = zip(matches.doc.tolist(), matches.unit.tolist(), matches.label, matches.start.tolist(), matches.end.tolist(), strict=True)
    return [(doc, unit, str(kind), tokens.norm[doc][start:end]) for doc, unit, kind, start, end in columns]


def _places(tokens: Tokens) -> list[tuple[int, int, str, str]]:
    """Place names of the tokenizer; 葛川 in 葛川市 is the city speaking of itself, 中国 in 中国人 a group."""
    vocabulary, ids = tokens.vocabulary, tokens.ids
    is_place = vocabulary.map("reputation.place", lambda words, i: words.pos3[i] == "地名")[ids]
    whole = vocabulary.map("reputation.whole", lambda words, i: words.surface[i] in _WHOLE)[ids]
    after = np.append(whole[1:], False)
    last = np.zeros(len(ids), dtype=bool)
    last[tokens.doc_offsets[1:][tokens.doc_offsets[1:] > 0] - 1] = True
    rows = np.flatnonzero(is_place & (last | ~after))
    return [
        (int(tokens.doc_of[i]), int(tokens.unit_of[i]), "place", tokens.norm[tokens.doc_of[i]][tokens.nstarts[i] : tokens.nends[i]])
        for i in rows
    ]


_WHOLE = frozenset({"市", "県", "都", "府", "道", "人", "市役所", "市民", "県民", "市長", "市政", "市立", "県立", "語", "料理", "線", "駅"})


def _firms(tokens: Tokens, bad_unit: np.ndarray) -> list[tuple[int, int, str, str]]:
    """Negative units whose target is a firm, named or not."""
    company = FacetTagger().transform_units(tokens)["target"].eq("company").to_numpy()
    return [(int(tokens.units.doc[u]), int(u), "company", "") for u in np.flatnonzero(company & bad_unit)]
