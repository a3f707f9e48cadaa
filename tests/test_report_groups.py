"""Groups in the report: which columns, what is counted and tested, and what a small group does not tell."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.report import write_html, write_workbook
from textlens.report.attributes import RARE
from textlens.report.disclosure import derivable
from textlens.report.group_columns import BLANK, MAX_COLUMNS, choose_columns
from textlens.report.group_words import NOBODY_SILENT, NOTHING, kind_notes, rate_notes, reading, verdict
from textlens.report.groups import LABELS, Block, Row, _in_order
from textlens.report.profiles import load_profile
from textlens.report.view import View, apply_profile
from textlens.report.words import HIDDEN, TOTAL, banned_words
from textlens.tables.attributes import alike_values
from textlens.tables.groups import WROTE
from textlens.tables.statistics import adjust_p_values, association, share_interval

INSIDE, SHARED, PUBLIC = schema.PROFILES


def survey(repeat: int = 20, seed: int = 1) -> SimpleNamespace:
    """The rows of the sample, with jobs of which two are rare, and channels that differ in complaints and in silence."""
    analysis = fake_analysis(repeat)
    n, draw = len(analysis.comments), random.Random(seed)
    jobs = ["会社員"] * (n - 46) + ["無職"] * 40 + ["市長"] * 2 + ["灯台守"] * 4
    draw.shuffle(jobs)
    complains = analysis.comments["is_complaint"].fillna(False).to_numpy(bool)
    silent = analysis.comments["status"].isin(["blank", "no_content"]).to_numpy()
    channel = ["郵送" if c or (s and draw.random() < 0.9) else "Web" if draw.random() < 0.7 else "郵送" for c, s in zip(complains, silent, strict=True)]
    analysis.comments = analysis.comments.assign(職業=jobs, 回収方法=channel).drop(columns=["年齢"])
    analysis.attributes = ["性別", "居住地区", "公開同意", "職業", "回収方法"]
    return analysis


@pytest.fixture(scope="module")
def views() -> dict[str, View]:
    return {name: apply_profile(survey(), name) for name in schema.PROFILES}


def row(block: Block, group: str) -> Row:
    return next(r for r in block.rows if r.group == group)


def block(blocks: tuple[Block, ...], attribute: str) -> Block:
    return next(b for b in blocks if b.attribute == attribute)


# heading, values (cycled), why it is left out ("" is compared)
COLUMNS = [
    ("性別", ["男", "女性", "無回答"], ""),
    ("年齢", [str(n) for n in range(18, 90)], ""),
    ("問12満足度", ["1", "2", "3", ""], ""),
    ("回収方法", ["郵送", "Web"], ""),
    ("受付日", ["2026/6/8", "2026/6/9"], "日付"),
    ("調査票", ["202505", "202506"], "日付"),
    ("届いた頃", ["R8.6.8", "令和8年6月9日"], "日付"),
    ("整理番号", ["1", "2", "3"], "番号"),
    ("入力ロット", ["R8-01", "R8-02"], "入力の作業"),
    ("公開同意", ["可", "不可"], "公開の同意"),
    ("種別（自己申告）", ["苦情", "要望"], "自分で選んだ種別"),
    ("担当課", ["市民課", "土木課"], "役所"),
    ("氏名", ["青葉", "若草"], "個人を示す"),
    *((name, ["大石", "田中"], "役所が付けた") for name in ("受付担当", "対応者", "担当職員", "記録者", "聞き取り者", "訪問員", "調査員")),
    *((name, ["大石", "田中"], "個人を示す") for name in ("民生委員", "地区長", "区長名", "紹介議員", "園児名")),
    ("理由", [f"駅から遠く、買い物や通院に困っていると書いた人の文その{n}" for n in range(40)], "自由に書かれた文"),
    ("問30 その他ご意見", ["ありがとう", "図書館を増やして欲しい", ""], "自由記述"),
    ("転入の理由", ["仕事", "結婚", "学校"], "自由記述"),
    ("転入の理由（○は1つ）", ["仕事", "結婚", "学校"], ""),
    ("問5の理由", ["1", "2", "3"], ""),
    ("会場", [f"会場{n}" for n in range(30)], "値の種類"),
    ("障害", ["", "", "", "", "", "", "", "あり", "", ""], "空欄"),
    ("市区町村", ["葛川市"], "一つ"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "values", "why"), COLUMNS, ids=[c[0] for c in COLUMNS])
def test_which_columns_are_groups(heading: str, values: list[str], why: str) -> None:
    frame = pd.DataFrame({heading: (values * 200)[:200], "text": ["文"] * 200})
    chosen = choose_columns(frame, [heading], load_profile(INSIDE))
    told = dict(chosen.left_out).get(heading, "")
    assert (why in told and heading not in chosen.values) if why else (not told and heading in chosen.values)


def test_years_become_decades_spellings_one_group_and_a_blank_is_no_answer_that_was_given() -> None:
    frame = pd.DataFrame({"年齢": ["34", "３５", "41", "", "無回答"] * 20, "居住年数": ["10～20年未満", "1年未満", "10～20年未満", "1～5年未満", "20年以上"] * 20})
    values = choose_columns(frame, list(frame), load_profile(INSIDE)).values
    assert values["年齢"].value_counts().to_dict() == {"30代": 40, "40代": 20, BLANK: 20, "無回答": 20}
    assert set(values["居住年数"]) == {"10～20年未満", "1年未満", "1～5年未満", "20年以上"}


def test_of_many_columns_the_basic_ones_are_compared_and_the_rest_is_named() -> None:
    frame = pd.DataFrame({f"問{n}": ["はい", "いいえ"] * 50 for n in range(1, 11)} | {"性別": ["男", "女"] * 50})
    chosen = choose_columns(frame, list(frame), load_profile(INSIDE))
    assert list(chosen.values) == [*(f"問{n}" for n in range(1, MAX_COLUMNS)), "性別"]
    assert [name for name, _ in chosen.left_out] == ["問8", "問9", "問10"] and "8 列まで" in chosen.left_out[0][1]


def test_counts_shares_and_intervals_are_those_of_the_comments() -> None:
    analysis = survey()
    groups = apply_profile(analysis).groups
    comments = analysis.comments
    for job, own in comments.groupby("職業"):
        read = own[own["status"].eq("ok")]
        told = row(block(groups.kinds, "職業"), str(job))
        assert told.n == len(read)
        for label, cell in zip(LABELS, told.cells, strict=True):
            count = int(read[label].sum())
            assert (cell.has, cell.share) == (count, count / len(read)) and (cell.low, cell.high) == pytest.approx(share_interval(count, len(read)), abs=1e-9)
        rate = row(block(groups.rates, "職業"), str(job))
        assert (rate.n, rate.cells[0].has) == (len(own), int((~own["status"].isin(["blank", "no_content"])).sum()))
    assert row(block(groups.rates, "職業"), TOTAL).n == len(comments)


def test_one_correction_over_kinds_and_writing_rates(views: dict[str, View]) -> None:
    analysis, groups = survey(), views[INSIDE].groups
    found = [(b.attribute, f) for b in (*groups.kinds, *groups.rates) for f in b.found]
    read = analysis.comments[analysis.comments["status"].eq("ok")]
    raw = []
    for attribute, f in found:
        base = analysis.comments if f.label == WROTE else read
        flag = ~base["status"].isin(["blank", "no_content"]) if f.label == WROTE else base[f.label].astype(bool)
        raw.append(association(pd.crosstab(base[attribute], flag)).p_value)
    assert len(found) == groups.n_tests > 15
    assert [f.p_adjusted for _, f in found] == pytest.approx(adjust_p_values(raw).tolist(), abs=1e-12)


def test_marks_stand_where_groups_differ_and_are_large_enough(views: dict[str, View]) -> None:
    groups = views[INSIDE].groups
    channel = block(groups.kinds, "回収方法")
    place = LABELS.index("is_complaint")
    assert row(channel, "郵送").cells[place].mark == "▲" and row(channel, "Web").cells[place].mark == "▼"
    assert "苦情" in reading(channel) and "記入率に差があると言えます" in reading(block(groups.rates, "回収方法"))
    assert not any(c.mark for r in channel.rows if r.kind == "total" for c in r.cells)


def test_a_group_that_is_only_indicative_gets_no_mark() -> None:
    analysis = survey()
    few = analysis.comments.index[analysis.comments["is_praise"].fillna(False)][:20]
    analysis.comments["職業"] = "会社員"
    analysis.comments.loc[few, "職業"] = "漁師"
    job = block(apply_profile(analysis).groups.kinds, "職業")
    place = LABELS.index("is_praise")
    assert next(f for f in job.found if f.label == "is_praise").differs and row(job, "漁師").reference
    assert (row(job, "漁師").cells[place].mark, row(job, "会社員").cells[place].mark) == ("", "▼")


def test_groups_stand_in_the_order_of_their_numbers_else_by_size_then_name() -> None:
    groups = ["70代以上", "20歳未満", "20代", "１０代", "無回答", BLANK, "その他"] + ["b", "a"] * 3 + ["c"] * 5
    for seed in range(5):
        mixed = pd.Series(groups).sample(frac=1.0, random_state=seed)
        order = _in_order(mixed, pd.Series(True, index=mixed.index))
        assert order == ["１０代", "20歳未満", "20代", "70代以上", "c", "a", "b", "その他", "無回答", BLANK]


@pytest.mark.parametrize("profile", [SHARED, PUBLIC])
def test_small_groups_and_cells_are_hidden_and_no_sum_gives_them_back(views: dict[str, View], profile: str) -> None:
    view = views[profile]
    tables = [*view.tables.values(), *view.groups.tables.values()]
    assert not derivable(tables) and all(not 0 < n < view.profile.min_cell for t in tables for n in t.values().values())
    for b in (*view.groups.kinds, *view.groups.rates):
        for r in b.rows:
            assert r.n is None or r.n >= view.profile.min_cell
            assert all(c.has is None or c.has == 0 or c.has >= view.profile.min_cell for c in r.cells)
    for table in view.groups.tables.values():
        gone = table.cells.loc[table.cells[table.columns[-1].name].isna(), [c.name for c in table.columns if c.counted not in ("通", "書いた")]]
        assert gone.fillna(0).eq(0).all(axis=None), "a share beside it would give a hidden size back"
    assert all(c.share is None for b in (*view.groups.kinds, *view.groups.rates) for r in b.rows if r.n is None for c in r.cells)


def test_a_few_silent_ones_hide_no_group_among_those_who_wrote() -> None:
    analysis = survey()
    silent = analysis.comments["status"].isin(["blank", "no_content"])
    few = analysis.comments.index[~silent][::40][:2]
    analysis.comments = analysis.comments.assign(職業="学生").assign(職業=lambda c: c["職業"].mask(~silent, "会社員"))
    analysis.comments.loc[analysis.comments.index[~silent][1::2], "職業"] = "農業"
    analysis.comments.loc[few, "職業"] = "学生"
    analysis.comments.loc[analysis.comments.index[silent][:3], "職業"] = ["会社員", "農業", "農業"]
    extra = analysis.comments[~silent].head(30).assign(職業="学生").rename(index=lambda i: f"9{i}")
    analysis.comments = pd.concat([analysis.comments, extra])
    view = apply_profile(analysis, SHARED)
    kinds, rates = (block(blocks, "職業") for blocks in (view.groups.kinds, view.groups.rates))
    assert {r.group for r in kinds.rows} == {"学生", "会社員", "農業", TOTAL} and all(r.n for r in kinds.rows)
    hidden = [r for r in rates.rows if r.n is None]
    assert {r.group for r in hidden} == {"会社員", "農業"} and all(c.share is None for r in hidden for c in r.cells)
    assert row(rates, TOTAL).n == len(analysis.comments) and row(rates, "学生").n


def test_a_small_group_is_not_even_named_in_public(tmp_path: Path, views: dict[str, View]) -> None:
    analysis = survey()
    assert "市長" in {r.group for r in block(views[INSIDE].groups.kinds, "職業").rows}
    book = openpyxl.load_workbook(write_workbook(analysis, tmp_path / "a.xlsx", profile=PUBLIC))
    cells = {str(c.value) for name in ("属性別", "記入率") for line in book[name].iter_rows() for c in line if c.value is not None}
    page = write_html(analysis, tmp_path / "a.html", profile=PUBLIC).read_text(encoding="utf-8")
    assert "会社員" in cells and "会社員" in page and HIDDEN in cells and "（人数の少ない区分）" in page
    assert not any(word in text for word in ("灯台守", "市長") for text in (*(cells - {"議会・政治"}), page))


def test_each_profile_shows_a_part_of_the_one_before(views: dict[str, View]) -> None:
    shown = [{key: n for t in views[p].groups.tables.values() for key, n in t.values().items() if RARE not in str(key)} for p in schema.PROFILES]
    assert set(shown[1]) < set(shown[0]) and set(shown[2]) < set(shown[1])
    assert all(shown[1][key] == n for key, n in shown[2].items())


def test_districts_are_not_published() -> None:
    assert dict(apply_profile(survey(), PUBLIC).groups.left_out)["居住地区"].startswith("地区の風評")


def test_the_versions_of_a_report_do_not_contradict_each_other() -> None:
    analysis = survey(12)
    analysis.comments.loc[analysis.comments.index[:2], "性別"] = "その他"
    shown = [apply_profile(analysis, p) for p in schema.PROFILES]
    assert (shown[1].comments["性別"] == RARE).any()
    said = [{(b.attribute, f.label): (f.differs, f.p_adjusted) for b in (*v.groups.kinds, *v.groups.rates) for f in b.found} for v in shown]
    assert said[0] == said[1] and said[2] and all(said[0][key] == told for key, told in said[2].items())


def test_figures_of_a_test_are_not_told_where_its_table_hides_a_cell(tmp_path: Path, views: dict[str, View]) -> None:
    exact = {(b.attribute, f.label): f.exact for b in views[PUBLIC].groups.kinds for f in b.found}
    hidden = {(b.attribute, label) for b in views[PUBLIC].groups.kinds for label, t in zip(LABELS, _tables(views[PUBLIC], b), strict=True) if t.cells.isna().any(axis=None)}
    assert hidden and all(not exact[key] for key in hidden & set(exact))
    sheet = openpyxl.load_workbook(write_workbook(survey(), tmp_path / "a.xlsx", profile=PUBLIC))["属性別"]
    lines = [[c.value for c in line] for line in sheet.iter_rows() if line[8].value in {verdict(f) for b in views[PUBLIC].groups.kinds for f in b.found}]
    assert sum(line[2] == HIDDEN for line in lines) >= len(hidden & set(exact))


def _tables(view: View, b: Block) -> list:
    return [view.groups.tables[f"group:{b.attribute}:{label}"] for label in LABELS]


def test_beside_the_shared_list_the_tables_give_no_value_back() -> None:
    """Rows whose combination is rare lose their values in the list; tables of the exact values would tell them by subtraction."""
    analysis = survey(12)
    analysis.comments.loc[analysis.comments.index[:2], "性別"] = "その他"
    view = apply_profile(analysis, SHARED)
    assert (view.comments["性別"] == RARE).sum() > 0
    listed = view.comments["性別"].value_counts()
    for r in block(view.groups.rates, "性別").rows:
        assert r.kind in ("rest", "total") or r.n is None or r.n == listed[r.group]


def test_values_that_differ_by_an_ending_are_told_and_not_merged(tmp_path: Path) -> None:
    assert alike_values(["中央", "中央地区", "東", "2", "2人", "西小学校区", "西"]) == [("2", "2人"), ("中央", "中央地区"), ("西", "西小学校区")]
    analysis = survey()
    analysis.comments.loc[analysis.comments.index[::2], "居住地区"] = analysis.comments["居住地区"].str.removesuffix("地区")
    groups = apply_profile(analysis).groups
    assert {r.group for r in block(groups.kinds, "居住地区").rows} >= {"東", "東地区", "中央", "中央地区"}
    notes = kind_notes(groups, load_profile(INSIDE))
    assert any("「東」と「東地区」" in n and "別の区分として数えています" in n for n in notes)
    assert "「東」と「東地区」" in write_html(analysis, tmp_path / "a.html").read_text(encoding="utf-8")


def test_without_attributes_one_line_says_so(tmp_path: Path) -> None:
    analysis = fake_analysis(3)
    analysis.attributes = []
    analysis.comments = analysis.comments[list(schema.COMMENT_COLUMNS)]
    book = openpyxl.load_workbook(write_workbook(analysis, tmp_path / "a.xlsx"))
    assert not {"属性別", "記入率"} & set(book.sheetnames)
    assert [c.value for line in book["全体の収支"].iter_rows() for c in line].count(NOTHING) == 1
    assert write_html(analysis, tmp_path / "a.html").read_text(encoding="utf-8").count(NOTHING) == 1


def test_where_everybody_wrote_the_rates_say_so(tmp_path: Path) -> None:
    analysis = survey(6)
    silent = analysis.comments["status"].isin(["blank", "no_content"])
    analysis.comments = analysis.comments[~silent]
    sheet = openpyxl.load_workbook(write_workbook(analysis, tmp_path / "a.xlsx"))["記入率"]
    assert NOBODY_SILENT in [line[0].value for line in sheet.iter_rows()]


def test_what_was_too_long_to_read_was_written() -> None:
    analysis = survey()
    groups = apply_profile(analysis).groups
    long = int(analysis.comments["status"].eq("too_long").sum())
    assert long and row(block(groups.rates, "性別"), TOTAL).cells[0].has == row(block(groups.kinds, "性別"), TOTAL).n + long


def test_the_order_of_the_rows_changes_nothing() -> None:
    analysis = survey()
    first = apply_profile(analysis, SHARED).groups
    analysis.comments = analysis.comments.sample(frac=1.0, random_state=3)
    second = apply_profile(analysis, SHARED).groups
    assert (first.kinds, first.rates, first.alike) == (second.kinds, second.rates, second.alike)


@pytest.mark.parametrize("profile", schema.PROFILES)
def test_nothing_banned_is_said(tmp_path: Path, views: dict[str, View], profile: str) -> None:
    """No share of the population, no cause (the lint of the report's own words)."""
    groups, rules = views[profile].groups, load_profile(profile)
    texts = [*kind_notes(groups, rules), *rate_notes(groups, rules), *(reading(b) for b in (*groups.kinds, *groups.rates))]
    book = openpyxl.load_workbook(write_workbook(survey(), tmp_path / "a.xlsx", profile=profile))
    texts += [str(c.value) for name in ("属性別", "記入率") for line in book[name].iter_rows() for c in line if c.value is not None]
    assert [(t, banned_words(t)) for t in texts if banned_words(t)] == []
    assert "市民全体の割合ではありません" in texts[0] and any("理由は、この表からは分かりません" in t for t in texts)


def test_shares_stay_numbers_and_long_headings_are_not_cut(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_workbook(survey(), tmp_path / "a.xlsx"))["属性別"]
    top = next(r for r in range(1, sheet.max_row) if sheet.cell(r, 1).value == "属性")
    assert [c.value for c in sheet[top]][:4] == ["属性", "区分", "書いた人（人）", "苦情"]
    marked = [c for line in sheet.iter_rows() for c in line if "▲" in c.number_format]
    assert marked and all(isinstance(c.value, float) for c in marked)
    widths = {n: d.width for d in sheet.column_dimensions.values() for n in range(d.min, d.max + 1)}
    for c in sheet[top]:
        assert 2 * len(str(c.value)) <= widths[c.column], c.value


def test_the_page_has_the_groups_and_says_them_to_those_who_do_not_see(tmp_path: Path) -> None:
    page = write_html(survey(), tmp_path / "a.html").read_text(encoding="utf-8")
    for words in ('href="#groups"', 'id="groups"', 'alt="図: 属性別の記入率・苦情・要望・感謝・評価。', "書いた人（人）", "95％区間"):
        assert words in page, words
    assert json.dumps("市長")[1:-1] not in page  # JSON of the list is not where a group is named


@pytest.mark.parametrize("names", [["大石", "田中", "佐藤"], ["大石太郎", "田中一郎"]])
def test_groups_that_are_persons_are_compared_at_the_desk_only(names: list[str]) -> None:
    analysis = survey()
    n = len(analysis.comments)
    analysis.comments["係"] = (names * n)[:n]
    analysis.attributes = ["係", "回収方法"]
    assert "係" in [b.attribute for b in apply_profile(analysis, INSIDE).groups.kinds]
    for profile in (SHARED, PUBLIC):
        groups = apply_profile(analysis, profile).groups
        assert [b.attribute for b in groups.kinds] == ["回収方法"] and "人の名前らしい" in dict(groups.left_out)["係"]
