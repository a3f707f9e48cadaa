"""What words do to the evaluation next to them, and where clauses and quotations are.

The parts of scope that do not depend on any rule: the role of a word (denial, condition, joint between
clauses …), asked once per vocabulary entry; the number of each token's clause; places inside 「 」.
"""

from __future__ import annotations

import numpy as np

from textlens.tokens import Tokens, Vocabulary

NOT, BREAK, IF, TO, FINITE, SAY, PAST, TARA, STOP, JOINT = (1 << bit for bit in range(10))


def role_of(vocabulary: Vocabulary, i: int) -> int:
    """Answer what a word does to the evaluation next to it, as bits."""
    base, pos1, pos2, form, norm = (
        getattr(vocabulary, name)[i] for name in ("base", "pos1", "pos2", "conj_form", "norm")
    )
    role = 0
    if (pos1 == "助動詞" and base in ("ない", "ぬ", "ず", "ん", "まい")) or base in ("ない", "無い"):
        role |= NOT
    if pos1 == "補助記号" or (pos2 == "接続助詞" and norm in ("が", "けど", "けれど", "けれども", "し", "から")) or (
        pos1 == "接続詞"
    ):
        role |= BREAK
    if (pos2 == "接続助詞" and norm == "ば") or (form.startswith("仮定形") and norm == "なら"):
        role |= IF
    if form.startswith("仮定形") and norm in ("たら", "だら"):
        role |= TARA
    if pos2 == "句点" or norm in ("!", "?"):
        role |= STOP
    if (pos2 == "接続助詞" and norm in ("が", "けど", "けれど", "けれども", "し", "から")) or pos1 == "接続詞" or (
        base in ("ので", "ため", "ものの") or role & STOP
    ):
        role |= JOINT
    if norm == "と" and pos1 == "助詞":
        role |= TO
    if pos1 in ("動詞", "形容詞", "助動詞") and form.startswith(("終止形", "連体形")):
        role |= FINITE
    if base in ("思う", "おもう", "言う", "いう", "感じる", "聞く", "考える", "なる", "の", "は", "も", "か"):
        role |= SAY
    if pos1 == "助動詞" and base == "た":
        role |= PAST
    return role


def token_clauses(tokens: Tokens) -> np.ndarray:
    """Return the number of the clause of each token (int32, ascending through the batch).

    A clause ends with its unit, and after が, けど, し, から, ので, ため and a conjunction.
    """
    if not len(tokens.ids):
        return np.zeros(0, np.int32)
    joint = (tokens.vocabulary.map("intent:role", role_of, np.int16)[tokens.ids] & JOINT) != 0
    no_de = tokens.vocabulary.map("intent:no-de", _no_de, np.int8)[tokens.ids]
    unit = tokens.unit_of
    same = unit[1:] == unit[:-1]
    joint[1:] |= (no_de[:-1] == 1) & (no_de[1:] == 2) & same
    border = np.zeros(len(joint), bool)
    border[1:] = ~same | joint[:-1]
    return np.cumsum(border, dtype=np.int32)


def clauses_at(tokens: Tokens, doc: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Number the clause that holds the end of each piece of evidence."""
    number = token_clauses(tokens)
    if not len(number):
        return np.zeros(len(doc), np.int32)
    return number[np.maximum(tokens.token_at(doc, np.maximum(end - 1, 0)), 0)]


def _no_de(vocabulary: Vocabulary, i: int) -> int:
    """UniDic reads ので as の + で: 1 for the one, 2 for the other."""
    if vocabulary.norm[i] == "の" and vocabulary.pos2[i] == "準体助詞":
        return 1
    return 2 if vocabulary.norm[i] == "で" and vocabulary.base[i] == "だ" else 0


def inside_quotes(tokens: Tokens, doc: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Tell which places lie inside 「 」 or 『 』."""
    found = np.zeros(len(doc), bool)
    docs = [d for d, text in enumerate(tokens.norm) if "「" in text or "『" in text]
    if not docs or not len(doc):
        return found
    marks = np.zeros(tokens.n_docs, bool)
    marks[docs] = True
    for row in np.flatnonzero(marks[doc]).tolist():
        text, place = tokens.norm[int(doc[row])], int(start[row])
        opened = max(text.rfind("「", 0, place + 1), text.rfind("『", 0, place + 1))
        if opened < 0 or max(text.find("」", opened), text.find("』", opened)) < place:
            continue
        found[row] = True
    return found
