"""The review of personal findings: out to a sheet, back in, kept, and laid over the next run."""

from __future__ import annotations

from multiprocessing import Process
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import textlens as tl
from textlens.errors import InputFileError, ParameterError
from textlens.office.review import (
    COLUMNS,
    add_decisions,
    apply_decisions,
    keys_of,
    open_findings,
    personal_rows,
    read_decisions,
    text_digest,
)
from textlens.office.review_sheet import ADD, LIST, NAMES, read_review_sheet, write_review_sheet
from textlens.office.review_table import review_table, same_names
from textlens.report.view import apply_profile

TEXTS = {
    "001": "隣の葛野さんが離婚したらしい。夜中に騒ぐので困っています。",
    "002": "窓口の鷲巣さんに親切にしていただきました。電話は090-1234-5678です。",
    "003": "公園の遊具を直してほしい。いちじく荘の前です。",
    "004": "自治会長の木暮さんが会費を返さない。木暮さんは忘れたと言う。ざくろ荘の人が見ていた。",
}
STAMP = {"who": "広聴係", "when": "2026-07-01T09:00:00+09:00"}


@pytest.fixture(scope="module")
def analysis() -> tl.Analysis:
    return tl.analyze(pd.DataFrame({"text": TEXTS.values()}, index=list(TEXTS)), n_topics=0)


def decide(analysis: tl.Analysis, word: str, decision: str, **new: object) -> dict[str, object]:
    rows = personal_rows(analysis)
    hit = next(n for n, r in rows.iterrows() if TEXTS[r["id"]][r["start"] : r["end"]] == word)
    return {**dict(zip(COLUMNS, keys_of(rows)[hit], strict=False)), "decision": decision, **new, **STAMP}


def words(analysis: tl.Analysis) -> list[tuple[str, str]]:
    rows = personal_rows(analysis)
    return [(TEXTS[r["id"]][r["start"] : r["end"]], r["subject"]) for _, r in rows.iterrows()]


def test_the_grave_ones_are_open_until_somebody_decides(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    before = open_findings(analysis)
    grave = personal_rows(analysis).query("risk_level >= 2")
    assert set(keys_of(before)) == set(keys_of(grave)) and (grave["risk_level"] == 2).any()
    assert len(before) and (before["risk_level"] >= 2).all() and before["risk_level"].is_monotonic_decreasing
    add_decisions(path, [decide(analysis, "葛野", "accept")])
    assert len(open_findings(analysis, path)) == len(before) - 1
    add_decisions(path, [{**dict(zip(COLUMNS, key, strict=False)), "decision": "accept", **STAMP} for key in keys_of(before)])
    assert open_findings(analysis, path).empty


def test_what_was_rejected_does_not_return_and_the_risk_falls(analysis: tl.Analysis) -> None:
    rows = personal_rows(analysis)
    own = [key for key in keys_of(rows) if key[0] == "001"]
    lines = pd.DataFrame([{**dict(zip(COLUMNS, map(str, key), strict=False)), "decision": "reject"} for key in own]).reindex(columns=COLUMNS, fill_value="")
    decided, outcome = apply_decisions(analysis, lines)
    assert set(outcome["result"]) == {"適用"} and "001" not in set(personal_rows(decided)["id"])
    assert decided.comments.at["001", "risk_level"] < analysis.comments.at["001", "risk_level"] == 3
    assert apply_profile(decided, "庁内共有").comments.at["001", "text"] == TEXTS["001"]
    assert "葛野" not in apply_profile(analysis, "庁内共有").comments.at["001", "text"]
    assert "葛野" not in " ".join(review_table(analysis, lines)["見つけた言葉"])
    assert "001" in set(personal_rows(analysis)["id"]), "the analysis itself is not changed"


def test_a_correction_changes_whose_it_is_and_where_it_stands(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    start = TEXTS["002"].index("窓口の鷲巣さん")
    add_decisions(path, [decide(analysis, "鷲巣", "correct", new_subject="private", new_start=start, new_end=start + 7, new_type="role")])
    decided = apply_decisions(analysis, path)[0]
    assert ("窓口の鷲巣さん", "private") in words(decided) and ("鷲巣", "staff") not in words(decided)
    assert "private" in decided.comments.at["002", "third_party"]
    assert "鷲巣" not in str(apply_profile(decided, "庁内共有").comments.loc["002"].to_dict())


def test_a_corrected_subject_changes_the_risk(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    add_decisions(path, [decide(analysis, "鷲巣", "correct", new_subject="private")])
    levels = [
        personal_rows(a).query("id == '002' and type == 'person_name'")["risk_level"].tolist() for a in (analysis, apply_decisions(analysis, path)[0])
    ]
    assert levels == [[2], [3]]


def test_a_corrected_word_is_looked_for_where_the_finding_stands(analysis: tl.Analysis) -> None:
    table = review_table(analysis)
    second = table.index[table["見つけた言葉"].eq("木暮")][1]
    table.loc[second, ["判断", "正しい言葉"]] = ["直す", "木暮さん"]
    read = read_review_sheet(table, analysis, **STAMP)
    assert [d["new_start"] for d in read.decisions] == [TEXTS["004"].rindex("木暮さん")] != [TEXTS["004"].index("木暮さん")]


def test_what_was_added_is_masked_everywhere_it_was_added(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    row = dict(zip(COLUMNS, keys_of(personal_rows(analysis).query("id == '004'"))[0], strict=False))
    for key, word, subject in (("004", "ざくろ荘", "private"), ("003", "いちじく荘", "self")):
        start = TEXTS[key].index(word)
        new = {"id": key, "text_sha": text_digest(TEXTS[key]), "start": start, "end": start + len(word), "type": "address"}
        add_decisions(path, [{**row, **new, "decision": "add", "new_subject": subject, **STAMP}])
    assert "いちじく荘" in apply_profile(analysis, "庁内共有").comments.at["003", "text"]
    decided = apply_decisions(analysis, path)[0]
    assert apply_profile(decided, "庁内共有").comments.at["003", "text"] == "公園の遊具を直してほしい。【住所】の前です。"
    assert ("ざくろ荘", "private") in words(decided) and decided.comments.at["003", "risk_level"] == 2
    places = decided.findings.query("id == '004'")["start"]
    assert places.is_monotonic_increasing and decided.findings.columns.equals(analysis.findings.columns)
    assert decided.findings.dtypes.astype(str).to_dict() == analysis.findings.dtypes.astype(str).to_dict()


def test_the_last_decision_holds_and_a_changed_text_is_asked_again(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    add_decisions(path, [decide(analysis, "葛野", "reject")])
    add_decisions(path, [{**decide(analysis, "葛野", "accept"), "when": "2026-07-02"}])
    decided, outcome = apply_decisions(analysis, path)
    assert outcome["result"].tolist() == ["上書き済み", "適用"] and ("葛野", "private") in words(decided)
    other = tl.analyze(pd.DataFrame({"text": [TEXTS["001"] + "早く。"]}, index=["001"]), n_topics=0)
    assert len(open_findings(other, path)) == len(open_findings(other))
    assert apply_decisions(other, path)[1]["result"].tolist() == ["上書き済み", "本文が変わった"]


def test_the_file_holds_no_word_of_a_citizen_and_can_be_read(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    add_decisions(path, [decide(analysis, "葛野", "accept", why="氏名\tです\n。"), decide(analysis, "鷲巣", "reject")])
    kept = path.read_text(encoding="utf-8")
    assert "葛野" not in kept and "鷲巣" not in kept and kept.startswith("\t".join(COLUMNS))
    assert read_decisions(path)["decision"].tolist() == ["accept", "reject"]
    with pytest.raises(ParameterError, match="who"):
        add_decisions(path, [{**decide(analysis, "葛野", "accept"), "who": ""}])
    assert path.read_text(encoding="utf-8") == kept


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [("decision", "消す", "decision"), ("start", "x", "整数"), ("end", "0", "end"), ("type", "名前", "type"), ("new_subject", "私", "new_subject")],
)
def test_a_broken_line_is_named_without_its_content(analysis: tl.Analysis, column: str, value: str, word: str) -> None:
    line = {c: str(decide(analysis, "葛野", "accept").get(c, "")) for c in COLUMNS}
    with pytest.raises(InputFileError, match=word) as caught:
        read_decisions(pd.DataFrame([{**line, column: value}]))
    assert "2 行目" in str(caught.value) and f"「{value}」" not in str(caught.value)


def test_the_context_hides_the_others_and_shows_the_one(analysis: tl.Analysis) -> None:
    table = review_table(analysis).set_index("見つけた言葉")
    first = table.loc["葛野"]
    assert first["前後の文（ほかは伏せてあります）"].startswith("隣の▶葛野◀さんが【") and "離婚" not in first["前後の文（ほかは伏せてあります）"]
    assert first["置き換えの案"] == "【近隣住民1】" and first["誰のこと"] == "近隣・知人等" and first["要判断"] == "○"
    twice = table.loc["木暮"]
    assert set(twice["置き換えの案"]) == {"【住民1】"} and "木暮" not in twice.iloc[0]["前後の文（ほかは伏せてあります）"].split("◀")[1]


def fill(path: Path, answers: dict[str, dict[str, str]], added: list[tuple[str, ...]] = (), drop: str = "") -> None:
    book = openpyxl.load_workbook(path)
    sheet = book[LIST]
    heads = [c.value for c in sheet[5]]
    for row in sheet.iter_rows(min_row=6):
        for name, value in answers.get(row[1].value, {}).items():
            row[heads.index(name)].value = value
    for line, cells in enumerate(added, 6):
        for column, value in enumerate(cells, 1):
            book[ADD].cell(line, column).value = value
    if drop:
        sheet.cell(5, heads.index(drop) + 1).value = "別の見出し"
    book.save(path)


def test_the_sheet_goes_out_and_comes_back(analysis: tl.Analysis, tmp_path: Path) -> None:
    path = write_review_sheet(review_table(analysis), tmp_path / "確認.xlsx")
    sheet = openpyxl.load_workbook(path)[LIST]
    assert any("decisions" in str(v.formula1) for v in sheet.data_validations.dataValidation)
    fill(
        path,
        {"葛野": {"判断": "採用", "メモ": "近所"}, "鷲巣": {"判断": "直す", "正しい言葉": "鷲巣さん", "正しい「誰のこと」": "近隣・知人等"}, "090-1234-5678": {"判断": "不採用"}},
        [("004", "ざくろ荘", "住所", "近隣・知人等")],
    )
    read = read_review_sheet(path, analysis, **STAMP)
    assert read.problems.empty and sorted(str(d["decision"]) for d in read.decisions) == ["accept", "add", "correct", "reject"]
    assert read.undecided == len(review_table(analysis)) - 3
    kept = tmp_path / "判断.tsv"
    add_decisions(kept, read.decisions)
    decided = apply_decisions(analysis, kept)[0]
    found = words(decided)
    assert {("葛野", "private"), ("鷲巣さん", "private"), ("ざくろ荘", "private")} <= set(found) and "090-1234-5678" not in dict(found)
    again = review_table(analysis, kept)
    assert not set(again["見つけた言葉"]) & {"葛野", "鷲巣", "090-1234-5678"}
    filled = review_table(analysis, kept, everything=True)
    assert filled.set_index("見つけた言葉").loc["鷲巣", ["判断", "正しい言葉", "正しい「誰のこと」"]].tolist() == ["直す", "鷲巣さん", "近隣・知人等"]
    back = read_review_sheet(filled, analysis, **STAMP)
    assert back.problems.empty and len(back.decisions) == 3


BAD_ROWS = {
    "判断": ({"判断": "はい"}, "採用・不採用・直す"),
    "照合": ({"判断": "採用", "照合（変えない）": "x"}, "照合"),
    "番号": ({"判断": "採用", "番号": "003"}, "この結果にない"),
    "空の直す": ({"判断": "直す"}, "どれも空"),
    "ない言葉": ({"判断": "直す", "正しい言葉": "ひみつ"}, "見つかりません"),
    "種類": ({"判断": "直す", "正しい種類": "なまえ"}, "一覧から"),
    "判断なし": ({"正しい言葉": "葛野さん"}, "判断が空"),
}


@pytest.mark.parametrize("name", sorted(BAD_ROWS))
def test_a_row_that_cannot_be_read_is_named_not_taken(name: str, analysis: tl.Analysis, tmp_path: Path) -> None:
    path = write_review_sheet(review_table(analysis), tmp_path / "確認.xlsx")
    cells, message = BAD_ROWS[name]
    fill(path, {"葛野": cells})
    read = read_review_sheet(path, analysis, **STAMP)
    assert not read.decisions and len(read.problems) == 1 and message in read.problems["message"].iloc[0]
    assert "葛野" not in str(read.problems.to_numpy()) and "ひみつ" not in str(read.problems.to_numpy())
    line = int(read.problems["row"].iloc[0])
    assert openpyxl.load_workbook(path)[LIST].cell(line, 2).value == "葛野"


def test_a_doubled_row_an_unknown_word_and_a_lost_heading(analysis: tl.Analysis, tmp_path: Path) -> None:
    table = review_table(analysis).assign(判断="採用")
    doubled = read_review_sheet(pd.concat([table, table.iloc[[0]]]), analysis, **STAMP)
    assert len(doubled.problems) == 1 and len(doubled.decisions) == len(table)
    path = write_review_sheet(review_table(analysis), tmp_path / "確認.xlsx")
    fill(path, {}, [("999", "木", "氏名", ""), ("004", "ない語", "氏名", ""), ("004", "ざくろ荘", "", "")])
    assert len(read_review_sheet(path, analysis, **STAMP).problems) == 3
    fill(path, {}, drop="判断")
    with pytest.raises(InputFileError, match="判断"):
        read_review_sheet(path, analysis, **STAMP)
    with pytest.raises(InputFileError, match="ありません"):
        read_review_sheet(tmp_path / "ない.xlsx", analysis, **STAMP)


def test_a_formula_is_a_text_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    texts = pd.DataFrame({"text": ["=SUM(A1) 隣の葛野さんが\x07うるさい。"]}, index=["=1"])
    result = tl.analyze(texts, n_topics=0)
    one, two = (write_review_sheet(review_table(result), tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()
    cells = [c for row in openpyxl.load_workbook(one)[LIST].iter_rows(min_row=6) for c in row if c.value]
    assert cells and all(c.data_type == "s" for c in cells)
    assert any("〓うるさい" in c.value for c in cells)


def test_rows_without_findings_give_an_empty_sheet(tmp_path: Path) -> None:
    result = tl.analyze(pd.DataFrame({"text": ["公園が広い。", ""]}, index=["a", "b"]), n_topics=0)
    table = review_table(result)
    assert table.empty and open_findings(result).empty
    path = write_review_sheet(table, tmp_path / "空.xlsx")
    read = read_review_sheet(path, result, **STAMP)
    assert not read.decisions and read.problems.empty


def test_a_masked_name_that_stands_elsewhere_is_listed(tmp_path: Path) -> None:
    texts = ["隣の葛野さんがうるさい。電話は090-1234-5678。", "葛野の坂が急で、090-1234-5678に電話した。", "道が狭い。"]
    result = tl.analyze(pd.DataFrame({"text": texts}, index=["a", "b", "c"]), n_topics=0)
    names = same_names(result)
    assert names[["番号", "名前"]].to_numpy().tolist() == [["b", "葛野"]]
    assert "▶葛野◀の坂" in names.iloc[0, 2] and "090" not in names.iloc[0, 2]
    path = write_review_sheet(review_table(result), tmp_path / "確認.xlsx", names)
    assert openpyxl.load_workbook(path)[NAMES].cell(6, 2).value == "葛野"
    assert read_review_sheet(path, result, **STAMP).problems.empty
    rejected = pd.DataFrame([{**dict(zip(COLUMNS, key, strict=False)), "decision": "reject"} for key in keys_of(personal_rows(result))])
    assert same_names(apply_decisions(result, rejected)[0]).empty


def test_the_context_is_not_cut_at_its_first_line(analysis: tl.Analysis, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_review_sheet(review_table(analysis), tmp_path / "確認.xlsx"))[LIST]
    for row in range(6, sheet.max_row + 1):
        lines = -(-len(str(sheet.cell(row, 3).value)) * 2 // 62)
        assert sheet.row_dimensions[row].height >= 15 * lines, "programs that do not fit rows would hide what follows ◀"


def _decide(path: Path, who: int) -> None:
    for n in range(10):
        key = {"id": f"{who}-{n}", "text_sha": "x", "start": 0, "end": 2, "type": "person_name"}
        add_decisions(path, [{**key, "decision": "accept", "who": "係", "when": "2026-11-01"}])


def test_two_clerks_at_once_lose_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "判断.tsv"
    clerks = [Process(target=_decide, args=(path, who)) for who in range(4)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    with pytest.raises(ParameterError, match="フォルダ「ない」がありません"):
        add_decisions(tmp_path / "ない" / "判断.tsv", [])
    assert [clerk.exitcode for clerk in clerks] == [0] * 4 and len(read_decisions(path)) == 40
