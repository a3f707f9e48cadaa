"""Years are compared per respondent, and whatever spoils the comparison is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from textlens.errors import ParameterError
from textlens.tables.years import compare_years, comparison_warnings


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


def test_what_spoils_the_comparison_is_said() -> None:
    years = {"2024": year(100, 3, 0.10), "2025": year(20, 3, 0.45, options=("男性", "女性", "回答しない"))}
    said = " ".join(comparison_warnings(years, {"2024": "ご意見", "2025": "お困りごと"}, "回収方法"))
    for part in ("設問の文", "「Web」の割合が 10% から 45%", "「性別」の選択肢", "20 人と少ない"):
        assert part in said
    assert comparison_warnings({"a": year(100, 3, 0.1), "b": year(100, 9, 0.1)}, None, "回収方法") == []


def test_one_year_is_not_a_comparison() -> None:
    with pytest.raises(ParameterError, match="2 年分以上"):
        compare_years({"2024": year(10, 1, 0)}, ["is_complaint"])
