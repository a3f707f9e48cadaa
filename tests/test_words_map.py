"""Correspondence analysis against a published table and against χ²."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from textlens.errors import ParameterError
from textlens.sample import load_master
from textlens.words.map import correspondence, word_map

SMOKE = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    index=["SM", "JM", "SE", "JE", "SC"],
    columns=["none", "light", "medium", "heavy"],
)
"""Greenacre (1984), the table "smoke" of R's package ca."""


def test_the_published_example() -> None:
    found = correspondence(SMOKE, 3)
    assert found.inertia.tolist() == pytest.approx([0.074759, 0.010017, 0.000414], abs=5e-7)
    assert found.total == pytest.approx(0.085190, abs=5e-7)
    assert np.abs(found.rows["dim1"]).round(6).tolist() == [0.065768, 0.258958, 0.380595, 0.232952, 0.201089]
    assert np.abs(found.columns["dim1"]).round(6).tolist() == [0.393308, 0.099456, 0.196321, 0.293776]


def test_inertia_is_chi_square_over_n() -> None:
    assert correspondence(SMOKE).total == pytest.approx(chi2_contingency(SMOKE).statistic / SMOKE.to_numpy().sum(), abs=1e-12)
    full = correspondence(SMOKE, 3)
    assert full.rows["quality"].tolist() == pytest.approx([1.0] * 5) and full.rows["inertia"].sum() == pytest.approx(1.0)


def test_order_of_rows_only_reorders_the_map() -> None:
    one, two = correspondence(SMOKE), correspondence(SMOKE.iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(one.rows, two.rows.loc[one.rows.index], atol=1e-12)
    pd.testing.assert_frame_equal(one.columns, two.columns.loc[one.columns.index], atol=1e-12)


def test_words_and_age_bands_on_one_map() -> None:
    master = load_master().set_index("id")
    master = master[master["自由意見"].fillna("").str.len() > 5]
    found = word_map(master["自由意見"], master["年代"])
    assert len(found.rows) == 60 and set(found.columns.index) == set(master["年代"])
    again = word_map(master["自由意見"][::-1], master["年代"][::-1])
    pd.testing.assert_frame_equal(found.rows, again.rows)


@pytest.mark.parametrize("table", [pd.DataFrame({"a": [1, -1], "b": [1, 1]}), pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 0], "b": [2, 0]})])
def test_a_table_without_a_map_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(ParameterError):
        correspondence(table)


def test_groups_may_be_a_list_and_numbers_must_be_whole() -> None:
    texts = pd.Series(["公園の遊具", "公園が好き", "バスの運賃", "バスが遅い", "道が暗い"], index=list("abcde"))
    groups = pd.Series(["若", "若", "老", "老", "中"], index=texts.index)
    pd.testing.assert_frame_equal(word_map(texts, groups.tolist(), min_docs=1).rows, word_map(texts, groups, min_docs=1).rows)
    for call in (
        lambda: word_map(texts, ["若"]), lambda: word_map(texts, groups, n_words="60"), lambda: word_map(texts, groups, min_docs=2.5),  # type: ignore[arg-type]
        lambda: correspondence(SMOKE, None), lambda: correspondence(SMOKE, 0),  # type: ignore[arg-type]
    ):  # fmt: skip
        with pytest.raises(ParameterError):
            call()
