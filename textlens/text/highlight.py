"""A table of reasons that shows itself in a notebook as the text, with the words that decided marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd

COLOURS = {
    "complaint": "#f6c9b8", "request": "#bfd9f2", "praise": "#c8e6c0", "legal": "#ffd54f", "personal": "#d9c8ee",
    "voice": "#c5e3e0", "other": "#e4e4e4",
}  # fmt: skip
"""Backgrounds by family, all light enough for black letters; each mark also carries its name, for those who print in black."""
_FIRST = tuple(COLOURS)


class Span(NamedTuple):
    """Characters of the text and what they led to: ``family`` is a key of ``COLOURS``, ``name`` is shown behind the words."""

    start: int
    end: int
    family: str
    name: str
    why: str


class Explained(pd.DataFrame):
    """A DataFrame of reasons; in a notebook it shows the text with the words marked, and one row per reason below.

    Selections of it are plain DataFrames.
    """

    _metadata = ("_text", "_spans", "_result")
    _text: str
    _spans: tuple[Span, ...]
    _result: str

    @property
    def _constructor(self) -> type[pd.DataFrame]:  # type: ignore[override]
        return pd.DataFrame

    @classmethod
    def of(cls, table: pd.DataFrame, text: str, spans: Sequence[Span], result: str = "") -> Explained:
        """Return the table with the text it explains.

        Parameters
        ----------
        table : DataFrame
        text : str
        spans : sequence of Span
        result : str
            One line above the text: what was decided in the end.
        """
        shown = cls(table)
        object.__setattr__(shown, "_text", text)
        object.__setattr__(shown, "_spans", tuple(spans))
        object.__setattr__(shown, "_result", result)
        return shown

    def _repr_html_(self) -> str:
        rows: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        for span in self._spans:
            names, reasons = rows.setdefault(self._text[span.start : span.end], ({}, {}))
            names[span.name] = None
            reasons.update({span.why: None} if span.why else {})
        cells = [(words, "、".join(names), "。".join(reasons)) for words, (names, reasons) in rows.items()]
        body = "".join("<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("言葉", "何の手がかりか", "なぜ"))
        result = f"<p><b>{escape(self._result)}</b></p>" if self._result else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else "<p>手がかりになった言葉はありません。</p>"
        return f"{result}<p style='line-height:2.2'>{mark(self._text, self._spans)}</p>{table}"


def mark(text: str, spans: Sequence[Span]) -> str:
    """Return HTML of the text with the spans marked; where spans overlap, the most important family gives the colour.

    Examples
    --------
    >>> mark("道が狭い。", [Span(2, 4, "complaint", "苦情", "よくないという評価の言葉")]).count("<mark")
    1
    """
    borders = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    parts: list[tuple[str, tuple[Span, ...]]] = []
    for start, end in zip(borders, borders[1:], strict=False):
        here = tuple(sorted((s for s in spans if s.start <= start and end <= s.end), key=lambda s: _FIRST.index(s.family)))
        if parts and [s[2:4] for s in parts[-1][1][:1]] == [s[2:4] for s in here[:1]]:
            parts[-1] = (parts[-1][0] + text[start:end], (*parts[-1][1], *here))
        else:
            parts.append((text[start:end], here))
    return "".join(_marked(words, here) for words, here in parts)


def _marked(words: str, here: tuple[Span, ...]) -> str:
    shown = escape(words).replace("\n", "<br>")
    if not here:
        return shown
    title: dict[str, Any] = dict.fromkeys(f"{s.name}: {s.why}" if s.why else s.name for s in here)
    label = "" if here[0].family == "other" else f"<sub style='font-size:70%'>{escape(here[0].name)}</sub>"
    style = f"background:{COLOURS[here[0].family]};color:#000;padding:1px 2px"
    return f"<mark style='{style}' title='{escape(' ／ '.join(title), quote=True)}'>{shown}{label}</mark>"
