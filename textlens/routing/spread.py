"""横展開: 課 that may hold the same kind of matter elsewhere. A suggestion, never an assignment.

「水道料金をクレジットカードで払えるように」 goes to the 水道課; but taxes, school lunches and 市営住宅 are
paid for, too (domain knowledge of 広聴 offices; the groups are in ``dictionaries/routing/spread.tsv``).
"""

from __future__ import annotations

import pandas as pd

from textlens.routing.router import DepartmentRouter
from textlens.rules import read_table
from textlens.text.normalize import normalize
from textlens.tokens import Tokens, as_tokens


def suggest_spread(texts: pd.Series | Tokens | list[str], router: DepartmentRouter | None = None) -> pd.DataFrame:
    """Suggest the 課 that have the same kind of matter.

    Parameters
    ----------
    texts : Series of str, list of str, or Tokens
    router : DepartmentRouter, optional
        The 組織表 in use; the typical table if left out.

    Returns
    -------
    DataFrame
        One row per text and mechanism: ``id, mechanism, word`` (as written in the normalised copy),
        ``departments`` (tuple of codes, without those the text goes to already) and ``note``.

    Notes
    -----
    Misses: a mechanism told without any of its words (レジで小銭ばかり).

    Examples
    --------
    >>> suggest_spread(["水道料金をクレジットカードで払えるようにしてほしい。"])[["mechanism", "departments"]].iloc[0].tolist()
    ['支払い方法', ('D12', 'D13', 'D14', 'D27', 'D32', 'D34', 'D38', 'D50', 'D58')]
    """
    router = router or DepartmentRouter()
    tokens = as_tokens(texts)
    routed = router.route(tokens)["departments"].tolist()
    table = []
    for row in read_table("routing/spread.tsv"):
        words = [normalize(word).text for word in row["terms"].split("、") if word]
        table.append((row["mechanism"], words, router.departments_for(row["concepts"].split("、"))))
    found = []
    for doc, text in enumerate(tokens.norm):
        for mechanism, words, codes in table:
            word = next((w for w in words if w in text), "")
            others = tuple(code for code in codes if code not in routed[doc])
            if word and others:
                found.append((tokens.index[doc], mechanism, word, others, "同種の論点がある課（提案）"))
    return pd.DataFrame(found, columns=["id", "mechanism", "word", "departments", "note"])
