"""compare: the years in their order, each file once, honest words about what came and went, and all files or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import textlens as tl
from textlens import cli
from textlens.commands.years_given import read_years, same_texts, year_of
from textlens.errors import ParameterError
from textlens.report.years_book import TOO_FEW, write_years
from textlens.tables.years import compare_years

PARK, BUS, BEAR = "公園の草を刈ってください。", "バスの本数が少なくて困る。", "クマが畑に出た。"


def counted(**counts: tuple[int, int]) -> dict[str, pd.DataFrame]:
    return {year.lstrip("y"): pd.DataFrame({"topic": np.where(np.arange(n) < has, 7, 0)}) for year, (has, n) in counts.items()}


def marks(years: dict[str, pd.DataFrame], folder: Path) -> dict[tuple[str, str], str]:
    path = write_years(*compare_years(years, ["topic"]), [], {"topic=7": "クマ", "topic=0": "その他"}, folder / "a.xlsx")
    rows = pd.read_excel(path, sheet_name="増減", header=None, engine="calamine").fillna("").to_numpy().tolist()
    return {(row[0], row[2]): row[6] for row in rows if row[0] in ("クマ", "その他")}


def test_what_an_earlier_year_had_is_not_new(tmp_path: Path) -> None:
    years = counted(y2024=(12, 60), y2025=(0, 60), y2026=(13, 60))
    _, changes = compare_years(years, ["topic"])
    rows = changes[changes["label"] == "topic=7"]
    assert rows[["new", "again", "gone", "enough"]].to_numpy().tolist() == [[False, False, True, True], [False, True, False, True]]
    assert marks(years, tmp_path) == {("クマ", "2025"): "この年はなし", ("クマ", "2026"): "再び", ("その他", "2025"): "", ("その他", "2026"): ""}


def test_what_came_or_went_for_good_is_called_so(tmp_path: Path) -> None:
    assert marks(counted(y1=(0, 60), y2=(13, 60), y3=(0, 60)), tmp_path)["クマ", "2"] == "新規"
    assert marks(counted(y1=(0, 60), y2=(13, 60), y3=(0, 60)), tmp_path)["クマ", "3"] == "なくなった"


@pytest.mark.parametrize("few", [{"y1": (8, 120), "y2": (0, 13)}, {"y1": (0, 13), "y2": (5, 13)}, {"y1": (2, 120), "y2": (0, 120)}, {"y1": (80, 120), "y2": (0, 29)}])
def test_too_few_are_not_called_new_or_gone(few: dict[str, tuple[int, int]], tmp_path: Path) -> None:
    assert marks(counted(**few), tmp_path)["クマ", "2"] == TOO_FEW
    assert not compare_years(counted(**few), ["topic"])[1]["enough"].any()


def test_a_p_of_one_does_not_read_as_certain_and_stays_a_number(tmp_path: Path) -> None:
    import openpyxl

    path = write_years(*compare_years(counted(y1=(30, 60), y2=(30, 60)), ["topic"]), [], {}, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path)["増減"]
    cell = next(c for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float) and c.column == 6)
    assert cell.value == 0.99 and "＞" in cell.number_format and not any(v.value == "確からしさ（補正後）" for row in sheet.iter_rows() for v in row)


def test_what_was_too_rare_for_a_topic_is_found_when_a_later_year_makes_one() -> None:
    years = {"R6": [PARK, BUS] * 12 + [BEAR], "R7": [PARK, BUS] * 12, "R8": [BEAR] * 9 + [PARK] * 9}
    found = tl.analyze_years({year: pd.DataFrame({"text": texts}) for year, texts in years.items()}, n_topics=2)
    bear = next(label for label, name in found.names.items() if "クマ" in name)
    cells, changes = compare_years(found.read, ["topic"])
    assert cells[cells["label"] == bear]["count"].tolist() == [1, 0, 9]
    assert not changes[changes["label"] == bear]["new"].any()


@pytest.mark.parametrize(
    ("given", "order", "said"),
    [
        (["R8=c.csv", "R6=a.csv", "令和7年度=b.csv"], ["R6", "令和7年度", "R8"], "年の古い順に並べ替えました: R6 → 令和7年度 → R8"),
        (["H31=a.csv", "2018=b.csv"], ["2018", "H31"], "並べ替えました"),
        (["今回=調査R8.csv", "前回=調査R7.csv"], ["前回", "今回"], "並べ替えました"),
        (["前回=a.csv", "今回=b.csv"], ["前回", "今回"], "書かれた順を古い順とみなしました: 前回 → 今回"),
        (["2024郵送=a.csv", "2024Web=b.csv"], ["2024郵送", "2024Web"], "書かれた順"),
        (["2024=調査R8.csv", "2025=b.csv"], ["2024", "2025"], "調査R8.csv の名前は、別の年（2026 年）に見えます"),
        (["2024=a.csv", "2025=b.csv"], ["2024", "2025"], ""),
    ],
)  # fmt: skip
def test_the_years_are_put_in_order_or_it_is_said_that_nobody_can_tell(given: list[str], order: list[str], said: str) -> None:
    found = read_years(given)
    assert list(found.files) == order and said in "".join(found.told) and bool(said) == bool(found.told)


def test_a_year_is_read_from_a_name_only_where_it_is_one() -> None:
    named = {"2024": 2024, "Ｒ６": 2024, "令和元年": 2019, "R6（2024）": 2024, "2024-2025": None, "PR3": None, "20240701": None, "問6": None}
    assert {name: year_of(name) for name in named} == named


def survey(path: Path, texts: list[str]) -> Path:
    path.write_text("受付番号,自由意見\n" + "".join(f"{i},{t}\n" for i, t in enumerate(texts)), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return cli.main([str(a) for a in arguments])


def test_one_file_for_two_years_is_refused_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = survey(tmp_path / "調査R6.csv", [PARK, BUS] * 5)
    shutil.copy(one, tmp_path / "写し.csv")
    for other, said in ((one, "同じファイル 調査R6.csv"), (tmp_path / "写し.csv", "中身が同じファイル（調査R6.csv と 写し.csv）")):
        assert run("compare", f"2024={one}", f"2025={other}", "--out", tmp_path / "出") == 2
        assert f"「2024」と「2025」に、{said}" in capsys.readouterr().err and not (tmp_path / "出").exists()
    frame = pd.DataFrame({"text": [PARK, BUS]})
    assert same_texts({"1": frame, "2": frame.copy(), "3": frame.iloc[:1]}) == ["1 と 2 の本文が、すべて同じです。同じ調査のファイルを 2 回指定していないか確かめてください。"]


def test_no_topics_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    years = [f"R{n}={survey(tmp_path / f'{n}.csv', [PARK] * n)}" for n in (6, 7)]
    assert run("compare", *years, "--topics", 0, "--out", tmp_path / "出") == 2
    said = capsys.readouterr()
    assert "--topics には 1 以上" in said.err and "n_topics" not in said.err and not (tmp_path / "出").exists()


def test_earlier_results_of_another_file_leave_the_folder_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tl.analyze(pd.DataFrame({"text": [BEAR]}, index=["x1"]), n_topics=0).save(tmp_path / "前")
    years = [f"R{n}={survey(tmp_path / f'{n}.csv', texts)}" for n, texts in ((7, [PARK, PARK, BUS] * 5), (6, [PARK, BUS] * 6))]
    out = tmp_path / "年"
    for there in (False, True):
        if there:
            out.mkdir()
            (out / "年比較.xlsx").write_text("去年のもの", encoding="utf-8")
        assert run("compare", *years, "--before", f"R6={tmp_path / '前'}", "--topics", 1, "--out", out) == 2
        said = capsys.readouterr()
        assert "同じ番号で同じ文の意見がありません" in said.err and "書き出しました" not in said.out
        assert "並べ替えました: R6 → R7" in said.out
        assert sorted(p.name for p in out.iterdir()) == ["年比較.xlsx"] if there else not out.exists()
    with pytest.raises(ParameterError, match="2 年分以上"):
        read_years(["R6=a.csv"])


def test_comments_that_come_again_stay_in_their_topic() -> None:
    """What nobody said more often does not grow: every year is laid into the topics by the same rule."""
    first = tl.read_comments(tl.sample_survey_path()).head(130)
    second = first.copy()
    second.loc[second.index[[3, 9]], "text"] = ["クマが出て怖いです。", "クマの駆除を急いでください。"]
    read = tl.analyze_years({"2024": first, "2025": second}).read
    before, after = (read[year]["topic"].reindex(read["2024"].index) for year in ("2024", "2025"))
    assert before.gt(0).mean() > 0.5 and set(before.index[before.ne(after)]) <= {*second.index[[3, 9]]}
