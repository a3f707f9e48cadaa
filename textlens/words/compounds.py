"""Compounds the dictionary lacks, suggested by a statistic; a person accepts them."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from textlens.checks import whole_number
from textlens.rules import load_rows
from textlens.tokens import Tokens, as_tokens

SWALLOWED = 0.8
_POLITE = ("お", "ご", "御", "さん", "様", "さま", "氏", "君", "ちゃん", "達", "たち", "等", "ら", "方")
_PARTS = ("名詞", "接尾辞", "接頭辞")


def suggest_compounds(texts: pd.Series | Tokens, *, min_count: int = 3, max_parts: int = 6, top: int = 100) -> pd.DataFrame:
    """Suggest words to keep whole.

    Candidates are runs of two to ``max_parts`` nouns (prefixes and noun suffixes included). Their C-value is
    log2(parts) times the frequency, less the mean frequency of the longer candidates they are part of. A
    piece of which four in five occurrences lie inside one longer candidate is left to that one.

    Parameters
    ----------
    texts : Series of str, or Tokens
    min_count : int
        Candidates that occur less often are left out.
    max_parts : int
    top : int
        Rows returned.

    Returns
    -------
    DataFrame
        ``term, parts, count, docs, c_value, listed``: the word in normalised form, its parts with ``+``,
        occurrences, comments, C-value, and whether ``compounds.tsv`` has it already.

    Raises
    ------
    ParameterError
        A number is not whole, or negative.

    Notes
    -----
    Misses: compounds with a particle (子どもの居場所) or a verb stem (待ち時間); names of persons are left out.

    References
    ----------
    Frantzi, Ananiadou and Mima (2000) Automatic recognition of multi-word terms: the C-value/NC-value method.

    Examples
    --------
    >>> texts = pd.Series(["放課後児童クラブの待機児童", "待機児童をなくして", "放課後児童クラブ"])
    >>> suggest_compounds(texts, min_count=2)[["term", "count", "c_value"]].to_numpy().tolist()
    [['放課後児童クラブ', 2, 4.0], ['待機児童', 2, 2.0]]
    """
    min_count, max_parts, top = whole_number(min_count, "min_count"), whole_number(max_parts, "max_parts", 2), whole_number(top, "top")
    tokens = as_tokens(texts)
    counts: Counter[tuple[str, ...]] = Counter()
    docs: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for doc, run in _runs(tokens):
        for length in range(2, min(max_parts, len(run)) + 1):
            for first in range(len(run) - length + 1):
                piece = run[first : first + length]
                counts[piece] += 1
                docs[piece].add(doc)
    kept = {piece: n for piece, n in counts.items() if n >= min_count}
    longer: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for piece, n in kept.items():
        for length in range(2, len(piece)):
            for inner in {piece[i : i + length] for i in range(len(piece) - length + 1)}:
                longer[inner].append(n)
    listed = {row.term for row in load_rows("topics/compounds.tsv")}
    rows = []
    for piece, n in kept.items():
        value = np.log2(len(piece)) * (n - (np.mean(longer[piece]) if longer[piece] else 0.0))
        term = "".join(piece)
        if value > 0 and max(longer[piece], default=0) < SWALLOWED * n:
            rows.append((term, "+".join(piece), n, len(docs[piece]), round(float(value), 6), term in listed))
    table = pd.DataFrame(rows, columns=["term", "parts", "count", "docs", "c_value", "listed"])
    return table.sort_values(["c_value", "term"], ascending=[False, True]).head(top).reset_index(drop=True)


def _runs(tokens: Tokens) -> list[tuple[int, tuple[str, ...]]]:
    """Runs of nouns without a gap: number of the text and the parts."""
    vocabulary = tokens.vocabulary
    fits = np.fromiter((_may_be_part(vocabulary.pos1[i], vocabulary.pos2[i], vocabulary.pos3[i], vocabulary.norm[i])
                        for i in range(len(vocabulary))), bool, len(vocabulary))  # fmt: skip
    runs: list[tuple[int, tuple[str, ...]]] = []
    current: list[str] = []
    good, docs = fits[tokens.ids] if len(tokens.ids) else np.zeros(0, bool), tokens.doc_of
    starts, ends = tokens.nstarts, tokens.nends
    for i in range(len(tokens.ids) + 1):
        goes_on = i < len(tokens.ids) and good[i] and bool(current) and docs[i] == docs[i - 1] and starts[i] == ends[i - 1]
        if not goes_on:
            if len(current) > 1:
                runs.append((int(docs[i - 1]), tuple(current)))
            current = []
        if i < len(tokens.ids) and good[i]:
            current.append(vocabulary.norm[tokens.ids[i]])
    return runs


def _may_be_part(pos1: str, pos2: str, pos3: str, norm: str) -> bool:
    if pos1 not in _PARTS or not norm[:1].isalpha() or pos3 in ("人名", "助数詞可能") or (pos1 != "名詞" and norm in _POLITE):
        return False
    if pos1 == "名詞" and pos3 == "副詞可能":
        return False
    return pos2 in ("普通名詞", "固有名詞", "名詞的", "")
