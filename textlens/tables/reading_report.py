"""What was taken from a file and what was left out, without a word of any comment."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

_SHOWN = 10


def row_list(rows: list[int]) -> str:
    """Return row numbers as people write them.

    Examples
    --------
    >>> row_list([3, 4, 5, 9])
    '3〜5、9'
    """
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), key=lambda item: item[1] - item[0])]
    shown = [f"{run[0]}〜{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return "、".join(shown[:_SHOWN]) + (" …" if len(shown) > _SHOWN else "")


class Reading(NamedTuple):
    """The account of one call of :func:`textlens.tables.reading.read_comments`.

    A named tuple of plain values: comparable, copyable, and safe in ``DataFrame.attrs`` when pandas
    writes them as JSON (Parquet). Row numbers are those Excel shows, from 1.
    """

    file: str
    format: str
    encoding: str
    delimiter: str
    sheet: str
    title_rows: tuple[int, ...]
    heading_rows: tuple[int, ...]
    text_column: str
    id_column: str
    attributes: tuple[str, ...]
    other_text_columns: tuple[str, ...]
    skipped_columns: tuple[tuple[str, str], ...]
    hidden_columns: tuple[str, ...]
    hidden_rows: tuple[int, ...]
    other_sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...]
    rows_below_headings: int
    rows_read: int
    rows_with_text: int
    left_out: tuple[tuple[int, str], ...]
    warnings: tuple[str, ...]

    def summary(self) -> str:
        """Return Japanese lines that say what was taken and what was left out."""
        place = f"、シート「{self.sheet}」" if self.sheet else ""
        how = f"（{self.format}" + (f"、{self.encoding}" if self.encoding else "") + (
            f"、区切り: {self.delimiter}" if self.delimiter else "") + "）"
        lines = [f"読み込み: {self.file}{how}{place}"]
        heading = f"{row_list(list(self.heading_rows))} 行目" if self.heading_rows else "なし"
        titles = f"（その上の表題など {len(self.title_rows)} 行は読み飛ばしました）" if self.title_rows else ""
        lines.append(f"見出し: {heading}{titles}")
        lines.append(f"本文の列: 「{self.text_column}」")
        lines.append(f"番号の列: 「{self.id_column}」" if self.id_column else "番号の列: なし（元の行番号から「行12」のような番号を付けました）")
        lines.append("属性の列: " + ("、".join(f"「{name}」" for name in self.attributes) or "なし"))
        lines.append(f"行: 見出しの下 {self.rows_below_headings} 行 = 読んだ {self.rows_read} 行"
                     f"（本文あり {self.rows_with_text}、空欄 {self.rows_read - self.rows_with_text}）＋ 除いた {len(self.left_out)} 行")
        for reason in sorted({reason for _, reason in self.left_out}):
            rows = [row for row, why in self.left_out if why == reason]
            lines.append(f"  除いた行: {reason} {len(rows)} 行（{row_list(rows)} 行目）")
        for reason in sorted({reason for _, reason in self.skipped_columns}):
            names = "、".join(f"「{name}」" for name, why in self.skipped_columns if why == reason)
            lines.append(f"  属性にしなかった列（{reason}）: {names}")
        lines.extend(f"  注意: {warning}" for warning in self.warnings)
        return "\n".join(lines)
