"""Years are compared per respondent, and whatever spoils the comparison is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.report.words import banned_words
from textlens.report.years_book import write_years
from textlens.tables.years import channel_column, compare_years, comparison_warnings, hidden_cells


def year(n: int, complaints: int, web: float, bags: int = 0, options: tuple[str, ...] = ("男性", "女性")) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "is_complaint": np.arange(n) < complaints,
            "topic": np.where(np.arange(n) < bags, "ごみ袋", "道路"),
            "回収方法": np.where(np.arange(n) < round(n * web), "Web", "郵送"),
            "性別": [options[i % len(options)] for i in range(n)],
        }
    )


def test_a_doubled_count_among_twice_as_many_writers_is_no_change() -> None:
    _, changes = compare_years({"2024": year(100, 30, 0.1), "2025": year(200, 60, 0.1)}, ["is_complaint"])
    row = changes.iloc[0]
    assert row["change"] == pytest.approx(0) and row["low"] < 0 < row["high"] and row["p_value"] == pytest.approx(1)


def test_a_new_topic_is_new_and_tested_with_one_correction() -> None:
    years = {"1": year(300, 90, 0.1), "2": year(300, 90, 0.1), "3": year(300, 95, 0.45, bags=40)}
    cells, changes = compare_years(years, ["is_complaint", "topic"])
    new = changes[(changes["label"] == "topic=ごみ袋") & (changes["to"] == "3")].iloc[0]
    assert new["new"] and new["p_adjusted"] < 0.001 and new["change"] == pytest.approx(40 / 300)
    same = changes[(changes["label"] == "is_complaint") & (changes["to"] == "3")].iloc[0]
    assert not same["new"] and same["p_adjusted"] > 0.5
    assert cells.groupby("year")["n"].first().tolist() == [300] * 3
    assert (changes["p_adjusted"] >= changes["p_value"]).all()


def test_values_of_a_column_stand_together_and_numbers_by_size() -> None:
    years = {"1": year(40, 3, 0.1).assign(topic=1, polarity="negative"), "2": year(40, 3, 0.1).assign(topic=[0, 2, 10, 1] * 10, polarity=["mixed", "negative"] * 20)}
    cells, _ = compare_years(years, ["polarity", "topic", "is_complaint"])
    assert cells["label"].unique().tolist() == ["polarity=mixed", "polarity=negative", "topic=1", "topic=2", "topic=10", "topic=0", "is_complaint"]


def test_what_spoils_the_comparison_is_said() -> None:
    years = {"2024": year(100, 3, 0.10), "2025": year(20, 3, 0.45, options=("男性", "女性", "回答しない"))}
    said = " ".join(comparison_warnings(years, {"2024": "ご意見", "2025": "お困りごと"}, "回収方法"))
    for part in ("設問の文", "「Web」の割合が 10% から 45%", "「性別」の選択肢", "20 人と少ない"):
        assert part in said
    assert comparison_warnings({"a": year(100, 3, 0.1), "b": year(100, 9, 0.1)}, None, "回収方法") == []


def test_spelling_and_question_numbers_are_no_change() -> None:
    years = {"1": year(100, 3, 0.1), "2": year(100, 3, 0.1, options=("男", "女"))}
    assert comparison_warnings(years, {"1": "問28　ご意見", "2": "問30　ご意見"}) == []


def test_the_channel_is_found_by_its_heading_and_english_columns_are_attributes() -> None:
    years = {"1": year(100, 3, 0.1), "2": year(100, 3, 0.5, options=("男", "女", "回答しない"))}
    for frame in years.values():
        frame["job"] = ["farmer" if len(frame) == 100 and i % 2 else "clerk" for i in range(len(frame))]
    years["2"]["job"] = ["clerk", "shop"] * 50
    said = comparison_warnings(years)
    assert any("「Web」の割合が 10% から 50%" in line for line in said)
    assert any("「job」" in line and "1だけの値: farmer" in line and "2だけの値: shop" in line for line in said)
    assert channel_column(["性別", "回答の方法"]) == "回答の方法" and channel_column(["性別"]) is None


def test_a_warning_never_quotes_what_few_wrote() -> None:
    years = {"1": year(12, 3, 0.1), "2": year(12, 3, 0.1)}
    years["1"]["その他の欄"], years["2"]["その他の欄"] = ["隣の家の話", ""] * 6, ["秘密の一言", *["", "なし"] * 5, ""]
    assert not any("秘密" in line for line in comparison_warnings(years))


def test_hidden_years_cannot_be_filled_in_from_the_others() -> None:
    years = {"1": year(100, 40, 0.1, bags=2), "2": year(100, 1, 0.1, bags=50)}
    cells, _ = compare_years(years, ["is_complaint", "topic"])
    hidden = cells.assign(hidden=hidden_cells(cells, 3)).set_index(["year", "label"])["hidden"]
    assert hidden["1", "topic=ごみ袋"] and hidden["1", "topic=道路"] and not hidden["1", "is_complaint"]
    assert hidden["2", "is_complaint"] and not hidden["2", "topic=道路"] and not hidden_cells(cells, 1).any()


def test_one_year_is_not_a_comparison() -> None:
    with pytest.raises(ParameterError, match="2 年分以上"):
        compare_years({"2024": year(10, 1, 0)}, ["is_complaint"])


def test_the_workbook_of_years_hides_and_lints(tmp_path: Path) -> None:
    years = {"1": year(100, 40, 0.1, bags=2), "2": year(100, 1, 0.45, bags=50)}
    cells, changes = compare_years(years, ["is_complaint", "topic"])
    said = comparison_warnings(years, {"1": "ご意見", "2": "お困りごと"})
    path = write_years(cells, changes, said, {"topic=ごみ袋": "話題: ごみ袋"}, tmp_path / "a.xlsx", min_cell=3)
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
    words = [str(v) for frame in sheets.values() for v in frame.to_numpy().ravel() if isinstance(v, str)]
    assert [w for w in words if banned_words(w)] == [] and any("95％信頼区間" in w for w in words)
    bags = next(row for row in sheets["年ごとの割合"].to_numpy().tolist() if row[0] == "話題: ごみ袋")
    assert bags[1:4] == ["＊"] * 3 and bags[4] == 50
    assert all(row[3] == "＊" for row in sheets["増減"].to_numpy().tolist() if row[0] in ("話題: ごみ袋", "苦情"))


def test_a_plain_string_is_one_label_and_a_missing_column_is_named_with_its_year() -> None:
    years = {"2024": year(100, 30, 0.1), "2025": year(200, 60, 0.1)}
    for found, wanted in zip(compare_years(years, "topic"), compare_years(years, ["topic"]), strict=True):
        pd.testing.assert_frame_equal(found, wanted)
    with pytest.raises(ColumnNotFoundError, match="2024 年の表に列「無い」がありません"):
        compare_years(years, ["無い"])
    with pytest.raises(ColumnNotFoundError, match="2025 年の表に"):
        compare_years({**years, "2025": years["2025"].drop(columns="topic")}, ["topic"])
    for labels in (None, 5, [["topic"]]):
        with pytest.raises(ParameterError, match="labels"):
            compare_years(years, labels)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="years"):
        compare_years(list(years.values()), "topic")  # type: ignore[arg-type]


def test_each_member_of_a_column_of_several_values_is_compared_and_hidden_by_itself() -> None:
    several = {name: year(40, 3, 0.1).assign(third_party=[("family", "staff")] * n + [("staff",)] * (40 - n)) for name, n in (("1", 38), ("2", 20))}
    cells, changes = compare_years(several, ["third_party"])
    assert cells.set_index(["label", "year"])["count"].to_dict() == {
        ("third_party=family", "1"): 38, ("third_party=family", "2"): 20, ("third_party=staff", "1"): 40, ("third_party=staff", "2"): 40,
    }  # fmt: skip
    assert changes["label"].tolist() == ["third_party=family", "third_party=staff"]
    hidden = cells.assign(hidden=hidden_cells(cells, 3)).set_index(["label", "year"])["hidden"]
    assert hidden["third_party=family", "1"] and hidden.sum() == 1
    with pytest.raises(ParameterError, match="min_cell"):
        hidden_cells(cells, "3")  # type: ignore[arg-type]
