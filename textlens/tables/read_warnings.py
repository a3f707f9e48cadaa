"""What the reader should tell: conversions by Excel, lost characters, merged or hidden cells."""

from __future__ import annotations

import re

from textlens.tables.read_columns import Plan, Profile, listed
from textlens.tables.read_formulas import unsaved
from textlens.tables.read_header import Header, names_columns
from textlens.tables.read_merges import merged
from textlens.tables.read_rows import BELOW, Rows
from textlens.tables.read_words import heading_weights, key
from textlens.tables.reading_report import row_list
from textlens.tables.sheet_grid import Grid, is_blank, is_date, is_exponent, is_number

_LOST = re.compile("\ufffd")
_GARBLED = re.compile("(?:[縺繧繝譁蟄][^\n]{0,2}){4}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CUT_AT = (255, 32_767)


def collect(grid: Grid, header: Header, plan: Plan, rows: Rows, texts: list[str]) -> list[str]:
    """Return Japanese warnings about the rows and columns that were taken. No comment is quoted."""
    found = list(grid.notes)
    if not header.rows:
        found.append("見出しの行が見つからないので、1 行目から回答として読みました。")
    if header.renamed:
        found.append(f"同じ見出しの列があるので、後の列の名前に _2 などを付けました: {listed(header.renamed)}。")
    if plan.other_texts:
        unread = "、".join(f"{listed([item.column.name])}（{item.filled} 件）" for item in plan.other_texts[:20])
        more = f" ほか {len(plan.other_texts) - 20} 列" if len(plan.other_texts) > 20 else ""
        found.append(f"自由記述らしい列がほかにもあります: {unread}{more}。読むには text= で指定してください（コマンドでは --text）。")
    found += _hidden(grid, header, plan, rows)
    found += unsaved(grid, header, plan, rows)
    found += merged(grid, header, plan, rows)
    found += _texts(grid, plan, rows, texts)
    for item in (plan.text, *([plan.id] if plan.id else []), *plan.attributes):
        found += _conversions(grid, rows, item, always=item is plan.text or item is plan.id)
    if not grid.merges:
        found += _merged_once(grid, plan, rows)
    found += _twice(grid, plan, rows, texts)
    found += _headings_below(grid, header, rows)
    if rows.doubtful:
        found.append(f"本文の列の最後に、注記のような行があります（{row_list([r + 1 for r in rows.doubtful])} 行目）。回答として残しました。")
    return found


def _twice(grid: Grid, plan: Plan, rows: Rows, texts: list[str]) -> list[str]:
    """Rows that repeat the comment of a record for each row of its table, and section titles in the text column."""
    found: list[str] = []
    if plan.id:
        seen: set[tuple[str, str]] = set()
        again: list[int] = []
        for row, text in zip(rows.kept, texts, strict=True):
            pair = grid.rows[row][plan.id.column.number].strip(), text
            if pair[0] and not is_blank(text) and pair in seen:
                again.append(row + 1)
            seen.add(pair)
        if again:
            found.append(f"番号も本文も同じ行が {len(again)} 行あります（{row_list(again)} 行目）。"
                         "1 件が何行にもなって書き出されていないか確かめてください。")
    if rows.subtitles:
        found.append(f"本文の列に【 】だけの小見出しのような行があります（{row_list([r + 1 for r in rows.subtitles])} 行目）。回答として残しました。")
    return found


def _headings_below(grid: Grid, header: Header, rows: Rows) -> list[str]:
    """Rows read as answers that look like the headings of another table: words alone, behind a blank row or a title."""
    shown = {row: [cell for cell in grid.rows[row] if not is_blank(cell)] for kept in rows.kept for row in (kept - 1, kept)}
    again = [row + 1 for row in rows.kept if row > header.body and len(shown[row - 1]) <= 1 and names_columns(shown[row])]
    cure = "別の表なら、シートを分けるか、見出しの上に【 】で囲んだ表題を付けてください。"
    found = [f"別の表の見出しのような行があります（{row_list(again)} 行目）。その行も下の行も回答として残しました。{cure}"] if again else []
    below = [row for row, reason in rows.left_out if reason == BELOW]
    if below and any(heading_weights(key(cell)).get("text", 0.0) >= 3 for cell in grid.rows[below[0]]):
        found.append(f"下にある別の表（{below[0] + 1} 行目から）に、自由記述らしい見出しがあります。読んでいません。{cure}")
    return found


def _hidden(grid: Grid, header: Header, plan: Plan, rows: Rows) -> list[str]:
    found: list[str] = []
    names = [column.name for column in header.columns if column.number in grid.hidden_columns]
    if names:
        found.append(f"非表示の列があります: {listed(names)}。" + (
            "本文の列も非表示です。" if plan.text.column.number in grid.hidden_columns else ""))
    hidden = [row + 1 for row in rows.kept if row in grid.hidden_rows]
    if hidden:
        found.append(f"非表示の行（フィルターなど）が {len(hidden)} 行あり、回答として読みました（{row_list(hidden)} 行目）。")
    return found


def _texts(grid: Grid, plan: Plan, rows: Rows, texts: list[str]) -> list[str]:
    found: list[str] = []
    name = plan.text.column.name
    if not any(not is_blank(text) for text in texts):
        found.append(f"本文の列「{name}」はすべて空欄です。")
    numbers = [row + 1 for row, text in zip(rows.kept, texts, strict=True) if is_number(text)]
    if numbers:
        found.append(f"本文の列に数字だけのセルが {len(numbers)} 件あります（{row_list(numbers)} 行目）。表示のまま読みました。")
    for pattern, words in ((_LOST, "文字化けで失われた文字（�）"), (_GARBLED, "文字化けらしい並び（「縺」など）"), (_PRIVATE, "外字（ほかのパソコンでは読めない文字）")):
        hits = [row + 1 for row, text in zip(rows.kept, texts, strict=True) if pattern.search(text)]
        if hits:
            found.append(f"本文に{words}が {len(hits)} 行あります（{row_list(hits)} 行目）。元のシステムから出し直せないか確かめてください。")
    longest = max(map(len, texts))
    cut = [row + 1 for row, text in zip(rows.kept, texts, strict=True) if len(text) == longest]
    if longest in _CUT_AT and (len(cut) >= 2 or longest > 255):
        found.append(f"ちょうど {longest:,} 文字の本文が {len(cut)} 行あります（{row_list(cut)} 行目）。途中で切れていないか確かめてください。")
    return found


def _merged_once(grid: Grid, plan: Plan, rows: Rows) -> list[str]:
    """A CSV made from merged cells has each group name once, in the first row of its group."""
    names: list[str] = []
    for item in plan.attributes:
        values = [grid.rows[row][item.column.number] for row in rows.kept]
        filled = [value for value in values if not is_blank(value)]
        if (2 <= len(filled) <= len(values) / 2 and not is_blank(values[0]) and len(set(filled)) == len(filled)
                and item.numbers < 0.5):
            names.append(item.column.name)
    return [f"結合セルの名残らしい列があります: {listed(names)}。値がまとまりの先頭にだけあり、下の行は空欄のまま読みました。"
            "元の Excel ブックを読めば、下の行にも入ります。"] if names else []


def _conversions(grid: Grid, rows: Rows, item: Profile, *, always: bool) -> list[str]:
    """Excel turns 3-1 into a date and a long number into an exponent."""
    column, name = item.column.number, item.column.name
    filled = [row for row in rows.kept if not is_blank(grid.rows[row][column])]
    dates = [row + 1 for row in filled if (row, column) in grid.dates or is_date(grid.rows[row][column])]
    found: list[str] = []
    if dates and (always or len(dates) * 2 < len(filled)):
        found.append(f"「{name}」に日付になったセルが {len(dates)} 件あります（{row_list(dates)} 行目）。"
                     "「3-1」のような番地や番号を Excel が日付に変えた疑いがあります。")
    cut = [row + 1 for row in filled if (row, column) in grid.cut_numbers or is_exponent(grid.rows[row][column])]
    if cut:
        found.append(f"「{name}」に長い数字が Excel で丸められた疑いのあるセルが {len(cut)} 件あります（{row_list(cut)} 行目）。"
                     "元のファイルの桁と見比べてください。")
    errors = [row + 1 for row in filled if (row, column) in grid.errors]
    if errors:
        found.append(f"「{name}」に #N/A などのエラー値が {len(errors)} 件あります（{row_list(errors)} 行目）。")
    return found
