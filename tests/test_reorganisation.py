"""A new 組織表: old codes become new ones, what nobody takes over is said, and the log can be checked from the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from textlens import cli
from textlens.models import load_model
from textlens.office.access_log import append
from textlens.office.labelled import department_codes, read_code_map
from textlens.routing.router import DepartmentRouter

SECRET = "ひみつのカナリア"
OLD = "A1\t道路河川課\t\t道路、舗装、側溝、街灯、河川、堤防\nA2\t公園緑地課\t\t公園、遊具、草刈り、街路樹\nA3\t観光課\t\t観光、祭り、物産\n"
NEW = "B1\t道路課\t\t道路、舗装、側溝、街灯\nB2\t河川課\t\t河川、堤防\nB3\tみどり課\t\t公園、遊具、草刈り、街路樹\n"
TEXTS = {
    "道路の舗装が割れている。": "A1", "川の堤防の草を刈って、河川を守ってほしい。": "A1 道路河川課", "公園の遊具を直して。": "公園緑地課、道路河川課", "祭りが楽しい。": "A3",
}  # fmt: skip


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    for name, rows in (("旧", OLD), ("新", NEW)):
        (tmp_path / f"{name}.tsv").write_text("code\tname\torgan\tkeywords\n" + rows, encoding="utf-8")
    rows = [(f"{n:03d}", text, code) for n, (text, code) in enumerate(list(TEXTS.items()) * 8)]
    pd.DataFrame(rows, columns=["番号", "自由意見", "担当課"]).to_csv(tmp_path / "昨年.csv", index=False)
    return tmp_path


def test_old_codes_become_new_ones_and_what_nobody_takes_is_said(offices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = offices / "辞書" / "routing"
    own.mkdir(parents=True)
    (own / "追加.tsv").write_text("id\tname\nx\t観光課\n", encoding="utf-8")
    tables = ["--old-departments", str(offices / "旧.tsv"), "--departments", str(offices / "新.tsv")]
    assert cli.main(["check", *tables, "--dictionaries", str(offices / "辞書"), "--out", str(offices / "対応表.tsv")]) == 2
    said = capsys.readouterr()
    assert "分割: A1 道路河川課 → B2 河川課" in said.out and "廃止: A3 観光課" in said.out
    assert "追加.tsv 2 行目: なくなった課 A3 観光課" in said.err
    ask = [str(offices / "昨年.csv"), "--label", "担当課", "--kind", "department", "--departments", str(offices / "新.tsv")]
    assert cli.main(["train", *ask, "--out", str(offices / "m.json")]) == 2
    assert "対応表を作り" in capsys.readouterr().err
    assert cli.main(["train", *ask, "--code-map", str(offices / "対応表.tsv"), "--out", str(offices / "m.json")]) == 0
    assert "引き継ぐ課のない 8 件" in capsys.readouterr().out
    model = load_model(offices / "m.json")
    assert model.predict(pd.Series(list(TEXTS)[:3])).tolist() == ["B1", "B2", "B3"]
    assert cli.main(["evaluate", *ask, "--code-map", str(offices / "対応表.tsv"), "--folds", "2", "--out", str(offices / "精度")]) == 0
    wrong = pd.read_excel(offices / "精度" / "精度.xlsx", sheet_name="外れた行", header=2, engine="openpyxl")
    assert list(wrong.columns) == ["番号", "正解", "判定（学ばせた場合）", "判定（付属のまま）", "見た言葉"]


def test_where_a_section_was_split_the_text_decides(offices: Path) -> None:
    router = DepartmentRouter(offices / "新.tsv")
    heirs = {"A1": ("B1", "B2"), "公園緑地課": ("B3",), "A3": ()}
    texts = pd.Series(list(TEXTS), index=["a", "b", "c", "d"])
    codes, left_out = department_codes(texts, pd.Series(list(TEXTS.values()), index=texts.index), router, heirs)
    assert codes.to_dict() == {"a": "B1", "b": "B2", "c": "B3"} and left_out == 1


def test_a_map_people_filled_in_is_read(offices: Path) -> None:
    path = offices / "対応表.tsv"
    path.write_text("旧コード\t旧課名\t新コード\nA3\t観光課\tB3\nA1\t\t\n", encoding="utf-8")
    assert read_code_map(path) == {"A3": ("B3",), "観光課": ("B3",), "A1": ()}


@pytest.mark.parametrize("kind", ["department", "intent"])
def test_the_wrong_column_shows_no_words(kind: str, offices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"{n:03d}", "道が暗い。", f"{SECRET}{n}") for n in range(40)]
    pd.DataFrame(rows, columns=["番号", "自由意見", "備考"]).to_csv(offices / "b.csv", index=False)
    assert cli.main(["train", str(offices / "b.csv"), "--label", "備考", "--text", "自由意見", "--kind", kind, "--out", str(offices / "m.json")]) == 2
    said = capsys.readouterr()
    assert not (offices / "m.json").exists() and "40 種類" in said.err and SECRET not in said.err + said.out


def test_the_log_is_checked_with_the_records_of_what_went_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, record = tmp_path / "操作記録.jsonl", tmp_path / "持出記録.json"
    entry = append(log, who="係", operation="share", rows=3, profile="庁内共有")
    append(log, who="係", operation="share", rows=4, profile="庁内共有")
    record.write_text(f'{{"log": {{"n": {entry.n}, "hash": "{entry.hash}"}}}}', encoding="utf-8")
    ask = ["check", "--log", str(log), "--manifest", str(record)]
    assert cli.main(ask) == 0
    assert "share（庁内共有）: 2 回、のべ 7 行" in capsys.readouterr().out
    log.write_bytes(log.read_bytes().replace(b'"rows":3', b'"rows":1'))
    assert cli.main(ask) == 2
    assert "1 行目: 内容が書き換えられています" in capsys.readouterr().err
    record.write_text("{}", encoding="utf-8")
    assert cli.main(ask) == 2 and cli.main(["check", "--manifest", str(record)]) == 2
    assert "持出記録.json を読めません" in capsys.readouterr().err
