"""For and against within a topic, kept apart."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

import pandas as pd

from textlens.checks import beside
from textlens.errors import ParameterError

POLARITIES = ("positive", "negative", "mixed", "neutral")


def topic_polarity(
    labels: pd.Series | Sequence[Any],
    polarity: pd.Series | Sequence[Any],
    topics: pd.DataFrame | None = None,
    respondents: pd.Series | Sequence[Any] | None = None,
) -> pd.DataFrame:
    """Count voices by topic and polarity.

    Parameters
    ----------
    labels : Series, list or array of int
        Topic of each comment (missing: not counted).
    polarity : Series, list or array of str
        ``positive, negative, mixed, neutral``; same index (a list: same order).
    topics : DataFrame or None
        ``topics_`` of the clusterer, for labels.
    respondents : Series, list, array or None
        Who wrote each comment; given, every person counts once per cell: nobody lifts a topic by writing a lot.

    Returns
    -------
    DataFrame
        One row per topic, largest first: ``topic, label, n, positive, negative, mixed, neutral,
        negative_share``; ``negative_share`` = negative / n.

    Raises
    ------
    ParameterError
        The indexes or lengths differ, a topic is no whole number, or a value is not a polarity.

    Examples
    --------
    >>> topic_polarity(pd.Series([1, 1, 2]), pd.Series(["negative", "positive", "negative"]))[["topic", "n", "positive", "negative"]]
       topic  n  positive  negative
    0      1  2         1         1
    1      2  1         0         1
    """
    given = next((one for one in (labels, polarity, respondents) if isinstance(one, pd.Series)), None)
    index = given.index if given is not None else pd.RangeIndex(len(labels) if isinstance(labels, Sized) else 0)
    numbers, polarity = _topic_numbers(beside(labels, index, "話題")), beside(polarity, index, "極性")
    who = pd.Series(range(len(index)), index=index) if respondents is None else beside(respondents, index, "回答者")
    unknown = set(polarity.dropna().unique()) - set(POLARITIES)
    if unknown:
        raise ParameterError(f"極性は {'・'.join(POLARITIES)} のどれかです（ほかの値が {len(unknown)} 種類あります）。")
    frame = pd.DataFrame({"topic": numbers, "polarity": polarity, "who": who}).dropna(subset=["topic", "polarity"])
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


def _topic_numbers(labels: pd.Series) -> pd.Series:
    try:
        return labels.astype("Int64")
    except (TypeError, ValueError):
        raise ParameterError("話題は番号（整数）の列にしてください（TopicClusterer の labels_ など）。名前は topics に渡してください。") from None
