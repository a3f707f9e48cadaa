"""The office's own labels are read from the column that was named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from textlens.office.labelled import read_labelled


def test_numbers_that_repeat_are_not_taken_for_labels(tmp_path: Path) -> None:
    places = ("公園", "駅前", "図書館", "体育館", "橋", "学校", "病院", "市場")
    texts = [f"{place}の道{n}本目が暗くて困っています。" for place in places for n in range(3)]
    table = pd.DataFrame({"整理番号": [f"{n // 3:03}" for n in range(24)], "種別": ["苦情", "要望"] * 12, "自由意見": texts})
    table.to_csv(tmp_path / "調査.csv", index=False, encoding="utf-8-sig")
    labels = read_labelled(tmp_path / "調査.csv", "種別")[1]
    assert labels.tolist() == ["苦情", "要望"] * 12
