"""Statistics equal textbook examples and scipy's own, to 1e-9."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from textlens.errors import ParameterError
from textlens.tables.groups import compare_groups
from textlens.tables.statistics import (
    adjust_p_values,
    association,
    difference_interval,
    sample_size,
    sampling_error,
    share_interval,
)


def test_chi2_with_residuals_agresti_2002_party_by_gender() -> None:
    """Agresti (2002), Categorical Data Analysis, table 3.11 (GSS 1991): residuals of a 2×3 table."""
    table = pd.DataFrame([[762, 327, 468], [484, 239, 477]], index=["F", "M"], columns=["D", "I", "R"])
    found = association(table)
    assert found.method == "chi2"
    assert found.statistic == pytest.approx(30.070149095754687, abs=1e-9)
    assert found.residuals.loc["F"].round(2).tolist() == [4.50, 0.70, -5.32]
    assert found.effect == pytest.approx(np.sqrt(30.070149095754687 / 2757), abs=1e-12)


def test_fisher_lady_tasting_tea() -> None:
    found = association(pd.DataFrame([[3, 1], [1, 3]]))
    assert found.method == "fisher" and found.p_value == pytest.approx(34 / 70, abs=1e-12)


def test_monte_carlo_is_near_the_exact_value_and_seeded() -> None:
    table = pd.DataFrame([[8, 2, 1], [1, 5, 2], [0, 1, 6]])
    found = association(table)
    assert found.method == "monte_carlo" and found.p_value == association(table).p_value
    exact = float(stats.fisher_exact(table.to_numpy(), method=stats.PermutationMethod(n_resamples=20_000, rng=np.random.default_rng(1))).pvalue)
    assert abs(found.p_value - exact) < 0.01


def test_wilson_and_newcombe_1998_table_ii() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table II, method 10, example (a): 56/70 − 48/80."""
    assert share_interval(81, 263) == pytest.approx((0.2552734165, 0.3662149306), abs=1e-4)
    assert difference_interval(48, 80, 56, 70) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    ours = share_interval(7, 50)
    scipys = stats.binomtest(7, 50).proportion_ci(method="wilson")
    assert ours == pytest.approx((scipys.low, scipys.high), abs=1e-9)


def test_holm_and_bh() -> None:
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert adjust_p_values(p).tolist() == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09], abs=1e-12)
    assert adjust_p_values(p, method="bh").tolist() == pytest.approx([0.05] * 5, abs=1e-12)
    assert len(adjust_p_values([])) == 0
    with pytest.raises(ParameterError):
        adjust_p_values(p, method="none")


def test_sample_size_of_the_cabinet_office_table() -> None:
    assert sample_size(0.03) == 1068
    assert round(sampling_error(1500) * 100, 1) == 2.5
    assert round(sampling_error(1500, design=2**0.5) * 100, 1) == 3.6  # 内閣府の表は 3.7（二段抽出の式の丸め）
    assert sample_size(0.05, population=1000) == 278


def test_groups_per_respondent_with_one_correction() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "年代": ["10代"] * 12 + ["60代"] * 100 + [None] * 8,
            "is_complaint": np.r_[np.ones(10, bool), np.zeros(2, bool), rng.random(108) < 0.3],
            "polarity": rng.choice(["positive", "negative"], 120),
        }
    )
    cells, tests = compare_groups(frame, "年代", ["is_complaint", "polarity"], min_cell=3)
    assert set(cells["group"]) == {"10代", "60代", "無回答"}
    first = cells[(cells["group"] == "10代") & (cells["label"] == "is_complaint")].iloc[0]
    assert first["n"] == 12 and first["reference"] and first["hidden"] and pd.isna(first["count"])
    assert len(tests) == 3 and (tests["p_adjusted"] >= tests["p_value"]).all()
    assert tests.set_index("label").loc["is_complaint", "p_adjusted"] < 0.05


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="列「地区」がありません"):
        compare_groups(pd.DataFrame({"a": [True]}), "地区", ["a"])
