"""Where a polar word stands: affirmed, denied, wished for, supposed, or said of another time or town.

Works on columns of tokens. A *chain* is one content word with the function words and light verbs that
follow it (満足 / し・て・いる・と・は・言え・ませ・ん); what happens inside a chain happens to its word.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.resources import table_stamp
from textlens.rules import Matches, load_rows
from textlens.tokens import Tokens, Vocabulary

ROLES = "sentiment/roles.tsv"

PLAIN, DENIED, SUPPOSED, ELSEWHERE = 0, 1, 2, 3
"""States of a token: as it stands; under negation; wished, asked for or conditional; said of the past or
of another town."""

DENY, LIGHT, IF, WISH, STOP, PAST, SAY, NOW = (1 << n for n in range(8))
CONTRAST, WANT, BENEFIT, THANK, EXIST, ONLY, MAYBE, VERY, MUST, QUESTION = (1 << n for n in range(8, 18))
_LABELS = {
    "deny": DENY, "light": LIGHT, "if": IF, "wish": WISH, "stop": STOP, "past": PAST, "say": SAY, "now": NOW,
    "contrast": CONTRAST, "want": WANT, "benefit": BENEFIT, "thank": THANK, "exist": EXIST, "only": ONLY,
    "maybe": MAYBE, "very": VERY, "must": MUST, "question": QUESTION,
}  # fmt: skip
"""Roles a word has by ``roles.tsv``, one bit each; the following it has by its part of speech and form."""

CONTENT, NOUN, ATTRIBUTIVE, FINITE, IF_FORM, TOPIC, TO, NO, NI, DE, COPULA, BE_DO = (1 << n for n in range(18, 30))

_REACH = 12
_CONTENT_POS = ("名詞", "動詞", "形容詞", "形状詞", "代名詞", "連体詞", "感動詞", "接頭辞", "接続詞")


@dataclass(frozen=True)
class Scope:
    """Columns, one row per token.

    Attributes
    ----------
    state : int8 array
        ``PLAIN``, ``DENIED``, ``SUPPOSED`` or ``ELSEWHERE``.
    modifies : bool array
        The token's chain stands before a noun (きれいな駅): nothing is asserted by it.
    copular : bool array
        The token's chain has で(は) or じゃ: its ない says "is not", not "there is no".
    intensive : bool array
        大変 that only strengthens what follows.
    role : int32 array
        Bits of each token's word.
    chain : int64 array
        Number of the chain.
    """

    state: np.ndarray
    modifies: np.ndarray
    copular: np.ndarray
    intensive: np.ndarray
    role: np.ndarray
    chain: np.ndarray


def _role_words() -> dict[str, list[tuple[tuple[str, ...], int]]]:
    words: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for row in load_rows(ROLES):
        words.setdefault(row.term, []).append((tuple(row.pos.split("|")), _LABELS[row.label]))
    return words


def _role(words: dict[str, list[tuple[tuple[str, ...], int]]], vocabulary: Vocabulary, i: int) -> int:
    pos1, pos2 = vocabulary.pos1[i], vocabulary.pos2[i]
    base, form = vocabulary.base[i], vocabulary.conj_form[i]
    bits, pos = 0, f"{pos1}-{pos2}"
    for wanted, bit in words.get(base, ()):
        if pos.startswith(wanted):
            bits |= bit
    if pos1 in _CONTENT_POS and not bits & (LIGHT | DENY):
        bits |= CONTENT
    if pos1 in ("名詞", "代名詞"):
        bits |= NOUN
    if pos1 == "補助記号" and pos2 in ("句点", "読点"):
        bits |= STOP
    if form.startswith("連体形"):
        bits |= ATTRIBUTIVE | FINITE
    if form.startswith("終止形"):
        bits |= FINITE
    if form.startswith("仮定形"):
        bits |= IF_FORM
    if base in ("は", "も", "が", "って", "など") and pos1 == "助詞":
        bits |= TOPIC
    if vocabulary.norm[i] == "と" and pos1 == "助詞":
        bits |= TO
    if base in ("する", "なる", "見る"):
        bits |= BE_DO
    if base == "の" and pos2 == "格助詞":
        bits |= ATTRIBUTIVE
    if base == "の" and pos2 == "準体助詞":
        bits |= NO
    if vocabulary.norm[i] in ("で", "に") and pos1 in ("助詞", "助動詞"):
        bits |= NI if vocabulary.norm[i] == "に" else DE
    if pos1 == "助動詞" and base in ("だ", "じゃ") and form.startswith("連用形"):
        bits |= COPULA
    return bits


def _shift(values: np.ndarray, by: int, unit: np.ndarray) -> np.ndarray:
    """Return ``values[i + by]``, zero beyond the ends of each unit."""
    out = np.zeros_like(values)
    here, there = (slice(None, -by), slice(by, None)) if by > 0 else (slice(-by, None), slice(None, by))
    out[here] = np.where(unit[here] == unit[there], values[there], 0)
    return out


def read_scope(tokens: Tokens, cues: Matches) -> Scope:
    """Tell the state of every token.

    Parameters
    ----------
    tokens : Tokens
    cues : Matches
        Matches of ``sentiment/cues.tsv``.

    Returns
    -------
    Scope

    Notes
    -----
    Misses: a negation further away than its own clause (良いという話は聞いたことがない), a
    condition that is not put into a form (土曜開庁、助かるなあ), and irony.
    """
    words = _role_words()
    role = tokens.vocabulary.map(("sentiment.role", table_stamp(ROLES)), lambda v, i: _role(words, v, i), np.int32)[tokens.ids]
    n = len(role)
    unit = tokens.unit_of
    first = np.ones(n, bool)
    first[1:] = unit[1:] != unit[:-1]
    content = (role & CONTENT) != 0
    stop = ((role & STOP) != 0) | (((role & (DE | NI)) != 0) & ((_shift(role, -1, unit) & NO) != 0))
    deny = ((role & DENY) != 0) & ~_not_denying(role, unit)
    chain = np.cumsum(content | stop | first) - 1
    n_chains = int(chain[-1]) + 1 if n else 0

    def in_chain(flag: np.ndarray) -> np.ndarray:
        return np.bincount(chain[flag], minlength=n_chains)

    denials = in_chain(deny)
    condition = ((role & (IF | IF_FORM)) != 0) | _conditional_to(role, unit)
    wish = in_chain((role & WANT) != 0) > 0
    ifs = in_chain(condition) > 0
    past = (in_chain((role & PAST) != 0) > 0) & (in_chain(((role & SAY) != 0) & ((role & BE_DO) == 0)) == 0)
    heads = np.flatnonzero(content | stop | first)
    modifies = _modifiers(role, heads, unit)
    denials[:-1] += np.where(modifies[:-1] & (denials[:-1] == 0), denials[1:], 0)
    supposed_chain = wish | ifs
    # what follows a condition is supposed, unless it is told in the past
    place = np.arange(n)
    after = np.maximum.accumulate(np.where(condition, place, -1))
    unit_start = np.maximum.accumulate(np.where(first, place, 0))
    after_if = (after >= unit_start) & (after < place)
    state = np.zeros(n, np.int8)
    elsewhere = _elsewhere(tokens, cues, role, unit_start)
    state[elsewhere] = ELSEWHERE
    clause = np.cumsum(stop | first) - 1
    wishes = ((role & (WISH | WANT)) != 0) | condition | _open_end(tokens, cues)
    reach = np.full(int(clause[-1]) + 1 if n else 0, -1)
    np.maximum.at(reach, clause[wishes], place[wishes])
    state[(place <= reach[clause]) | supposed_chain[chain] | (after_if & ~past[chain])] = SUPPOSED
    state[(denials[chain] % 2 == 1) & (state != SUPPOSED)] = DENIED
    intensive = ((role & VERY) != 0) & ((_shift(role, 1, unit) & CONTENT) != 0)
    return Scope(state, modifies[chain], (in_chain(_is_copula(role, unit)) > 0)[chain], intensive, role, chain)


def _open_end(tokens: Tokens, cues: Matches) -> np.ndarray:
    """Last tokens of units that break off where a request goes on: 安心して暮らせるまちに。"""
    found = cues.where(cues.labelled("open_end", "matters"))
    mask = np.zeros(len(tokens.ids), bool)
    mask[tokens.token_at(found.doc, found.start)] = True
    return mask


def _not_denying(role: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """ない that denies nothing: なければならない, ないといけない, かもしれない, ではないか, するしかない."""
    deny = (role & DENY) != 0
    if_form = deny & ((role & IF_FORM) != 0)
    before_to = deny & ((_shift(role, 1, unit) & TO) != 0) & ~_shift(_is_said(role, unit), 1, unit)
    must = (_shift(role, -2, unit) & (IF | TO)) != 0
    must &= (_shift(role, -1, unit) & MUST) != 0
    asked = ((_shift(role, 1, unit) | _shift(role, 2, unit) | _shift(role, 3, unit)) & QUESTION) != 0
    asked &= ((_shift(role, -1, unit) & TOPIC) != 0) & ((_shift(role, -2, unit) & NOUN) == 0)
    only = deny & ((_shift(role, -1, unit) & ONLY) != 0)
    only |= deny & (((_shift(role, -2, unit) | _shift(role, -3, unit)) & ONLY) != 0)
    only |= deny & ((_shift(role, -1, unit) & MAYBE) != 0)
    return only | if_form | before_to | (deny & must) | (deny & asked)


def _conditional_to(role: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """と of a condition: あると便利だ, 開けてもらえると助かる; not と思う, not 歩くと気持ちいい.

    After a verb of being or getting any benefit makes it one, after another verb only thanks do.
    """
    to = np.flatnonzero(((role & TO) != 0) & ((_shift(role, -1, unit) & FINITE) != 0) & ~_is_said(role, unit))
    out = np.zeros(len(role), bool)
    for reach in range(1, _REACH + 1):
        at = np.minimum(to + reach, len(role) - 1)
        near = (unit[at] == unit[to]) & (to + reach < len(role))
        exists = (role[np.maximum(to - 1, 0)] & EXIST) != 0
        out[to[near & (((role[at] & THANK) != 0) & (reach < 3) | ((role[at] & BENEFIT) != 0) & exists)]] = True
    return out


def _is_copula(role: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """で of では, でも, でない."""
    de = (role & DE) != 0
    return ((role & COPULA) != 0) | (de & ((_shift(role, 1, unit) & TOPIC) != 0))


def _is_said(role: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Tokens directly before 思う, 言う, 感じる … (と思う, とは言えない)."""
    following = _shift(role, 1, unit)
    topic = (following & TOPIC) != 0
    return ((following & SAY) != 0) | (topic & ((_shift(role, 2, unit) & SAY) != 0))


def _modifiers(role: np.ndarray, heads: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Tell which chains stand before a noun (きれいな駅, 最高の駅, 絶景カフェ); 美味しい店がない: the denial of 店 reaches 美味しい."""
    found = np.zeros(len(heads), bool)
    if len(heads) > 1:
        last, following = heads[1:] - 1, heads[1:]
        found[:-1] = ((role[last] & (ATTRIBUTIVE | NOUN)) != 0) & ((role[following] & NOUN) != 0) & (unit[last] == unit[following])
    return found


def _elsewhere(tokens: Tokens, cues: Matches, role: np.ndarray, unit_start: np.ndarray) -> np.ndarray:
    """Tokens between 昔は / 隣の市は / せっかく and the end of the clause, のに or 今."""
    n, unit = len(role), tokens.unit_of
    matches = cues.where(cues.labelled("elsewhere"))
    place = np.arange(n)
    event = np.full(n, -1)
    event[((role & (NOW | CONTRAST)) != 0)] = 0
    event[((role & (DE | NI)) != 0) & ((_shift(role, -1, unit) & NO) != 0)] = 0
    if len(matches):
        event[tokens.token_at(matches.doc, matches.end - 1)] = 1
    last = np.maximum.accumulate(np.where(event >= 0, place, -1))
    return (last >= unit_start) & (last < place) & (np.where(last >= 0, event[last], 0) == 1)
