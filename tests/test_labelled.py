"""The office's own labels are read from the column that was named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from textlens.errors import ParameterError
from textlens.office.labelled import department_codes, read_labelled
from textlens.report.words import Labels
from textlens.routing.router import DepartmentRouter
from textlens.schema import OUTSIDE


def test_numbers_that_repeat_are_not_taken_for_labels(tmp_path: Path) -> None:
    places = ("公園", "駅前", "図書館", "体育館", "橋", "学校", "病院", "市場")
    texts = [f"{place}の道{n}本目が暗くて困っています。" for place in places for n in range(3)]
    table = pd.DataFrame({"整理番号": [f"{n // 3:03}" for n in range(24)], "種別": ["苦情", "要望"] * 12, "自由意見": texts})
    table.to_csv(tmp_path / "調査.csv", index=False, encoding="utf-8-sig")
    labels = read_labelled(tmp_path / "調査.csv", "種別")[1]
    assert labels.tolist() == ["苦情", "要望"] * 12


@pytest.fixture(scope="module")
def router() -> DepartmentRouter:
    return DepartmentRouter()


def codes(router: DepartmentRouter, labels: list[str]) -> list[str]:
    texts = pd.Series(["道が暗い。"] * len(labels))
    return department_codes(texts, pd.Series(labels), router)[0].tolist()


def test_every_word_the_tool_writes_for_a_section_is_read(router: DepartmentRouter) -> None:
    names = router.names_
    told = Labels({one.code: one.name for one in router.table_})
    assert "人権・男女共同参画課" in names.values(), "a name with the mark that divides two"
    assert codes(router, [told.department(code) for code in names]) == list(names)
    assert codes(router, [f"{code} {told.department(code)}" for code in names]) == list(names)
    assert told.department("X0") == "課への割り振りなし"
    assert codes(router, [*OUTSIDE.values(), "課不要", "X0 課不要"]) == [*OUTSIDE, "X0", "X0"]
    assert codes(router, ["国・県、水道課", "人権・男女共同参画課・水道課", "水道課・国・県"]) == ["X2", codes(router, ["人権・男女共同参画課"])[0], codes(router, ["水道課"])[0]]


def test_what_is_not_in_the_table_is_named(router: DepartmentRouter) -> None:
    strange = ["くらしの課", "Z9", "とても長い名前のまちづくりみらい共創推進室", "三課", "四課", "五課"]
    with pytest.raises(ParameterError, match="組織表にないものが 6 種類") as told:
        codes(router, [*strange, *["水道課"] * 20])
    said = str(told.value)
    assert "（「くらしの課」、「Z9」、「とても長い名前のまちづくりみらい共創推進…」、「三課」、「四課」 など）" in said and "五課" not in said
    with pytest.raises(ParameterError, match=r"1 種類あります（「くらしの課」）。列と組織表を"):
        codes(router, ["くらしの課"] * 20)


@pytest.mark.parametrize("labels", [[f"ひみつ{n}" for n in range(20)], ["ひみつ、直して。", *["水道課"] * 20], ["ひみつ" * 11, *["水道課"] * 20]])
def test_a_column_of_sentences_is_not_quoted(labels: list[str], router: DepartmentRouter) -> None:
    with pytest.raises(ParameterError, match="種類あります。列と組織表") as told:
        codes(router, labels)
    assert "ひみつ" not in str(told.value)
