"""An office's own labels: which column, and what its words mean in our names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.errors import ColumnNotFoundError, InputFileError, ParameterError
from textlens.intent.own_labels import our_names, split_label
from textlens.office.tables import read_cells
from textlens.routing.router import DepartmentRouter
from textlens.rules import read_table
from textlens.schema import INTENTS, NONE, OUTSIDE
from textlens.tables import read_comments

KINDS = ("intent", "department")
_SPLIT = re.compile(r"[、,，/／・;；\n]+")
_MIN_LABELLED, _MOST_KINDS, _LONGEST = 20, 30, 30
CODE_MAP = {"old_code": "旧コード", "old_name": "旧課名", "new_code": "新コード", "new_name": "新課名", "share": "重なり", "change": "変わり方"}
"""Columns of the table of old and new codes."""
_CODE = re.compile(r"[0-9A-Za-z_.-]{1,8}")
_SHOWN, _SHOWN_CHARS = 5, 20
_FORMER = {"課不要": "X0"}
"""What distributions called X0 before they took the word of the report."""


class Labelled(NamedTuple):
    """Texts with their labels (same index), and the texts that have none."""

    texts: pd.Series
    labels: pd.Series
    unlabelled: pd.Series


def read_labelled(path: str | Path, label: str, *, text: str | None = None) -> Labelled:
    """Read a file with a column of labels.

    Returns
    -------
    Labelled
        Rows without text are left out; those without a label are kept apart.

    Raises
    ------
    InputFileError
        Fewer than 20 rows carry both.
    """
    frame = read_comments(path, text=text, attributes=[label])
    columns = [c for c in frame.columns if c != "text"]
    if not columns:
        raise ColumnNotFoundError(f"ラベルの列「{label}」がありません。")
    # numbers that repeat stand before it as an attribute
    labels = frame[label if label in columns else columns[-1]].astype(str).str.strip()
    kept = (frame["text"].str.strip() != "") & (labels != "")
    if int(kept.sum()) < _MIN_LABELLED:
        raise InputFileError(f"本文とラベルの両方がある行が {int(kept.sum())} 行しかありません。{_MIN_LABELLED} 行以上を用意してください。")
    without = (frame["text"].str.strip() != "") & (labels == "")
    return Labelled(frame.loc[kept, "text"], labels[kept], frame.loc[without, "text"])


def intent_labels(labels: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Turn written labels (苦情、要望・感謝 …) into a table of our names.

    Returns
    -------
    table : bool DataFrame
        Columns ``complaint … opinion, none`` and, for words that are none of ours, the word itself.
    unknown : list of str
        Those words.

    Raises
    ------
    InputFileError
        More than thirty of them, or than a third of the rows, or one of them is long: this is no column of labels, and a
        model would carry its words.

    Examples
    --------
    >>> table, unknown = intent_labels(pd.Series(["苦情、要望", "感謝"]))
    >>> table.columns[table.iloc[0]].tolist(), unknown
    (['complaint', 'request'], [])
    """
    parts = [split_label(cell) or [cell] for cell in labels]
    words = sorted({p for row in parts for p in row})
    known = our_names(words)
    unknown = [w for w in words if w not in known]
    if len(unknown) > min(_MOST_KINDS, max(len(labels) // 3, 1)):
        raise InputFileError(f"ラベルの列に、付属の種別にない言葉が {len(unknown)} 種類あります。文章の列ではなく種別の列を --label に指定してください。")
    if any(len(w) > _LONGEST or "。" in w for w in unknown):
        raise InputFileError(f"ラベルの列に、種別の名前に見えないもの（{_LONGEST} 字を超えるか、句点がある）があります。種別の列を --label に指定してください。")
    names = [*INTENTS, NONE, *unknown]
    table = pd.DataFrame(False, index=labels.index, columns=names)
    for place, row in enumerate(parts):
        for word in row:
            table.iloc[place, names.index(known.get(word, word))] = True
    return table, unknown


def read_code_map(path: str | Path) -> dict[str, tuple[str, ...]]:
    """Read a table of old and new codes (``textlens check --old-departments`` writes one; people may edit it).

    Returns
    -------
    dict
        Old code, and old name → new codes, in the order of the file; empty where a 課 has no heir.

    Raises
    ------
    InputFileError, ColumnNotFoundError
        The file cannot be read, or a column is missing.
    """
    table = read_cells(path, "対応表")
    table = table.rename(columns={japanese: name for name, japanese in CODE_MAP.items()})
    missing = [CODE_MAP[name] for name in ("old_code", "new_code") if name not in table]
    if missing:
        raise ColumnNotFoundError(f"対応表に {'、'.join(missing)} の列がありません。textlens check --old-departments が書き出したものを直して使ってください。")
    heirs: dict[str, tuple[str, ...]] = {}
    names = table["old_name"] if "old_name" in table else table["old_code"]
    for old, name, new in zip(table["old_code"].str.strip(), names.str.strip(), table["new_code"].str.strip(), strict=True):
        for key in dict.fromkeys((old, name)):
            if key:
                heirs[key] = (*heirs.get(key, ()), *((new,) if new else ()))
    return heirs


def department_codes(
    texts: pd.Series, labels: pd.Series, router: DepartmentRouter, heirs: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[pd.Series, int]:
    """Turn written assignments (D44、水道課、「D44 水道課」、課への割り振りなし) into codes of the table in use.

    Parameters
    ----------
    texts, labels : Series of str
        Of several 課 in one cell the first is taken (主管).
    router : DepartmentRouter
        Its table is this year's; where an old 課 was split, its reading of the text chooses between the heirs.
    heirs : mapping, optional
        From :func:`read_code_map`.

    Returns
    -------
    codes : Series of str
        Rows of a 課 without an heir are left out.
    left_out : int
        How many these are.

    Raises
    ------
    ParameterError
        A label is no 課 of the table. Up to five are named, cut to 20 characters; only codes are where the column does not
        look like one of labels (sentences, or another word in nearly every row): its words may be those of a citizen.

    Examples
    --------
    >>> texts = pd.Series(["水道管から水が漏れている。", "道が暗いので街灯がほしい。"])
    >>> department_codes(texts, pd.Series(["旧12", "水道課"]), DepartmentRouter(), {"旧12": ("D51", "D44")})[0].tolist()[0] in ("D51", "D44")
    True
    """
    known = _known(router)
    wanted: list[tuple[str, ...]] = []
    unknown: dict[str, str] = {}
    for label in labels:
        word = unicodedata.normalize("NFKC", str(label)).strip()
        found = _first_named(word, known, heirs or {})
        if found is None or set(found) - set(router.names_):
            unknown[_SPLIT.split(word)[0].strip()] = word
        wanted.append(found or ())
    if unknown:
        raise ParameterError(
            f"課の列に、組織表にないものが {len(unknown)} 種類あります{_named(unknown, len(labels))}。列と組織表を確かめてください。"
            "組織が変わったときは、textlens check --old-departments で対応表を作り --code-map に指定してください。"
        )
    torn = [place for place, codes in enumerate(wanted) if len(codes) > 1]
    if torn:
        ranked = router.rank(texts.iloc[torn].set_axis(torn), n=len(router.names_))
        for place, part in ranked.groupby("id", sort=False):
            order = [code for code in part["department"] if code in wanted[int(str(place))]]
            wanted[int(str(place))] = tuple(order[:1]) or wanted[int(str(place))][:1]
    kept = [place for place, codes in enumerate(wanted) if codes]
    return pd.Series([wanted[place][0] for place in kept], index=labels.index[kept], dtype=object), len(wanted) - len(kept)


def _known(router: DepartmentRouter) -> dict[str, str]:
    """Return name → code, and code → code; X0 … X4 go by the words of the report and by those of earlier distributions."""
    told = {row["label"]: row["id"].removeprefix("outside.") for row in read_table("report/labels_ja.tsv") if row["id"].startswith("outside.")}
    names = {name: code for code, name in (OUTSIDE | router.names_).items()}
    plain = {unicodedata.normalize("NFKC", name): code for name, code in (_FORMER | told | names).items()}
    return plain | {code: code for code in router.names_}


def _first_named(word: str, known: Mapping[str, str], heirs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the codes of the 課 that stands first; a name may hold a mark that else divides two (国・県)."""
    for end in reversed([*(m.start() for m in _SPLIT.finditer(word)), len(word)]):
        first = word[:end].strip()
        for part in (first, *first.split(maxsplit=1)):
            if part in heirs:
                return heirs[part]
        for part in (first, *first.split(maxsplit=1)):
            if part in known:
                return (known[part],)
    return None


def _named(unknown: Mapping[str, str], n_rows: int) -> str:
    """Name some of the unknown words; ``unknown``: word → what stood in its cell."""
    labels = len(unknown) <= max(n_rows // 3, 1) and not any(len(word) > _LONGEST or "。" in cell for word, cell in unknown.items())
    named = [word for word in unknown if labels or _CODE.fullmatch(word)][:_SHOWN]
    shown = "、".join(f"「{word[:_SHOWN_CHARS]}{'…' if len(word) > _SHOWN_CHARS else ''}」" for word in named)
    return f"（{shown}{' など' if len(named) < len(unknown) else ''}）" if named else ""
