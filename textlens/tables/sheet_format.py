"""What Excel shows for a number or a date: 7 with the format 0000 is ``0007``."""

from __future__ import annotations

import datetime as dt
import re

BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "ge.m.d",
    28: 'ggge"年"m"月"d"日"', 29: 'ggge"年"m"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"', 33: 'h"時"mm"分"ss"秒"', 34: 'yyyy"年"m"月"', 35: 'm"月"d"日"', 36: "ge.m.d",
    45: "mm:ss", 46: "[h]:mm:ss", 50: "ge.m.d", 51: 'ggge"年"m"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'ggge"年"m"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: "ge.m.d",
    58: 'ggge"年"m"月"d"日"',
}
"""Number formats Excel leaves out of the file, as Japanese Excel shows them (ECMA-376 §18.8.30)."""

_ERAS = ((dt.date(2019, 5, 1), "令和", "R"), (dt.date(1989, 1, 8), "平成", "H"),
         (dt.date(1926, 12, 25), "昭和", "S"), (dt.date(1912, 7, 30), "大正", "T"),
         (dt.date(1868, 10, 23), "明治", "M"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = "月火水木金土日"
_TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"|\\(?P<escaped>.)|\[\$?-?[^\]hms]*\]|\[(?P<elapsed>h+|m+|s+)\]|[_*].'
    r"|(?P<noon>AM/PM|A/P)|(?P<code>y+|m+|d+|h+|s+(?:\.0+)?|g+|e+|a{3,4})|(?P<other>.)",
    re.IGNORECASE | re.DOTALL)
_CORE = re.compile(r"[#0?,]*[#0?](?:\.[0#?]+)?")

Timed = dt.date | dt.datetime | dt.time | dt.timedelta


def shown_number(value: float, code: str | None = None) -> str:
    """Return a number as a person sees it: no trailing ``.0``, leading zeros of its format kept.

    Thousands separators and rounding are left out on purpose: the figure stays whole.

    Examples
    --------
    >>> shown_number(123.0), shown_number(123.0, "00000"), shown_number(65.0, '0"歳"')
    ('123', '00123', '65歳')
    >>> shown_number(0.5, "0%"), shown_number(0.1 + 0.2), shown_number(90312345678.0)
    ('50%', '0.3', '90312345678')
    """
    section = (code or "General").split(";")[0]
    percent = "%" in section and '"%' not in section
    figure = value * 100 if percent else value
    whole = float(figure).is_integer() and abs(figure) < 1e21
    plain = str(int(figure)) if whole else f"{figure:.15g}"
    if percent:
        return plain + "%"
    if not whole or value < 0 or section in ("General", "@") or "E+" in section:
        return plain
    pieces = [(m.group("literal") or m.group("escaped") or "", m.group("other") or m.group("code") or "")
              for m in _TOKEN.finditer(section)]
    marked = "".join("\0" * len(literal) if literal else other for literal, other in pieces)
    text = "".join(literal or other for literal, other in pieces)
    core = _CORE.search(marked)
    if core is None or _CORE.search(marked, core.end()) or "/" in marked:
        return plain
    zeros = core.group().split(".")[0].count("0")
    return text[: core.start()] + plain.zfill(zeros) + text[core.end():].rstrip()


def _era(date: dt.date, marks: int) -> str:
    for first, name, letter in _ERAS:
        if date >= first:
            return {1: letter, 2: name[0]}.get(marks, name)
    return ""


def _year_of_era(date: dt.date) -> int:
    for first, _, _ in _ERAS:
        if date >= first:
            return date.year - first.year + 1
    return date.year


def _clock(value: Timed) -> tuple[dt.date, int, int, int]:
    if isinstance(value, dt.datetime):
        return value.date(), value.hour, value.minute, value.second
    if isinstance(value, dt.date):
        return value, 0, 0, 0
    if isinstance(value, dt.time):
        return dt.date(1899, 12, 31), value.hour, value.minute, value.second
    seconds = int(value.total_seconds())
    return dt.date(1899, 12, 31), seconds // 3600, seconds // 60 % 60, seconds % 60


def shown_date(value: Timed, code: str | None = None) -> str:
    """Return a date or time as a person sees it.

    Examples
    --------
    >>> shown_date(dt.date(2026, 3, 1)), shown_date(dt.datetime(2026, 3, 1, 9, 5))
    ('2026/3/1', '2026/3/1 9:05')
    >>> shown_date(dt.date(2026, 3, 1), 'm"月"d"日"'), shown_date(dt.date(2026, 3, 1), 'ggge"年"m"月"')
    ('3月1日', '令和8年3月')
    """
    date, hour, minute, second = _clock(value)
    if code is None or code in ("General", "@"):
        time = f"{hour}:{minute:02d}" + (f":{second:02d}" if second else "")
        if isinstance(value, dt.datetime):
            return f"{date.year}/{date.month}/{date.day} {time}"
        return f"{date.year}/{date.month}/{date.day}" if isinstance(value, dt.date) else time
    section = code.split(";")[0]
    found = list(_TOKEN.finditer(section))
    twelve = any(m.group("noon") for m in found)
    shown: list[str] = []
    previous = ""
    for number, match in enumerate(found):
        mark = (match.group("elapsed") or match.group("code") or "").lower()
        if match.group("noon"):
            shown.append("AM" if hour < 12 else "PM")
        elif match.group("elapsed"):
            total = {"h": hour, "m": hour * 60 + minute, "s": (hour * 60 + minute) * 60 + second}[mark[0]]
            shown.append(str(total))
        elif mark:
            following = next((m.group("code") for m in found[number + 1:] if m.group("code")), "") or ""
            is_minute = mark[0] == "m" and len(mark) <= 2 and (previous == "h" or following.lower().startswith("s"))
            shown.append(_part(mark, is_minute, date, hour % 24, minute, second, twelve))
        else:
            shown.append(match.group("literal") or match.group("escaped") or match.group("other") or "")
        if mark:
            previous = mark[0]
    return "".join(shown).strip()


def _part(mark: str, is_minute: bool, date: dt.date, hour: int, minute: int, second: int, twelve: bool) -> str:
    letter, width = mark[0], len(mark)
    if letter == "m" and not is_minute and width >= 3:
        return _MONTHS[date.month - 1]
    if letter == "d" and width >= 3:
        return date.strftime("%a" if width == 3 else "%A")
    if letter == "a":
        return _WEEKDAYS[date.weekday()] + ("曜日" if width == 4 else "")
    if letter == "g":
        return _era(date, width)
    if letter == "y":
        return str(date.year) if width >= 3 else f"{date.year % 100:02d}"
    if letter == "h" and twelve:
        hour = (hour - 1) % 12 + 1
    figures = {"m": minute if is_minute else date.month, "d": date.day, "h": hour, "s": second, "e": _year_of_era(date)}
    return f"{figures[letter]:0{min(width, 2)}d}"
