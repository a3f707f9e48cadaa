"""What the 課 said: counts by state, what is overdue, what nobody took, what two took, and the results to publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from textlens.office.corrections import COLUMNS
from textlens.office.layout import MOVED, states
from textlens.schema import OUTSIDE

_NO_ANSWER = "未記入"


@dataclass(frozen=True)
class Collected:
    """Result of :func:`~textlens.office.collect.collect`.

    Attributes
    ----------
    changes : DataFrame
        One row per cell a 課 filled in or changed: ``file, sheet, row, id, department, column, old, new``.
    problems : DataFrame
        ``file, sheet, row, id, kind, message``; rows are those of the sheet as opened, 0 = the sheet itself.
    answers : DataFrame
        One row per row handed out: ``id, department, due, needed, policy, state, moved_to, done, person,
        returned, file, sheet``.
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
        waiting = ~part["state"].isin(closed) & ~part["needed"].isin(["不要", MOVED])
        late = part["due"] < today.isoformat()
        table = part[waiting & late].copy()
        table["days"] = [(today - date.fromisoformat(d)).days for d in table["due"]]
        return table[["id", "department", "due", "days", "needed", "state", "returned"]].reset_index(drop=True)

    def untaken(self) -> pd.DataFrame:
        """Return comments no 課 took: every 課 said 不要 or 他課へ, or nobody answered (``why``)."""
        rows = []
        for key, part in self._inside().groupby("id", sort=False):
            said = set(part["needed"])
            if "要" in said or (part["state"] != "").any():
                continue
            why = "回答なし" if said == {""} else "全課が不要・他課へ" if "" not in said else "一部の課が未回答"
            rows.append((key, "、".join(part["department"]), "、".join(m for m in part["moved_to"] if m), why))
        return pd.DataFrame(rows, columns=["id", "departments", "moved_to", "why"])

    def taken_twice(self) -> pd.DataFrame:
        """Return comments that two or more 課 said they take."""
        part = self._inside()
        part = part[part["needed"] == "要"]
        rows = [(key, "、".join(p["department"])) for key, p in part.groupby("id", sort=False) if len(p) > 1]
        return pd.DataFrame(rows, columns=["id", "departments"])

    def conflicts(self) -> pd.DataFrame:
        """Return comments on which 課 contradict each other: 要 against 不要, or different states."""
        rows = []
        for key, part in self._inside().groupby("id", sort=False):
            for name, label in (("needed", "対応要否"), ("state", "状態")):
                said = part[part[name] != ""]
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
        the same 課. Machine and people may agree: then it is a confirmation, and counts for the agreement rate.
        """
        rows = []
        for key, part in self._inside().groupby("id", sort=False):
            took = part[part["needed"] == "要"]
            said = took if len(took) else part[(part["needed"] == MOVED) & (part["moved_to"] != "")]
            chosen = said["department"] if len(took) else said["moved_to"].str.split().str[0]
            if chosen.nunique() == 1:
                who = "、".join(dict.fromkeys(said["person"].where(said["person"] != "", said["department"])))
                rows.append((key, "department", "", chosen.iloc[0], who, today.isoformat(), "返送: 要" if len(took) else "返送: 移送"))
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)

    def _inside(self) -> pd.DataFrame:
        return self.answers[~self.answers["department"].isin(list(OUTSIDE))]
