"""Corrections: applied again on every run, agreement counted, exported masked; a bad file is refused by row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from textlens import cli
from textlens.commands.corrected import EXAMPLES, NEXT_YEAR, SUMMARY
from textlens.errors import InputFileError, ParameterError
from textlens.office.corrections import (
    COLUMNS,
    FIELDS,
    add_corrections,
    agreement,
    apply_corrections,
    differences,
    parse_value,
    read_corrections,
    training_table,
    with_digests,
)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": ["道が狭い。", "ありがとう。", "バスがない。"],
            "intent": ["complaint", "praise", "complaint"],
            "is_complaint": [True, False, True],
            "is_request": [False, False, False],
            "polarity": ["negative", "positive", "negative"],
            "department": ["D43", "X0", "D47"],
            "departments": [("D43", "D44"), ("X0",), ("D47",)],
            "held": [True, False, False],
        },
        index=pd.Index(["0001", "0002", "0003"], name="受付番号"),
    )


def rows(*cells: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=list(COLUMNS))


def test_a_correction_holds_and_keeps_its_neighbours_in_step() -> None:
    before = frame()
    after, changes = apply_corrections(
        before,
        rows(
            ("0001", "department", "D43", "D44", "山田", "2026-05-01", "舗装の話"),
            ("0003", "intent", "complaint", "request", "山田", "2026-05-01", ""),
            ("0002", "polarity", "positive", "positive", "山田", "2026-05-02", ""),
        ),
    )
    assert after.at["0001", "department"] == "D44" and after.at["0001", "departments"] == ("D44", "D43")
    assert not after.at["0001", "held"] and after.at["0003", "is_request"] and after.at["0003", "intent"] == "request"
    assert changes["result"].tolist() == ["適用", "適用", "確認"]
    assert before.equals(frame()) and after["text"].tolist() == before["text"].tolist()
    assert after["held"].dtype == bool and after.index.equals(before.index)


def test_results_say_what_became_of_each_correction() -> None:
    _, changes = apply_corrections(
        frame(),
        rows(
            ("0001", "polarity", "neutral", "mixed", "a", "2026-05-01", ""),
            ("0002", "intent", "praise", "opinion", "a", "2026-05-01", ""),
            ("0002", "intent", "opinion", "praise", "b", "2026-06-01", ""),
            ("9999", "intent", "", "praise", "a", "2026-05-01", ""),
        ),
    )
    result = dict(zip(zip(changes["id"], changes["who"], strict=True), changes["result"], strict=True))
    assert result == {("0001", "a"): "再確認", ("0002", "a"): "上書き済み", ("0002", "b"): "確認", ("9999", "a"): "番号なし"}
    rate = agreement(changes).set_index("field")
    assert rate.loc["intent", ["checked", "agreed"]].tolist() == [1, 1] and rate.loc["polarity", "rate"] == 0.0


def test_to_no_department() -> None:
    after, _ = apply_corrections(frame(), rows(("0001", "department", "", "X0", "a", "2026-05-01", "")))
    assert after.at["0001", "departments"] == ("X0",)


def test_the_file_is_readable_and_grows(tmp_path: Path) -> None:
    path = tmp_path / "修正.tsv"
    one = {"id": "0001", "field": "departments", "old": ("D43",), "new": ("D44", "D23"), "who": "山田", "when": "2026-05-01", "why": "改行\nと\tタブ"}
    assert add_corrections(path, [one]) == 1
    assert add_corrections(path, [{**one, "field": "held", "old": True, "new": False, "why": ""}]) == 1
    assert path.read_text(encoding="utf-8").splitlines() == [
        "id\tfield\told\tnew\twho\twhen\twhy",
        "0001\tdepartments\tD43\tD44、D23\t山田\t2026-05-01\t改行 と タブ",
        "0001\theld\ttrue\tfalse\t山田\t2026-05-01\t",
    ]
    after, _ = apply_corrections(frame(), path)
    assert after.at["0001", "departments"] == ("D44", "D23") and after.at["0001", "department"] == "D44"
    with pytest.raises(ParameterError, match="who"):
        add_corrections(path, [{"id": "1", "field": "intent", "new": "praise", "when": "2026-05-01"}])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("1", "text", "", "x", "", "", ""), "text"),
        (("1", "intent", "", "怒り", "", "", ""), "2 行目"),
        (("1", "held", "", "たぶん", "", "", ""), "true"),
        (("1", "department", "", "", "", "", ""), "課のコード"),
    ],
)
def test_bad_rows_are_refused_by_row(cells: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_corrections(rows(cells))


def test_japanese_headings_and_excel(tmp_path: Path) -> None:
    path = tmp_path / "修正.xlsx"
    pd.DataFrame({"受付番号": ["0002"], "項目": ["is_request"], "修正後": ["はい"]}).to_excel(path, index=False)
    after, _ = apply_corrections(frame(), path)
    assert bool(after.at["0002", "is_request"])
    with pytest.raises(InputFileError, match="修正後"):
        read_corrections(pd.DataFrame({"id": ["1"], "field": ["intent"]}))


def test_differences_lead_from_one_frame_to_the_other() -> None:
    before, after = frame(), frame().iloc[::-1].copy()
    after.loc["0003", "polarity"] = "neutral"
    after["departments"] = [("X1",) if i == "0002" else d for i, d in zip(after.index, after["departments"], strict=True)]
    found = differences(before, after, who="a", when="2026-05-01")
    assert set(zip(found["id"], found["field"], found["new"], strict=True)) == {("0003", "polarity", "neutral"), ("0002", "departments", "X1")}
    again, _ = apply_corrections(before, found)
    assert again["polarity"].tolist() == frame()["polarity"].tolist()[:2] + ["neutral"]


def test_training_examples_are_masked() -> None:
    after, changes = apply_corrections(frame(), rows(("0003", "department", "", "D23", "a", "2026-05-01", "")))
    table = training_table(after, changes, pd.Series(["…", "…", "［伏字］"], index=after.index))
    assert table.index.tolist() == ["0003"] and table.iloc[0].tolist() == ["［伏字］", "D23"]
    with pytest.raises(ParameterError, match="伏せた"):
        training_table(after, changes, pd.Series(["…"], index=["0001"]))


def test_next_years_comment_with_the_same_number_is_left_alone() -> None:
    after, changes = apply_corrections(frame(), rows(("0001", "polarity", "", "mixed", "a", "2026-05-01", ""), ("0002", "polarity", "", "mixed", "a", "2026-05-01", "")))
    kept = with_digests(after, changes)
    later = frame()
    later.loc["0001", "text"] = "別の人の声。"
    own = pd.concat([rows(("0001", "polarity", "", "neutral", "b", "2026-04-01", "")), kept])
    again, found = apply_corrections(later, own)
    assert again["polarity"].tolist() == ["neutral", "mixed", "negative"]
    assert dict(zip(found["new"] + found["id"], found["result"], strict=True)) == {"neutral0001": "適用", "mixed0001": "本文が変わった", "mixed0002": "適用"}
    assert agreement(found)["checked"].tolist() == [2]


@pytest.mark.parametrize(
    ("field", "written", "name", "value"),
    [("種別", "要望", "intent", "request"), ("極性", "否定（－）", "polarity", "negative"), ("担当課", "D44 道路課", "department", "D44"),
     ("担当の候補（すべて）", "D44 道路課、D23", "departments", ("D44", "D23")), ("急ぎ", "はい", "urgent", True), ("第三者", "家族、職員等", "third_party", ("family", "staff"))],
)  # fmt: skip
def test_words_of_the_reports_are_read(field: str, written: str, name: str, value: object) -> None:
    found = read_corrections(rows(("0001", field, "", written, "a", "2026-05-01", "")))
    assert found["field"].tolist() == [name] and parse_value(name, found["new"].iloc[0]) == value


def test_a_shifted_column_shows_no_words() -> None:
    with pytest.raises(InputFileError) as caught:
        read_corrections(rows(("0001", "隣の葛野さんがうるさい。", "", "要望", "a", "2026-05-01", "")))
    assert "2 行目" in str(caught.value) and "葛野" not in str(caught.value)


def test_a_run_with_corrections_tells_agreement_and_leaves_what_can_be_learnt_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["公園の草を刈ってほしい。", "隣の大石さんが公園で犬を放して困る。", "ありがとうございます。"]
    pd.DataFrame({"番号": ["01", "02", "03"], "自由意見": texts}).to_csv(tmp_path / "調査.csv", index=False)
    own = tmp_path / "修正.tsv"
    own.write_text("受付番号\t項目\t修正後\t修正者\t修正日\n01\t種別\t要望\t係\t2026-05-01\n02\t種別\t要望\t係\t2026-05-01\n", encoding="utf-8")
    ask = ["analyze", str(tmp_path / "調査.csv"), "--id", "番号", "--topics", "0"]
    assert cli.main([*ask, "--out", str(tmp_path / "a"), "--corrections", str(own)]) == 0
    said = capsys.readouterr().out
    assert "適用 1" in said and "確認 1" in said and "一致率 主な種別: 1/2" in said
    examples = pd.read_csv(tmp_path / "a" / EXAMPLES, dtype=str, encoding="utf-8-sig").set_index("受付番号")
    assert examples["intent"].to_dict() == {"01": "request", "02": "request"} and "大石" not in str(examples.to_numpy())
    assert (tmp_path / "a" / SUMMARY).is_file()
    assert cli.main([*ask, "--out", str(tmp_path / "b"), "--corrections", str(tmp_path / "a" / NEXT_YEAR)]) == 0
    assert "一致率 主な種別: 1/2" in capsys.readouterr().out
    own.write_text("受付番号\t項目\t修正後\n01\t担当課\tZ9 なくなった課\n", encoding="utf-8")
    assert cli.main([*ask, "--out", str(tmp_path / "c"), "--corrections", str(own)]) == 2
    assert "（Z9）" in capsys.readouterr().err and not (tmp_path / "c").exists()


@pytest.mark.parametrize(("field", "new"), [("department", "ZZ"), ("departments", "D44、ZZ"), ("担当課", "ZZ なくなった課")])
def test_a_code_that_is_not_in_the_table_is_refused_by_row(field: str, new: str) -> None:
    wrong = rows(("0003", "polarity", "", "mixed", "a", "2026-05-02", ""), ("0002", field, "", new, "a", "2026-05-01", ""))
    with pytest.raises(InputFileError, match="3 行目: 「担当の候補（.*）」の課コード（ZZ）.*X0・X1"):
        apply_corrections(frame(), wrong, departments=["D43", "D44", "D47"])
    assert apply_corrections(frame(), wrong)[1]["result"].tolist() == ["適用", "適用"]


def test_codes_of_the_table_and_outside_are_taken_and_what_does_not_hold_is_not_looked_at() -> None:
    own = rows(
        ("0001", "department", "", "X1", "a", "2026-05-02", ""), ("0002", "departments", "", "D44、D43", "a", "2026-05-01", ""),
        ("0001", "department", "", "ZZ", "a", "2026-05-01", ""), ("9999", "department", "", "ZZ", "a", "2026-05-03", ""),
    )  # fmt: skip
    after, changes = apply_corrections(frame(), own, departments=["D43", "D44"])
    assert after.at["0001", "department"] == "X1" and after.at["0002", "departments"] == ("D44", "D43")
    assert sorted(changes["result"]) == ["上書き済み", "番号なし", "適用", "適用"]
    assert apply_corrections(frame(), own[1:2].assign(new="D44"), departments="D44")[0].at["0002", "department"] == "D44"


def test_a_code_that_may_be_somebodys_words_is_not_shown() -> None:
    with pytest.raises(InputFileError) as caught:
        apply_corrections(frame(), rows(("0001", "department", "", "大石太郎", "a", "2026-05-01", "")), departments=["D43"])
    assert "2 行目" in str(caught.value) and "大石" not in str(caught.value)


@pytest.mark.parametrize("new", ["大石太郎", "家族、大石太郎", "本人"])
def test_third_parties_are_of_the_kinds_that_there_are(new: str) -> None:
    with pytest.raises(InputFileError, match="2 行目: 「第三者に関する記述」は 家族、.*のどれか") as caught:
        read_corrections(rows(("0001", "third_party", "", new, "a", "2026-05-01", "")))
    assert "大石" not in str(caught.value)
    assert parse_value("third_party", "家族, 家族、staff") == ("family", "staff") and parse_value("third_party", "") == ()


def test_no_field_shows_a_value_that_it_refuses() -> None:
    for field in FIELDS:
        try:
            parse_value(field, "大石太郎。")
        except InputFileError as error:
            assert "大石" not in str(error)
        else:
            assert field in ("department", "departments")  # looked up when the table is known


def test_rows_are_numbered_as_in_the_file() -> None:
    with pytest.raises(InputFileError, match="4 行目"):
        read_corrections(rows(("1", "held", "", "はい", "", "", ""), ("", "", "", "", "", "", ""), ("1", "held", "", "たぶん", "", "", "")))


FORMULAS = ["=1+1", "+81", "-山田", "@cmd", "'=1", "''-", "'山田", "  =x"]


def test_no_cell_begins_like_a_formula_and_reading_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "修正.tsv"
    own = [{"id": who.strip(), "field": "sentiment", "old": 0.5, "new": -0.5, "who": who, "when": "2026-05-01", "why": who} for who in FORMULAS]
    add_corrections(path, own[:3])
    add_corrections(path, own[3:])
    cells = [cell for line in path.read_text(encoding="utf-8").splitlines() for cell in line.split("\t")]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]
    found = read_corrections(path)
    for name in ("id", "who", "why"):
        assert found[name].tolist() == [who.strip() for who in FORMULAS]
    assert set(found["new"]) == {"-0.5"} and "'山田" in cells


def test_the_file_for_next_year_and_the_examples_hold_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"番号": ["=01", "02"], "自由意見": ["公園の草を刈ってほしい。", "道が暗いです。"]}).to_csv(tmp_path / "調査.csv", index=False)
    own = tmp_path / "修正.tsv"
    own.write_text("受付番号\t項目\t修正後\t修正者\t修正日\t理由\n=01\t種別\t苦情\t@係\t2026-05-01\t=SUM(A1)\n", encoding="utf-8")
    ask = ["analyze", str(tmp_path / "調査.csv"), "--id", "番号", "--topics", "0"]
    assert cli.main([*ask, "--out", str(tmp_path / "a"), "--corrections", str(own)]) == 0
    written = (tmp_path / "a" / NEXT_YEAR).read_text(encoding="utf-8")
    assert "'@係" in written and "'=SUM(A1)" in written and "\n'=01\t" in written
    assert (tmp_path / "a" / EXAMPLES).read_text(encoding="utf-8-sig").splitlines()[1].startswith("'=01,")
    found = read_corrections(tmp_path / "a" / NEXT_YEAR)
    assert found[["id", "who", "why"]].to_numpy().tolist() == [["=01", "@係", "=SUM(A1)"]]
    capsys.readouterr()
    assert cli.main([*ask, "--out", str(tmp_path / "b"), "--corrections", str(tmp_path / "a" / NEXT_YEAR)]) == 0
    assert "適用 1" in capsys.readouterr().out


def test_one_field_may_be_a_plain_string() -> None:
    after = frame().assign(intent="opinion", polarity="mixed")
    found = differences(frame(), after, who="a", when="2026-05-01", fields="intent")
    assert set(found["field"]) == {"intent"} and len(found) == 3
