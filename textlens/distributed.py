"""Beyond one machine: the partitions of a Dask DataFrame go through :func:`textlens.analyze`, with the same results.

    import dask.dataframe as dd
    from textlens.distributed import find_evidence, label_comments, write_parquet

    comments = dd.read_parquet("相談記録")            # one file per partition; index = comment id
    write_parquet(label_comments(comments), "ラベル")

Needs ``pip install 'textlens[dask]'``. Every row's labels depend on that row alone, so it does not matter how rows are cut into
partitions or who reads them. What needs all rows at once is left out: topics, duplicates, and the check that no id stands twice.
What is written holds comments as citizens wrote them: treat it as personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from textlens import schema
from textlens.analysis.pipeline import analyze
from textlens.analysis.readers import Model
from textlens.errors import ParameterError
from textlens.resources import overlay_folder, use_dictionaries

if TYPE_CHECKING:
    from dask.dataframe import DataFrame as DaskFrame

_WHOLE = ("topic", "duplicate_group")
"""Columns that only all rows together can fill."""


def label_comments(
    comments: DaskFrame,
    *,
    text: str = "text",
    attributes: Sequence[str] = (),
    departments: str | Path | pd.DataFrame | None = None,
    models: Sequence[Model] | Model = (),
    question: str | None = None,
) -> DaskFrame:
    """Label every comment.

    Parameters
    ----------
    comments : dask DataFrame
        Index = comment id, unique.
    text, attributes, departments, models, question
        As in :func:`textlens.analyze`. Files are opened where a partition is read: name a path all workers see.

    Returns
    -------
    dask DataFrame
        The rows and index of ``comments``; the columns of ``Analysis.comments`` but ``topic`` and ``duplicate_group``. Bool columns
        are ``boolean`` (missing where a row was not read).

    Raises
    ------
    ParameterError
        ``comments`` is no Dask DataFrame. Other errors are those of :func:`textlens.analyze`, when the result is computed.
    """
    return _map(comments, "comments", text, attributes, departments, models, question)


def find_evidence(
    comments: DaskFrame,
    *,
    text: str = "text",
    departments: str | Path | pd.DataFrame | None = None,
    models: Sequence[Model] | Model = (),
    question: str | None = None,
) -> DaskFrame:
    """Return the findings of every comment: the rows of ``Analysis.findings``, numbered anew in each partition.

    Parameters and errors are those of :func:`label_comments`.
    """
    return _map(comments, "findings", text, (), departments, models, question)


def write_parquet(table: DaskFrame, folder: str | Path) -> None:
    """Write what the functions above return, one Parquet file per partition; lists of subjects and 課 become lists of strings."""
    import pyarrow as pa

    words = [name for name, dtype in table.dtypes.items() if pd.api.types.is_object_dtype(dtype)]
    columns = pa.Schema.from_pandas(table._meta.astype(dict.fromkeys(words, "string")))
    for name in set(schema.LIST_COLUMNS) & set(words):
        columns = columns.set(columns.get_field_index(name), pa.field(name, pa.list_(pa.string())))
    table.to_parquet(str(folder), schema=columns)


def _map(comments: DaskFrame, part: str, *options: Any) -> DaskFrame:
    try:
        import dask.dataframe as dd
    except ImportError:
        raise ParameterError("Dask が入っていません。pip install 'textlens[dask]' で入れてください。") from None
    if not isinstance(comments, dd.DataFrame):
        raise ParameterError(f"Dask の DataFrame を渡してください（{type(comments).__name__} が渡されました）。一台で足りるときは textlens.analyze を使います。")
    overlay = overlay_folder()
    empty = _read(comments._meta, part, overlay, *options)
    return comments.map_partitions(_read, part, overlay, *options, meta=empty)


def _read(
    rows: pd.DataFrame, part: str, overlay: Path | None, text: str, attributes: Sequence[str],
    departments: Any, models: Any, question: str | None,
) -> pd.DataFrame:  # fmt: skip
    """Analyse one partition and return one of its tables."""
    before = overlay_folder()
    use_dictionaries(overlay)
    try:
        found = analyze(rows, text=text, attributes=attributes, departments=departments, models=models, question=question, n_topics=0)
    finally:
        use_dictionaries(before)
    table: pd.DataFrame = getattr(found, part)
    if part == "findings":
        return table.astype({"id": rows.index.dtype, "subject": object, "label": object, "rule": object, "source": object})
    return table.drop(columns=list(_WHOLE)).astype({name: "boolean" for name in table if name in schema.BOOL_COLUMNS or str(name).startswith(schema.OWN)})

