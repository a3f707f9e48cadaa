"""Who gets which comment: the plan of a distribution, before any file is written."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from textlens import schema
from textlens.errors import AccountingError, ColumnNotFoundError, DisclosureError

UNASSIGNED, NOT_NEEDED, OUTSIDE_CITY, NOT_READ = "要振分", "課不要", "所管外", "未分析"
SHEETS = (UNASSIGNED, NOT_NEEDED, OUTSIDE_CITY, NOT_READ)
"""What no 課 has: a person decides; nobody needs to act; passed on; not analysed (too long, failed)."""


@dataclass
class Plan:
    """Rows per 課 (code → ids, in the order of the comments) and rows without one (sheet → ids)."""

    departments: dict[str, list[object]] = field(default_factory=dict)
    others: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in SHEETS})
    left_out: dict[str, int] = field(default_factory=dict)
    """Status → number of rows without content, which nobody gets."""


def plan_distribution(
    comments: pd.DataFrame, departments: pd.DataFrame, masked: pd.Series, *, send_held: bool = False, related: bool = True
) -> Plan:
    """Decide who gets each comment.

    Parameters
    ----------
    comments : DataFrame
        Columns ``status, department, departments, held``; index = id.
    departments : DataFrame
        ``code, name, organ``.
    masked : Series
        Masked text of every row handed out.
    send_held : bool
        Send comments a person should decide to their first candidate as well; otherwise they wait on the
        sheet 要振分.
    related : bool
        Send comments to 関係課, too.

    Raises
    ------
    ColumnNotFoundError, DisclosureError, AccountingError
        A column is missing; a row has no masked text; a row went nowhere (全件収支).
    """
    missing = [c for c in ("status", "department", "departments", "held") if c not in comments]
    if missing:
        raise ColumnNotFoundError(f"配布する表に {'、'.join(missing)} の列がありません。analyze の結果の comments を渡してください。")
    if comments.index.has_duplicates:
        raise AccountingError("受付番号が重なっています。番号を振り直してから配ってください。")
    plan = Plan({code: [] for code in departments["code"].astype(str)})
    columns = [comments[c].tolist() for c in ("status", "department", "departments", "held")]
    for key, status, main, codes, held in zip(comments.index, *columns, strict=True):
        if status in ("blank", "no_content"):
            plan.left_out[status] = plan.left_out.get(status, 0) + 1
            continue
        wanted = list(codes) if isinstance(codes, tuple | list) else [main]
        own = [code for code in (wanted if related else wanted[:1]) if code in plan.departments]
        if status != "ok":
            plan.others[NOT_READ].append(key)
        elif held is True or str(held) == "True":
            plan.others[UNASSIGNED].append(key)
            if send_held and own:
                plan.departments[own[0]].append(key)
        elif main == "X0":
            plan.others[NOT_NEEDED].append(key)
        else:
            for code in own:
                plan.departments[code].append(key)
            if main in schema.OUTSIDE:
                plan.others[OUTSIDE_CITY].append(key)
            elif not own:
                plan.others[UNASSIGNED].append(key)
    _check(plan, comments, masked)
    return plan


def _check(plan: Plan, comments: pd.DataFrame, masked: pd.Series) -> None:
    handed = {key for ids in (*plan.departments.values(), *plan.others.values()) for key in ids}
    if len(handed) + sum(plan.left_out.values()) != len(comments):
        raise AccountingError(f"配布先のない行があります（全 {len(comments)} 行、配布 {len(handed)} 行、中身なし {sum(plan.left_out.values())} 行）。")
    unread = set(plan.others[NOT_READ])
    ready = {key for key, text in zip(masked.index, masked.tolist(), strict=True) if isinstance(text, str)}
    bare = handed - unread - ready
    if bare:
        raise DisclosureError(f"伏せた本文のない行が {len(bare)} 行あります。原文は配れません。tl.mask で伏せた列を渡してください。")
