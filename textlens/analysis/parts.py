"""Reading rows in parts: every analyser over some rows at a time, in one or several processes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from textlens import schema
from textlens.analysis.frames import in_reading_order, personal_findings
from textlens.analysis.readers import Readers
from textlens.errors import AnalysisError, TextlensError
from textlens.facets.tagger import FacetTagger
from textlens.personal import PersonalDataFinder
from textlens.resources import overlay_folder, use_dictionaries
from textlens.sentiment.scorer import SentimentScorer
from textlens.tokens import Tokens
from textlens.tokens.tokenizer import WordIds, tokenize

CHUNK = 10_000
"""Texts analysed at a time; bounds memory, changes no result."""
MOST_FAILED = 20
"""Rows of one part that may break down before the run is stopped."""

Progress = Callable[[str, int, int], None]


class Part(NamedTuple):
    """What one batch of rows gave."""

    tokens: Tokens
    comments: pd.DataFrame
    units: pd.DataFrame
    findings: pd.DataFrame


def read_in_parts(
    texts: pd.Series, asked: pd.Series | None, readers: Readers, n_jobs: int, tell: Progress
) -> tuple[list[Part], list[Any]]:
    """Run every analyser over all rows, some thousands at a time.

    Returns
    -------
    parts : list of Part
    failed : list
        Ids of the rows in which an analyser broke down; they are in no part.

    Raises
    ------
    AnalysisError
        More than ``MOST_FAILED`` rows of one part cannot be read: that is no matter of single rows.
    """
    size = CHUNK if n_jobs == 1 else max(1, min(CHUNK, -(-len(texts) // (2 * n_jobs))))
    cuts = range(0, len(texts), size)
    chunks = [(texts.iloc[i : i + size], None if asked is None else asked.iloc[i : i + size]) for i in cuts]
    parts: list[Part] = []
    failed: list[Any] = []
    for done, (found, broken) in enumerate(_run(chunks, readers, n_jobs), 1):
        parts += found
        failed += broken
        tell("読み取り", done, len(chunks))
    return parts, failed


def _run(chunks: list[tuple[pd.Series, pd.Series | None]], readers: Readers, n_jobs: int) -> Iterator[tuple[list[Part], list[Any]]]:
    if n_jobs == 1 or len(chunks) < 2:
        words = WordIds()
        yield from (_read_rows(texts, words, readers, asked) for texts, asked in chunks)
        return
    from joblib import Parallel, delayed

    jobs: Iterable[Any] = (delayed(_in_process)(texts, readers, overlay_folder(), asked) for texts, asked in chunks)
    yield from Parallel(n_jobs=n_jobs, return_as="generator")(jobs)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the search for circular garbage: while dictionaries load it walks over them again and again (0.5 s)."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _in_process(texts: pd.Series, readers: Readers, overlay: Path | None, asked: pd.Series | None) -> tuple[list[Part], list[Any]]:
    use_dictionaries(overlay)
    return _read_rows(texts, WordIds(), readers, asked)


def _read_rows(texts: pd.Series, words: WordIds, readers: Readers, asked: pd.Series | None) -> tuple[list[Part], list[Any]]:
    """Read some rows; where something breaks down, halve them until the row is found, and go on without it."""
    try:
        return [analyze_part(texts, words, readers, asked)], []
    except (TextlensError, MemoryError):  # something to be mended first, and no matter of one row
        raise
    except Exception as error:  # noqa: BLE001  (whatever an analyser meets in a text nobody thought of)
        if len(texts) == 1:
            return [], [texts.index[0]]
        broken = type(error).__name__  # never its message: it may hold the text
    half = len(texts) // 2
    both = [_read_rows(texts.iloc[rows], words, readers, None if asked is None else asked.iloc[rows]) for rows in (slice(half), slice(half, None))]
    parts, failed = ([one for pair in both for one in pair[k]] for k in (0, 1))
    if len(failed) > MOST_FAILED:
        raise AnalysisError(f"{MOST_FAILED} 行を超える行が読み取れません（{broken}）。textlens を入れ直しても同じなら、この文言を添えて開発元に知らせてください。結果は書き出していません。")
    return parts, failed


@_without_collector()
def analyze_part(texts: pd.Series, words: WordIds, readers: Readers, asked: pd.Series | None) -> Part:
    """Run every analyser over some rows; each row's result depends on that row alone (and on what was asked there)."""
    tokens = tokenize(texts, words)
    intent, router = readers.intent, readers.router
    sentiment, facets, finder = SentimentScorer(), FacetTagger(), PersonalDataFinder()
    told = pd.concat([finder.transform(tokens), finder.mentions(tokens)], ignore_index=True)
    comments = pd.concat(
        [
            _with_own_marked(intent.predict(tokens)), intent.predict_proba(tokens).add_prefix("p_"), sentiment.transform(tokens),
            facets.transform(tokens), router.route(tokens, asked),
            finder.subjects(tokens).rename("third_party"), finder.risk(tokens).rename("risk_level"),
        ],
        axis=1,
    )  # fmt: skip
    units = pd.concat(
        [intent.predict_units(tokens), sentiment.transform_units(tokens), facets.transform_units(tokens), router.route_units(tokens, asked)],
        axis=1,
    )
    starts, ends = tokens.raw_spans(tokens.units.doc, tokens.units.start, tokens.units.end)
    units = units.assign(id=tokens.index.to_numpy()[tokens.units.doc], unit=tokens.units.number, start=starts, end=ends)
    findings = pd.concat(
        [intent.findings(tokens), sentiment.findings(tokens), facets.findings(tokens), router.findings(tokens, asked),
         personal_findings(told, tokens)],
        ignore_index=True,
    )  # fmt: skip
    bare = tokens[:]  # without what the analysers remembered of this batch
    return Part(bare, comments, units, in_reading_order(findings, tokens.index))


def _with_own_marked(labels: pd.DataFrame) -> pd.DataFrame:
    """Mark the labels of an office's own, so that none is taken for a column of the contract."""
    ours = {*schema.MAIN_INTENTS, "implied_request", "primary"}
    return labels.rename(columns={name: f"{schema.OWN}{name}" for name in labels.columns if name not in ours})
