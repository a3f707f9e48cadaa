"""Putting the analysers' columns together, with the count checked at each step (全件収支)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from textlens import schema
from textlens.analysis.packed import pack
from textlens.errors import AccountingError
from textlens.text.order import order_by
from textlens.tokens import Tokens


def check_rows(step: str, before: int, after: int) -> None:
    """Stop the run if a step lost or made rows."""
    if before != after:
        raise AccountingError(f"「{step}」の前後で件数が合いません（前 {before} 件、後 {after} 件）。結果は書き出していません。")


def assemble_comments(texts: pd.Series, status: pd.Series, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one row per comment, in the order of ``texts``, with every column of the contract but topics.

    A row whose status is not ``ok`` has ``intent = none`` where nothing was written (``blank``, ``no_content``). Where it
    was not read (``too_long``, ``failed``) a person has to: ``held`` is true, yes-or-no columns are false, lists empty, and
    the rest is missing.
    """
    read = pd.concat(parts) if parts else pd.DataFrame(index=texts.index[:0])
    read = read.rename(columns={"primary": "intent", **{n: f"is_{n}" for n in schema.INTENTS}})
    frame = read.reindex(texts.index)
    frame["text"] = texts.where(texts.notna(), "")
    frame["status"] = status
    silent = status.isin(["blank", "no_content"]).to_numpy()
    own = [c for c in frame.columns if str(c).startswith(schema.OWN)]
    frame = frame.reindex(columns=[*(c for c in schema.COMMENT_COLUMNS if c not in ("topic", "duplicate_group")), *own])
    for name in (*own, *schema.BOOL_COLUMNS):
        frame[name] = frame[name].astype("boolean").fillna(False).astype(bool)
    frame["held"] |= status.isin(["too_long", "failed"])
    for name in (f"p_{n}" for n in schema.INTENTS):
        frame[name] = frame[name].astype(float).mask(silent, 0.0)
    frame["sentiment"] = frame["sentiment"].astype(float)
    for name, value in (("intent", schema.NONE), ("polarity", "neutral"), ("actor", "unknown"), ("target", "unknown"), ("department", "X0")):
        frame[name] = frame[name].astype(object).mask(silent, value)
    for name in schema.LIST_COLUMNS:
        column = frame[name].astype(object).to_numpy(copy=True)
        for i in np.flatnonzero((status != "ok").to_numpy()):
            column[i] = ()
        frame[name] = column
    frame["department_score"] = frame["department_score"].astype(float)
    frame["risk_level"] = frame["risk_level"].astype("Int64").mask(silent, 0)
    return frame


def assemble_units(texts: pd.Series, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one row per 意見単位; ``text`` is the slice of the comment, and slices rebuild it."""
    if not parts:
        return pd.DataFrame(columns=list(schema.UNIT_COLUMNS))
    units = pd.concat(parts, ignore_index=True)
    units = units.loc[:, ~units.columns.duplicated()]
    raw = dict(zip(texts.index.tolist(), texts.tolist(), strict=True))
    units["text"] = [raw[i][a:b] for i, a, b in zip(*(units[name].tolist() for name in ("id", "start", "end")), strict=True)]
    units = units.rename(columns={"primary": "intent", **{n: f"is_{n}" for n in schema.INTENTS}})
    lengths = units["text"].str.len().groupby(units["id"], sort=False).sum()
    whole = texts.str.len()
    check_rows("意見単位（文字数）", int(whole.sum()), int(lengths.sum()))
    return units[list(schema.UNIT_COLUMNS)]


def personal_findings(personal: pd.DataFrame, tokens: Tokens) -> pd.DataFrame:
    """Return the finder's rows as findings: label = kind of data, score = risk level."""
    row = pd.Series(np.arange(tokens.n_docs), index=tokens.index)
    docs = row.loc[personal["id"]].to_numpy() if len(personal) else np.empty(0, np.int64)
    units = tokens.units
    starts, _ = tokens.raw_spans(units.doc, units.start, units.end)
    raw_units = type(units)(units.doc, np.asarray(starts), units.end, units.doc_offsets)
    found = raw_units.find(docs, personal["start"].to_numpy(np.int64)) if len(personal) else np.empty(0, np.int64)
    return pd.DataFrame(
        {
            "id": personal["id"], "unit": units.number[found], "start": personal["start"],
            "end": personal["end"], "label": personal["type"], "subject": personal["subject"],
            "score": personal["risk_level"].astype(float), "rule": personal["rule"], "source": "personal",
        }
    )  # fmt: skip


def in_reading_order(findings: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Return findings in the order a reader meets them (comment, place in it, then source and rule), packed."""
    packed = pack(findings[list(schema.FINDING_COLUMNS)].astype(dict.fromkeys(("unit", "start", "end"), np.int32)))
    words = [packed[name].cat.codes.to_numpy() for name in ("source", "rule", "label")]
    places = index.get_indexer(pd.Index(findings["id"])), findings["start"].to_numpy(), findings["end"].to_numpy()
    return packed.take(order_by(*places, *words)).reset_index(drop=True)
