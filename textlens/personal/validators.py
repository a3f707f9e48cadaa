"""Checks that a number of the right shape can be what it looks like."""

from __future__ import annotations

import phonenumbers

_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def my_number_check_digit(digits: str) -> int:
    """Return the check digit that belongs to the first eleven digits of an 個人番号.

    Raises
    ------
    ValueError
        ``digits`` is not eleven digits.

    References
    ----------
    行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード並びに
    情報提供ネットワークシステムによる特定個人情報の提供等に関する省令（平成26年総務省令第85号）第5条.

    Examples
    --------
    >>> my_number_check_digit("12345678901")
    8
    """
    if len(digits) != 11 or not digits.isdecimal():
        raise ValueError("個人番号の検査用数字は、先頭の 11 桁から計算します。11 桁の数字を渡してください。")
    rest = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def my_number(value: str) -> bool | None:
    """Tell whether twelve digits pass the check (one in ten arbitrary numbers does); never ``False``.

    A wrong digit gives ``None`` (cannot tell): people copy numbers wrongly, and a miscopied number is
    still somebody's.
    """
    digits = "".join(c for c in value if c.isdecimal())
    return True if my_number_check_digit(digits[:11]) == int(digits[11]) else None


def phone(value: str) -> bool | None:
    """``True``: a number of the Japanese plan. ``None``: has the shape only. ``False``: cannot be one."""
    digits = "".join(c for c in value if c.isdecimal())
    if value.lstrip("(+").startswith("81"):
        digits = "0" + digits[2:]
    if not digits.startswith("0") or len(digits) not in (10, 11):
        return False
    if len(digits) == 11 and digits[:3] not in ("090", "080", "070", "060", "050", "020") and digits[:4] != "0800":
        return False
    try:
        number = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException:
        return None
    return True if phonenumbers.is_valid_number(number) else None


VALIDATORS = {"my_number": my_number, "phone": phone}
