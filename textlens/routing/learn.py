"""Last year's assignments on top of the table: which 課 took which matter, and words that always came with one 課.

Three things are learnt, and each fades to nothing where there are no examples: matter → 課 (this city sends
野良猫 to 健康づくり課), nouns no table knows that came with one 課 again and again (names of facilities), and how the
comments of each 課 are worded (:mod:`textlens.routing.witness`). All are plain: figures, and lists of words. (How much place, repetition and wishes decide between two 課 was learnt too
once; on 1,100 invented texts it gave nothing, so it is gone.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from textlens.routing.lexicon import Lexicon
from textlens.routing.witness import Witness, learn_witness
from textlens.tokens import Tokens, Vocabulary

PRIOR = 4.0
"""The table counts as much as this many of last year's comments about one matter."""
WORD_COMMENTS, WORD_SHARE, WORD_WEIGHT = 3, 0.75, 2.5
"""A noun is learnt from this many comments, this share of which went to one 課; its full weight."""


@dataclass(frozen=True)
class Learned:
    """What :func:`learn` found.

    Attributes
    ----------
    affinity : float array, shape (n_concepts, n_codes)
    words : dict of str to (int, float)
        Noun → number of the code it speaks for, and its weight.
    witness : Witness or None
        How the comments of each code are worded.
    """

    affinity: np.ndarray
    words: dict[str, tuple[int, float]]
    witness: Witness | None = None

    def adjust(self, tokens: Tokens, scores: np.ndarray, nothing: int, least: float) -> np.ndarray:
        """Add what was learnt; the witness speaks only about texts that some 課 has (score from ``least``, not ``nothing``)."""
        scores = scores + self._from_words(tokens, scores.shape)
        if self.witness is None or not len(scores):
            return scores
        has_one = (scores.max(axis=1) >= least) & (scores.argmax(axis=1) != nothing)
        said = self.witness.speak(tokens) * has_one[:, None]
        said[:, nothing] = 0.0
        return np.where(scores > 0, scores + said, scores)

    def _from_words(self, tokens: Tokens, shape: tuple[int, int]) -> np.ndarray:
        found = np.zeros(shape)
        known = [(i, *self.words[base]) for i, base in enumerate(tokens.vocabulary.base) if base in self.words]
        for number, code, weight in known:
            docs = np.unique(tokens.doc_of[tokens.ids == number])
            found[docs, code] = np.maximum(found[docs, code], weight)
        return found

    def to_dict(self, lexicon: Lexicon) -> dict[str, Any]:
        """Return plain lists: matters and codes by name, where they differ from the table."""
        rows, columns = np.nonzero(np.abs(self.affinity - lexicon.affinity) > 1e-12)
        changed = [[lexicon.concepts[r].name, lexicon.codes[c], float(self.affinity[r, c])]
                   for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]  # fmt: skip
        words = [[word, lexicon.codes[code], weight] for word, (code, weight) in sorted(self.words.items())]
        witness = None if self.witness is None else self.witness.to_rows(tuple(lexicon.codes))
        return {"matters": changed, "words": words, "witness": witness}

    @classmethod
    def from_dict(cls, content: dict[str, Any], lexicon: Lexicon) -> Learned:
        """Rebuild from :meth:`to_dict`; matters and codes the table no longer has are left out."""
        affinity = lexicon.affinity.copy()
        names = {concept.name: i for i, concept in enumerate(lexicon.concepts)}
        codes = {code: i for i, code in enumerate(lexicon.codes)}
        for name, code, value in content["matters"]:
            if name in names and code in codes:
                affinity[names[name], codes[code]] = value
        words = {word: (codes[code], float(weight)) for word, code, weight in content["words"] if code in codes}
        said = content.get("witness")
        return cls(affinity, words, None if said is None else Witness.from_rows(said, tuple(lexicon.codes)))


def learn(tokens: Tokens, concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> Learned:
    """Learn from one code per text.

    Parameters
    ----------
    tokens : Tokens
    concepts : csr matrix, shape (n_texts, n_concepts)
        Strength of each matter in each text.
    codes : int array, shape (n_texts,)
        Number of the code each text went to.
    lexicon : Lexicon
    """
    return Learned(_affinity(concepts, codes, lexicon), _words(tokens, codes, lexicon), learn_witness(tokens, codes, lexicon.n_codes))


def _words(tokens: Tokens, codes: np.ndarray, lexicon: Lexicon) -> dict[str, tuple[int, float]]:
    """Find nouns that no table knows and that came with one code."""
    vocabulary = tokens.vocabulary
    noun = vocabulary.map("routing:noun", _is_noun, bool)
    known = set(lexicon.terms)
    seen: dict[str, set[int]] = {}
    for token in np.flatnonzero(noun[tokens.ids]).tolist():
        base = vocabulary.base[tokens.ids[token]]
        if base not in known:
            seen.setdefault(base, set()).add(int(tokens.doc_of[token]))
    found = {}
    nothing = lexicon.codes.index("X0")
    for base, docs in sorted(seen.items()):
        if len(docs) < WORD_COMMENTS:
            continue
        counts = np.bincount(codes[sorted(docs)], minlength=lexicon.n_codes)
        code = int(counts.argmax())
        if code != nothing and counts[code] >= max(WORD_COMMENTS, WORD_SHARE * len(docs)):
            found[base] = (code, round(WORD_WEIGHT * counts[code] / (len(docs) + 1.0), 4))
    return found


def _is_noun(words: Vocabulary, i: int) -> bool:
    kind = words.pos1[i] == "名詞" and words.pos2[i] in ("普通名詞", "固有名詞") and words.pos3[i] not in ("副詞可能", "助数詞可能", "人名")
    return kind and len(words.base[i]) >= 2


def _affinity(concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """Mix the table's 課 for each matter with the 課 that took it, by a Dirichlet prior."""
    strongest = concepts.max(axis=1).toarray().ravel()
    share = sparse.csr_matrix(concepts.multiply(1.0 / np.maximum(strongest, 1e-9)[:, None]))
    share.data[share.data < 0.7] = 0.0
    member = sparse.csr_matrix((np.ones(len(codes)), (np.arange(len(codes)), codes)), (len(codes), lexicon.n_codes))
    seen = np.asarray((share.T @ member).todense())
    prior = lexicon.affinity
    mixed = (PRIOR * prior + seen) / PRIOR
    top = np.maximum(mixed.max(axis=1, keepdims=True), 1e-9)
    return np.where(seen.any(axis=1, keepdims=True), mixed / top * np.maximum(prior.max(axis=1, keepdims=True), 0.6), prior)
