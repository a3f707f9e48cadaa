"""What stands around a comment: the question's wording, a section heading, a 種別 column (K65b)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from textlens.errors import ParameterError
from textlens.routing import score as scoring
from textlens.routing.lexicon import Lexicon
from textlens.routing.match import find_evidence
from textlens.tokens import Tokens, as_tokens


class Context:
    """Question wording or 種別 of each text: matters it names, and the company it keeps."""

    def __init__(self, row: np.ndarray, concepts: sparse.csr_matrix, groups_of: Sequence[frozenset[int]]) -> None:
        self.row = row
        self.concepts = concepts
        self._groups_of = groups_of

    @property
    def groups(self) -> list[frozenset[int]]:
        """Groups of company that the context of each text holds."""
        return [self._groups_of[r] for r in self.row]

    def part(self, low: int, high: int) -> Context:
        """Return the context of some of the texts."""
        return Context(self.row[low:high], self.concepts, self._groups_of)


def read_context(context: object, tokens: Tokens, lexicon: Lexicon) -> Context | None:
    """Read one string for all texts, or one row per text; ``None`` if there is none.

    Raises
    ------
    ParameterError
        There are not as many rows as texts.
    """
    if context is None:
        return None
    if isinstance(context, str):
        values = [context] * tokens.n_docs
    elif isinstance(context, pd.DataFrame):
        values = [" ".join(str(v) for v in row if isinstance(v, str)) for row in context.itertuples(index=False)]
    else:
        values = [v if isinstance(v, str) else "" for v in context]  # type: ignore[attr-defined]
    if len(values) != tokens.n_docs:
        raise ParameterError(f"context は文章と同じ {tokens.n_docs} 件にしてください（{len(values)} 件が渡されました）。")
    distinct = list(dict.fromkeys(values))
    parsed = as_tokens(distinct)
    evidence = find_evidence(parsed, lexicon)
    concepts = scoring.concept_scores(evidence.doc, len(distinct), evidence, evidence.weight, lexicon)
    groups = [frozenset(g.tolist()) for g in _groups(parsed, lexicon)]
    number = {value: i for i, value in enumerate(distinct)}
    return Context(np.array([number[v] for v in values], np.int64), concepts, groups)


def _groups(tokens: Tokens, lexicon: Lexicon) -> list[np.ndarray]:
    found = []
    for text in tokens.norm:
        terms = lexicon.strings.within(text)
        parts = [lexicon.group_of[lexicon.group_offsets[t] : lexicon.group_offsets[t + 1]] for t in terms]
        found.append(np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64))
    return found
