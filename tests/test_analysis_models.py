"""What an office taught is used by analyze: kinds, labels of its own, 課; and told in the manifest."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens.cli import main
from textlens.errors import ParameterError
from textlens.intent.classifier import IntentClassifier
from textlens.routing.router import DepartmentRouter

COMMENTS = pd.DataFrame(
    {"text": ["どんぐり館をまた開けてほしい。", "特になし", "野良猫が庭に来る。", None, "神輿がよかった。"]}, index=[f"{i:03d}" for i in range(5)]
)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("models")
    texts = pd.Series([f"{n}年ぶりの神輿が見事だった。" for n in range(2, 22)] + [f"街灯が{n}本切れている。" for n in range(2, 22)])
    own = pd.DataFrame({"祭り": [True] * 20 + [False] * 20, "complaint": [False] * 20 + [True] * 20})
    cats = [f"野良猫が{n}匹いて困る。" for n in range(2, 26)] + [f"どんぐり館に{n}回行った。" for n in range(2, 26)]
    kinds = tl.save_model(IntentClassifier().fit(texts, own), folder / "種別.json")
    offices = tl.save_model(DepartmentRouter().fit(cats, ["D29"] * 24 + ["D30"] * 24), folder / "課.json")
    return kinds, offices


def test_both_models_are_used_and_told(taught: tuple[Path, Path]) -> None:
    plain = tl.analyze(COMMENTS, n_topics=0)
    result = tl.analyze(COMMENTS, models=taught, n_topics=0)
    assert result.comments.loc[["000", "002"], "department"].tolist() == ["D30", "D29"]
    assert plain.comments.loc["002", "department"] == "D21"
    assert result.comments["own_祭り"].iloc[[1, 3, 4]].tolist() == [False, False, True]
    assert "own_祭り" not in result.attributes and "own_祭り" not in plain.comments
    assert sorted(result.run["parameters"]["models"]) == ["DepartmentRouter", "IntentClassifier"]
    assert plain.run["parameters"]["models"] == {}
    again = tl.analyze(COMMENTS, models=[tl.load_model(path) for path in taught], n_topics=0, n_jobs=2)
    pd.testing.assert_frame_equal(again.comments, result.comments)
    assert again.run["parameters"]["models"] == result.run["parameters"]["models"]


def test_models_that_cannot_be_used_are_refused(taught: tuple[Path, Path]) -> None:
    for models, departments, why in (
        ((taught[0], taught[0]), None, "二つ"),
        ((taught[1],), pd.DataFrame({"code": ["1"], "name": ["総務課"]}), "組織表"),
        ((tl.SentimentScorer(),), None, "SentimentScorer"),
    ):
        with pytest.raises(ParameterError, match=why):
            tl.analyze(COMMENTS, models=models, departments=departments, n_topics=0)


def test_the_command_takes_models(taught: tuple[Path, Path], tmp_path: Path) -> None:
    COMMENTS.rename(columns={"text": "自由意見"}).to_csv(tmp_path / "回答.csv", index_label="受付番号")
    models = [part for path in taught for part in ("--model", str(path))]
    assert main(["analyze", str(tmp_path / "回答.csv"), *models, "--topics", "0", "--out", str(tmp_path / "結果")]) == 0
    assert main(["analyze", str(tmp_path / "回答.csv"), "--model", str(tmp_path / "無い.json"), "--out", str(tmp_path / "別")]) == 2
    assert not (tmp_path / "別").exists()


def command(*arguments: object) -> int:
    return main([str(a) for a in arguments])


@pytest.fixture(scope="module")
def analysed(taught: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 回答.csv and two results: 学 (read by both models) and 素 (as shipped)."""
    folder = tmp_path_factory.mktemp("年度")
    COMMENTS.rename(columns={"text": "自由意見"}).to_csv(folder / "回答.csv", index_label="受付番号")
    models = [part for path in taught for part in ("--model", path)]
    for name, given in (("学", models), ("素", [])):
        assert command("analyze", folder / "回答.csv", *given, "--topics", 0, "--out", folder / name, "--quiet") == 0
    return folder


def reasons(folder: Path) -> dict[tuple[str, str], str]:
    """(受付番号, 候補課) → 振り分けの根拠, over all workbooks."""
    found = {}
    for path in folder.glob("*.xlsx"):
        for sheet in pd.read_excel(path, sheet_name=None, header=4, dtype=str, engine="calamine").values():
            if "受付番号" in sheet:
                found |= {(str(r["受付番号"]), str(r["候補課"])[:3]): str(r["振り分けの根拠"]) for r in sheet.to_dict("records")}
    return found


@pytest.mark.parametrize(
    ("result", "given", "said"),
    [
        ("学", ["課"], None), ("学", ["課", "種別"], None), ("素", [], None),
        ("学", [], "学ばせた課のモデル（印 .*--model に指定されていません"), ("素", ["課"], "課のモデルは使われていませんが"),
        ("学", ["別の課"], "課のモデル（印 .*分析に使われたもの（印 .*違います"), ("素", ["種別"], "種別のモデルは使われていませんが"),
    ],
)  # fmt: skip
def test_reasons_come_from_the_model_of_the_analysis_or_it_is_said(
    result: str, given: list[str], said: str | None, analysed: Path, taught: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tl.save_model(DepartmentRouter().fit([f"野良猫が{n}匹。" for n in range(9)], ["D01"] * 9), tmp_path / "別の課.json")
    files = {"種別": taught[0], "課": taught[1], "別の課": tmp_path / "別の課.json"}
    models = [part for name in given for part in ("--model", files[name])]
    assert command("distribute", analysed / result, *models, "--out", tmp_path / "配布", "--user", "係", "--start", "2026-07-01") == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "モデル" in line]
    assert len(lines) == (said is not None) and (said is None or re.search(said, lines[0]))
    if result == "学":
        assert ("野良猫" in reasons(tmp_path / "配布")["002", "D29"]) is ("課" in given)


def test_another_table_is_told_apart_from_a_missing_model(analysed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other 所管語 under the same codes are said; a result of the model's own table asks for the model."""
    table = pd.DataFrame([(d.code, d.name, d.organ, "、".join(d.keywords)) for d in DepartmentRouter().table_], columns=["code", "name", "organ", "keywords"])
    table.to_csv(tmp_path / "同じ.tsv", sep="\t", index=False)
    table.assign(keywords=table["keywords"] + "、神輿").to_csv(tmp_path / "語が違う.tsv", sep="\t", index=False)
    for name, said in (("同じ", False), ("語が違う", True)):
        assert command("distribute", analysed / "素", "--departments", tmp_path / f"{name}.tsv", "--out", tmp_path / name, "--user", "係") == 0
        assert ("組織表の所管語が" in capsys.readouterr().out) is said
    ours = pd.DataFrame({"code": ["A1", "A2"], "name": ["総務課", "環境課"], "organ": ["市長部局"] * 2, "keywords": ["祭り", "野良猫"]})
    model = tl.save_model(DepartmentRouter(ours).fit(["野良猫がいる。"] * 5, ["A1"] * 5), tmp_path / "表ごと.json")
    assert command("analyze", analysed / "回答.csv", "--model", model, "--topics", 0, "--out", tmp_path / "結果", "--quiet") == 0
    assert command("distribute", tmp_path / "結果", "--out", tmp_path / "x", "--user", "係") == 2
    assert "同じ --model を指定して" in capsys.readouterr().err and not (tmp_path / "x").exists()
    assert command("distribute", tmp_path / "結果", "--model", model, "--out", tmp_path / "x", "--user", "係") == 0


def test_other_routing_words_are_said(analysed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "辞書" / "routing"
    own.mkdir(parents=True)
    (own / "cues.tsv").write_text("cue\tterms\ngreeting\tまいど\n", encoding="utf-8")
    try:
        assert command("distribute", analysed / "素", "--dictionaries", tmp_path / "辞書", "--out", tmp_path / "配布", "--user", "係") == 0
    finally:
        tl.use_dictionaries(None)
    assert "振り分けの辞書が、分析のときの辞書と違います" in capsys.readouterr().out


def test_the_workbook_tells_the_models_and_shows_kinds_of_the_office(analysed: Path) -> None:
    for name, told, kinds in (("学", "種別（印 ", True), ("素", "なし（付属のまま）", False)):
        book = pd.read_excel(analysed / name / "結果_担当内.xlsx", sheet_name=None, header=None, dtype=str, engine="calamine")
        cells = [[str(c) for c in row] for sheet in book.values() for row in sheet.to_numpy().tolist()]
        assert any("学ばせたモデル" in row and any(told in c for c in row) for row in cells)
        assert any("祭り" in c.split("、") for row in cells if "神輿がよかった。" in row for c in row) is kinds
    shared = tl.load(analysed / "学" / "表").to_excel(analysed / "共有.xlsx", profile="庁内共有")
    assert not any("祭り" in str(c) for sheet in pd.read_excel(shared, sheet_name=None, header=None, engine="calamine").values() for c in sheet.to_numpy().ravel() if str(c) != "神輿がよかった。" and "祭り・" not in str(c))


def test_years_are_read_by_the_same_models_and_it_is_told(analysed: Path, taught: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = [part for path in taught for part in ("--model", path)]
    again = tmp_path / "翌年.csv"
    again.write_bytes((analysed / "回答.csv").read_bytes() + b"\n")
    years = [f"R6={analysed / '回答.csv'}", f"R7={again}"]
    assert command("compare", *years, *models, "--before", f"R6={analysed / '素'}", "--topics", 1, "--out", tmp_path / "年") == 0
    said = capsys.readouterr().out
    assert "本文が、すべて同じです" in said and "R6 の前の結果と読み方が違います" in said and "課のモデルは使われていませんが" in said
    cells = pd.read_csv(tmp_path / "年" / "年ごとの割合.csv")
    n = int(tl.load(analysed / "学" / "表").comments["own_祭り"].sum())
    assert cells[cells["label"] == "own_祭り"][["year", "count", "name"]].to_numpy().tolist() == [[y, n, "祭り（自分の市の種別）"] for y in ("R6", "R7")]
    sheet = pd.read_excel(tmp_path / "年" / "年比較.xlsx", header=None, engine="calamine")
    digest = tl.load(analysed / "学" / "表").run["parameters"]["models"]["IntentClassifier"]
    assert any(f"種別（印 {digest[:12]}）" in str(line) for line in sheet[0])
    rules = pd.read_excel(tmp_path / "年" / "規則の変更_担当内.xlsx", sheet_name="変わった規則", header=2, dtype=str, engine="calamine")
    assert rules[rules["種類"] == "学ばせたモデル"]["名前"].tolist() == ["課", "種別"]
    assert command("compare", *years, *models, "--before", f"R6={analysed / '学'}", "--out", tmp_path / "同") == 0
    assert "読み方が違います" not in capsys.readouterr().out
    found = tl.analyze_years({str(n): COMMENTS for n in (6, 7)}, models=taught, n_topics=1)
    assert all(result.run["parameters"]["models"]["IntentClassifier"] == digest for result in found.results.values())
    assert command("compare", *years, "--out", tmp_path / "素", "--quiet") == 0
    assert not pd.read_csv(tmp_path / "素" / "年ごとの割合.csv")["label"].str.startswith("own_").any()
