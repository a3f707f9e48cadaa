"""Who called, wrote or came, in the notes an office keeps: 75歳女性より電話, 来所は祖母(68), ○○様."""

from __future__ import annotations

from textlens.personal.marks import Mark
from textlens.personal.patterns import pattern, pattern_group

_NEAR = 45
"""Characters of a note within which its first 様 or 氏 is the caller's."""


def find_callers(text: str) -> list[tuple[int, int]]:
    """Return the places that name the caller of a note (ask :func:`is_note` first).

    Examples
    --------
    >>> text = "電話相談票。75歳女性。隣家の男性が毎晩騒ぐ。"
    >>> [text[start:end] for start, end in find_callers(text)]
    ['75歳女性']
    """
    return sorted({match.span("v") for row in pattern_group("caller") for match in row.regex.finditer(text) if match["v"]})


def is_note(text: str) -> bool:
    """Tell whether an officer wrote the text about somebody who called, wrote or came."""
    return pattern("text-is-note").search(text) is not None or pattern("text-opens-as-note").match(text) is not None


def name_of_caller(mark: Mark, text: str, callers: list[tuple[int, int]]) -> Mark:
    """Return a name of a note as the caller's own where it is; names an office cue has already settled stay as they are."""
    if mark.subject not in ("", "private") or mark.rule == "name-late":
        return mark
    politely = mark.start < _NEAR and pattern("caller-honorific").match(text, mark.end)
    return mark._replace(subject="self") if politely or any(low <= mark.start < high for low, high in callers) else mark
