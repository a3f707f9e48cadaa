"""Sheets with counts, topics, and where everything comes from."""

from __future__ import annotations

from textlens.report.display import cell_text, plain_value
from textlens.report.group_words import NOTHING
from textlens.report.sheet_format import Book, write_head, write_table
from textlens.report.tables import LEGAL_CHECK
from textlens.report.view import View
from textlens.report.words import HELD, HIDDEN, TOTAL
from textlens.text.layout import row_height


def write_accounting(book: Book, view: View) -> None:
    """全体の収支: what was read and where every row went; the numbers to begin with; the sentences."""
    sheet = book.sheet("全体の収支", landscape=False)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 62)
    top = write_head(book, sheet, view, "自由記述の分析結果　全体の収支")
    for j, head in enumerate(("行の行方（全件収支）", "行数", "意味")):
        sheet.write_string(top, j, head, book.head)
    for i, line in enumerate(view.accounting, top + 1):
        sheet.write_string(i, 0, line.name, book.total_name if line.total else book.cell)
        sheet.write_number(i, 1, line.rows, book.total if line.total else book.integer)
        book.string(sheet, i, 2, line.note, book.total_name if line.total else book.cell)
    top += len(view.accounting) + 2
    for j, head in enumerate(("主な数", "数", "どこを見るか")):
        sheet.write_string(top, j, head, book.head)
    for i, (name, value, where) in enumerate(key_figures(view), top + 1):
        sheet.write_string(i, 0, name, book.cell)
        if isinstance(value, int):
            sheet.write_number(i, 1, value, book.integer)
        else:
            sheet.write_string(i, 1, value, book.hidden)
        sheet.write_string(i, 2, where, book.cell)
    top = i + 2
    sheet.merge_range(top, 0, top, 2, "読むときの約束", book.head)
    for i, text in enumerate(view.sentences.values(), top + 1):
        sheet.merge_range(i, 0, i, 2, text, book.text)
        sheet.set_row(i, row_height([(text, 104)]))


def key_figures(view: View) -> list[tuple[str, int | str, str]]:
    """Return name, number and place of the figures a reader looks for first; what a table hides is hidden here too."""
    counts, low = view.counts, view.profile.min_cell

    departments = view.tables["department"]
    checked = next(c.name for c in departments.columns if c.conditions == LEGAL_CHECK)
    in_table = {"legal": (TOTAL, checked), "held": (HELD, departments.columns[0].name)}

    def shown(name: str) -> int | str:
        kept = name not in in_table or departments.number(*in_table[name]) is not None
        return counts[name] if kept and not 0 < counts[name] < low else HIDDEN

    rows: list[tuple[str, int | str, str]] = [
        ("分類した回答（通）", counts["read"], "意見の一覧"),
        ("意見単位（件）", counts["units"], "種別×極性（一つの回答を、述べていることごとに分けたもの）"),
    ]
    compared = len(view.groups.kinds)
    rows.append(("比べた属性（列）", compared, "属性別・記入率" if compared else NOTHING))
    if view.profile.review_lists:
        rows += [
            ("急ぎの候補（通）", shown("urgent"), "要確認（法的・緊急）"),
            ("法的対応の要確認（通）", shown("legal"), "要確認（法的・緊急）"),
            ("担当を保留（通）", shown("held"), "要確認（保留）"),
            ("第三者に関する記述（通）", counts["third_party"], "要確認（個人情報）" if view.profile.personal_list else "担当内の版"),
        ]
    if view.profile.mask != "none":
        rows.append(("本文を出していない回答（通）", counts["withheld"], "担当内の版"))
    return rows


def write_matrix(book: Book, view: View) -> None:
    """種別×極性: kinds, polarities, and the matrix 意見／要求 × 法的対応 × 極性; in 通 and in 件."""
    sheet = book.sheet("種別×極性", landscape=False, scale=85)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 8, 13)
    notes = ["通: 回答の数。件: 意見単位の数。同じ条件で「意見の一覧」を絞り込むと、その通数の本文が出ます。"]
    row = write_head(book, sheet, view, "種別×極性", notes)
    firsts = {"intent": "種別", "polarity": "極性", "own_polarity": "自分の市の種別"}
    own = ("own_polarity",) if "own_polarity" in view.tables else ()
    for name in ("intent", *own, "polarity", "intent_polarity", "intent_polarity_units", "matrix", "matrix_units"):
        if name == "intent_polarity_units":
            sheet.set_h_pagebreaks([row])
        row = write_table(book, sheet, row, view, view.tables[name], firsts.get(name, "種別" if "intent" in name else "意見／要求・法的対応"))
    sheet.print_area(0, 0, row, 5)


def write_topics(book: Book, view: View) -> None:
    """話題: name, words, size, polarity and representative comments."""
    sheet = book.sheet("話題")
    if "topic" not in view.tables:
        write_head(book, sheet, view, "話題", ["話題は作っていません（--topics 0、または本文のある回答がありません）。"])
        return
    table = view.tables["topic"]
    top = write_head(book, sheet, view, "話題", [view.sentences["quotes"]]) - 1
    names = [c.name for c in table.columns if c.name != TOTAL]
    heads = ["話題", "特徴的な語", "通数", "割合", *names, "代表の意見の番号", "代表の意見"]
    for j, (head, width) in enumerate(zip(heads, [24, 36, 8, 8, *[9] * len(names), 16, 70], strict=True)):
        sheet.set_column(j, j, width)
        sheet.write_string(top, j, head, book.head)
    sheet.set_row(top, 32)
    total = cell_text(table, TOTAL, TOTAL)
    for i, topic in enumerate(view.topics, top + 1):
        book.string(sheet, i, 0, topic.label, book.text)
        book.string(sheet, i, 1, "、".join(topic.words), book.text)
        share = topic.size / total if topic.size is not None and isinstance(total, int) and total else None
        for j, number, style in ((2, topic.size, book.integer), (3, share, book.percent)):
            if number is None:
                sheet.write_string(i, j, HIDDEN, book.hidden)
            else:
                sheet.write_number(i, j, number, style)
        for j, name in enumerate(names, 4):
            value = cell_text(table, topic.topic, name)
            if isinstance(value, int):
                sheet.write_number(i, j, value, book.integer)
            else:
                sheet.write_string(i, j, value, book.hidden)
        j = 4 + len(names)
        book.string(sheet, i, j, "\n".join(str(plain_value(v)) for v in topic.representatives), book.cell)
        quotes = "\n――\n".join(topic.quotes)
        book.string(sheet, i, j + 1, quotes, book.text)
        sheet.set_row(i, row_height([(quotes, 70), ("、".join(topic.words), 36), (topic.label, 24)]))
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(len(view.topics), 1), len(heads) - 1)
    sheet.repeat_rows(top)


def write_departments(book: Book, view: View) -> None:
    """課別: counts by 課, outside bodies (X0–X4) and the held ones."""
    sheet = book.sheet("課別")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 9, 14)
    notes = ["課の候補です。決めるのは人です。X0～X4 は組織表の課に割り振らないもの（警察・国県・民間・議会など）です。"]
    row = write_head(book, sheet, view, "課別の件数", notes)
    write_table(book, sheet, row, view, view.tables["department"], "課", codes=True)
    sheet.freeze_panes(row + 2, 1)
    sheet.repeat_rows(row + 1)


def write_method(book: Book, view: View) -> None:
    """手法と出典: data, rules, versions, hashes, and the limits."""
    sheet = book.sheet("手法と出典", landscape=False)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 84)
    top = write_head(book, sheet, view, "手法と出典")
    for j, head in enumerate(("項目", "内容")):
        sheet.write_string(top, j, head, book.head)
    for i, (name, value) in enumerate(view.method, top + 1):
        book.string(sheet, i, 0, name, book.text)
        book.string(sheet, i, 1, value, book.text)
        sheet.set_row(i, row_height([(name, 34), (value, 84)]))
    top += len(view.method) + 2
    sheet.merge_range(top, 0, top, 1, "この結果の限界と約束", book.head)
    for i, text in enumerate(view.sentences.values(), top + 1):
        sheet.merge_range(i, 0, i, 1, text, book.text)
        sheet.set_row(i, row_height([(text, 118)]))
