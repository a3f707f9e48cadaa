"""Which words stand together: a co-occurrence network, as tables first and as a graph when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from textlens.checks import beside, whole_number
from textlens.errors import ParameterError
from textlens.tokens import Tokens
from textlens.words.tables import Words, find_words

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Network:
    """A co-occurrence network.

    Attributes
    ----------
    nodes : DataFrame
        ``word, kind, docs, degree, community``: ``kind`` is ``word`` or the name of the attribute;
        ``docs`` the comments (or 意見単位) with it; communities are numbered from 1 by size.
    edges : DataFrame
        ``source, target, both, jaccard, in_tree``: how often both, Jaccard coefficient, and whether the
        edge belongs to the maximum spanning tree (the fewest edges that hold the network together).
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame

    def to_networkx(self, *, tree_only: bool = False) -> nx.Graph:
        """Return the graph; nodes carry ``kind, docs, community``, edges ``both, jaccard, in_tree``."""
        import networkx as nx  # here: it takes as long to load as pandas

        graph = nx.Graph()
        for row in self.nodes.itertuples(index=False):
            graph.add_node(row.word, kind=row.kind, docs=row.docs, community=row.community)
        for row in self.edges.itertuples(index=False):
            if row.in_tree or not tree_only:
                graph.add_edge(row.source, row.target, both=row.both, jaccard=row.jaccard, in_tree=row.in_tree)
        return graph


def cooccurrence(
    texts: pd.Series | Tokens | Words,
    *,
    attribute: pd.Series | Sequence[Any] | None = None,
    duplicate_group: pd.Series | Sequence[Any] | None = None,
    unit: str = "comment",
    n_words: int = 60,
    n_edges: int = 90,
    min_docs: int = 3,
    min_both: int = 2,
) -> Network:
    """Find the words that stand together more than others.

    Parameters
    ----------
    texts : Series of str, Tokens, or Words
    attribute : Series, list, array or None
        Age band, district …, one value per comment (a list: in their order): each value becomes a node (word–attribute network),
        and edges run only between words and values, as in KH Coder. Only with ``unit="comment"``.
    duplicate_group : Series, list, array or None
        As :func:`textlens.group_duplicates` gives it: of each group of copies only one comment is used, so
        that a form letter does not become the network.
    unit : {"comment", "unit"}
        Together in a comment, or in the same 意見単位.
    n_words, n_edges : int
        The most frequent words; the strongest edges.
    min_docs, min_both : int
        Least number of comments (units) of a word, and of both words of an edge.

    Returns
    -------
    Network
        The same for any order of rows.

    Raises
    ------
    ParameterError
        ``attribute`` or ``duplicate_group`` has another index or length than the texts, or goes with ``unit="unit"``; a
        number is not whole.

    Notes
    -----
    Misses: the Jaccard coefficient favours words of equal frequency; frequent filler words are kept out
    only by the list of stopwords.

    References
    ----------
    Jaccard (1901); communities by greedy modularity: Clauset, Newman and Moore (2004).

    Examples
    --------
    >>> net = cooccurrence(pd.Series(["公園の遊具", "公園の遊具", "公園", "バスの運賃", "バスの運賃"]), min_docs=2)
    >>> net.edges[["source", "target", "both", "jaccard", "in_tree"]].to_numpy().tolist()
    [['バス', '運賃', 2, 1.0, True], ['公園', '遊具', 2, 0.666667, True]]
    """
    n_words, n_edges = whole_number(n_words, "n_words"), whole_number(n_edges, "n_edges")
    min_docs, min_both = whole_number(min_docs, "min_docs"), whole_number(min_both, "min_both")
    words = texts if isinstance(texts, Words) else find_words(texts)
    counts = words.matrix(unit)
    if duplicate_group is not None:
        group = _of_comments(words, duplicate_group, unit, "duplicate_group")
        once = sparse.diags_array(_first_of_group(words, group).astype(float))
        counts = sparse.csr_matrix(once @ counts)
    seen = sparse.csc_matrix(counts > 0).astype(np.int64)
    docs = np.asarray(seen.sum(axis=0)).ravel()
    order = sorted(np.flatnonzero(docs >= min_docs).tolist(), key=lambda i: (-docs[i], words.names[i]))[:n_words]
    names, kinds = [str(words.names[i]) for i in order], ["word"] * len(order)
    seen = seen[:, order]
    if attribute is not None:
        attribute = _of_comments(words, attribute, unit, "attribute")
        columns, values = _attribute(attribute)
        taken = set(names)
        names += [value if value not in taken else f"{value}（属性）" for value in values]
        kinds += [str(attribute.name or "属性")] * len(values)
        seen = sparse.csc_matrix(sparse.hstack([seen, columns]))
    edges = _edges(seen, names, np.array(kinds) != "word", min_both, n_edges)
    return _network(names, kinds, np.asarray(seen.sum(axis=0)).ravel(), edges)


def _of_comments(words: Words, values: object, unit: str, name: str) -> pd.Series:
    if unit != "comment":
        raise ParameterError(f"{name} は unit=\"comment\" のときだけ使えます。")
    return beside(values, words.tokens.index, name)


def _first_of_group(words: Words, group: pd.Series) -> np.ndarray:
    """True for comments alone and for one comment of each group: the first by text, then by id."""
    keep = group.isna().to_numpy().copy()
    best: dict[object, int] = {}
    norm, index = words.tokens.norm, words.tokens.index
    for row in np.flatnonzero(~keep).tolist():
        have = best.get(group.iloc[row])
        if have is None or (norm[row], str(index[row])) < (norm[have], str(index[have])):
            best[group.iloc[row]] = row
    keep[list(best.values())] = True
    return keep


def _attribute(attribute: pd.Series) -> tuple[sparse.csc_matrix, list[str]]:
    values = sorted({str(v) for v in attribute.dropna()})
    place = {value: i for i, value in enumerate(values)}
    rows = [(row, place[str(v)]) for row, v in enumerate(attribute.tolist()) if not pd.isna(v)]
    matrix = sparse.csc_matrix(
        (np.ones(len(rows), np.int64), ([r for r, _ in rows], [c for _, c in rows])), shape=(len(attribute), len(values))
    )
    return matrix, values


def _edges(seen: sparse.csc_matrix, names: list[str], is_value: np.ndarray, min_both: int, n_edges: int) -> list[tuple[str, str, int, float]]:
    both = sparse.coo_matrix(sparse.triu(seen.T @ seen, k=1))
    docs = np.asarray(seen.sum(axis=0)).ravel()
    found = []
    for i, j, n in zip(both.row.tolist(), both.col.tolist(), both.data.tolist(), strict=True):
        if n < min_both or (is_value.any() and is_value[i] == is_value[j]):
            continue
        a, b = sorted((names[i], names[j]))
        found.append((a, b, int(n), round(float(n / (docs[i] + docs[j] - n)), 6)))
    return sorted(found, key=lambda e: (-e[3], -e[2], e[0], e[1]))[:n_edges]


def _network(names: list[str], kinds: list[str], docs: np.ndarray, edges: list[tuple[str, str, int, float]]) -> Network:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(sorted({name for edge in edges for name in edge[:2]}))
    for a, b, n, jaccard in edges:
        graph.add_edge(a, b, weight=jaccard, both=n)
    tree = {frozenset(e[:2]) for e in nx.maximum_spanning_edges(graph, data=False)} if edges else set()
    parts = nx.community.greedy_modularity_communities(graph, weight="weight") if edges else []
    parts = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
    community = {name: number for number, part in enumerate(parts, 1) for name in part}
    rows = [
        (name, kind, int(n), graph.degree(name), community[name])
        for name, kind, n in zip(names, kinds, docs.tolist(), strict=True)
        if name in community
    ]
    nodes = pd.DataFrame(rows, columns=["word", "kind", "docs", "degree", "community"])
    table = pd.DataFrame([(*e, frozenset(e[:2]) in tree) for e in edges], columns=["source", "target", "both", "jaccard", "in_tree"])
    return Network(nodes, table)
