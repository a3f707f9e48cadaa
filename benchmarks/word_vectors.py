"""Word vectors: a word no labelled text holds is read as the words it stands near in meaning.

The vectors are chiVe (Works Applications, Apache-2.0) as the ``ja-ginza`` package carries them (MIT): 20,000 vectors,
480,000 words. What they know goes into the weights of single words where weights are added up, and into
``dictionaries/networks/word_vectors.tsv``, which the networks hear. Once, in any environment with ``spacy`` and an unpacked
``ja-ginza`` wheel; then, to make the table anew (every network must be learnt again after it)::

    python benchmarks/word_vectors.py ja_ginza/ja_ginza-5.2.0/vocab vectors.npz
    export TEXTLENS_WORD_VECTORS=…/vectors.npz
    python -m benchmarks.word_vectors
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

FREQUENT = 20_000
"""Words that lead the list (by frequency) and have a vector of their own; later ones share the nearest of these."""
N_CLASSES, N_WORDS = 3000, 80_000
"""Classes of the vectors; words that ship."""
SPREAD = 0.4
"""Root mean square of the numbers of all vectors that ship."""


class WordVectors:
    """Vectors of unit length by word.

    Attributes
    ----------
    vectors : float32 array, shape (20000, 300)
    row : dict of str → int
        Row of each word, the most frequent words first.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            self.vectors = file["vectors"] / np.maximum(np.linalg.norm(file["vectors"], axis=1, keepdims=True), 1e-9)
            self.row: dict[str, int] = dict(zip(file["words"].tolist(), file["rows"].tolist(), strict=True))

    @cached_property
    def frequent(self):  # type: ignore[no-untyped-def]
        """The frequent words that are one word for our tokeniser too: (its vocabulary, numbers in it)."""
        from textlens.tokens import Tokenizer

        tokens = Tokenizer().transform(list(self.row)[:FREQUENT])
        alone = np.diff(tokens.doc_offsets) == 1
        return tokens.vocabulary, np.unique(tokens.ids[tokens.doc_offsets[:-1][alone]])

    def rows_of(self, vocabularies: Iterable, name: Callable[..., str]) -> dict[str, int]:  # type: ignore[type-arg]
        """Return the vector's row of every word that has one, by the ``name(vocabulary, i)`` it is counted under.

        Words of the vocabularies come first, then the frequent words that none of them holds.
        """
        found: dict[str, int] = {}
        pools = [(vocabulary, range(len(vocabulary.norm))) for vocabulary in vocabularies]
        for vocabulary, numbers in [*pools, self.frequent]:
            for i in map(int, numbers):
                word = name(vocabulary, i)
                if word and word not in found:
                    forms = (vocabulary.base[i], vocabulary.lemma[i], vocabulary.norm[i])
                    at = next((self.row[form] for form in forms if form in self.row), None)
                    if at is not None:
                        found[word] = at
        return found


@lru_cache(maxsize=1)
def load_vectors() -> WordVectors:
    """Load the file named by ``TEXTLENS_WORD_VECTORS``."""
    return WordVectors(Path(os.environ["TEXTLENS_WORD_VECTORS"]))


def unpack(vocab: Path, out: Path) -> None:
    """Write the vectors of an unpacked spaCy ``vocab`` folder as one ``.npz``."""
    import srsly
    from spacy.strings import hash_string

    key_to_row = dict(srsly.read_msgpack(vocab / "key2row"))
    words = {hash_string(word): word for word in json.loads((vocab / "strings.json").read_text(encoding="utf-8"))}
    known = [(words[key], row) for key, row in key_to_row.items() if key in words]
    np.savez(out, vectors=np.load(vocab / "vectors").astype(np.float32),
             words=np.array([word for word, _ in known]), rows=np.array([row for _, row in known]))  # fmt: skip


def write_meanings() -> None:
    """Write the table of the frequent words: class (k-means, seed 0) and vector (principal components) of each."""
    from sklearn.cluster import MiniBatchKMeans

    from textlens.networks.words import VECTOR_STEP, VECTORS
    from textlens.resources import dictionaries_root

    known = load_vectors()
    classes = MiniBatchKMeans(N_CLASSES, random_state=0, n_init=1, batch_size=4096, max_iter=60).fit_predict(known.vectors)
    numbers = np.rint(principal(known.vectors) / VECTOR_STEP).astype(int)
    words: dict[int, list[str]] = {}
    for word in list(known.row)[:N_WORDS]:
        if word.strip() and " " not in word:
            words.setdefault(known.row[word], []).append(word)
    lines = [f"{classes[row]}\t{' '.join(words[row])}\t{' '.join(map(str, numbers[row].tolist()))}" for row in sorted(words)]
    (dictionaries_root() / VECTORS).write_text("\n".join(["class\twords\tvector", *lines]) + "\n", encoding="utf-8")


def principal(vectors: np.ndarray) -> np.ndarray:
    """Return the leading principal components, each divided by the root of its spread, so that late ones are heard too."""
    from textlens.networks.words import VECTOR_WIDTH

    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred.T @ centred)
    found = centred @ directions[:VECTOR_WIDTH].T
    found /= np.sqrt(found.std(axis=0))
    return np.asarray(found * SPREAD / np.sqrt((found**2).mean()))


if __name__ == "__main__":
    if sys.argv[1:]:
        unpack(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        write_meanings()
