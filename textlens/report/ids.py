"""Ids that tell who wrote: names, e-mail addresses and phone numbers used as numbers of comments."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LEAST = 3
"""Words in an id that fewer ids than this have may be a name; 高校A-012 has its 高校 in common with others."""
_WORDS = re.compile(r"[々〆ぁ-ゖァ-ヺー一-鿿豈-﫿]+")
_GAP = r"[-‐‑–−ー()\s.]{1,2}"
_PHONE = re.compile(
    rf"(tel:?)?(\+81[-\s]?[1-9][-\d\s]{{8,12}}|0?[5789]0\d{{8}}|0[5789]0{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|[(]?(0[346]{_GAP}\d{{4}}|0[1-9]\d{_GAP}\d{{3}}|0[1-9]\d\d{_GAP}\d\d|0[1-9]\d{{3}}{_GAP}\d){_GAP}\d{{4}})",
    re.IGNORECASE,
)


def telling_ids(ids: Iterable[object]) -> list[str]:
    """Return the ids that may lead to a person: an e-mail address, a phone number, or Japanese words hardly any other id has.

    Notes
    -----
    Misses: names in Latin letters, numbers that lead to a person in another register, numbers of fixed lines without hyphens.

    Examples
    --------
    >>> telling_ids(["高校-01", "高校-02", "高校-03", "大石太郎", "0012", "oishi@example.jp", "090-1234-5678", "01-0101-0012"])
    ['大石太郎', 'oishi@example.jp', '090-1234-5678']
    """
    texts = [str(i).strip().removesuffix(".0") for i in ids]
    compared = [unicodedata.normalize("NFKC", text) for text in texts]
    words = [() if _PHONE.fullmatch(text) else tuple(_WORDS.findall(text)) for text in compared]
    seen = Counter(words)
    return [
        text for text, plain, own in zip(texts, compared, words, strict=True)
        if "@" in plain or _PHONE.fullmatch(plain) or own and seen[own] < LEAST
    ]  # fmt: skip
