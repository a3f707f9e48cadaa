"""Tokens that masking put there: 【健康のこと】 replaces somebody's words and is none of the writer's own."""

from __future__ import annotations

import numpy as np

from textlens.text.masks import MASKED
from textlens.tokens import Tokens


def masked_tokens(tokens: Tokens) -> np.ndarray:
    """Tell which tokens stand inside the words that masking writes (bool array, one value per token)."""

    def find() -> np.ndarray:
        inside = np.zeros(len(tokens.ids), bool)
        for doc, text in enumerate(tokens.norm):
            if "【" in text or "〔" in text:
                for match in MASKED.finditer(text):
                    first, last = tokens.token_at(np.array([doc, doc]), np.array([match.start(), match.end() - 1]))
                    inside[first : last + 1] = True
        return inside

    return tokens.remember("masks", find)
