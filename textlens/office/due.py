"""Due dates: so many working days from a start, with Japan's weekends, holidays and year-end closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from textlens.checks import whole_number


def is_working_day(day: date, closed: Iterable[date] = ()) -> bool:
    """Tell whether a Japanese office works on a day.

    Closed: Saturday, Sunday, 国民の祝日 (国民の祝日に関する法律, through ``jpholiday``), 12-29 to 01-03
    (行政機関の休日に関する法律 1 条 1 項 3 号; municipalities follow it by 条例), and days in ``closed``.

    Examples
    --------
    >>> is_working_day(date(2026, 5, 6)), is_working_day(date(2026, 5, 7))
    (False, True)
    """
    import jpholiday  # here: only due dates need the calendar

    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return not (day.weekday() >= 5 or year_end or jpholiday.is_holiday(day) or day in set(closed))


def due_date(start: date, working_days: int = 10, *, closed: Iterable[date] = ()) -> date:
    """Return the last day of a period of working days that begins on the day after ``start``.

    Parameters
    ----------
    start : date
        The day of handing out; not counted (初日不算入, 民法 140 条).
    working_days : int, default=10
        Ten is about the two weeks that 大阪市 gives itself.
    closed : iterable of date
        Further days on which the office is closed.

    Raises
    ------
    ParameterError
        ``working_days`` is no whole number of at least 1.

    Examples
    --------
    >>> due_date(date(2026, 4, 28), 3)
    datetime.date(2026, 5, 7)
    """
    shut = frozenset(closed)
    day, left = start, whole_number(working_days, "期限の日数", 1)
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, shut)
    return day
