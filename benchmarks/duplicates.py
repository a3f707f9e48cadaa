"""Time near-duplicate search: ours, datasketch's MinHashLSH and rapidfuzz on the same made letters.

Usage: python -m benchmarks.duplicates [--texts 4000] [--big 200000]
"""

from __future__ import annotations

import argparse
import random
import time

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from benchmarks.texts import made_comments
from textlens.duplicates.finder import find_duplicates
from textlens.duplicates.near import near_leaders


def letters(n: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Distinct texts: three in four stand alone, the rest are copies of a letter with some words changed."""
    chance = random.Random(seed)
    base = made_comments(n, seed=seed, mean_chars=120).drop_duplicates()
    base = base[base.str.len() >= 60].tolist()
    alone = base[: int(len(base) * 0.75)]
    texts, truth = list(alone), list(range(len(alone)))
    for number, text in enumerate(base[len(alone) : len(alone) + len(alone) // 12]):
        for _ in range(4):
            at = chance.randrange(len(text) - 3)
            texts.append(text[:at] + chance.choice(["地元", "住民", "毎年"]) + text[at + 2 :])
            truth.append(10**6 + number)
    order = sorted(set(range(len(texts))), key=lambda i: texts[i])
    return [texts[i] for i in order], np.array([truth[i] for i in order])


def pairs_found(group: np.ndarray, truth: np.ndarray) -> float:
    """Share of the planted pairs that are in one group."""
    planted = [np.flatnonzero(truth == t) for t in np.unique(truth[truth >= 10**6])]
    hits = [group[a] == group[b] for rows in planted for i, a in enumerate(rows) for b in rows[i + 1 :]]
    return float(np.mean(hits))


def sketch(texts: list[str]) -> np.ndarray:
    """Groups by datasketch (128 permutations, threshold 0.7), connected by query."""
    from datasketch import MinHash, MinHashLSH

    lsh, hashes = MinHashLSH(threshold=0.7, num_perm=128), []
    for i, text in enumerate(texts):
        one = MinHash(num_perm=128)
        one.update_batch([text[j : j + 4].encode() for j in range(len(text) - 3)])
        hashes.append(one)
        lsh.insert(i, one)
    group = np.arange(len(texts))
    for i, one in enumerate(hashes):
        group[i] = min(lsh.query(one), default=i)
    return group


def fuzzy(texts: list[str]) -> np.ndarray:
    """Groups by rapidfuzz, every pair compared (ratio of at least 85)."""
    group = np.arange(len(texts))
    for i in range(0, len(texts), 500):
        close = process.cdist(texts[i : i + 500], texts, scorer=fuzz.ratio, score_cutoff=85, dtype=np.uint8)
        group[i : i + 500] = (close > 0).argmax(axis=1)
    return group


def main() -> None:
    """Print one line per method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--big", type=int, default=200_000)
    args = parser.parse_args()
    texts, truth = letters(args.texts)
    print(f"| method ({len(texts)} distinct texts) | s | planted pairs found |\n|---|---|---|")
    for name, method in (("textlens", lambda t: near_leaders(t, 0.7)[0]), ("datasketch", sketch), ("rapidfuzz, all pairs", fuzzy)):
        start = time.perf_counter()
        group = method(texts)
        print(f"| {name} | {time.perf_counter() - start:.1f} | {pairs_found(group, truth):.3f} |", flush=True)
    made = made_comments(args.big)
    pyramid = pd.Series([made.iloc[0] + "以上のとおり、計画に強く反対いたします。"] * int(args.big * 0.96) + made.tolist()[: int(args.big * 0.04)])
    for name, series in (("made comments", made), ("96 % one letter", pyramid)):
        start = time.perf_counter()
        found = find_duplicates(series)
        print(f"{name}: {len(series)} texts, {found.n_distinct} distinct, {len(found.table)} groups, {time.perf_counter() - start:.1f} s, reading included", flush=True)


if __name__ == "__main__":
    main()
