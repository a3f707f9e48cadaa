"""To which 課 does a comment go? From an editable 組織表, without training, with the words as reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from textlens.checks import listed, whole_number
from textlens.errors import ParameterError
from textlens.routing import score as scoring
from textlens.routing.alignment import codes_in_order
from textlens.routing.context import Context, read_context
from textlens.routing.learn import Learned, learn
from textlens.routing.lexicon import Lexicon, compile_lexicon
from textlens.routing.match import Evidence, find_evidence
from textlens.routing.table import Department, map_codes, read_departments
from textlens.schema import FINDING_COLUMNS
from textlens.tokens import Tokens, WorksUnfitted, as_tokens

__all__ = ["DepartmentRouter", "map_codes"]

_SOURCE = "routing/matters.tsv"
_BATCH = 20_000


class DepartmentRouter(WorksUnfitted, BaseEstimator):
    """Send comments to the 課 of an 組織表, or to whom it may concern outside the city.

    Words of residents are looked up in the shipped tables (``dictionaries/routing/``), settled by their
    company (学校のプール is not 市民プール) and handed to the 課 whose 所管語 or name takes the matter over.
    Codes that are no 課: ``X0`` no 課 needed, ``X1`` 警察, ``X2`` 国・県, ``X3`` 民間, ``X4`` 議会・政治.

    Parameters
    ----------
    departments : path, DataFrame or None, default=None
        The 組織表 (see :func:`~textlens.routing.table.read_departments`); ``None`` is the typical table
        that ships.
    year : int, optional
        Fiscal year, for tables with since / until.

    Attributes
    ----------
    learned_ : Learned
        Last year's assignments, after :meth:`fit`.

    Notes
    -----
    Nothing is tied to the codes of the shipped table. A matter no 課 of the table takes is never forced
    into one: such comments are ``held``; :attr:`unmatched_` lists these matters.

    Misses: a matter told without any of its words (a story that ends before the point); irony about
    another 課; a facility known only by its local name (add it to the 所管語 of its 課).

    References
    ----------
    Words by company: 国立国語研究所 (2006) 分類語彙表 増補改訂版 shows the senses; the choice of companions
    is ours. Longest match first: 現代日本語書き言葉均衡コーパス 長単位 (小椋ほか 2011).

    Examples
    --------
    >>> router = DepartmentRouter()
    >>> router.predict(pd.Series(["学校のプールが古くて危ない。", "信号機をつけてほしい。"])).tolist()
    ['D34', 'X1']
    >>> router.route(["公園の草刈りとバスの増便をお願いします。"])["departments"].tolist()
    [('D48', 'D47')]
    """

    def __init__(self, departments: str | Path | pd.DataFrame | None = None, *, year: int | None = None) -> None:
        self.departments = departments
        self.year = year

    # -- what the table says --------------------------------------------------------------------

    @property
    def table_(self) -> tuple[Department, ...]:
        """The 課 in use."""
        return self._compiled[0]

    @property
    def unmatched_(self) -> list[str]:
        """Matters that no 課 of the table takes and that go to nobody outside."""
        return list(self._compiled[1].unmatched)

    def departments_for(self, matters: Iterable[str]) -> tuple[str, ...]:
        """Return the codes in charge of matters (names of ``concepts.tsv``; a plain string is one), in the order of the table."""
        lexicon, wanted = self._compiled[1], set(listed(matters, "matters"))
        found = {int(lexicon.affinity[i].argmax()) for i, c in enumerate(lexicon.concepts)
                 if c.name in wanted and lexicon.affinity[i].max() > 0}  # fmt: skip
        return tuple(lexicon.codes[code] for code in sorted(found))

    @property
    def names_(self) -> dict[str, str]:
        """Code → name, for the 課 of the table and for X0 … X4."""
        lexicon = self._compiled[1]
        return dict(zip(lexicon.codes, lexicon.names, strict=True))

    @property
    def organs_(self) -> dict[str, str]:
        """Code → organ (機関), empty where the table has none."""
        return {one.code: one.organ for one in self.table_}

    @cached_property
    def _compiled(self) -> tuple[tuple[Department, ...], Lexicon]:
        table = read_departments(self.departments, year=self.year)
        return table, compile_lexicon(table)

    def set_params(self, **params: Any) -> DepartmentRouter:
        """Set parameters; the table is read again."""
        self.__dict__.pop("_compiled", None)
        super().set_params(**params)
        return self

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        state.pop("_compiled", None)
        return state

    # -- learning -------------------------------------------------------------------------------

    def fit(self, texts: pd.Series | Iterable[str] | Tokens, codes: Iterable[str]) -> DepartmentRouter:
        """Learn last year's assignments on top of the table.

        Parameters
        ----------
        texts : Series of str, iterable of str, or Tokens
        codes : Series or iterable of str
            One code per text: of the table, or X0 … X4. Map last year's with :func:`map_codes` first. A Series is brought
            into the order of the ids of the texts, a list is taken in its order.

        Returns
        -------
        DepartmentRouter
            self. A 課 without examples still works as before.

        Raises
        ------
        ParameterError
            Lengths or ids differ, or a code is not in the table (short codes are named, anything else is only counted).
        """
        tokens = as_tokens(texts)
        wanted = codes_in_order(codes, texts, tokens)
        lexicon = self._compiled[1]
        unknown = sorted(set(wanted) - set(lexicon.codes))
        if unknown:
            shown = [code for code in unknown if re.fullmatch(r"[0-9A-Za-z_.-]{1,8}", code)][:5]  # anything longer may be a citizen's words
            raise ParameterError(
                f"組織表にない課コードが {len(unknown)} 種類あります{'（' + '、'.join(shown) + '）' if shown else ''}。"
                "課の名前ではなくコードを渡してください。組織が変わったときは map_codes で新しいコードに直してください。"
            )
        evidence = _evidence(tokens, lexicon, None)
        concepts = self._concepts(tokens, evidence)
        self.learned_: Learned = learn(tokens, concepts, np.array([lexicon.codes.index(c) for c in wanted]), lexicon)
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the table and what was learnt as plain lists (for ``tl.save_model``)."""
        rows = [[d.code, d.name, d.organ, "、".join(d.keywords)] for d in self.table_]
        learned = getattr(self, "learned_", None)
        return {"departments": rows, "learned": None if learned is None else learned.to_dict(self._compiled[1])}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> DepartmentRouter:
        """Rebuild from :meth:`to_dict`."""
        router = cls(pd.DataFrame(state["departments"], columns=["code", "name", "organ", "keywords"]))
        if state["learned"] is not None:
            router.learned_ = Learned.from_dict(state["learned"], router._compiled[1])
        return router

    # -- answers --------------------------------------------------------------------------------

    def predict(self, texts: pd.Series | Iterable[str] | Tokens, context: object = None) -> pd.Series:
        """Return the code of the 課 in charge of each text (Series of str, the texts' index)."""
        return self.route(texts, context)["department"]

    def route(self, texts: pd.Series | Iterable[str] | Tokens, context: object = None) -> pd.DataFrame:
        """Return who gets each text.

        Parameters
        ----------
        texts : Series of str, iterable of str, or Tokens
        context : str, Series or DataFrame, optional
            Question wording, section heading, 種別: one string for all texts, or one row per text (a Series or
            DataFrame is brought into the order of the ids of the texts).

        Returns
        -------
        DataFrame
            Index as given. ``department``: code of the 課 in charge. ``departments``: tuple, 主管 first,
            then 関係課. ``department_score``: 0 … 1. ``held``: bool, a person decides.

        Raises
        ------
        ParameterError
            Length or ids of ``context`` are not those of the texts, or ``departments`` or ``year`` cannot be used.
        """
        tokens = as_tokens(texts)
        codes = np.array(self._compiled[1].codes, object)
        parts = [self._decide(part, extra) for part, extra in self._batches(texts, tokens, context)]
        order = np.concatenate([p.order for p in parts])
        return pd.DataFrame(
            {
                "department": codes[order[:, 0]] if len(order) else np.empty(0, object),
                "departments": _tuples(order, codes),
                "department_score": np.concatenate([p.score for p in parts]),
                "held": np.concatenate([p.held for p in parts]),
            },
            index=tokens.index,
        )

    def score(self, texts: pd.Series | Iterable[str] | Tokens, codes: Iterable[str]) -> float:
        """Return the share of texts whose first 課 is the one in ``codes`` (accuracy, 0 to 1), as ``cross_val_score`` asks for it.

        Examples
        --------
        >>> DepartmentRouter().score(["図書館の本を増やしてほしい。", "励ましの言葉です。"], ["D45", "X0"])
        0.5
        """
        tokens = as_tokens(texts)
        return float(np.mean(self.predict(tokens).to_numpy() == np.array(codes_in_order(codes, texts, tokens), object)))

    def route_units(self, texts: pd.Series | Iterable[str] | Tokens, context: object = None) -> pd.DataFrame:
        """Return the 課 of each 意見単位: column ``department`` (``X0`` where the unit has no matter of its own).

        Where no unit of a text has a matter, all of them go where its context points.
        """
        tokens = as_tokens(texts)
        lexicon = self._compiled[1]
        nothing = lexicon.codes.index("X0")
        found = []
        for part, extra in self._batches(texts, tokens, context):
            scores = self._scores(part, _evidence(part, lexicon, extra), units=True)
            if extra is not None:
                silent = np.ones(part.n_docs, bool)
                silent[part.units.doc[scores.max(axis=1, initial=0.0) >= scoring.LEAST]] = False
                scores = np.where(silent[part.units.doc, None], scores + self._of_context(extra)[part.units.doc], scores)
            best = scores.argmax(axis=1) if len(scores) else np.empty(0, np.int64)
            found.append(np.where(scores.max(axis=1, initial=0.0) < scoring.LEAST, nothing, best))
        number = np.concatenate(found).astype(np.int64)
        return pd.DataFrame({"department": np.array(lexicon.codes, object)[number]})

    def rank(self, texts: pd.Series | Iterable[str] | Tokens, n: int = 3, context: object = None) -> pd.DataFrame:
        """Return the best ``n`` candidates of each text with reasons.

        Returns
        -------
        DataFrame
            ``id, rank, department, score, reason``; ``reason`` is Japanese and names the words. A text
            without any matter has the single row X0.

        Raises
        ------
        ParameterError
            ``n`` is no whole number of at least 1, or ``context`` does not fit (see :meth:`route`).
        """
        n = whole_number(n, "n", 1)
        tokens = as_tokens(texts)
        lexicon = self._compiled[1]
        rows: list[tuple[object, int, str, float, str]] = []
        base = 0
        for part, extra in self._batches(texts, tokens, context):
            evidence = _evidence(part, lexicon, extra)
            scores = self._scores(part, evidence, extra)
            main = self._decide(part, extra).order[:, 0]
            for doc in range(part.n_docs):
                asked = extra.words(doc) if extra else {}
                rows += [(tokens.index[base + doc], *row) for row in self._candidates(doc, n, scores[doc], int(main[doc]), evidence, asked)]
            base += part.n_docs
        return pd.DataFrame(rows, columns=["id", "rank", "department", "score", "reason"])

    def findings(self, texts: pd.Series | Iterable[str] | Tokens, context: object = None) -> pd.DataFrame:
        """Return one row per word used (columns ``schema.FINDING_COLUMNS``; ``label`` is the code it speaks for,
        ``subject`` the matter)."""
        tokens = as_tokens(texts)
        lexicon = self._compiled[1]
        frames = []
        for part, extra in self._batches(texts, tokens, context):
            evidence = _evidence(part, lexicon, extra)
            frames.append(_findings(part, evidence, self._affinity(), lexicon))
        return pd.concat(frames, ignore_index=True)

    def explain(self, text: str) -> pd.DataFrame:
        """Return the findings of one text."""
        return self.findings(pd.Series([text]))

    # -- inside ---------------------------------------------------------------------------------

    def _batches(self, texts: object, tokens: Tokens, context: object) -> list[tuple[Tokens, Context | None]]:
        lexicon = self._compiled[1]
        extra = tokens.remember(("routing.context", lexicon, id(context)), lambda: (context, read_context(context, texts, tokens, lexicon)))[1]  # the key holds while context is kept
        if tokens.n_docs <= _BATCH:
            return [(tokens, extra)]
        cuts = range(0, tokens.n_docs, _BATCH)
        return [(tokens[low : low + _BATCH], extra.part(low, low + _BATCH) if extra else None) for low in cuts]

    def _affinity(self) -> np.ndarray:
        learned = getattr(self, "learned_", None)
        return self._compiled[1].affinity if learned is None else learned.affinity

    def _concepts(self, tokens: Tokens, evidence: Evidence) -> Any:
        weight = evidence.weight * scoring.unit_factor(tokens, evidence)[evidence.unit]
        return scoring.concept_scores(evidence.doc, tokens.n_docs, evidence, weight, self._compiled[1])

    def _scores(
        self, tokens: Tokens, evidence: Evidence, extra: Context | None = None, *, units: bool = False
    ) -> np.ndarray:
        affinity = self._affinity()
        if units:
            rows = scoring.concept_scores(evidence.unit, len(tokens.units), evidence, evidence.weight, self._compiled[1])
            return scoring.code_scores(rows, affinity)
        scores = scoring.code_scores(self._concepts(tokens, evidence), affinity)
        if extra is not None:
            scores = scoring.with_context(scores, self._of_context(extra), self._compiled[1].codes.index("X0"))
        learned = getattr(self, "learned_", None)
        return scores if learned is None else learned.adjust(tokens, scores, self._compiled[1].codes.index("X0"), scoring.LEAST)

    def _of_context(self, extra: Context) -> np.ndarray:
        """Return what the context of each text says of each code; never that nobody is needed."""
        scores = scoring.code_scores(extra.concepts, self._affinity())
        scores[:, self._compiled[1].codes.index("X0")] = 0.0
        return scores[extra.row]

    def _decide(self, tokens: Tokens, extra: Context | None) -> scoring.Routes:
        lexicon = self._compiled[1]
        evidence = _evidence(tokens, lexicon, extra)
        scores = self._scores(tokens, evidence, extra)
        asked = None if extra is None else self._of_context(extra).max(axis=1) > 0
        return scoring.decide(tokens, lexicon, evidence, scores, self._affinity(), asked)

    def _candidates(
        self, doc: int, n: int, scores: np.ndarray, main: int, evidence: Evidence, asked: dict[int, str]
    ) -> list[tuple[int, str, float, str]]:
        lexicon = self._compiled[1]
        order = [main] + [int(c) for c in np.argsort(-scores, kind="stable") if c != main and scores[c] > 0]
        if lexicon.codes[main] != "X0":
            order = [c for c in order if lexicon.codes[c] != "X0"]
        total = float(np.sqrt((scores**2).sum())) or 1.0
        rows = np.arange(*np.searchsorted(evidence.doc, [doc, doc + 1]))
        return [
            (rank, lexicon.codes[c], round(float(scores[c]) / total, 4), self._reason(c, rows, evidence, asked))
            for rank, c in enumerate(order[:n], 1)
        ]

    def _reason(self, code: int, rows: np.ndarray, evidence: Evidence, asked: dict[int, str]) -> str:
        lexicon, affinity = self._compiled[1], self._affinity()
        said: dict[str, tuple[float, str, str]] = {}
        for row in rows:
            concept = lexicon.concepts[evidence.concept[row]]
            value = float(evidence.weight[row] * affinity[evidence.concept[row], code])
            word = lexicon.terms[evidence.term[row]]
            if value > 0 and value > said.get(word, (0.0, "", ""))[0]:
                said[word] = (value, concept.name.removeprefix("課:"), concept.pass_to if lexicon.codes[code] == concept.outside else "")
        if not said:
            named = [f"「{word}」＝{lexicon.concepts[concept].name.removeprefix('課:')}" for concept, word in asked.items() if affinity[concept, code] > 0]
            if named and lexicon.codes[code] != "X0":
                return f"設問・見出しの{'、'.join(named[:3])}"
            return "当てはまる語がありません" if lexicon.codes[code] == "X0" else "昨年の振り分けによる"
        best = sorted(said.items(), key=lambda item: (-item[1][0], item[0]))[:3]
        text = "、".join(f"「{word}」＝{matter}" for word, (_, matter, _) in best)
        passes = next((p for _, (_, _, p) in best if p), "")
        return f"{text}（{passes}）" if passes else text


def _evidence(tokens: Tokens, lexicon: Lexicon, extra: Context | None) -> Evidence:
    """Search a batch once, however many answers are asked about it."""
    groups = None if extra is None else extra.groups
    return tokens.remember(("routing", lexicon, extra), lambda: find_evidence(tokens, lexicon, groups))


def _findings(tokens: Tokens, evidence: Evidence, affinity: np.ndarray, lexicon: Lexicon) -> pd.DataFrame:
    start, end = tokens.raw_spans(evidence.doc, evidence.start.copy(), evidence.end.copy())
    code = affinity[evidence.concept].argmax(axis=1) if len(evidence) else np.empty(0, np.int64)
    frame = pd.DataFrame(
        {
            "id": tokens.index.to_numpy()[evidence.doc],
            "unit": tokens.units.number[evidence.unit],
            "start": start,
            "end": end,
            "label": np.array(lexicon.codes, object)[code],
            "subject": np.array([c.name for c in lexicon.concepts], object)[evidence.concept],
            "score": evidence.weight,
            "rule": np.array(lexicon.sense_row, object)[evidence.sense],
            "source": np.array([_SOURCE], object).repeat(len(evidence)),
        }
    )
    return frame[list(FINDING_COLUMNS)]


def _tuples(order: np.ndarray, codes: np.ndarray) -> pd.Series | list[tuple[str, ...]]:
    names = codes.tolist()
    return [tuple(names[c] for c in row if c >= 0) for row in order.tolist()]
