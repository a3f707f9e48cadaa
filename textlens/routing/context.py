"""What stands around a comment: the question's wording, a section heading, a 種別 column (K65b)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from textlens.errors import ParameterError
from textlens.routing import score as scoring
from textlens.routing.alignment import in_order
from textlens.routing.lexicon import Lexicon
from textlens.routing.match import find_evidence
from textlens.tokens import Tokens, as_tokens

MOST_CODES = 2
"""A wording that names matters of more 課 than this says nothing about any one comment."""


class Context:
    """Question wording or 種別 of each text: matters it names, and the company it keeps."""

    def __init__(self, row: np.ndarray, concepts: sparse.csr_matrix, groups_of: Sequence[frozenset[int]], words_of: Sequence[dict[int, str]]) -> None:
        self.row = row
        self.concepts = concepts
        self._groups_of = groups_of
        self._words_of = words_of

    @property
    def groups(self) -> list[frozenset[int]]:
        """Groups of company that the context of each text holds."""
        return [self._groups_of[r] for r in self.row]

    def part(self, low: int, high: int) -> Context:
        """Return the context of some of the texts."""
        return Context(self.row[low:high], self.concepts, self._groups_of, self._words_of)

    def words(self, doc: int) -> dict[int, str]:
        """Return the word of each matter (number of the concept) by which the context of a text points to somebody."""
        return self._words_of[self.row[doc]]


def read_context(context: object, texts: object, tokens: Tokens, lexicon: Lexicon) -> Context | None:
    """Read one string for all texts, or one row per text; ``None`` if there is none that points to somebody.

    A Series or DataFrame is brought into the order of the ids of ``texts`` (as they were given; ``tokens`` are the same, parsed).

    Raises
    ------
    ParameterError
        There are not as many rows as texts, both have ids and these differ, or ``context`` is nothing of the kind.
    """
    if context is None:
        return None
    values = _wordings(context, texts, tokens)
    distinct = list(dict.fromkeys(values))
    parsed = as_tokens(distinct)
    evidence = find_evidence(parsed, lexicon)
    words: list[dict[int, str]] = [{} for _ in distinct]
    for row in np.argsort(-evidence.weight, kind="stable").tolist():
        words[evidence.doc[row]].setdefault(int(evidence.concept[row]), lexicon.terms[evidence.term[row]])
    points = np.array([_points(text, list(named), lexicon) for text, named in zip(parsed.norm, words, strict=True)], bool)
    if not points.any():
        return None
    concepts = scoring.concept_scores(evidence.doc, len(distinct), evidence, evidence.weight * points[evidence.doc], lexicon)
    groups = [frozenset(g.tolist()) if clear else frozenset() for g, clear in zip(_groups(parsed, lexicon), points, strict=True)]
    number = {value: i for i, value in enumerate(distinct)}
    told = [named if clear else {} for named, clear in zip(words, points, strict=True)]
    return Context(np.array([number[v] for v in values], np.int64), concepts, groups, told)


def _wordings(context: object, texts: object, tokens: Tokens) -> list[str]:
    if isinstance(context, str):
        return [context] * tokens.n_docs
    if not isinstance(context, Iterable):
        raise ParameterError(f"context には、文字列を 1 つか、文章と同じ件数の並び（列・表・リスト）を渡してください（型 {type(context).__name__} が渡されました）。")
    rows = context if isinstance(context, pd.Series | pd.DataFrame) else list(context)
    if len(rows) != tokens.n_docs:
        raise ParameterError(f"context は文章と同じ {tokens.n_docs} 件にしてください（{len(rows)} 件が渡されました）。")
    if isinstance(rows, pd.DataFrame):
        table = in_order(rows, texts, tokens, " context ")
        return [" ".join(str(v) for v in row if isinstance(v, str)) for row in table.itertuples(index=False)]
    return [v if isinstance(v, str) else "" for v in (in_order(rows, texts, tokens, " context ") if isinstance(rows, pd.Series) else rows)]


def _points(wording: str, concepts: list[int], lexicon: Lexicon) -> bool:
    """Tell whether a wording with these matters points to somebody; how one was asked (``asking``) is no matter."""
    if any(word in wording for word in lexicon.whole):
        return False
    asked_about = [concept for concept in concepts if concept not in lexicon.asking]
    return bool(asked_about) and len({int(lexicon.affinity[concept].argmax()) for concept in asked_about}) <= MOST_CODES


def _groups(tokens: Tokens, lexicon: Lexicon) -> list[np.ndarray]:
    found = []
    for text in tokens.norm:
        terms = lexicon.strings.within(text)
        parts = [lexicon.group_of[lexicon.group_offsets[t] : lexicon.group_offsets[t + 1]] for t in terms]
        found.append(np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64))
    return found
