"""What a comment answers: the question's wording, and columns with a section heading or a 種別 (K65b).

「もっと増やしてほしい」 says nothing by itself; under 「公園について」 it is for the 課 of parks. Kinds and polarity are read from the
comment alone; only the 課 is told what was asked.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from textlens.errors import ParameterError
from textlens.tables.read_words import key, words

HEADINGS = "question_headings"


class Question(NamedTuple):
    """What was asked, as the manifest keeps it.

    Attributes
    ----------
    wording : str
        The same for every comment; ``""``: not known.
    columns : tuple of str
        Attributes that say it row by row.
    """

    wording: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, comments: pd.DataFrame, text: str, carried: pd.DataFrame, question: str | None) -> Question:
        """Find what was asked: as told, or from the heading of the text column and the attributes that are named like it.

        Raises
        ------
        ParameterError
            ``question`` is no string.
        """
        if question is not None and not isinstance(question, str):
            raise ParameterError(f"question には設問の文か、設問の書かれた列の名前を文字列で渡してください（{type(question).__name__} が渡されました）。")
        if question is not None:
            return cls(columns=(question,)) if question in carried.columns else cls(question)
        reading = comments.attrs.get("reading")
        heading = getattr(reading, "text_column", None) or text
        asked = words(HEADINGS)
        return cls(str(heading), tuple(str(c) for c in carried.columns if any(word.hits(key(str(c))) for word in asked)))

    @classmethod
    def from_run(cls, run: dict[str, Any]) -> Question:
        """Take it from the manifest of an analysis."""
        kept = (run.get("parameters") or {}).get("question") or {}
        return cls(kept.get("wording", ""), tuple(kept.get("columns", ())))

    def beside(self, comments: pd.DataFrame) -> pd.Series | None:
        """Return what was asked beside each comment (Series of str, the index of ``comments``); ``None``: nothing is known.

        Columns that are not in ``comments`` (any more) are left out.
        """
        found = [comments[c].astype(object).where(comments[c].notna(), "").astype(str) for c in self.columns if c in comments]
        if not found and not self.wording:
            return None
        said = pd.Series(self.wording, index=comments.index, dtype=object)
        for column in found:
            said = said + "。" + column
        return said
