"""Statistics equal textbook examples and scipy's own, to 1e-9."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from textlens.checks import beside
from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.tables.groups import compare_groups, writing_rates
from textlens.tables.statistics import (
    adjust_p_values,
    association,
    difference_interval,
    sample_size,
    sampling_error,
    share_interval,
    share_intervals,
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
    assert share_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert difference_interval(48, 80, 56, 70) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    ours = share_interval(7, 50)
    scipys = stats.binomtest(7, 50).proportion_ci(method="wilson")
    assert ours == pytest.approx((scipys.low, scipys.high), abs=1e-9)
    pairs = [(c, n) for n in (1, 2, 29, 500) for c in {0, 1, n // 2, n}]
    many = share_intervals(*np.array(pairs).T)
    assert np.column_stack(many).ravel().tolist() == pytest.approx([end for pair in pairs for end in share_interval(*pair)], abs=1e-12)


def test_statsmodels_gives_the_same_numbers() -> None:
    """statsmodels 0.15.0: proportion_confint (wilson), confint_proportions_2indep (newcomb), Table, multipletests."""
    assert share_interval(81, 263) == pytest.approx((0.2552885198782742, 0.36620957698280004), abs=1e-9)
    assert difference_interval(48, 80, 56, 70)[1:] == pytest.approx((0.05243147240236498, 0.33387265403690614), abs=1e-9)
    found = association(pd.DataFrame([[762, 327, 468], [484, 239, 477]]))
    assert found.residuals.iloc[0].tolist() == pytest.approx([4.50205352, 0.69945173, -5.31594554], abs=5e-9)
    assert found.p_value == pytest.approx(2.9535891832e-07, abs=1e-15)
    p = [0.001, 0.0125, 0.0126, 0.04, 0.2, 0.5]
    assert adjust_p_values(p).tolist() == pytest.approx([0.006, 0.0625, 0.0625, 0.12, 0.4, 0.5], abs=1e-9)
    assert adjust_p_values(p, method="bh").tolist() == pytest.approx([0.006, 0.0252, 0.0252, 0.06, 0.24, 0.5], abs=1e-9)


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


def given_back(cells: pd.DataFrame, group_totals: dict[str, int], label_totals: dict[str, int]) -> list[tuple[str, str]]:
    """Hidden cells that have one value only, the shown ones and all sums being known."""
    place = {(g, v): i for i, (g, v) in enumerate(zip(cells["group"], cells["label"], strict=True))}
    rows = [[float(g == one) for g, _ in place] for one in group_totals] + [[float(v == one) for _, v in place] for one in label_totals]
    rows += [[float(k == i) for k in range(len(place))] for i, count in enumerate(cells["count"]) if not pd.isna(count)]
    _, singular, vectors = np.linalg.svd(np.array(rows))
    free = np.abs(vectors[int((singular > 1e-9).sum()) :]).max(axis=0, initial=0.0)
    return [key for key, i in place.items() if cells["hidden"].iloc[i] and free[i] < 1e-9]


@pytest.mark.parametrize("seed", range(6))
def test_no_sum_gives_a_hidden_count_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"地区": rng.choice(list("北南東西"), 90, p=[0.4, 0.3, 0.2, 0.1]), "intent": rng.choice(list("abcd"), 90, p=[0.5, 0.3, 0.15, 0.05])})
    cells, tests = compare_groups(frame, "地区", ["intent"], min_cell=4)
    true = frame.groupby(["地区", "intent"]).size()
    assert all(hidden for (g, v), n in true.items() if 0 < n < 4 for hidden in cells.loc[(cells["group"] == g) & (cells["label"] == f"intent={v}"), "hidden"])
    assert given_back(cells, frame["地区"].value_counts().to_dict(), cells.groupby("label").size().to_dict()) == []
    assert cells["hidden"].sum() < len(cells)
    partly = tests[tests["label"].isin(cells.loc[cells["hidden"], "label"])]
    assert (partly["effect"] == partly["effect"].round(2)).all()


def test_one_small_group_takes_another_with_it() -> None:
    frame = pd.DataFrame({"性別": ["男"] * 40 + ["女"] * 40 + ["他"] * 9, "is_praise": [True] * 20 + [False] * 20 + [True] * 10 + [False] * 30 + [True] + [False] * 8})
    cells, _ = compare_groups(frame, "性別", ["is_praise"], min_cell=3)
    assert cells.set_index("group")["hidden"].to_dict() == {"他": True, "女": True, "男": False}


def test_writing_rates_count_those_who_left_it_blank() -> None:
    """Too long to be read is still written; 特になし is not."""
    frame = pd.DataFrame({"status": ["ok"] * 29 + ["too_long"] + ["blank"] * 10 + ["ok"] * 20 + ["no_content"] * 20, "回収方法": ["郵送"] * 40 + ["高校"] * 40})
    cells, tests = writing_rates(frame, "回収方法")
    assert cells.set_index("group")["share"].to_dict() == {"郵送": 0.75, "高校": 0.5} and cells["n"].tolist() == [40, 40]
    assert tests["p_value"].iloc[0] == pytest.approx(stats.chi2_contingency([[30, 10], [20, 20]], correction=False).pvalue, abs=1e-12)
    with pytest.raises(ValueError, match="status"):
        writing_rates(frame.drop(columns="status"), "回収方法")


def test_bools_that_a_join_made_objects_are_one_label() -> None:
    frame = pd.DataFrame({"a": ["x", "y"] * 3, "子育て": pd.Series([True, False, None] * 2, dtype=object)})
    assert compare_groups(frame, "a", ["子育て"])[0]["label"].unique().tolist() == ["子育て"]


SEVERAL = pd.DataFrame({
    "地区": ["城北"] * 6 + ["城南"] * 6, "is_complaint": [True, False] * 6, "intent": ["request"] * 12,
    "third_party": [("family", "staff"), ("family",), (), None, ("staff",), ()] * 2, "departments": [["D43"], ["D44", "D43"]] * 6,
})  # fmt: skip


def test_a_plain_string_is_one_label() -> None:
    one, many = (compare_groups(SEVERAL, "地区", labels) for labels in ("is_complaint", ["is_complaint"]))
    for found, wanted in zip(one, many, strict=True):
        pd.testing.assert_frame_equal(found, wanted)


def test_columns_of_several_values_are_counted_by_member() -> None:
    cells = compare_groups(SEVERAL, "地区", ["third_party", "departments"])[0]
    assert cells.groupby("label")["count"].sum().to_dict() == {
        "third_party=family": 4, "third_party=staff": 4, "departments=D43": 12, "departments=D44": 6,
    }  # fmt: skip
    assert set(cells["n"]) == {6}
    with pytest.raises(ParameterError, match="departments"):
        compare_groups(SEVERAL, "departments", "is_complaint")


def test_a_member_is_hidden_with_those_who_have_it_not() -> None:
    """All but one have D43 and all D44: the one without D43 could be counted from the sums, D44 has nothing to hide."""
    frame = pd.DataFrame({"地区": ["城北"] * 9 + ["城南"] * 9, "departments": [("D43", "D44")] * 8 + [("D44",)] + [("D43", "D44")] * 9})
    cells = compare_groups(frame, "地区", "departments", min_cell=3)[0].set_index(["label", "group"])["hidden"]
    assert cells["departments=D43"].all() and not cells["departments=D44"].any()


@pytest.mark.parametrize("value", ["3", None, 2.5, True, float("nan")])
def test_numbers_that_are_no_whole_numbers_are_refused(value: object) -> None:
    for call in (
        lambda: compare_groups(SEVERAL, "地区", "is_complaint", min_cell=value),  # type: ignore[arg-type]
        lambda: share_interval(value, 5),  # type: ignore[arg-type]
        lambda: share_interval(1, value),  # type: ignore[arg-type]
        lambda: sampling_error(value),  # type: ignore[arg-type]
    ):
        with pytest.raises(ParameterError, match="整数"):
            call()


@pytest.mark.parametrize("call", [
    lambda: sample_size("0.03"), lambda: sample_size(0.03, population="千"), lambda: sample_size(0.03, level=1), lambda: sample_size(0.03, share=float("nan")),  # type: ignore[arg-type]
    lambda: sampling_error(0), lambda: sampling_error(10, population=9), lambda: share_interval(6, 5), lambda: share_interval(1, 5, level=95),
    lambda: compare_groups(SEVERAL, "地区", None), lambda: compare_groups(SEVERAL, 5, "intent"), lambda: compare_groups(SEVERAL, "地区", [["intent"]]),  # type: ignore[arg-type,list-item]
])  # fmt: skip
def test_what_cannot_be_computed_is_refused(call: object) -> None:
    with pytest.raises(ParameterError):
        call()  # type: ignore[operator]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnNotFoundError, match="「無い」"):
        compare_groups(SEVERAL, "地区", "無い")


@pytest.mark.parametrize("values", [["若"], "若老", {"a": "若", "b": "老"}, np.array([["若", "老"]]), 5, pd.Series(["若", "老"]), {"若"}], ids=str)
def test_only_one_value_per_comment_stands_beside_comments(values: object) -> None:
    with pytest.raises(ParameterError, match="groups"):
        beside(values, pd.Index(["a", "b"]), "groups")
