"""The command as a user runs it: exit codes, what is written, what is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from textlens import cli
from textlens.commands import NAMES, command
from textlens.sample import sample_survey_path

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"


def run(*arguments: str) -> int:
    try:
        return cli.main([str(a) for a in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_documented_and_has_japanese_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"textlens {name}" in GUIDE.read_text(encoding="utf-8")
    assert run(name, "--help") == 0
    said = capsys.readouterr().out
    assert said.startswith("使い方: ") and command(name).description.splitlines()[0] in said
    assert not any(word in said for word in ("usage:", "options:", "show this help", "positional"))


def test_demo_writes_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "結果"
    assert run("demo", "--out", out) == 0
    assert sorted(p.name for p in out.iterdir()) == ["報告_担当内.html", "結果_担当内.xlsx", "表"]
    manifest = json.loads((out / "表" / "manifest.json").read_text(encoding="utf-8"))
    table = pd.read_csv(out / "表" / "comments.csv", dtype=str)
    assert manifest["counts"]["rows"] == len(table) == sum(manifest["counts"]["by_status"].values())
    assert "全件収支" in capsys.readouterr().out


@pytest.mark.slow
def test_same_input_same_bytes(tmp_path: Path) -> None:
    source = shutil.copy(sample_survey_path("csv"), tmp_path / "調査.csv")
    for name in ("一回目", "二回目"):
        assert run("analyze", source, "--out", tmp_path / name, "--purpose", "試験", "--quiet") == 0
    first = {p.relative_to(tmp_path / "一回目"): p.read_bytes() for p in (tmp_path / "一回目").rglob("*") if p.is_file()}
    second = {p.relative_to(tmp_path / "二回目"): p.read_bytes() for p in (tmp_path / "二回目").rglob("*") if p.is_file()}
    assert first.keys() == second.keys() and len(first) >= 7
    assert [str(k) for k in first if first[k] != second[k]] == []


@pytest.mark.parametrize("profile", ["庁内共有", "公表"])
def test_other_profiles_write_no_raw_tables(profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "共有"
    assert run("analyze", sample_survey_path("csv"), "--out", out, "--profile", profile, "--topics", "0") == 0
    assert sorted(p.name for p in out.iterdir()) == [f"報告_{profile}.html", f"結果_{profile}.xlsx"]
    assert "人の判断を経ていない版です" in capsys.readouterr().out, "the gate is share"


def wrong_files(folder: Path) -> dict[str, Path]:
    content = {
        "空.csv": b"",
        "数だけ.csv": "番号,点数\n1,5\n2,4\n".encode(),
        "絵.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        "暗号.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "引用符.csv": '番号,自由意見\n1,"公園が狭い\n2,バスが少ない\n3,窓口が遠い\n'.encode(),
        "文字化け.csv": b"id,\xe8\x87\xaa\n1,\x81\xff\xfe\x00\xfd\n",
    }
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in [*content, "ない.csv"]}


@pytest.mark.parametrize("name", ["空.csv", "数だけ.csv", "絵.xlsx", "暗号.xlsx", "引用符.csv", "文字化け.csv", "ない.csv"])
def test_bad_input_ends_in_a_clear_error_and_nothing_written(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = wrong_files(tmp_path)[name]
    out = tmp_path / "出力"
    assert run("analyze", path, "--out", out) == 2
    said = capsys.readouterr()
    assert said.err.startswith("エラー: ") and name in said.err and "Traceback" not in said.err
    assert not out.exists() and not list(tmp_path.glob(".textlens-*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyze"], "次の引数が必要です"),
        (["analyze", "a.csv", "--out", "x", "--profile", "外部"], "選べない値です"),
        (["analyze", "a.csv", "--out", "x", "--topics", "多め"], "整数ではありません"),
        (["analyze", "a.csv", "--out", "x", "--nazo"], "知らない引数です"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_out_must_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "結果").write_text("大事なファイル", encoding="utf-8")
    assert run("demo", "--out", tmp_path / "結果") == 2
    assert (tmp_path / "結果").read_text(encoding="utf-8") == "大事なファイル"


def test_too_long_row_gives_exit_1_and_a_report(tmp_path: Path) -> None:
    source = tmp_path / "長い.csv"
    source.write_text("受付番号,自由意見\n1," + "長い意見。" * 5000 + "\n2,公園の遊具を直してほしいです。\n", encoding="utf-8")
    out = tmp_path / "出力"
    assert run("analyze", source, "--out", out, "--topics", "0", "--quiet") == 1
    table = pd.read_csv(out / "表" / "comments.csv", dtype=str)
    assert table["status"].tolist() == ["too_long", "ok"]


def test_notebooks_are_copied_and_never_overwritten(tmp_path: Path) -> None:
    assert run("notebooks", "--out", tmp_path / "本") == 0
    book = next((tmp_path / "本").glob("01*.ipynb"))
    book.write_text("直した", encoding="utf-8")
    assert run("notebooks", "--out", tmp_path / "本") == 0
    assert book.read_text(encoding="utf-8") == "直した"


def test_compare_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "受付番号,回収方法,自由意見\n"
    old = [f"{i},郵送,{t}" for i, t in enumerate(["公園の草を刈ってください。", "バスの本数が少なくて困る。", "窓口が親切でした。"] * 20)]
    new = [f"{i},{'Web' if i % 2 else '郵送'},{t}" for i, t in enumerate(["ごみ袋の値上げに反対です。", "公園の草を刈ってください。"] * 25)]
    for name, rows in (("r6.csv", old), ("r7.csv", new)):
        (tmp_path / name).write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    out = tmp_path / "比較"
    assert run("compare", f"R6={tmp_path / 'r6.csv'}", f"R7={tmp_path / 'r7.csv'}", "--channel", "回収方法", "--out", out, "--quiet") == 0
    changes = pd.read_csv(out / "増減.csv")
    assert (out / "年比較.xlsx").stat().st_size > 5000
    bags = changes[changes["name"].str.contains("ごみ袋", na=False)]
    assert len(bags) == 1 and bool(bags["new"].iloc[0]) and bags["p_adjusted"].iloc[0] < 0.001
    assert run("compare", f"R6={tmp_path / 'r6.csv'}", "--out", out) == 2
    assert "2 年分以上" in capsys.readouterr().err


def test_compare_with_earlier_topics_and_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"r6": ["公園の草を刈ってください。", "バスの本数が少なくて困る。"] * 12, "r7": ["クマが畑に出た。", "公園の草を刈ってください。"] * 12, "r8": ["クマが学校に出た。"] * 9}
    for name, texts in rows.items():
        (tmp_path / f"{name}.csv").write_text("受付番号,自由意見\n" + "\n".join(f"{i},{t}" for i, t in enumerate(texts)) + "\n", encoding="utf-8")
    assert run("analyze", tmp_path / "r6.csv", "--out", tmp_path / "前", "--topics", "0", "--quiet") == 0
    years = [f"{name.upper()}={tmp_path / name}.csv" for name in rows]
    assert run("compare", *years, "--topics", "2", "--out", tmp_path / "一") == 0
    cells = pd.read_csv(tmp_path / "一" / "年ごとの割合.csv")
    assert "R7: 記入の 50% が前の話題に当てはまらず" in capsys.readouterr().out
    bears = cells[cells["name"].str.contains("クマ")].set_index("year")
    assert bears["name"].unique().tolist() == [bears["name"].iloc[0]] and bears["count"].to_dict() == {"R6": 0, "R7": 12, "R8": 9}

    own = tmp_path / "辞書" / "facets"
    own.mkdir(parents=True)
    (own / "cues.tsv").write_text("id\tterm\tlabel\tmatch\nown-1\t草\tkusa\tliteral\n", encoding="utf-8")
    (own / "combinations.tsv").write_text("id\tlaw\turgent\tneeds\twithout\tscope\texample\tcounterexample\nown-2\tchild_abuse\t1\tkusa\t\tunit\t草\t木\n", encoding="utf-8")
    capsys.readouterr()
    assert run("compare", *years[:2], "--frozen", tmp_path / "一" / "話題.json", "--before", f"R6={tmp_path / '前'}", "--dictionaries", tmp_path / "辞書", "--out", tmp_path / "二", "--quiet") == 0
    again = pd.read_csv(tmp_path / "二" / "年ごとの割合.csv")
    assert again[again["name"] == "話題: " + bears["name"].iloc[0].split(": ")[1]]["count"].tolist() == [0, 12]
    book = pd.read_excel(tmp_path / "二" / "規則の変更_担当内.xlsx", sheet_name=None, header=2, engine="calamine")
    changed = book["変わった判定"]
    assert changed["新しい根拠"].str.contains("own-2/own-1「草」").all() and changed["理由"].eq("根拠の箇所が変わった").all()
    assert changed[changed["区分"] == "法的対応"][["前", "今"]].drop_duplicates().to_numpy().tolist() == [["手がかりなし", "要確認"]]
    assert book["変わった規則"]["名前"].str.contains("facets/combinations.tsv").any() and book["まとめ"]["付いた"].tolist() == [12, 12]
    assert run("compare", *years[:2], "--before", f"R9={tmp_path / '前'}", "--out", tmp_path / "三", "--quiet") == 2
    assert run("compare", *years[:2], "--before", f"R6={tmp_path / '前'}", "--min-cell", "3", "--out", tmp_path / "三", "--quiet") == 2
    assert not (tmp_path / "三").exists()
