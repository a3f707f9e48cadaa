"""What the cells of an office's own dictionary may hold, column by column.

The shipped file says most of it: a column of numbers stays one, a column of 0 and 1 stays one, and a rule has one of the
labels in use. What its rows cannot tell stands here: which columns of plain tables hold names that the loaders must know,
where such a name may be left out, and which names come from another table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from textlens.resources import dictionary_path
from textlens.rules.cells import OWN, read_tsv
from textlens.rules.dictionary import own_path
from textlens.schema import OUTSIDE, PROFILES, SUBJECTS
from textlens.text.normalize import normalize

Problem = Callable[[str], str]
"""Says in Japanese what is wrong with a cell; '' if nothing is."""
NEEDED = "必ず書いてください。"
_FEW = 20
"""So many names are told one by one; of more of them those that are spelt nearly so."""


class Known(NamedTuple):
    """The names a column may hold.

    Attributes
    ----------
    of : tuple of str
        Where they stand: ``"file:column"``, of the office's own rows too; ``""``: the shipped rows of the column itself.
    words : tuple of str
        More names. Without ``of`` and ``words`` any name will do.
    empty : bool
        It may be left out.
    split : str
        What stands between several names.
    mark : str
        Only a cell that begins with it holds a name (behind it): one of a row whose own cell does not.
    """

    of: tuple[str, ...] = ("",)
    words: tuple[str, ...] = ()
    empty: bool = False
    split: str = ""
    mark: str = ""


_ANY, _SHIPPED, _OR_NONE = Known(()), Known(), Known(empty=True)
_MATTER = Known(("routing/concepts.tsv:concept",))
_LAW = Known(("facets/laws.tsv:key",))
_SIGNAL = Known(
    tuple(f"facets/{name}.tsv:label" for name in ("cues", "actors", "targets", "fault", "concrete", "signs")), split=" "
)
_SUBJECT = Known((), SUBJECTS, empty=True)
_CONSENT = Known((), ("可", "不可", "未確認"), empty=True)

COLUMNS: dict[str, dict[str, Known]] = {
    "facets/combinations.tsv": {
        "law": _LAW._replace(empty=True), "needs": _SIGNAL, "without": _SIGNAL._replace(empty=True), "scope": _SHIPPED,
    },
    "facets/concrete_model.tsv": {"feature": _SHIPPED},
    "facets/cues.tsv": {"label": Known(("", "facets/combinations.tsv:needs", "facets/combinations.tsv:without"))},
    "facets/lack_words.tsv": {"role": _SHIPPED},
    "facets/lacks.tsv": {"base": _ANY, "kind": _ANY, "stop": Known(("facets/lacks.tsv:kind",), empty=True, mark="=")},
    "facets/lenses/*": {"match": _OR_NONE, "sense": Known((), ("+", "-"), empty=True)},
    "facets/sign_laws.tsv": {"sign": Known(("facets/signs.tsv:label",)), "law": _LAW},
    "facets/stance.tsv": {"match": _SHIPPED},
    "facets/suspicion_model.tsv": {"feature": _SHIPPED},
    "intent/cues.tsv": {"cue": _OR_NONE},
    "intent/keywords.tsv": {"label": _SHIPPED},
    "intent/words.tsv": {"match": _OR_NONE},
    "office/columns.tsv": {"edit": _SHIPPED, "choices": _OR_NONE},
    "office/corrections.tsv": {"field": _SHIPPED, "group": _OR_NONE},
    "office/states.tsv": {"closed": _SHIPPED},
    "personal/facts.tsv": {"strength": _OR_NONE},
    "personal/famous.tsv": {"kind": _SHIPPED},
    "personal/given_nouns.tsv": {"kind": _SHIPPED},
    "personal/honorifics.tsv": {"kind": _SHIPPED, "subject": _SUBJECT},
    "personal/kana_names.tsv": {"kind": _SHIPPED},
    "personal/kin.tsv": {"kind": _SHIPPED},
    "personal/name_kanji.tsv": {"alone": _OR_NONE},
    "personal/not_names.tsv": {"kind": _OR_NONE},
    "personal/patterns.tsv": {"group": _OR_NONE, "pattern": _ANY, "subject": _SUBJECT},
    "personal/people.tsv": {"subject": _SUBJECT},
    "personal/surnames.tsv": {"kind": _OR_NONE},
    "report/banned.tsv": {"match": Known(words=("literal",), empty=True)},
    "report/consent.tsv": {"consent": _CONSENT, "denied": _CONSENT, "choice": _CONSENT},
    "report/headings_ja.tsv": {"heading": _ANY, "kind": _SHIPPED, "profile": Known((), PROFILES)},
    "report/labels_ja.tsv": {"label": _ANY},
    "report/measured.tsv": {"id": _SHIPPED},
    "report/profiles.tsv": {"setting": _SHIPPED},
    "report/sentences.tsv": {"id": _SHIPPED, "profile": Known((), PROFILES, empty=True, split=","), "text": _ANY},
    "routing/concepts.tsv": {"outside": Known((), tuple(OUTSIDE), empty=True), "related": _MATTER._replace(empty=True, split="、")},
    "routing/cues.tsv": {"cue": _SHIPPED},
    "routing/matters.tsv": {"concept": _MATTER, "terms": _ANY},
    "routing/senses.tsv": {
        "concept": _MATTER, "terms": _ANY, "company": Known(("routing/company.tsv:group",), empty=True, split="、"),
    },
    "routing/spread.tsv": {"terms": _ANY, "concepts": _MATTER._replace(split="、")},
    "sentiment/model.tsv": {"feature": _SHIPPED},
    "sentiment/polarity.tsv": {"feature": _SHIPPED},
    "sentiment/roles.tsv": {"match": _OR_NONE},
    "sentiment/words.tsv": {"match": _OR_NONE},
    "status/no_content.tsv": {"match": _SHIPPED},
    "topics/*": {"match": Known(words=("literal",), empty=True)},
    "topics/areas.tsv": {"label": _ANY},
    "topics/edit_words.tsv": {"name": _SHIPPED},
    "topics/formulas.tsv": {"label": _ANY},
    "topics/synonyms.tsv": {"label": _ANY},
    "topics/themes.tsv": {"label": _ANY},
}  # fmt: skip
"""Of plain tables the columns that are not free; of rules ``label`` where it is not one of those in use, and ``match`` where
the file is read in one way only."""

WHOLE = {
    "personal/name_kanji.tsv": ("surname_first", "surname_last", "given_first", "given_last"),
    "personal/rarity.tsv": ("least",),
    "sentiment/weights.tsv": ("state", "weight"),
}
"""Columns of whole numbers."""
SPARSE = ("intent/model.tsv", "intent/ngrams.tsv")
"""Tables in which an empty cell weighs nothing."""


def problems(relative: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, Problem]:
    """Return what tells, for each column of a dictionary that is not free, what is wrong with a cell.

    Parameters
    ----------
    relative : str
        Name of the dictionary, such as ``"intent/cues.tsv"``.
    heading : sequence of str
    rows : iterable of sequence of str
        Cells of the shipped rows.
    """
    columns = dict(zip(heading, zip(*rows, strict=True), strict=True))
    found = {name: problem for name, cells in columns.items() if (problem := _of_numbers(relative, name, cells, is_rules(heading)))}
    folder = relative.rpartition("/")[0]
    known = {**COLUMNS.get(f"{folder}/*", {}), **COLUMNS.get(relative, {})}
    if is_rules(heading):
        known = {"label": Known(empty="" in columns["label"] or len(set(columns["label"])) == 1), **known}
    for name, names in known.items():
        if name in columns:
            found[name] = _of_names(relative, name, names, columns[name])
    return found


def is_rules(heading: Iterable[str]) -> bool:
    """Tell by its columns whether a file holds rules (:func:`~textlens.rules.dictionary.load_rows`) or is a plain table."""
    return {"id", "term", "match"} <= set(heading)


def number(cell: str) -> float | None:
    """Return the number a cell holds, ``None`` if it holds none (１, nan and 1_000 are none).

    Examples
    --------
    >>> number("-2.5"), number("１"), number("大"), number("nan")
    (-2.5, None, None, None)
    """
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def nearest(cell: str, names: Iterable[str]) -> str:
    """Return a sentence that tells which name is spelt nearly as the cell is; '' if none is."""
    from difflib import get_close_matches

    near = get_close_matches(cell, names, n=1)
    return f"近いのは「{near[0]}」です。" if near else ""


def _of_numbers(relative: str, name: str, cells: tuple[str, ...], rules: bool) -> Problem | None:
    """Return the problem of a column in which all shipped cells are numbers (of rules none need be there)."""
    filled = {*cells} - {""}
    if not filled or any(number(cell) is None for cell in filled):
        return None
    if name != "weight" and filled <= {"0", "1"}:
        return _no_switch
    needed = not rules and "" not in cells and relative not in SPARSE
    return partial(_no_number, needed, name in WHOLE.get(relative, ()))


def _no_switch(cell: str) -> str:
    return "" if cell in ("", "0", "1") else "半角の 0 か 1 で書いてください。"


def _no_number(needed: bool, whole: bool, cell: str) -> str:
    if not cell:
        return NEEDED if needed else ""
    value = number(cell)
    if value is None or (whole and not cell.lstrip("+-").isdecimal()):
        return f"半角の{'整数' if whole else '数'}で書いてください。"
    return ""


def _of_names(relative: str, name: str, known: Known, shipped: tuple[str, ...]) -> Problem:
    names = dict.fromkeys(known.words)
    for source in known.of:
        names.update(dict.fromkeys(_in_use(*source.split(":"), mark=known.mark, marked=name) if source else shipped))
    names.pop("", None)
    elsewhere = next((source.replace(":", " の ") for source in known.of if source), f"付属の {relative} の {name}")
    return partial(_no_name, known, tuple(names), elsewhere)


def _in_use(relative: str, column: str, *, mark: str, marked: str) -> list[str]:
    """Return the names that stand in a column of the shipped table and of the office's own."""
    own = own_path(relative)
    rows = [row for _, row in read_tsv(dictionary_path(relative))]
    first = next(iter(rows[0]))
    in_use = {row.get(first, ""): row for row in [*rows, *(row for _, row in (read_tsv(own, f"{OWN} {relative}") if own else []))]}
    split = COLUMNS.get(relative, {}).get(column, _ANY).split
    cells = [row.get(column, "") for row in in_use.values() if not (mark and row.get(marked, "").startswith(mark))]
    return [name for cell in cells for name in (cell.split(split) if split else [cell])]


def _no_name(known: Known, names: tuple[str, ...], elsewhere: str, cell: str) -> str:
    if not cell.strip():
        return "" if known.empty else NEEDED
    if known.mark and not cell.startswith(known.mark):
        return ""
    parts = [normalize(part).text.strip() for part in cell.split(known.split)] if known.split else [cell.removeprefix(known.mark)]
    strange = next((part for part in parts if part and part not in names), None) if names else None
    if strange is None:
        return ""
    if len(names) <= _FEW:
        return f"{'・'.join(names)} のどれかで書いてください。" if len(names) > 1 else f"{names[0]} と書いてください。"
    return f"{elsewhere} にない名前です。{nearest(strange, names) or '同じ書き方で書いてください。'}"
