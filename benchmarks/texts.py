"""Comments to time with: sentences of the sample survey, shuffled; or any column of text from a file."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd

from textlens.sample import load_master
from textlens.text.sentences import split_sentences


def made_comments(n: int, *, seed: int = 0, mean_chars: int = 79) -> pd.Series:
    """Return ``n`` comments of about ``mean_chars`` characters, each a new mix of invented sentences."""
    chance = random.Random(seed)
    column = next(c for c in load_master().columns if "自由意見" in c)
    texts = [t for t in load_master()[column] if isinstance(t, str) and len(t) > 8]
    sentences = [t[a:b].strip() for t in texts for a, b in split_sentences(t)]
    made = []
    for _ in range(n):
        wanted = chance.expovariate(1 / (mean_chars - 20)) + 5
        parts: list[str] = []
        while sum(map(len, parts)) < wanted:
            parts.append(chance.choice(sentences))
        made.append("".join(parts)[: int(mean_chars * 6)])
    return pd.Series(made, index=[f"{i:06d}" for i in range(n)], name="text")


def file_comments(path: Path, column: str = "text") -> pd.Series:
    """Return one column of a CSV file."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)[column]
