"""Several years on one yardstick: the same words, the same models, the same topics for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.analysis.parts import Progress
from textlens.analysis.pipeline import analyze
from textlens.analysis.readers import Model, choose_readers
from textlens.analysis.result import Analysis
from textlens.analysis.topics import read_topic_edits
from textlens.checks import whole_number_or_none
from textlens.errors import ParameterError
from textlens.schema import INTENTS, OWN
from textlens.tokens import as_tokens
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.edits import TopicEdits
from textlens.topics.frozen import FrozenTopics

LABELS = (*(f"is_{name}" for name in INTENTS), "polarity")

NOVEL = 1 / 3
"""A larger share of a year in new topics is worth a warning: the old topics are too few to judge by."""


class Years(NamedTuple):
    """What :func:`analyze_years` gives.

    Attributes
    ----------
    results : dict of str to Analysis
        Year → its analysis, all made by the same readers.
    read : dict of str to DataFrame
        Year → one row per respondent who wrote, with the ``topic`` all years share: for
        :func:`textlens.tables.years.compare_years`.
    labels : list of str
        Columns to compare: kinds, kinds of the office's own (``own_…``), polarity, ``topic``.
    names : dict of str to str
        ``topic=3``, ``own_…`` → what people call it.
    frozen : FrozenTopics
        The topics, for the year to come.
    warnings : list of str
        Years that the old topics hardly fit.
    """

    results: dict[str, Analysis]
    read: dict[str, pd.DataFrame]
    labels: list[str]
    names: dict[str, str]
    frozen: FrozenTopics
    warnings: list[str]

    def __repr__(self) -> str:
        counts = "／".join(f"{year} {len(result.comments)} 通" for year, result in self.results.items())
        return f"<Years {counts} 話題 {len(self.frozen.all_labels)}>"


def analyze_years(
    years: Mapping[str, pd.DataFrame],
    *,
    models: Sequence[Model] | Model = (),
    departments: str | Path | pd.DataFrame | None = None,
    n_topics: int | None = None,
    frozen: FrozenTopics | None = None,
    topic_edits: str | Path | TopicEdits | None = None,
    progress: Progress | None = None,
) -> Years:
    """Read every year with the rules of today, and lay all of them into one set of topics.

    Parameters
    ----------
    years : mapping of str to DataFrame
        Year → comments as for :func:`textlens.analyze`, the oldest first. A later year may be empty.
    models : path or estimator, or several
        What the office taught, as for :func:`textlens.analyze`; loaded once and used for every year alike.
    departments : path, DataFrame or None
        The 組織表.
    n_topics : int or None
        Topics of the first year. Not used with ``frozen``.
    frozen : FrozenTopics or None
        Topics of an earlier comparison; ``None``: those of the first year.
    topic_edits : path, TopicEdits or None
        Corrections to the topics of the first year, before they are frozen. Not with ``frozen``.
    progress : callable or None

    Returns
    -------
    Years

    Raises
    ------
    ParameterError, InputFileError, ColumnNotFoundError, TextColumnError
        Fewer than two years, corrections beside frozen topics, or what :func:`textlens.analyze` refuses.

    Examples
    --------
    >>> first, second = (pd.DataFrame({"text": [t] * 4}) for t in ("公園の草を刈ってください。", "バスの本数が少なくて困る。"))
    >>> found = analyze_years({"2024": first, "2025": second}, n_topics=1)
    >>> found.names["topic=2"].split(": ")[0], [len(frame) for frame in found.read.values()]
    ('2025からの話題', [4, 4])
    """
    if len(years) < 2:
        raise ParameterError(f"年の比較には 2 年分以上が要ります（渡されたのは {len(years)} 年分）。")
    if frozen is not None and topic_edits is not None:
        raise ParameterError("前に決めた話題（frozen、--frozen）に、話題の修正は当てられません。話題を決める最初の比較で当ててください。")
    n_topics = whole_number_or_none(n_topics, "n_topics", 1)
    edits, readers = read_topic_edits(topic_edits, n_topics), choose_readers(models, departments)
    results = {
        year: analyze(comments, models=readers.taught, departments=departments, n_topics=0, progress=progress) for year, comments in years.items()
    }
    read = {year: result.comments[result.comments["status"] == "ok"].copy() for year, result in results.items()}
    own = list(dict.fromkeys(str(c) for result in results.values() for c in result.comments if str(c).startswith(OWN) and c not in result.attributes))
    names, frozen, warnings = _lay_topics(read, n_topics, frozen, edits)
    names |= {column: f"{column.removeprefix(OWN)}（自分の市の種別）" for column in own}
    labels = [*LABELS[:-1], *own, *LABELS[-1:], "topic"]
    return Years(results, read, labels, names, frozen, warnings)


def _lay_topics(
    read: dict[str, pd.DataFrame], n_topics: int | None, frozen: FrozenTopics | None, edits: TopicEdits | None
) -> tuple[dict[str, str], FrozenTopics, list[str]]:
    """Lay every year into the topics of the first (or the given ones) and into those that later years added, all by the same rule.

    A comment repeated in another year is in the same topic there: what grows or shrinks was really said more or less often. So
    the first year may have fewer comments in a topic than its own analysis, in which each is in the nearest.

    Returns the names of ``topic=…`` labels, the topics for the year to come, and a warning for each year that the
    old topics hardly fit.
    """
    names: dict[str, str] = {}
    novel: list[str] = []
    if frozen is None:
        first = next(iter(read))
        found = TopicClusterer(n_topics).fit(as_tokens(read[first]["text"]))
        labels, topics = (found.labels_, found.topics_) if edits is None else edits.apply(found)
        frozen = FrozenTopics.of(found, labels, topics)
        later = [year for year in read if year != first]
    else:
        later = list(read)
    names |= {f"topic={n}": f"話題: {label}" for n, label in enumerate(frozen.all_labels, 1)} | {"topic=0": "話題: その他"}
    for year in later:
        n_old = len(frozen.all_labels)
        laid = frozen.assign(read[year]["text"])
        frozen = laid.frozen
        share = float((laid.labels > n_old).mean()) if len(laid.labels) else 0.0
        if share >= NOVEL:
            novel.append(f"{year}: 記入の {share:.0%} が前の話題に当てはまらず、新しい話題になりました。前の年の記入が少ないと、前からある話題も新しく見えます。")
        names |= {f"topic={n}": f"{year}からの話題: {label}" for n, label in enumerate(frozen.all_labels, 1) if n > n_old}
    for comments in read.values():
        comments["topic"] = frozen.lay(comments["text"])
    return names, frozen, novel
