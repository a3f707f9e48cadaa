"""Tokens → the sparse document–word matrix that scikit-learn and gensim read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from textlens.tokens.tokens import Tokens
from textlens.tokens.vocabulary import Vocabulary

CONTENT_POS = ("名詞", "動詞", "形容詞", "形状詞")


def is_content(vocabulary: Vocabulary, number: int) -> bool:
    """Is a word a content word (noun, verb, adjective; no numerals, no auxiliaries, no bare symbols)?"""
    pos1, pos2 = vocabulary.pos1[number], vocabulary.pos2[number]
    if pos1 not in CONTENT_POS or pos2 in ("数詞", "非自立可能", "助動詞語幹"):
        return False
    return any(char.isalpha() for char in vocabulary.norm[number])


def term_matrix(
    tokens: Tokens, *, keep: Callable[[Vocabulary, int], bool] | None = is_content, min_docs: int = 1
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Count base forms by text.

    Parameters
    ----------
    tokens : Tokens
    keep : callable or None
        ``keep(vocabulary, entry)``: which words to count; ``None`` counts all.
    min_docs : int
        Words in fewer texts are left out.

    Returns
    -------
    matrix : csr_matrix of float64, shape (n_docs, n_terms)
        Counts. ``CountVectorizer`` and gensim's ``Sparse2Corpus`` users can go on from here.
    terms : object array, shape (n_terms,)
        Base forms in code-point order: the same texts give the same columns whatever their order.

    Examples
    --------
    >>> from textlens.tokens import as_tokens
    >>> matrix, terms = term_matrix(as_tokens(["公園が狭い", "公園の公園"]))
    >>> terms.tolist(), matrix.toarray().tolist()
    (['公園', '狭い'], [[1.0, 1.0], [2.0, 0.0]])
    """
    vocabulary = tokens.vocabulary
    if keep is None:
        chosen = np.ones(len(vocabulary), bool)
    else:
        chosen = np.fromiter((keep(vocabulary, i) for i in range(len(vocabulary))), bool, len(vocabulary))
    used = np.zeros(len(vocabulary), bool)
    used[tokens.ids] = True
    chosen &= used
    terms = sorted({vocabulary.base[i] for i in np.flatnonzero(chosen)})
    number = {term: i for i, term in enumerate(terms)}
    column = np.fromiter((number[b] if c else -1 for b, c in zip(vocabulary.base, chosen, strict=True)), np.int64, len(vocabulary))
    at = column[tokens.ids]
    mask = at >= 0
    matrix = sparse.csr_matrix(
        (np.ones(int(mask.sum())), (tokens.doc_of[mask], at[mask])), shape=(tokens.n_docs, len(terms))
    )
    matrix.sum_duplicates()
    names = np.array(terms, object)
    if min_docs > 1:
        often = np.asarray((matrix > 0).sum(axis=0)).ravel() >= min_docs
        matrix, names = matrix[:, often], names[often]
    return matrix, names
