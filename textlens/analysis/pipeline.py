"""analyze(): one call from a table of comments to everything staff ask of it. Wiring only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from textlens import schema
from textlens.analysis.checks import carried_columns, check_corrections, check_names, text_column
from textlens.analysis.declared import apply_declared, find_declared
from textlens.analysis.frames import assemble_comments, assemble_units, check_rows
from textlens.analysis.packed import join_packed
from textlens.analysis.parts import Part, Progress, read_in_parts
from textlens.analysis.question import Question
from textlens.analysis.readers import Model, choose_readers
from textlens.analysis.result import Analysis
from textlens.analysis.run import run_manifest
from textlens.analysis.topics import add_topics, read_topic_edits
from textlens.checks import seed, whole_number, whole_number_or_none
from textlens.errors import ParameterError
from textlens.status import row_status
from textlens.tokens import Tokens, as_tokens
from textlens.topics.edits import TopicEdits


def analyze(
    comments: pd.DataFrame,
    *,
    text: str = "text",
    attributes: Sequence[str] | str = (),
    departments: str | Path | pd.DataFrame | None = None,
    models: Sequence[Model] | Model = (),
    question: str | None = None,
    record_type: str = "survey",
    purpose: str | None = None,
    n_topics: int | None = None,
    corrections: str | Path | pd.DataFrame | None = None,
    topic_edits: str | Path | TopicEdits | None = None,
    random_state: int = 0,
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> Analysis:
    """Read every comment: what kind of voice, how it feels, about what, for whom, about whom.

    Parameters
    ----------
    comments : DataFrame
        One row per comment, or what :func:`read_comments` gave. The index is the comment id: unique, none missing; text,
        numbers, dates, several parts (MultiIndex). It stays as it is in every table of the result, also after ``save`` and ``load``.
    text : str
        Name of the column that holds the comments.
    attributes : sequence of str, or str
        Columns to carry along (age band, district …), or the only one. Empty: all columns but the text. None may be called
        like a column of the result (``schema.COMMENT_COLUMNS``). Headings that are numbers become str.
    departments : path, DataFrame or None
        The 組織表 (``code, name, organ, keywords``); ``None``: the typical one that ships.
    models : path or estimator, or several
        What the office taught (``textlens train``, ``save_model``, or a fitted estimator): an ``IntentClassifier``, a
        ``DepartmentRouter``, or both. Labels of the office's own stand in columns ``own_…`` behind the others.
    question : str or None
        What the comments answer (設問, 見出し, 種別): a wording, or the name of a column with one per row. It helps to find
        the 課 of comments that do not say what they are about. ``None``: the heading of the text column and the attributes
        named like it (設問, 分野, 件名 …); ``""``: nothing.
    record_type : {"survey", "letter", "record"}
    purpose : str or None
        What the analysis is for (利用目的); printed on every output. ``None`` is allowed and noted.
    n_topics : int or None
        ``None`` chooses, ``0`` leaves topics out.
    corrections : path, DataFrame or None
        Corrections by staff, reapplied on top of the labels.
    topic_edits : path, TopicEdits or None
        Corrections to topics by staff (:class:`~textlens.topics.edits.TopicEdits`), made again on the topics found.
    random_state : int
        0 or more. Everything random is seeded: there is no ``None``.
    n_jobs : int
        Processes. The result is the same to the byte, whatever the number.
    progress : callable or None
        Called as ``progress(step, done, total)``.

    Returns
    -------
    Analysis

    Notes
    -----
    An attribute column whose heading says that it holds self-declared kinds (自己申告) wins over what
    was read; disagreements are in ``Analysis.disagreements``. Corrections by staff win over both.

    Raises
    ------
    ParameterError, InputFileError, ColumnNotFoundError, TextColumnError
        The input cannot be used as it is, or a correction does not fit what was found; the message says what to do.
    AccountingError
        Rows in and rows out do not balance.

    Examples
    --------
    >>> import textlens as tl
    >>> result = tl.analyze(pd.DataFrame({"text": ["水道料金をカードで払えるようにしてほしい。", "特になし"]}), n_topics=0)
    >>> result.comments[["status", "intent"]].to_numpy().tolist()
    [['ok', 'request'], ['no_content', 'none']]
    """
    texts = text_column(comments, text)
    n_topics, random_state, n_jobs = _checked(record_type, purpose, n_topics, random_state, n_jobs)
    tell = progress or (lambda step, done, total: None)
    carried = carried_columns(comments, text, attributes, question)
    asked = Question.of(comments, text, carried, question)
    readers = choose_readers(models, departments)
    check_names(carried, readers)
    check_corrections(corrections)
    router, edits = readers.router, read_topic_edits(topic_edits, n_topics)
    status = row_status(texts)
    readable = texts[status == "ok"]
    beside = asked.beside(carried)
    parts, failed = read_in_parts(readable, None if beside is None else beside.loc[readable.index], readers, n_jobs, tell)
    status, readable = status.mask(status.index.isin(failed), "failed"), readable.drop(failed)
    check_rows("種別・極性・個人情報・課", len(readable), sum(len(p.comments) for p in parts))
    read = {name: [getattr(part, name) for part in parts] for name in Part._fields}
    del parts  # each step takes its own out of ``read``: what is put together is not kept in pieces
    frame = assemble_comments(texts, status, read.pop("comments"))
    units = assemble_units(readable, read.pop("units"))
    findings = _joined(read.pop("findings"))
    tokens = _concatenated(read.pop("tokens"), readable)
    frame, topics = add_topics(frame, tokens, n_topics, random_state, edits)
    tell("話題", 1, 1)
    own = [column for column in frame.columns if str(column).startswith(schema.OWN)]
    frame = frame[[*schema.COMMENT_COLUMNS, *own]].join(carried)
    check_rows("一覧", len(comments), len(frame))
    declared_column = find_declared(carried)
    disagreements = None
    if declared_column is not None:
        frame, disagreements = apply_declared(frame, carried[declared_column])
    changed = None
    if corrections is not None:
        from textlens.office.corrections import apply_corrections

        frame, changed = apply_corrections(frame, corrections, departments={d.code: d.name for d in router.table_})
    return Analysis(
        comments=frame,
        units=units,
        findings=findings,
        topics=topics,
        departments=pd.DataFrame([(d.code, d.name, d.organ) for d in router.table_], columns=["code", "name", "organ"]),
        attributes=list(carried.columns),
        corrections=changed,
        disagreements=disagreements,
        run=run_manifest(
            comments, status, units, record_type=record_type, purpose=purpose, n_topics=n_topics, random_state=random_state,
            models=readers.digests, departments=readers.table_digest, topic_edits=None if edits is None else edits.digest,
            question=asked._asdict(),
        ),
    )


def _checked(record_type: str, purpose: str | None, n_topics: int | None, random_state: int, n_jobs: int) -> tuple[int | None, int, int]:
    if record_type not in schema.RECORD_TYPES:
        raise ParameterError(f"record_type は {'・'.join(schema.RECORD_TYPES)} のどれかです（渡されたのは {record_type!r}）。")
    if purpose is not None and not isinstance(purpose, str):
        raise ParameterError(f"purpose には利用目的を文字列で渡してください（{type(purpose).__name__} が渡されました）。")
    return whole_number_or_none(n_topics, "n_topics", 0), seed(random_state), whole_number(n_jobs, "n_jobs", 1)


def _joined(findings: list[pd.DataFrame]) -> pd.DataFrame:
    return join_packed(findings) if findings else pd.DataFrame(columns=list(schema.FINDING_COLUMNS))


def _concatenated(tokens: list[Tokens], texts: pd.Series) -> Tokens:
    if len(tokens) == 1:
        return tokens[0]
    return Tokens.concat(tokens) if tokens else as_tokens(texts)
