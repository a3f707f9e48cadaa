"""視点（レンズ）: a policy goal as a word list, laid over comments; and two concepts crossed (子育て × 安心)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.resources import dictionaries_root
from textlens.rules import Matches, Row, RuleSet, load_rows, load_rules
from textlens.text.normalize import normalize
from textlens.tokens import Tokens, as_tokens

STATES = ("realised", "wished", "denied", "mentioned")
STATE_RULES = "facets/realised.tsv"
_FOLDER = "facets/lenses"
_CLAUSE = re.compile(r"[。!?\n]|(?:です|ます|だ|た|い|る)(?:が|けど|けれど|けれども|し)[、,]|(?<=[てでしく])、|(?:ので|から|のに|ため)[、,]")
_NOT = re.compile(r"(?:は|が|も|など)?[^。、\n]{0,6}(?:な[いくし]|ありませ|無[いく]|ず(?:に|、)|消え|減|解消|なくな)")
_NOT_QUITE = re.compile(r"と言えば嘘|わけで(?:は|も)|とは(?:言え|いえ|思え)")
_KATAKANA = re.compile("[ァ-ヶー]+")
_SENTENCE = re.compile(r"[。!?\n]")
_CLOSES = re.compile(r"(?:[。!\n]|なのに|$)")
_OPENS = re.compile(r"(?:[てでがはもとば]|から|ので|なら)、?$")
_REACH = 60
"""Characters after a word in which its state is read: the longest clause tail in ordinary answers."""


@dataclass(frozen=True)
class Lens:
    """A named list of words.

    Parameters
    ----------
    name : str
        What the lens looks at (移住・定住).
    terms : tuple of str
        Words, found as they stand anywhere in a text; a word in katakana must end where a word ends (バス is not found in
        バスケット).
    against : tuple of str
        Words that by themselves tell the unwished side (不安 for 安心).

    Examples
    --------
    >>> Lens("公共交通", ("バス", "電車")).name
    '公共交通'
    >>> "安心" in Lens.shipped("安心").terms
    True
    """

    name: str
    terms: tuple[str, ...]
    against: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the words into normal form.

        Raises
        ------
        ParameterError
            There are no words, or one is no str.
        """
        for field in ("terms", "against"):
            words = (getattr(self, field),) if isinstance(getattr(self, field), str) else tuple(getattr(self, field))
            if not all(isinstance(word, str) for word in words):
                raise ParameterError(f"視点「{self.name}」の言葉は文字列で渡してください。")
            object.__setattr__(self, field, tuple(dict.fromkeys(normalize(w).text.strip() for w in words if w.strip())))
        if not (self.terms or self.against):
            raise ParameterError(f"視点「{self.name}」に言葉がありません。1 つ以上の言葉を渡してください。")

    @classmethod
    def shipped(cls, name: str) -> Lens:
        """Return a lens that ships, by its name.

        Raises
        ------
        ParameterError
            There is none of that name.
        """
        lenses = shipped_lenses()
        if name not in lenses:
            raise ParameterError(f"視点「{name}」はありません。使えるのは {'、'.join(lenses)} です。自分で作るときは Lens(名前, 言葉) です。")
        return lenses[name]


def shipped_lenses() -> dict[str, Lens]:
    """Return the lenses of ``dictionaries/facets/lenses/`` by name."""
    found = {}
    for path in sorted((dictionaries_root() / _FOLDER).glob("*.tsv")):
        rows = load_rows(f"{_FOLDER}/{path.name}")
        plus = tuple(row.term for row in rows if row.extra.get("sense") != "-")
        minus = tuple(row.term for row in rows if row.extra.get("sense") == "-")
        found[rows[0].label] = Lens(rows[0].label, plus, minus)
    return found


def apply_lens(texts: Iterable[str] | Tokens, lens: Lens | str, *, level: str = "comment") -> pd.DataFrame:
    """Find the words of a lens.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens
    lens : Lens, or the name of one that ships
    level : {"comment", "unit"}

    Returns
    -------
    DataFrame
        ``matched`` (bool), ``words`` (tuple, in the order of the text, each once), ``n`` (matches). Index as
        given, or with ``level="unit"`` the rows of ``tokens.units``.

    Examples
    --------
    >>> apply_lens(["バスの本数が少ない。", "水がおいしい。"], "移動・交通")["words"].tolist()
    [('バス', '本数'), ()]
    """
    tokens = as_tokens(texts)
    group, n_groups, index = _groups(tokens, level)
    matches = _match(tokens, _as_lens(lens))
    words = _words(matches, group[matches.unit], n_groups)
    counts = np.bincount(group[matches.unit], minlength=n_groups) if len(matches) else np.zeros(n_groups, int)
    return pd.DataFrame({"matched": counts > 0, "words": pd.Series(words, index=index, dtype=object), "n": counts}, index=index)


def cross(texts: Iterable[str] | Tokens, lens_a: Lens | str, lens_b: Lens | str, *, level: str = "unit") -> pd.DataFrame:
    """Find where two concepts meet, and whether the second is realised, wished for or denied.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens
    lens_a, lens_b : Lens, or the name of one that ships
        子育て × 安心: the state is that of ``lens_b``.
    level : {"unit", "comment"}
        Both in one 意見単位, or anywhere in one comment.

    Returns
    -------
    DataFrame
        One row per unit (or comment) that holds both: ``id``; ``unit`` (number within the comment, −1 at
        the level of comments); ``words_a``, ``words_b``; ``state``: ``realised`` (安心している), ``wished``
        (安心したい, 安心して暮らせるまちに), ``denied`` (安心できない, 不安) or ``mentioned``. Where
        several words of ``lens_b`` differ, denied comes before wished before realised.

    Notes
    -----
    The state is read from the word to the end of its clause with ``facets/realised.tsv``; a condition (〜れば安心) or 昔は before it
    turns what would be realised.

    **Misses**: a state told before the word (残念ながら安心), irony, and what others feel.

    Examples
    --------
    >>> texts = ["安心して子育てができています。", "安心して子育てできるまちにしてほしい。", "子育てが不安です。"]
    >>> cross(texts, "子育て", "安心")["state"].tolist()
    ['realised', 'wished', 'denied']
    """
    tokens = as_tokens(texts)
    a, b = _as_lens(lens_a), _as_lens(lens_b)
    group, n_groups, _ = _groups(tokens, level)
    first, second = _match(tokens, a), _match(tokens, b)
    words_a, words_b = _words(first, group[first.unit], n_groups), _words(second, group[second.unit], n_groups)
    states: dict[int, set[str]] = {}
    for doc, start, end, rule, row in zip(
        second.doc.tolist(), second.start.tolist(), second.end.tolist(), second.rule.tolist(), group[second.unit].tolist(), strict=True
    ):
        states.setdefault(row, set()).add(_state(tokens.norm[doc], start, end, second.rows[rule].label == "-"))
    rows = [g for g in range(n_groups) if words_a[g] and words_b[g]]
    doc_of = tokens.units.doc if level == "unit" else np.arange(n_groups)
    number = tokens.units.number if level == "unit" else np.full(n_groups, -1)
    return pd.DataFrame(
        {
            "id": tokens.index.to_numpy()[doc_of[rows]] if rows else np.empty(0, object),
            "unit": number[rows] if rows else np.empty(0, np.int64),
            "words_a": pd.Series([words_a[g] for g in rows], dtype=object),
            "words_b": pd.Series([words_b[g] for g in rows], dtype=object),
            "state": pd.Series([next(s for s in ("denied", "wished", "realised", "mentioned") if s in states[g]) for g in rows], dtype=object),
        }
    )


def _state(text: str, start: int, end: int, against: bool) -> str:
    cut = _CLAUSE.search(text, end, min(len(text), end + _REACH))
    tail = text[end : cut.start() + 2 if cut else min(len(text), end + _REACH)]
    if against:
        wished = {row.label for row in _state_rules() if row.label == "wished" and re.search(row.term, tail)}
        if not _NOT.match(tail) or _NOT_QUITE.search(tail):
            return "denied"
        return "wished" if wished else "realised"
    held = [row.label for row in _state_rules() if re.search(row.term, tail)]
    state = next((state for state in ("denied", "wished", "realised") if state in held), "mentioned")
    head = _SENTENCE.split(text[max(0, start - _REACH) : start])[-1]
    if state == "mentioned" and _CLOSES.match(tail) and _OPENS.search(head):
        state = "realised"  # 支援が充実していて安心。
    before = [row.label for row in _state_rules() if row.label.startswith("before_") and re.search(row.term, head)]
    return before[0].removeprefix("before_") if state == "realised" and before else state


def _state_rules() -> tuple[Row, ...]:
    return load_rules(STATE_RULES).rows


def _as_lens(lens: Lens | str) -> Lens:
    return Lens.shipped(lens) if isinstance(lens, str) else lens


@lru_cache(maxsize=64)
def _rules(lens: Lens) -> RuleSet:
    words: Sequence[tuple[str, str]] = [*((w, "+") for w in lens.terms), *((w, "-") for w in lens.against)]
    return RuleSet(
        Row(f"{lens.name}-{i}", word, sense, bound="end" if _KATAKANA.fullmatch(word) else "") for i, (word, sense) in enumerate(words, 1)
    )


def _match(tokens: Tokens, lens: Lens) -> Matches:
    """Match a lens; of two words in the same place the longer one stays (不安 is not 安)."""
    found = _rules(lens).match(tokens)
    keep = np.ones(len(found), bool)
    order = np.lexsort((-found.end, found.start, found.doc))
    doc, reach = -1, -1
    for i in order.tolist():
        if found.doc[i] != doc:
            doc, reach = int(found.doc[i]), -1
        keep[i] = found.start[i] >= reach
        reach = max(reach, int(found.end[i]))
    return found.where(keep)


def _groups(tokens: Tokens, level: str) -> tuple[np.ndarray, int, pd.Index]:
    if level == "unit":
        return np.arange(len(tokens.units)), len(tokens.units), pd.RangeIndex(len(tokens.units))
    if level == "comment":
        return tokens.units.doc, tokens.n_docs, tokens.index
    raise ParameterError(f"level は comment か unit です（渡されたのは {level!r}）。")


def _words(matches: Matches, group: np.ndarray, n_groups: int) -> list[tuple[str, ...]]:
    found: list[dict[str, None]] = [{} for _ in range(n_groups)]
    for row, rule in zip(group.tolist(), matches.rule.tolist(), strict=True):
        found[row][matches.rows[rule].term] = None
    return [tuple(words) for words in found]
