"""Weights learnt for words and word pairs, looked up for a whole batch at once.

A key is a word (base form) with its state, or two successive words; the table is open-addressed, so a
look-up is a few array operations whatever the number of words.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from textlens.polar.scope import PLAIN
from textlens.resources import made_from
from textlens.rules import read_columns
from textlens.tokens import Tokens, Vocabulary

WEIGHTS = "sentiment/weights.tsv"
SCALE = 1000
_STATE = np.array([0, 0x3C6EF372FE94F82B, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179], np.uint64)
PAIR = np.uint64(0x9E3779B97F4A7C15)
_OVER = np.uint64(0xC2B2AE3D27D4EB4F)
_THREE = np.uint64(0x165667B19E3779F9)
_SIZE = 1 << 64
_PROBES = 4


def word_hash(word: str) -> int:
    """Return 64 bits that stand for a word, the same on every machine."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def word_name(vocabulary: Vocabulary, i: int) -> str:
    """Return the form under which a word is counted: its UniDic lemma; numbers by their size."""
    word = vocabulary.norm[i]
    if word.isdecimal():
        return "##" if len(word) == 2 else "1##" if len(word) == 3 and word[0] == "1" else "#"
    if vocabulary.pos2[i] == "数詞":
        return "#"
    return (vocabulary.lemma[i] or vocabulary.base[i]).replace(" ", "")


def token_keys(tokens: Tokens, state: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the keys of every token: word, pair, pair over one word, three words.

    Returns
    -------
    four uint64 arrays, shape (n_tokens,)
        0 where the unit ends before the n-gram does.
    """
    hashes = tokens.vocabulary.map("sentiment.hash", lambda v, i: word_hash(word_name(v, i)), np.uint64)[tokens.ids]
    single = hashes ^ _STATE[state]
    pair, over, three = np.zeros((3, len(hashes)), np.uint64)
    unit = tokens.unit_of
    same, same2 = unit[1:] == unit[:-1], unit[2:] == unit[:-2]
    if len(hashes) > 1:
        pair[:-1] = np.where(same, hashes[:-1] * PAIR + hashes[1:], 0)
        over[:-2] = np.where(same2, hashes[:-2] * _OVER + hashes[2:], 0)
        three[:-2] = np.where(same2, pair[:-2] * _THREE + hashes[2:], 0)
    return single, pair, over, three


def key_of(term: str, state: int = PLAIN) -> int:
    """Return the key of a term as written in the file: ``a``, ``a b``, ``a * c`` or ``a b c``."""
    words = term.split(" ")
    hashes = [word_hash(word) for word in words]
    if len(words) == 1:
        return hashes[0] ^ int(_STATE[state])
    if len(words) == 2:
        return (hashes[0] * int(PAIR) + hashes[1]) % _SIZE
    if words[1] == "*":
        return (hashes[0] * int(_OVER) + hashes[2]) % _SIZE
    return ((hashes[0] * int(PAIR) + hashes[1]) * int(_THREE) + hashes[2]) % _SIZE


class WeightTable:
    """Open-addressed table from 64-bit keys to rows of weights.

    Parameters
    ----------
    keys : uint64 array, shape (n,)
    values : float32 array, shape (n,)
    """

    def __init__(self, keys: np.ndarray, values: np.ndarray) -> None:
        bits = max(8, int(len(keys) * 8).bit_length())
        self._mask = np.uint64((1 << bits) - 1)
        self._shift = np.uint64(64 - bits)
        slots = np.full((1 << bits) + _PROBES, -1, np.int32)
        for row, place in enumerate(self._place(keys).tolist()):
            for step in range(_PROBES):
                if slots[place + step] < 0:
                    slots[place + step] = row
                    break
        self._slots = slots
        self._keys = np.append(keys, np.uint64(0))
        self.values = np.append(values, np.float32(0))

    def _place(self, keys: np.ndarray) -> np.ndarray:
        return ((keys * np.uint64(0xD6E8FEB86659FD93)) >> self._shift).astype(np.int64)

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Return the row of each key, or −1 (the last row, zero)."""
        place = self._place(keys)
        found = self._slots[place]
        bad = (found >= 0) & (self._keys[found] != keys)
        for step in range(1, _PROBES):
            again = np.flatnonzero(bad)
            if not len(again):
                break
            found[again] = self._slots[place[again] + step]
            bad[again] = (found[again] >= 0) & (self._keys[found[again]] != keys[again])
        found[bad] = -1
        return found


@made_from(WEIGHTS)
def load_weights() -> WeightTable:
    """Return the table of learnt weights."""
    columns = read_columns(WEIGHTS)
    keys = np.array([key_of(term, int(state)) for term, state in zip(columns["term"], columns["state"], strict=True)], np.uint64)
    values = np.array([int(weight) for weight in columns["weight"]], np.float32)
    return WeightTable(keys, values / SCALE)
