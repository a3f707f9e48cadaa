"""Last year's assignments on top of the table: which 課 took which matter, and what decided between two.

Three things are learnt, and each fades to nothing where there are no examples: matter → 課 (this city sends
野良猫 to 健康づくり課); nouns no table knows that came with one 課 again and again (names of facilities); and how
much place, repetition and wishes decide between the candidates of one comment (logistic regression over
the candidates, the same for all 課, so a 課 without examples gains from it too). All of it is small and
plain: figures, and a list of words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from textlens.routing.lexicon import Lexicon
from textlens.routing.match import Evidence
from textlens.routing.score import code_scores
from textlens.tokens import Tokens, Vocabulary

PRIOR = 4.0
"""The table counts as much as this many of last year's comments about one matter."""
CANDIDATES = 6
FEWEST = 40
"""With fewer comments than this the choice between candidates is left as it is."""
DOUBT = 0.6
"""The router's own first choice gives way only to one that is better by this many standard deviations."""
STRENGTH = 0.03
"""``C`` of the logistic regression: few comments, so strongly held back."""


WORD_COMMENTS, WORD_SHARE, WORD_WEIGHT = 2, 0.6, 4.0
"""A noun is learnt from this many comments, this share of which went to one 課; its full weight."""


@dataclass(frozen=True)
class Learned:
    """What :func:`learn` found.

    Attributes
    ----------
    affinity : float array, shape (n_concepts, n_codes)
    words : dict of str to (int, float)
        Noun → number of the code it speaks for, and its weight.
    chooser : float array, shape (3, n_features), or None
        Mean, scale and coefficient of the logistic regression over candidates; ``None`` with too few
        comments.
    """

    affinity: np.ndarray
    words: dict[str, tuple[int, float]]
    chooser: np.ndarray | None

    def adjust(self, tokens: Tokens, evidence: Evidence, scores: np.ndarray, lexicon: Lexicon) -> np.ndarray:
        """Add the words learnt, and deal the scores of the candidates out again in the order learnt."""
        scores = scores + self._from_words(tokens, scores.shape)
        if self.chooser is None or not len(scores):
            return scores
        cube = features(tokens, evidence, scores, self.affinity, lexicon)
        rows, codes = candidates(scores, lexicon)
        mean, scale, coefficient = self.chooser
        value = ((cube[rows, codes] - mean) / scale) @ coefficient
        value[codes == scores.argmax(axis=1)[rows]] += DOUBT * value.std()
        return _dealt(scores, rows, codes, value)

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
        return {"matters": changed, "words": words, "chooser": None if self.chooser is None else self.chooser.tolist()}

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
        chooser = content["chooser"]
        return cls(affinity, words, None if chooser is None else np.array(chooser, float))


def learn(tokens: Tokens, evidence: Evidence, concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> Learned:
    """Learn from one code per text.

    Parameters
    ----------
    tokens : Tokens
    evidence : Evidence
    concepts : csr matrix, shape (n_texts, n_concepts)
        Strength of each matter in each text.
    codes : int array, shape (n_texts,)
        Number of the code each text went to.
    lexicon : Lexicon
    """
    chooser = None
    if len(codes) >= FEWEST:
        scores = code_scores(concepts, lexicon.affinity)
        cube = features(tokens, evidence, scores, lexicon.affinity, lexicon)
        place, candidate = candidates(scores, lexicon)
        right = candidate == codes[place]
        if right.any() and not right.all():
            table = cube[place, candidate]
            mean, scale = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
            fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit((table - mean) / scale, right)
            chooser = np.stack([mean, scale, fitted.coef_[0]])
    return Learned(_affinity(concepts, codes, lexicon), _words(tokens, codes, lexicon), chooser)


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


def candidates(scores: np.ndarray, lexicon: Lexicon) -> tuple[np.ndarray, np.ndarray]:
    """Return (row, code) pairs: the best scores, and X0."""
    wanted = np.zeros(scores.shape, bool)
    every = np.arange(len(scores))
    for rank in np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES].T:
        wanted[every, rank] = scores[every, rank] > 0
    wanted[:, lexicon.codes.index("X0")] = True
    rows, codes = np.nonzero(wanted)
    return rows, codes


def features(
    tokens: Tokens, evidence: Evidence, scores: np.ndarray, affinity: np.ndarray, lexicon: Lexicon
) -> np.ndarray:
    """Return what is known about each code of each text, shape (n_texts, n_codes, n_features)."""
    n, k = scores.shape
    top = np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    value = evidence.weight[:, None] * affinity[evidence.concept]
    units = tokens.units
    unit = np.zeros((len(units), k))
    np.maximum.at(unit, evidence.unit, value)
    doc = units.doc
    best = (unit > 0) & (unit >= unit.max(axis=1, keepdims=True, initial=0.0))
    share = np.zeros((n, k))
    np.add.at(share, doc, best)
    share /= np.maximum(np.diff(units.doc_offsets), 1)[:, None]
    wish, opening, strongest, words = (np.zeros((n, k)) for _ in range(4))
    np.maximum.at(wish, doc[evidence.request_units], unit[evidence.request_units])
    first = units.doc_offsets[:-1][np.diff(units.doc_offsets) > 0]
    np.maximum.at(opening, doc[first], unit[first])
    np.maximum.at(strongest, evidence.doc, value)
    np.add.at(words, evidence.doc, value > 0)
    early = np.ones((n, k))
    length = np.fromiter((len(text) + 1 for text in tokens.norm), np.float64, n)
    place = np.where(value > 0, (evidence.start / length[evidence.doc])[:, None], 1.0)
    np.minimum.at(early, evidence.doc, place)
    rank = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    nothing = np.zeros((n, k))
    nothing[:, lexicon.codes.index("X0")] = 1.0
    outside = np.tile(np.array([c.startswith("X") and c != "X0" for c in lexicon.codes], float), (n, 1))
    columns = [scores / top, np.log1p(scores), share, wish, opening, strongest, np.log1p(words), early,
               np.minimum(rank, CANDIDATES), nothing, outside]  # fmt: skip
    return np.stack(columns, axis=2)


def _dealt(scores: np.ndarray, rows: np.ndarray, codes: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Give the best candidate the highest score of the text, and so on down."""
    by_value = np.lexsort((-value, rows))
    by_score = np.lexsort((-scores[rows, codes], rows))
    dealt = scores.copy()
    dealt[rows[by_value], codes[by_value]] = scores[rows[by_score], codes[by_score]]
    return dealt


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
