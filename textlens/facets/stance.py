"""For or against a proposal the user names: 賛成・反対・条件付き・言及なし, quotations left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.rules import Matches, load_rules
from textlens.text.normalize import normalize
from textlens.tokens import Tokens, as_tokens

STANCES = ("for", "against", "conditional", "not_mentioned")
RULES = "facets/stance.tsv"
_OWN = frozenset(("自分", "個人", "基本的", "全面的", "絶対", "全体的", "本当", "個人的", "今回", "今", "原則"))
_PLAN = "計画|件|話|こと|案|方針|考え|実施|実現|推進|導入|方向|方|建設|整備|工事|構想|事業|政策|提案"
"""What a proposal may be called once more after its name (庁舎建替えの計画を)."""
_ABOUT_OTHER = re.compile(rf"の(?!(?:{_PLAN})(?:は|が|も|を|に))[^。、\n]{{1,10}}?(?:は|が|も|を|に)")
_OWN_TOPIC = re.compile(r"[一-龠ァ-ヶー]{2,}は(?!い)")
_OWN_OBJECT = re.compile(rf"(?!(?:{_PLAN}|早期)を)([一-龠ァ-ヶーa-zA-Z0-9々]{{2,}})を[^。\nの]{{0,8}}$")
_BETWEEN = re.compile(rf"(?:の(?:{_PLAN}))?(?:は|も|を|が|に|には|なんて|など|とか)?(?:、|もう|早く|ぜひ|是非|絶対に?|これ以上|すぐ(?:に)?|まだ)*")
_OBJECT = re.compile(r"((?:[一-龠ァ-ヶーa-zA-Z0-9々]{2,}の)*[一-龠ァ-ヶーa-zA-Z0-9々]{2,})(に(?:は|も|対して)?|を|は|も|の?こと(?:に|は))([^。、\n]{0,6})$")
_CLAUSE_END = re.compile(r"[。、,!?！？\n]|(?:です|ます|だ|た|い|る)(?:が|けど|けれど|けれども)(?=[、,]?[^あなれ])")
_SIDE_WORD = re.compile("賛成|反対|賛同")
_KANJI = "[一-龠々]"


@dataclass(frozen=True)
class _Proposal:
    """What is looked for: where it is named, and what its name says."""

    mention: re.Pattern[str]
    names: tuple[str, ...]
    turned: bool
    """The name itself says 廃止・中止."""
    alters: bool
    """The name says that something is changed or given up (移転, 統合, 廃止): to keep things as they are is to be against."""
    thing: re.Pattern[str]
    """What is changed (図書館 of 図書館の移転)."""
    reverse: re.Pattern[str]


def stance(texts: Iterable[str] | Tokens, proposal: str | Sequence[str]) -> pd.Series:
    """Tell for each text whether it is for or against a proposal.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens
    proposal : str or list of str
        The name of the proposal, or all the names people use for it (``["庁舎建替え", "新庁舎"]``). The particles
        between its words may be others (庁舎の建替え, 庁舎を建替え), and so may the kana of a verb (建て替え).

    Returns
    -------
    Series
        One of ``STANCES`` per text, index as given. ``not_mentioned``: no stance on the proposal was found;
        it is not a neutral vote.

    Raises
    ------
    ParameterError
        No name was given.

    Notes
    -----
    The words 賛成 and 反対 themselves count where the proposal is named in the same or an earlier sentence,
    or where they have no other object (a bare 「賛成です」 answers the question that was asked). Weaker
    words (必要, 無駄, 〜てほしい) count only in a sentence that names the proposal, or in the next one; words of
    judgement (困る, 便利になる) only after the name in its own sentence. What others say is left out
    (反対している人もいますが). 〜の廃止 turns the side, unless it is part of the name. A condition makes
    ``conditional`` (〜なら賛成, 反対だが〜なら), and so does a grudging yes (やむを得ない). Otherwise the last own word decides.

    **Misses**: irony; a stance told only by reasons (財政が心配です, 給食費は親が払うのが当たり前); names no one gave
    (新しい庁舎 for 庁舎建替え).

    Examples
    --------
    >>> stance(["反対している人もいますが、私は賛成です。", "庁舎の建て替えは税金の無駄です。", "道が狭い。"], "庁舎建替え").tolist()
    ['for', 'against', 'not_mentioned']
    """
    names = [proposal] if isinstance(proposal, str) else list(proposal)
    names = [normalize(name).text.strip() for name in names if name and name.strip()]
    if not names:
        raise ParameterError("提案の名前がありません。「庁舎建替え」のように 1 つ以上の言葉を渡してください。")
    tokens = as_tokens(texts)
    rules = load_rules(RULES)
    words = {label: "|".join(f"(?:{row.term})" for row in rules.rows if row.label == label) or "(?!)" for label in ("reverse", "change")}
    looked_for = _Proposal(
        _mention_pattern(names), tuple(names),
        any(re.search(words["reverse"], name) for name in names), any(re.search(f"{words['change']}|{words['reverse']}", name) for name in names),
        _thing_pattern(names), re.compile(rf"(?:の(?:{_PLAN}))?(?:の|を|は|が)?(?:{words['reverse']})"),
    )  # fmt: skip
    groups = _by_doc(rules.match(tokens))
    found = [_decide(tokens, doc, looked_for, groups.get(doc, [])) for doc in range(tokens.n_docs)]
    return pd.Series(found, index=tokens.index, dtype=object, name="stance")


def _mention_pattern(names: list[str]) -> re.Pattern[str]:
    """Each name with other particles between its words, and its last word alone (無償化には反対)."""
    parsed = as_tokens(names)
    joined = []
    for doc in range(parsed.n_docs):
        words = [word for word in parsed.surfaces(doc) if word not in ("の", "・")]
        if len(words) > 1 and words[-1] == "化":  # 無償 + 化
            words[-2:] = ["".join(words[-2:])]
        between = r"(?:と[^。、\n]{1,6})?(?:の|・|を|が|は|も)?"
        joined.append(between.join(_spelled(word) for word in words))
        if len(words) > 1 and len(words[-1]) > 1:
            joined.append(rf"(?<![一-龠々ァ-ヶーのがを]){_spelled(words[-1])}(?!的|業)")
    return re.compile("|".join(joined))


def _thing_pattern(names: list[str]) -> re.Pattern[str]:
    """Each name without its last word."""
    parsed = as_tokens(names)
    things = ["".join(parsed.surfaces(doc)[:-1]).rstrip("のを") for doc in range(parsed.n_docs)]
    return re.compile("|".join(re.escape(thing) for thing in things if len(thing) > 1) or "(?!)")


def _spelled(word: str) -> str:
    """A word whose kana may be left out or put in between its characters (建替え, 建て替え), and 〜化 also as 〜に (無償に)."""
    if word.endswith("化") and len(word) > 2:
        return re.escape(word[:-1]) + "(?:化|(?=に[しすな]))"
    loose = re.sub(rf"(?<={_KANJI})[ぁ-ん](?={_KANJI}|$)", "", word)
    if not re.fullmatch(rf"{_KANJI}{{2}}", loose) or loose == word:
        return re.escape(word)
    return rf"{loose[0]}[ぁ-ん]?{loose[1]}" + (f"{re.escape(word[-1])}?" if word[-1] != loose[-1] else "")


def _by_doc(matches: Matches) -> dict[int, list[tuple[int, int, str]]]:
    found: dict[int, list[tuple[int, int, str]]] = {}
    for doc, start, end, label in zip(matches.doc.tolist(), matches.start.tolist(), matches.end.tolist(), matches.label, strict=True):
        if label not in ("reverse", "change"):
            found.setdefault(doc, []).append((start, end, label))
    return found


def _decide(tokens: Tokens, doc: int, proposal: _Proposal, cues: list[tuple[int, int, str]]) -> str:
    text, units = tokens.norm[doc], tokens.units
    places = [m.span() for m in proposal.mention.finditer(text)]
    quoted = [(a, b) for a, b, label in cues if label == "quote"]
    own = [c for c in cues if c[2] != "quote" and not any(a <= c[0] and c[1] <= b for a, b in quoted)]
    if not own:
        return "not_mentioned"
    unit_of = units.find(np.full(len(own) + len(places), doc, np.int32), np.array([c[0] for c in own] + [a for a, _ in places], np.int32))
    cue_units, name_units = unit_of[: len(own)].tolist(), unit_of[len(own) :].tolist()
    votes: list[tuple[int, int]] = []
    conditional = False
    for (start, end, label), unit in zip(own, cue_units, strict=True):
        named = [p for p, u in zip(places, name_units, strict=True) if u == unit]
        earlier = [p for p, u in zip(places, name_units, strict=True) if p[0] < end and unit - u in (0, 1)]
        if not _counts(text, int(units.start[unit]), (start, end, label), named, earlier, proposal):
            continue
        if label.startswith("conditional"):
            conditional = True
            continue
        side = 1 if label.startswith("for") or (label == "keep" and not proposal.alters) else -1
        turn = proposal.reverse.match(text, earlier[-1][1]) if earlier and not proposal.turned else None
        votes.append((start, -side if turn and turn.end() <= start else side))
    if conditional:
        return "conditional"
    if not votes:
        return "not_mentioned"
    return "for" if max(votes)[1] > 0 else "against"


def _counts(
    text: str, unit_start: int, cue: tuple[int, int, str],
    named: list[tuple[int, int]], earlier: list[tuple[int, int]], proposal: _Proposal,
) -> bool:  # fmt: skip
    """Does a cue speak about the proposal?

    ``named`` are the places of the proposal in the unit of the cue, ``earlier`` those before the end of the cue, in its unit or the
    one before. What the mark at the end of a label asks for: ``!`` no name, ``@`` the name just before, ``.`` the name before.
    """
    start, end, label = cue
    before = [p for p in named if p[1] <= start]
    if label == "conditional":
        word = _SIDE_WORD.search(text, start, end)
        return bool(earlier or named or (word and _bare(text, word.start(), start, proposal)))
    if label.endswith("!"):
        return _bare(text, start, unit_start, proposal, named)
    if label.endswith("@"):
        return any(_BETWEEN.fullmatch(text, p[1], start) for p in before)
    if label.endswith("."):
        return bool(before) and not _about_other(text, before[-1][1], start)
    if label == "keep" and proposal.alters and proposal.thing.search(text, unit_start, start):
        return True
    if not (earlier or named):
        return False
    if not named:
        return not _other_topic(text, unit_start, start)
    return not before or not _about_other(text, before[-1][1], start, objects=True)


def _about_other(text: str, end: int, start: int, *, objects: bool = False) -> bool:
    """Is it a thing of the proposal (道の駅の野菜は良い), or another thing in the same sentence, that the cue speaks about?"""
    if _ABOUT_OTHER.match(text, end, start) or _OWN_TOPIC.search(text, end, start):
        return True
    return objects and _OWN_OBJECT.search(text[end:start]) is not None


def _bare(text: str, start: int, unit_start: int, proposal: _Proposal, named: Sequence[tuple[int, int]] = ()) -> bool:
    """Tell 私は賛成です (no object) and 建替えには賛成です (the proposal) from 合併には賛成です."""
    clause = text[unit_start:start]
    cut = [m.end() for m in _CLAUSE_END.finditer(clause)]
    begin = cut[-1] if cut else 0
    found = _OBJECT.search(clause[begin:])
    if found is None:
        return True
    word, particle, _ = found.groups()
    a, b = unit_start + begin + found.start(1), unit_start + begin + found.end(1)
    if any(a < q and p < b for p, q in named) or any(word in name for name in proposal.names):
        return True
    if any(text[q:a] == "の" for _, q in named) and (proposal.reverse.match(text, a - 1) or not _ABOUT_OTHER.match(text, a - 1)):
        return True
    if named and particle == "を":
        return True
    return word in _OWN or word[-1:] in "私僕俺"


def _other_topic(text: str, unit_start: int, start: int) -> bool:
    """Does a topic of its own (〜は) stand before the cue in its sentence?"""
    found = re.search(r"([一-龠ァ-ヶーぁ-ん]{2,})は", text[unit_start:start])
    return found is not None and found.group(1) not in ("これ", "それ", "あれ", "こちら") and found.group(1)[-1:] not in "私僕俺"
