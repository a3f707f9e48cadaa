"""Corrections to topics by staff: kept in one readable file, and made again on every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from textlens.errors import InputFileError, ParameterError
from textlens.files import whole_file
from textlens.text.normalize import normalize
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.edits_file import ACTIONS, COLUMNS, action_words, read_lines
from textlens.topics.labels import describe
from textlens.topics.space import cluster, nearest


@dataclass(frozen=True)
class Edit:
    """One correction.

    Attributes
    ----------
    action : str
        ``merge``: the topics in ``value`` become part of ``topic``. ``split``: comments of ``topic`` with
        one of the words in ``value`` become a new topic; a number instead of words divides the topic
        into that many. ``rename``: ``value`` is the label. ``move``: the comments whose ids are in ``value``
        go to ``topic``. ``seed``: every comment with one of the words in ``value`` goes to the topic named
        ``topic`` (a new one if there is none). ``freeze``: comments of ``topic`` are not taken by a later
        ``seed`` or ``move``, and a later ``merge`` or ``split`` of it is refused.
    topic : str
        Label of a topic, its number, or both (``3 公園・遊具``: refused where topic 3 is called otherwise); ``0`` or
        その他 for the rest.
    value : tuple of str
    note : str
        Why, and who; for people.
    where : str
        File and line it was read from, for messages.
    """

    action: str
    topic: str
    value: tuple[str, ...] = ()
    note: str = ""
    where: str = field(default="", compare=False)


class TopicEdits:
    """A list of corrections, made in order on top of what :class:`~textlens.topics.TopicClusterer` found.

    Topics that no correction names keep their number, label and comments. Corrections name topics by
    label or by number; a file made for one set of comments can be laid over the same comments again, with
    rows in any order, and gives the same topics.

    Parameters
    ----------
    edits : iterable of Edit

    Raises
    ------
    ParameterError
        A topic, word or id is neither str nor a whole number.
    InputFileError
        An action is unknown, or lacks its topic or value.

    Notes
    -----
    Misses: numbers and labels may change when comments are added. A label that is gone is refused, a bare number
    is not: it means whichever topic has it now. Freeze the topics
    (:class:`~textlens.topics.frozen.FrozenTopics`) before the next file instead of editing twice.

    Examples
    --------
    >>> texts = pd.Series(["バスの本数を増やして。", "バス停が遠い。", "公園の遊具が古い。", "公園の遊具で遊ぶ。"])
    >>> found = TopicClusterer(n_topics=2).fit(texts)
    >>> edits = TopicEdits().rename("バス・本数", "公共交通").move([0], "公園・遊具")
    >>> labels, topics = edits.apply(found)
    >>> labels.tolist(), topics["label"].tolist(), topics["size"].tolist()
    ([1, 2, 1, 1], ['公園・遊具', '公共交通'], [3, 1])
    """

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self.edits = list(edits)
        for edit in self.edits:
            _check(edit, edit.where or "edits")

    def __len__(self) -> int:
        return len(self.edits)

    def __repr__(self) -> str:
        return f"<TopicEdits {len(self)} edits>"

    @property
    def digest(self) -> str:
        """SHA-256 of what the list does (not of its notes), for the manifest of a run."""
        content = [[edit.action, edit.topic, list(edit.value)] for edit in self.edits]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def _add(self, action: str, topic: object, value: object, note: str) -> TopicEdits:
        return TopicEdits([*self.edits, Edit(action, _text(topic, action), tuple(t for v in _items(value) if (t := _text(v, action).strip())), note)])

    def merge(self, topics: Iterable[object] | object, into: object, note: str = "") -> TopicEdits:
        """Return a longer list: ``topics`` (or the only one) become part of ``into``."""
        return self._add("merge", into, topics, note)

    def split(self, topic: object, words: Iterable[str] | str | int, note: str = "") -> TopicEdits:
        """Return a longer list: comments of ``topic`` with one of ``words`` (or the only one) form a new topic."""
        return self._add("split", topic, words, note)

    def rename(self, topic: object, label: str, note: str = "") -> TopicEdits:
        """Return a longer list: ``topic`` is called ``label``."""
        return self._add("rename", topic, [label], note)

    def move(self, ids: Iterable[object] | object, to: object, note: str = "") -> TopicEdits:
        """Return a longer list: the comments ``ids`` (or the only one) belong to topic ``to``."""
        return self._add("move", to, ids, note)

    def seed(self, label: str, words: Iterable[str] | str, note: str = "") -> TopicEdits:
        """Return a longer list: comments with one of ``words`` (or the only one) belong to the topic ``label``."""
        return self._add("seed", label, words, note)

    def freeze(self, topic: object, note: str = "") -> TopicEdits:
        """Return a longer list: later steps take no comments from ``topic``."""
        return self._add("freeze", topic, [], note)

    def save(self, path: str | Path) -> Path:
        """Write the list as a TSV file (``action, topic, value, note``; several values separated by ``|``)."""
        lines = ["\t".join(COLUMNS)]
        lines += ["\t".join((e.action, _cell(e.topic), "|".join(_cell(v) for v in e.value), _cell(e.note))) for e in self.edits]
        target = Path(path)
        with whole_file(target) as draft:
            draft.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        return target

    @classmethod
    def load(cls, path: str | Path) -> TopicEdits:
        """Read what :meth:`save` wrote, or what a person wrote in the same form, also in Excel and with Japanese words.

        See :func:`textlens.topics.edits_file.read_lines` for the forms.

        Raises
        ------
        InputFileError
            The file is not there or empty, or a line cannot be understood; the message names the line.
        """
        name = Path(path).name
        edits = [
            Edit(line.action, line.topic, tuple(v.strip() for v in line.value.split("|") if v.strip()), line.note, f"{name} {line.number} 行目")
            for line in read_lines(path)
        ]
        if not edits:
            raise InputFileError(f"{name}: 修正が 1 行もありません。見出しの下に書いてください。")
        return cls(edits)

    def apply(self, found: TopicClusterer) -> tuple[pd.Series, pd.DataFrame]:
        """Make the corrections.

        Parameters
        ----------
        found : TopicClusterer
            Fitted; it is not changed.

        Returns
        -------
        labels : Series of int
            Topic of each comment.
        topics : DataFrame
            As ``topics_``; only topics that were touched are described anew.

        Raises
        ------
        ParameterError
            A correction names a topic, an id or words that are not there, would give two topics one name, or takes a
            frozen topic apart; the message gives its file and line, or its place in the list.
        """
        state = _State(found)
        steps: dict[str, Callable[[Edit], None]] = {a: getattr(state, a) for a in ACTIONS}
        for number, edit in enumerate(self.edits, 1):
            try:
                steps[edit.action](edit)
            except _RefusedError as error:
                raise ParameterError(f"{edit.where or f'話題の修正 {number} 件目'}（{edit.action}）: {error}") from None
        return state.result()


_LOOK = "いまの話題の名前は結果ブックの「話題」に、番号は topics の表（表/topics.csv）にあります。"
_SEVERAL = "書き方を確かめてください（語がいくつもあるときは | で区切ります）。"


class _RefusedError(Exception):
    pass


class _State:
    """Topics while corrections are made."""

    def __init__(self, found: TopicClusterer) -> None:
        self.found = found
        self.corpus = found.corpus_
        self.topic = found.labels_.to_numpy().copy()
        self.names = dict(zip(found.topics_["topic"].tolist(), found.topics_["label"].tolist(), strict=True))
        self.names.setdefault(0, "その他")
        self.touched: set[int] = set()
        self.frozen: set[int] = set()

    def find(self, name: str) -> int | None:
        for n, label in self.names.items():
            if name in (label, str(n), f"{n} {label}"):
                return n
        first, _, rest = name.partition(" ")
        if first.isdigit() and int(first) in self.names and rest:
            raise _RefusedError(f"話題 {first} の名前は「{self.names[int(first)]}」で、「{rest}」ではありません。別の文章か別の話題の数で作った修正です。{_LOOK}")
        return None

    def number(self, name: str) -> int:
        found = self.find(name)
        if found is None:
            raise _RefusedError(f"話題「{name}」がありません。{_LOOK}")
        return found

    def new(self, name: str) -> int:
        number = max(self.names) + 1
        self.names[number] = name
        return number

    def take(self, rows: np.ndarray, number: int) -> None:
        rows = rows[~np.isin(self.topic[rows], list(self.frozen - {number}))]
        self.touched |= set(self.topic[rows].tolist()) | {number}
        self.topic[rows] = number

    def free(self, number: int) -> int:
        if number in self.frozen:
            raise _RefusedError(f"話題「{self.names[number]}」は固定（freeze）されています。固定より前に書くか、固定を外してください。")
        return number

    def merge(self, edit: Edit) -> None:
        into, sources = self.number(edit.topic), [self.free(self.number(v)) for v in edit.value]
        self.take(np.flatnonzero(np.isin(self.topic, sources)), into)
        for n in set(sources) - {into, 0}:
            del self.names[n]

    def rename(self, edit: Edit) -> None:
        number, name = self.number(edit.topic), edit.value[0]
        if number == 0 or any(name == label for n, label in self.names.items() if n != number):
            why = "その他の名前は変えられません" if number == 0 else f"「{name}」という話題がもうあります。一つにするなら merge を使ってください"
            raise _RefusedError(f"{why}。")
        self.names[number] = name

    def move(self, edit: Edit) -> None:
        place = {str(name): row for row, name in enumerate(self.corpus.index)}
        missing = [v for v in edit.value if v not in place]
        if missing:
            raise _RefusedError(f"id が {len(missing)} 件見つかりません（最初のもの: {missing[0]}）。")
        self.take(np.array([place[v] for v in edit.value], np.int64), self.number(edit.topic))

    def freeze(self, edit: Edit) -> None:
        self.frozen.add(self.number(edit.topic))

    def seed(self, edit: Edit) -> None:
        number = self.number(edit.topic) if edit.topic.isdigit() else self.find(edit.topic)
        rows = self.with_words(edit.value)
        self.take(rows, self.new(edit.topic) if number is None else number)

    def split(self, edit: Edit) -> None:
        number = self.free(self.number(edit.topic))
        members = np.flatnonzero(self.topic == number)
        if len(edit.value) == 1 and edit.value[0].isdigit():
            if int(edit.value[0]) < 2:
                raise _RefusedError("分ける数は 2 以上です。")
            self._divide(number, members, int(edit.value[0]))
            return
        rows = np.intersect1d(members, self.with_words(edit.value))
        if not len(rows):
            raise _RefusedError(f"話題「{self.names[number]}」に、値の語を含む声がありません。{_SEVERAL}")
        name = "・".join(edit.value[:3])
        new = self.new(name if name not in self.names.values() else f"{name}（{self.names[number]}から）")
        self.take(rows, new)

    def _divide(self, number: int, members: np.ndarray, parts: int) -> None:
        order = np.array(sorted(members.tolist(), key=lambda m: self.corpus.norm[m]), np.int64)
        if not len(order):
            return
        place = self.corpus.place[order]
        centres = cluster(place, np.ones(len(order)), parts, self.found.random_state)
        part, _ = nearest(place, centres)
        sizes = np.bincount(part, minlength=len(centres))
        for k in np.argsort(-sizes, kind="stable")[1:].tolist():
            if sizes[k]:
                self.take(order[part == k], self.new(f"#{number}-{k}"))

    def with_words(self, wanted: Iterable[str]) -> np.ndarray:
        """Rows of the comments in whose normalised text one of the words stands; refused where there is none."""
        words = [normalize(word).text for word in wanted]
        rows = np.flatnonzero([any(word in text for word in words) for text in self.corpus.norm])
        if not len(rows):
            raise _RefusedError(f"値の語を含む声がありません。{_SEVERAL}")
        return rows

    def result(self) -> tuple[pd.Series, pd.DataFrame]:
        labels = pd.Series(self.topic, index=self.corpus.index, name="topic")
        automatic = {n for n in self.names if n and self.names[n].startswith("#")}
        kept = {n: label for n, label in self.names.items() if n and n not in automatic}
        described = describe(replace(self.corpus), self.topic, kept)
        before = self.found.topics_.set_index("topic")
        for row, n in enumerate(described["topic"].tolist()):
            if n in before.index and n not in self.touched:
                for column in ("words", "representatives"):  # tuples, hence object columns
                    described[column].array[row] = before[column].loc[n]
        return labels, described


def _check(edit: Edit, where: str) -> None:
    if edit.action not in ACTIONS:
        raise InputFileError(f"{where}: 操作は {action_words()} のどれかです。")
    if not edit.topic or (not edit.value and edit.action != "freeze"):
        raise InputFileError(f"{where}: {edit.action} には 話題（topic）と 値（value）が要ります。")


def _items(value: object) -> list[object]:
    """Return what was given as a list; a single word, number or id is one item and is not cut into characters."""
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else [value]


def _text(value: object, action: str) -> str:
    if value is None or isinstance(value, bool | bytes | float) or (isinstance(value, Iterable) and not isinstance(value, str | tuple)):
        raise ParameterError(f"{action}: 話題・語・番号は文字列か整数で渡してください（{type(value).__name__} が渡されました）。")
    return str(value)


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("|", "｜")
