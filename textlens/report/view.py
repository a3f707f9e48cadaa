"""The gate: from an Analysis to what one profile may show. Workbook and HTML see only the View."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.errors import DisclosureError, ParameterError
from textlens.personal.kanonymity import rare_in_text
from textlens.report.attributes import (
    consent,
    left_out_attributes,
    shown_attributes,
    speaks_ill_of_a_district,
)
from textlens.report.disclosure import derivable, hide_small_cells
from textlens.report.evidence import evidence_columns, personal_list, with_own_kinds
from textlens.report.groups import Groups, count_groups, show_groups
from textlens.report.ids import telling_ids
from textlens.report.masking import (
    districts,
    left_over,
    mask_texts,
    move_spans,
    personal_rows,
    printable,
    to_mask,
    without_overlap,
    without_returns,
)
from textlens.report.own_kinds import own_kinds
from textlens.report.profiles import Profile, load_profile
from textlens.report.provenance import Account, carried_sentences, method_rows, row_accounts
from textlens.report.shown_topics import Topic, show_topics
from textlens.report.sums import told_anyway
from textlens.report.tables import Table, build_tables, read_rows
from textlens.report.told_headings import without_named
from textlens.report.words import LEGAL, Labels, check_words, headings

WITHHELD = "（慎重に扱う記述のため、本文は担当内の版で確認してください）"
UNREAD = "（機械で読めていないため、本文は担当内の版で確認してください）"
MAX_SPANS = 200
"""Marked places per comment; a comment of 20,000 characters stays readable."""


@dataclass(frozen=True, repr=False)
class View:
    """What one profile shows.

    Attributes
    ----------
    profile : Profile
    labels : Labels
    comments : DataFrame
        Index: id as shown. Columns: those of ``report/headings_ja.tsv`` the profile allows (values in
        English, evidence as words), then the attributes. ``text`` is what may be read.
    spans : Series of list
        Per shown comment ``(start, end, label)`` of the evidence, offsets in the shown text.
    attributes : list of str
    tables : dict of str to Table
        Small cells hidden.
    groups : Groups
        Kinds and 記入率 by attribute, small groups and cells hidden.
    topics : tuple of Topic
    accounting : tuple of Account
        Where every row of the file went (全件収支).
    review : dict of str to DataFrame
        ``legal``, ``personal``, ``held``: lists to be looked at (may be empty or absent).
    sentences : dict of str to str
        The sentences every report carries (domain.md C6).
    method : list of (str, str)
        Where the numbers come from.
    counts : dict of str to int
        ``rows, read, units, legal, urgent, held, third_party, sensitive, hidden_cells, withheld …``.
    """

    profile: Profile
    labels: Labels
    comments: pd.DataFrame
    spans: pd.Series
    attributes: list[str]
    tables: dict[str, Table]
    groups: Groups
    topics: tuple[Topic, ...]
    accounting: tuple[Account, ...]
    review: dict[str, pd.DataFrame]
    sentences: dict[str, str]
    method: list[tuple[str, str]]
    counts: dict[str, int]

    @property
    def topic_names(self) -> dict[str, str]:
        """Label of each topic by its number."""
        return {topic.topic: topic.label for topic in self.topics}


def apply_profile(analysis: Any, profile: str | Profile = "担当内") -> View:
    """Return what a profile may show of an analysis.

    Parameters
    ----------
    analysis : Analysis
    profile : str or Profile
        A ``Profile`` is taken as it is (for an office that decided its own rules in code).

    Returns
    -------
    View

    Raises
    ------
    ParameterError
        There is no such profile.
    ParameterError
        Two attributes have one name, or the values of one are lists.
    DisclosureError
        What would be written breaks the profile's own rules, or ids that are shown name people.

    Notes
    -----
    The analysis is made on the original; only what leaves is masked, withheld or counted away. Rows
    that were not read (too long, failed) were not checked for personal data either, so their words stay
    inside (not checked is not clean).

    Misses: the list of comments in 庁内共有 lets a reader count kinds and polarities again (hiding small
    cells there protects tables that are copied out of the file); whatever the finder of personal data
    misses stands in the shared text; therefore L3 comments are withheld whole from 庁内共有, and 公表 is a
    candidate until a person has read it.

    References
    ----------
    domain.md M11, M18, P01–P03, P09, K66, C4.
    """
    rules = load_profile(profile) if isinstance(profile, str) else profile
    analysis = _with_text_headings(analysis)
    if rules.mask != "none":
        analysis = without_named(analysis)
    _check_attributes(analysis.comments, analysis.attributes)
    _check_ids(analysis.comments.index, rules)
    comments = analysis.comments
    labels = Labels(dict(zip(analysis.departments["code"], analysis.departments["name"], strict=True)))
    personal = personal_rows(analysis.findings)
    masked = without_overlap(to_mask(personal, rules.mask))
    raw = comments["text"].fillna("").astype(object)
    shown = mask_texts(raw, masked, districts() if rules.mask == "identify" else None) if rules.mask != "none" else raw
    agreed = consent(comments, analysis.attributes)
    may_read = _may_be_read(comments, rules, agreed)
    why = _withheld(comments, analysis.attributes, rules, left_over(shown, raw, masked), _telling(shown[may_read], rules))
    own = own_kinds(analysis) if rules.mask == "none" else comments.iloc[:, :0]
    plain, counted = build_tables(analysis, own), count_groups(analysis, rules, own)
    hidden, n_hidden = hide_small_cells(plain | counted.tables, rules.min_cell, _looser_cells(rules), counted.together)
    tables = {name: hidden[name] for name in plain}
    counts = _counts(analysis, personal, why, agreed, may_read, n_hidden)
    listed = may_read & why.eq("") if rules.needs_consent else pd.Series(True, index=comments.index)
    frame, spans = _list_of_comments(analysis, rules, labels, shown, masked, why, listed, own)
    new_ids = dict(zip(comments.index[listed.to_numpy()], frame.index, strict=True)) if not rules.renumber else {}
    if rules.renumber:
        frame, spans = _renumbered(frame, spans)
        new_ids = dict(zip(frame.pop("was"), frame.index, strict=True))
    quotes = {old: (new, str(frame.at[new, "text"])) for old, new in new_ids.items() if frame.at[new, "text"] not in (WITHHELD, UNREAD)}
    view = View(
        profile=rules, labels=labels, comments=frame, spans=spans,
        attributes=[c for c in frame.columns if c in set(analysis.attributes)],
        tables=tables, groups=show_groups(counted, hidden),
        topics=show_topics(analysis, tables, rules, shown[why.eq("")], listed, quotes),
        accounting=row_accounts(analysis, labels, rules), review=_review(analysis, frame, rules, labels, personal),
        sentences=carried_sentences(analysis, rules, counts, has_consent=agreed is not None),
        method=method_rows(analysis, rules, counts, left_out_attributes(comments, analysis.attributes, rules)), counts=counts,
    )  # fmt: skip
    check_view(view)
    return view


def _with_text_headings(analysis: Any) -> Any:
    """Return an analysis whose columns are named by words: a table made in code may number them (0, 1, 2)."""
    if all(isinstance(name, str) for name in [*analysis.comments.columns, *analysis.attributes]):
        return analysis
    changed = copy.copy(analysis)
    changed.comments = analysis.comments.set_axis([str(name) for name in analysis.comments.columns], axis=1)
    changed.attributes = [str(name) for name in analysis.attributes]
    return changed


def _check_attributes(comments: pd.DataFrame, attributes: list[str]) -> None:
    """Refuse attributes that cannot be counted, before anything else fails on them."""
    columns = list(comments.columns)
    twice = sorted({name for name in attributes if columns.count(name) > 1 or attributes.count(name) > 1})
    if twice:
        raise ParameterError(f"属性の列「{'」「'.join(twice)}」が二つ以上あります。列の名前を一つずつ違うものにして、analyze をやり直してください。")
    listed = [name for name in attributes if any(map(pd.api.types.is_list_like, comments[name]))]
    if listed:
        raise ParameterError(f"属性の列「{'」「'.join(listed)}」に、一覧（list など）の値があります。一つのセルに一つの文字か数を入れて、analyze をやり直してください。")


def _check_ids(ids: pd.Index, rules: Profile) -> None:
    """Refuse ids that name people where the profile shows them to others."""
    telling = [] if rules.mask == "none" or rules.renumber else telling_ids(ids)
    if telling:
        raise DisclosureError(
            f"番号の列に、氏名・メールアドレス・電話番号のおそれがあるものが {len(telling)} 件あり、「{rules.name}」では番号がそのまま出ます。何も書き出していません。\n"
            "番号だけの列を番号の列に選んで analyze をやり直すか、textlens share の --key で仮の番号に替えてください。"
        )


def _looser_cells(rules: Profile) -> list[int]:
    """Return ``min_cell`` of the profiles that show more, widest first."""
    known = rules.name in schema.PROFILES
    return [load_profile(p).min_cell for p in schema.PROFILES[: schema.PROFILES.index(rules.name)]] if known else []


def check_view(view: View) -> None:
    """Look once more at what would leave: sums, and the report's own words (domain.md P01); the totals of the accounting may be small.

    Raises
    ------
    DisclosureError
        A hidden number can be derived, a small number is shown, or the report says what it may not say.
    """
    check_words([*view.sentences.values(), view.profile.title, view.profile.stamp, *(h.heading for h in headings(view.profile.name))])
    tables = [*view.tables.values(), *view.groups.tables.values()]
    told = told_anyway([e for t in tables for e in t.equations()], {key for t in tables for key in t.values()})
    small = [t.title for t in tables if any(0 < n < view.profile.min_cell for key, n in t.values().items() if key not in told)]
    if small or derivable(tables):
        raise DisclosureError(
            f"「{view.profile.name}」で {view.profile.min_cell} 未満の数が表に残るか、差し引きで分かります"
            f"（{'、'.join(small) or '差し引き'}）。書き出していません。min_cell を見直してください。"
        )


def _may_be_read(comments: pd.DataFrame, rules: Profile, agreed: pd.Series | None) -> pd.Series:
    """Return which comments the profile may show in their words if nothing in them speaks against it."""
    if not rules.needs_consent:
        return pd.Series(True, index=comments.index)
    if agreed is None:
        return pd.Series(False, index=comments.index)
    return agreed.eq("可") & ~comments["status"].isin(["blank", "no_content"])


def _telling(shown: pd.Series, rules: Profile) -> set[object]:
    """Return the comments that still tell what hardly anybody shares, after the replacing (textlens review: 一人に絞れる回答)."""
    return set(rare_in_text(shown)["id"]) if rules.checks_rare and len(shown) else set()


def _withheld(comments: pd.DataFrame, attributes: list[str], rules: Profile, left: set[object], telling: set[object]) -> pd.Series:
    """Return why a comment is not shown in its words: '', ``risk``, ``unread``, ``region``, ``rare``, ``left``."""
    why = pd.Series("", index=comments.index, dtype=object)
    if rules.mask == "none":
        return why
    if rules.checks_region:
        why[speaks_ill_of_a_district(comments, attributes)] = "region"
    why[comments.index.isin(telling)] = "rare"
    why[comments.index.isin(left)] = "left"
    why[comments["risk_level"].fillna(3).gt(rules.max_risk)] = "risk"
    why[comments["status"].isin(["too_long", "failed"])] = "unread"
    return why


def _list_of_comments(
    analysis: Any, rules: Profile, labels: Labels, shown: pd.Series, masked: pd.DataFrame, why: pd.Series, listed: pd.Series,
    own: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the list of comments with the columns the profile allows, and the spans of the evidence."""
    raw = analysis.comments["text"].fillna("").astype(object)
    columns, findings = evidence_columns(analysis, labels, masked, set(why.index[why.ne("")]))
    frame = analysis.comments.join(columns)
    frame["kinds"] = with_own_kinds(columns["kinds"], own)
    frame["text"] = [_in_place_of(w) or printable(t)[0] for w, t in zip(why, shown, strict=True)]
    frame["topic"] = [pd.NA if pd.isna(t) else str(int(t)) for t in frame["topic"]] if "topic" in frame else pd.NA
    frame["demand"], frame["legal_check"] = _demand_and_law(frame)
    unsaid = frame["status"].ne("ok")
    for name in ("polarity", "department", "actor", "target"):
        frame[name] = frame[name].astype(object).mask(unsaid, "")
    spans = _spans(raw, shown, frame["text"], masked, findings)
    allowed = [h.name for h in headings(rules.name) if h.name in frame.columns]
    attributes = shown_attributes(analysis.comments, analysis.attributes, rules)
    frame = frame[allowed].join(attributes[[c for c in attributes if c not in allowed]])
    keep = listed.to_numpy()
    return frame[keep], spans[keep]


def _in_place_of(why: str) -> str:
    return {"": "", "unread": UNREAD}.get(why, WITHHELD)


def _demand_and_law(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    asks = frame["is_request"].fillna(False).to_numpy(bool) | frame["implied_request"].fillna(False).to_numpy(bool)
    law = np.where(frame["legal_check"].fillna(False).to_numpy(bool), "check", "none")
    read = frame["status"].eq("ok").to_numpy()
    return np.where(read, np.where(asks, "demand", "view"), ""), np.where(read, law, "")


def _spans(raw: pd.Series, shown: pd.Series, final: pd.Series, masked: pd.DataFrame, findings: pd.DataFrame) -> pd.Series:
    """Return the evidence of each comment as spans of the text that is shown."""
    by_id: dict[object, list[tuple[int, int, str]]] = {}
    for row_id, start, end, label in zip(findings["id"], findings["start"], findings["end"], findings["label"], strict=True):
        by_id.setdefault(row_id, []).append((int(start), int(end), str(label)))
    hidden: dict[object, list[tuple[int, int]]] = {}
    for row_id, start, end in zip(masked["id"], masked["start"], masked["end"], strict=True):
        hidden.setdefault(row_id, []).append((int(start), int(end)))
    found = []
    for row_id, text, masked_text, last in zip(raw.index, raw, shown, final, strict=True):
        spans = by_id.get(row_id, [])[:MAX_SPANS]
        if row_id in hidden:
            spans = move_spans(text, masked_text, hidden[row_id], spans)
        found.append([] if last in (WITHHELD, UNREAD) else without_returns(masked_text, sorted(set(spans))))
    return pd.Series(found, index=raw.index, dtype=object)


def _renumbered(frame: pd.DataFrame, spans: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Give new ids in an order that does not follow the file: by kind, then by the words."""
    order = sorted(range(len(frame)), key=lambda i: (schema.MAIN_INTENTS.index(frame["intent"].iloc[i] or "none"), frame["text"].iloc[i]))
    new = [f"P{n:04d}" for n in range(1, len(order) + 1)]
    sorted_frame = frame.iloc[order].assign(was=frame.index[order])
    return sorted_frame.set_axis(new, axis=0), spans.iloc[order].set_axis(new)


def _counts(
    analysis: Any, personal: pd.DataFrame, why: pd.Series, agreed: pd.Series | None, may_read: pd.Series, n_hidden: int
) -> dict[str, int]:
    comments, read = analysis.comments, read_rows(analysis)
    third = personal[personal["subject"].isin(schema.THIRD_PARTIES)]
    sensitive = third[third["type"].isin(["health", "disability", "family_circumstance", "crime", "beliefs"])]
    written = comments["status"].isin(["ok", "too_long", "failed"])
    return {
        "rows": len(comments), "read": len(read), "written": int(written.sum()), "units": int(analysis.units["id"].isin(read.index).sum()),
        "legal": int(read["legal"].eq("check").sum()), "urgent": int(read["urgent"].fillna(False).sum()),
        "held": int(read["held"].fillna(False).sum()), "third_party": int(third["id"].nunique()),
        "sensitive": int(sensitive["id"].nunique()), "hidden_cells": n_hidden,
        "withheld": int((may_read & why.ne("")).sum()), "published": int((may_read & why.eq("")).sum()),
        "consented": int((agreed.eq("可") & written).sum()) if agreed is not None else 0,
        "refused": int((agreed.eq("不可") & written).sum()) if agreed is not None else 0,
        "unknown": int((agreed.eq("未確認") & written).sum()) if agreed is not None else 0,
        "control": sum(printable(t)[1] for t in comments["text"].fillna("")),
    }  # fmt: skip


def _surest_first(rows: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Sort 急ぎ before the rest, and in both what a combination of words flagged before what only weak signs add up to."""
    flags = findings["label"].eq("urgent") | findings["label"].astype(str).str.startswith(LEGAL)
    sure = rows.index.isin(findings.loc[flags & findings["score"].ge(1), "id"])
    order = np.lexsort((rows["legal_check"].astype(str), ~sure, ~rows["urgent"].fillna(False).astype(bool).to_numpy()))
    return rows.iloc[order]


def _review(analysis: Any, frame: pd.DataFrame, rules: Profile, labels: Labels, personal: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the lists a person has to look at."""
    if not rules.review_lists:
        return {}
    comments = analysis.comments
    read = comments["status"].eq("ok")
    legal = read & (comments["legal_check"].fillna(False) | comments["urgent"].fillna(False)).astype(bool)
    unread = comments["status"].isin(["too_long", "failed"])
    found = {
        "legal": _surest_first(frame[legal.to_numpy()], analysis.findings),
        "held": frame[(read & comments["held"].fillna(False).astype(bool) | unread).to_numpy()],
    }
    if rules.personal_list:
        found["personal"] = personal_list(analysis, personal, labels)
    return found


