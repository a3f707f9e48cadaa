"""What a person may correct, and how the values are written: in the words of the report or in ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textlens import schema
from textlens.errors import InputFileError
from textlens.intent.own_labels import NAMES, our_names
from textlens.office.tables import is_missing
from textlens.resources import made_from
from textlens.rules import read_table
from textlens.text.normalize import normalize

_WORDS = "office/corrections.tsv"
_CHOICES = {"intent": schema.MAIN_INTENTS, "polarity": schema.POLARITIES, "actor": schema.ACTORS, "target": schema.TARGETS}
_ALLOWED: Mapping[str, tuple[str, ...]] = {**_CHOICES, "third_party": schema.THIRD_PARTIES}
_NUMBERS = {"risk_level": int, "sentiment": float, "topic": int}
FIELDS = (*_CHOICES, *schema.BOOL_COLUMNS, "department", *schema.LIST_COLUMNS, *_NUMBERS)
"""Columns a person may correct; ``text`` and ``status`` never."""
_YES, _NO = ("true", "はい", "1", "○", "yes"), ("false", "いいえ", "0", "×", "no", "")
_LEGAL = {"check": "true", "none": "false"}
"""Values of the report's 法的対応 → of the column ``legal_check``."""


def parse_value(field: str, value: str, where: str = "修正", codes: Mapping[str, str] | None = None) -> Any:
    """Turn the written form of a label into its value.

    Codes of 課 are not checked here (see :func:`~textlens.office.corrections.apply_corrections`); ``codes`` are those of the
    names that may stand for them (see :func:`codes_by_name`).

    Raises
    ------
    InputFileError
        The field cannot take the value; the message begins with ``where`` and names what is allowed, never the value.

    Examples
    --------
    >>> parse_value("departments", "D44、D23"), parse_value("is_request", "はい")
    (('D44', 'D23'), True)
    """
    words = _values(field)
    cell = words.get(value.strip(), value.strip())
    called = f"{where}: 「{field_word(field)}」"
    if field in schema.BOOL_COLUMNS:
        if cell.lower() in _YES or cell.lower() in _NO:
            return cell.lower() in _YES
        others = "".join(f"・{word}" for word in words)
        raise InputFileError(f"{called}は はい・いいえ{others}（または true・false）で書いてください。")
    if field in _CHOICES:
        return _one_of(field, our_names([cell]).get(cell, cell) if field == "intent" and cell not in schema.MAIN_INTENTS else cell, words, called)
    if field in schema.LIST_COLUMNS:
        parts = [part.strip() for part in cell.replace(",", "、").split("、") if part.strip()]
        return tuple(dict.fromkeys(_code(part, codes) if field == "departments" else _one_of(field, words.get(part, part), words, called) for part in parts))
    if field in _NUMBERS:
        try:
            return _NUMBERS[field](cell)
        except ValueError:
            raise InputFileError(f"{called}は数で書いてください。") from None
    if not cell:
        raise InputFileError(f"{called}が空です。課のコードか名前を書いてください。")
    return _code(cell, codes)


def _one_of(field: str, cell: str, words: Mapping[str, str], called: str) -> str:
    if cell not in _ALLOWED[field]:
        several = "（いくつもあるときは「、」で区切る）" if field in schema.LIST_COLUMNS else ""
        raise InputFileError(f"{called}は {'、'.join(words) or '、'.join(_ALLOWED[field])} のどれかで書いてください{several}。")
    return cell


def _code(cell: str, codes: Mapping[str, str] | None = None) -> str:
    """Return the code of 「D44 水道課」 as reports write it, or of the name alone."""
    return (codes or {}).get(normalize(cell).text.strip()) or next(iter(cell.split(maxsplit=1)), cell)


def codes_by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Return the code of each name that only one 課 has, from code → name; a code stands for itself.

    Examples
    --------
    >>> codes_by_name({"D1": "図書館", "D2": "窓口", "D3": "窓口"})
    {'図書館': 'D1', 'D1': 'D1', 'D2': 'D2', 'D3': 'D3'}
    """
    plain = [normalize(name).text.strip() for name in names.values()]
    unique = {name: code for name, code in zip(plain, names, strict=True) if name and plain.count(name) == 1}
    return unique | {code: code for code in names}


@made_from(_WORDS, NAMES)
def _tables() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return Japanese name → field, and of each field Japanese word → value."""
    rows = [(row["field"], row["words"], row.get("group", "")) for row in read_table(_WORDS)]
    names = [(row["id"], row["label"]) for row in read_table(NAMES) if "." in row["id"]]
    ours = {word: field for field, words, _ in rows for word in words.split("、")}
    values = {field: {label: key.split(".", 1)[1] for key, label in names if group and key.startswith(f"{group}.")} for field, _, group in rows}
    values["legal_check"] = {word: _LEGAL[value] for word, value in values.get("legal_check", {}).items() if value in _LEGAL}
    return ours, {field: {w: v for w, v in found.items() if field not in _ALLOWED or v in _ALLOWED[field]} for field, found in values.items()}


def our_fields() -> dict[str, str]:
    """Return Japanese name of a field → field."""
    return _tables()[0]


def field_word(field: str) -> str:
    """Return what the report calls a field.

    Examples
    --------
    >>> field_word("intent"), field_word("legal_check")
    ('主な種別', '法的対応')
    """
    return next((word for word, name in our_fields().items() if name == field), field)


def _values(field: str) -> dict[str, str]:
    """Return Japanese value → value of a field."""
    return _tables()[1].get(field, {})


def write_value(value: object) -> str:
    """Return the written form of a label (the way back of :func:`parse_value`)."""
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    if is_missing(value):
        return ""
    return str(value).lower() if str(value) in ("True", "False") else str(value)
