"""For or against a proposal the user names: 賛成・反対・条件付き・言及なし, quotations left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.rules import Matches, load_rules
from textlens.text.normalize import normalize
from textlens.tokens import Tokens, as_tokens

STANCES = ("for", "against", "conditional", "not_mentioned")
RULES = "facets/stance.tsv"
_REVERSE = re.compile(r"(?:の|を|は|が|計画の?)?(?:廃止|中止|取りやめ|取り止め|撤回|凍結|縮小|白紙|閉鎖|休止|撤去|打ち切)")
_OBJECT = re.compile(r"([一-龠ァ-ヶーa-zA-Z0-9々]{2,})(?:に(?:は|も|対して)?|を|は|の?こと(?:に|は))[^。、\n]{0,6}$")
_OWN = frozenset(("自分", "個人", "基本的", "全面的", "絶対", "全体的", "本当", "個人的", "今回", "今", "原則"))
_CLAUSE_END = re.compile(r"[。、,!?！？\n]|(?:です|ます|だ|た|い|る)(?:が|けど|けれど|けれども)(?=[、,]?[^あなれ])")
_SIDE_WORD = re.compile("賛成|反対|賛同")
_POLARITY = {"for": 1, "for!": 1, "against": -1, "against!": -1}


def stance(texts: Iterable[str] | Tokens, proposal: str | Sequence[str]) -> pd.Series:
    """Tell for each text whether it is for or against a proposal.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens
    proposal : str or list of str
        The name of the proposal, or all the names people use for it (``["庁舎建替え", "新庁舎"]``). の
        between its words is allowed for (庁舎の建替え).

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
    words (必要, 無駄, 〜てほしい) count only in a sentence that names the proposal, or in the next one. What
    others say is left out (反対している人もいますが). 〜の廃止 turns the side, unless it is part of the name.
    A condition makes ``conditional`` (〜なら賛成, 反対だが〜なら). Otherwise the last own word decides.

    **Misses**: irony; a stance told only by reasons (財政が心配です); two proposals in one sentence.

    Examples
    --------
    >>> stance(["反対している人もいますが、私は賛成です。", "庁舎の建替えは税金の無駄です。", "道が狭い。"], "庁舎建替え").tolist()
    ['for', 'against', 'not_mentioned']
    """
    names = [proposal] if isinstance(proposal, str) else list(proposal)
    names = [normalize(name).text.strip() for name in names if name and name.strip()]
    if not names:
        raise ParameterError("提案の名前がありません。「庁舎建替え」のように 1 つ以上の言葉を渡してください。")
    tokens = as_tokens(texts)
    mention = _mention_pattern(names)
    turned = any(_REVERSE.search(name) for name in names)
    matches = load_rules(RULES).match(tokens)
    groups = _by_doc(matches)
    found = [_decide(tokens, doc, mention, groups.get(doc, []), turned) for doc in range(tokens.n_docs)]
    return pd.Series(found, index=tokens.index, dtype=object, name="stance")


def _mention_pattern(names: list[str]) -> re.Pattern[str]:
    """Each name with an optional の between its words."""
    parsed = as_tokens(names)
    joined = ["(?:の|・)?".join(re.escape(word) for word in parsed.surfaces(doc)) for doc in range(parsed.n_docs)]
    return re.compile("|".join(joined))


def _by_doc(matches: Matches) -> dict[int, list[tuple[int, int, str]]]:
    found: dict[int, list[tuple[int, int, str]]] = {}
    for doc, start, end, label in zip(matches.doc.tolist(), matches.start.tolist(), matches.end.tolist(), matches.label, strict=True):
        found.setdefault(doc, []).append((start, end, label))
    return found


def _decide(tokens: Tokens, doc: int, mention: re.Pattern[str], cues: list[tuple[int, int, str]], turned: bool) -> str:
    text, units = tokens.norm[doc], tokens.units
    places = [m.span() for m in mention.finditer(text)]
    quoted = [(a, b) for a, b, label in cues if label == "quote"]
    own = [c for c in cues if c[2] != "quote" and not any(a <= c[0] and c[1] <= b for a, b in quoted)]
    if not own:
        return "not_mentioned"
    unit_of = units.find(np.full(len(own) + len(places), doc, np.int32), np.array([c[0] for c in own] + [a for a, _ in places], np.int32))
    cue_units, name_units = unit_of[: len(own)].tolist(), unit_of[len(own) :].tolist()
    votes: list[tuple[int, int]] = []
    conditional = False
    for (start, end, label), unit in zip(own, cue_units, strict=True):
        before = [p for p, u in zip(places, name_units, strict=True) if p[0] < end and unit - u in (0, 1)]
        in_unit = [p for p, u in zip(places, name_units, strict=True) if u == unit]
        near = bool(before or in_unit)
        if label == "conditional":
            word = _SIDE_WORD.search(text, start, end)
            if not (near or (word and _bare(text, word.start(), start))):
                continue
        elif label.endswith("!"):
            if not (in_unit or _bare(text, start, int(units.start[unit]))):
                continue
        elif not near or (not in_unit and _other_topic(text, int(units.start[unit]), start)):
            continue
        if label == "conditional":
            conditional = True
            continue
        side = _POLARITY[label]
        last = before[-1] if before else None
        turn = _REVERSE.match(text, last[1]) if last and not turned else None
        if turn and turn.end() <= start:
            side = -side
        votes.append((start, side))
    if conditional:
        return "conditional"
    if not votes:
        return "not_mentioned"
    return "for" if max(votes)[1] > 0 else "against"


def _bare(text: str, start: int, unit_start: int) -> bool:
    """Tell 私は賛成です (no object) from 合併には賛成です."""
    clause = text[unit_start:start]
    cut = [m.end() for m in _CLAUSE_END.finditer(clause)]
    found = _OBJECT.search(clause[cut[-1] if cut else 0 :])
    return found is None or found.group(1) in _OWN or found.group(1)[-1:] in "私僕俺"


def _other_topic(text: str, unit_start: int, start: int) -> bool:
    """Does a topic of its own (〜は) stand before the cue in its sentence?"""
    found = re.search(r"([一-龠ァ-ヶーぁ-ん]{2,})は", text[unit_start:start])
    return found is not None and found.group(1) not in ("これ", "それ", "あれ", "こちら") and found.group(1)[-1:] not in "私僕俺"
