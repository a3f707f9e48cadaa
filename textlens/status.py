"""Which rows can be read at all: the first step of 全件収支."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from textlens.rules import load_rows
from textlens.schema import MAX_CHARS
from textlens.text.normalize import normalize
from textlens.tokens import Tokens, as_text, text_series

NO_CONTENT = "status/no_content.tsv"


def row_status(texts: pd.Series | Iterable[str] | Tokens) -> pd.Series:
    """Say of each row whether it holds something to read.

    Parameters
    ----------
    texts : Series of str, iterable of str, or Tokens
        ``None`` and NaN count as an empty text.

    Returns
    -------
    Series of str
        ``blank`` (empty or spaces), ``no_content`` (特になし, 同上, marks only …), ``too_long``
        (more than ``schema.MAX_CHARS`` characters), else ``ok``.

    Raises
    ------
    ParameterError
        ``texts`` is no row of texts, or a value is neither text nor missing.

    Notes
    -----
    Misses: a row of random letters is ``ok``; 「満足なので特になし」 is ``ok`` on purpose (it is praise).

    Examples
    --------
    >>> row_status(pd.Series(["公園が狭い", "特になし。", " ", "特に不満はありません"])).tolist()
    ['ok', 'no_content', 'blank', 'ok']
    """
    given = pd.Series(texts.raw, index=texts.index, dtype=object) if isinstance(texts, Tokens) else text_series(texts)
    cells = [as_text(value, place) for place, value in enumerate(given.tolist())]
    lengths = np.array([len(cell) for cell in cells])
    status = np.array(["ok"], object).repeat(len(cells))
    status[[not cell.strip() for cell in cells]] = "blank"
    status[lengths > MAX_CHARS] = "too_long"
    short = np.flatnonzero((lengths <= 40) & (status == "ok"))
    patterns = [re.compile(row.term) for row in load_rows(NO_CONTENT)]
    for i in short:
        copy = normalize(cells[i]).text
        if any(pattern.match(copy) for pattern in patterns):
            status[i] = "no_content"
    return pd.Series(status, index=given.index, name="status")
