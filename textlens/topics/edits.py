"""Corrections to topics by staff: kept in one readable file, and made again on every run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from textlens.errors import InputFileError, ParameterError
from textlens.files import whole_file
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.labels import describe
from textlens.topics.space import cluster, nearest

COLUMNS = ("action", "topic", "value", "note")
ACTIONS = ("merge", "split", "rename", "move", "seed", "freeze")


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
        Number or label of a topic (``0`` or その他 for the rest).
    value : tuple of str
    note : str
        Why, and who; for people.
    """

    action: str
    topic: str
    value: tuple[str, ...] = ()
    note: str = ""


class TopicEdits:
    """A list of corrections, made in order on top of what :class:`~textlens.topics.TopicClusterer` found.

    Topics that no correction names keep their number, label and comments. Corrections name topics by
    label or by number; a file made for one set of comments can be laid over the same comments again, with
    rows in any order, and gives the same topics.

    Parameters
    ----------
    edits : iterable of Edit

    Notes
    -----
    Misses: numbers and labels may change when comments are added; freeze the topics
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
            _check(edit, "edits")

    def __len__(self) -> int:
        return len(self.edits)

    def __repr__(self) -> str:
        return f"<TopicEdits {len(self)} edits>"

    def _add(self, action: str, topic: object, value: Iterable[object], note: str) -> TopicEdits:
        return TopicEdits([*self.edits, Edit(action, str(topic), tuple(str(v) for v in value), note)])

    def merge(self, topics: Iterable[object], into: object, note: str = "") -> TopicEdits:
        """Return a longer list: ``topics`` become part of ``into``."""
        return self._add("merge", into, topics, note)

    def split(self, topic: object, words: Iterable[str] | int, note: str = "") -> TopicEdits:
        """Return a longer list: comments of ``topic`` with one of ``words`` form a new topic."""
        return self._add("split", topic, [words] if isinstance(words, int) else words, note)

    def rename(self, topic: object, label: str, note: str = "") -> TopicEdits:
        """Return a longer list: ``topic`` is called ``label``."""
        return self._add("rename", topic, [label], note)

    def move(self, ids: Iterable[object], to: object, note: str = "") -> TopicEdits:
        """Return a longer list: the comments ``ids`` belong to topic ``to``."""
        return self._add("move", to, ids, note)

    def seed(self, label: str, words: Iterable[str], note: str = "") -> TopicEdits:
        """Return a longer list: comments with one of ``words`` belong to the topic ``label``."""
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
        """Read what :meth:`save` wrote, or what a person wrote in the same form.

        Raises
        ------
        InputFileError
            The file is not there, or a line cannot be understood; the message names the line.
        """
        source = Path(path)
        if not source.is_file():
            raise InputFileError(f"話題の修正ファイル {source.name} がありません。")
        try:
            lines = source.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise InputFileError(f"{source.name}: UTF-8 で書かれていません。UTF-8 で保存し直してください。") from None
        if not lines or tuple(lines[0].split("\t"))[:3] != COLUMNS[:3]:
            raise InputFileError(f"{source.name}: 1 行目は {'、'.join(COLUMNS)} をタブで区切った見出しにしてください。")
        edits = []
        for number, line in enumerate(lines[1:], 2):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [*line.split("\t"), "", "", ""][:4]
            edit = Edit(cells[0].strip(), cells[1].strip(), tuple(v.strip() for v in cells[2].split("|") if v.strip()), cells[3])
            _check(edit, f"{source.name} {number} 行目")
            edits.append(edit)
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
            A correction names a topic or an id that is not there, would give two topics one name, or takes a
            frozen topic apart; the message gives its place in the list.
        """
        state = _State(found)
        steps: dict[str, Callable[[Edit], None]] = {a: getattr(state, a) for a in ACTIONS}
        for number, edit in enumerate(self.edits, 1):
            try:
                steps[edit.action](edit)
            except _RefusedError as error:
                raise ParameterError(f"話題の修正 {number} 件目（{edit.action}）: {error}") from None
        return state.result()


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

    def number(self, name: str) -> int:
        for n, label in self.names.items():
            if name in (label, str(n)):
                return n
        raise _RefusedError(f"話題「{name}」がありません。話題の番号か名前を topics の表で確かめてください。")

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
        try:
            number = self.number(edit.topic)
        except _RefusedError:
            number = self.new(edit.topic)
        self.take(np.flatnonzero(self.with_words(edit.value)), number)

    def split(self, edit: Edit) -> None:
        number = self.free(self.number(edit.topic))
        members = np.flatnonzero(self.topic == number)
        if len(edit.value) == 1 and edit.value[0].isdigit():
            if int(edit.value[0]) < 2:
                raise _RefusedError("分ける数は 2 以上です。")
            self._divide(number, members, int(edit.value[0]))
            return
        name = "・".join(edit.value[:3])
        new = self.new(name if name not in self.names.values() else f"{name}（{self.names[number]}から）")
        self.take(members[self.with_words(edit.value)[members]], new)

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
        """Comments in whose normalised text one of the words stands."""
        words = tuple(wanted)
        return np.array([any(word in text for word in words) for text in self.corpus.norm], bool)

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
        raise InputFileError(f"{where}: action は {'・'.join(ACTIONS)} のどれかです（書かれているのは {edit.action!r}）。")
    if not edit.topic or (not edit.value and edit.action != "freeze"):
        raise InputFileError(f"{where}: {edit.action} には topic と value が要ります。")


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("|", "｜")
