"""What follows from a correction: the columns that hang on the corrected one stay in step with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import pandas as pd

from textlens import schema
from textlens.errors import InputFileError
from textlens.office.correction_values import field_word
from textlens.office.tables import is_missing

_CODE = re.compile(r"[0-9A-Za-z_.-]{1,8}")
_FLAGS = {f"is_{name}": name for name in schema.INTENTS}


def check_codes(field: str, value: Any, known: Collection[str], where: str) -> None:
    """Refuse a 課 that is not in the 組織表 of this run.

    Raises
    ------
    InputFileError
        The message names row and field, and of the value only what looks like a code.
    """
    named = (value,) if field == "department" else value if field == "departments" else ()
    unknown = [code for code in named if code not in known]
    if unknown:
        shown = "、".join(code for code in unknown if _CODE.fullmatch(code))  # anything longer may be a citizen's words
        raise InputFileError(
            f"{where}: 「{field_word(field)}」の課コード{f'（{shown}）' if shown else ''}か課の名前が、使った組織表にありません。"
            f"組織表のコードか名前（同じ名前の課がほかにないとき）、または {'・'.join(schema.OUTSIDE)} を書いてください。"
            "組織が変わったときは textlens check --old-departments で変わった課を確かめて直してください。"
        )


class Steps:
    """The columns under correction and what was corrected in each row.

    Parameters
    ----------
    frame : DataFrame
        The comments; not changed.
    columns : dict of str to list
        Values of the columns that change, filled as corrections are followed.
    """

    def __init__(self, frame: pd.DataFrame, columns: dict[str, list[Any]]) -> None:
        self._frame = frame
        self._columns = columns
        self._corrected: dict[int, set[str]] = {}

    def follow(self, field: str, value: Any, at: int) -> None:
        """Note that a field of a row was corrected, and keep the 課 in step."""
        self._corrected.setdefault(at, set()).add(field)
        if field == "department":
            others = () if value == "X0" else self._column("departments")[at] or ()
            self._column("departments")[at] = (value, *(code for code in others if code not in (value, "X0")))
            self._column("held")[at] = False
        elif field == "departments" and value:
            self._column("department")[at] = value[0]
            self._column("held")[at] = False

    def settle(self) -> None:
        """Bring main kind and kinds of each corrected row together, after all corrections."""
        for at, fields in self._corrected.items():
            if "intent" in fields:
                self._obey(at, fields)
            elif not fields.isdisjoint(_FLAGS) and "intent" in self._frame:
                self._choose(at)

    def _column(self, name: str) -> list[Any]:
        if name not in self._columns and name in self._frame:
            self._columns[name] = self._frame[name].tolist()
        return self._columns.get(name, [None] * len(self._frame))

    def _obey(self, at: int, fields: set[str]) -> None:
        """Let the kinds follow the main kind that a person chose."""
        kind = self._column("intent")[at]
        if kind != schema.NONE:
            self._column(f"is_{kind}")[at] = True
            return
        for name in _FLAGS:
            self._column(name)[at] = False
        if "implied_request" not in fields:
            self._column("implied_request")[at] = False

    def _choose(self, at: int) -> None:
        """Let the main kind follow the kinds: it stays if it holds, else the likeliest that does, else ``none``."""
        held = {kind: self._column(name)[at] for name, kind in _FLAGS.items() if name in self._frame}
        main = self._column("intent")[at]
        holding = [kind for kind, value in held.items() if not is_missing(value) and bool(value)]
        if main in holding or (main in schema.INTENTS and main not in held):
            return
        if holding:
            self._column("intent")[at] = max(holding, key=lambda kind: self._likely(kind, at))
        elif not any(is_missing(value) for value in held.values()):
            self._column("intent")[at] = schema.NONE

    def _likely(self, kind: str, at: int) -> float:
        value = self._frame[f"p_{kind}"].iloc[at] if f"p_{kind}" in self._frame else None
        return -1.0 if is_missing(value) else float(value)  # type: ignore[arg-type]
