"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from textlens.errors import ParameterError


def parse_date(text: str | None) -> date:
    """Return the date written as 2026-07-01; today where nothing is written."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"日付「{text}」が読めません。2026-07-01 の形で書いてください。") from None
