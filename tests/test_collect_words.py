"""What collect and corrections tell people is in their words; what nobody answers for is not overdue; own files are no answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from tests.office_round import fill, hand_out
from textlens import cli
from textlens.commands.corrected import SUMMARY as CORRECTED
from textlens.commands.corrected import write_corrections
from textlens.office.collect import SUMMARY, collect
from textlens.schema import OUTSIDE

ROADS, PARKS, SCHOOLS = "K1_道路課.xlsx", "K2_公園課.xlsx", "K3_学校課.xlsx"


def sheets(path: Path) -> dict[str, pd.DataFrame]:
    return pd.read_excel(path, sheet_name=None, header=2, dtype=str, keep_default_na=False, engine="calamine")


def test_rows_that_no_office_of_the_town_answers_are_not_overdue(tmp_path: Path) -> None:
    hand_out(tmp_path)
    back = collect(tmp_path)
    assert {"X0", "X1"} <= set(back.answers["department"])
    late = back.overdue(date(2026, 6, 1))
    assert not set(late["department"]) & set(OUTSIDE) and {"0001", "0002", "0003"} <= set(late["id"])
    assert back.state_counts().loc["X1", "計"] == 1, "they are still counted among what was handed out"


def test_a_second_run_into_the_same_folder_finds_no_unknown_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}})
    for _ in range(2):
        assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path)]) == 0
        assert "困った所 0" in capsys.readouterr().out
    (tmp_path / "メモ.xlsx").write_bytes(b"")
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path)]) == 1


def test_the_summary_speaks_of_offices_by_name_and_of_yes_and_no(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "他課へ", "移送先の課": "K3"}, "0002": {"対応要否": "要", "状態": "対応中"}})
    fill(tmp_path / PARKS, {"0002": {"対応要否": "要", "状態": "困難"}})
    (tmp_path / SCHOOLS).unlink()
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "集計"), "--today", "2026-06-01"]) == 1
    book = sheets(tmp_path / "集計" / SUMMARY)
    late = book["期限超過"].set_index("受付番号")
    assert late.loc["0003", "返送"] == "いいえ" and set(late.loc[["0002"], "返送"]) == {"はい"} and late.loc["0003", "課"] == "K3 学校課"
    assert book["課の食い違い"]["答え"].tolist() == ["K1 道路課＝対応中、K2 公園課＝困難"]
    assert book["二つの課が取った"]["課"].tolist() == ["K1 道路課、K2 公園課"]
    assert book["どの課も取らない"].set_index("受付番号").loc["0001"].tolist() == ["K1 道路課", "K3 学校課", "全課が不要・他課へ"]
    cells = {str(cell) for frame in book.values() for cell in frame.to_numpy().ravel()}
    assert not cells & {"True", "False", "K1", "K2", "K3", "X0", "X1"}


def test_a_name_is_known_from_the_list_of_choices_where_an_office_got_no_file(tmp_path: Path) -> None:
    hand_out(tmp_path)
    (tmp_path / SCHOOLS).unlink()
    kept = pd.read_csv(tmp_path / "配布控え.tsv", sep="\t", dtype=str, keep_default_na=False)
    kept[kept["department"] != "K3"].to_csv(tmp_path / "配布控え.tsv", sep="\t", index=False)
    assert collect(tmp_path).names == {"K1": "道路課", "K2": "公園課", "K3": "学校課", **{code: name for code, name in OUTSIDE.items() if code != "X0"}}


def test_corrections_are_listed_in_the_words_of_the_report(tmp_path: Path) -> None:
    texts = pd.DataFrame({"text": ["道路に穴があいている。", "親切でした。"]}, index=["01", "02"])
    own = [("種別", "要望"), ("急ぎ", "はい"), ("担当課", "D44"), ("担当の候補（すべて）", "D44、X1"), ("第三者", "家族、職員等"), ("極性の値", "-0.5"), ("苦情か", "いいえ")]
    rows = pd.DataFrame([("01", field, new, "係", "2026-05-01") for field, new in own], columns=["受付番号", "項目", "修正後", "修正者", "修正日"])
    result = tl.analyze(texts, corrections=rows, n_topics=0)
    said = write_corrections(result, tmp_path)
    listed = sheets(tmp_path / CORRECTED)["修正の一覧"]
    told = dict(zip(listed["項目"], listed["修正後"], strict=True))
    road = f"D44 {result.departments.set_index('code').loc['D44', 'name']}"
    assert told == {
        "主な種別": "要望", "急ぎ": "はい", "担当の候補（主）": road, "担当の候補（すべて）": f"{road}、X1 警察", "第三者に関する記述": "家族、職員等",
        "極性の値": "-0.5", "苦情": "いいえ",
    }  # fmt: skip
    before = dict(zip(listed["項目"], listed["機械の値"], strict=True))
    assert before["急ぎ"] in ("はい", "いいえ") and not before["主な種別"].isascii()
    assert any(line.startswith("一致率 主な種別: ") for line in said) and "主な種別" in sheets(tmp_path / CORRECTED)["一致率"]["項目"].tolist()
