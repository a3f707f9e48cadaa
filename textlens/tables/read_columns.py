"""Which column is the comment, which is the id, which are attributes."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from textlens.errors import ColumnNotFoundError, TextColumnError
from textlens.tables.read_header import Column, Header, is_form, is_sentence
from textlens.tables.read_words import heading_weights, is_written, key
from textlens.tables.sheet_grid import Grid, is_blank, is_number

_SAMPLED_ROWS = 3000
_LETTERS = re.compile(r"[ぁ-ヿ一-鿿々]|[^\W\d_]{2}")
_HIRAGANA = re.compile(r"[ぁ-ん].*[ぁ-ん]", re.DOTALL)
_LISTED = 40
SIDEWAYS_ROWS = 40
"""A longer sheet is a list, whatever its first column says."""

UNSAVED_COLUMN = "値のない数式だけの列"
"""Why a column of formulas without a saved value is no attribute."""

LEAST_WORDS = 2.0
"""Shorter answers on average (○, 有) are marks, not words."""

ENOUGH = 2.0
"""Score from which a column counts as free text: a heading word of weight 2 over short texts, or no
heading word over texts of about 25 characters (domain.md B5: the median answer has 40–60)."""


class Profile(NamedTuple):
    """What a column holds, judged from its heading and its first 3,000 rows."""

    column: Column
    filled: int
    numbers: float
    mean_chars: float
    distinct: float
    chars: int
    labels: dict[str, float]
    score: float

    @property
    def is_text(self) -> bool:
        """Free text by heading and content; a column with the right heading and no entries counts."""
        if not self.filled:
            return self.labels.get("text", 0.0) >= 4 and self.score >= ENOUGH
        few_words = self.filled >= 20 and self.distinct < 0.3 and self.mean_chars < 15
        return self.score >= ENOUGH and self.numbers <= 0.5 and (not few_words or self.labels.get("text", 0.0) >= 4)

    @property
    def is_wordy(self) -> bool:
        """Sentences, whatever the heading says: not an attribute to count by."""
        return self.is_text or (self.mean_chars >= 25 and self.distinct >= 0.5)

    @property
    def rank(self) -> float:
        """Order among text columns: fuller ones first where headings are alike."""
        return self.score + 0.5 * math.log10(1 + self.chars)


class Plan(NamedTuple):
    """The columns chosen in one sheet."""

    text: Profile
    id: Profile | None
    attributes: tuple[Profile, ...]
    other_texts: tuple[Profile, ...]
    skipped: tuple[tuple[str, str], ...]


def profile(grid: Grid, header: Header, column: Column) -> Profile:
    """Judge one column."""
    values = [row[column.number] for row in grid.rows[header.body:]]
    filled = [value for value in values if not is_blank(value)]
    sample = filled[:_SAMPLED_ROWS]
    n = max(1, len(sample))
    numbers = sum(map(is_number, sample)) / n
    mean = sum(map(len, sample)) / n
    distinct = len(set(sample)) / n
    labels = heading_weights(key(column.heading)) if header.rows else {}
    if len(key(column.heading)) != len(key(column.name)) and header.rows:
        labels = labels | heading_weights(key(column.name))
    content = 0.0
    if sample:
        letters = sum(_LETTERS.search(value) is not None for value in sample) / n
        kana = sum(_HIRAGANA.search(value) is not None for value in sample) / n
        content = 2 * min(1.0, mean / 25) + 1.5 * min(1.0, mean / 80) + distinct * min(1.0, mean / 10) + kana
        if numbers > 0.5 or letters < 0.5:
            content -= 5
    weight = labels.get("text", 0.0) + min((w for label, w in labels.items() if label not in ("text", "id")), default=0.0)
    if labels.get("id") and not labels.get("text"):
        weight -= 5
    return Profile(column, len(filled), numbers, mean, distinct, sum(map(len, filled)), labels, content + weight)


def listed(names: Sequence[str]) -> str:
    """Return headings for a message, shortened where there are many or they are long."""
    plain = ["（文のような見出し）" if is_sentence(name) and not is_form(name) else name for name in names[:_LISTED]]
    shown = "、".join(f"「{name if len(name) <= 60 else name[:60] + '…'}」" for name in plain)
    return shown + (f" ほか {len(names) - _LISTED} 列" if len(names) > _LISTED else "")


def resolve(wanted: str, columns: Sequence[Column], *, option: str) -> Column:
    """Find the column a user means: the exact name, the same after NFKC, or the only one that contains it.

    Raises
    ------
    ColumnNotFoundError
        None, or several; the message lists the columns and the near names.

    Examples
    --------
    >>> columns = [Column(0, "年　代", "年　代"), Column(1, "問１２　ご意見", "問１２　ご意見")]
    >>> resolve("年代", columns, option="attributes").number, resolve("問12", columns, option="text").number
    (0, 1)
    """
    if not isinstance(wanted, str) or not key(wanted):
        raise ColumnNotFoundError(f"{option}= には列の見出しを文字列で指定してください。ある列: {listed([c.name for c in columns])}。")
    compared = key(wanted)
    for same in (
        [c for c in columns if c.name == wanted],
        [c for c in columns if c.heading == wanted],
        [c for c in columns if key(c.name) == compared],
        [c for c in columns if key(c.heading) == compared],
        [c for c in columns if compared in key(c.heading) or compared in key(c.name)],
    ):
        if len(same) == 1:
            return same[0]
        if same:
            raise ColumnNotFoundError(
                f"{option}={wanted!r} にあたる列が {len(same)} つあります: {listed([c.name for c in same])}。見出しをもっと長く書いてください。")
    by_key = {key(c.name): c.name for c in columns}
    near = [by_key[item] for item in difflib.get_close_matches(compared, list(by_key), n=3, cutoff=0.5)]
    hint = f"似た見出し: {listed(near)}。" if near else ""
    raise ColumnNotFoundError(
        f"{option}={wanted!r} という列がありません。{hint}ある列: {listed([c.name for c in columns])}。見出しの一部だけでも指定できます。")


def choose(grid: Grid, header: Header, *, text: str | None, id: str | None, attributes: Sequence[str]) -> Plan:
    """Choose the columns of a sheet.

    Raises
    ------
    ColumnNotFoundError
        A named column is not there.
    TextColumnError
        The named text column holds numbers, or no column looks like free text.

    Notes
    -----
    Misses: free text in a language without spaces or kana under a heading of codes; a column of names
    of shops or parks longer than 25 characters reads as sentences.
    """
    if text is None and _is_sideways(grid):
        raise TextColumnError(
            "見出しが左の列に縦に並んでいます（1 件 1 枚の様式か、回答者が横に並んだ表）。1 行に 1 件、1 列に 1 項目の表にしてください"
            "（Excel では、コピーして「形式を選択して貼り付け」→「行/列の入れ替え」）。ほかのシートが一覧なら sheet= で指定してください（コマンドでは --sheet）。")
    profiles = [profile(grid, header, column) for column in header.columns]
    by_number = {item.column.number: item for item in profiles}
    chosen = _named_text(text, header, by_number) if text is not None else _best_text(grid, profiles)
    chosen_id = by_number[resolve(id, header.columns, option="id").number] if id is not None else _best_id(profiles, chosen)
    named = dict.fromkeys(resolve(item, header.columns, option="attributes").number for item in attributes)
    if chosen_id is chosen or chosen.column.number in named:
        option = "id" if chosen_id is chosen else "attributes"
        raise ColumnNotFoundError(f"{option}= に本文の列「{chosen.column.name}」が指定されています。本文が番号や属性として出力に残るので、別の列にしてください。")
    others = tuple(item for item in profiles if item is not chosen and item.is_text and item.filled)
    skipped: list[tuple[str, str]] = []
    kept = [by_number[number] for number in named]
    for item in profiles if not named else ():
        if item is chosen or item is chosen_id:
            continue
        reason = _not_attribute(grid, item)
        if reason:
            skipped.append((item.column.name, reason))
        else:
            kept.append(item)
    return Plan(chosen, chosen_id, tuple(kept), others, tuple(skipped))


def _is_sideways(grid: Grid) -> bool:
    """Tell a form (受付番号｜12 ‖ 受付日｜4/1 ‖ 内容｜…) or a table turned on its side: its headings stand in the first column."""
    first = min((c for row in grid.rows[grid.start:grid.start + SIDEWAYS_ROWS + 1] for c, cell in enumerate(row) if not is_blank(cell)), default=0)
    names = [key(row[first]) for row in grid.rows if sum(not is_blank(cell) for cell in row) >= 2]
    if not 4 <= len(names) <= SIDEWAYS_ROWS or len(set(names)) < len(names):
        return False
    labels = [heading_weights(name) if len(name) <= 20 and not is_number(name) else {} for name in names]
    plain = sum(bool(found) and "text" not in found for found in labels)
    return plain >= 2 and any("text" in found for found in labels) and sum(map(bool, labels)) >= 0.6 * len(names)


def _not_attribute(grid: Grid, item: Profile) -> str:
    if item.column.number in grid.hidden_columns:
        return "非表示の列"
    if not item.filled:
        return UNSAVED_COLUMN if any(column == item.column.number for _, column in grid.formulas) else "空の列"
    if "personal" in item.labels and item.labels["personal"] <= -5:
        return "個人情報の列"
    if item.is_wordy and "date" not in item.labels:
        return "文章の列"
    if item.numbers <= 0.5 and item.mean_chars >= LEAST_WORDS and is_written(item.column.heading):
        return "自由記述らしい見出しの列"
    return ""


def _named_text(text: str, header: Header, by_number: dict[int, Profile]) -> Profile:
    chosen = by_number[resolve(text, header.columns, option="text").number]
    if chosen.filled >= 3 and chosen.numbers == 1.0 and chosen.labels.get("text", 0.0) < 4:
        raise TextColumnError(
            f"text={text!r} で選んだ列「{chosen.column.name}」は、{chosen.filled} 行すべてが数字です。"
            f"自由記述の列を指定してください。ある列: {listed([c.name for c in header.columns])}。")
    return chosen


def _best_text(grid: Grid, profiles: list[Profile]) -> Profile:
    texts = sorted((item for item in profiles if item.is_text), key=lambda item: (-item.rank, item.column.number))
    shown = [item for item in texts if item.column.number not in grid.hidden_columns]
    filled = [item for item in shown if item.filled] or [item for item in texts if item.filled] or shown or texts
    if filled:
        return filled[0]
    single = [item for item in profiles if item.filled and item.numbers < 0.5]
    if len(profiles) == 1 and single:
        return single[0]
    written = [item for item in profiles if item.filled]
    kinds = "数字の列しか" if written and all(item.numbers > 0.5 for item in written) else "自由記述らしい列が"
    raise TextColumnError(
        f"{kinds}ありません。見つかった列: {listed([item.column.name for item in profiles]) or 'なし'}。"
        "本文の列を text= で指定してください（コマンドでは --text）。")


def _best_id(profiles: list[Profile], chosen: Profile) -> Profile | None:
    named = [item for item in profiles if item is not chosen and item.filled and item.labels.get("id", 0.0) > 0
             and "personal" not in item.labels and (item.labels["id"] >= 2 or item.distinct >= 0.999)]
    return max(named, key=lambda item: (item.distinct >= 0.999, item.labels["id"], item.filled, -item.column.number),
               default=None)
