"""For and against within a topic, kept apart."""

from __future__ import annotations

import pandas as pd

from textlens.errors import ParameterError

POLARITIES = ("positive", "negative", "mixed", "neutral")


def topic_polarity(
    labels: pd.Series, polarity: pd.Series, topics: pd.DataFrame | None = None, respondents: pd.Series | None = None
) -> pd.DataFrame:
    """Count voices by topic and polarity.

    Parameters
    ----------
    labels : Series of int
        Topic of each comment (missing: not counted).
    polarity : Series of str
        ``positive, negative, mixed, neutral``; same index.
    topics : DataFrame or None
        ``topics_`` of the clusterer, for labels.
    respondents : Series or None
        Who wrote each comment; given, every person counts once per cell: nobody lifts a topic by writing a lot.

    Returns
    -------
    DataFrame
        One row per topic, largest first: ``topic, label, n, positive, negative, mixed, neutral,
        negative_share``; ``negative_share`` = negative / n.

    Raises
    ------
    ParameterError
        The indexes differ, or a value is not a polarity.

    Examples
    --------
    >>> topic_polarity(pd.Series([1, 1, 2]), pd.Series(["negative", "positive", "negative"]))[["topic", "n", "positive", "negative"]]
       topic  n  positive  negative
    0      1  2         1         1
    1      2  1         0         1
    """
    if not labels.index.equals(polarity.index) or (respondents is not None and not labels.index.equals(respondents.index)):
        raise ParameterError("話題と極性（と回答者）の索引が違います。同じ表の列を渡してください。")
    unknown = set(polarity.dropna().unique()) - set(POLARITIES)
    if unknown:
        raise ParameterError(f"極性は {'・'.join(POLARITIES)} のどれかです（ほかの値が {len(unknown)} 種類あります）。")
    frame = pd.DataFrame({"topic": labels.astype("Int64"), "polarity": polarity}).dropna()
    frame["who"] = (respondents if respondents is not None else pd.Series(range(len(labels)), index=labels.index)).loc[frame.index]
    counts = frame.drop_duplicates(["topic", "polarity", "who"]).groupby(["topic", "polarity"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(POLARITIES), fill_value=0)
    counts.insert(0, "n", frame.drop_duplicates(["topic", "who"]).groupby("topic").size())
    table = counts.astype(int).reset_index().rename_axis(columns=None)
    table["topic"] = table["topic"].astype(int)
    names = {} if topics is None else dict(zip(topics["topic"], topics["label"], strict=True))
    table.insert(1, "label", [names.get(n, "") for n in table["topic"]])
    table["negative_share"] = (table["negative"] / table["n"]).round(4)
    rest = (table["topic"] == 0).astype(int)
    order = table.assign(rest=rest).sort_values(["rest", "n", "topic"], ascending=[True, False, True]).index
    return table.loc[order].reset_index(drop=True)
