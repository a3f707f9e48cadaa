"""Headings of columns that name somebody (自由意見（担当：山田花子）), as they may be told outside the desk."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd

from textlens.report.masking import DIRECT, mask_texts, without_overlap

_JOINS = ("名詞", "接尾辞")
"""A name before one of these is part of another word: 青木小学校, 佐々木町内会."""


def without_named(analysis: Any) -> Any:
    """Return an analysis whose columns and question tell nobody's name, number or address; the same one if none did.

    Notes
    -----
    Besides what :class:`~textlens.personal.PersonalDataFinder` finds, every name of a person by UniDic counts: a heading
    is no sentence, and the finder learnt from sentences. Misses: names UniDic takes for other words (総務課 森).
    """
    run, question = analysis.run, dict((analysis.run.get("parameters") or {}).get("question") or {})
    told = [*analysis.attributes, *question.get("columns", ()), *filter(None, [question.get("wording")])]
    names = _masked(list(dict.fromkeys(map(str, told))))
    if all(old == new for old, new in names.items()):
        return analysis
    changed = copy.copy(analysis)
    changed.comments = analysis.comments.rename(columns={name: names[name] for name in analysis.attributes})
    changed.attributes = [names[name] for name in analysis.attributes]
    if question:
        question = question | {"columns": [names[name] for name in question.get("columns", ())]}
        if question.get("wording"):
            question["wording"] = names[str(question["wording"])]
        changed.run = run | {"parameters": run["parameters"] | {"question": question}}
    return changed


def _masked(headings: list[str]) -> dict[str, str]:
    """Return heading → heading as told; two that become the same are numbered."""
    from textlens.personal import PersonalDataFinder
    from textlens.tokens import as_tokens

    tokens = as_tokens(headings)
    found = PersonalDataFinder().transform(tokens)
    found = found[found["type"].isin(DIRECT) & found["subject"].ne("public_figure")]
    masked = mask_texts(pd.Series(headings, dtype=object), without_overlap(pd.concat([found, _persons(tokens)], ignore_index=True)))
    result: dict[str, str] = {}
    for heading, text in zip(headings, masked, strict=True):
        n_same = sum(told == text or told.startswith(f"{text}（") for told in result.values())
        result[heading] = f"{text}（{n_same + 1}）" if n_same and text != heading else text
    return result


def _persons(tokens: Any) -> pd.DataFrame:
    """Return the names of persons that are not the beginning of another word."""
    vocabulary = tokens.vocabulary
    person = np.array([third == "人名" for third in vocabulary.pos3], bool)[tokens.ids]
    joins = np.array([first in _JOINS for first in vocabulary.pos1], bool)[tokens.ids]
    follows = np.r_[(tokens.nstarts[1:] == tokens.nends[:-1]) & (tokens.doc_of[1:] == tokens.doc_of[:-1]) & joins[1:] & ~person[1:], False]
    at = np.flatnonzero(person & ~follows[: len(person)])
    starts, ends = tokens.raw_spans(tokens.doc_of[at], tokens.nstarts[at], tokens.nends[at])
    return pd.DataFrame({"id": tokens.index.to_numpy()[tokens.doc_of[at]], "start": starts, "end": ends, "type": "person_name", "subject": "unknown", "risk_level": 2})
