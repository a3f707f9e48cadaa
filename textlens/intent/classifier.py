"""What kind of voice a comment is: 苦情・要望・感謝・質問・通報・意見, several at once.

Linguistic cues come from dictionaries (``intent/cues.tsv``, ``intent/words.tsv``); a linear model with shipped
coefficients weighs them, and comments it leaves in doubt are read a second time (:mod:`textlens.voices.reading`).
Label definitions: ``docs/labels.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.metrics import f1_score

from textlens.checks import listed, share_number, whole_number
from textlens.errors import ParameterError
from textlens.intent.learning import Learnt, learn, most_useful
from textlens.intent.own_labels import japanese_names, label_table
from textlens.rules import read_table
from textlens.schema import FINDING_COLUMNS, INTENTS, MAIN_INTENTS
from textlens.text.highlight import COLOURS, Explained, Span
from textlens.text.order import order_by
from textlens.tokens import Tokens, WorksUnfitted, as_tokens
from textlens.voices.cues import CUES, KINDS, WORDS, kind_names, rule_ids
from textlens.voices.labels import IMPLIED_THRESHOLD, give_labels
from textlens.voices.model import N_INTENTS, READ, Decision, load_coefficients, weigh
from textlens.voices.ngrams import NGRAMS, telling_clauses
from textlens.voices.reading import Voices, read_voices

_RULE = re.compile(r"[0-9A-Za-z_.-]{1,40}")
_REPORT = MAIN_INTENTS.index("report")

Texts = pd.Series | Iterable[str] | Tokens


class IntentClassifier(WorksUnfitted, BaseEstimator):
    """Tell the kinds of voice in each comment, with probabilities and the words that decided.

    Works at once; :meth:`fit` adds what an office labels itself.

    Parameters
    ----------
    threshold : float or None
        From 0 to 1: a label is given where its probability is at least this. ``None``: the shipped thresholds, a little
        under one half for complaints and requests (a clerk would rather see one too many).
    off_rules : sequence of str
        Ids of rows of ``intent/cues.tsv`` and ``intent/words.tsv`` to leave out (to see what a rule does).

    Attributes
    ----------
    learnt_ : Learnt
        Coefficients after :meth:`fit`; absent before.

    Notes
    -----
    A unit (意見単位) is read as a comment of its own by the same model. A text gets at least one label.

    Misses: irony without a marker (``おかげさまで毎日待たされています`` is caught, a bare ``立派な計画ですこと``
    mostly not); complaints that only tell a story; bare nouns, whose kind depends on the question that was
    asked (``駐車場`` under "困ったこと"); wishes of the writer's own life (``蟹が食べたい``) read as requests.
    Figures: ``docs/labels.md``.

    References
    ----------
    「てほしい」への言い換えによる要求の判定: 大塚・内山・井佐原 (2004), 自然言語処理 11(2).
    逆接による情緒の反転: 那須川・金山 (2004), 情報処理学会論文誌 45(12).

    Examples
    --------
    >>> table = IntentClassifier().predict(["街灯をつけてください。", "窓口の方が親切で助かりました。"])
    >>> table["primary"].tolist()
    ['request', 'praise']
    """

    def __init__(self, threshold: float | None = None, off_rules: Sequence[str] = ()) -> None:
        self.threshold = threshold
        self.off_rules = off_rules

    # -- comments -------------------------------------------------------------------------------

    def predict(self, texts: Texts) -> pd.DataFrame:
        """Return the labels of each comment.

        Returns
        -------
        DataFrame
            Index of the texts; bool columns ``complaint … opinion, none, implied_request``, then those of an
            office's own labels, and the str column ``primary``.
        """
        tokens = as_tokens(texts)
        voices = self._read(tokens)
        return self._labels(voices.features.comment, voices.of_comment, tokens.index)

    def predict_proba(self, texts: Texts) -> pd.DataFrame:
        """Return the probability of each intent of each comment (columns ``complaint … opinion``)."""
        tokens = as_tokens(texts)
        voices = self._read(tokens)
        return self._proba(voices.features.comment, voices.of_comment, tokens.index)

    # -- units ----------------------------------------------------------------------------------

    def predict_units(self, texts: Texts) -> pd.DataFrame:
        """Return the labels of each 意見単位.

        Returns
        -------
        DataFrame
            Index = row of ``tokens.units``; columns ``intent`` (the main one), ``is_complaint …
            is_opinion, implied_request``.
        """
        tokens = as_tokens(texts)
        voices = self._read(tokens)
        labels = self._labels(voices.features.unit, voices.of_unit, pd.RangeIndex(len(tokens.units)))
        table = {"intent": labels["primary"]}
        table.update({f"is_{name}": labels[name] for name in INTENTS})
        table["implied_request"] = labels["implied_request"]
        return pd.DataFrame(table, index=labels.index)

    def predict_proba_units(self, texts: Texts) -> pd.DataFrame:
        """Return the probability of each intent of each 意見単位."""
        tokens = as_tokens(texts)
        voices = self._read(tokens)
        return self._proba(voices.features.unit, voices.of_unit, pd.RangeIndex(len(tokens.units)))

    # -- reasons --------------------------------------------------------------------------------

    def findings(self, texts: Texts) -> pd.DataFrame:
        """Return the words behind the labels, one row per piece of evidence (``schema.FINDING_COLUMNS``).

        Where no cue speaks for a label that was given, the clause whose words speak most for it is named (rule
        ``learnt``); the whole comment decided, not this clause alone.
        """
        return self._findings(as_tokens(texts)).drop(columns=["kind", "quoted"])

    def _findings(self, tokens: Tokens) -> pd.DataFrame:
        """Return the findings, with ``kind`` (−1: learnt) and ``quoted`` of each."""
        voices = self._read(tokens)
        evidence = voices.evidence
        starts, ends = tokens.raw_spans(evidence.doc, evidence.start, evidence.end)
        ids, sources = (np.array(column, object) for column in zip(*rule_ids(), strict=True))
        first, last, intent, score = telling_clauses(tokens, evidence, self._wordless(voices))
        cues = pd.DataFrame({
            "doc": evidence.doc, "unit": evidence.unit, "start": starts, "end": ends, "intent": evidence.intent, "score": evidence.weight,
            "rule": ids[evidence.rule], "source": sources[evidence.rule], "kind": evidence.kind, "quoted": evidence.quoted,
        })  # fmt: skip
        learnt = pd.DataFrame({
            "doc": tokens.doc_of[first], "unit": tokens.unit_of[first], "start": tokens.starts[first], "end": tokens.ends[last],
            "intent": intent, "score": score, "rule": "learnt", "source": NGRAMS, "kind": -1, "quoted": False,
        })  # fmt: skip
        found = pd.concat([part for part in (cues, learnt) if len(part)] or [cues], ignore_index=True)
        found = found.iloc[order_by(*(found[name].to_numpy() for name in ("doc", "start", "end")))].reset_index(drop=True)
        found.insert(0, "id", tokens.index.to_numpy()[found["doc"]])
        found["unit"] = tokens.units.number[found["unit"]] if len(found) else np.empty(0, np.int64)
        found["label"] = np.array(MAIN_INTENTS, object)[found["intent"]]
        found["subject"] = ""
        return found[[*FINDING_COLUMNS, "kind", "quoted"]]

    def _wordless(self, voices: Voices) -> np.ndarray:
        """Tell which intents were given to each text without a cue for them, shape (n_texts, len(INTENTS))."""
        evidence = voices.evidence
        given = give_labels(self._probabilities(voices.features.comment, voices.of_comment), self.threshold)[:, : len(INTENTS)]
        plain = evidence.intent < len(INTENTS)
        given[evidence.doc[plain], evidence.intent[plain]] = False
        return given

    def explain(self, text: str) -> Explained:
        """Return why one comment got its labels, in words a clerk understands.

        Returns
        -------
        Explained
            A DataFrame: the findings of the text with the columns ``text`` (the words), ``means`` and ``why`` (Japanese), and
            ``given`` (bool: the label was given in the end). In a notebook it shows the text with the words marked.

        Raises
        ------
        ParameterError
            ``text`` is not one text.

        Examples
        --------
        >>> IntentClassifier().explain("バス停に屋根がない。")[["text", "label", "why"]].values.tolist()
        [['がない', 'complaint', '「〜がない・少ない・足りない」と欠けているものを言う']]
        """
        if not isinstance(text, str):
            raise ParameterError(f"explain には文章を 1 つ渡してください（渡された型: {type(text).__name__}）。")
        tokens = as_tokens([text])
        table = self._findings(tokens)
        numbers, quotes = table.pop("kind"), table.pop("quoted")
        table.insert(2, "text", [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)])
        why = {row["kind"]: row["text"] for row in read_table(KINDS)}
        names = kind_names()
        table["why"] = [
            why["learnt"] if kind < 0 else why.get(names[kind], names[kind]) + ("（引用の中なので弱く読む）" if quoted else "")
            for kind, quoted in zip(numbers, quotes, strict=True)
        ]
        labels = self.predict(tokens).iloc[0]
        table["given"] = [bool(labels[name]) for name in table["label"]]
        shown = japanese_names()
        table.insert(6, "means", [shown[name] for name in table["label"]])
        spans = [
            Span(start, end, label if label in COLOURS else "voice", means, why)
            for start, end, label, means, why in zip(*(table[c] for c in ("start", "end", "label", "means", "why")), strict=True)
        ]
        kinds = [name for name in MAIN_INTENTS if labels[name]]
        result = "種別: " + "、".join(shown[name] for name in sorted(kinds, key=lambda name: name != labels["primary"]))
        return Explained.of(table, text, spans, result)

    # -- an office's own labels ------------------------------------------------------------------

    def fit(self, texts: Texts, labels: pd.Series | pd.DataFrame | Sequence[Any]) -> IntentClassifier:
        """Learn an office's own labels on top of what ships.

        Parameters
        ----------
        texts : Series of str, iterable of str, or Tokens
        labels : Series of str, Series of sets or lists of str, or bool DataFrame
            Our names (``complaint`` …, also as 苦情, 要望 …) adjust what ships; other names become labels of their own (``primary``
            stays one of ours). A str with 、 holds several. Labels with the ids of the texts are put into their order, others are
            taken by position. A label that every text has, or none, is left as it ships.

        Returns
        -------
        IntentClassifier
            Itself.

        Raises
        ------
        ParameterError
            Too few examples, all labels alike, a label missing or not a label, or texts and labels do not agree in number.
        """
        tokens = as_tokens(texts)
        table = label_table(labels, tokens.index)
        self.learnt_ = learn(self._read(tokens).features.comment, table, load_coefficients()[:, :N_INTENTS])
        return self

    def score(self, texts: Texts, labels: pd.Series | pd.DataFrame | Sequence[Any]) -> float:
        """Return the mean F1 of the labels that stand in ``labels`` (macro F1, 0 to 1), as ``cross_val_score`` asks for it.

        Texts that come twice may stand on both sides of scikit-learn's own folds: give it
        ``cv=PredefinedSplit(group_folds(texts))`` (:func:`textlens.evaluation.group_folds`).

        Raises
        ------
        ParameterError
            As :meth:`fit`.

        Examples
        --------
        >>> IntentClassifier().score(["街灯をつけてください。", "窓口の方が親切で助かりました。"], ["要望", "感謝"])
        1.0
        """
        tokens = as_tokens(texts)
        truth = label_table(labels, tokens.index)
        given = self.predict(tokens).reindex(columns=truth.columns, fill_value=False)
        asked = [name for name in truth if truth[name].any()]
        return float(f1_score(truth[asked].to_numpy(bool), given[asked].to_numpy(bool), average="macro", zero_division=0.0))

    def suggest_next(self, texts: Texts, n: int = 10) -> pd.Index:
        """Return the ids of the comments whose labels would teach the most: doubtful, not alike, each text once.

        After :meth:`fit` doubt about an office's own labels counts too.

        Raises
        ------
        ParameterError
            ``n`` is no whole number, or less than 1.
        """
        n = whole_number(n, "n", 1)
        tokens = as_tokens(texts)
        features = self._read(tokens).features.comment[:, : -len(READ)]
        plain = pd.Series(["".join(text.split()) for text in tokens.norm])
        once = np.flatnonzero((~plain.duplicated() & (plain != "")).to_numpy(bool))
        doubtful = self.predict_proba(tokens).to_numpy(float)
        return tokens.index[once[most_useful(doubtful[once], features[once], n)]]

    def to_dict(self) -> dict[str, Any]:
        """Return parameters and what was learnt as plain data (for JSON)."""
        learnt = self.learnt_.to_dict() if hasattr(self, "learnt_") else None
        return {"params": {"threshold": self.threshold, "off_rules": list(self.off_rules)}, "learnt": learnt}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> IntentClassifier:
        """Rebuild a classifier from what :meth:`to_dict` gave.

        Raises
        ------
        ParameterError
            The coefficients do not fit this version.
        """
        model = cls(data["params"]["threshold"], tuple(data["params"]["off_rules"]))
        if data.get("learnt"):
            model.learnt_ = Learnt.from_dict(data["learnt"])
            if len(model.learnt_.coefficients) != len(load_coefficients()):
                raise ParameterError("学習済みの内容がこの版の textlens に合いません。ラベルから学習し直してください。")
        return model

    # -- inside ---------------------------------------------------------------------------------

    def _read(self, tokens: Tokens) -> Voices:
        if self.threshold is not None:
            share_number(self.threshold, "threshold")
        return read_voices(tokens, self._off())

    def _off(self) -> list[str]:
        """Return the ids of the rows to leave out.

        Raises
        ------
        ParameterError
            They are no row of ids, or the dictionaries have no such row.
        """
        if isinstance(self.off_rules, str) or not isinstance(self.off_rules, Iterable):
            raise ParameterError(f"off_rules には辞書の行の番号の並び（リストなど）を渡してください（型 {type(self.off_rules).__name__} が渡されました）。")
        off = listed(self.off_rules, "off_rules")
        unknown = sorted({str(rule) for rule in off} - {rule for rule, _ in rule_ids()}) if off else []
        if unknown:
            shown = "、".join(rule for rule in unknown if _RULE.fullmatch(rule))  # anything else may be somebody's words
            raise ParameterError(f"off_rules のうち {len(unknown)} 個{f'（{shown}）' if shown else ''}は、種別の辞書（{CUES}、{WORDS}）の行にありません。")
        return off

    def _probabilities(self, features: np.ndarray, decision: Decision) -> np.ndarray:
        table = decision.intents
        if hasattr(self, "learnt_"):
            table, own = table.copy(), self._own(features)
            for i, name in enumerate(MAIN_INTENTS):
                if name in own:
                    table[:, i] = own[name]
        return table

    def _own(self, features: np.ndarray) -> dict[str, np.ndarray]:
        z = np.clip(weigh(features, self.learnt_.coefficients), -30, 30)
        return dict(zip(self.learnt_.names, (1.0 / (1.0 + np.exp(-z))).T, strict=True))

    def _proba(self, features: np.ndarray, decision: Decision, index: pd.Index) -> pd.DataFrame:
        table = pd.DataFrame(self._probabilities(features, decision)[:, : len(INTENTS)], index=index, columns=list(INTENTS))
        if hasattr(self, "learnt_"):
            for name, values in self._own(features).items():
                if name not in MAIN_INTENTS:
                    table[name] = values
        return table

    def _labels(self, features: np.ndarray, decision: Decision, index: pd.Index) -> pd.DataFrame:
        given = give_labels(self._probabilities(features, decision), self.threshold)
        columns: dict[str, Any] = {name: given[:, i] for i, name in enumerate(MAIN_INTENTS)}
        columns["implied_request"] = (decision.implied >= IMPLIED_THRESHOLD) & (given[:, 0] | given[:, _REPORT]) & ~given[:, 1]
        if hasattr(self, "learnt_"):
            for name, values in self._own(features).items():
                if name not in MAIN_INTENTS:
                    columns[name] = values >= (0.5 if self.threshold is None else self.threshold)
        primary = np.argmax(np.where(given, decision.main + 1.0, decision.main), axis=1)
        columns["primary"] = np.array(MAIN_INTENTS, object)[primary]
        return pd.DataFrame(columns, index=index)
