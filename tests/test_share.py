"""The gate as a user meets it: what stops it, what it writes, what is noted, and what appears nowhere."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import textlens as tl
from textlens import cli
from textlens.commands.records import DECISIONS, LOG
from textlens.commands.share import MANIFEST, REPUTATION
from textlens.office.access_log import read_log, verify
from textlens.office.review_sheet import LIST
from textlens.report.disclosure import words_in_files
from textlens.report.plain_book import write_frames
from textlens.report.reputation import reputation
from textlens.report.view import apply_profile

SECRET = "かなりあひみつ"
ROWS = [
    ("隣の葛野さんが離婚したらしい。夜中に騒ぐので困る。", "可"),
    ("窓口が親切でした。ありがとうございます。", "可"),
    ("上原集落は道が暗くてこわい。", "可"),
    ("株式会社あおばの煙がひどくて困っています。", "可"),
    ("公園の遊具を直してほしい。", "不可"),
    ("図書館が遠い。", ""),
    ("特になし", "可"),
    (f"{SECRET}の道が狭い。", "可"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("年度")
    rows = [(f"{SECRET}{n:03d}", text, SECRET, agreed) for n, (text, agreed) in enumerate(ROWS * 4)]
    pd.DataFrame(rows, columns=["整理番号", "自由意見", "居住地区", "公開同意"]).to_csv(folder / "調査.csv", index=False)
    assert cli.main(["analyze", str(folder / "調査.csv"), "--text", "自由意見", "--id", "整理番号", "--out", str(folder / "結果"), "--topics", "0", "--quiet"]) == 0
    return folder / "結果"


@pytest.fixture
def result(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "結果"))


def run(*arguments: object) -> int:
    try:
        return cli.main([str(a) for a in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


def decide_all(result: Path, folder: Path, answer: str = "採用") -> None:
    sheet = folder / "確認.xlsx"
    assert run("review", result, "--out", sheet, "--user", "係", "--quiet") == 0
    book = openpyxl.load_workbook(sheet)
    place = [c.value for c in book[LIST][5]].index("判断")
    for row in book[LIST].iter_rows(min_row=6):
        if row[0].value:
            row[place].value = answer
    book.save(sheet)
    assert run("review", result, "--read", sheet, "--user", "係", "--quiet") == 0


def share(result: Path, out: Path, *more: object, profile: str = "庁内共有") -> int:
    return run("share", result, "--profile", profile, "--out", out, "--user", "係", *more)


@pytest.mark.parametrize("profile", ["庁内共有", "公表"])
def test_open_findings_stop_it_and_nothing_is_written(profile: str, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert share(result, tmp_path / "共有", profile=profile) == 2
    said = capsys.readouterr()
    assert "人の判断がまだの" in said.err and "textlens review" in said.err and not said.out
    assert sorted(tmp_path.rglob("*")) == before


def test_a_reason_opens_the_gate_and_is_noted(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert share(result, tmp_path / "共有", "--reason", "　") == 2
    assert share(result, tmp_path / "共有", "--reason", "議会への回答が本日のため") == 0
    assert "判断がまだの候補" in capsys.readouterr().out
    line = read_log(result / LOG).iloc[-1]
    assert line["reason"] == "議会への回答が本日のため" and line["operation"] == "share" and line["rows"] == len(ROWS) * 4
    record = json.loads((tmp_path / "共有" / MANIFEST).read_text(encoding="utf-8"))
    assert record["review"]["open"] > 0 and record["review"]["reason"] == line["reason"]


def test_after_the_decisions_it_goes_out_with_manifest_and_log(result: Path, tmp_path: Path) -> None:
    decide_all(result, tmp_path)
    assert share(result, tmp_path / "共有", "--to", "企画課", "--until", "2027-03-31", "--request", "R8-12") == 0
    record = json.loads((tmp_path / "共有" / MANIFEST).read_text(encoding="utf-8"))
    files = {p.name: p.read_bytes() for p in (tmp_path / "共有").iterdir() if p.name != MANIFEST}
    assert record["files"] == {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in sorted(files.items())}
    assert {"リスク軽減版（個人情報のまま）_庁内共有.xlsx", "リスク軽減版（個人情報のまま）_庁内共有.html"} <= set(files)
    assert (record["who"], record["to"], record["until"], record["request"], record["disposed"]) == ("係", "企画課", "2027-03-31", "R8-12", "未記入")
    assert record["review"]["open"] == 0 and record["review"]["decided"]["accept"] > 0 and len(record["rules"]) == 12
    assert verify(result / LOG, [(record["log"]["n"], record["log"]["hash"])]) == []
    assert read_log(result / LOG)["operation"].tolist() == ["review-out", "review-in", "share"]
    assert "葛野" not in files["リスク軽減版（個人情報のまま）_庁内共有.html"].decode()


def test_the_same_call_writes_the_same_bytes(result: Path, tmp_path: Path) -> None:
    decide_all(result, tmp_path)
    for name in ("一", "二"):
        assert share(result, tmp_path / name, "--quiet") == 0
    hashes = [json.loads((tmp_path / name / MANIFEST).read_text(encoding="utf-8"))["files"] for name in ("一", "二")]
    assert hashes[0] == hashes[1] and len(hashes[0]) >= 2


def test_publication_leaves_out_who_did_not_agree_and_says_how_many(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide_all(result, tmp_path)
    assert share(result, tmp_path / "公表", profile="公表") == 0
    said = capsys.readouterr().out
    assert "不同意 4 通、未記入・未確認 4 通" in said and "風評のおそれ" in said
    page = (tmp_path / "公表" / "公表候補_公表.html").read_text(encoding="utf-8")
    assert "窓口が親切" in page and "遊具" not in page and "図書館が遠い" not in page and "葛野" not in page
    look = pd.read_excel(tmp_path / "公表" / REPUTATION, header=2, engine="openpyxl")
    assert set(look["種類"]) == {"地域", "企業・店・団体"} and look["番号"].str.startswith("P").all()


def test_what_is_said_ill_of_is_listed_by_kind(result: Path) -> None:
    view = apply_profile(tl.load(result / "表"), "庁内共有")
    look = reputation(view)
    assert set(look.loc[look["意見（区分語に置換）"].str.contains("集落"), "名前・言葉"]) == {"上原集落"}
    assert set(look.loc[look["意見（区分語に置換）"].str.contains("あおば"), "種類"]) == {"企業・店・団体"}
    assert not look["意見（区分語に置換）"].str.contains("親切|特になし").any()
    assert set(look["番号"]) <= set(view.comments.index) and set(look["意見（区分語に置換）"]) <= set(view.comments["text"])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("栄町は治安が悪くて怖い。", {"地域": "栄町"}), ("城北地区の公園によく行きます。", {}), ("葛川市は道が狭くて困る。", {}),
        ("会社の煙がひどくて困っています。", {"企業・店・団体": "（企業・店の話）"}), ("外国人がうるさくて迷惑だ。", {"国籍・出自": "外国人"}), ("", {}),
    ],
)  # fmt: skip
def test_a_name_counts_only_beside_something_negative(text: str, kinds: dict[str, str]) -> None:
    analysis = tl.analyze(pd.DataFrame({"text": [text]}, index=["a"]), n_topics=0)
    look = reputation(apply_profile(analysis, "庁内共有"))
    assert dict(zip(look["種類"], look["名前・言葉"], strict=True)) == kinds


def test_rejected_findings_stay_readable_the_next_time(result: Path, tmp_path: Path) -> None:
    decide_all(result, tmp_path, "不採用")
    shutil.copytree(result / "表", tmp_path / "次の年" / "表")
    assert share(tmp_path / "次の年", tmp_path / "共有", "--decisions", result / DECISIONS, "--quiet") == 0
    assert "葛野" in (tmp_path / "共有" / "リスク軽減版（個人情報のまま）_庁内共有.html").read_text(encoding="utf-8")


def test_a_folder_in_use_a_broken_log_and_other_mistakes(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide_all(result, tmp_path)
    (tmp_path / "満").mkdir()
    (tmp_path / "満" / "x").touch()
    before, lines = sorted(tmp_path.rglob("*")), (result / LOG).read_bytes()
    assert share(result, tmp_path / "満") == 2 and (result / LOG).read_bytes() == lines
    assert share(result, tmp_path / "共有", profile="担当内") == 2
    assert share(tmp_path / "満", tmp_path / "共有") == 2
    assert share(result, tmp_path / "共有", "--until", "来年") == 2
    assert run("share", result, "--profile", "公表", "--out", tmp_path / "共有", "--user", " ") == 2
    assert run("review", result) == 2
    assert run("review", result, "--out", tmp_path / "x.csv") == 2
    (result / LOG).write_bytes(lines.splitlines(keepends=True)[0])
    assert share(result, tmp_path / "共有") == 2
    assert "書き足しませんでした" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_the_secret_word_appears_nowhere(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    share(result, tmp_path / "公表", profile="公表")
    decide_all(result, tmp_path)
    sheet = tmp_path / "確認.xlsx"
    book = openpyxl.load_workbook(sheet)
    for row in book[LIST].iter_rows(min_row=6):
        row[8].value, row[9].value, row[13].value = "直す", SECRET, f"{SECRET}:1:2:{SECRET}"
    book.save(sheet)
    assert run("review", result, "--read", sheet) == 1
    kept = result / DECISIONS
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text + text.splitlines()[-1].replace("accept", SECRET) + "\n", encoding="utf-8")
    assert share(result, tmp_path / "x", profile="公表") == 2
    kept.write_text(text, encoding="utf-8")
    for profile in ("庁内共有", "公表"):
        assert share(result, tmp_path / profile, profile=profile) == 0
    said = capsys.readouterr()
    records = [(tmp_path / p / MANIFEST).read_text(encoding="utf-8") for p in ("庁内共有", "公表")]
    for place in (said.out, said.err, *records, *(p.read_text(encoding="utf-8") for p in result.glob(f"{LOG}*")), *(p.name for p in tmp_path.rglob("*"))):
        assert SECRET not in place
    assert SECRET in text, "the decisions carry ids: the canary must be alive"
    page = (tmp_path / "公表" / "公表候補_公表.html").read_text(encoding="utf-8")
    assert f"{SECRET}0" not in page, "ids stay inside"


def test_ids_become_keyed_pseudonyms_and_the_key_stays_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"{name}{n}", text, "", "可") for n, name in enumerate(("大石花子", "葛野一郎", "高瀬実")) for text in ("図書館が遠い。",)]
    pd.DataFrame(rows, columns=["整理番号", "自由意見", "居住地区", "公開同意"]).to_csv(tmp_path / "調査.csv", index=False)
    result = tmp_path / "結果"
    assert cli.main(["analyze", str(tmp_path / "調査.csv"), "--id", "整理番号", "--out", str(result), "--topics", "0", "--quiet"]) == 0
    for place in (result, tmp_path):
        (place / "鍵.txt").write_text("0123456789abcdef\n", encoding="utf-8")
    ask = ["share", str(result), "--profile", "庁内共有"]
    assert cli.main([*ask, "--out", str(tmp_path / "a"), "--key", str(result / "鍵.txt")]) == 2
    assert cli.main([*ask, "--out", str(tmp_path / "a"), "--key", str(tmp_path / "ない.txt")]) == 2
    assert cli.main([*ask, "--out", str(tmp_path / "a"), "--key", str(tmp_path / "鍵.txt")]) == 0
    assert cli.main([*ask, "--out", str(tmp_path / "b"), "--key", str(tmp_path / "鍵.txt")]) == 0
    said = capsys.readouterr()
    assert "データとは別の場所に" in said.err and "鍵ファイル ない.txt がありません" in said.err
    report = next((tmp_path / "a").glob("*.html")).read_text(encoding="utf-8")
    assert not any(name in report for name in ("大石", "葛野", "高瀬", "0123456789abcdef"))
    assert json.loads((tmp_path / "a" / MANIFEST).read_text(encoding="utf-8"))["processing"]["pseudonyms"] is True
    assert report == next((tmp_path / "b").glob("*.html")).read_text(encoding="utf-8")


def test_a_number_masked_in_one_comment_and_missed_in_another_stops_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = "090-1234-5678"
    texts = [f"連絡は{number}まで。", f"図書館の本の返却は{number}でした。", "公園が狭い。"]
    pd.DataFrame({"整理番号": ["01", "02", "03"], "自由意見": texts}).to_csv(tmp_path / "調査.csv", index=False)
    result = tmp_path / "結果"
    assert cli.main(["analyze", str(tmp_path / "調査.csv"), "--id", "整理番号", "--out", str(result), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["review", str(result), "--out", str(tmp_path / "確認.xlsx"), "--quiet"]) == 0
    book = openpyxl.load_workbook(tmp_path / "確認.xlsx")
    columns = {cell.value: cell.column for cell in book[LIST][5]}
    for row in range(6, book[LIST].max_row + 1):
        book[LIST].cell(row, columns["判断"], "不採用" if book[LIST].cell(row, columns["番号"]).value == "02" else "採用")
    book.save(tmp_path / "確認.xlsx")
    assert cli.main(["review", str(result), "--read", str(tmp_path / "確認.xlsx"), "--quiet"]) == 0
    ask = ["share", str(result), "--profile", "庁内共有", "--out", str(tmp_path / "共有")]
    assert cli.main(ask) == 2
    said = capsys.readouterr().err
    assert "同じ文字列が残っています" in said and number not in said and not (tmp_path / "共有").exists()
    assert cli.main([*ask, "--reason", "市の代表番号なので"]) == 0


def test_every_kind_of_finished_file_is_looked_through(tmp_path: Path) -> None:
    write_frames({"a": pd.DataFrame({"b": ["R&D <09012345678>"]})}, tmp_path / "x.xlsx", title="t")
    (tmp_path / "y.html").write_text("<p>R&amp;D &lt;09012345678&gt;</p>", encoding="utf-8")
    (tmp_path / "z.json").write_text("{}", encoding="utf-8")
    assert words_in_files(tmp_path, ["R&D <0901", "ない"]) == {"x.xlsx": 1, "y.html": 1}


def test_the_counts_that_are_told_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = [("公園の遊具を直してほしい。", "可"), ("", "可"), ("　", ""), ("特になし", "可"), ("隣の葛野さんが離婚したらしい。夜中に騒ぐので困る。", "可"), ("長い。" * 8000, "可")]
    rows = [(f"{n:03d}", text, agreed) for n, (text, agreed) in enumerate([*said[:4] * 12, *said[4:] * 3])]
    pd.DataFrame(rows, columns=["整理番号", "自由意見", "公開同意"]).to_csv(tmp_path / "調査.csv", index=False)
    result = tmp_path / "結果"
    assert run("analyze", tmp_path / "調査.csv", "--text", "自由意見", "--id", "整理番号", "--out", result, "--topics", "0", "--quiet") == 1
    for profile in ("庁内共有", "公表"):
        capsys.readouterr()
        assert share(result, tmp_path / profile, "--reason", "試験", profile=profile) == 0
        line = next(line for line in capsys.readouterr().out.splitlines() if "通を載せました" in line)
        record = json.loads((tmp_path / profile / MANIFEST).read_text(encoding="utf-8"))["rows"]
        told = [int(n) for n in re.findall(r" (\d+)", line)]
        if profile == "庁内共有":
            assert told == [54, 24, 24, 3, 3] and told[0] == sum(told[1:]), line
            assert record["listed"] == record["in_words"] + record["blank"] + record["withheld"]
        else:
            assert told == [12, 6] and record["listed"] == record["in_words"] and record["consented"] == sum(told), line
