"""What the 課 said: counts by state, what is overdue, what nobody took, what two took, and the results to publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from textlens.office.corrections import COLUMNS
from textlens.office.layout import MOVED, states
from textlens.rules import read_table
from textlens.schema import OUTSIDE

_NO_ANSWER = "未記入"
_TAKEN, _NOT_NEEDED = "要", "不要"


def contradictions() -> frozenset[tuple[str, str]]:
    """Return the pairs of 対応要否 and 状態 that cannot both be true of one row (``office/states.tsv``)."""
    rows = read_table("office/states.tsv")
    return frozenset((needed, row["state"]) for row in rows for needed in row.get("against", "").split("、") if needed)


@dataclass(frozen=True)
class Collected:
    """Result of :func:`~textlens.office.collect.collect`.

    Attributes
    ----------
    changes : DataFrame
        One row per cell a 課 filled in or changed: ``file, sheet, row, id, department, column, old, new``.
    problems : DataFrame
        ``file, sheet, row, id, kind, message``; rows are those of the sheet as opened, missing where the file or the sheet is meant.
    answers : DataFrame
        One row per row handed out: ``id, department, due, needed, policy, state, moved_to, done, person,
        returned, file, sheet``. ``returned``: the row came back, in a book in which the 課 wrote something.
    names : dict of str to str
        Code → name of each 課, as the files and their list of choices call it.
    """

    changes: pd.DataFrame
    problems: pd.DataFrame
    answers: pd.DataFrame
    names: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Collected {len(self.answers)} rows, {len(self.changes)} changes, {len(self.problems)} problems>"

    def state_counts(self) -> pd.DataFrame:
        """Return 課 × state counts; the total is the number of rows handed out."""
        state = self.answers["state"].where(self.answers["state"] != "", _NO_ANSWER)
        table = pd.crosstab(self.answers["department"], state)
        wanted = [s for s in (*states(), _NO_ANSWER) if s in table]
        return table[wanted].assign(計=table.sum(axis=1))

    def overdue(self, today: date) -> pd.DataFrame:
        """Return rows past their due date that are neither closed, 不要 nor handed on; nobody answers for X0 … X4."""
        closed = {state for state, (_, done) in states().items() if done}
        part = self._inside()
        waiting = ~part["state"].isin(closed) & ~part["needed"].isin([_NOT_NEEDED, MOVED])
        late = part["due"] < today.isoformat()
        table = part[waiting & late].copy()
        table["days"] = [(today - date.fromisoformat(d)).days for d in table["due"]]
        return table[["id", "department", "due", "days", "needed", "state", "returned"]].reset_index(drop=True)

    def untaken(self) -> pd.DataFrame:
        """Return comments no 課 took: every 課 said 不要 or 他課へ, or nobody answered (``why``)."""
        rows = []
        for key, part in self._inside().groupby("id", sort=False):
            said = set(part["needed"])
            if _TAKEN in said or (part["state"] != "").any():
                continue
            why = "回答なし" if said == {""} else "全課が不要・他課へ" if "" not in said else "一部の課が未回答"
            rows.append((key, "、".join(part["department"]), "、".join(m for m in part["moved_to"] if m), why))
        return pd.DataFrame(rows, columns=["id", "departments", "moved_to", "why"])

    def taken_twice(self) -> pd.DataFrame:
        """Return comments that two or more 課 said they take."""
        part = self._inside()
        part = part[part["needed"] == _TAKEN]
        rows = [(key, "、".join(p["department"])) for key, p in part.groupby("id", sort=False) if len(p) > 1]
        return pd.DataFrame(rows, columns=["id", "departments"])

    def conflicts(self) -> pd.DataFrame:
        """Return comments on which 課 contradict each other: 要 against 不要 or 他課へ, or different states.

        A 課 that moved the comment to the only one that takes it contradicts nobody.
        """
        rows = []
        for key, part in self._inside().groupby("id", sort=False):
            takers = part.loc[part["needed"] == _TAKEN, "department"].tolist()
            agrees = (part["needed"] == MOVED) & _moved_to(part).isin(takers if len(takers) == 1 else [])
            for name, label in (("needed", "対応要否"), ("state", "状態")):
                said = part[(part[name] != "") & ~(agrees & (name == "needed"))]
                if said[name].nunique() > 1:
                    rows.append((key, label, "、".join(f"{d}＝{v}" for d, v in zip(said["department"], said[name], strict=True))))
        return pd.DataFrame(rows, columns=["id", "column", "answers"])

    def results(self) -> pd.DataFrame:
        """Return the 反映結果 to publish, without any text: ``id, department, group, state, policy, done``.

        Only closed matters and those under way; ``policy`` was written by the 課 and must be read by a
        person before it is published.
        """
        known = states()
        said = self.answers[self.answers["state"].map(lambda s: bool(known.get(s, ("", False))[0]))]
        return said.assign(group=said["state"].map(lambda s: known[s][0]))[
            ["id", "department", "group", "state", "policy", "done"]
        ].reset_index(drop=True)

    def corrections(self, today: date) -> pd.DataFrame:
        """Return which 課 was the right one, as corrections of ``department`` (columns of ``corrections.COLUMNS``).

        A comment counts where exactly one 課 said it takes it (要), or where nobody did and all that moved it name
        the same 課; not where another 課 moved it elsewhere (or did not say where), where the chosen 課 itself refused, or
        where an answer contradicts itself: a person asks them first. Machine and people may agree: then it is a
        confirmation, and counts for the agreement rate.
        """
        rows, impossible = [], contradictions()
        for key, part in self._inside().groupby("id", sort=False):
            took, moved = part[part["needed"] == _TAKEN], part[part["needed"] == MOVED]
            said = took if len(took) else moved[moved["moved_to"] != ""]
            chosen = said["department"] if len(took) else _moved_to(said)
            if chosen.nunique() != 1 or not impossible.isdisjoint(zip(part["needed"], part["state"], strict=True)):
                continue
            code = chosen.iloc[0]
            refused = part["needed"].isin([_NOT_NEEDED, MOVED]) & (part["department"] == code)
            if refused.any() or (len(took) and (_moved_to(moved) != code).any()):
                continue
            who = "、".join(dict.fromkeys(said["person"].where(said["person"] != "", said["department"])))
            rows.append((key, "department", "", code, who, today.isoformat(), "返送: 要" if len(took) else "返送: 移送"))
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)

    def _inside(self) -> pd.DataFrame:
        return self.answers[~self.answers["department"].isin(list(OUTSIDE))]


def _moved_to(part: pd.DataFrame) -> pd.Series:
    """Return the code of the 課 that each row was moved to; '' where none is named."""
    return part["moved_to"].map(lambda said: next(iter(said.split()), ""))
